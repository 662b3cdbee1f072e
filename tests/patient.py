"""A local Slack, and an app on it, that bear with a busy machine: only what a test is about may run out of time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from sandbox.client import Client
from sandbox.config import Install, SandboxConfig


def patient(**changes: Any) -> SandboxConfig:
    """Slack's rules, but an ack and a trigger may take a minute."""
    return SandboxConfig(**{"rate_limits": "fast", "ack_seconds": 60.0, "trigger_seconds": 60.0, **changes})


@asynccontextmanager
async def listening(slack: Client, app: AsyncApp, ping_seconds: float = 60.0) -> AsyncIterator[None]:
    """The app with its Socket Mode connection open; one that is silent for half of `ping_seconds` counts as dead."""
    handler = AsyncSocketModeHandler(app, Install().app_token, ping_interval=ping_seconds)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        await slack.connected()
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
