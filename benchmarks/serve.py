"""Durable ingest over HTTP against a no-op Bolt app, in the same run: `python -m benchmarks.serve`.

The same burst of signed message events goes to each, in turn, over 50 connections. `headroom serve` commits every
event before it answers 200; the baseline, Bolt's own aiohttp server, keeps nothing. Printed: events a second of
each, and the ratio pair by pair.
"""

import argparse
import asyncio
import contextlib
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiohttp

from benchmarks.ingest import ROOT, Flood, prepared
from sandbox.httpform import sign
from storage import signals, teams
from storage.database import Database

SECRET = "bench-secret"
AT_ONCE = 50


def bodies(count: int, start: int) -> list[bytes]:
    """Message events as Slack posts them, each with a time of its own."""
    made = []
    for n in range(count):
        ts = f"{start + n // 900}.{n % 900:06d}"
        made.append(Flood.payload(ts, n).encode())
    return made


async def burst(url: str, payloads: Sequence[bytes]) -> float:
    """Send all, 50 at a time; returns events a second until the last answer."""
    waiting = iter(payloads)

    async def sender(session: aiohttp.ClientSession) -> None:
        for body in waiting:
            now = str(int(time.time()))
            headers = {
                "Content-Type": "application/json",
                "X-Slack-Request-Timestamp": now,
                "X-Slack-Signature": sign(SECRET, now, body),
            }
            async with session.post(url, data=body, headers=headers) as response:
                if response.status != 200:
                    raise RuntimeError(f"answered {response.status}")

    async with aiohttp.ClientSession(trust_env=False, connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        began = time.perf_counter()
        await asyncio.gather(*(sender(session) for _ in range(AT_ONCE)))
        return len(payloads) / (time.perf_counter() - began)


@contextlib.asynccontextmanager
async def program(command: Sequence[str], environment: dict[str, str], port: int) -> AsyncIterator[str]:
    """A server of its own process; gives the address for events once it answers."""
    inherited = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, env=inherited | environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}/slack/events"
    finally:
        process.kill()
        await process.wait()


def free_port() -> int:
    """A port that nobody holds now."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


async def measure(command: Sequence[str], environment: dict[str, str], port: int, count: int) -> float:
    """Start a server, warm it up, and measure one burst."""
    async with program(command, environment, port) as url:
        start = int(time.time()) - 100_000
        await burst(url, bodies(300, start))
        return await burst(url, bodies(count, start + 1_000))


async def pair(count: int, api: str) -> tuple[float, float, int]:
    """Durable rate, no-op rate, facts kept."""
    port = free_port()
    baseline = await measure(["benchmarks/noop_http.py", api, str(port)], {}, port, count)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        path = prepared(Path(folder))
        environment = {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": api,
            "HEADROOM_DATABASE": str(path),
            "HEADROOM_LOG_LEVEL": "ERROR",
        }
        durable = await measure(["-m", "bot.cli", "serve", "--port", str(port)], environment, port, count)
        with contextlib.closing(Database.open(path, create=False)) as db:
            kept = signals.count(db, [queue.id for team in teams.all(db) for queue in team.queues])
    return durable, baseline, kept


async def pairs(count: int, rounds: int) -> None:
    """Measure both in turn and print the ratios."""
    flood = Flood()  # answers auth.test and the reading of the past
    runner = await flood.start()
    ratios = []
    for number in range(rounds):
        durable, baseline, kept = await pair(count, f"http://{flood.url}/api/")
        ratios.append(durable / baseline)
        print(
            f"pair {number + 1}: durable {durable:6.0f} events/s ({kept} facts kept), "
            f"no-op {baseline:6.0f} events/s, ratio {ratios[-1]:.2f}",
            flush=True,
        )
    await runner.cleanup()
    print(f"median ratio of {rounds} pairs: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=3000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    asyncio.run(pairs(options.events, options.pairs))
