"""The list of what waits: opened by the desk's people, answered in it; and what an asker takes back on Home."""

from collections.abc import Mapping
from typing import Any

from bot.messages import actions
from bot.messages.message import Block
from bot.messages.problem import problem
from bot.messages.waits import CLOSED, GONE, NOT_YOURS, NOTED, WITHDRAWN, waits_view
from bot.services.waits import Closing, close, found, listed
from bot.services.waits import never_mind as withdraw
from bot.slack import SlackError
from handlers.answers import Answer
from handlers.parts import Parts
from handlers.rows import Button, Call, May, Row, number
from storage import requests, teams

SAYS = {
    actions.WAITS_DONE: Closing.DONE,
    actions.WAITS_ELSEWHERE: Closing.ELSEWHERE,
    actions.WAITS_NO_REQUEST: Closing.NONE,
}


def by_request(_parts: Parts, body: Mapping[str, Any]) -> int | None:
    """The team of the request that a button is about."""
    return unpacked(str(body["actions"][0].get("value") or ""))[0]


def unpacked(value: str) -> tuple[int | None, int, int]:
    """Team, queue and request that a button holds; no team where it is none of ours."""
    parts = [number(part) for part in value.split(".")]
    team, queue, request = parts if len(parts) == 3 else (None, None, None)
    if team is None or queue is None or request is None:
        return None, 0, 0
    return team, queue, request


def show(call: Call) -> Block:
    """The list as it is now."""
    call.settle()
    return _list(call)


def answer(call: Call) -> Answer:
    """Take what was said of one request, once, and show the list as it is then."""
    call.settle()
    _, queue, request = unpacked(call.value)
    db, record = call.parts.db, call.record
    known = queue in record.channels and requests.is_open(db, queue, request) is not None
    was_open = known and close(db, record, call.user, queue, request, SAYS[call.action], call.now)
    said = NOTED[call.action] if was_open else CLOSED if known else GONE
    if call.view.get("type") != "home":
        return _list(call, said)
    return None if was_open else problem(said)  # the page itself is brought up to date


def never_mind(call: Call) -> Answer:
    """Take one's own request back, once; of whoever else presses, nothing."""
    call.settle()
    team, queue, request = unpacked(call.value)
    record = None if team is None else teams.get(call.parts.db, team)
    if record is None or record.workspace != call.parts.workspace or queue not in record.channels:
        return problem(GONE)
    was_open = withdraw(call.parts.db, record, call.user, queue, request, call.now)
    if was_open is None:
        return problem(NOT_YOURS)
    return None if was_open else problem(WITHDRAWN)


ROWS: tuple[Row, ...] = (
    Button(actions.WAITS_OPEN, show, moment=True),
    *(Button(action, answer, team=by_request, renews=True) for action in SAYS),
    Button(actions.WAITS_NEVER_MIND, never_mind, May.PERSON, renews=True),
)


def _list(call: Call, said: str = "") -> Block:
    seen = found(call.parts.db, call.record, call.now)
    return waits_view(listed(call.record, seen, _address(call.parts)), said)


def _address(parts: Parts) -> str | None:
    try:
        return parts.slack.address()
    except SlackError:
        return None
