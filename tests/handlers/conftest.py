"""A desk in a local Slack: real Bolt app, real sockets, real SQLite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.sandbox.config import SandboxConfig
from bot.sandbox.server import running
from bot.slack import Slack
from handlers.parts import Parts
from storage.database import Database
from tests.handlers.desk import BOT, PLACES, Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The bot connected to a workspace with a queue, a team channel and people of every kind."""
    config = SandboxConfig(rate_limits="fast")
    async with running(config) as slack:
        await slack.seed(**PLACES)
        token = config.app.bot_token
        app = AsyncApp(
            token=token,
            signing_secret="unused-in-socket-mode",
            client=AsyncWebClient(token=token, base_url=slack.api_url),
        )
        db = Database.open(tmp_path / "headroom.db")
        woken: list[bool] = []
        parts = Parts(
            db=db,
            slack=Slack(token, slack.api_url),
            clock=config.now,
            wake=lambda: woken.append(True),
            workspace=config.workspace_id,
            bot_user=BOT,
        )
        handlers.register(app, parts)
        socket = AsyncSocketModeHandler(app, config.app.app_token)
        await socket.connect_async()  # type: ignore[no-untyped-call]
        await slack.connected()
        yield Desk(slack, parts, woken)
        await socket.close_async()  # type: ignore[no-untyped-call]
        db.close()
