"""The HTTP door: only what Slack signed just now, durable before the answer, and honest about its readiness."""

import asyncio
import contextlib
import json
import os
import re
import resource
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import app, web
from bot.errors import BadInputError
from sandbox.httpform import sign
from sandbox.server import Client, SandboxConfig, running
from storage import signals, teams
from storage.database import Database
from tests.patient import patient
from tests.running import ANNA, ASKER, PLACES, QUEUE, WORKSPACE, served, set_up, settings, until

SECRET = SandboxConfig().signing_secret
ROOT = Path(__file__).parents[1]


@pytest.fixture
async def slack() -> AsyncIterator[Client]:
    """A workspace with a queue, whose retries come soon."""
    async with running(patient(retry_scale=0.001)) as client:
        await client.seed(**PLACES)
        yield client


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "headroom.db"
    set_up(path)
    return path


def facts(database: Path) -> int:
    """How many signals are on disk."""
    with contextlib.closing(Database.open(database, create=False)) as db:
        return signals.count(db, [queue.id for team in teams.all(db) for queue in team.queues])


def message(n: int = 0) -> bytes:
    """A message event as Slack sends it."""
    ts = f"{int(time.time()) - 10}.{n:06d}"
    event = {"type": "message", "channel": QUEUE, "user": ASKER, "text": "hush, please help", "ts": ts, "event_ts": ts}
    body = {"type": "event_callback", "team_id": WORKSPACE, "event_id": f"Ev{n}", "event": event}
    return json.dumps(body).encode()


async def call(
    url: str, body: bytes, *, at: str | None = None, secret: str = SECRET, signature: str | None = None
) -> int:
    """Send a request as Slack would, or nearly; returns the status."""
    timestamp = str(int(time.time())) if at is None else at
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(secret, timestamp, body) if signature is None else signature,
    }
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.post(url + "/slack/events", data=body, headers=headers) as response,
    ):
        return response.status


async def health(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession(trust_env=False) as session, session.get(url + "/health") as response:
        return response.status, await response.text()


async def test_events_commands_and_buttons_come_in(slack: Client, database: Path) -> None:
    """Slack shakes hands, its message is on disk when it is answered, and `/headroom` is answered too."""
    async with served(slack, database) as (_, url):
        address = f"{url}/slack/events"
        await slack.settings(events_url=address, commands_url=address, interactivity_url=address)
        asked = await slack.act(ASKER, "message", channel=QUEUE, text="Could somebody help?")
        await slack.act(ANNA, "react", channel=QUEUE, ts=asked["ts"], name="eyes")
        assert await slack.flush()
        assert facts(database) == 2
        assert all(row["acked"] and row["retry"] == 0 for row in (await slack.deliveries())["deliveries"])

        await slack.act(ASKER, "command", channel=QUEUE, command="/headroom", text="help")

        async def answered(client: Client) -> bool:
            seen = await client.messages(ASKER, QUEUE)
            return any(m.get("ephemeral") and "/headroom" in m["text"] for m in seen)

        await slack.wait_for(answered, "answer to the command")


async def test_only_fresh_signed_requests_pass(slack: Client, database: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Wrong secret, no signature, an old or future time, a time that is no number: 401, nothing kept or logged."""
    now = int(time.time())
    async with served(slack, database) as (_, url):
        assert await call(url, message(1), secret="another") == 401
        assert await call(url, message(2), signature="") == 401
        assert await call(url, message(3), signature="v0=é") == 401
        for at in (str(now - 400), str(now + 400), "", "soon", "12.5", "-1", "٣", "9" * 5000, f"{now} "):
            assert await call(url, message(4), at=at, signature=sign(SECRET, at, message(4))) == 401, at
        assert await call(url, b"\xff\xfe", secret="another") == 401
        assert facts(database) == 0
        assert await call(url, message(5), at=str(now - 250)) == 200
        assert facts(database) == 1
    assert "its signature does not fit" in caplog.text
    assert "hush" not in caplog.text


async def test_a_clock_an_hour_off_is_named(slack: Client, database: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where this machine's clock is wrong, start and every refused request say so, and by how much."""
    async with served(slack, database, lambda: time.time() + 3600) as (_, url):
        assert await call(url, message()) == 401
    assert re.search(r"clock is \+3[56]\d\d s from Slack's", caplog.text)
    assert re.search(r"refused: its time is \+3[56]\d\d s from ours; set this machine's clock", caplog.text)


async def test_what_is_nobodys_is_told_so(slack: Client, database: Path) -> None:
    """Another path is 404, another verb 405; neither reaches the bot."""
    async with served(slack, database) as (_, url), aiohttp.ClientSession(trust_env=False) as session:
        async with session.get(url + "/slack/events") as response:
            assert response.status == 405
        async with session.post(url + "/", data=b"{}") as response:
            assert response.status == 404


async def test_the_readiness_page_holds_no_figures(slack: Client, database: Path) -> None:
    """While all is well: 200, one word."""
    async with served(slack, database) as (_, url):
        assert await health(url) == (200, "ready\n")


def spoil(database: Path) -> None:
    """Write something else over the file."""
    database.write_bytes(b"no database" * 1000)
    for rest in ("-wal", "-shm"):
        Path(f"{database}{rest}").unlink(missing_ok=True)


async def test_a_database_that_is_gone_shows(slack: Client, database: Path) -> None:
    """When the database cannot be asked, the readiness page is 503 and says why."""
    async with served(slack, database) as (bot, url):
        bot.db.close()
        await asyncio.to_thread(spoil, database)
        assert await health(url) == (503, "not ready: the database does not answer\n")


async def test_a_timetable_that_stands_still_shows(slack: Client, database: Path) -> None:
    """When nothing has been awake for minutes, the bot calls itself not ready; before that it does not."""
    ahead = [0.0]
    given = settings(slack.api_url, database)
    bot = await asyncio.to_thread(app.build, given, lambda: time.time() + ahead[0])
    assert await app.why_not_ready(bot) is None
    ahead[0] = 10_000.0
    assert await app.why_not_ready(bot) == "the timetable stands still"
    bot.db.close()


async def test_a_taken_port_is_named(slack: Client, database: Path) -> None:
    """The sentence names the address and the settings to change."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        with pytest.raises(BadInputError, match=f"127.0.0.1:{port}.*HEADROOM_PORT"):
            await web.listen(aiohttp.web.Application(), "127.0.0.1", port)


@contextlib.asynccontextmanager
async def program(
    slack: Client, database: Path, before: Callable[[], None] | None = None
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`headroom serve` as a process of its own, with its address."""
    said = settings(slack.api_url, database)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "HEADROOM_"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.cli", "serve", "--port", "0"),
        cwd=ROOT,
        env=inherited
        | {
            "SLACK_BOT_TOKEN": str(said.slack_bot_token),
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack.api_url,
            "HEADROOM_DATABASE": str(database),
        },
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=before,
    )
    try:
        yield process, await _address(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(60):
        while line := (await process.stderr.readline()).decode():
            if "is listening http" in line:
                return line.split()[-1]
    raise AssertionError("it ended early")


@pytest.mark.slow
async def test_told_to_stop_it_ends_cleanly(slack: Client, database: Path) -> None:
    """At SIGTERM what was answered is on disk, the exit code is 0, and no token or word of people was logged."""
    async with program(slack, database) as (process, url):
        statuses = await asyncio.gather(*(call(url, message(n)) for n in range(50)))
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        logged = (await process.stderr.read()).decode()
        assert await asyncio.wait_for(process.wait(), 60) == 0
    assert statuses == [200] * 50
    assert facts(database) == 50
    assert "hush" not in logged
    assert "xoxb" not in logged


@pytest.mark.slow
async def test_a_full_disk_refuses_the_ack_and_heals(slack: Client, database: Path) -> None:
    """What cannot be written is answered 500, so Slack sends it again; with room again it is taken, once."""

    def full() -> None:
        size = sum(path.stat().st_size for path in database.parent.iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 150_000, resource.RLIM_INFINITY))

    async with program(slack, database, full) as (process, url):
        statuses: list[int] = []
        while 500 not in statuses:
            assert len(statuses) < 5_000
            statuses += await asyncio.gather(*(call(url, message(len(statuses) + n)) for n in range(50)))
        assert (await health(url))[0] == 503
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        again = [n for n, status in enumerate(statuses) if status != 200]
        assert [await call(url, message(n)) for n in again] == [200] * len(again)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 60) == 0
    assert facts(database) >= len(statuses)


async def test_after_an_outage_nothing_is_missing(slack: Client, database: Path) -> None:
    """Messages sent while nobody listened are on disk soon after the start: retried, or read from the history."""
    async with served(slack, database) as (_, url):
        await slack.settings(events_url=f"{url}/slack/events")
    for n in range(5):
        await slack.act(ASKER, "message", channel=QUEUE, text=f"request {n}")
    await slack.flush()

    async with served(slack, database):
        await until(lambda: facts(database) == 5)


def test_a_refusal_is_by_the_body_as_it_came() -> None:
    """One changed byte, and the signature no longer fits; unchanged it does."""
    body: Any = message()
    at = "1700000000"
    assert web.refusal(SECRET, at, sign(SECRET, at, body), body, 1_700_000_000.0) is None
    assert web.refusal(SECRET, at, sign(SECRET, at, body), body + b" ", 1_700_000_000.0) is not None
