"""When each job is due. Rows survive restarts, so a missed Monday is caught up and two processes do one job once."""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass, field

from storage.database import Database

QUEUE_JOBS = ("history", "threads", "gaps")
"""Jobs whose subject is a queue."""

_OURS = (
    " and not exists (select 1 from queues where id = due.subject and workspace <> ?1"
    " and due.job in (select value from json_each(?2)))"
    " and not exists (select 1 from teams where id = due.subject and workspace <> ?1"
    " and due.job not in (select value from json_each(?2)))"
)
"""No team's or queue's of another workspace (with null: anybody's). What is nobody's is done by whoever comes first."""


@dataclass(frozen=True, slots=True)
class Due:
    """One job that is due for one subject (a team's or queue's number; 0 for the whole installation).

    Attributes:
        job: Its name.
        subject: Number of a queue for `QUEUE_JOBS`, else of a team.
        at: Unix second from which it was due.
        leased: Unix second at which this claim of it ends: it tells the claim from a later one.
    """

    job: str
    subject: int
    at: int
    leased: int = field(default=0, compare=False)


def put(db: Database, job: str, subject: int, at: float) -> None:
    """Make `job` due for `subject` at Unix second `at`, or earlier if it already was."""
    with db.write() as connection:
        connection.execute(
            "insert into due (job, subject, at) values (?, ?, ?) on conflict do update set at = min(at, excluded.at)",
            (job, subject, int(at)),
        )


def claim(db: Database, jobs: Collection[str], now: float, lease: float, workspace: str | None = None) -> Due | None:
    """Take the one of `jobs` that has been due longest, and keep others off it for `lease` seconds.

    None when nothing of these is due.

    Args:
        db: The store.
        jobs: Names of jobs.
        now: Unix seconds.
        lease: Seconds.
        workspace: Slack's team_id: leave the teams and queues of other workspaces to their own bot. None: take all.
    """
    with db.write() as connection:
        row = connection.execute(
            "select job, subject, at from due where job in (select value from json_each(?3)) and at <= ?4"
            f" and leased <= ?4 {_OURS} order by at, job, subject limit 1",
            (workspace, json.dumps(QUEUE_JOBS), json.dumps(list(jobs)), int(now)),
        ).fetchone()
        if row is None:
            return None
        # Its own time moves to the end of the lease, so that a `put` while it runs stands out as an earlier one.
        end = int(now + lease)
        connection.execute("update due set at = ?, leased = ? where job = ? and subject = ?", (end, end, *row[:2]))
        return Due(row[0], row[1], row[2], end)


def finish(db: Database, done: Due, again: float | None) -> None:
    """Close a claimed job: due again at Unix second `again`, or never. What was put while it ran stays due.

    A part of a second is a whole one: a job that asks to be looked at in a moment is not due at once, again and again.
    Does nothing when the lease ran out and somebody else has taken the job since.
    """
    key = (done.job, done.subject, done.leased)
    with db.write() as connection:
        if again is None:
            connection.execute("delete from due where job = ? and subject = ? and leased = ? and at >= leased", key)
            connection.execute("update due set leased = 0 where job = ? and subject = ? and leased = ?", key)
        else:
            connection.execute(
                "update due set at = iif(at < leased, min(at, ?), ?), leased = 0"
                " where job = ? and subject = ? and leased = ?",
                (math.ceil(again), math.ceil(again), *key),
            )


def next_at(db: Database, jobs: Collection[str], workspace: str | None = None) -> int | None:
    """Unix second at which the next of `jobs` may be taken, `workspace` as in `claim`; None when none is planned."""
    row = db.read(
        f"select min(max(at, leased)) from due where job in (select value from json_each(?3)) {_OURS}",
        (workspace, json.dumps(QUEUE_JOBS), json.dumps(list(jobs))),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def planned(db: Database, job: str, subject: int) -> bool:
    """Whether `job` is still to be done for `subject`."""
    return db.read("select 1 from due where job = ? and subject = ?", (job, subject)).fetchone() is not None
