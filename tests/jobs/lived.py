"""Weeks in the life of a desk whose volume and whose work on a request change at will, as facts in a real store."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np

from bot.health.seen.worktime import WorkClock, work_clock
from bot.signal import Kind, Signal
from storage import signals, teams
from storage.database import Database
from storage.teams import TeamDraft, TeamRecord

WEEK, SECOND = 7 * 86_400.0, 1_000_000
START = datetime(2025, 12, 1, tzinfo=UTC).timestamp()
"""A Monday."""
PEOPLE = ("U1", "U2", "U3", "U4", "U5")


def desk(db: Database, people: tuple[str, ...] = PEOPLE, **said: object) -> TeamRecord:
    """A team in UTC that has been heard since before `START`."""
    draft = TeamDraft(
        **{  # type: ignore[arg-type]
            "workspace": "T0SANDBOX",
            "name": "Deal desk",
            "queue": "C0QUEUE",
            "responders": people,
            "lead": people[0],
            "team_channel": "G0TEAM",
            **said,
        }
    )
    number = teams.save(db, draft, START)
    teams.set_announced(db, number, int(START - WEEK))
    record = teams.get(db, number)
    assert record is not None
    return record


def live(
    db: Database,
    record: TeamRecord,
    weeks: int,
    *,
    jobs: Callable[[int], int],
    service: Callable[[int], float],
    seed: int = 1,
    people: int = 5,
) -> None:
    """Put the facts of so many weeks from `START` on into the store: first come first served.

    Args:
        db: The store.
        record: From `desk`.
        weeks: How many.
        jobs: Week → requests that come, spread evenly enough over its hours.
        service: Week → mean hours of work of a request; each differs by a tenth.
        seed: Of the dice.
        people: Who serve.
    """
    rng = np.random.default_rng(seed)
    clock = work_clock("Mon-Fri 09:00-17:00", "UTC", START, START + (weeks + 6) * WEEK)
    came = np.concatenate([week * 40 + np.sort(rng.random(jobs(week))) * 40 for week in range(weeks)])
    free, rows = [0.0] * people, []
    for at in came.tolist():
        who = int(np.argmin(free))
        began = max(at, free[who])
        free[who] = began + service(min(int(at // 40), weeks - 1)) * float(rng.uniform(0.9, 1.1))
        rows.append((at, began, free[who], who, *dice(rng)))
    signals.add(db, told(clock, record.queues[0].id, rows, START + weeks * WEEK))


Row = tuple[float, float, float, int, int, int]
"""Of a request: the working hours at which it came, was begun and done; who did it, and its `dice`."""


def dice(rng: np.random.Generator) -> tuple[int, int]:
    """The part of a second in which a request came, and which of ninety people asked."""
    return int(rng.integers(1, SECOND)), int(rng.integers(90))


def told(clock: WorkClock, queue: int, rows: Sequence[Row], end: float) -> list[Signal]:
    """Arrival, claim and ✅ of each request; what comes after `end` (Unix seconds) has not happened."""
    hours = np.maximum([row[:3] for row in rows], 1e-6)
    facts = []
    for (came, *later), (_, _, _, who, part, asker) in zip(clock.at(hours).tolist(), rows, strict=True):
        key = int(came * SECOND) + part
        facts.append(Signal(queue, key, key, Kind.ARRIVAL, b"asker-%02d" % asker))
        for kind, moment in zip((Kind.CLAIM, Kind.DONE), later, strict=True):
            if moment < end:
                facts.append(Signal(queue, key, key, kind, bytes([who + 1] * 8), reacted=int(moment * SECOND) + 1))
    return facts
