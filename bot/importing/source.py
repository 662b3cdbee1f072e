"""A file as lines: plain or gzip, told by its first bytes and not by its name, with progress on the way."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.errors import BadInputError
from bot.importing.tally import Tally

BOM = b"\xef\xbb\xbf"
_FOREIGN = {
    b"PK\x03\x04": "that is a zip archive; unpack it and import the file inside, or say --channel for a Slack export",
    b"\xff\xfe": "that is UTF-16; save it as UTF-8",
    b"\xfe\xff": "that is UTF-16; save it as UTF-8",
    b"SQLite": "that is a database; import a log of signals, tickets or events",
}
LONGEST = 1 << 20
"""Longest line, in bytes; a longer one is told as a bad row and never held whole."""
EVERY = 2_000
"""Lines between two words on progress."""

Progress = Callable[[float], None]
"""Told the share of the file read so far, 0–1."""


class Source:
    """An opened log. Use it in a `with` block.

    Args:
        path: The file.
        progress: Told now and then how far we are.

    Raises:
        BadInputError: It cannot be opened, or is plainly something else.
    """

    def __init__(self, path: Path, progress: Progress = lambda share: None) -> None:
        self.path = path
        self._progress = progress
        try:
            self._raw = io.BufferedReader(io.FileIO(path), 1 << 16)
            head = self._raw.read(6)
            self._raw.seek(0)
            self._size = max(1, path.stat().st_size)
        except OSError as error:
            raise BadInputError("FILE", str(path), f"it cannot be read ({error.strerror})") from error
        self._text: io.BufferedReader[io.FileIO] | gzip.GzipFile = self._raw
        if head.startswith(b"\x1f\x8b"):
            self._text = gzip.GzipFile(fileobj=self._raw)
            head = self._peek(6)
        for magic, mend in _FOREIGN.items():
            if head.startswith(magic):
                self.close()
                raise BadInputError("FILE", str(path), mend)

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._text.close()
        self._raw.close()

    def is_json(self) -> bool:
        """Whether any of its first lines begins a JSON object."""
        head = self._peek(1 << 16).removeprefix(BOM)
        return any(line.lstrip().startswith(b"{") for line in head.splitlines())

    def lines(self, tally: Tally) -> Iterator[tuple[int, bytes]]:
        """Lines with their numbers, from 1, without a byte order mark; those over `LONGEST` go to the tally.

        A packed file that ends too early or is damaged ends the lines and is noted in the tally: what was
        read until there is good.
        """
        number = 0
        try:
            while line := self._text.readline(LONGEST):
                number += 1
                if number % EVERY == 0:
                    self._progress(min(1.0, self._raw.tell() / self._size))
                if len(line) == LONGEST and not line.endswith(b"\n"):
                    self._pass_over(tally, number, line)
                else:
                    yield number, line.removeprefix(BOM) if number == 1 else line
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            tally.notes.append(f"{tally.file} is damaged after line {number} ({error}): fetch it again for the rest.")
        self._progress(1.0)

    def _pass_over(self, tally: Tally, number: int, begun: bytes) -> None:
        """Read the rest of a line that is too long, piece by piece, and tell it with its length."""
        length, piece = len(begun), begun
        while not piece.endswith(b"\n") and (piece := self._text.readline(LONGEST)):
            length += len(piece)
        tally.rows += 1
        start = begun[:40].decode("utf-8", "replace")
        mend = f"it is {length:,} bytes long, and {LONGEST:,} is the most; shorten its longest field"
        tally.refuse(number, BadInputError("the line", f"{start}…", mend))

    def _peek(self, size: int) -> bytes:
        try:
            return self._text.peek(size)[:size]
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return b""  # told when the lines are read
