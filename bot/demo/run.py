"""Starts the sandbox and the bot as two programs, lets the story play, and shows what the bot said."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from bot.demo import cast, history, story
from bot.errors import HeadroomError
from bot.health.results import Level
from bot.logs import mask
from bot.messages import actions
from bot.messages.readable import readable
from sandbox.client import Client
from storage import alerts, teams
from storage.database import Database

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy")
PATIENCE = 55.0
"""Real seconds until the story must have been told."""

LIVE_EVERY = 12.0
"""Real seconds between two live requests in the browser demo."""


def main(
    *, headless: bool = False, transcript: Path | None = None, port: int = 8731, seconds: float | None = None
) -> int:
    """Play the demo; returns the exit code.

    Args:
        headless: Tell the story in the terminal and end; else go on until Ctrl-C.
        transcript: Where to write every Web API call the bot made, as JSON lines.
        port: Of the sandbox; 0 takes a free one.
        seconds: End after that long, in the browser demo.
    """
    for name in (signal.SIGTERM, signal.SIGHUP):  # like Ctrl-C, so that neither program is left behind
        signal.signal(name, signal.default_int_handler)
    try:
        return asyncio.run(_play(headless, transcript, port, seconds))
    except KeyboardInterrupt:
        return 0
    except TimeoutError as late:
        raise HeadroomError(f"The demo did not come to its end: {late}") from late


async def _play(headless: bool, transcript: Path | None, port: int, seconds: float | None) -> int:
    started = time.monotonic()
    offset = history.now() - time.time()
    database = _database()
    run_id = f"{int(time.time()):X}"
    app = {"bot_token": f"xoxb-demo-{run_id}", "app_token": f"xapp-demo-{run_id}"}
    print("Headroom's demo: a local Slack (sandbox) and the bot, talking over Socket Mode. No account needed.")
    print(f"It plays on {cast.NOW[:10]}, a Wednesday, 10:00 in Berlin; the sandbox's rate limits are set to fast.")
    print(f"Database: {database}\n")
    arguments = ["--port", str(port), "--clock-offset", f"{offset:.3f}", "--rate-limits", "fast"]
    arguments += ["--workspace", f"T{run_id}"]
    async with _program("sandbox", *arguments, environment={}) as sandbox_program:
        url = await _address(sandbox_program)
        async with Client(url) as sandbox:
            await story.furnish(sandbox, app)
            environment = {
                "SLACK_BOT_TOKEN": app["bot_token"],
                "SLACK_APP_TOKEN": app["app_token"],
                "SLACK_API_URL": f"{url}/api/",
                "HEADROOM_DATABASE": str(database),
                "HEADROOM_CLOCK_OFFSET": f"{offset:.3f}",
                "HEADROOM_LOG_LEVEL": "WARNING",
            }
            if not headless:
                print(f"Look at it here: {url}/#as={cast.ENABLEMENT.people[0]}&channel={cast.ENABLEMENT.team[0]}\n")
            async with _program("run", environment=environment) as bot_program:
                await sandbox.connected(seconds=20)
                teller = _Teller(sandbox, started)
                try:
                    for desk in cast.DESKS:
                        await story.set_up(sandbox, desk, teller.say)
                    finished = await teller.until_judged(database, f"T{run_id}", bot_program)
                    if finished and not headless:
                        await _stay(sandbox, teller, url, seconds)
                finally:
                    if transcript is not None:
                        await _write_transcript(sandbox, transcript)
                return 0 if finished else 1


async def _stay(sandbox: Client, teller: "_Teller", url: str, seconds: float | None) -> None:
    print(f"\nLive requests go on arriving. {url} is open until Ctrl-C; act as anybody, type /headroom.")
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(story.live(sandbox, LIVE_EVERY)), group.create_task(teller.follow())]
        await asyncio.sleep(seconds if seconds is not None else 10 * 365 * 86_400.0)
        for task in tasks:
            task.cancel()


class _Teller:
    """Prints what the bot posted, as it comes."""

    def __init__(self, sandbox: Client, started: float) -> None:
        self._sandbox, self._started, self._seen = sandbox, started, 0
        self._names = {d.queue[0]: d.queue[1] for d in cast.DESKS} | {d.team[0]: d.team[1] for d in cast.DESKS}
        self._warned: set[str] = set()
        self._reported: set[str] = set()

    def say(self, sentence: str) -> None:
        print(f"[{time.monotonic() - self._started:4.1f} s] {sentence}", flush=True)

    async def show_new(self) -> None:
        for call in await self._sandbox.calls(since=self._seen):
            self._seen = max(self._seen, int(call["n"]))
            if call["method"] == "chat.postMessage" and call["response"].get("ok"):
                self._show(call["args"])

    def _show(self, posted: Mapping[str, Any]) -> None:
        channel = str(posted["channel"])
        self.say(f"Headroom posts in #{self._names.get(channel, channel)}:")
        for line in readable(posted).splitlines():
            print(f"    │ {line}")
        print(flush=True)
        if actions.ACKNOWLEDGE in json.dumps(posted.get("blocks") or ()):
            self._warned.add(channel)
        if "First report" in str(posted.get("text")):
            self._reported.add(channel)

    async def follow(self) -> None:
        while True:
            await self.show_new()
            await asyncio.sleep(1)

    async def until_judged(self, database: Path, workspace: str, program: asyncio.subprocess.Process) -> bool:
        """Show posts until both desks have been judged and told; True when each got what it should."""
        expected = {cast.ENABLEMENT.team[0]}
        told = {desk.team[0] for desk in cast.DESKS}
        while time.monotonic() - self._started < PATIENCE:
            if program.returncode is not None:
                self.say(f"The bot ended early, with exit code {program.returncode}.")
                return False
            await self.show_new()
            judged = await asyncio.to_thread(_judged, database, workspace)
            reported = self._reported >= told
            if reported and len(judged) == len(cast.DESKS) and (not self._level_high(judged) or self._warned):
                break
            await asyncio.sleep(0.25)
        else:
            self.say("The desks were not judged in time.")
            return False
        for desk in cast.DESKS:
            warned = "a warning" if desk.team[0] in self._warned else "no warning"
            self.say(f"{desk.name}: {judged[desk.name].word}, {warned}.")
        return self._warned == expected

    @staticmethod
    def _level_high(judged: Mapping[str, Level]) -> bool:
        return any(level >= Level.WATCH for level in judged.values())


def _judged(database: Path, workspace: str) -> dict[str, Level]:
    """The last known level of each of this run's teams that has one."""
    db = Database.open(database)
    try:
        found = {}
        for team in teams.all(db):
            last = alerts.last(db, team.id)
            if team.workspace == workspace and last is not None:
                found[team.team.name] = Level(last.level)
        return found
    finally:
        db.close()


def _database() -> Path:
    """The database that `HEADROOM_DATABASE` names; without it a fresh one in a temporary folder."""
    named = os.environ.get("HEADROOM_DATABASE")
    if named:
        return Path(named).absolute()
    return Path(tempfile.mkdtemp(prefix="headroom-demo-")) / "headroom.db"


@contextlib.asynccontextmanager
async def _program(
    command: str, *arguments: str, environment: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """One of our own programs, ended with the block."""
    inherited = {name: value for name, value in os.environ.items() if name not in PROXIES}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli",
        command,
        *arguments,
        env={**inherited, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE if command == "sandbox" else None,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 10)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _address(sandbox: asyncio.subprocess.Process) -> str:
    """The sandbox's address, which it prints when it serves."""
    if sandbox.stdout is None:
        raise RuntimeError("the sandbox was started without a pipe")
    while line := await sandbox.stdout.readline():
        words = line.decode().split()
        for word in words:
            if word.startswith("http://127.0.0.1:"):
                return word.rstrip("/.")
    raise HeadroomError("the sandbox did not start: its port may be taken, try another with --port")


async def _write_transcript(sandbox: Client, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for call in await sandbox.calls(since=0):
            line = {name: call[name] for name in ("method", "args", "response")}
            file.write(mask(json.dumps(line, ensure_ascii=False)) + "\n")  # the way in over Socket Mode is a secret
