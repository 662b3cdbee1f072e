"""One thread that puts facts on disk before Slack gets its acknowledgement.

Whatever waits is committed in one transaction, at once: a commit for each event is slower, and so is
waiting for company.
"""

import queue
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future

from bot.errors import StorageError
from bot.signal import Interruption, Signal
from storage import interruptions
from storage.database import Database
from storage.signals import Row, insert, row_of

_MOST = 1000
"""Rows in one transaction, so that it stays under 50 ms."""

_Waiting = tuple[list[Row], list[Interruption], "Future[None]"]


class Writer:
    """Commits facts one transaction after another, in the order they came.

    Args:
        db: The database.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._inbox: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="headroom-writer")

    def start(self) -> None:
        """Begin to write; what was submitted before is written first."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end; facts submitted later are refused. Harmless when repeated."""
        with self._door:
            if not self._stopped:
                self._stopped = True
                self._inbox.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def submit(self, facts: Sequence[Signal | Interruption]) -> "Future[None]":
        """Hand over facts that belong together.

        Returns:
            A future that is done once they are committed (or were known before). It raises StorageError when
            they are not kept: then do not acknowledge, and Slack sends the event again.
        """
        rows = [row_of(fact) for fact in facts if isinstance(fact, Signal)]
        slots = [fact for fact in facts if isinstance(fact, Interruption)]
        future: Future[None] = Future()
        future.set_running_or_notify_cancel()
        with self._door:
            if self._stopped:
                future.set_exception(StorageError("the bot is stopping: send the event again"))
            else:
                self._inbox.put((rows, slots, future))
        return future

    def _run(self) -> None:
        more = True
        while more:
            batch, more = self._next()
            if batch:
                self._commit(batch)

    def _next(self) -> tuple[list[_Waiting], bool]:
        """What waits, up to `_MOST` rows (blocking for the first), and whether to go on."""
        batch: list[_Waiting] = []
        size = 0
        item = self._inbox.get()
        while item is not None:
            batch.append(item)
            size += len(item[0]) + len(item[1])
            if size >= _MOST or self._inbox.empty():  # only this thread takes
                return batch, True
            item = self._inbox.get()
        return batch, False

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            with self._db.write() as connection:
                insert(connection, [row for rows, _, _ in batch for row in rows])
                slots = [slot for _, slots, _ in batch for slot in slots]
                if slots:
                    interruptions.insert(connection, slots)
        except sqlite3.IntegrityError as error:
            self._commit_each(batch, error)
        except Exception as error:  # the thread must go on for the next ones
            self._fail(batch, error)
        else:
            for *_, future in batch:
                future.set_result(None)

    def _commit_each(self, batch: list[_Waiting], error: sqlite3.IntegrityError) -> None:
        """A fact for a queue that was just forgotten must not take the others with it."""
        if len(batch) == 1:
            self._fail(batch, error)
            return
        for one in batch:
            self._commit([one])

    @staticmethod
    def _fail(batch: list[_Waiting], error: Exception) -> None:
        if not isinstance(error, StorageError):
            error = StorageError(f"signal was not kept: {error}; send the event again")
        for *_, future in batch:
            future.set_exception(error)
