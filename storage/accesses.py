"""The access log: how often the operator looked at a team's figures, by day and command."""

from datetime import date

from storage.database import Database


def note(db: Database, day: date, what: str) -> None:
    """Count one look.

    Args:
        db: The database.
        day: The day (UTC).
        what: The command, such as `report`.
    """
    with db.write() as connection:
        connection.execute(
            "insert into accesses values (?, ?, 1) on conflict (day, what) do update set n = n + 1",
            (day.isoformat(), what),
        )


def since(db: Database, day: date) -> list[tuple[date, str, int]]:
    """(Day, command, how often) since a day, newest day first."""
    rows = db.read("select day, what, n from accesses where day >= ? order by day desc, what", (day.isoformat(),))
    return [(date.fromisoformat(when), what, n) for when, what, n in rows]
