"""Which weeks a team was told of, and whether anybody pressed a button of what it was told; never who."""

from dataclasses import dataclass
from datetime import date

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Told:
    """One digest.

    Attributes:
        week: Monday of the week in which it was told.
        key: The post's; its copies' keys are made from it.
        touched: A button of it was pressed.
    """

    week: date
    key: str
    touched: bool


def record(db: Database, team: int, week: date, key: str) -> bool:
    """Write down that a team is told in a week; False when that was written down before."""
    with db.write() as connection:
        return (
            connection.execute(
                "insert into digests (team, week, key) values (?, ?, ?) on conflict do nothing",
                (int(team), week.isoformat(), key),
            ).rowcount
            == 1
        )


def touched(db: Database, team: int) -> None:
    """A button of a digest was pressed: of the latest, since a message does not say which it belongs to."""
    with db.write() as connection:
        connection.execute(
            "update digests set touched = 1 where team = ?1 and week = (select max(week) from digests where team = ?1)",
            (int(team),),
        )


def last(db: Database, team: int, most: int = 2) -> list[Told]:
    """A team's latest digests, newest first."""
    rows = db.read(
        "select week, key, touched from digests where team = ? order by week desc limit ?", (int(team), int(most))
    )
    return [Told(date.fromisoformat(week), key, bool(pressed)) for week, key, pressed in rows]
