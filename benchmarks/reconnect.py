"""How long a dead connection goes unnoticed: `python -m benchmarks.reconnect`.

The real bot, connected to the sandbox, has its connection cut without a closing frame (`tcp_drop`) or left open
and silent (`half_open`); a request is posted at once. Printed: seconds until a new connection stands, and whether
the request was kept. Baseline in the same run: slack_sdk's aiohttp client as Bolt starts it (pings every 10 s).
"""

import argparse
import asyncio
import contextlib
import random
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import app
from bot.settings import Settings
from sandbox.server import Client, SandboxConfig, running
from storage import signals, teams
from storage.database import Database
from storage.keys import make_first

FAULTS = ("tcp_drop", "half_open")
ASKER, RESPONDER, QUEUE = "U1ASKER", "U2RESPONDER", "C1QUEUE"
CONFIG = SandboxConfig(rate_limits="fast", retry_scale=0.05)
PHASES = 4.0
"""Seconds within which the fault strikes, so that all phases between two pings are met."""
PATIENCE = 90.0


def prepared(folder: Path) -> Path:
    """A database with one announced team."""
    path = folder / "headroom.db"
    with contextlib.closing(Database.open(path)) as db:
        draft = teams.TeamDraft(
            workspace=CONFIG.workspace_id, name="Desk", queue=QUEUE, responders=(RESPONDER,), history_days=0
        )
        team = teams.save(db, draft, time.time())
        teams.set_announced(db, team, int(time.time()) - 60)
        make_first(db, CONFIG.workspace_id, time.time())
    return path


def kept(database: Path) -> int:
    """How many facts are on disk."""
    with contextlib.closing(Database.open(database, create=False)) as db:
        return signals.count(db, [queue.id for team in teams.all(db) for queue in team.queues])


@contextlib.asynccontextmanager
async def ours(slack: Client, database: Path) -> AsyncIterator[None]:
    """The bot as `headroom run` starts it."""
    settings = Settings(
        slack_bot_token=CONFIG.app.bot_token,
        slack_app_token=CONFIG.app.app_token,
        slack_api_url=slack.api_url,
        database=database,
    )
    bot = await asyncio.to_thread(app.build, settings, time.time)
    async with app.connected(bot):
        yield


@contextlib.asynccontextmanager
async def theirs(slack: Client, _database: Path) -> AsyncIterator[None]:
    """A Bolt app that keeps nothing, as Bolt starts it."""
    client = AsyncWebClient(token=CONFIG.app.bot_token, base_url=slack.api_url)
    bolt = AsyncApp(signing_secret="unused-in-socket-mode", client=client)
    bolt.event("message")(_heard)
    socket = AsyncSocketModeHandler(bolt, CONFIG.app.app_token)
    await socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
    try:
        yield
    finally:
        await socket.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare


async def _heard() -> None:
    """Nothing to do."""


async def connections(slack: Client) -> int:
    """How many connections the app has asked for."""
    return len(await slack.calls(method="apps.connections.open"))


async def reconnected(slack: Client, fault: str, rng: random.Random) -> float:
    """Order the fault at some moment, with a request behind it; returns seconds until a new connection is asked for."""
    await asyncio.sleep(rng.uniform(0, PHASES))
    before = await connections(slack)
    began = time.perf_counter()
    await slack.fault(fault)
    await slack.act(ASKER, "message", channel=QUEUE, text="Could somebody help?")

    async def again(client: Client) -> bool:
        return await connections(client) > before

    await slack.wait_for(again, f"new connection after {fault}", seconds=PATIENCE)
    return time.perf_counter() - began


async def measure(rounds: int, baseline: bool) -> None:
    """Print a line for each fault and round."""
    rng = random.Random(7)
    for name, start in (("Headroom", ours), *((("Bolt's default", theirs),) if baseline else ())):
        for fault in FAULTS:
            for _ in range(rounds):
                with tempfile.TemporaryDirectory() as folder:
                    database = prepared(Path(folder))
                    async with running(CONFIG) as slack:
                        await slack.seed(
                            users=[{"id": ASKER}, {"id": RESPONDER}],
                            channels=[{"id": QUEUE, "members": [ASKER, RESPONDER, CONFIG.app.bot_user_id]}],
                        )
                        async with start(slack, database):
                            await slack.connected()
                            seconds = await reconnected(slack, fault, rng)
                            await slack.flush(30)
                    facts = f", {kept(database)} of 1 requests kept" if start is ours else ""
                print(f"{name:15} {fault:10} {seconds:5.1f} s{facts}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-baseline", action="store_true")
    options = parser.parse_args()
    asyncio.run(measure(options.rounds, not options.no_baseline))
