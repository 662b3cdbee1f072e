"""A desk in a local Slack: real Bolt app, real sockets, real SQLite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.desk import Desk, opened
from tests.patient import patient


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The bot connected to a workspace with a queue, a team channel and people of every kind."""
    async with opened(tmp_path, patient()) as open_desk:
        yield open_desk
