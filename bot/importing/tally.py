"""What an import met: facts out of rows, rows that cannot be used, and the counts for the summary."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import BadInputError
from bot.signal import Kind, Signal

SHOWN = 20
"""Bad rows told in full; all are counted."""

ACTIVITIES, OTHERS = 1_000, "(others)"
"""Different unmapped activities counted apart: a wrong column has a new one in every row."""

ASKERS = frozenset({Kind.ARRIVAL, Kind.CHASE, Kind.FOLLOWUP, Kind.THANKS, Kind.NOD, Kind.INTERRUPTION})
"""Kinds by people who ask. A log names its requests, so nothing needs to know who asked."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as a log tells it.

    Attributes:
        request: The log's id of the request.
        kind: What happened.
        at: When, in Unix microseconds.
        actor: The log's id of whoever did it, None where unknown.
        queue: Name of the queue, None where the log has none.
        undoes: The kind that a `WITHDRAW` takes back.
    """

    request: str
    kind: Kind
    at: int
    actor: str | None = None
    queue: str | None = None
    undoes: Kind | None = None


@dataclass
class Tally:
    """Counts of one import, filled while it reads.

    Attributes:
        file: Name of the file, for messages.
        rows: Rows read, bad ones included.
        bad: How many of them cannot be used.
        shown: Sentences about the first bad ones.
        ignored: Activities that nobody mapped, with their counts.
        notes: Sentences about the file as a whole.
    """

    file: str
    rows: int = 0
    bad: int = 0
    shown: list[str] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def refuse(self, line: int, error: BadInputError) -> None:
        """Count a bad row, and keep its sentence while there is room: file, line, field, value, mend."""
        self.leave_out(f"{self.file} line {line}: {error}")

    def leave_out(self, sentence: str) -> None:
        """Count something bad, and keep the sentence about it while there is room."""
        self.bad += 1
        if len(self.shown) < SHOWN:
            self.shown.append(sentence)

    def ignore(self, activity: str) -> None:
        """Count an activity that nobody mapped; beyond `ACTIVITIES` different ones, under one name for all."""
        known = activity in self.ignored or len(self.ignored) < ACTIVITIES
        self.ignored[activity if known else OTHERS] += 1


def key(request: str) -> int:
    """A stable number above 0 for a request's id: 63 bits of BLAKE2b, the most that SQLite holds.

    A million requests share a number with probability 5e-8.
    """
    digest = hashlib.blake2b(request.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1 or 1


def signal(fact: Fact, queue: int, pseudonym: Callable[[str], bytes], number: Callable[[str], int] = key) -> Signal:
    """The signal of a fact.

    Args:
        fact: As the log tells it.
        queue: Storage's number for its queue.
        pseudonym: Makes 8 bytes of an actor's id; never asked about people who ask.
        number: Makes the key of a request's id; what is stored needs one that every import makes alike.
    """
    request = number(fact.request)
    nobody = fact.actor is None or fact.kind in ASKERS
    actor = b"" if nobody or fact.actor is None else pseudonym(fact.actor)
    return Signal(queue, request, request, fact.kind, actor, fact.at, int(fact.undoes or 0))
