"""When we were connected, so that figures can say what they may have missed."""

import itertools

from storage.database import Database

SECOND = 1_000_000
JOIN = 90 * SECOND
"""Two sightings this close are one stretch: the wake-ups that note them are seconds apart."""


def seen(db: Database, workspace: str, now: float) -> None:
    """Note that we are connected at Unix second `now`."""
    at = int(now * SECOND)
    with db.write() as connection:
        joined = connection.execute(
            "update coverage set until = ? where id = (select max(id) from coverage where workspace = ?)"
            " and until between ? and ?",
            (at, workspace, at - JOIN, at),
        )
        if joined.rowcount == 0:
            connection.execute("insert into coverage (workspace, since, until) values (?, ?, ?)", (workspace, at, at))


def gaps(db: Database, workspace: str, since: float, until: float) -> list[tuple[float, float]]:
    """Unix seconds between which we were not connected, of those between two, from the first connection on."""
    rows = db.read(
        "select since, until from coverage where workspace = ? and until >= ? and since <= ? order by since",
        (workspace, int(since * SECOND), int(until * SECOND)),
    ).fetchall()
    return [
        (earlier[1] / SECOND, later[0] / SECOND) for earlier, later in itertools.pairwise(rows) if later[0] > earlier[1]
    ]


def deaf_hours(db: Database, workspace: str, since: float, until: float) -> float:
    """Hours between two Unix seconds in which we were not connected, counted from the first connection on."""
    return sum(end - start for start, end in gaps(db, workspace, since, until)) / 3600
