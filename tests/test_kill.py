"""Nothing lost, nothing doubled: the bot is killed again and again while events pour in over Socket Mode."""

import asyncio
import os
import random
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.signal import microseconds
from sandbox.server import Client, SandboxConfig, running
from storage import teams
from storage.keys import make_first
from tests.fresh import fresh
from tests.patient import patient

pytestmark = pytest.mark.slow


APP = SandboxConfig().app
WORKSPACE, QUEUE, ROOT = "T0SANDBOX", "C0QUEUE", Path(__file__).parents[1]
PEOPLE = [f"U{n:03d}" for n in range(10)]

KILLS = 11
SLOW_INSERT = """
create trigger slow before insert on signals begin
    select count(*) from (
        with recursive c(x) as (select 1 union all select x + 1 from c where x < 1500) select x from c
    );
end
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with one team, announced a minute ago and read up to then."""
    path = tmp_path / "headroom.db"
    db = fresh(path)
    draft = teams.TeamDraft(workspace=WORKSPACE, name="Desk", queue=QUEUE, responders=tuple(PEOPLE[:5]))
    record = teams.get(db, teams.save(db, draft, time.time()))
    assert record is not None
    minute_ago = int(time.time()) - 60
    teams.set_announced(db, record.id, minute_ago)
    teams.set_watermark(db, record.queues[0].id, minute_ago * 1_000_000)
    make_first(db, WORKSPACE, time.time())
    db.close()
    return path


@asynccontextmanager
async def bot(database: Path, slack: Client) -> AsyncIterator[asyncio.subprocess.Process]:
    """The real bot as a process of its own; killed, not asked to stop, when the block ends."""
    proxies = {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"}
    environment = {k: v for k, v in os.environ.items() if k not in proxies and not k.startswith(("SLACK", "HEADROOM"))}
    environment |= {
        "SLACK_BOT_TOKEN": APP.bot_token,
        "SLACK_APP_TOKEN": APP.app_token,
        "SLACK_API_URL": slack.api_url,
        "HEADROOM_DATABASE": str(database),
        "HEADROOM_LOG_LEVEL": "ERROR",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot.cli", "run", cwd=ROOT, env=environment)
    try:
        await slack.connected()
        yield process
    finally:
        process.kill()
        await process.wait()


def kept(database: Path) -> list[int]:
    """The message keys of all stored arrivals and replies, as they are on disk now."""
    with sqlite3.connect(database) as connection:
        return [row[0] for row in connection.execute("select message from signals where reacted = 0")]


async def acked(slack: Client) -> set[int]:
    """Message keys of the message events that the bot has acknowledged so far."""
    attempts = (await slack.deliveries())["deliveries"]
    return {microseconds(a["about"]) for a in attempts if a["acked"] and a["about"]}


async def pour(slack: Client, rng: random.Random, count: int, roots: list[str]) -> None:
    """People write in the queue, many at once: requests, and replies in the threads of earlier ones."""

    async def write() -> None:
        if roots and rng.random() < 0.4:
            root = rng.choice(roots)
            await slack.act(rng.choice(PEOPLE), "message", channel=QUEUE, text="about this", thread_ts=root)
        else:
            sent = await slack.act(rng.choice(PEOPLE[5:]), "message", channel=QUEUE, text="please help")
            roots.append(sent["ts"])

    while count > 0:
        await asyncio.gather(*(write() for _ in range(min(count, 20))))
        count -= 20


@pytest.mark.parametrize("slowed", [False, True], ids=["as it is", "with slowed inserts"])
async def test_no_acknowledged_event_is_lost_and_none_is_doubled(database: Path, slowed: bool) -> None:
    """Over 10 kills and 2,000 events, each event that Slack got an ack for is on disk, and each fact once."""
    if slowed:
        with sqlite3.connect(database) as connection:
            connection.execute(SLOW_INSERT)
    rng = random.Random(11 + slowed)
    config = patient(ack_seconds=1.0, retry_scale=0.02)
    async with running(config) as slack:
        await slack.seed(
            users=[{"id": u, "name": u.lower()} for u in PEOPLE],
            channels=[{"id": QUEUE, "name": "queue", "members": [*PEOPLE, APP.bot_user_id]}],
        )
        missing: set[int] = set()
        roots: list[str] = []
        for _ in range(KILLS):
            async with bot(database, slack):
                # The kill comes with the last messages still on their way.
                await pour(slack, rng, rng.randrange(160, 280), roots)
            # Looked at before the next start, whose reading of the history would hide a loss.
            missing |= await acked(slack) - set(kept(database))
        assert not missing
        assert (await slack.deliveries())["counts"]["events"] >= 2000
        assert len(await acked(slack)) >= (200 if slowed else 1000)
    facts = kept(database)
    assert len(facts) >= 1000 or slowed
    assert len(facts) == len(set(facts))
    with sqlite3.connect(database) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
