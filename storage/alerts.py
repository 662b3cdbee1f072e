"""Changes of level, told or silent, and how long a team wants to hear nothing."""

from dataclasses import dataclass

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Alert:
    """One change of level, as recorded."""

    id: int
    team: int
    at: int
    level: int
    before: int
    outbox: str | None
    acknowledged: int | None


def _alert(row: tuple[int, int, int, int, int, str | None, int | None] | None) -> Alert | None:
    return None if row is None else Alert(*row)


def last(db: Database, team: int) -> Alert | None:
    """The newest change of level of a team, or None before the first."""
    query = (
        "select id, team, at, level, before, outbox, acknowledged from alerts"
        " where team = ? order by at desc, id desc limit 1"
    )
    return _alert(db.read(query, (team,)).fetchone())


def told_since(db: Database, team: int, since: float) -> bool:
    """Whether anything was posted about this team's level since that Unix second."""
    query = "select 1 from alerts where team = ? and outbox is not null and at >= ? limit 1"
    return db.read(query, (team, int(since))).fetchone() is not None


def record(db: Database, team: int, now: float, level: int, before: int, outbox: str | None) -> int:
    """Write down a change of level; call it in the transaction that fills the outbox. Returns its number."""
    with db.write() as connection:
        cursor = connection.execute(
            "insert into alerts (team, at, level, before, outbox) values (?, ?, ?, ?, ?)",
            (team, int(now), int(level), int(before), outbox),
        )
        return int(cursor.lastrowid or 0)


def acknowledge(db: Database, alert: int, team: int, now: float) -> bool:
    """Mark an alert of this team as seen, without saying by whom. False when it was already, or is none."""
    with db.write() as connection:
        cursor = connection.execute(
            "update alerts set acknowledged = ? where id = ? and team = ? and acknowledged is null",
            (int(now), alert, team),
        )
        return cursor.rowcount > 0


def snooze(db: Database, team: int, until: float) -> None:
    """Keep quiet about this team's level until that Unix second."""
    with db.write() as connection:
        connection.execute(
            "insert into snoozes values (?, ?) on conflict do update set until = excluded.until",
            (team, int(until)),
        )


def snoozed_until(db: Database, team: int) -> int:
    """Unix second until which the team wants to hear nothing; 0 when it does."""
    row = db.read("select until from snoozes where team = ?", (team,)).fetchone()
    return int(row[0]) if row else 0
