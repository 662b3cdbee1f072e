"""Starts the sandbox and the bot as two programs, lets the story play, and shows what the bot said."""

import asyncio
import contextlib
import json
import math
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

from bot.demo import cast, history, story
from bot.demo.patience import Patience, Program, through
from bot.errors import HeadroomError, StorageError
from bot.health.results import Level
from bot.logs import mask
from bot.messages import actions
from bot.messages.readable import readable
from sandbox.client import Client
from storage import alerts, teams
from storage.database import Database

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy")
PATIENCE = 900.0
"""Real seconds until the story must have been told where nobody looks on; with somebody there it has no end."""

SLOW_ENOUGH = 100.0
"""Seconds that the sandbox gives the bot where Slack gives three: this is no test of this machine's speed."""

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
        return asyncio.run(play(headless, transcript, port, seconds))
    except KeyboardInterrupt:
        return 0


def _print(line: str) -> None:
    print(line, flush=True)


async def play(
    headless: bool,
    transcript: Path | None,
    port: int,
    seconds: float | None,
    clock: Callable[[], float] = time.monotonic,
    tell: Callable[[str], None] = _print,
) -> int:
    """As `main`, in a running event loop.

    Args:
        headless: As in `main`.
        transcript: As in `main`.
        port: As in `main`.
        seconds: As in `main`.
        clock: Seconds that only go forward, for what is said of waiting.
        tell: Takes each line.
    """
    teller = _Teller(clock, tell)
    patience = Patience(clock, teller.say, PATIENCE if headless or seconds is not None else None)
    offset = history.now() - time.time()
    folder = Path(tempfile.mkdtemp(prefix="headroom-demo-"))
    database = _database(folder)
    run_id = f"{int(time.time()):X}"
    app = {"bot_token": f"xoxb-demo-{run_id}", "app_token": f"xapp-demo-{run_id}"}
    tell("Headroom's demo: a local Slack (sandbox) and the bot, talking over Socket Mode. No account needed.")
    tell(f"It plays on {cast.NOW[:10]}, a Wednesday, 10:00 in Berlin; the sandbox limits no rates and is patient.")
    tell(f"Database: {database}; logs: {folder}\n")
    arguments = ["--port", str(port), "--clock-offset", f"{offset:.3f}", "--rate-limits", "fast"]
    arguments += ["--workspace", f"T{run_id}"]
    async with _program("sandbox", folder, *arguments, environment={}) as sandbox_program:
        url = await _address(sandbox_program)
        async with Client(url) as sandbox:
            await story.furnish(sandbox, app)
            await sandbox.settings(ack_seconds=SLOW_ENOUGH, trigger_seconds=SLOW_ENOUGH)
            environment = {
                "SLACK_BOT_TOKEN": app["bot_token"],
                "SLACK_APP_TOKEN": app["app_token"],
                "SLACK_API_URL": f"{url}/api/",
                "HEADROOM_DATABASE": str(database),
                "HEADROOM_CLOCK_OFFSET": f"{offset:.3f}",
            }
            if not headless:
                tell(f"Look at it here: {url}/#as={cast.ENABLEMENT.people[0]}&channel={cast.ENABLEMENT.team[0]}\n")
            teller.sandbox = sandbox

            async def tale() -> bool:
                patience.wait_for("the bot to connect")
                await sandbox.connected(seconds=math.inf)
                for desk in cast.DESKS:
                    await story.set_up(sandbox, desk, teller.say, patience.wait_for, seconds=math.inf)
                right = await teller.until_told(database, f"T{run_id}", patience)
                if not headless:
                    await _stay(sandbox, teller, url, seconds)
                return right

            async with _program("run", folder, environment=environment) as bot_program:
                try:
                    right = await through(tale(), (sandbox_program, bot_program), patience, teller.say)
                finally:
                    if transcript is not None and not sandbox_program.ended:
                        await _write_transcript(sandbox, transcript)
                return 0 if right else 1


async def _stay(sandbox: Client, teller: "_Teller", url: str, seconds: float | None) -> None:
    teller.tell(f"\nLive requests go on arriving. {url} is open until Ctrl-C; act as anybody, type /headroom.")
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(story.live(sandbox, LIVE_EVERY)), group.create_task(teller.follow())]
        await asyncio.sleep(seconds if seconds is not None else 10 * 365 * 86_400.0)
        for task in tasks:
            task.cancel()


class _Teller:
    """Tells what the bot posted, as it comes.

    Attributes:
        sandbox: Where it posts, once that is open.
        tell: Takes each line.
    """

    sandbox: Client

    def __init__(self, clock: Callable[[], float], tell: Callable[[str], None]) -> None:
        self.tell, self._clock, self._started, self._seen = tell, clock, clock(), 0
        self._names = {d.queue[0]: d.queue[1] for d in cast.DESKS} | {d.team[0]: d.team[1] for d in cast.DESKS}
        self._warned: set[str] = set()
        self._reported: set[str] = set()

    def say(self, sentence: str) -> None:
        self.tell(f"[{self._clock() - self._started:4.1f} s] {sentence}")

    async def show_new(self) -> None:
        for call in await self.sandbox.calls(since=self._seen):
            self._seen = max(self._seen, int(call["n"]))
            if call["method"] == "chat.postMessage" and call["response"].get("ok"):
                self._show(call["args"])

    def _show(self, posted: Mapping[str, Any]) -> None:
        channel = str(posted["channel"])
        self.say(f"Headroom posts in #{self._names.get(channel, channel)}:")
        for line in readable(posted).splitlines():
            self.tell(f"    │ {line}")
        self.tell("")
        if actions.ACKNOWLEDGE in json.dumps(posted.get("blocks") or ()):
            self._warned.add(channel)
        if "First report" in str(posted.get("text")):
            self._reported.add(channel)

    async def follow(self) -> None:
        while True:
            await self.show_new()
            await asyncio.sleep(1)

    async def until_told(self, database: Path, workspace: str, patience: Patience) -> bool:
        """Show posts until both desks have been judged and told; True when each got what it should."""
        while True:
            await self.show_new()
            judged = await asyncio.to_thread(_judged, database, workspace)
            missing = self._missing(judged)
            patience.wait_for(missing)
            if not missing:
                break
            await asyncio.sleep(0.25)
        for desk in cast.DESKS:
            warned = "a warning" if desk.team[0] in self._warned else "no warning"
            self.say(f"{desk.name}: {judged[desk.name].word}, {warned}.")
        return self._warned == {cast.ENABLEMENT.team[0]}

    def _missing(self, judged: Mapping[str, Level]) -> str:
        """What has not been told yet; empty when all has."""
        reports = [desk.name for desk in cast.DESKS if desk.team[0] not in self._reported]
        if reports:
            return f"the first report of {' and '.join(reports)}"
        levels = [desk.name for desk in cast.DESKS if desk.name not in judged]
        if levels:
            return f"the level of {' and '.join(levels)}"
        return "the warning" if max(judged.values()) >= Level.WATCH and not self._warned else ""


def _judged(database: Path, workspace: str) -> dict[str, Level]:
    """The last known level of each of this run's teams that has one."""
    try:
        with contextlib.closing(Database.open(database, create=False)) as db:
            found = {}
            for team in teams.all(db):
                last = alerts.last(db, team.id)
                if team.workspace == workspace and last is not None:
                    found[team.team.name] = Level(last.level)
            return found
    except StorageError:  # locked for long, on a busy machine: it is looked at again
        return {}


def _database(folder: Path) -> Path:
    """The database that `HEADROOM_DATABASE` names; without it a fresh one in the folder."""
    named = os.environ.get("HEADROOM_DATABASE")
    return Path(named).absolute() if named else folder / "headroom.db"


@contextlib.asynccontextmanager
async def _program(
    command: str, folder: Path, *arguments: str, environment: Mapping[str, str]
) -> AsyncIterator[Program]:
    """One of our own programs, which writes a log into the folder; ended with the block."""
    inherited = {name: value for name, value in os.environ.items() if name not in PROXIES}
    name = {"run": "bot"}.get(command, command)
    log = folder / f"{name}.log"
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.cli",
            command,
            *arguments,
            env={**inherited, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if command == "sandbox" else None,
            stderr=stderr,
        )
    try:
        yield Program(f"The {name}", process, log)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 10)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _address(sandbox: Program) -> str:
    """The sandbox's address, which it prints when it serves."""
    if sandbox.process.stdout is None:
        raise RuntimeError("the sandbox was started without a pipe")
    while line := await sandbox.process.stdout.readline():
        words = line.decode().split()
        for word in words:
            if word.startswith("http://127.0.0.1:"):
                return word.rstrip("/.")
    await sandbox.process.wait()
    raise HeadroomError(sandbox.end())


async def _write_transcript(sandbox: Client, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for call in await sandbox.calls(since=0):
            line = {name: call[name] for name in ("method", "args", "response")}
            file.write(mask(json.dumps(line, ensure_ascii=False)) + "\n")  # the way in over Socket Mode is a secret
