"""Taps on what Headroom posted, counted by team, kind and day; never whose."""

from datetime import date

from storage.database import Database


def tap(db: Database, team: int, kind: str, day: date) -> None:
    """Count one tap of a button under a message of a kind, on a day of the team."""
    with db.write() as connection:
        connection.execute(
            "insert into touches (team, kind, day, taps) values (?, ?, ?, 1)"
            " on conflict (team, kind, day) do update set taps = taps + 1",
            (team, kind, day.isoformat()),
        )


def taps(db: Database, team: int, since: date, until: date) -> dict[str, int]:
    """How many taps each kind of message got from one day up to, but without, another."""
    rows = db.read(
        "select kind, sum(taps) from touches where team = ? and day >= ? and day < ? group by kind order by kind",
        (team, since.isoformat(), until.isoformat()),
    )
    return {kind: int(count) for kind, count in rows}
