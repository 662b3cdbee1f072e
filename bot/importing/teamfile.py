"""A team as its file says: JSON in, `bot.team.Team` out, every field checked and named when it is wrong."""

import difflib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import BadInputError
from bot.health.seen.worktime import parse_hours, public_holidays, time_zone
from bot.team import NAMELESS, Person, Team

TEAM_KEYS = (
    "name",
    "tz",
    "hours",
    "country",
    "people",
    "hands_on_minutes",
    "target_wait_hours",
    "unseen_share",
    "usually_away",
)
PERSON_KEYS = ("id", "from", "until", "off", "half", "tz", "hours", "share")
MOST_PEOPLE = 10_000

T = TypeVar("T")
Row = Mapping[str, Any]


def read(path: Path) -> tuple[Team, tuple[str, ...]]:
    """The team that a file describes, and warnings about keys nobody reads.

    Raises:
        BadInputError: The file or a field in it cannot be used; the error names both.
    """
    try:
        row = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInputError("--team-file", str(path), f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInputError("--team-file", str(path), "save it as UTF-8") from error
    except json.JSONDecodeError as error:
        mend = f"line {error.lineno}, column {error.colno} is no JSON ({error.msg})"
        raise BadInputError("--team-file", str(path), mend) from error
    return parse(row, path.name)


def parse(row: object, source: str = "team file") -> tuple[Team, tuple[str, ...]]:
    """The team in a decoded JSON object, and warnings; fields are named `source: key` in errors.

    Raises:
        BadInputError: A field that cannot be used.
    """
    if not isinstance(row, dict):
        raise BadInputError(source, row, 'write an object such as {"name": "Deal desk", "people": [{"id": "u1"}]}')
    warnings = _strangers(row, TEAM_KEYS, source)
    people = row.get("people")
    if people is not None and not isinstance(people, list):
        raise BadInputError(f"{source}: people", people, 'write a list such as [{"id": "u1"}, {"id": "u2"}]')
    roster = []
    for i, person in enumerate(people or ()):
        where = f"{source}: people[{i}]"
        roster.append(_person(person, where))
        warnings += _strangers(person, PERSON_KEYS, where)
    _apart(roster, source)
    hands_on = _number(row, "hands_on_minutes", source, 0, 100_000, above=True)
    unseen = _number(row, "unseen_share", source, 0, 1)
    if unseen == 1:
        raise BadInputError(f"{source}: unseen_share", 1, "write a share below 1: some time must be left to see")
    team = Team(
        name=_text(row, "name", source) or "",
        people=tuple(roster),
        hands_on_minutes=hands_on,
        hands_on_given=hands_on is not None,
        target_wait_hours=_number(row, "target_wait_hours", source, 0, 10_000, above=True),
        unseen_share=unseen or 0.0,
        usually_away=_number(row, "usually_away", source, 0, MOST_PEOPLE * 7) or 0.0,
    )
    return said(
        team, _text(row, "tz", source), _text(row, "hours", source), _text(row, "country", source), source
    ), warnings


def said(team: Team, tz: str | None, hours: str | None, country: str | None, source: str = "") -> Team:
    """The team with its zone, hours and country as given and checked; None keeps what it has.

    Args:
        team: As it is.
        tz: IANA time zone.
        hours: Such as `Mon-Fri 09:00-17:00`.
        country: ISO code.
        source: File whose fields these are; empty for options of the command line.

    Raises:
        BadInputError: One of them does not exist.
    """
    field = f"{source}: {{}}" if source else "--{}"
    if tz is not None:
        team = replace(team, tz=_named(field.format("tz"), lambda: (time_zone(tz), tz)[1]))
    if hours is not None:
        team = replace(team, hours=_named(field.format("hours"), lambda: (parse_hours(hours), hours)[1]))
    if country is not None:
        _named(field.format("country"), lambda: public_holidays(country, (2024,)))
        team = replace(team, country=country.upper())
    return team


def nameless(count: int) -> tuple[Person, ...]:
    """A roster of `count` people known by number alone; raises BadInputError for none or too many."""
    if not 1 <= count <= MOST_PEOPLE:
        raise BadInputError("--people", count, f"write a number of people from 1 to {MOST_PEOPLE:,}")
    return tuple(Person(f"{NAMELESS}{i}") for i in range(1, count + 1))


def _person(row: object, where: str) -> Person:
    if not isinstance(row, dict):
        raise BadInputError(where, row, 'write an object such as {"id": "u1"}')
    name = row.get("id")
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str) or not name.strip():
        raise BadInputError(f"{where}.id", name, "write the id that the log or Slack uses for this person")
    since, until = _date(row.get("from"), f"{where}.from"), _date(row.get("until"), f"{where}.until")
    if since and until and until < since:
        mend = f"the last day comes before the first ({since}); swap them, or write null for somebody still here"
        raise BadInputError(f"{where}.until", str(until), mend)
    off, half = _days(row, "off", where), _days(row, "half", where)
    share = _number(row, "share", where, 0, 1, dot=True)
    tz, hours = _text(row, "tz", where, dot=True), _text(row, "hours", where, dot=True)
    if tz is not None:
        _named(f"{where}.tz", lambda: time_zone(tz))
    if hours is not None:
        _named(f"{where}.hours", lambda: parse_hours(hours))
    return Person(name, since, until, off, tz, hours, 1.0 if share is None else share, half)


def _days(row: Row, key: str, where: str) -> frozenset[date]:
    """Days away, whole (`off`) or half of their hours (`half`)."""
    days = row.get(key) or []
    if not isinstance(days, list):
        raise BadInputError(f"{where}.{key}", days, 'write a list of days such as ["2026-02-03"]')
    return frozenset(_day(day, f"{where}.{key}[{i}]") for i, day in enumerate(days))


def _apart(roster: list[Person], source: str) -> None:
    """A person may come back, but not be there twice at once."""
    stints: dict[str, list[tuple[date, date]]] = {}
    for person in roster:
        stints.setdefault(person.id, []).append((person.since or date.min, person.until or date.max))
    for name, spans in stints.items():
        if any(until >= since for (_, until), (since, _) in pairwise(sorted(spans))):
            raise BadInputError(f"{source}: people", name, "is there twice at once; end one entry before the next")


def _strangers(row: Row, known: tuple[str, ...], where: str) -> tuple[str, ...]:
    said = []
    for key in row:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}."
            said.append(f"{where}: {key!r} is not a key and is passed over; {hint}")
    return tuple(said)


def _text(row: Row, key: str, where: str, *, dot: bool = False) -> str | None:
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise BadInputError(_field(where, key, dot), value, "write a text in quotes, or null")
    return value.strip()


def _number(
    row: Row, key: str, where: str, low: float, high: float, *, above: bool = False, dot: bool = False
) -> float | None:
    value = row.get(key)
    if value is None:
        return None
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not fits or not (low < value if above else low <= value) or value > high:
        span = f"above {low:g} and up to {high:,g}" if above else f"from {low:g} to {high:,g}"
        raise BadInputError(_field(where, key, dot), value, f"write a number {span}, or null")
    return float(value)


def _field(where: str, key: str, dot: bool) -> str:
    return f"{where}.{key}" if dot else f"{where}: {key}"


def _date(value: object, field: str) -> date | None:
    return None if value is None else _day(value, field)


def _day(value: object, field: str) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadInputError(field, value, "write a day such as 2026-01-31")


def _named(field: str, check: Callable[[], T]) -> T:
    """Run a check that knows no field, and give its error the right one."""
    try:
        return check()
    except BadInputError as error:
        raise BadInputError(field, error.value, error.mend) from error
