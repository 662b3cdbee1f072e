"""`/headroom friction`, its shortcut and buttons: a process flaw is reported without a name, seen, looked at, fixed.

Who reports is known only while the form is answered: it is checked, and neither kept, passed on nor logged.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages import actions, refusals
from bot.messages.friction import unpacked
from bot.messages.friction_form import Filled, filled, friction_view, team_in, thanks_view
from bot.messages.help import Command, Role
from bot.messages.message import Block, Message
from bot.messages.problem import problem
from bot.services import frictions as jobs
from handlers.answers import Instead, Then, Wrong
from handlers.parts import Parts
from handlers.roles import teams_of
from handlers.rows import Button, Call, Form, RefusedError, Row, Shortcut, Word
from storage import frictions
from storage.teams import TeamRecord

LIST = "list"
STATES = {actions.FRICTION_LOOKING: "looking", actions.FRICTION_FIXED: "fixed"}


def by_kind(_parts: Parts, body: Mapping[str, Any]) -> int:
    """The team whose notes of one kind a button is about.

    Raises:
        BadInputError: The button is none of ours.
    """
    return unpacked(str(body["actions"][0].get("value", "")))[0]


def by_form(_parts: Parts, body: Mapping[str, Any]) -> int:
    """The team that was chosen in the form, or that it is about.

    Raises:
        BadInputError: The form is none of ours.
    """
    return team_in(body["view"])


def friction(call: Call) -> Block | Message:
    """The form, with what was typed; with `list`: what was reported."""
    return listed(call) if call.text.lower() == LIST else opened(call)


def opened(call: Call) -> Block:
    """The form for the team that is meant."""
    return _form(call, [call.record])


def opened_anywhere(call: Call) -> Block:
    """The form for one of the person's own teams: a shortcut has no channel."""
    mine = teams_of(call.parts, call.user)
    if not mine:
        raise RefusedError(refusals.no_team_at_all())
    return _form(call, mine)


def submitted(call: Call) -> Then | Wrong:
    """Keep what the form says."""
    record, said = call.record, filled(call.view)
    if not isinstance(said, Filled):
        return Wrong(said)
    if why := jobs.refused(call.parts.db, record, call.now):
        raise RefusedError(problem(why))
    jobs.report(call.parts.db, record, said, call.now, secrets.randbelow)
    # The write-ahead log has the order of all writes, and times in some: it is emptied at once.
    return Then(thanks_view(record.team.name), call.parts.db.checkpoint)


def listed(call: Call) -> Message:
    """What was reported; for the team alone."""
    return jobs.listed(call.parts.db, call.record, call.now)


def mark(call: Call) -> Instead:
    """Take a click on "Looking at it" or "Fixed"; a second one, or one on an old list, changes no later note."""
    _, topic, seen = unpacked(call.value)
    today = jobs.team_day(call.record, call.now)
    frictions.mark(call.parts.db, call.record.id, topic, STATES[call.action], min(seen, today), today)
    return Instead(listed(call))


_FRICTION = "say what gets in the way, without your name. With `list` after it: what was reported."

ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "friction",
            dict.fromkeys((Role.LEAD, Role.RESPONDER), _FRICTION),
            near=("flaw", "frictions", "blocker", "feedback"),
        ),
        friction,
    ),
    Shortcut(actions.FRICTION_SHORTCUT, opened_anywhere),
    Button(actions.FRICTION_OPEN, opened),
    Button(actions.FRICTION_LIST, listed),
    *(Button(action, mark, team=by_kind) for action in STATES),
    Form(actions.FRICTION_VIEW, submitted, team=by_form),
)


def _form(call: Call, records: Sequence[TeamRecord]) -> Block:
    """The form for those of the teams that take a note."""
    why = {record.id: jobs.refused(call.parts.db, record, call.now) for record in records}
    willing = [(record.id, record.team.name) for record in records if not why[record.id]]
    if not willing:
        raise RefusedError(problem(why[records[0].id]))
    return friction_view(willing, secrets.token_urlsafe(16), call.text)
