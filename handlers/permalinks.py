"""`/headroom check`: the lead looks at captured requests and says whether they are; nobody else sees them."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.messages import actions
from bot.messages.help import Command, Role
from bot.messages.message import Message
from bot.messages.permalinks import MOST, Round, ended, one, unpacked
from bot.messages.problem import problem
from bot.signal import slack_ts
from bot.slack import SlackError
from handlers.answers import Instead
from handlers.parts import Parts
from handlers.rows import Button, Call, May, Row, Word
from storage import permalinks

DAYS = 14
DAY = 86_400.0
WHAT = "check what is captured"
NOT_HEARD = "Nothing is read yet for this team, so there is nothing to check."


def by_round(_parts: Parts, body: Mapping[str, Any]) -> int:
    """The team whose requests a button is about.

    Raises:
        BadInputError: The button is none of ours.
    """
    return unpacked(str(body["actions"][0].get("value", ""))).team


def begin(call: Call) -> Message:
    """The first of up to ten requests of the last two weeks."""
    record, now = call.record, call.now
    if record.announced is None:
        return problem(NOT_HEARD)
    queues = [queue.id for queue in record.queues if queue.gone is None]
    drawn = permalinks.sample(call.parts.db, record.id, queues, now - DAYS * DAY, now, MOST, random.SystemRandom())
    return _shown(call, Round(record.id, tuple(drawn)))


def answered(call: Call) -> Instead:
    """Count an answer and show the next request, or what the round came to."""
    record, standing = call.record, unpacked(call.value)
    if standing.left:
        queue, request = standing.left[0]
        wrong = call.action == actions.LINK_WRONG
        if any(queue == own.id for own in record.queues):
            permalinks.answer(call.parts.db, record.id, queue, request, wrong=wrong, now=call.now)
        looked_at = standing.looked_at + 1
        standing = replace(standing, left=standing.left[1:], looked_at=looked_at, wrong=standing.wrong + int(wrong))
    return Instead(_shown(call, standing))


ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "check",
            {Role.LEAD: "look at ten captured requests, and say whether they are. Wrong ones widen the range."},
        ),
        begin,
        May.LEAD,
        WHAT,
    ),
    *(Button(action, answered, May.LEAD, WHAT, by_round) for action in (actions.LINK_RIGHT, actions.LINK_WRONG)),
)


def _shown(call: Call, standing: Round) -> Message:
    """The next request whose message Slack still has; those it has no more are passed over."""
    while standing.left:
        queue, request = standing.left[0]
        link = _link(call.parts, call.record.channels.get(queue), request)
        if link is not None:
            return one(standing, link)
        standing = replace(standing, left=standing.left[1:])
    return ended(standing, call.record.team.name)


def _link(parts: Parts, channel: str | None, request: int) -> str | None:
    if channel is None:
        return None
    try:
        return parts.slack.permalink(channel, slack_ts(request))
    except SlackError:
        return None
