"""Looking at a post before it leaves may take long; it is still sent once."""

import asyncio
from pathlib import Path

import pytest

from bot.outbox import SETTLE, Leave, Outbox
from bot.slack import Slack
from sandbox.config import SandboxConfig
from sandbox.server import running
from storage import outbox
from storage.outbox import Post
from tests.fresh import fresh
from tests.patient import patient

APP = SandboxConfig().app


class Slow:
    """A guard that takes longer than an unknown outcome settles; meanwhile another process has its turn."""

    def __init__(self, other: Outbox, moment: list[float]) -> None:
        self._other, self._moment = other, moment

    def leave(self, _post: Post) -> Leave:
        self._moment[0] += SETTLE + 5
        self._other.run()
        return Leave()

    def people(self, _post: Post) -> tuple[str, ...]:
        return ()


@pytest.mark.parametrize("direct", [False, True])
async def test_two_processes_and_a_slow_look_send_one_post(tmp_path: Path, direct: bool) -> None:
    """A channel's post is left to the other, who has taken it up; a direct message, which nobody else sends, goes."""
    async with running(patient()) as slack:
        await slack.seed(
            users=[{"id": "U1ADA", "name": "ada"}],
            channels=[{"id": "C1", "name": "desk", "members": ["U1ADA", APP.bot_user_id]}],
        )
        db, moment = fresh(tmp_path / "headroom.db"), [1_772_460_000.0]
        api = Slack(APP.bot_token, slack.api_url)
        other = Outbox(db, api, lambda: moment[0], "T0SANDBOX")
        place = "U1ADA" if direct else "C1"
        key = outbox.put(db, workspace="T0SANDBOX", channel=place, direct=direct, body={"text": "once", "blocks": []})
        await asyncio.to_thread(Outbox(db, api, lambda: moment[0], "T0SANDBOX", Slow(other, moment)).run)
        places = [channel["id"] for channel in (await slack.state("U1ADA"))["channels"]]
        seen = [m["text"] for one in places for m in await slack.messages("U1ADA", one)]
        assert seen.count("once") == 1
        found = outbox.found(db, key)
        assert found is not None
        assert found[0] == "sent"
        db.close()
