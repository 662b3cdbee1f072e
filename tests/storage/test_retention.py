"""Letting go: what is too old, and who wants to be forgotten."""

from datetime import UTC, datetime

import pytest

from bot.signal import Kind, Signal
from bot.team import Person
from bot.wishes import Wishes
from storage import alerts, coverage, due, keys, outbox, requests, retention, signals, teams
from storage.database import Database


def us(*day: int) -> int:
    return int(datetime(*day, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type, misc]


def messages(db: Database) -> list[int]:
    return [m for (m,) in db.read("select message from signals order by message")]


@pytest.mark.parametrize(
    ("now", "first_kept"),
    [((2026, 11, 22, 15), (2025, 10, 22)), ((2027, 3, 31), (2026, 2, 28)), ((2026, 1, 1), (2024, 12, 1))],
)
def test_thirteen_months(db: Database, queue: int, now: tuple[int, ...], first_kept: tuple[int, ...]) -> None:
    """Facts from before the same day thirteen months ago go, the others stay."""
    edge = us(*first_kept)
    signals.add(db, [Signal(queue, t, t, Kind.ARRIVAL) for t in (edge - 1, edge)])
    requests.drain(db)
    assert retention.expire(db, us(*now) / 1e6)["signals"] == 1
    assert messages(db) == [edge]
    requests.drain(db)
    assert requests.waiting(db, [queue]) == [(queue, edge)]
    assert retention.expire(db, us(*now) / 1e6)["signals"] == 0


def test_many_go(db: Database, queue: int) -> None:
    """More facts than one transaction takes all go."""
    signals.add(db, [Signal(queue, t, t, Kind.ARRIVAL) for t in range(10**15, 10**15 + 1700)])
    assert retention.expire(db, us(2026, 11, 22) / 1e6)["signals"] == 1700
    assert messages(db) == []


def test_imports_stay(db: Database) -> None:
    """What was imported is kept however old it is."""
    team = teams.save_roster(db, teams.IMPORTED, Wishes(name="Old desk"), (Person("a"),), ["q"])
    queue = teams.queue_id(db, team, teams.IMPORTED, "q")
    signals.add(db, [Signal(queue, 5, 5, Kind.ARRIVAL, reacted=us(1999, 1, 1))])
    assert retention.expire(db, us(2026, 11, 22) / 1e6)["signals"] == 0
    assert signals.count(db, [queue]) == 1


def test_coverage_goes_too(db: Database) -> None:
    """When we were connected is kept as long as what we heard."""
    coverage.seen(db, "T1", us(2025, 1, 1) / 1e6)
    coverage.seen(db, "T1", us(2026, 11, 1) / 1e6)
    assert retention.expire(db, us(2026, 11, 22) / 1e6)["coverage"] == 1


def fill(db: Database, workspace: str, name: str, channel: str) -> int:
    """A team with a row in every table that can hold one of its."""
    at = us(2026, 11, 1)
    team = teams.save(db, teams.TeamDraft(workspace=workspace, name=name, queue=channel, responders=("U1",)), at / 1e6)
    queue = teams.queue_id(db, team, workspace, channel)
    actor = keys.Pseudonymizer(db, workspace)("U1", at)
    signals.add(db, [Signal(queue, at + n, at + n, Kind.ARRIVAL, actor) for n in range(700)])
    requests.drain(db)
    outbox.put(db, key=f"k{team}", team=team, workspace=workspace, channel=channel, body={})
    alerts.snooze(db, team, at / 1e6)
    due.put(db, "check", team, at / 1e6)
    due.put(db, "gaps", queue, at / 1e6)
    coverage.seen(db, workspace, at / 1e6)
    keys.opt_out(db, workspace, "U7")
    with db.write() as connection:
        connection.execute("insert into weekly values (?, '2026-11-02', 1, 1)", (team,))
        connection.execute("insert into absences (team, person, day) values (?, 'U1', '2026-11-02')", (team,))
        connection.execute("insert into alerts (team, at, level, before) values (?, 1, 3, 1)", (team,))
        connection.execute("insert into stale values (?, 1)", (queue,))
    return team


def snapshot(db: Database) -> dict[str, list[tuple[object, ...]]]:
    names = db.read("select name from sqlite_master where type = 'table' and name not like '%sqlite%'").fetchall()
    return {
        name: db.read(f"select * from {name}").fetchall()
        for (name,) in names
        if name not in ("derived", "trust", "keys", "optouts", "coverage")
    }


@pytest.mark.slow
def test_forgetting_a_team(db: Database) -> None:
    """Everything of the team goes; of another one nothing, not even where numbers are alike."""
    fill(db, "T1", "Desk", "C1")
    requests.drain(db)
    before = snapshot(db)
    gone = fill(db, "T1", "Legal", "C2")
    retention.forget_team(db, gone)
    retention.forget_team(db, gone)
    assert snapshot(db) == before


@pytest.mark.slow
def test_forgetting_a_workspace(db: Database) -> None:
    """Nothing of the workspace is left in any table, nor its name in the file; another one is untouched."""
    fill(db, "T-STAYS", "Desk", "C1")
    requests.drain(db)
    before = snapshot(db)
    kept = db.read("select count(*) from keys").fetchone()
    fill(db, "T-GONE", "Desk", "C1")
    fill(db, "T-GONE", "Legal", "C2")
    retention.forget_workspace(db, "T-GONE")
    assert snapshot(db) == before
    assert db.read("select count(*) from keys").fetchone() == kept
    assert db.read("select distinct workspace from optouts").fetchall() == [("T-STAYS",)]
    assert all(b"T-GONE" not in file.read_bytes() for file in db.path.parent.iterdir())


def test_a_forgotten_workspace_that_comes_back_begins_anew(db: Database) -> None:
    """Pseudonyms after coming back have nothing to do with those before, for objects that lived through it too."""
    pseudonym = keys.Pseudonymizer(db, "T1")
    before = pseudonym("U1", us(2026, 11, 1))
    retention.forget_workspace(db, "T1")
    assert pseudonym("U1", us(2026, 11, 1)) != before
