"""The bot comes and goes: one hint where it is invited, silence and erasure where it is removed.

The work is done in listener middleware, which runs before Slack's acknowledgement: when it fails, Slack sends
the event again (https://docs.slack.dev/apis/events-api/#retries).
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.messages.announcement import hint
from handlers.parts import Parts
from handlers.roles import team_of_channel
from storage import outbox, retention, teams

Event = Mapping[str, Any]
REMOVED = ("channel_left", "group_left", "member_left_channel")
TAKEN_OUT, CLOSED = "the bot was removed from the channel", "the channel was archived"
ARCHIVED = ("channel_archive", "group_archive", "channel_deleted", "group_deleted")


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to what happens to the bot and its channels."""
    _listen(app, parts, ("member_joined_channel",), joined)
    _listen(app, parts, REMOVED, removed)
    _listen(app, parts, ARCHIVED, archived)
    _listen(app, parts, ("app_uninstalled",), uninstalled)


def register_rest(app: AsyncApp) -> None:
    """Acknowledge whatever nobody listens to, or Slack would send it three times; register this last."""
    app.event(re.compile(".*"))(quiet)
    app.action(re.compile(".*"))(acknowledge)


async def quiet() -> None:
    """Nothing to do; Bolt acknowledges events by itself."""


async def acknowledge(ack: Callable[[], Awaitable[Any]]) -> None:
    """Nothing to do but to say that it was heard: a choice in a form that is read when it is sent."""
    await ack()


def _listen(app: AsyncApp, parts: Parts, events: tuple[str, ...], work: Callable[[Parts, Event], None]) -> None:
    async def before_ack(event: Event, next: Callable[[], Awaitable[Any]]) -> None:
        await parts.run(work, parts, event)
        await next()

    for name in events:
        app.event(name, middleware=[before_ack])(quiet)


def joined(parts: Parts, event: Event) -> None:
    """One hint, ever, in a channel of no team; a queue that the bot was taken from is heard again."""
    if event["user"] != parts.bot_user:
        return
    channel = str(event["channel"])
    record = team_of_channel(parts, channel)
    if record is None:
        outbox.put(
            parts.db,
            key=outbox.key_of("hint", parts.workspace, channel),
            workspace=parts.workspace,
            channel=channel,
            body=hint(channel).body(),
        )
    elif any(queue.channel == channel and queue.gone in {TAKEN_OUT, CLOSED} for queue in record.queues):
        teams.mark_channel_gone(parts.db, parts.workspace, channel, None)
    parts.wake()


def removed(parts: Parts, event: Event) -> None:
    """The bot was taken out of a channel: nothing more can be heard there."""
    if event.get("user", parts.bot_user) == parts.bot_user:
        _gone(parts, event, TAKEN_OUT)


def archived(parts: Parts, event: Event) -> None:
    """A channel was closed."""
    _gone(parts, event, CLOSED)


def _gone(parts: Parts, event: Event, why: str) -> None:
    teams.mark_channel_gone(parts.db, parts.workspace, str(event["channel"]), why)
    parts.wake()


def uninstalled(parts: Parts, event: Event) -> None:
    """The workspace does not want the bot any more: everything about it is erased."""
    del event  # all it says is in its name
    retention.forget_workspace(parts.db, parts.workspace)
    parts.wake()
