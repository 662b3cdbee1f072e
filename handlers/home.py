"""The Home tab: published when somebody opens it, and again while they may be looking and something changed.

Who has it open is kept in memory alone, and forgotten after ten minutes: Slack never says that a tab was closed.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import word_in
from handlers.home_page import HomePage, State
from handlers.parts import Parts

log = logging.getLogger(__name__)

OPEN_SECONDS = 600.0
"""How long somebody counts as looking after they opened the tab."""

EVERY = 30.0
"""Real seconds between two looks at whether an open tab is out of date."""


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
        client: Slack's Web API, for publishing when nobody has just asked.
        every: Real seconds between two looks at the open tabs.

    Attributes:
        watching: Looks at the open tabs; it ends with the last of them. None before the first.
    """

    def __init__(self, parts: Parts, client: AsyncWebClient, every: float = EVERY) -> None:
        self._parts, self._client, self._every = parts, client, every
        self._page = HomePage(parts)
        self._viewers: dict[str, _Viewer] = {}
        self.watching: asyncio.Task[None] | None = None

    def register(self, app: AsyncApp) -> None:
        """Listen to people opening the tab; its buttons stand in the tables of their features."""
        app.event("app_home_opened")(self.opened)

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

    async def renew(self, user: str) -> None:
        """Publish the page of somebody who changed something on it."""
        viewer = self._viewers.setdefault(user, _Viewer(self._parts.clock()))
        await self._publish(user, viewer)

    async def _publish(self, user: str, viewer: _Viewer, seen: str | None = None) -> None:
        """Put the page there, unless a newer one was put there in the meantime."""
        async with viewer.turn:
            state = await self._parts.run(self._page.state)
            view = await self._parts.run(self._page.page, user)
            try:
                answer = await self._client.views_publish(user_id=user, view=view, hash=seen or viewer.hash)
            except SlackApiError as refused:
                if word_in(refused.response) != "hash_conflict":
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
        state = await self._parts.run(self._page.state)
        for user, viewer in list(self._viewers.items()):
            if viewer.state != state:
                await self._publish(user, viewer)
