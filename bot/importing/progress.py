"""Progress in a terminal: one line that is written over, a few times a second."""

from collections.abc import Callable
from typing import TextIO

SECONDS = 0.3


class Meter:
    """Shows the share of a file read.

    Args:
        stream: Where to write.
        clock: Seconds.
        shown: Whether to write at all.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float], shown: bool) -> None:
        self._stream, self._clock, self._shown = stream, clock, shown
        self._next = clock() + SECONDS
        self._said = False

    def __call__(self, share: float) -> None:
        """Tell the share, 0–1; shown when some time has passed since the last one."""
        if self._shown and self._clock() >= self._next:
            self._next = self._clock() + SECONDS
            self._said = True
            self._stream.write(f"\r{share:4.0%} read")
            self._stream.flush()

    def close(self) -> None:
        """Wipe the line."""
        if self._said:
            self._stream.write("\r" + " " * 12 + "\r")
            self._stream.flush()
            self._said = False
