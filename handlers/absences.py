"""`/headroom away`: days that somebody is away, noted by themselves; no reason is asked or kept."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.errors import BadInputError, HeadroomError
from bot.health.seen.worktime import time_zone
from bot.messages import actions
from bot.messages.absences import HALF, NO_TEAM, THERE, away_view, cancelled, done_view, listed, noted
from bot.messages.help import Command, Role
from bot.messages.message import Block, Message
from bot.messages.problem import problem
from handlers.answers import Wrong
from handlers.away_words import AHEAD, LAST_DAY, LOOK_BACK, read_days, spread
from handlers.parts import Parts
from handlers.rows import Button, Call, Form, May, Row, Word, split_word
from handlers.setup_form import typed
from storage import absences, teams
from storage.teams import TeamRecord

CANCEL = frozenset({"cancel", "remove", "delete", "undo"})
ALL = frozenset({"all", "everything"})
WHICH = "Say which days: for example /headroom away cancel 3-5 Dec, or /headroom away cancel all."


def away(call: Call) -> Message | Block:
    """Note, take back or list the days in a line; the form where nothing stands in it."""
    if not call.text:
        return form(call)
    mine, today = _mine(call)
    verb, rest = split_word(call.text)
    if verb == "list" and not rest:
        return listed(_noted(call, mine, today), _names(mine), today)
    if verb in CANCEL:
        return _cancelled(call, mine, rest, today) if rest else problem(WHICH)
    return _note(call, mine, read_days(call.text, today), today)


def form(call: Call) -> Block:
    """The form for this person."""
    mine, today = _mine(call)
    return away_view(_noted(call, mine, today), _names(mine), today)


def save(call: Call) -> Block | Wrong:
    """Do what a submitted form says; done again, it changes nothing."""
    mine, today = _mine(call)
    first, last, how = picked(call.values, actions.AWAY_FROM, actions.AWAY_UNTIL, today)
    part = absences.HALF if how == HALF else absences.WHOLE
    try:
        days = spread(first, last, (part, part, part), today)
    except BadInputError as error:
        return Wrong({actions.AWAY_UNTIL if error.field == LAST_DAY else actions.AWAY_FROM: str(error)})
    if how == THERE:
        return done_view(_cancel(call, mine, days, today))
    return done_view(_note(call, mine, days, today))


_AWAY = (
    "days you are away, such as `3-5 Dec`, `Friday afternoon` or `24 Dec - 2 Jan`; `list`, `cancel`. "
    "No reason is asked."
)

ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "away",
            dict.fromkeys((Role.LEAD, Role.RESPONDER), _AWAY),
            near=("holiday", "vacation", "leave", "off", "absent", "sick"),
        ),
        away,
        May.PERSON,
    ),
    Button(actions.AWAY_OPEN, form, May.PERSON),
    Form(actions.AWAY_VIEW, save, May.PERSON),
)


def picked(
    values: Mapping[str, Mapping[str, Mapping[str, Any]]], first_field: str, last_field: str, today: date
) -> tuple[date, date, str | None]:
    """First and last day of a form (the last is the first where it is empty), and how much of them."""

    def day(field: str) -> date | None:
        found = typed(values.get(field, {}).get(field, {}))
        return date.fromisoformat(found) if found else None

    first = day(first_field) or today
    return first, day(last_field) or first, typed(values.get(actions.AWAY_HOW, {}).get(actions.AWAY_HOW, {}))


def own_teams(parts: Parts, user: str) -> tuple[list[TeamRecord], date]:
    """The teams whose roster has this person now, lately or soon, and the day it is where they are.

    Their time zone is that on the roster, by which capacity counts their days, else the first team's: somebody
    in no time zone is where their team is.
    """
    now = parts.clock()
    mine: list[TeamRecord] = []
    today = None
    for record in teams.all(parts.db):
        if record.workspace != parts.workspace:
            continue
        here = datetime.fromtimestamp(now, time_zone(record.team.tz)).date()
        own = [p for p in record.team.people if p.id == user and _near(p.until, here)]
        if own:
            mine.append(record)
            zone = next((p.tz for p in own if p.tz), record.team.tz)
            today = today or datetime.fromtimestamp(now, time_zone(zone)).date()
    return mine, today or datetime.fromtimestamp(now, UTC).date()


def _near(until: date | None, today: date) -> bool:
    return until is None or until >= today - timedelta(days=LOOK_BACK)


def _mine(call: Call) -> tuple[list[TeamRecord], date]:
    """The teams whose capacity a person's days are, and the day it is where they are.

    Raises:
        HeadroomError: They are on no roster.
    """
    mine, today = own_teams(call.parts, call.user)
    if not mine:
        raise HeadroomError(NO_TEAM)
    return mine, today


def _names(mine: list[TeamRecord]) -> list[str]:
    return [record.team.name for record in mine]


def _noted(call: Call, mine: list[TeamRecord], today: date) -> dict[date, float]:
    return absences.of_person(call.parts.db, [record.id for record in mine], call.user, today)


def _note(call: Call, mine: list[TeamRecord], days: Mapping[date, float], today: date) -> Message:
    absences.put(call.parts.db, [record.id for record in mine], call.user, days)
    call.parts.wake()
    return noted(days, _names(mine), today)


def _cancelled(call: Call, mine: list[TeamRecord], text: str, today: date) -> Message:
    ahead = [today + timedelta(days=n) for n in range(AHEAD + 1)]
    return _cancel(call, mine, ahead if text.lower() in ALL else read_days(text, today), today)


def _cancel(call: Call, mine: list[TeamRecord], days: Collection[date], today: date) -> Message:
    gone = absences.cancel(call.parts.db, [record.id for record in mine], call.user, days)
    call.parts.wake()
    return cancelled(dict.fromkeys(gone, absences.WHOLE), _names(mine), today)
