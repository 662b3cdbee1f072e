"""Dated changes that a team marked, such as a new tool; what moved since is worked out from the requests."""

from dataclasses import dataclass
from datetime import date

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        id: Storage's number; 0 before it is kept.
        team: The team's number.
        day: Since when, team time.
        title: As it was typed.
    """

    id: int
    team: int
    day: date
    title: str


def add(db: Database, change: Change) -> int | None:
    """Keep a change; its number is not used.

    Returns:
        Its number, None where the same was marked on that day before.
    """
    with db.write() as connection:
        row = connection.execute(
            "insert into changes (team, day, title) values (?, ?, ?) on conflict do nothing returning id",
            (int(change.team), change.day.isoformat(), change.title),
        ).fetchone()
        return None if row is None else int(row[0])


def of_team(db: Database, team: int) -> list[Change]:
    """A team's changes, earliest first."""
    rows = db.read("select id, team, day, title from changes where team = ? order by day, id", (int(team),))
    return [Change(number, of, date.fromisoformat(day), title) for number, of, day, title in rows]


def cancel(db: Database, change: int) -> bool:
    """Take a change back; False where there is none of that number."""
    with db.write() as connection:
        return connection.execute("delete from changes where id = ?", (int(change),)).rowcount == 1
