"""Pseudonyms: the same within a month, unrelated beyond it, and gone for good when they should be."""

import hmac
from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest

from bot.signal import Kind, Signal
from storage import keys, requests, signals, teams
from storage.database import Database
from storage.keys import Pseudonymizer


def us(year: int, month: int, day: int = 15) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1_000_000


NOV = us(2026, 11)


def no_hours(team: int, month: date) -> Iterable[tuple[date, float, int]]:
    return ()


def months(db: Database, workspace: str = "T1") -> dict[str, bool]:
    """Month → whether its secret lives."""
    rows = db.read("select month, secret from keys where workspace = ? order by month", (workspace,))
    return {month: secret != b"" for month, secret in rows}


def actors(db: Database) -> list[bytes]:
    return [actor for (actor,) in db.read("select actor from signals order by id")]


def test_what_a_pseudonym_is(db: Database) -> None:
    """The first eight bytes of HMAC-SHA256 under the secret of the message's month in UTC."""
    pseudonym = Pseudonymizer(db, "T1")
    last, first = us(2026, 12, 1) - 1, us(2026, 12, 1)
    given = pseudonym("U1", last), pseudonym("U1", first)
    secrets = dict(db.read("select month, secret from keys").fetchall())
    assert given == tuple(hmac.digest(secrets[m], b"U1", "sha256")[:8] for m in ("2026-11", "2026-12"))
    assert given[0] != given[1]


def test_the_same_for_everybody_who_asks(db: Database) -> None:
    """Another object, another day and a new start give the same pseudonym; other people and workspaces another one."""
    first = Pseudonymizer(db, "T1")("U1", NOV)
    db.close()
    again = Database.open(db.path)
    later = Pseudonymizer(again, "T1")
    assert later("U1", us(2026, 11, 30)) == first
    assert len({first, later("U2", NOV), Pseudonymizer(again, "T2")("U1", NOV), later("U1", us(2026, 10))}) == 4
    again.close()


def test_secrets_are_on_disk_first(db: Database) -> None:
    """A pseudonym is given only when another process can find its secret."""
    Pseudonymizer(db, "T1")("U1", NOV)
    other = Database.open(db.path)
    assert months(other) == {"2026-09": True, "2026-10": True, "2026-11": True}
    other.close()


def test_first_secrets(db: Database) -> None:
    """Set-up makes those of this month and the two before; older months stay without."""
    keys.make_first(db, "T1", NOV / 1e6)
    keys.make_first(db, "T1", NOV / 1e6)
    assert list(months(db)) == ["2026-09", "2026-10", "2026-11"]
    assert Pseudonymizer(db, "T1")("U1", us(2026, 8)) == b""
    assert list(months(db)) == ["2026-09", "2026-10", "2026-11"]


def test_months_that_were_slept_through(db: Database) -> None:
    """After months of silence, the messages of the last two are still told apart."""
    keys.make_first(db, "T1", us(2026, 3) / 1e6)
    pseudonym = Pseudonymizer(db, "T1")
    assert pseudonym("U1", NOV) != b""
    assert list(months(db)) == ["2026-01", "2026-02", "2026-03", "2026-09", "2026-10", "2026-11"]
    assert pseudonym("U1", us(2026, 10)) != b""
    assert pseudonym("U1", us(2026, 6)) == b""


def test_imports_have_one_secret(db: Database) -> None:
    """All months of imports share a secret, which is never destroyed."""
    pseudonym = Pseudonymizer(db, keys.IMPORT)
    assert pseudonym("u1", us(2010, 1)) == pseudonym("u1", NOV) != b""
    assert keys.destroy_old(db, us(2030, 1) / 1e6, no_hours) == 0
    assert Pseudonymizer(db, keys.IMPORT)("u1", NOV) == pseudonym("u1", NOV) != b""


def test_objection(db: Database, queue: int) -> None:
    """A person's actors are emptied in all live months, others' stay, and later facts have none, for whoever asks."""
    pseudonym, elsewhere = Pseudonymizer(db, "T1"), Pseudonymizer(db, "T1")
    at = [us(2026, month) for month in (9, 10, 11)]
    for user in ("U1", "U2"):
        signals.add(db, [Signal(queue, t, t, Kind.CLAIM, pseudonym(user, t), t + 5) for t in at])
    elsewhere("U1", NOV)
    keys.opt_out(db, "T1", "U1")
    assert actors(db) == [b"", b"", b"", *(pseudonym("U2", t) for t in at)]
    assert pseudonym("U1", NOV) == elsewhere("U1", NOV) == Pseudonymizer(db, "T1")("U1", us(2026, 12)) == b""
    assert pseudonym("U2", NOV) != b""
    keys.opt_out(db, "T1", "U1")
    stored = db.read("select person from optouts").fetchall()
    assert len(stored) == 1
    assert b"U1" not in stored[0][0]


def test_objection_stays_in_its_workspace(db: Database, queue: int) -> None:
    """The same user id elsewhere, and in imports, is another matter."""
    imported = keys.Pseudonymizer(db, keys.IMPORT)
    keys.opt_out(db, "T1", "U1")
    assert imported("U1", NOV) != b""
    assert Pseudonymizer(db, "T2")("U1", NOV) != b""


@pytest.mark.parametrize("first", ["U1", ""])
def test_equal_rows_become_one(db: Database, queue: int, first: str) -> None:
    """When emptying makes two facts equal, the earlier one stays, whichever was anonymous before."""
    pseudonym = Pseudonymizer(db, "T1")
    second = "" if first else "U1"
    for user in (first, second):
        actor = pseudonym(user, NOV) if user else b""
        signals.add(db, [Signal(queue, NOV, NOV, Kind.CLAIM, actor, NOV + 5)])
    (earliest,) = db.read("select min(id) from signals").fetchone()
    keys.opt_out(db, "T1", "U1")
    assert db.read("select id, actor from signals").fetchall() == [(earliest, b"")]


def test_a_back_filled_fact_meets_the_emptied_one(db: Database, queue: int) -> None:
    """What history says again about somebody who objected is known already."""
    pseudonym = Pseudonymizer(db, "T1")
    facts = [("arrival", Kind.ARRIVAL, 0), ("claim", Kind.CLAIM, NOV + 5)]
    signals.add(db, [Signal(queue, NOV, NOV, k, pseudonym("U1", NOV), r) for _, k, r in facts])
    keys.opt_out(db, "T1", "U1")
    again = [Signal(queue, NOV, NOV, k, pseudonym("U1", NOV), r) for k, r in ((Kind.ARRIVAL, 0), (Kind.CLAIM, 0))]
    assert signals.add(db, again) == 0


def test_old_months_are_destroyed(db: Database, queue: int) -> None:
    """Two months after its end a month's hours are summed up, then its actors are emptied, then its secret goes."""
    pseudonym = Pseudonymizer(db, "T1")
    at = [us(2026, 8), us(2026, 9)]
    signals.add(db, [Signal(queue, t, t, Kind.CLAIM, pseudonym("U1", t), t + 5) for t in at])
    september = pseudonym("U1", at[1])
    (secret,) = db.read("select secret from keys where month = '2026-08'").fetchone()
    asked: list[tuple[int, date, int]] = []

    def busy(team: int, month: date) -> list[tuple[date, float, int]]:
        asked.append((team, month, sum(actor != b"" for actor in actors(db))))
        return [(date(2026, 8, 3), 12.5, 30), (date(2026, 8, 10), 0.0, 0)] if month.month == 8 else []

    assert keys.destroy_old(db, us(2026, 10, 31) / 1e6, busy) == 2  # June and July, made with August's
    asked.clear()
    assert keys.destroy_old(db, us(2026, 11, 1) / 1e6, busy) == 1
    assert asked == [(1, date(2026, 8, 1), 2)]
    assert actors(db) == [b"", september]
    assert db.read("select * from weekly").fetchall() == [(1, "2026-08-03", 12.5, 30), (1, "2026-08-10", 0.0, 0)]
    assert months(db) == {"2026-06": False, "2026-07": False, "2026-08": False, "2026-09": True}
    assert pseudonym("U1", at[0]) == b""
    assert pseudonym("U1", at[1]) == september
    assert keys.destroy_old(db, us(2026, 11, 1) / 1e6, busy) == 0
    requests.drain(db)
    assert all(secret not in file.read_bytes() for file in db.path.parent.iterdir())


def test_destruction_that_broke_off_goes_on(db: Database, queue: int) -> None:
    """After a crash amid emptying, what was summed up with all actors known stands, and the rest is done."""
    pseudonym = Pseudonymizer(db, "T1")
    at = us(2026, 8)
    signals.add(db, [Signal(queue, at, at, Kind.CLAIM, pseudonym("U1", at), at + 5)])
    with db.write() as connection:
        connection.execute("create trigger crash before update on signals begin select raise(abort, 'crash'); end")

    def before(team: int, month: date) -> list[tuple[date, float, int]]:
        return [(date(2026, 8, 3), 12.5, 30)] if month.month == 8 else []

    def after(team: int, month: date) -> list[tuple[date, float, int]]:
        return [(date(2026, 8, 3), 0.0, 30)] if month.month == 8 else []

    with pytest.raises(Exception, match="crash"):
        keys.destroy_old(db, NOV / 1e6, before)
    assert months(db)["2026-08"]
    db.read("drop trigger crash")
    keys.destroy_old(db, NOV / 1e6, after)
    assert actors(db) == [b""]
    assert not months(db)["2026-08"]
    assert db.read("select * from weekly").fetchall() == [(1, "2026-08-03", 12.5, 30)]


def test_each_team_is_summed_up(db: Database, queue: int) -> None:
    """All teams of the workspace are asked about, and none of another."""
    pseudonym = Pseudonymizer(db, "T1")
    pseudonym("U1", us(2026, 8))
    second = teams.save(db, teams.TeamDraft(workspace="T1", name="Legal", queue="C2", responders=("U1",)), NOV / 1e6)
    teams.save(db, teams.TeamDraft(workspace="T2", name="Legal", queue="C2", responders=("U1",)), NOV / 1e6)
    asked: list[int] = []

    def busy(team: int, month: date) -> list[tuple[date, float, int]]:
        asked.append(team)
        return []

    keys.destroy_old(db, us(2026, 9) / 1e6, busy)
    assert sorted(set(asked)) == [1, second]
