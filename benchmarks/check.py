"""One check over many requests against the bare reading of the same rows: `python -m benchmarks.check`.

A store is filled with requests of the last half year (arrival, claim, reply, done each); then one whole check
(load, derive, all measures, level) is timed against a pass that only reads the same rows into numpy arrays. Printed:
seconds of each (median of five, in turn), the ratio, and the peak memory of the process.
"""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from bot.health.worktime import work_clock
from bot.jobs.judging import HISTORY_WEEKS, LEAD_WEEKS, WEEK, assess_team
from bot.signal import Kind, Signal
from bot.team import Person, Team
from storage import signals, teams
from storage.database import Database

NOW = 1_700_000_000.0
PEOPLE = 60
SECOND = 1_000_000


def facts(queue: int, count: int) -> Iterator[Signal]:
    """Signals of `count` requests whose team is about 80% full."""
    rng = np.random.default_rng(1)
    start = NOW - (HISTORY_WEEKS + LEAD_WEEKS - 1) * WEEK
    clock = work_clock("Mon-Fri 09:00-17:00", "UTC", start, NOW + WEEK)
    last = float(clock.elapsed(NOW))
    service = 0.8 * PEOPLE * last / count
    arrived = np.sort(rng.uniform(0, last, count))
    free = np.zeros(PEOPLE)
    for number, at in enumerate(arrived):
        person = int(np.argmin(free))
        began = max(at, free[person])
        free[person] = ended = began + float(rng.exponential(service))
        actor = person.to_bytes(8, "big")
        key = int(clock.at(at) * SECOND) + number % 1000
        yield Signal(queue, key, key, Kind.ARRIVAL, b"asker---")
        for kind, when in ((Kind.CLAIM, began), (Kind.REPLY, (began + ended) / 2), (Kind.DONE, ended)):
            if when < last:
                moment = int(clock.at(when) * SECOND)
                if kind is Kind.REPLY:
                    yield Signal(queue, key, moment + number % 1000, kind, actor)
                else:
                    yield Signal(queue, key, key, kind, actor, reacted=moment)


def main(count: int) -> None:
    """Fill a store, time both, print."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database.open(Path(folder) / "headroom.db")
        people = tuple(Person(f"p{n}", since=date(2020, 1, 1)) for n in range(PEOPLE))
        number = teams.save_roster(db, "import", Team("Bench", people=people), ["desk"])
        record = teams.get(db, number)
        if record is None:
            raise RuntimeError("the team is not there")
        began = time.perf_counter()
        stored = signals.add(db, facts(record.queues[0].id, count))
        print(f"{count:,} requests, {stored:,} facts stored in {time.perf_counter() - began:.1f} s")
        assess_team(db, record, NOW)  # drains what is derived, and warms both
        bare, checks = [], []
        for _ in range(5):
            began = time.perf_counter()
            signals.load(db, [record.queues[0].id], NOW - (HISTORY_WEEKS + LEAD_WEEKS) * WEEK, NOW)
            bare.append(time.perf_counter() - began)
            began = time.perf_counter()
            found = assess_team(db, record, NOW)
            checks.append(time.perf_counter() - began)
        check, read = statistics.median(checks), statistics.median(bare)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"one check {check:.2f} s (level {found.level.word}), bare reading {read:.2f} s, ratio {check / read:.1f}"
        )
        print(f"peak memory {peak:.0f} MiB")
        db.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    main(parser.parse_args().requests)
