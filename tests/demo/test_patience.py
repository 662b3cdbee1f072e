"""The demo on a machine that has no time for it: it says what it waits for, and ends only with a program."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.demo import cast, run
from bot.demo.patience import EVERY, FIRST, Patience, Program, through
from sandbox.client import Client
from tests.clock import Clock
from tests.running import until


@asynccontextmanager
async def program(folder: Path, name: str) -> AsyncIterator[Program]:
    """A program that lives until its stdin is closed, and then has last words."""
    log = folder / f"{name}.log"
    code = f"import sys; sys.stdin.read(); sys.exit('Error: {name} is out of paper')"
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE, stderr=stderr
        )
    try:
        yield Program(f"The {name}", process, log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def says(told: list[str], words: str, times: int = 1, seconds: float = 120) -> None:
    """Wait until so many lines hold these words."""
    await until(lambda: len([line for line in told if words in line]) >= times, seconds)


def test_what_is_waited_for_is_said_seldom() -> None:
    """After a while, then once a minute; a new thing to wait for begins anew, and nothing is no news."""
    clock, said = Clock(0.0), list[str]()
    patience = Patience(clock, said.append)
    patience.wait_for("the bus")
    for _ in range(int(FIRST + 2 * EVERY) + 1):
        patience.remind()
        clock.now += 1
        patience.wait_for("the bus")
    assert said == [f"Still waiting for the bus ({n} s); both programs are running." for n in (20, 80, 140)]
    patience.wait_for("the train")
    patience.remind()
    patience.wait_for("")
    clock.now += 1000
    patience.remind()
    assert len(said) == 3
    assert not patience.over


async def test_however_long_it_takes_the_story_is_told(tmp_path: Path) -> None:
    """With both programs alive a story may take a day."""
    clock, said, enough = Clock(0.0), list[str](), asyncio.Event()

    async def slow() -> bool:
        await enough.wait()
        return True

    async with program(tmp_path, "sandbox") as one, program(tmp_path, "bot") as two:
        patience = Patience(clock, said.append)
        patience.wait_for("the warning")
        telling = asyncio.create_task(through(slow(), (one, two), patience, said.append))
        for n in range(3):
            clock.now += 86_400 / 3
            await says(said, "Still waiting for the warning", n + 1)
        assert not telling.done()
        enough.set()
        assert await telling is True
    assert len(said) == 3


async def test_where_nobody_looks_on_patience_ends_and_says_what_was_missing(tmp_path: Path) -> None:
    """The end names what did not come and where to look."""
    clock, said = Clock(0.0), list[str]()
    async with program(tmp_path, "sandbox") as one, program(tmp_path, "bot") as two:
        patience = Patience(clock, said.append, most=900)
        patience.wait_for("the warning")
        clock.now += 901
        assert await through(asyncio.Event().wait(), (one, two), patience, said.append) is False
    assert said == [f"Gave up waiting for the warning. The logs: {tmp_path}/sandbox.log, {tmp_path}/bot.log"]


async def test_a_program_that_ends_ends_the_story(tmp_path: Path) -> None:
    """Which one, how, its last words and its log are said."""
    said: list[str] = []
    async with program(tmp_path, "sandbox") as one, program(tmp_path, "bot") as two:
        patience = Patience(Clock(0.0), said.append)
        telling = asyncio.create_task(through(asyncio.Event().wait(), (one, two), patience, said.append))
        assert two.process.stdin is not None
        two.process.stdin.close()
        assert await telling is False
    assert said == [f"The bot ended, with exit code 1. Its log is {two.log}: Error: bot is out of paper"]


async def test_a_story_broken_by_the_end_of_a_program_says_so(tmp_path: Path) -> None:
    """Not the story's own error is told, but what brought it about."""
    said: list[str] = []

    async def cut_off() -> bool:
        raise ConnectionError("reset by peer")

    async with program(tmp_path, "sandbox") as one, program(tmp_path, "bot") as two:
        assert one.process.stdin is not None
        one.process.stdin.close()
        assert await through(cut_off(), (one, two), Patience(Clock(0.0), said.append), said.append) is False
    assert said[0].startswith("The sandbox ended, with exit code 1.")


async def address(told: list[str]) -> str:
    """The sandbox's address, once the demo told it."""
    found = await until(lambda: re.search(r"(http://\S+)/#", "".join(told)), 60)
    return str(found[1])


async def play(told: list[str], clock: Callable[[], float], seconds: float | None) -> int:
    """The demo for the browser, on any free port."""
    return await run.play(False, None, 0, seconds, clock, told.append)


@pytest.mark.slow
async def test_a_slow_bot_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot takes an hour to read a history: the demo says what it waits for, and stays open."""
    monkeypatch.delenv("HEADROOM_DATABASE", raising=False)
    clock, told = Clock(0.0), list[str]()
    playing = asyncio.create_task(play(told, clock, None))
    async with Client(await address(told)) as sandbox:
        await sandbox.fault("hold", method="conversations.history", rate=1.0)
        await says(told, "Never: the text of a message", len(cast.DESKS))  # the queues were told, so reading begins

        def an_hour_later() -> bool:
            clock.now += 61
            return len([line for line in told if "Still waiting for the first report" in line]) >= 3

        await until(an_hour_later, 120)
        assert (await sandbox.state(cast.ENABLEMENT.people[0]))["connections"] == 1
    assert not playing.done()
    playing.cancel()
    await asyncio.wait([playing])


@pytest.mark.slow
async def test_a_bot_that_cannot_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo ends with the program, its log and its last words."""
    monkeypatch.delenv("HEADROOM_DATABASE", raising=False)
    monkeypatch.setenv("HEADROOM_PORT", "http")
    told: list[str] = []
    assert await play(told, Clock(0.0), 1) == 1
    (end,) = [line for line in told if "The bot ended" in line]
    assert re.search(r"exit code 1\. Its log is /\S+/bot\.log: Error: HEADROOM_PORT is 'http'", end)
