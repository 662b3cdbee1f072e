"""What is waiting, derived from the facts; may be thrown away and rebuilt with the same result.

`drain` looks only at requests that new facts touch, a batch at a time, inside one short transaction. What a
fact can touch is closed under three links: facts of one request, facts about one message, and posts by one
author that may be one request. The result therefore depends neither on the order of the facts nor on where
batches end. Which posts were one request outlasts their authors: it is written down when these are forgotten.
"""

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.health.seen.corrections import SAME_REQUEST_SECONDS, same_request, void
from bot.health.seen.requests import Facts, Requests, derive
from bot.signal import Kind
from storage.database import Database
from storage.signals import SECOND, columns, insert

BATCH = 400
"""Facts in one transaction of `drain`, so that it stays under 50 ms."""

_SLACK = 2_000  # µs by which health's arithmetic in float seconds may differ
_APART = int(SAME_REQUEST_SECONDS) * SECOND + _SLACK

_FACTS = (
    "select id, queue, request, message, kind, actor, reacted, at, undoes from signals where id in ("
    "select id from signals where queue = ?1 and request in (select value from json_each(?2))"
    " union select id from signals where queue = ?1 and message in (select value from json_each(?2)))"
)
# `cross join` keeps SQLite from turning the order round: https://sqlite.org/optoverview.html#crossjoin
_SAME_AUTHOR = (
    "select distinct b.request, b.message from json_each(?) ids cross join signals a on a.id = ids.value"
    f" cross join signals b on b.queue = a.queue and b.at between a.at - {_APART} and a.at + {_APART}"
    " and b.kind = a.kind and b.actor = a.actor"
)

_Fact = tuple[int, int, int, int, int, bytes, int, int, int]


def drain(db: Database) -> int:
    """Bring the table up to date.

    Returns:
        How many new or changed facts were looked at.

    Raises:
        StorageError: The database cannot be used; batches before this one are kept.
    """
    looked_at = 0
    while _behind(db):
        looked_at += _step(db)
    return looked_at


def rebuild(db: Database) -> int:
    """Empty the table and derive it anew from all facts.

    Returns:
        How many facts were looked at.
    """
    emptied = False
    while not emptied:
        with db.write() as connection:
            gone = connection.execute(
                "delete from requests where (queue, request) in (select queue, request from requests limit 2000)"
            )
            emptied = gone.rowcount == 0
            if emptied:
                connection.execute("update derived set signal = 0")
    return drain(db)


def waiting(db: Database, queues: Sequence[int]) -> list[tuple[int, int]]:
    """Requests that are open and unanswered, as (queue, request), longest waiting first."""
    rows = db.read(
        "select queue, request from requests where open = 1 and answered is null"
        " and queue in (select value from json_each(?)) order by arrived, queue, request",
        (_json(queues),),
    )
    return [(queue, request) for queue, request in rows]


def open_among(db: Database, queues: Sequence[int]) -> int:
    """How many requests of some queues are not closed; of those that rest, nobody has asked yet."""
    row = db.read(
        "select count(*) from requests where open = 1 and queue in (select value from json_each(?))", (_json(queues),)
    ).fetchone()
    return int(row[0])


def is_open(db: Database, queue: int, request: int) -> bool | None:
    """Whether a request is not closed; None where there is none of that key. The table is brought up to date first."""
    drain(db)
    row = db.read("select open from requests where queue = ? and request = ?", (int(queue), int(request))).fetchone()
    return None if row is None else bool(row[0])


def asked_by(db: Database, queues: Sequence[int], actors: Iterable[bytes]) -> bool:
    """Whether any open request of some queues was asked under one of these pseudonyms, a person's own."""
    return any(
        db.read(
            "select 1 from requests r cross join signals s on s.queue = r.queue and s.message = r.request"
            " and s.kind = ? and s.actor = ?"
            " where r.open = 1 and r.queue in (select value from json_each(?)) limit 1",
            (int(Kind.ARRIVAL), actor, _json(queues)),
        ).fetchone()
        for actor in actors
    )


def posts(connection: sqlite3.Connection, queue: int, request: int) -> list[int]:
    """Keys of the posts that are one request, its own first.

    Args:
        connection: Of a surrounding `Database.write`.
        queue: Storage's number of the channel.
        request: Key of its first post.
    """
    _, found = _closure(connection, queue, {request})
    post, first = same_request(_facts(found))
    return [request, *post[first == request].tolist()]


def touch(connection: sqlite3.Connection, keys: Iterable[tuple[int, int]]) -> None:
    """Mark what some facts touch for deriving anew, before they change or go in the same transaction.

    Args:
        connection: Of a surrounding `Database.write`.
        keys: (queue, request or message) of the facts.
    """
    for queue, some in _by_queue(keys).items():
        reached, _ = _closure(connection, queue, some)
        _mark(connection, queue, reached)


def anonymous(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Keep what only the actors of some facts could tell, before these are emptied in the same transaction.

    It is written down which posts were one request, so that they stay one whichever of them loses its author first;
    what their actors, or nobody known, took back goes, as it could seem to be another's. All they touch is marked.

    Args:
        connection: Of a surrounding `Database.write`.
        ids: Of the facts.
    """
    rows = connection.execute(
        "select queue, request, message from signals where id in (select value from json_each(?))", (_json(ids),)
    ).fetchall()
    these = set(ids)
    for queue, some in _by_queue((queue, key) for queue, *both in rows for key in both).items():
        reached, found = _closure(connection, queue, some)
        _mark(connection, queue, reached)
        facts, own = _facts(found), [fact for fact in found if fact[0] in these]
        posts = {fact[3] for fact in own if _may_join(fact)}
        pairs = list(zip(*(keys.tolist() for keys in same_request(facts)), strict=True))
        theirs = {first for post, first in pairs if post in posts or first in posts}
        joins = [(queue, first, post, int(Kind.JOIN), b"", 0, post, 0) for post, first in pairs if first in theirs]
        insert(connection, joins)
        did = {*map(_did, own), *((fact[3], b"") for fact in own)}
        gone = [fact[:1] for fact, out in zip(found, void(facts), strict=True) if out and _did(fact) in did]
        connection.executemany("delete from signals where id = ?", gone)


def _mark(connection: sqlite3.Connection, queue: int, keys: Iterable[int]) -> None:
    connection.executemany("insert into stale values (?, ?) on conflict do nothing", [(queue, key) for key in keys])


def _behind(db: Database) -> bool:
    row = db.read(
        "select exists (select 1 from stale) or exists (select 1 from signals where id > (select signal from derived))"
    ).fetchone()
    return bool(row[0])


def _step(db: Database) -> int:
    """One batch in one transaction: what changed first, then what is new."""
    with db.write() as connection:
        stale = connection.execute("select queue, request from stale limit ?", (BATCH,)).fetchall()
        new = connection.execute(
            "select id, queue, request, message from signals where id > (select signal from derived)"
            " order by id limit ?",
            (BATCH - len(stale),),
        ).fetchall()
        keys = [*stale, *((queue, key) for _, queue, *both in new for key in both)]
        for queue, some in _by_queue(keys).items():
            reached, facts = _closure(connection, queue, some)
            _replace(connection, queue, reached, derive(_facts(facts), math.inf))
        connection.executemany("delete from stale where queue = ? and request = ?", stale)
        if new:
            connection.execute("update derived set signal = ?", (new[-1][0],))
    return len(stale) + len(new)


def _by_queue(keys: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for queue, key in keys:
        found.setdefault(queue, set()).add(key)
    return found


def _json(numbers: Iterable[int]) -> str:
    return json.dumps([int(number) for number in numbers])


def _closure(connection: sqlite3.Connection, queue: int, keys: set[int]) -> tuple[set[int], list[_Fact]]:
    """All keys linked with the given ones, and all facts about them."""
    reached: set[int] = set()
    facts: dict[int, _Fact] = {}
    todo = set(keys)
    while todo:
        reached |= todo
        found = connection.execute(_FACTS, (queue, _json(todo))).fetchall()
        fresh = [fact for fact in found if fact[0] not in facts]
        facts.update((fact[0], fact) for fact in fresh)
        posts = [fact[0] for fact in fresh if _may_join(fact)]
        linked = connection.execute(_SAME_AUTHOR, (_json(posts),)).fetchall() if posts else []
        todo = {key for fact in fresh for key in fact[2:4]}.union(*linked) - reached
    return reached, list(facts.values())


def _may_join(fact: _Fact) -> bool:
    """Whether it is a post by a known author, which may be one request with others."""
    _, _, _, message, kind, actor, _, at, _ = fact
    return kind == Kind.ARRIVAL and actor != b"" and abs(at - message) <= _SLACK


def _did(fact: _Fact) -> tuple[int, bytes]:
    """On which message, and who."""
    return fact[3], fact[5]


def _facts(rows: Sequence[_Fact]) -> Facts:
    return columns(row[1:] for row in rows)


def _replace(connection: sqlite3.Connection, queue: int, keys: set[int], found: Requests) -> None:
    connection.execute(
        "delete from requests where queue = ? and request in (select value from json_each(?))",
        (queue, _json(keys)),
    )
    known = np.flatnonzero(~np.isnan(found.arrived))  # others are claims on what was no request, or came before us
    connection.executemany(
        "insert into requests values (?, ?, ?, ?, ?, ?, ?, ?)",
        zip(
            [queue] * len(known),
            found.request[known].tolist(),
            _microseconds(found.arrived[known]),
            _microseconds(found.answered[known]),
            _microseconds(found.started[known]),
            _microseconds(found.done[known]),
            _microseconds(found.last[known]),
            found.open[known].astype(np.int64).tolist(),
            strict=True,
        ),
    )


def _microseconds(seconds: NDArray[np.float64]) -> list[int | None]:
    """Exact: a double holds Unix seconds of this century to a quarter of a microsecond."""
    return [None if math.isnan(at) else round(at * SECOND) for at in seconds.tolist()]
