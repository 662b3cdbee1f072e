"""The database file: one connection a thread, writes in one transaction, errors in plain words.

Settings follow https://sqlite.org/wal.html and https://sqlite.org/pragma.html: WAL lets checks read while
facts are written, `synchronous=FULL` makes a commit survive a power cut, and `BEGIN IMMEDIATE` waits for the
lock at the start, where a deferred transaction that reads first and then writes fails at once.
"""

import contextlib
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

import sqlite_utils

from bot.errors import StorageError
from storage.migrations import migrations

BUSY_SECONDS = 5.0
"""How long a write waits for another process before it gives up."""

_LOCKED = "another process has kept it locked for over {busy:g} s; stop that one or try again"
_READ_ONLY = "it can only be read; make the file and its folder writable for this user"
_MENDS = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_NOTADB: "that file is no SQLite database; name another file",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; put the last backup in its place",
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_FULL: "the disk is full; make room and try again, nothing half-written was kept",
    sqlite3.SQLITE_IOERR: "the disk refused to read or write; mend the disk, nothing half-written was kept",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; name a file in a folder that this user may write to",
}
"""SQLite's primary result codes (https://sqlite.org/rescode.html) in words."""

Params = Sequence[object] | Mapping[str, object]


class _Connection(sqlite3.Connection):
    """A connection that can be weakly referenced, so that it ends with its thread."""


class Database:
    """A Headroom database, usable from every thread.

    Each thread has one connection of its own, made when first needed and closed with the thread.

    Attributes:
        path: The file.
        busy_seconds: How long a write waits for a lock.
    """

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        """Not for callers, who use `Database.open`."""
        self.path = path
        self.busy_seconds = busy_seconds
        self._local = threading.local()
        self._owners: weakref.WeakKeyDictionary[_Connection, threading.Thread] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, create: bool = True, busy_seconds: float = BUSY_SECONDS) -> "Database":
        """Open the file, bring its schema up to date and make it readable for its owner alone.

        Args:
            path: The file; its folder must exist.
            create: Make the file if there is none.
            busy_seconds: How long any write waits for a lock held by another process.

        Raises:
            StorageError: No folder, no file (with `create=False`), locked, read-only, no SQLite database,
                another program's database, or one that a newer Headroom made. The file stays as it was.
        """
        db = cls(Path(path), busy_seconds)
        try:
            db._prepare(create)
        except BaseException:
            db.close()
            raise
        return db

    def read(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        """Run one statement on this thread's connection and return its cursor.

        Outside `write` each statement is a transaction of its own.

        Raises:
            StorageError: The database cannot be used.
        """
        with self._plain_errors():
            return self._connection().execute(sql, params)

    @contextlib.contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """One transaction: all of the block is kept, or nothing.

        A block inside another one of the same thread joins it: it is committed or rolled back with the outer
        one. Keep it under 50 ms where it can be long, because writers wait for each other.

        Raises:
            StorageError: Locked for over `busy_seconds`, disk full, read-only. Nothing of the block is kept.
        """
        connection = self._connection()
        if connection.in_transaction:
            yield connection
            return
        with self._plain_errors():
            connection.execute("begin immediate")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:  # a full disk has rolled back already
                    connection.execute("rollback")
                raise

    @property
    def tables(self) -> sqlite_utils.Database:
        """This thread's connection as a sqlite-utils database; its writes join a surrounding `write`."""
        held, connection = self._local, self._connection()
        if not hasattr(held, "tables"):
            held.tables = sqlite_utils.Database(connection, execute_plugins=False)
        tables: sqlite_utils.Database = held.tables
        return tables

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file and empty it, so that nothing deleted lingers there.

        Does as much as readers of the moment allow.
        """
        self.read("pragma wal_checkpoint(truncate)").fetchall()

    def close(self) -> None:
        """Let go of the connections of all threads; work that is under way in one ends first.

        A connection that another thread is using must not be closed under it, which crashes the interpreter: it
        closes by itself when that thread has let go of it too.
        """
        with self._lock:
            self._local = threading.local()
            for connection, owner in list(self._owners.items()):
                if owner is threading.current_thread() or not owner.is_alive():
                    connection.close()

    def refuse_unfit(self) -> None:
        """Refuse a file that this Headroom cannot use; changes nothing.

        Raises:
            StorageError: No such file, read-only, no SQLite database, another program's, or a newer Headroom's.
        """
        self._touch(create=False)
        with self._plain_errors():
            self._refuse_strangers(self._connection())

    def _error(self, mend: str) -> StorageError:
        return StorageError(f"database is {str(self.path)!r}: {mend}")

    @contextlib.contextmanager
    def _plain_errors(self) -> Generator[None]:
        """Turn what the machine refused into a sentence; faults of ours pass as they are."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            # extended codes carry the primary one in their low byte
            mend = _MENDS.get(getattr(error, "sqlite_errorcode", -1) & 0xFF)
            if mend is None:
                raise
            raise self._error(mend.format(busy=self.busy_seconds)) from error

    def _connection(self) -> _Connection:
        held = self._local  # close() may put another in its place at any moment
        if not hasattr(held, "connection"):
            held.connection = self._connect(foreign_keys=True)
        connection: _Connection = held.connection
        return connection

    def _connect(self, *, foreign_keys: bool) -> _Connection:
        with self._plain_errors():
            connection = sqlite3.connect(
                self.path,
                timeout=self.busy_seconds,
                isolation_level=None,  # we begin and commit ourselves
                check_same_thread=False,  # only so that close() can reach those of threads that ended
                factory=_Connection,
            )
            with self._lock:
                self._owners[connection] = threading.current_thread()
            connection.execute("pragma synchronous = full")
            connection.execute("pragma secure_delete = on")  # a destroyed key must not linger in free space
            connection.execute(f"pragma foreign_keys = {'on' if foreign_keys else 'off'}")
        return connection

    def _prepare(self, create: bool) -> None:
        self._touch(create)
        # A step that rebuilds a table may not fire `on delete cascade`, so keys are checked afterwards.
        connection = self._connect(foreign_keys=False)
        with self._plain_errors():
            self._refuse_strangers(connection)
            with contextlib.suppress(PermissionError):  # owned by somebody else who lets us write
                self.path.chmod(0o600)
            self._use_wal(connection)
            tables = sqlite_utils.Database(connection, execute_plugins=False)
            if migrations.pending(tables):
                self._migrate(connection, tables)
        connection.close()

    def _use_wal(self, connection: sqlite3.Connection) -> None:
        """Of several that start together on a new file, SQLite refuses all but one without waiting: ask again."""
        end = time.monotonic() + self.busy_seconds
        while True:
            try:
                connection.execute("pragma journal_mode = wal")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def _touch(self, create: bool) -> None:
        if not self.path.parent.is_dir():
            raise self._error(f"there is no folder {str(self.path.parent)!r}; make it or name another file")
        if self.path.is_dir():
            raise self._error("that is a folder; name a file in it")
        if not self.path.exists():
            if not create:
                raise self._error("there is no such file; name an existing database")
            try:
                # 0600 from the first moment; SQLite gives its -wal and -shm the mode of the main file
                os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
            except OSError as error:
                raise self._error(f"it cannot be made ({error.strerror}); name a file in a writable folder") from error
        if not (os.access(self.path, os.R_OK | os.W_OK) and os.access(self.path.parent, os.W_OK)):
            raise self._error(_READ_ONLY)

    def _refuse_strangers(self, connection: sqlite3.Connection) -> None:
        names = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
        if migrations.migrations_table in names:
            applied = connection.execute(
                f"select name from {migrations.migrations_table} where migration_set = ?", (migrations.name,)
            )
            known = {step.name for step in migrations._migrations}
            unknown = [name for (name,) in applied if name not in known]
            if unknown:
                raise self._error(
                    f"a newer Headroom made it (step {unknown[0]!r}); install that version or a newer one"
                )
        if names and not {migrations.migrations_table, "signals"} <= names:
            raise self._error("it belongs to another program; name another file")

    def _migrate(self, connection: sqlite3.Connection, tables: sqlite_utils.Database) -> None:
        connection.execute("begin immediate")  # of two processes that start at once, one waits and finds it done
        try:
            migrations.apply(tables)
            broken = connection.execute("pragma foreign_key_check").fetchone()
            if broken:
                raise self._error(f"rows of {broken[0]!r} point nowhere; put the last backup in its place")
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
