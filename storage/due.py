"""When each job is due. Rows survive restarts, so a missed Monday is caught up and two processes do one job once."""

from collections.abc import Collection
from dataclasses import dataclass

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Due:
    """One job that is due for one subject (a team's or queue's number; 0 for the whole installation)."""

    job: str
    subject: int
    at: int


def put(db: Database, job: str, subject: int, at: float) -> None:
    """Make `job` due for `subject` at Unix second `at`, or earlier if it already was."""
    with db.write() as connection:
        connection.execute(
            "insert into due (job, subject, at) values (?, ?, ?) on conflict do update set at = min(at, excluded.at)",
            (job, subject, int(at)),
        )


def claim(db: Database, jobs: Collection[str], now: float, lease: float) -> Due | None:
    """Take the one of `jobs` that has been due longest, and keep others off it for `lease` seconds.

    None when nothing of these is due.
    """
    places = ", ".join("?" * len(jobs))
    with db.write() as connection:
        row = connection.execute(
            f"select job, subject, at from due where job in ({places}) and at <= ? and leased <= ?"
            " order by at, job, subject limit 1",
            (*jobs, int(now), int(now)),
        ).fetchone()
        if row is None:
            return None
        # Its own time moves to the end of the lease, so that a `put` while it runs stands out as an earlier one.
        end = int(now + lease)
        connection.execute("update due set at = ?, leased = ? where job = ? and subject = ?", (end, end, *row[:2]))
        return Due(*row)


def finish(db: Database, done: Due, again: float | None) -> None:
    """Close a claimed job: due again at Unix second `again`, or never. What was put while it ran stays due."""
    key = (done.job, done.subject)
    with db.write() as connection:
        if again is None:
            connection.execute("delete from due where job = ? and subject = ? and at >= leased", key)
            connection.execute("update due set leased = 0 where job = ? and subject = ?", key)
        else:
            connection.execute(
                "update due set at = iif(at < leased, min(at, ?), ?), leased = 0 where job = ? and subject = ?",
                (int(again), int(again), *key),
            )


def next_at(db: Database, jobs: Collection[str]) -> int | None:
    """Unix second at which the next of `jobs` may be taken; None when none is planned."""
    places = ", ".join("?" * len(jobs))
    row = db.read(f"select min(max(at, leased)) from due where job in ({places})", tuple(jobs)).fetchone()
    return None if row[0] is None else int(row[0])


def planned(db: Database, job: str, subject: int) -> bool:
    """Whether `job` is still to be done for `subject`."""
    return db.read("select 1 from due where job = ? and subject = ?", (job, subject)).fetchone() is not None
