"""A team as its file says: JSON in, `TeamFile` out, every field checked and named when it is wrong."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.errors import BadInputError
from bot.health.seen.worktime import CHECKS
from bot.readers import Reader, named, number, quoted
from bot.team import NAMELESS, Person, Team
from bot.wishes import WISHES, Wishes, for_health, wished

_WRITTEN: Mapping[str, Reader] = {wish.key: wish.written for wish in WISHES if wish.written}
_AS_HEALTH_HAS_THEM = (each.name for each in fields(Team) if each.name in {"people", *_WRITTEN})
TEAM_KEYS = tuple(dict.fromkeys((*_AS_HEALTH_HAS_THEM, *_WRITTEN)))
PERSON_KEYS = ("id", "from", "until", "off", "half", "tz", "hours", "share")
MOST_PEOPLE = 10_000

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFile(Wishes):
    """What a file says of a team: its wishes and its people."""

    people: tuple[Person, ...] = ()

    @property
    def team(self) -> Team:
        """What health reads of it."""
        given = self.hands_on_minutes is not None
        return Team(people=self.people, hands_on_given=given, **for_health(wished(self)))


def read(path: Path) -> tuple[TeamFile, tuple[str, ...]]:
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


def parse(row: object, source: str = "team file") -> tuple[TeamFile, tuple[str, ...]]:
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
    given = {key: _value(row, key, f"{source}: {key}", reader) for key, reader in _WRITTEN.items()}
    team = TeamFile(people=tuple(roster), **{key: value for key, value in given.items() if value is not None})
    return said(team, given["tz"], given["hours"], given["country"], source), warnings


def said(team: TeamFile, tz: str | None, hours: str | None, country: str | None, source: str = "") -> TeamFile:
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
    given: dict[str, Any] = {"tz": tz, "hours": hours, "country": country}
    for key, value in given.items():
        if value is not None:
            named(field.format(key), CHECKS[key], value)
            team = replace(team, **{key: value.upper() if key == "country" else value})
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
    share = _value(row, "share", f"{where}.share", number(0, 1))
    tz, hours = (_value(row, key, f"{where}.{key}", quoted) for key in ("tz", "hours"))
    for key, value in {"tz": tz, "hours": hours}.items():
        if value is not None:
            named(f"{where}.{key}", CHECKS[key], value)
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


def _value(row: Row, key: str, field: str, read: Reader) -> Any:
    """The value of a key, None where it is null or not there."""
    value = row.get(key)
    return None if value is None else named(field, read, value)


def _date(value: object, field: str) -> date | None:
    return None if value is None else _day(value, field)


def _day(value: object, field: str) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadInputError(field, value, "write a day such as 2026-01-31")
