"""`/headroom gain`, `/headroom pledge` and their buttons: what a team improved, and where the freed hours go."""

import secrets
from collections.abc import Mapping
from typing import Any

from bot.health.ledger import ordinary_hours
from bot.health.measured import tellable
from bot.jobs import gains as jobs
from bot.messages import actions, refusals
from bot.messages.gain_form import (
    MEASURES,
    Filled,
    Pledged,
    filled,
    gain_view,
    kept_sentence,
    pledge_view,
    pledged,
    pledged_sentence,
    team_in,
    thanks_view,
)
from bot.messages.gains import answered
from bot.messages.help import Command, Role
from bot.messages.message import Block, Message
from bot.messages.problem import problem
from bot.services.audience import team_day
from handlers.answers import Wrong
from handlers.parts import Parts
from handlers.rows import Button, Call, Form, RefusedError, Row, Word, number
from storage import gains, rhythms
from storage.teams import TeamRecord

LIST = "list"
OFF = "The ledger of gains is switched off for this team; its lead can switch it on in the settings."


def by_gain(parts: Parts, body: Mapping[str, Any]) -> int | None:
    """The team whose gain a button is about; a gain is gone only with its team."""
    gain = _gain(parts, str(body["actions"][0].get("value") or ""))
    return None if gain is None else gain.team


def by_form(_parts: Parts, body: Mapping[str, Any]) -> int:
    """The team that a form is about.

    Raises:
        BadInputError: The form is none of ours.
    """
    return team_in(body["view"])


def gain(call: Call) -> Block | Message:
    """The form of a gain; with `list`: the ledger."""
    return listed(call) if call.text.lower() == LIST else opened(call)


def opened(call: Call) -> Block:
    """The form of a gain."""
    record = _keeper(call)
    pledge = gains.pledge(call.parts.db, record.id)
    return gain_view(
        record.team.name,
        team_id=record.id,
        form=secrets.token_urlsafe(16),
        today=team_day(record, call.now),
        measures=tellable(record.team, call.now) or tuple(MEASURES),
        goes=None if pledge is None else pledge.goes,
    )


def listed(call: Call) -> Message:
    """The ledger."""
    return jobs.listed(call.parts.db, _keeper(call), call.now)


def pledge_opened(call: Call) -> Block:
    """The form of the pledge, with what stands in it."""
    record = _keeper(call)
    pledge = gains.pledge(call.parts.db, record.id)
    goes, words = (None, "") if pledge is None else (pledge.goes, pledge.words)
    return pledge_view(record.team.name, team_id=record.id, goes=goes, words=words)


def answer(call: Call) -> Message:
    """Take a click on "It still stands" or "It no longer does"; what was ended stays ended."""
    record, gain = _keeper(call), _gain(call.parts, call.value)
    if gain is None:
        raise RefusedError(refusals.gone())
    db, today, stands = call.parts.db, team_day(record, call.now), call.action == actions.GAIN_STANDS
    if stands and not gains.stands(db, gain.id, today):
        said = f"“{gain.title}” was said to have ended on {gain.ended}: if it is back, write it down as a new gain"
        return problem(f"{said} with /headroom gain.")
    if not stands:
        gains.end(db, gain.id, today)
    again = jobs.next_look(record, gain, call.now) if stands else None
    return answered(gain.title, stands=stands, asked_again=again)


def submitted(call: Call) -> Block | Wrong:
    """Keep the gain that a form holds."""
    record, now = _keeper(call), call.now
    today = team_day(record, now)
    told = jobs.roster_hours(record, today) is not None
    said = filled(call.view, today, ordinary_hours(record.team, today), told=told)
    if not isinstance(said, Filled):
        return Wrong(said)
    allowed = tellable(record.team, now)
    gain = gains.Gain(
        id=0,
        team=record.id,
        title=said.title,
        hours=said.hours,
        goes=said.goes,
        depends=said.depends,
        measure=said.measure if allowed is None or said.measure in allowed else allowed[0],
        began=said.since,
        people=jobs.roster_hours(record, said.since),
    )
    jobs.begin(call.parts.db, record, said.form, gain, now)
    call.parts.wake()
    return thanks_view(kept_sentence(record.team.name, jobs.next_look(record, gain, now)))


def pledge_submitted(call: Call) -> Block | Wrong:
    """Keep the pledge that a form holds."""
    record, said = _keeper(call), pledged(call.view)
    if not isinstance(said, Pledged):
        return Wrong(said)
    pledge = gains.Pledge(said.goes, said.words, team_day(record, call.now))
    gains.set_pledge(call.parts.db, record.id, pledge)
    return thanks_view(pledged_sentence(record.team.name, said.goes))


_GAIN = "write down what got better, and where the freed hours go. With `list` after it: what became of each gain."
_PLEDGE = "agree where freed hours go, before the first one is freed."

ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "gain",
            dict.fromkeys((Role.LEAD, Role.RESPONDER), _GAIN),
            also=("gains",),
            near=("improvement", "ledger", "saved"),
        ),
        gain,
    ),
    Word(Command("pledge", dict.fromkeys((Role.LEAD, Role.RESPONDER), _PLEDGE), near=("promise",)), pledge_opened),
    Button(actions.GAIN_OPEN, opened),
    Button(actions.GAIN_LIST, listed),
    Button(actions.PLEDGE_OPEN, pledge_opened),
    *(Button(action, answer, team=by_gain) for action in (actions.GAIN_STANDS, actions.GAIN_ENDED)),
    Form(actions.GAIN_VIEW, submitted, team=by_form),
    Form(actions.PLEDGE_VIEW, pledge_submitted, team=by_form),
)


def _keeper(call: Call) -> TeamRecord:
    """The team, where it keeps a ledger."""
    if not rhythms.get(call.parts.db, call.record.id).gains:
        raise RefusedError(problem(OFF))
    return call.record


def _gain(parts: Parts, value: str) -> gains.Gain | None:
    """The gain that a button names."""
    named = number(value)
    return None if named is None else gains.get(parts.db, named)
