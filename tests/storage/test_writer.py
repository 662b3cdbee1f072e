"""The writer: what it says is kept is kept, whatever goes wrong beside it."""

import sqlite3
import threading
from collections.abc import Generator
from concurrent.futures import Future
from contextlib import contextmanager

import numpy as np
import pytest

from bot.errors import StorageError
from bot.signal import Kind, Signal
from storage import signals
from storage.database import Database
from storage.writer import Writer

AT = 1_700_000_000_000_000


def arrival(queue: int, number: int) -> Signal:
    return Signal(queue, AT + number, AT + number, Kind.ARRIVAL)


def messages(db: Database) -> list[int]:
    return [m - AT for (m,) in db.read("select message from signals order by message")]


def test_done_means_committed(db: Database, queue: int) -> None:
    """Once the future is done, another process finds the fact."""
    writer = Writer(db)
    writer.start()
    writer.submit([arrival(queue, 1), arrival(queue, 2)]).result()
    other = sqlite3.connect(db.path)
    assert other.execute("select count(*) from signals").fetchone() == (2,)
    other.close()
    writer.stop()


class Counting(Database):
    """Counts transactions."""

    begun = 0

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        self.begun += 1
        with super().write() as connection:
            yield connection


def test_what_waits_shares_a_transaction(db: Database, queue: int) -> None:
    """Facts that wait together are committed together, each sender being told."""
    counting = Counting(db.path)
    writer = Writer(counting)
    futures = [writer.submit([arrival(queue, n)]) for n in range(50)]
    writer.start()
    for future in futures:
        future.result()
    assert counting.begun == 1
    assert messages(db) == list(range(50))
    writer.stop()
    counting.close()


def test_stop_drains(db: Database, queue: int) -> None:
    """What was handed over before the end is written; what comes later is refused, so Slack sends it again."""
    writer = Writer(db)
    before = [writer.submit([arrival(queue, n)]) for n in range(3000)]
    writer.start()
    writer.stop()
    writer.stop()
    late = writer.submit([arrival(queue, 9999)])
    assert all(future.done() and future.exception() is None for future in before)
    with pytest.raises(StorageError, match="stopping"):
        late.result()
    assert messages(db) == list(range(3000))


def test_failure_reaches_every_sender_and_the_writer_goes_on(db: Database, queue: int) -> None:
    """When a transaction fails, everyone in it is told; once the cause is gone, all is well."""
    impatient = Database.open(db.path, busy_seconds=0)
    writer = Writer(impatient)
    futures = [writer.submit([arrival(queue, n)]) for n in range(3)]
    other = sqlite3.connect(db.path, isolation_level=None)
    other.execute("begin immediate")
    writer.start()
    for future in futures:
        with pytest.raises(StorageError, match="locked"):
            future.result()
    other.execute("rollback")
    writer.submit([arrival(queue, 7)]).result()
    assert messages(db) == [7]
    writer.stop()
    impatient.close()
    other.close()


def test_a_forgotten_queue_harms_nobody_else(db: Database, queue: int) -> None:
    """A fact for a queue that is no more is refused; those that waited with it are kept."""
    writer = Writer(db)
    good, bad = writer.submit([arrival(queue, 1)]), writer.submit([arrival(queue + 999, 2)])
    also_good = writer.submit([arrival(queue, 3)])
    writer.start()
    good.result()
    also_good.result()
    with pytest.raises(StorageError, match="was not kept"):
        bad.result()
    assert messages(db) == [1, 3]
    writer.stop()


def test_many_threads_lose_nothing(db: Database, queue: int) -> None:
    """Events through the writer, back-fill through `add` and other writes at once: all are kept."""
    writer = Writer(db)
    writer.start()
    futures: list[Future[None]] = []

    def live(start: int) -> None:
        futures.extend([writer.submit([arrival(queue, n)]) for n in range(start, start + 200)])

    def backfill(start: int) -> None:
        for n in range(start, start + 200, 10):
            signals.add(db, [arrival(queue, m) for m in range(n, n + 10)])

    def others() -> None:
        for n in range(50):
            with db.write() as connection:
                connection.execute("insert into due (job, subject, at) values ('x', ?, 0)", (n,))

    threads = [threading.Thread(target=live, args=(n,)) for n in (0, 200, 400)]
    threads += [threading.Thread(target=backfill, args=(n,)) for n in (100, 600)]  # the first overlaps live ones
    threads += [threading.Thread(target=others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.stop()
    assert all(future.exception() is None for future in futures)
    assert messages(db) == list(range(800))
    assert db.read("select count(*) from due where job = 'x'").fetchone() == (50,)


def test_numpy_integers_become_plain(db: Database, queue: int) -> None:
    """Whatever integers a caller uses, plain ones are stored."""
    q, at, later = np.array([queue, AT, AT + 5], np.int64)
    odd = Signal(q, at, at, Kind.CLAIM, b"12345678", later)
    assert signals.add(db, [odd]) == 1
    assert db.read("select typeof(queue), typeof(message), typeof(reacted), at from signals").fetchall() == [
        ("integer", "integer", "integer", AT + 5)
    ]
