"""What a team said it would do about an alert, and the day on which that is looked at again; never who said it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    Attributes:
        alert: Number of the alert.
        team: Number of the team.
        told: Unix second of the alert.
        words: As they were typed.
        review: The day on which it is looked at again, team time.
        followed: Whether that was done.
    """

    alert: int
    team: int
    told: int
    words: str
    review: date
    followed: bool


_SELECT = "select p.alert, a.team, a.at, p.words, p.review, p.followed from promises p join alerts a on a.id = p.alert"


def _promise(row: Sequence[object]) -> Promise:
    alert, team, told, words, review, followed = row
    return Promise(int(str(alert)), int(str(team)), int(str(told)), str(words), _day(review), bool(followed))


def _day(text: object) -> date:
    return date.fromisoformat(str(text))


def get(db: Database, alert: int) -> Promise | None:
    """The promise about an alert, None when there is none."""
    row = db.read(f"{_SELECT} where p.alert = ?", (alert,)).fetchone()
    return None if row is None else _promise(row)


def put(db: Database, alert: int, team: int, words: str, review: date) -> bool:
    """Write a promise down, or change one that was not looked at yet; the same twice is one.

    Returns:
        False where the team has no such alert, or the promise was looked at already.
    """
    with db.write() as connection:
        cursor = connection.execute(
            "insert into promises (alert, words, review) select id, ?, ? from alerts"
            " where id = ? and team = ? and outbox is not null"
            " on conflict (alert) do update set words = excluded.words, review = excluded.review where followed = 0",
            (words, review.isoformat(), alert, team),
        )
        return cursor.rowcount > 0


def waiting(db: Database, team: int) -> list[Promise]:
    """Promises of a team that were not looked at yet, the next first."""
    rows = db.read(f"{_SELECT} where a.team = ? and p.followed = 0 order by p.review, p.alert", (team,))
    return [_promise(row) for row in rows]


def follow(db: Database, alert: int) -> bool:
    """Mark a promise as looked at; False when it was already. Call it in the transaction that fills the outbox."""
    with db.write() as connection:
        cursor = connection.execute("update promises set followed = 1 where alert = ? and followed = 0", (alert,))
        return cursor.rowcount > 0
