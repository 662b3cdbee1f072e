"""Waiting as long as it takes: what is waited for is said now and then, and only the end of a program ends it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRST, EVERY = 20.0, 60.0
"""Seconds after which it is said for the first time what is waited for, and between two times."""

LOOK = 0.5
"""Seconds between two looks at the programs."""

LAST_WORDS = 5.0
"""Seconds in which a program whose end broke the story has surely ended."""


@dataclass(frozen=True)
class Program:
    """One of our programs while it runs.

    Attributes:
        name: As a sentence begins with it.
        process: The program.
        log: The file that holds what it writes to stderr.
    """

    name: str
    process: asyncio.subprocess.Process
    log: Path

    @property
    def ended(self) -> bool:
        """Whether it runs no more."""
        return self.process.returncode is not None

    def end(self) -> str:
        """How it ended, in a sentence or two, with the last line of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "it is empty")
        return f"{self.name} ended, with exit code {self.process.returncode}. Its log is {self.log}: {last}"


class Patience:
    """What is waited for, and since when.

    Args:
        clock: Seconds that only go forward.
        say: Tells a sentence.
        most: Seconds from now after which to give up; None: never.
    """

    def __init__(self, clock: Callable[[], float], say: Callable[[str], None], most: float | None = None) -> None:
        self._clock, self._say, self._most = clock, say, most
        self._begun = self._since = self._next = clock()
        self.what = ""

    def wait_for(self, what: str) -> None:
        """From now on this is waited for; an empty string: nothing."""
        if what != self.what:
            self.what, self._since = what, self._clock()
            self._next = self._since + FIRST

    def remind(self) -> None:
        """Say what is waited for where it takes long; seldom."""
        now = self._clock()
        if self.what and now >= self._next:
            self._say(f"Still waiting for {self.what} ({now - self._since:.0f} s); both programs are running.")
            self._next = now + EVERY

    @property
    def over(self) -> bool:
        """Whether it is time to give up."""
        return bool(self.what) and self._most is not None and self._clock() - self._begun > self._most


async def through(
    story: Coroutine[Any, Any, bool], programs: Sequence[Program], patience: Patience, say: Callable[[str], None]
) -> bool:
    """Let a story go on while all programs live and patience lasts.

    Args:
        story: What is to be told; its answer is ours.
        programs: Whose end ends the story.
        patience: Reminds, and says when to give up.
        say: Tells a sentence.

    Returns:
        The story's answer; False, after saying why, when it could not be told to its end.
    """
    telling = asyncio.create_task(story)
    try:
        while not telling.done():
            if ended := [program for program in programs if program.ended]:
                say(ended[0].end())
                return False
            if patience.over:
                say(f"Gave up waiting for {patience.what}. The logs: {', '.join(str(p.log) for p in programs)}")
                return False
            patience.remind()
            await asyncio.wait([telling], timeout=LOOK)
        return await _told(telling, programs, say)
    finally:
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await telling


async def _told(telling: "asyncio.Task[bool]", programs: Sequence[Program], say: Callable[[str], None]) -> bool:
    """The story's answer; where a program's end broke it, that is what is said."""
    if telling.exception() is not None:
        ends = [asyncio.ensure_future(program.process.wait()) for program in programs]
        await asyncio.wait(ends, timeout=LAST_WORDS, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        if ended := [program for program in programs if program.ended]:
            say(ended[0].end())
            return False
    return telling.result()
