"""The whole bot in this process, against a local Slack, as the tests of its doors need it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from bot import app
from bot.app import Headroom
from bot.settings import Settings
from sandbox.client import Client
from sandbox.server import SandboxConfig
from storage import teams
from storage.keys import make_first
from tests.fresh import fresh

WORKSPACE, QUEUE, CIRCLE, BOT = "T0SANDBOX", "C1DESK", "C2CIRCLE", "U0BOT"
ASKER, ANNA = "U1ASKER", "U2ANNA"
PLACES: dict[str, Any] = {
    "users": [{"id": ASKER, "name": "asker"}, {"id": ANNA, "name": "anna"}],
    "channels": [
        {"id": QUEUE, "name": "desk", "members": [ASKER, ANNA, BOT]},
        {"id": CIRCLE, "name": "circle", "is_private": True, "members": [ANNA, BOT]},
    ],
}


def settings(slack_api_url: str, database: Path, **more: Any) -> Settings:
    """What an operator would set for the sandbox."""
    config = SandboxConfig()
    return Settings(
        slack_bot_token=config.app.bot_token,
        slack_app_token=config.app.app_token,
        slack_signing_secret=config.signing_secret,
        slack_api_url=slack_api_url,
        database=database,
        **more,
    )


def set_up(database: Path, **changes: Any) -> int:
    """A database with one team, announced a minute ago and read up to then; returns the team's number."""
    said = {
        "workspace": WORKSPACE,
        "name": "Desk",
        "queue": QUEUE,
        "responders": (ANNA,),
        "lead": ANNA,
        "team_channel": CIRCLE,
        "history_days": 0,
    }
    with contextlib.closing(fresh(database)) as db:
        record = teams.get(db, teams.save(db, teams.TeamDraft(**{**said, **changes}), time.time()))
        assert record is not None
        minute_ago = int(time.time()) - 60
        teams.set_announced(db, record.id, minute_ago)
        for queue in record.queues:
            teams.set_watermark(db, queue.id, minute_ago * 1_000_000)
        make_first(db, WORKSPACE, time.time())
    return record.id


@contextlib.asynccontextmanager
async def connected(slack: Client, database: Path, clock: Callable[[], float] = time.time) -> AsyncIterator[Headroom]:
    """The bot over Socket Mode."""
    bot = await asyncio.to_thread(app.build, settings(slack.api_url, database), clock)
    async with app.connected(bot):
        await slack.connected()
        yield bot


@contextlib.asynccontextmanager
async def served(
    slack: Client, database: Path, clock: Callable[[], float] = time.time
) -> AsyncIterator[tuple[Headroom, str]]:
    """The bot over HTTP, with its address."""
    bot = await asyncio.to_thread(app.build, settings(slack.api_url, database), clock)
    async with app.served(bot, "127.0.0.1", 0) as url:
        yield bot, url


async def until(found: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Wait for something that another thread brings about; its first true value."""

    def look() -> Any:
        end = time.monotonic() + seconds
        while not (value := found()):
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds:g} s")
            time.sleep(0.02)
        return value

    return await asyncio.to_thread(look)
