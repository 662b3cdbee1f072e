"""Hand-overs between desks: which message of one queue carried on which request of another.

Whoever hands a request on posts its permalink in the next queue. The hand-off is dated at that very message, to the
microsecond, so the two meet without any text being kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.health.facts import Facts, Ints
from bot.signal import MESSAGE_KINDS, Kind

Request = tuple[int, int]
"""Queue and key of a request."""

_CARRIES = [int(kind) for kind in (*sorted(MESSAGE_KINDS - {Kind.INTERRUPTION}), Kind.PROMOTE)]


@dataclass(frozen=True, slots=True)
class Handover:
    """A request that went on to another queue.

    Attributes:
        source: The request handed on.
        target: The request it became there, or was added to.
        at: Unix microseconds.
    """

    source: Request
    target: Request
    at: int

    @property
    def seconds(self) -> float:
        """When, in Unix seconds."""
        return self.at / 1e6


def handovers(facts: Facts) -> list[Handover]:
    """Hand-overs among the queues of some facts, earliest first; those into other queues are none here.

    Args:
        facts: Of all these queues, tidied (`bot.health.seen.corrections`).
    """
    given = np.flatnonzero((facts.kind == int(Kind.HANDOFF)) & facts.timed)
    at = moments(facts.at[given])
    carry = np.flatnonzero(np.isin(facts.message, at) & np.isin(facts.kind, _CARRIES))
    carried: dict[int, dict[int, int]] = {}
    for row in carry.tolist():
        carried.setdefault(int(facts.message[row]), {})[int(facts.queue[row])] = int(facts.request[row])
    found = {
        Handover((int(facts.queue[row]), int(facts.request[row])), target, moment)
        for row, moment in zip(given.tolist(), at.tolist(), strict=True)
        for target in carried.get(moment, {}).items()
        if target[0] != int(facts.queue[row])
    }
    return sorted(found, key=lambda one: (one.at, one.source, one.target))


def bounces(passed: Sequence[Handover]) -> Ints:
    """When (Unix microseconds) a request came back to a queue that had it before.

    Args:
        passed: Hand-overs, earliest first.
    """
    had: dict[Request, frozenset[int]] = {}
    back = []
    for one in passed:
        queues = had.get(one.source, frozenset()) | {one.source[0]}
        if one.target[0] in queues:
            back.append(one.at)
        had[one.target] = had.get(one.target, frozenset()) | queues | {one.target[0]}
    return np.array(back, np.int64)


def moments(seconds: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Ints:
    """Unix seconds as microseconds: a double holds those of this century to a quarter of one."""
    return np.rint(seconds * 1e6).astype(np.int64)
