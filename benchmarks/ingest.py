"""Durable ingest over Socket Mode against a no-op Bolt app, in the same run: `python -m benchmarks.ingest`.

A bare Socket Mode server sends the same burst of message events to each, in turn, and takes the time until the
last ack. Headroom commits every event before its ack; the baseline keeps nothing. Printed: events a second of
each, and the ratio pair by pair.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from aiohttp import WSMsgType, web

from storage import signals, teams
from storage.database import Database
from storage.keys import make_first

WORKSPACE, QUEUE = "T0BENCH", "C0BENCH"
ROOT = Path(__file__).parents[1]


class Flood:
    """A Socket Mode server that sends a burst and counts the acks."""

    def __init__(self) -> None:
        self._socket: web.WebSocketResponse | None = None
        self._acked: set[str] = set()
        self._wanted = 0
        self._done = asyncio.Event()
        self.open = asyncio.Event()
        self.url = ""
        self._sent = 0

    async def start(self) -> web.AppRunner:
        """Serve on a free port."""
        app = web.Application()
        app.add_routes([web.route("*", "/api/{method}", self._api), web.get("/link", self._link)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        answers: dict[str, dict[str, object]] = {
            "auth.test": {
                "team_id": WORKSPACE,
                "team": "Bench",
                "user_id": "U0BOT",
                "bot_id": "B0BOT",
                "url": "http://x/",
            },
            "apps.connections.open": {"url": f"ws://{self.url}/link"},
        }
        return web.json_response({"ok": True, "messages": [], **answers.get(method, {})})

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self._socket = socket
        self.open.set()
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                self._acked.add(json.loads(frame.data)["envelope_id"])
                if len(self._acked) >= self._wanted:
                    self._done.set()
        return socket

    async def burst(self, count: int) -> float:
        """Send `count` events at once; returns events a second until the last ack."""
        if self._socket is None:
            raise RuntimeError("no connection")
        start = int(time.time()) - 100_000 + self._sent
        frames = [self._frame(f"{start + n // 900}.{n % 900:06d}", n) for n in range(count)]
        self._sent += count
        self._acked, self._wanted = set(), count
        self._done.clear()
        began = time.perf_counter()
        for frame in frames:
            await self._socket.send_str(frame)
        await asyncio.wait_for(self._done.wait(), 120)
        return count / (time.perf_counter() - began)

    @staticmethod
    def payload(ts: str, n: int) -> str:
        """A message event as Slack sends it, as JSON."""
        event = {
            "type": "message",
            "channel": QUEUE,
            "channel_type": "channel",
            "user": f"U{n % 50:03d}",
            "text": "Could somebody look at the pricing page of the deck before Thursday?",
            "ts": ts,
            "event_ts": ts,
            "team": WORKSPACE,
            "client_msg_id": f"{n:032x}",
        }
        body = {
            "token": "t",
            "team_id": WORKSPACE,
            "api_app_id": "A1",
            "type": "event_callback",
            "event": event,
            "event_id": f"Ev{n:010d}{ts}",
            "event_time": int(float(ts)),
            "authorizations": [{"team_id": WORKSPACE, "user_id": "U0BOT", "is_bot": True}],
        }
        return json.dumps(body)

    @classmethod
    def _frame(cls, ts: str, n: int) -> str:
        envelope = {"envelope_id": f"{ts}-{n}", "type": "events_api", "accepts_response_payload": False}
        payload = json.loads(cls.payload(ts, n))
        return json.dumps({**envelope, "payload": payload, "retry_attempt": 0, "retry_reason": ""})


async def measure(command: Sequence[str], environment: dict[str, str], count: int) -> float:
    """Start a program, let it connect and warm up, and measure one burst."""
    flood = Flood()
    runner = await flood.start()
    url = f"http://{flood.url}/api/"
    inherited = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        *([url] if not environment else []),
        cwd=ROOT,
        env=inherited | environment | {"SLACK_API_URL": url},
    )
    try:
        await asyncio.wait_for(flood.open.wait(), 30)
        await flood.burst(300)
        return await flood.burst(count)
    finally:
        program.kill()
        await program.wait()
        await runner.cleanup()


def prepared(folder: Path) -> Path:
    """A database with one announced team."""
    path = folder / "headroom.db"
    db = Database.open(path)
    draft = teams.TeamDraft(workspace=WORKSPACE, name="Bench", queue=QUEUE, responders=("U000", "U001"))
    now = time.time()
    teams.set_announced(db, teams.save(db, draft, now), int(now))
    make_first(db, WORKSPACE, now)
    db.close()
    return path


async def pairs(count: int, rounds: int) -> None:
    """Measure both in turn and print the ratios."""
    ratios = []
    for number in range(rounds):
        baseline = await measure(["benchmarks/noop_app.py"], {}, count)
        with tempfile.TemporaryDirectory() as folder:
            path = prepared(Path(folder))
            environment = {
                "SLACK_BOT_TOKEN": "xoxb-bench",
                "SLACK_APP_TOKEN": "xapp-bench",
                "HEADROOM_DATABASE": str(path),
                "HEADROOM_LOG_LEVEL": "ERROR",
            }
            durable = await measure(["-m", "bot.cli", "run"], environment, count)
            db = Database.open(path, create=False)
            stored = signals.count(db, [queue.id for team in teams.all(db) for queue in team.queues])
            db.close()
        ratios.append(durable / baseline)
        print(
            f"pair {number + 1}: durable {durable:6.0f} events/s ({stored} facts kept), "
            f"no-op {baseline:6.0f} events/s, ratio {ratios[-1]:.2f}",
            flush=True,
        )
    print(f"median ratio of {rounds} pairs: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=3000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    asyncio.run(pairs(options.events, options.pairs))
