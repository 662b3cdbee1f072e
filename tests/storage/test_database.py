"""The file: who may use it, what a transaction keeps, and what people read when it cannot be used."""

import multiprocessing
import os
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from bot.errors import StorageError
from storage.database import Database

OTHER_USER = 65_534  # "nobody"


def names(db: Database) -> list[str]:
    return [name for (name,) in db.read("select name from teams order by name")]


def put(db: Database, name: str) -> None:
    with db.write() as connection:
        connection.execute("insert into teams (workspace, name) values ('T1', ?)", (name,))


def test_only_the_owner_may_read(db: Database) -> None:
    """The file, its log and its index have mode 0600, whatever the umask."""
    put(db, "a")
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in db.path.parent.iterdir()}
    assert modes == {"headroom.db": 0o600, "headroom.db-wal": 0o600, "headroom.db-shm": 0o600}


def test_an_open_file_is_closed_to_others(db: Database) -> None:
    """A file that others could read is theirs no more once it was opened."""
    db.close()
    db.path.chmod(0o644)
    Database.open(db.path).close()
    assert stat.S_IMODE(db.path.stat().st_mode) == 0o600


def test_settings(db: Database) -> None:
    """Every thread's connection has the settings that durability and cascades rest on."""
    found: list[object] = []
    wanted = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")

    def look() -> None:
        found.extend(db.read(f"pragma {name}").fetchone()[0] for name in wanted)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == ["wal", 2, 1, 5000, 1]


def test_write_keeps_all_or_nothing(db: Database) -> None:
    """A block that fails leaves no trace, the blocks inside it included."""

    def outer() -> None:
        with db.write():
            put(db, "a")
            put(db, "b")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        outer()
    put(db, "c")
    assert names(db) == ["c"]


def test_tables_join_the_transaction(db: Database) -> None:
    """What sqlite-utils writes inside a block goes with the block."""

    def outer() -> None:
        with db.write():
            db.tables.table("teams").insert({"workspace": "T1", "name": "a"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        outer()
    assert names(db) == []


def test_our_own_faults_are_not_disguised(db: Database) -> None:
    """A broken rule of the schema stays what it is, and ends the transaction."""
    put(db, "a")
    with pytest.raises(sqlite3.IntegrityError):
        put(db, "a")
    put(db, "b")
    assert names(db) == ["a", "b"]


def test_numpy_integers_are_refused(db: Database) -> None:
    """A numpy integer would be stored as a blob; every table is strict, so it cannot be."""
    tables = db.read("select name, strict from pragma_table_list where schema = 'main' and type = 'table'")
    loose = {name for name, strict in tables if not strict}
    assert loose <= {"sqlite_schema", "sqlite_sequence", "_sqlite_migrations"}
    with pytest.raises(sqlite3.IntegrityError, match="cannot store BLOB"), db.write() as connection:
        connection.execute("insert into due values ('check', ?, 0, 0)", (np.int64(1),))


@pytest.fixture
def other(db: Database) -> Iterator[sqlite3.Connection]:
    """Another process's connection that has the file locked."""
    connection = sqlite3.connect(db.path, isolation_level=None)
    connection.execute("begin immediate")
    yield connection
    connection.close()


def test_locked(db: Database, other: sqlite3.Connection) -> None:
    """A lock that is not released in time is named, harms nothing, and is forgotten once released."""
    impatient = Database.open(db.path, busy_seconds=0)
    with pytest.raises(StorageError, match=r"^database is '.*headroom\.db': another process has kept it locked"):
        put(impatient, "a")
    other.execute("rollback")
    put(impatient, "b")
    assert names(impatient) == ["b"]
    impatient.close()


def test_reading_goes_on_while_another_writes(db: Database, other: sqlite3.Connection) -> None:
    """A reader neither waits for a writer nor sees what is not committed."""
    other.execute("insert into teams (workspace, name) values ('T1', 'a')")
    assert names(db) == []
    other.execute("commit")
    assert names(db) == ["a"]


def test_full_disk(db: Database) -> None:
    """A full disk is named; what was kept before stays, and smaller writes go on."""
    put(db, "a")
    pages = db.read("pragma page_count").fetchone()[0]
    db.read(f"pragma max_page_count = {pages + 2}").fetchall()
    with pytest.raises(StorageError, match="the disk is full; make room"):
        put(db, "x" * 100_000)
    assert names(db) == ["a"]
    put(db, "b")
    assert names(db) == ["a", "b"]


def test_no_database(tmp_path: Path) -> None:
    """A file of another kind is refused and stays as it was."""
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, " * 200)
    with pytest.raises(StorageError, match="no SQLite database; name another file"):
        Database.open(path)
    assert path.read_text() == "Dear diary, " * 200


def test_another_programs_database(tmp_path: Path) -> None:
    """Somebody else's database is refused and stays as it was."""
    path = tmp_path / "photos.db"
    theirs = sqlite3.connect(path)
    theirs.execute("create table photos (id integer)")
    theirs.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="belongs to another program"):
        Database.open(path)
    assert path.read_bytes() == before


def test_newer(db: Database) -> None:
    """A database with a step that we do not know is refused, by that step's name."""
    db.tables.table("_sqlite_migrations").insert(
        {"migration_set": "headroom", "name": "from_the_future", "applied_at": "2030-01-01"}
    )
    db.close()
    before = db.path.read_bytes()
    with pytest.raises(StorageError, match=r"newer Headroom made it \(step 'from_the_future'\); install"):
        Database.open(db.path)
    assert db.path.read_bytes() == before


def test_no_folder(tmp_path: Path) -> None:
    """A missing folder is named, and not made."""
    with pytest.raises(StorageError, match=r"there is no folder '.*missing'; make it or name another file"):
        Database.open(tmp_path / "missing" / "headroom.db")
    assert not (tmp_path / "missing").exists()


def test_a_folder(tmp_path: Path) -> None:
    """A folder in the file's place is named."""
    with pytest.raises(StorageError, match="that is a folder"):
        Database.open(tmp_path)


def test_no_file(tmp_path: Path) -> None:
    """Where none may be made, a missing file is named, and not made."""
    with pytest.raises(StorageError, match="there is no such file"):
        Database.open(tmp_path / "headroom.db", create=False)
    assert not (tmp_path / "headroom.db").exists()


def test_read_only() -> None:
    """Who may only read the file is told so before anything is tried, and the file stays as it was."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "headroom.db"
        Database.open(path).close()
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        before = path.read_bytes()
        fork = multiprocessing.get_context("fork")
        here, there = fork.Pipe()
        process = fork.Process(target=open_as_other, args=(path, there))
        process.start()
        process.join()
        Path(folder).chmod(0o755)
        assert "it can only be read; make the file and its folder writable" in here.recv()
        assert path.read_bytes() == before


def open_as_other(path: Path, answer: Connection) -> None:
    if os.geteuid() == 0:  # root may write everywhere
        os.setuid(OTHER_USER)
    try:
        Database.open(path)
        answer.send("opened")
    except StorageError as error:
        answer.send(str(error))


def test_two_open_at_once(tmp_path: Path) -> None:
    """Several that start together on a new file all get the finished schema."""
    opened: list[Database] = []
    start = threading.Barrier(4)

    def go() -> None:
        start.wait()
        opened.append(Database.open(tmp_path / "headroom.db"))

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, one in enumerate(opened):
        put(one, str(n))
    assert names(opened[0]) == ["0", "1", "2", "3"]
    for one in opened:
        one.close()


def test_threads_write_together(db: Database) -> None:
    """Of what several threads write, reading before writing, nothing is lost."""

    def go() -> None:
        for _ in range(25):
            with db.write() as connection:
                last = connection.execute("select coalesce(max(id), 0) from teams").fetchone()[0]
                connection.execute("insert into teams (workspace, name) values ('T1', ?)", (str(last),))

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, names(db))) == list(range(100))


def test_closing_waits_for_nobody_and_harms_nobody(db: Database) -> None:
    """Threads that read while the database is closed go on unharmed; once all have let go, the file is left clean."""
    closed = threading.Event()
    read: list[int] = []
    count = "with recursive c(x) as (select 1 union all select x + 1 from c where x < 5000) select count(*) from c"

    def go() -> None:
        while not closed.is_set():
            read.append(db.read(count).fetchone()[0])

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    while len(read) < 20 and all(thread.is_alive() for thread in threads):
        db.close()
    closed.set()
    for thread in threads:
        thread.join()
    db.close()
    assert len(read) >= 20
    assert set(read) == {5000}
    assert not db.path.with_name(db.path.name + "-wal").exists()
