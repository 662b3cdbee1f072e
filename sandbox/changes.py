"""The feed of what changed on screen: numbered, filtered by who may see it, awaited without polling."""

import asyncio
from collections import deque
from dataclasses import dataclass

from sandbox.config import Json


@dataclass(frozen=True)
class Change:
    """One change; `audience` None means everyone."""

    seq: int
    type: str
    channel: str | None
    user: str | None
    audience: frozenset[str] | None
    detail: Json

    def json(self) -> Json:
        """The line that a browser or test receives."""
        return {
            "seq": self.seq,
            "type": self.type,
            "channel": self.channel,
            "user": self.user,
            **self.detail,
        }


class Changes:
    """Keeps the last changes and wakes whoever waits for the next one."""

    def __init__(self, keep: int = 20_000) -> None:
        self.seq = 0
        self._log: deque[Change] = deque(maxlen=keep)
        self._waiters: set[asyncio.Future[None]] = set()

    def add(
        self,
        kind: str,
        channel: str | None = None,
        user: str | None = None,
        audience: frozenset[str] | None = None,
        **detail: object,
    ) -> None:
        """Record a change: `message|reaction|channel|modal|home|ephemeral|toast`, or see `wake`."""
        self.seq += 1
        self._log.append(Change(self.seq, kind, channel, user, audience, dict(detail)))
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    def wake(self) -> None:
        """Record that something happened which no person sees, such as a call or an ack."""
        self.add("wake", audience=frozenset())

    def after(self, seq: int, viewer: str | None) -> list[Json]:
        """Changes later than `seq` that the viewer may see, oldest first."""
        found: list[Json] = []
        for change in reversed(self._log):
            if change.seq <= seq:
                break
            if change.audience is None or viewer is None or viewer in change.audience:
                found.append(change.json())
        return found[::-1]

    async def wait(self, seq: int, seconds: float) -> None:
        """Return once anything newer than `seq` happened, or after `seconds` of real time."""
        if self.seq > seq:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return
        finally:
            self._waiters.discard(waiter)
