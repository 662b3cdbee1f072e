"""What derivation returns: requests, their jobs, who held them when, and the replies. Columns, no behaviour."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.health.facts import Bools, Floats, Ints

ARRIVED, REOPENED, ASKED_AGAIN = 0, 1, 2
"""Why a job was opened (`Jobs.cause`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Jobs:
    """One row a job, ordered by request and time. Times are Unix seconds, NaN where none is known.

    Attributes:
        request: Row in `Requests`.
        cause: ARRIVED, REOPENED (by 🔁, an import, or who wrote again after ✅) or ASKED_AGAIN (a question after a
            thank-you that nobody's ✅ followed).
        opened: When it was asked for; NaN where only a claim was seen.
        started: First claim, else first reply, within the job.
        done: When it was closed; NaN while open, and where it was closed at an unknown time or given up.
        gave_up: When whoever asked gave it up, unfinished; NaN elsewhere.
        open: Whether it still is.
        claimed: Whether somebody claimed it at a known time.
    """

    request: Ints
    cause: Ints
    opened: Floats
    started: Floats
    done: Floats
    gave_up: Floats
    open: Bools
    claimed: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """One row a stretch in which one actor held a job, cut at takeovers and when given back.

    Attributes:
        job: Row in `Jobs`.
        actor: uint64 pseudonym, 0 unknown.
        start: Unix seconds.
        end: Unix seconds, NaN while held, and where it ended at an unknown time.
        open: Still held.
    """

    job: Ints
    actor: NDArray[np.uint64]
    start: Floats
    end: Floats
    open: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Replies:
    """The desk's replies while a job was open, ordered by job and time.

    Attributes:
        job: Row in `Jobs`.
        at: Unix seconds.
    """

    job: Ints
    at: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """One row a request, ordered by queue and key. Times are Unix seconds, NaN where there is none.

    Attributes:
        queue: Storage's number for the channel.
        request: Key, as in the facts.
        arrived: When it was asked; NaN where only claims were seen (it began before the facts).
        answered: First reply by a responder.
        claimed: First claim of the first job.
        started: Work started: claim, else first reply, of the first job.
        first_done: First closing.
        done: Last closing (also of a request that is open again).
        open: Not closed, or open again; never where it was given up.
        reopens: How often it was reopened.
        unsure: Nobody knows whether it came back: its ✅ has no time, and the asker wrote on in the thread.
        ticked: 1 where a ✅ or 🔁 on it was heard at its time, −1 where all of them have none, 0 without any.
        escalations: How often escalated.
        handoffs: How often handed on: to somebody else of the desk, or to another one.
        chases: How often the asker had to ask again.
        last: The newest fact.
        jobs: The jobs of all requests.
        spans: Who held which job when.
        replies: The desk's replies by job.
    """

    queue: Ints
    request: Ints
    arrived: Floats
    answered: Floats
    claimed: Floats
    started: Floats
    first_done: Floats
    done: Floats
    open: Bools
    reopens: Ints
    unsure: Bools
    ticked: Ints
    escalations: Ints
    handoffs: Ints
    chases: Ints
    last: Floats
    jobs: Jobs
    spans: Spans
    replies: Replies

    def __len__(self) -> int:
        return len(self.request)
