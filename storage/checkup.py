"""Looking at a database file without changing it."""

from pathlib import Path

import sqlite_utils

from bot.errors import StorageError
from storage.database import Database
from storage.migrations import migrations

BUSY_SECONDS = 2.0


def examine(path: Path, busy_seconds: float = BUSY_SECONDS) -> str:
    """Look through a whole database file: may we write to it, is it ours, is every page sound?

    Args:
        path: The file; it must exist.
        busy_seconds: How long to wait for another process's lock.

    Returns:
        What was found, in a few words.

    Raises:
        StorageError: It is locked, newer, damaged, read-only or another program's, and how to mend that.
    """
    db = Database(path, busy_seconds)
    try:
        db.refuse_unfit()
        with db.write():  # takes the write lock and gives it back
            pass
        wrong = db.read("pragma integrity_check(1)").fetchone()[0]
        if wrong != "ok":
            raise StorageError(f"database is {str(path)!r}: the file is damaged; put the last backup in its place")
        pending = migrations.pending(sqlite_utils.Database(db.tables.conn, execute_plugins=False))
        return "sound" + (", of an older version: the next start brings it up to date" if pending else "")
    finally:
        db.close()
