"""Signals as columns: what thinking reads, whoever loaded it."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.signal import Signal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """One row a fact, in any order; doubles do no harm.

    Attributes:
        request: int64, key of the request (the thread's root message).
        message: int64, key of the message the fact is about.
        kind: int8, `bot.signal.Kind`.
        actor: uint64, pseudonym, 0 where nobody is known.
        at: float64, Unix seconds; for untimed rows the message's time.
        timed: bool, whether `at` is when it really happened.
        undoes: int8, the kind a WITHDRAW takes back, else 0.
        queue: int32, storage's number for the channel.
    """

    request: NDArray[np.int64]
    message: NDArray[np.int64]
    kind: NDArray[np.int8]
    actor: NDArray[np.uint64]
    at: NDArray[np.float64]
    timed: NDArray[np.bool_]
    undoes: NDArray[np.int8]
    queue: NDArray[np.int32]

    @classmethod
    def of(cls, signals: Iterable[Signal]) -> Self:
        """Facts of signals held in memory."""
        rows = list(signals)
        return cls(
            request=np.array([s.request for s in rows], np.int64),
            message=np.array([s.message for s in rows], np.int64),
            kind=np.array([s.kind for s in rows], np.int8),
            actor=np.array([int.from_bytes(s.actor, "big") for s in rows], np.uint64),
            at=np.array([s.at / 1e6 for s in rows], np.float64),
            timed=np.array([s.timed for s in rows], np.bool_),
            undoes=np.array([s.undoes for s in rows], np.int8),
            queue=np.array([s.queue for s in rows], np.int32),
        )

    @classmethod
    def join(cls, parts: Iterable["Facts"]) -> Self:
        """The rows of all parts."""
        several = [cls.of(()), *parts]
        return cls(*(np.concatenate([getattr(p, f.name) for p in several]) for f in fields(cls)))

    def __len__(self) -> int:
        return len(self.at)

    def take(self, rows: NDArray[Any] | slice) -> Self:
        """The rows that a mask, an index array or a slice names."""
        return type(self)(*(getattr(self, f.name)[rows] for f in fields(self)))
