"""Events of a log in any order, given back case by case, in memory that does not grow with the log.

Events are held as columns of numbers, 21 bytes each beside the names of cases and people. Once more than
`HELD` are, all go to temporary files without a name, parted by case, and each part is read back for itself.
"""

import json
import tempfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

import numpy as np

from bot.errors import BadInputError

HELD = 100_000
"""Events held at most before they are parted."""
PARTS = 128
"""Temporary files: 10 million events are about 80,000 in each."""


class _Names:
    """Numbers for texts, by first appearance; 0 for none."""

    def __init__(self) -> None:
        self.texts: list[str] = [""]
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        """The number of a text, a new one for a new text."""
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return found


class Held:
    """Events as columns of numbers."""

    def __init__(self) -> None:
        self.cases, self.actors, self.queues = _Names(), _Names(), _Names()
        self.case, self.actor, self.queue = array("i"), array("i"), array("i")
        self.kind, self.at = array("b"), array("q")

    def __len__(self) -> int:
        return len(self.at)

    def add(self, case: str, at: int, kind: int, actor: str, queue: str) -> None:
        """Hold one event: when in Unix microseconds, kind 0 for one that nobody mapped."""
        self.case.append(self.cases.number(case))
        self.at.append(at)
        self.kind.append(kind)
        self.actor.append(self.actors.number(actor))
        self.queue.append(self.queues.number(queue))

    def by_case(self) -> Iterator[list[int]]:
        """Rows of each case, by time; those of one moment as they stood in the log."""
        columns = (np.frombuffer(self.at, np.int64), np.frombuffer(self.case, np.int32))
        rows: list[int] = []
        for row in np.lexsort(columns).tolist():
            if rows and self.case[row] != self.case[rows[0]]:
                yield rows
                rows = []
            rows.append(row)
        if rows:
            yield rows


class Parted:
    """Takes events one by one and gives them back in parts, each holding all events of its cases.

    Use it in a `with` block.
    """

    def __init__(self) -> None:
        self._held = Held()
        self._files: list[IO[bytes]] = []
        self._open = ExitStack()

    def __enter__(self) -> "Parted":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, case: str, at: int, kind: int, actor: str, queue: str) -> None:
        """See `Held.add`."""
        self._held.add(case, at, kind, actor, queue)
        if len(self._held) < HELD:
            return
        try:
            self._part()
        except OSError as error:
            mend = (
                f"a log this long is sorted there, and it cannot be written ({error.strerror}); set TMPDIR to another"
            )
            raise BadInputError("the folder for temporary files", tempfile.gettempdir(), mend) from error

    def parts(self) -> Iterator[Held]:
        """All events, after the last one was added."""
        if not self._files:
            yield self._held
            return
        self._part()
        for file in self._files:
            file.seek(0)
            part = Held()
            for line in file:
                part.add(*json.loads(line))
            yield part

    def _part(self) -> None:
        if not self._files:
            files = (tempfile.TemporaryFile() for _ in range(PARTS))  # noqa: SIM115 - the stack closes them
            self._files = [self._open.enter_context(file) for file in files]
        held = self._held
        for row in range(len(held)):
            case = held.cases.texts[held.case[row]]
            actor, queue = held.actors.texts[held.actor[row]], held.queues.texts[held.queue[row]]
            line = json.dumps((case, held.at[row], held.kind[row], actor, queue)).encode() + b"\n"
            self._files[zlib.crc32(case.encode("utf-8", "surrogatepass")) % PARTS].write(line)
        self._held = Held()
