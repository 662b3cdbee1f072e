"""Letting go: facts that are too old, teams and workspaces that want to be forgotten."""

import calendar
from datetime import UTC, datetime

from bot.signal import SLOT_MICROSECONDS
from bot.watch import Gone
from storage.database import Database
from storage.requests import touch
from storage.teams import IMPORTED

MONTHS = 13
"""How long facts heard in Slack are kept; imports stay until they are forgotten."""

WORDS_DAYS = 90
"""Days after which the words of a post that was sent are emptied; that it was sent stays known."""

BATCH = 500
"""Rows deleted in one transaction, so that it stays under 50 ms."""


def expire(db: Database, now: float) -> dict[str, int]:
    """Delete what was heard in Slack over 13 calendar months ago. Weekly totals of teams stay.

    The secrets of months gone by are `storage.keys.destroy_old`'s.

    Args:
        db: The database.
        now: Unix seconds.

    Returns:
        Rows deleted, by table.

    Raises:
        StorageError: The database cannot be used; do it again.
    """
    before = _months_ago(now)
    queues = db.read("select id from queues where workspace <> ?", (IMPORTED,)).fetchall()
    signals = sum(_expire_signals(db, queue, before) for (queue,) in queues)
    with db.write() as connection:
        coverage = connection.execute("delete from coverage where until < ?", (before,)).rowcount
        slots = connection.execute("delete from interruptions where slot < ?", (before // SLOT_MICROSECONDS,)).rowcount
    return {"signals": signals, "coverage": coverage, "interruptions": slots}


def forget_team(db: Database, team_id: int) -> None:
    """Delete a team with all that is known of it; harmless for one that is not there.

    Raises:
        StorageError: The database cannot be used; do it again.
    """
    with db.write() as connection:  # nobody listens or reads any more
        connection.execute("update queues set gone = ? where team = ?", (Gone.FORGOTTEN.value, int(team_id)))
    queues = db.read("select id from queues where team = ?", (int(team_id),)).fetchall()
    for (queue,) in queues:
        for table, key in (("signals", "id"), ("requests", "request")):
            _delete_all(db, table, key, queue)
        with db.write() as connection:
            connection.execute("delete from due where job in ('history', 'threads', 'gaps') and subject = ?", (queue,))
    with db.write() as connection:
        connection.execute(
            "delete from due where job not in ('history', 'threads', 'gaps') and subject = ?", (team_id,)
        )
        connection.execute("delete from teams where id = ?", (int(team_id),))
    db.checkpoint()


def forget_workspace(db: Database, workspace: str) -> None:
    """Delete all that is known of a workspace: its teams, keys, opt-outs and posts.

    Raises:
        StorageError: The database cannot be used; do it again.
    """
    for (team,) in db.read("select id from teams where workspace = ?", (workspace,)).fetchall():
        forget_team(db, team)
    with db.write() as connection:
        for table in ("keys", "optouts", "coverage", "outbox", "mutes", "solved_asked"):
            connection.execute(f"delete from {table} where workspace = ?", (workspace,))
        connection.execute("update trust set changes = changes + 1")
    db.checkpoint()


def _months_ago(now: float) -> int:
    """Microseconds of the same day `MONTHS` calendar months ago, or the last one of a shorter month."""
    today = datetime.fromtimestamp(now, UTC)
    year, month = divmod(today.year * 12 + today.month - 1 - MONTHS, 12)
    day = min(today.day, calendar.monthrange(year, month + 1)[1])
    return int(datetime(year, month + 1, day, tzinfo=UTC).timestamp()) * 1_000_000


def _expire_signals(db: Database, queue: int, before: int) -> int:
    gone = 0
    while True:
        with db.write() as connection:
            rows = connection.execute(
                "select id, request, message from signals where queue = ? and at < ? limit ?",
                (queue, before, BATCH),
            ).fetchall()
            if not rows:
                return gone
            touch(connection, [(queue, key) for _, *both in rows for key in both])
            connection.executemany("delete from signals where id = ?", [(row[0],) for row in rows])
        gone += len(rows)


def _delete_all(db: Database, table: str, key: str, queue: int) -> None:
    more = True
    while more:
        with db.write() as connection:
            more = (
                connection.execute(
                    f"delete from {table} where queue = ?1 and {key} in"
                    f" (select {key} from {table} where queue = ?1 limit ?2)",
                    (queue, BATCH),
                ).rowcount
                > 0
            )
