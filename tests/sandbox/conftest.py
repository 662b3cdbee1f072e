"""A seeded sandbox and a real Bolt app on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Client, Install, SandboxConfig, running
from tests.patient import patient

USERS = [
    {"id": "U1", "name": "ann", "real_name": "Ann A", "tz": "Europe/Berlin"},
    {"id": "U2", "name": "ben", "real_name": "Ben B", "tz": "America/New_York"},
    {"id": "U9", "name": "guest", "is_stranger": True, "team_id": "T9"},
]
CHANNELS = [
    {"id": "C1", "name": "desk", "members": ["U1", "U2", "U9", "U0BOT"], "topic": "Ask here"},
    {"id": "C2", "name": "other", "members": ["U1"]},
    {"id": "G1", "name": "secret", "is_private": True, "members": ["U1"]},
    {"id": "G2", "name": "team", "is_private": True, "members": ["U1", "U0BOT"]},
    {"id": "C3", "name": "old", "members": ["U1", "U0BOT"], "is_archived": True},
]


def quick(**changes: Any) -> SandboxConfig:
    """Slack's rules with short delays between its tries."""
    return patient(**{"retry_scale": 0.001, **changes})


@asynccontextmanager
async def seeded(config: SandboxConfig) -> AsyncIterator[Client]:
    """A running sandbox with a few people and channels."""
    async with running(config) as slack:
        await slack.seed(users=USERS, channels=CHANNELS)
        yield slack


@pytest.fixture
async def slack() -> AsyncIterator[Client]:
    """A quick sandbox."""
    async with seeded(quick()) as client:
        yield client


def web(slack: Client, key: str = Install().bot_token) -> AsyncWebClient:
    """Slack's own client, without retries."""
    return AsyncWebClient(token=key, base_url=slack.api_url, retry_handlers=[])


def new_app(slack: Client) -> AsyncApp:
    """A Bolt app that talks to the sandbox and hears its own doings too."""
    return AsyncApp(name="test", client=web(slack), ignoring_self_events_enabled=False)
