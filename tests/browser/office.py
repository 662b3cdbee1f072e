"""The demo's workspace with the real bot in it, as a program of its own."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.demo import history, story
from bot.demo.cast import Desk
from bot.messages import actions
from sandbox.server import Client, running
from tests.patient import patient

ROOT = Path(__file__).parents[2]
APP = {"bot_token": "xoxb-browser", "app_token": "xapp-browser"}


@asynccontextmanager
async def furnished(folder: Path) -> AsyncIterator[Client]:
    """The sandbox with the demo's people and their eight weeks, and the bot connected but invited nowhere.

    Args:
        folder: Where the bot's database goes.
    """
    offset = history.now() - time.time()
    config = patient(clock_offset=offset)
    async with running(config) as slack:
        await story.furnish(slack, APP)
        environment = {
            "SLACK_BOT_TOKEN": APP["bot_token"],
            "SLACK_APP_TOKEN": APP["app_token"],
            "SLACK_API_URL": slack.api_url,
            "HEADROOM_DATABASE": str(folder / "headroom.db"),
            "HEADROOM_CLOCK_OFFSET": f"{offset:.3f}",
            "HEADROOM_LOG_LEVEL": "ERROR",
        }
        async with _bot(environment):
            await slack.connected()
            yield slack


async def warned(slack: Client, desk: Desk) -> None:
    """Wait until the desk's warning stands in its team's channel."""

    async def found(client: Client) -> bool:
        posted = await client.messages(desk.people[0], desk.team[0])
        return any(actions.ACKNOWLEDGE in str(message.get("blocks")) for message in posted)

    await slack.wait_for(found, f"warning for {desk.name}")


@asynccontextmanager
async def _bot(environment: Mapping[str, str]) -> AsyncIterator[None]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith(("SLACK", "HEADROOM"))
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "run", cwd=ROOT, env={**inherited, **environment}
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()
