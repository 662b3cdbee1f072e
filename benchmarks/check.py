"""One check over many requests against the bare reading of the same rows: `python -m benchmarks.check`.

Two stores are filled with requests (arrival, claim, reply, done each): one with all of them in the 30 weeks that a
check reads, one with them spread over the 13 months that are kept. On each, one whole check (load, derive, all
measures, level) is timed against a pass that runs the same SELECT into numpy arrays and scans each of them once;
printed are seconds of processor time (median of so many rounds, in turn) and their ratio. Then the second store is
asked again with all but the last 30 weeks taken out: the peak memory of a check, in a process of its own, stays level,
as it grows with the window that is read and not with the history.
"""

import argparse
import heapq
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.health.seen.worktime import work_clock
from bot.services.assessing import HISTORY_WEEKS, LEAD_WEEKS, WEEK, assess_team
from bot.signal import Kind
from bot.team import Person
from bot.wishes import Wishes
from storage import teams
from storage.database import Database
from storage.signals import LOADED, SECOND, WINDOW
from storage.teams import TeamRecord

NOW = 1_700_000_000.0
PEOPLE = 60
ASKERS = 100_000
"""So many that hardly two posts of one fall into the five minutes in which they would be one request."""

READ_WEEKS = HISTORY_WEEKS + LEAD_WEEKS
KEPT_WEEKS = 56
"""Thirteen months."""

Row = tuple[int, int, int, bytes, int, int]
"""request, message, kind, actor, reacted, at."""


def worked(arrived: NDArray[np.float64], service: NDArray[np.float64]) -> tuple[list[int], NDArray[np.float64]]:
    """Who takes each request, first come first served, and when that one begins."""
    free = [(0.0, person) for person in range(PEOPLE)]
    who, began = [], []
    for at, long in zip(arrived.tolist(), service.tolist(), strict=True):
        when, person = heapq.heappop(free)
        who.append(person)
        began.append(max(at, when))
        heapq.heappush(free, (began[-1] + long, person))
    return who, np.array(began)


def facts(count: int, weeks: int) -> list[Row]:
    """Facts of so many requests over the last weeks, in order of time, whose team is about 80% full."""
    rng = np.random.default_rng(1)
    clock = work_clock("Mon-Fri 09:00-17:00", "UTC", NOW - (weeks - 1) * WEEK, NOW + WEEK)
    last = float(clock.elapsed(NOW))
    arrived = np.sort(rng.uniform(0, last, count))
    service = rng.exponential(0.8 * PEOPLE * last / count, count)
    who, began = worked(arrived, service)
    key = (clock.at(arrived) * SECOND).astype(np.int64) // 1000 * 1000 + np.arange(count) % 1000
    actors = [person.to_bytes(8, "big") for person in range(1, PEOPLE + 1)]
    askers = rng.integers(PEOPLE + 1, PEOPLE + ASKERS, count).tolist()
    rows: list[Row] = [
        (k, k, int(Kind.ARRIVAL), asker.to_bytes(8, "big"), 0, k) for k, asker in zip(key.tolist(), askers, strict=True)
    ]
    for kind, when in ((Kind.CLAIM, began), (Kind.REPLY, began + service / 2), (Kind.DONE, began + service)):
        past = np.flatnonzero(when < last)
        moments = (clock.at(when[past]) * SECOND).astype(np.int64)
        for k, at, n in zip(key[past].tolist(), moments.tolist(), past.tolist(), strict=True):
            reply = kind is Kind.REPLY
            rows.append((k, at if reply else k, int(kind), actors[who[n]], 0 if reply else at, at))
    return sorted(rows, key=lambda row: row[5])


def fill(folder: Path, count: int, weeks: int, kept: int) -> None:
    """A store with one team and those of the facts that lie in the last `kept` weeks; says how many there are."""
    db = Database.open(folder / "headroom.db")
    people = tuple(Person(f"p{n}", since=date(2020, 1, 1)) for n in range(PEOPLE))
    number = teams.save_roster(db, "import", Wishes(name="Bench"), people, ["desk"])
    queue = team(db, number).queues[0].id
    oldest = (NOW - kept * WEEK) * SECOND
    with db.write() as connection:
        stored = connection.executemany(
            "insert or ignore into signals (queue, request, message, kind, actor, reacted, at)"
            f" values ({queue}, ?, ?, ?, ?, ?, ?)",
            (row for row in facts(count, weeks) if row[5] >= oldest),
        ).rowcount
        # what is derived is not read by a check, and would take ten times as long to fill
        connection.execute("update derived set signal = (select max(id) from signals)")
    print(f"{count:,} requests in {weeks} weeks, {stored:,} facts stored", flush=True)
    db.close()


def team(db: Database, number: int = 1) -> TeamRecord:
    """The one team."""
    record = teams.get(db, number)
    if record is None:
        raise RuntimeError("the team is not there")
    return record


def bare(db: Database, record: TeamRecord) -> float:
    """Run the check's SELECT into arrays and scan each of them once; nothing is derived."""
    since, until = ((NOW - READ_WEEKS * WEEK) * SECOND, NOW * SECOND)
    table = np.fromiter(db.read(WINDOW, (record.queues[0].id, int(since), int(until))), LOADED)
    return sum(float(np.count_nonzero(table[name])) for name in LOADED.names or ())


def seconds(work: Callable[[], object]) -> float:
    """Processor time of some work, so that other programs on the machine change it little."""
    began = time.process_time()
    work()
    return time.process_time() - began


def ratio(folder: Path, rounds: int) -> None:
    """Time both in turn, print."""
    db = Database.open(folder / "headroom.db")
    record = team(db)
    assess_team(db, record, NOW)  # warms both
    read, checks = [], []
    for _ in range(rounds):
        read.append(seconds(lambda: bare(db, record)))
        checks.append(seconds(lambda: assess_team(db, record, NOW)))
    check, passed = statistics.median(checks), statistics.median(read)
    print(f"  one check {check:.2f} s, bare pass {passed:.2f} s, ratio {check / passed:.2f}", flush=True)
    db.close()


def memory(folder: Path) -> None:
    """Print what one check needs at most, beside what the program needs before it."""
    db = Database.open(folder / "headroom.db")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = assess_team(db, team(db), NOW)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory of a check {peak:.0f} MiB, {before:.0f} before it (level {found.level.word})", flush=True)
    db.close()


def apart(work: Callable[..., None], *args: object) -> None:
    """Do some work in a process of its own, so that its memory is its own too."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=args)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def main(count: int, rounds: int) -> None:
    """Fill the stores one after the other, time and weigh."""
    for weeks, kept in ((READ_WEEKS, READ_WEEKS), (KEPT_WEEKS, KEPT_WEEKS), (KEPT_WEEKS, READ_WEEKS)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            apart(fill, folder, count, weeks, kept)
            if weeks == kept:
                apart(ratio, folder, rounds)
            if weeks == KEPT_WEEKS:
                apart(memory, folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    main(chosen.requests, chosen.rounds)
