"""From the oldest schema to today's, with rows."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils import Migrations

from bot.watch import Gone
from storage import database, requests, teams
from storage.database import Database
from storage.migrations import migrations

ROWS = """
insert into teams (id, workspace, name) values (1, 'T1', 'Desk');
insert into queues (id, team, workspace, channel) values (1, 1, 'T1', 'C1');
insert into people (team, person, since) values (1, 'U1', '2026-01-05');
insert into absences values (1, 'U1', '2026-02-03');
insert into emoji values (1, 'eyes', 4);
insert into signals (queue, request, message, kind, at) values (1, 100, 100, 1, 100);
insert into requests values (1, 100, 100, null, null, null, 100, 1);
insert into stale values (1, 100);
insert into keys values ('T1', '2026-11', x'01');
insert into optouts values ('T1', x'02');
insert into coverage (workspace, since, until) values ('T1', 1, 2);
insert into weekly values (1, '2026-11-02', 12.5, 30);
insert into alerts (team, at, level, before) values (1, 5, 3, 1);
insert into snoozes values (1, 6);
insert into outbox (key, team, workspace, channel, body) values ('k', 1, 'T1', 'C1', '{}');
insert into due values ('check', 1, 7, 0);
"""


def oldest(path: Path) -> list[str]:
    """A database as the first version left it, a row in every table; returns these tables."""
    connection = sqlite3.connect(path, isolation_level=None)
    tables = sqlite_utils.Database(connection)
    later = [step.name for step in migrations.pending(tables)][1:]
    migrations.apply(tables, stop_before=later)
    connection.executescript(ROWS)
    names = connection.execute("select name from sqlite_master where type = 'table' and name not like '%sqlite%'")
    held = [name for (name,) in names]
    connection.close()
    return held


def counts(db: Database) -> dict[str, int]:
    names = db.read("select name from sqlite_master where type = 'table' and name not like '%sqlite%'").fetchall()
    return {name: db.read(f"select count(*) from {name}").fetchone()[0] for (name,) in names}


def test_rows_survive_the_upgrade(tmp_path: Path) -> None:
    """Every row of the oldest schema is there after all steps, and the file is sound."""
    tables = oldest(tmp_path / "headroom.db")
    db = Database.open(tmp_path / "headroom.db")
    held = counts(db)
    assert {held.pop(table) for table in tables} == {1}
    assert set(held.values()) <= {0}
    assert db.read("pragma integrity_check").fetchone() == ("ok",)
    assert db.read("pragma foreign_key_check").fetchall() == []
    assert migrations.pending(db.tables) == []
    db.close()


def test_what_is_open_is_derived_anew_after_the_upgrade(tmp_path: Path) -> None:
    """Posts that were one request as each followed the one before are counted from the first, old facts included."""
    path = tmp_path / "headroom.db"
    oldest(path)
    start, four = 1_700_000_000_000_000, 240_000_000
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for at in (start, start + four, start + 2 * four):
            row = (at, at, at)
            connection.execute(
                "insert into signals (queue, request, message, kind, actor, at) values (1, ?, ?, 1, x'01', ?)", row
            )
        connection.execute("insert into requests values (1, ?, ?, null, null, null, ?, 1)", (start, start, start))
        connection.execute("update derived set signal = 4")
    with contextlib.closing(Database.open(path)) as db:
        assert requests.waiting(db, [1]) == [(1, 100), (1, start)]  # readable at once
        requests.drain(db)
        assert requests.waiting(db, [1]) == [(1, 100), (1, start), (1, start + 2 * four)]


def test_words_from_outside_are_gone_after_the_upgrade(tmp_path: Path) -> None:
    """What an odd answer left behind goes from the file, and its queue is heard; our own reasons stay."""
    path = tmp_path / "headroom.db"
    oldest(path)
    quoted = 'Received a response in a non-JSON format: {"ok": true, "text": "the merger closes on Friday"}'
    before = [quoted, "team_added_to_org", "channel_not_found", *(why.value for why in Gone)]
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for number, why in enumerate(before, 2):
            row = (number, f"C{number}", why)
            connection.execute("insert into queues (id, team, workspace, channel, gone) values (?, 1, 'T1', ?, ?)", row)
        connection.execute("update outbox set state = 'failed', error = ?", (quoted,))
    with contextlib.closing(Database.open(path)) as db:
        record = teams.get(db, 1)
        assert record is not None
        stays = [Gone.TAKEN_OUT, Gone.CLOSED, None, Gone.UNNAMED, Gone.FORGOTTEN]
        assert [queue.gone for queue in record.queues] == [None, None, None, None, *stays]
        assert db.read("select error from outbox").fetchone() == ("no_word",)
        db.checkpoint()
    assert not [file for file in tmp_path.iterdir() if b"merger" in file.read_bytes()]


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a step that breaks off the file is the old one, and the next start tries again."""
    path = tmp_path / "headroom.db"
    oldest(path)
    steps = Migrations(migrations.name)
    for step in migrations._migrations:
        steps(name=step.name)(step.fn)

    @steps()
    def breaks_off(tables: sqlite_utils.Database) -> None:
        tables.execute("delete from signals")
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(database, "migrations", steps)
        with pytest.raises(ZeroDivisionError):
            Database.open(path)
    db = Database.open(path)
    assert counts(db)["signals"] == 1
    db.close()
