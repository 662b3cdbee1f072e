"""`/headroom digest …` and the form of settings: what a team is told and asked, and how often. The lead decides."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.errors import BadInputError
from bot.health.seen.capacity import headcount
from bot.health.seen.worktime import parse_hours
from bot.jobs.digest import compose, next_digest
from bot.messages import actions
from bot.messages.digest import ASKED_FROM, digest
from bot.messages.help import Command, Role
from bot.messages.message import Block, Message
from bot.messages.problem import problem
from bot.messages.rhythm import ASKING, DAYS, SWITCHES, rhythm_view, saved_view, standing
from bot.team import Team
from handlers.answers import Wrong
from handlers.digests import change
from handlers.rows import Button, Call, Form, May, Row, Word
from storage import rhythms
from storage.rhythms import DIGEST, PULSE, Rhythm
from storage.teams import TeamRecord

WHAT = "change what the team is told and asked"
NOT_HEARD = "Nothing is read yet for this team, so there is nothing to tell."
_TIME = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)")
_SPELT = {"week": "weekly", "month": "monthly", "never": "off", "stop": "off"}


def told(call: Call) -> Message:
    """`/headroom digest`: how it stands, `now`, or a wish."""
    db, record = call.parts.db, call.record
    if call.text.lower() == "now":
        return problem(NOT_HEARD) if record.announced is None else digest(compose(db, record, call.now))
    rhythm = rhythms.get(db, record.id)
    if call.text:
        call.needs_lead(WHAT)
        return change(call, wish(call.text, rhythm, record.team))
    day, minute, tz = rhythm.digest_day, rhythm.digest_minute, record.team.tz
    return standing(record.team.name, record.id, rhythm.digest, day, minute, next_digest(db, record, call.now), tz)


def opened(call: Call) -> Block:
    """The form, as it stands."""
    record, rhythm = call.record, rhythms.get(call.parts.db, call.record.id)
    at = f"{rhythm.digest_minute // 60:02}:{rhythm.digest_minute % 60:02}"
    wishes = {"digest": rhythm.digest, "day": str(rhythm.digest_day), "time": at, "pulse": rhythm.pulse}
    switched = [name for name in SWITCHES if getattr(rhythm, name)]
    return rhythm_view(record.team.name, record.id, wishes, switched, asks=_asks(call))


def sent(call: Call) -> Block | Wrong:
    """Keep what the lead chose; sent twice, it holds once. What cannot be is said at its field."""
    rhythm = rhythms.get(call.parts.db, call.record.id)
    wished, wrong = chosen(call.values, rhythm, call.record, _asks(call))
    return Wrong(wrong) if wrong else saved_view(change(call, wished))


ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "digest",
            {
                Role.LEAD: "when the team is told how its week went: `now`, `monday 09:00`, `weekly`, `monthly` or "
                "`off`.",
                Role.RESPONDER: "when the team is told how its week went; `now` shows it to you alone.",
            },
        ),
        told,
    ),
    Button(actions.RHYTHM_OPEN, opened, May.LEAD, WHAT),
    Form(actions.RHYTHM_VIEW, sent, May.LEAD, WHAT),
)


def wish(text: str, rhythm: Rhythm, team: Team) -> Rhythm:
    """What was typed after `digest`: `monday 09:00`, `weekly`, `monthly friday`, `off`, in any order.

    A day or a time switches a digest on that was off.

    Raises:
        BadInputError: A word that is none of these, or a day or time at which the team does not work.
    """
    wished = rhythm
    for word in (_SPELT.get(typed, typed) for typed in text.lower().replace(",", " ").split()):
        if word in DIGEST:
            wished = replace(wished, digest=word)
            continue
        wished = replace(wished, digest="weekly") if wished.digest == "off" else wished
        day = next((n for n, name in enumerate(DAYS) if len(word) > 2 and name.lower().startswith(word)), None)
        wished = replace(wished, digest_minute=minute_of(word)) if day is None else replace(wished, digest_day=day)
    check_day(wished.digest_day, team)
    check_minute(wished.digest_minute, wished.digest_day, team)
    return wished


def minute_of(text: str) -> int:
    """The minute of the day that `9:00` or `14:30` names.

    Raises:
        BadInputError: Anything else.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise BadInputError("digest", text, "write a day and a time such as monday 09:00, or weekly, monthly, off, now")
    return int(match[1]) * 60 + int(match[2])


def check_day(day: int, team: Team) -> None:
    """Refuse a weekday on which the team does not work.

    Raises:
        BadInputError: Naming it.
    """
    if day not in {weekday for weekday, _, _ in parse_hours(team.hours).spans}:
        raise BadInputError("day", DAYS[day], f"choose a day on which the team works ({team.hours})")


def check_minute(minute: int, day: int, team: Team) -> None:
    """Refuse a time outside the team's hours of that day.

    Raises:
        BadInputError: Naming it.
    """
    spans = [(opens, closes) for weekday, opens, closes in parse_hours(team.hours).spans if weekday == day]
    if not any(opens <= minute < closes for opens, closes in spans):
        at = f"{minute // 60:02}:{minute % 60:02}"
        raise BadInputError("time", at, f"choose a time at which the team works ({team.hours})")


def chosen(values: Mapping[str, Any], rhythm: Rhythm, record: TeamRecord, asks: bool) -> tuple[Rhythm, dict[str, str]]:
    """What a form says, beside what is wrong with it: field → sentence. What it does not ask stays as it was."""
    wrong: dict[str, str] = {}
    digest_, day = _picked(values, actions.RHYTHM_DIGEST), _picked(values, actions.RHYTHM_DAY)
    pulse = _picked(values, actions.RHYTHM_PULSE)
    wished = replace(
        rhythm,
        digest=digest_ if digest_ in DIGEST else rhythm.digest,
        digest_day=int(day) if day in map(str, range(7)) else rhythm.digest_day,
        pulse=pulse if asks and pulse in PULSE else rhythm.pulse,
        **_switches(values, asks),
    )
    typed = (values.get(actions.RHYTHM_TIME, {}).get(actions.RHYTHM_TIME, {}).get("value") or "").strip()
    try:
        wished = replace(wished, digest_minute=minute_of(typed))
    except BadInputError:
        wrong[actions.RHYTHM_TIME] = f"{typed or 'Nothing'} is no time: write hours and minutes, such as 09:00."
    if wished.digest != "off":
        wrong = {**_outside(wished, record.team), **wrong}
    return wished, wrong


def _outside(wished: Rhythm, team: Team) -> dict[str, str]:
    """A day or time at which the team does not work."""
    try:
        check_day(wished.digest_day, team)
    except BadInputError as error:
        return {actions.RHYTHM_DAY: str(error)}
    try:
        check_minute(wished.digest_minute, wished.digest_day, team)
    except BadInputError as error:
        return {actions.RHYTHM_TIME: str(error)}
    return {}


def _switches(values: Mapping[str, Any], asks: bool) -> dict[str, Any]:
    field = values.get(actions.RHYTHM_SWITCHES, {}).get(actions.RHYTHM_SWITCHES, {})
    ticked = {option["value"] for option in field.get("selected_options") or ()}
    return {name: name in ticked for name in SWITCHES if asks or name not in ASKING}


def _picked(values: Mapping[str, Any], field: str) -> str:
    return str((values.get(field, {}).get(field, {}).get("selected_option") or {}).get("value", ""))


def _asks(call: Call) -> bool:
    """Whether the team has the five people that asking takes."""
    return headcount(call.record.team, call.now) >= ASKED_FROM
