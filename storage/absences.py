"""Days that people are away, whole or half; never why."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from storage.database import Database
from storage.teams import IMPORTED

WHOLE, HALF = 1.0, 0.5


def put(db: Database, team_ids: Iterable[int], person: str, days: Mapping[date, float]) -> None:
    """Note that somebody is away, in place of what was noted for these days.

    Args:
        db: The database.
        team_ids: The person's teams.
        person: Slack user id.
        days: Day, as its person counts days → share of its hours, above 0 and up to 1.
    """
    with db.write() as connection:
        connection.executemany(
            "insert into absences (team, person, day, part) values (?, ?, ?, ?)"
            " on conflict (team, person, day) do update set part = excluded.part",
            [(int(team), person, day.isoformat(), float(part)) for team in team_ids for day, part in days.items()],
        )


def cancel(db: Database, team_ids: Iterable[int], person: str, days: Collection[date]) -> list[date]:
    """Somebody is there after all on these days; returns those that had been noted, in order."""
    found: set[str] = set()
    with db.write() as connection:
        for team in team_ids:
            for day in days:
                gone = connection.execute(
                    "delete from absences where team = ? and person = ? and day = ? returning day",
                    (int(team), person, day.isoformat()),
                )
                found.update(text for (text,) in gone.fetchall())
    return sorted(map(date.fromisoformat, found))


def of_person(db: Database, team_ids: Iterable[int], person: str, since: date) -> dict[date, float]:
    """Somebody's days away from one day on, in order, with their shares; of several teams, the larger share."""
    found: dict[date, float] = {}
    for team in team_ids:
        rows = db.read(
            "select day, part from absences where team = ? and person = ? and day >= ?",
            (int(team), person, since.isoformat()),
        )
        for text, part in rows:
            day = date.fromisoformat(text)
            found[day] = max(part, found.get(day, 0.0))
    return dict(sorted(found.items()))


def expire(db: Database, before: date) -> int:
    """Delete the days before one, except of imported teams; returns how many."""
    with db.write() as connection:
        return connection.execute(
            "delete from absences where day < ? and team in (select id from teams where workspace <> ?)",
            (before.isoformat(), IMPORTED),
        ).rowcount
