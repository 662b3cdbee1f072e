"""What the lead said of captured requests: right or wrong, counted by team; of the message only a hash is kept."""

import hashlib
import random
from collections.abc import Sequence

from storage.database import Database
from storage.requests import drain

SECOND = 1_000_000


def sample(
    db: Database, team: int, queues: Sequence[int], since: float, until: float, most: int, dice: random.Random
) -> list[tuple[int, int]]:
    """Requests to look at, drawn at random from those that arrived in a time and were not looked at before.

    Args:
        db: The database; it is brought up to date first.
        team: The team's number.
        queues: Its queues' numbers.
        since: Unix seconds.
        until: Unix seconds.
        most: How many at most.
        dice: Draws.

    Returns:
        (queue, request key) of each, in the order they arrived.
    """
    drain(db)
    rows = [
        (arrived, queue, request)
        for queue in sorted(set(queues))
        for request, arrived in db.read(
            "select request, arrived from requests where queue = ? and arrived between ? and ?",
            (int(queue), int(since * SECOND), int(until * SECOND)),
        )
    ]
    seen = {post for (post,) in db.read("select post from permalinks where team = ?", (int(team),))}
    left = [row for row in rows if _post(*row[1:]) not in seen]
    return [(queue, request) for _, queue, request in sorted(dice.sample(left, min(most, len(left))))]


def answer(db: Database, team: int, queue: int, request: int, *, wrong: bool, now: float) -> None:
    """Count what the lead said of one request; said again, the last word counts."""
    with db.write() as connection:
        connection.execute(
            "insert into permalinks (team, post, wrong, at) values (?, ?, ?, ?)"
            " on conflict (team, post) do update set wrong = excluded.wrong, at = excluded.at",
            (int(team), _post(queue, request), int(wrong), int(now)),
        )


def tally(db: Database, team: int, since: float) -> tuple[int, int] | None:
    """(Wrong ones, all) of the requests looked at since a Unix second; None for none."""
    wrong, looked_at = db.read(
        "select coalesce(sum(wrong), 0), count(*) from permalinks where team = ? and at >= ?", (int(team), int(since))
    ).fetchone()
    return (int(wrong), int(looked_at)) if looked_at else None


def _post(queue: int, request: int) -> bytes:
    """A name of the message that is no message id."""
    return hashlib.blake2b(f"{queue}.{request}".encode(), digest_size=12).digest()
