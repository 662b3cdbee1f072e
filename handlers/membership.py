"""The bot and its people come and go: one hint where it is invited, silence where it is removed, erasure at the end.

The work is done in listener middleware, which runs before Slack's acknowledgement: when it fails, Slack sends
the event again (https://docs.slack.dev/apis/events-api/#retries). What stops or begins is written down at once;
who has to be told is found out afterwards by the job `lost`, which asks Slack how things stand.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.jobs import setup
from bot.jobs.membership import CLOSED, TAKEN_OUT, heard_again
from bot.messages.announcement import hint
from bot.watch import Gone
from handlers.parts import Parts
from handlers.roles import team_of_channel, teams_at, teams_of
from storage import due, interruptions, outbox, retention, teams
from storage.teams import TeamRecord

Event = Mapping[str, Any]
REMOVED = ("channel_left", "group_left", "member_left_channel")
ARCHIVED = ("channel_archive", "group_archive", "channel_deleted", "group_deleted")
UNARCHIVED = ("channel_unarchive", "group_unarchive")


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to what happens to the bot, its channels and its people."""
    _listen(app, parts, ("member_joined_channel",), joined)
    _listen(app, parts, REMOVED, left)
    _listen(app, parts, ARCHIVED, archived)
    _listen(app, parts, UNARCHIVED, unarchived)
    _listen(app, parts, ("channel_id_changed",), moved)
    _listen(app, parts, ("user_change",), person_changed)
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
    channel = str(event["channel"])
    if event["user"] != parts.bot_user:
        _look_at_circle(parts, channel)
        return
    if team_of_channel(parts, channel) is None:
        outbox.put(
            parts.db,
            key=outbox.key_of("hint", parts.workspace, channel),
            workspace=parts.workspace,
            channel=channel,
            body=hint(channel).body(),
            kind="hint",
        )
        parts.wake()
        return
    ours = teams_at(parts, channel)
    for queue in (queue for record in ours for queue in record.queues):
        if queue.channel == channel and queue.gone is not None and not queue.gone.ours:
            heard_again(parts.db, queue, parts.clock())
    _look(parts, ours)


def left(parts: Parts, event: Event) -> None:
    """The bot was taken out of a channel, so nothing more can be heard there; or somebody left a team channel."""
    channel = str(event["channel"])
    if event.get("user", parts.bot_user) == parts.bot_user:
        _gone(parts, channel, TAKEN_OUT)
    else:
        _look_at_circle(parts, channel)


def archived(parts: Parts, event: Event) -> None:
    """A channel was closed."""
    _gone(parts, str(event["channel"]), CLOSED)


def unarchived(parts: Parts, event: Event) -> None:
    """A channel was opened again; whether the bot is still in it, the job finds out."""
    _look(parts, teams_at(parts, str(event["channel"])))


def moved(parts: Parts, event: Event) -> None:
    """A channel got another id, as happens when it is shared with another workspace."""
    old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
    now = parts.clock()
    with parts.db.write():
        teams.rename_channel(parts.db, parts.workspace, old, new)
        for record in teams_at(parts, new):
            setup.begin(parts.db, record.id, now)  # does nothing for a team that was announced
            for queue in record.queues:
                if queue.channel == new and queue.gone is None and record.announced is not None:
                    due.put(parts.db, "gaps", queue.id, now)
    parts.wake()


def person_changed(parts: Parts, event: Event) -> None:
    """An account was deactivated; every other change of a profile is none of our business."""
    person = event["user"]
    if person.get("deleted"):
        _look(parts, teams_of(parts, str(person["id"])))


def uninstalled(parts: Parts, event: Event) -> None:
    """The workspace does not want the bot any more: everything about it is erased."""
    del event  # all it says is in its name
    retention.forget_workspace(parts.db, parts.workspace)
    parts.wake()


def _gone(parts: Parts, channel: str, why: Gone) -> None:
    ours = teams_at(parts, channel)
    interruptions.stop_all(parts.db, parts.workspace, channel, parts.clock())
    for queue in (queue for record in ours for queue in record.queues):
        if queue.channel == channel and queue.gone is None:
            teams.mark_gone(parts.db, queue.id, why)
    _look(parts, ours)


def _look_at_circle(parts: Parts, channel: str) -> None:
    """Somebody came to or left a team channel: does it still hold none but those who may see load?"""
    _look(parts, (record for record in teams_at(parts, channel) if record.team_channel == channel))


def _look(parts: Parts, records: Iterable[TeamRecord]) -> None:
    """Let the job look at these teams now."""
    found = list(records)
    for record in found:
        due.put(parts.db, "lost", record.id, parts.clock())
    if found:
        parts.wake()
