"""What listeners are given: the parts they may call, and how to call them without blocking an ack."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from bot.slack import Slack
from storage.database import Database

P = ParamSpec("P")
R = TypeVar("R")


async def _at_once() -> None:
    """For callers to whom nobody is speaking."""


@dataclass(frozen=True)
class Parts:
    """Parts that listeners use.

    Attributes:
        db: The store.
        slack: Our own Web API calls, synchronous: call them through `run`.
        clock: Unix seconds.
        wake: Tells the timetable that something is due now; returns at once.
        workspace: The workspace's id (Slack's team_id).
        bot_user: The bot's own user id.
        pulse_floor: Answers to a pulse below which nothing is shown.
        settled: Returns once all that was heard before the call is on disk.
    """

    db: Database
    slack: Slack
    clock: Callable[[], float]
    wake: Callable[[], None]
    workspace: str
    bot_user: str
    settled: Callable[[], Awaitable[None]] = _at_once
    pulse_floor: int = 5

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do plain, blocking work in a thread, so that acks never wait for it."""
        return await asyncio.to_thread(work, *args, **kwargs)
