"""Hearing: messages and reactions of watched channels become durable facts before Slack gets its ack.

`Ear.hear` runs as Bolt's `before_authorize` middleware, after the signature check and before anything else, in
HTTP and Socket Mode alike. It answers these events itself: no token is needed, so nothing that fails later can
lose them. When the commit fails it raises, Bolt answers 500 without an ack, and Slack sends the event again
(https://docs.slack.dev/apis/events-api/#retries).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.capture import capture
from bot.errors import StorageError
from bot.mentions import Merged, interruptions
from bot.signal import Interruption, Kind, Signal
from bot.watch import Listening, Watch
from storage import interruptions as counted
from storage import teams
from storage.database import Database
from storage.keys import Pseudonymizer
from storage.writer import Writer

HEARD = frozenset({"message", "reaction_added", "reaction_removed"})
Fact = Signal | Interruption


class Ear(AsyncMiddleware):
    """Keeps what is said in watched channels, as signals, and in which five minutes a team is mentioned elsewhere.

    Args:
        db: The store.
        writer: Commits signals.
        workspace: Slack's team_id.
        bot_user: The bot's own user id, never heard.
        bot_id: The bot's id in its own posts.
        clock: Unix seconds.
        done: Given the event of each ✅ once it is kept; it must return at once, and keeps nothing of who wrote.
    """

    def __init__(
        self,
        db: Database,
        writer: Writer,
        workspace: str,
        bot_user: str,
        bot_id: str,
        clock: Callable[[], float],
        done: Callable[[Mapping[str, Any]], None] = lambda _event: None,
    ) -> None:
        self._db, self._clock, self._done = db, clock, done
        self._together = _Together(writer)
        self._workspace, self._bot_user, self._bot_id = workspace, bot_user, bot_id
        self._pseudonym = Pseudonymizer(db, workspace)
        self._watched: Mapping[str, Watch] = {}
        self._named: Mapping[str, tuple[Listening, ...]] = {}
        self._merged = Merged()
        self.refresh()

    def refresh(self) -> None:
        """Look up anew which channels are watched, and who answers there."""
        everywhere = teams.watched(self._db, self._bot_user, self._bot_id)
        self._watched = {channel: w for (workspace, channel), w in everywhere.items() if workspace == self._workspace}
        self._named = counted.listening(self._db, self._workspace, self._bot_user, self._bot_id)

    async def settled(self) -> None:
        """Return once everything that was heard before this call is on disk."""
        await self._together.keep(())

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Answer messages and reactions once they are kept; pass everything else on."""
        body: Mapping[str, Any] = req.body
        event = body.get("event") or {}
        if body.get("type") != "event_callback" or event.get("type") not in HEARD:
            return await next()
        if self._workspace in _workspaces(body):
            now = self._clock()
            heard = capture(event, self._watched.get, self._pseudonym, now)
            mentions = self._merged.fresh(interruptions(event, self._named.get, now))
            if heard or mentions:
                await self._together.keep((*heard, *mentions))
            if any(fact.kind is Kind.DONE for fact in heard):
                self._done(event)
        return BoltResponse(status=200, body="")


def _workspaces(body: Mapping[str, Any]) -> set[object]:
    """The workspaces an event is for. In a channel shared with another one, the outer `team_id` may be that one's.

    `context_team_id` is where we read it, `authorizations` an installation that sees it
    (https://docs.slack.dev/apis/events-api/#authorizations).
    """
    installed = body.get("authorizations") or ()
    return {body.get("team_id"), body.get("context_team_id"), *(entry.get("team_id") for entry in installed)}


class _Together:
    """Hands the facts of all events that wait to the writer in one go.

    Waking the event loop from the writer's thread costs more than a commit, so it is done once for all of them.
    """

    MOST = 500

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: list[tuple[tuple[Fact, ...], asyncio.Future[None]]] = []
        self._hand_over: asyncio.Task[None] | None = None

    async def keep(self, facts: tuple[Fact, ...]) -> None:
        """Return once these facts are committed; raises StorageError when they are not kept."""
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[None] = loop.create_future()
        self._waiting.append((facts, kept))
        if self._hand_over is None or self._hand_over.done():
            self._hand_over = loop.create_task(self._empty())
        await kept

    async def _empty(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self.MOST], self._waiting[self.MOST :]
            try:
                await asyncio.wrap_future(self._writer.submit([fact for facts, _ in batch for fact in facts]))
            except StorageError:
                # One fact that cannot be kept must not hold the others back.
                await asyncio.gather(*(self._alone(facts, kept) for facts, kept in batch))
            for _, kept in batch:
                if not kept.done():
                    kept.set_result(None)

    async def _alone(self, facts: tuple[Fact, ...], kept: "asyncio.Future[None]") -> None:
        try:
            await asyncio.wrap_future(self._writer.submit(facts))
        except StorageError as error:
            if not kept.done():
                kept.set_exception(error)
