"""`/headroom check`: the lead looks at captured requests and says whether they are; nobody else sees them."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.message import Message
from bot.messages.permalinks import MOST, Round, ended, one, unpacked
from bot.messages.problem import problem
from bot.signal import slack_ts
from bot.slack import SlackError
from handlers.parts import Parts
from handlers.roles import team_of_channel
from storage import permalinks, teams
from storage.teams import TeamRecord

DAYS = 14
DAY = 86_400.0
ONLY_LEAD = "Only the team's lead can check what is captured."
NO_TEAM = "This channel belongs to no team: type /headroom check in a channel where requests arrive."
NOT_HEARD = "Nothing is read yet for this team, so there is nothing to check."


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the two buttons under each message."""

    async def pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message = await parts.run(answered, parts, body)
        await respond(**message.payload(), response_type="ephemeral", replace_original=True)

    app.action(actions.LINK_RIGHT)(pressed)
    app.action(actions.LINK_WRONG)(pressed)


def begin(parts: Parts, user: str, channel: str) -> Message:
    """The first of up to ten requests of the last two weeks, for the lead; one sentence for everybody else."""
    record = team_of_channel(parts, channel)
    if record is None:
        return problem(NO_TEAM)
    if user != record.lead:
        return problem(ONLY_LEAD)
    if record.announced is None:
        return problem(NOT_HEARD)
    now = parts.clock()
    queues = [queue.id for queue in record.queues if queue.gone is None]
    drawn = permalinks.sample(parts.db, record.id, queues, now - DAYS * DAY, now, MOST, random.SystemRandom())
    return _shown(parts, record, Round(record.id, tuple(drawn)))


def answered(parts: Parts, body: Mapping[str, Any]) -> Message:
    """Count an answer and show the next request, or what the round came to."""
    clicked = body["actions"][0]
    try:
        standing = unpacked(clicked.get("value", ""))
    except BadInputError as strange:
        return problem(strange)
    record = teams.get(parts.db, standing.team)
    if record is None or record.workspace != parts.workspace or body["user"]["id"] != record.lead:
        return problem(ONLY_LEAD)
    if standing.left:
        queue, request = standing.left[0]
        wrong = clicked["action_id"] == actions.LINK_WRONG
        if any(queue == own.id for own in record.queues):
            permalinks.answer(parts.db, record.id, queue, request, wrong=wrong, now=parts.clock())
        looked_at = standing.looked_at + 1
        standing = replace(standing, left=standing.left[1:], looked_at=looked_at, wrong=standing.wrong + int(wrong))
    return _shown(parts, record, standing)


def _shown(parts: Parts, record: TeamRecord, standing: Round) -> Message:
    """The next request whose message Slack still has; those it has no more are passed over."""
    channels = {queue.id: queue.channel for queue in record.queues}
    while standing.left:
        queue, request = standing.left[0]
        link = _link(parts, channels.get(queue), request)
        if link is not None:
            return one(standing, link)
        standing = replace(standing, left=standing.left[1:])
    return ended(standing, record.team.name)


def _link(parts: Parts, channel: str | None, request: int) -> str | None:
    if channel is None:
        return None
    try:
        return parts.slack.permalink(channel, slack_ts(request))
    except SlackError:
        return None
