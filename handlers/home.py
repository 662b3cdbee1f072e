"""The Home tab: published when somebody opens it, and again while they may be looking and something changed.

Who has it open is kept in memory alone, and forgotten after ten minutes: Slack never says that a tab was closed.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.health.results import Assessment
from bot.jobs.judging import assess_team
from bot.jobs.lost import UNNAMED
from bot.messages import actions
from bot.messages.home import MOST_QUEUES, OwnTeam, QueueWait, home_view
from bot.messages.message import Block
from handlers.directory import Answers, Directory, Question, SlowSlackError
from handlers.parts import Parts
from handlers.roles import insider
from handlers.setup import Setup
from storage import alerts, requests, teams
from storage.teams import Queue, TeamRecord

log = logging.getLogger(__name__)

OPEN_SECONDS = 600.0
"""How long somebody counts as looking after they opened the tab."""

EVERY = 30.0
"""Real seconds between two looks at whether an open tab is out of date."""

SLACK_SECONDS = 2.0
"""For what Slack has to be asked: which queues a person may know of."""

FRESH = 60.0
"""Seconds for which an assessment serves everybody who opens the tab."""

SLOW = "Slack did not answer in time, so the waits of other teams are left out here. Please open this page again."

State = tuple[Any, ...]
"""What a page depends on; another state, another page."""


@dataclass
class _Viewer:
    """Somebody who has the tab open: since when, Slack's hash of what they see, and what it rested on."""

    opened: float
    hash: str | None = None
    state: State | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Home:
    """Publishes the tab.

    Args:
        parts: What listeners may use.
        setup: Opens the set-up form.
        client: Slack's Web API, for publishing when nobody has just asked.
        every: Real seconds between two looks at the open tabs.

    Attributes:
        watching: Looks at the open tabs; it ends with the last of them. None before the first.
    """

    def __init__(self, parts: Parts, setup: Setup, client: AsyncWebClient, every: float = EVERY) -> None:
        self._parts, self._setup, self._client, self._every = parts, setup, client, every
        self._directory = Directory(parts.slack, parts.clock)
        self._viewers: dict[str, _Viewer] = {}
        self.watching: asyncio.Task[None] | None = None
        self._found: dict[int, tuple[float, State, Assessment]] = {}

    def register(self, app: AsyncApp) -> None:
        """Listen to people opening the tab, and to its settings button."""
        app.event("app_home_opened")(self.opened)
        app.action(actions.HOME_SETTINGS)(self._settings)

    async def opened(self, event: Mapping[str, Any]) -> None:
        """Publish the page; Bolt has acknowledged the event already.

        Args:
            event: Slack's `app_home_opened`, with the page as it was, where there was one.
        """
        if event.get("tab") != "home":
            return
        user = str(event["user"])
        viewer = self._viewers.setdefault(user, _Viewer(0.0))
        viewer.opened = self._parts.clock()
        await self._publish(user, viewer, (event.get("view") or {}).get("hash"))
        if self.watching is None or self.watching.done():
            self.watching = asyncio.create_task(self._watch())

    async def _settings(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        user, channel = body["user"]["id"], body["actions"][0].get("value", "")
        refused = await self._setup.open(client, body["trigger_id"], user, channel)
        if refused is not None:  # there is no message to answer in, so the page itself says why
            viewer = self._viewers.setdefault(user, _Viewer(self._parts.clock()))
            await self._publish(user, viewer, body["view"].get("hash"), str(refused))

    async def _publish(self, user: str, viewer: _Viewer, seen: str | None = None, note: str = "") -> None:
        """Put the page there, unless a newer one was put there in the meantime."""
        async with viewer.turn:
            state = await self._parts.run(self.state)
            view = await self._parts.run(self.page, user, note)
            try:
                answer = await self._client.views_publish(user_id=user, view=view, hash=seen or viewer.hash)
            except SlackApiError as refused:
                if refused.response.get("error") != "hash_conflict":
                    raise
                return
            viewer.hash, viewer.state = answer["view"]["hash"], state

    async def _watch(self) -> None:
        """Look at the open tabs until there is none."""
        while self._viewers:
            await asyncio.sleep(self._every)
            try:
                await self.refresh()
            except Exception as error:
                # The type only: an error's text could carry what somebody wrote.
                log.warning("an open Home tab was not brought up to date: %s", type(error).__name__)

    async def refresh(self) -> None:
        """Publish anew for those who may be looking at a page that is out of date; forget the others."""
        since = self._parts.clock() - OPEN_SECONDS
        self._viewers = {user: viewer for user, viewer in self._viewers.items() if viewer.opened >= since}
        if not self._viewers:
            return
        state = await self._parts.run(self.state)
        for user, viewer in list(self._viewers.items()):
            if viewer.state != state:
                await self._publish(user, viewer)

    # -- plain functions, called in a thread --------------------------------------------------

    def state(self) -> State:
        """What all pages rest on: the teams as stored, their last change of level, and what waits."""
        requests.drain(self._parts.db)
        return tuple(self._state_of(record) for record in self._teams())

    def page(self, user: str, note: str = "") -> Block:
        """The tab as one person may see it.

        Args:
            user: Slack user id.
            note: One sentence to add; empty for none.
        """
        parts, now = self._parts, self._parts.clock()
        requests.drain(parts.db)
        records = self._teams()
        own = [record for record in records if insider(record, user, now)]
        others = [record for record in records if record not in own and record.announced is not None]
        offered = [(record, queue) for record in others for queue in record.queues if queue.gone is None]
        try:
            seen = self._visible(user, [queue for _, queue in offered][: 2 * MOST_QUEUES])
        except SlowSlackError:
            seen, note = frozenset(), note or SLOW
        waits = [
            QueueWait(queue.channel, record.team.name, self._assessed(record, now), self._waiting(queue))
            for record, queue in offered
            if queue.id in seen
        ]
        return home_view([self._own(record, user, now) for record in own], waits, note=note)

    def _own(self, record: TeamRecord, user: str, now: float) -> OwnTeam:
        named = sorted((q for q in record.queues if q.gone != UNNAMED), key=lambda q: q.gone is not None)
        return OwnTeam(
            name=record.team.name,
            found=self._assessed(record, now),
            waiting=self._waiting(*record.queues),
            queue=named[0].channel if named else "",
            lead=user == record.lead,
            unheard=tuple(queue.channel for queue in named if queue.gone is not None),
        )

    def _visible(self, user: str, queues: Sequence[Queue]) -> frozenset[int]:
        """Which queues a person may know of: public ones, but guests only those they are in; private ones likewise.

        Raises:
            SlowSlackError: Slack took too long.
        """
        if not queues:
            return frozenset()
        about = [Question("channel", queue.channel) for queue in queues]
        said = self._directory.answers([Question("person", user), *about], SLACK_SECONDS)
        person = said.person(user)
        full = person is not None and not person.guest
        closed = [queue for queue in queues if not (full and _is_public(said, queue))]
        members = self._directory.answers([Question("members", queue.channel) for queue in closed], SLACK_SECONDS)
        inside = {queue.id for queue in closed if user in (members.members(queue.channel) or ())}
        return frozenset({queue.id for queue in queues if queue not in closed} | inside)

    def _teams(self) -> list[TeamRecord]:
        return [record for record in teams.all(self._parts.db) if record.workspace == self._parts.workspace]

    def _waiting(self, *queues: Queue) -> int:
        return len(requests.waiting(self._parts.db, [queue.id for queue in queues]))

    def _state_of(self, record: TeamRecord) -> State:
        return record, alerts.last(self._parts.db, record.id), self._waiting(*record.queues)

    def _assessed(self, record: TeamRecord, now: float) -> Assessment:
        """A team's figures, at most a minute old and never older than a change."""
        state = self._state_of(record)
        held = self._found.get(record.id)
        if held is None or now - held[0] > FRESH or held[1] != state:
            held = now, state, assess_team(self._parts.db, record, now)
            self._found[record.id] = held
        return held[2]


def _is_public(said: Answers, queue: Queue) -> bool:
    channel = said.channel(queue.channel)
    return channel is not None and not channel.is_private
