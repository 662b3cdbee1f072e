"""Facts in and out. A fact is kept once, however often and in whatever order it comes.

Two facts are the same when queue, message, kind, actor, reaction time and the kind undone are. Slack's
history names reactions without their times, so such a fact is kept as untimed, and only as long as its timed
twin is unknown (https://docs.slack.dev/reference/methods/conversations.history). A reaction event does not
say which thread its message belongs to; whatever fact knows the root says so for all reactions on that
message.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from bot.health.seen.requests import Facts
from bot.signal import MESSAGE_KINDS, Kind, Signal
from storage.database import Database

CHUNK = 1000
"""Facts in one transaction of `add`: about 10 ms, far under the 50 ms that other writers may have to wait."""

SECOND = 1_000_000
_EVER = 2**63 - 1

Row = tuple[int, int, int, int, bytes, int, int, int]
"""queue, request, message, kind, actor, reacted, at, undoes."""

_BORNE = frozenset(int(kind) for kind in MESSAGE_KINDS)
_COLUMNS = "insert into signals (queue, request, message, kind, actor, reacted, at, undoes)"
_INSERT = f"{_COLUMNS} values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict do nothing"
_ON_MESSAGE = f"queue = ?1 and message = ?3 and kind not in ({', '.join(map(str, sorted(_BORNE)))})"
# `+request` keeps min() from walking the whole queue in the order of requests: https://sqlite.org/optoverview.html
# SQLite needs `where` before `on conflict` after a select: https://sqlite.org/lang_upsert.html
_INSERT_REACTION = (
    f"{_COLUMNS} select ?1, min(?2, coalesce((select min(+request) from signals where {_ON_MESSAGE}), ?2)),"
    " ?3, ?4, ?5, ?6, ?7, ?8"
    " where ?6 <> 0 or not exists (select 1 from signals"
    " where queue = ?1 and message = ?3 and kind = ?4 and actor = ?5 and reacted <> 0)"
    " on conflict do nothing"
)
_DROP_TWIN = "delete from signals where queue = ? and message = ? and kind = ? and actor = ? and reacted = 0"


def row_of(signal: Signal) -> Row:
    """A signal as plain Python values: numpy's integers would be stored as blobs."""
    return (
        int(signal.queue),
        int(signal.request),
        int(signal.message),
        int(signal.kind),
        bytes(signal.actor),
        int(signal.reacted),
        int(signal.at),
        int(signal.undoes),
    )


def insert(connection: sqlite3.Connection, rows: Sequence[Row]) -> int:
    """Keep facts inside a transaction of the caller's; those known already change nothing.

    Returns:
        How many were new.
    """
    borne = [row for row in rows if row[3] in _BORNE]
    reactions = [row for row in rows if row[3] not in _BORNE]
    new = connection.executemany(_INSERT, borne).rowcount if borne else 0
    if reactions:
        new += connection.executemany(_INSERT_REACTION, reactions).rowcount
        twins = [(row[0], row[2], row[3], row[4]) for row in reactions if row[5]]
        connection.executemany(_DROP_TWIN, twins)
        for row in reactions:
            if row[1] != row[2]:
                _tell_root(connection, row)
    return new


def _tell_root(connection: sqlite3.Connection, row: Row) -> None:
    """Put every reaction on this message under the root that one fact knows, the oldest if they differ."""
    others = connection.execute(f"select distinct request from signals where {_ON_MESSAGE}", row[:3]).fetchall()
    later = [(row[0], request) for (request,) in others if request > row[1]]
    if later:
        connection.execute(f"update signals set request = ?2 where {_ON_MESSAGE} and request > ?2", row[:3])
        marks = [*later, (row[0], row[1])]
        connection.executemany("insert into stale values (?, ?) on conflict do nothing", marks)


def add(db: Database, signals: Iterable[Signal]) -> int:
    """Keep facts, in transactions of `CHUNK`; done again after a break, it goes on harmlessly.

    Returns:
        How many were new.

    Raises:
        StorageError: The database cannot be used; chunks before this one are kept.
    """
    return sum(_add(db, rows) for rows in _chunks(map(row_of, signals)))


def _add(db: Database, rows: Sequence[Row]) -> int:
    with db.write() as connection:
        return insert(connection, rows)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    them = iter(rows)
    while chunk := list(islice(them, CHUNK)):
        yield chunk


LOADED = np.dtype(
    [
        ("queue", np.int32),
        ("request", np.int64),
        ("message", np.int64),
        ("kind", np.int8),
        ("actor", "S8"),
        ("reacted", np.int64),
        ("at", np.int64),
        ("undoes", np.int8),
    ]
)

WINDOW = (
    "select queue, request, message, kind, actor, reacted, at, undoes from signals"
    " where queue = ? and at between ? and ?"
)
"""The facts of one queue between two microseconds, by the index `signals_at`."""


def load(db: Database, queues: Sequence[int], since: float, until: float) -> Facts:
    """The facts of some queues from Unix second `since` to `until`, both included, as columns.

    Untimed facts count by the time of their message.

    Raises:
        StorageError: The database cannot be used.
    """
    first, last = _us(since), _us(until)
    return Facts.join(_window(db, int(queue), first, last) for queue in sorted(set(queues)))


def _us(seconds: float) -> int:
    """Microseconds, infinities as the ends of SQLite's integers."""
    return int(max(min(seconds * SECOND, _EVER), -_EVER))


def _window(db: Database, queue: int, first: int, last: int) -> Facts:
    return columns(db.read(WINDOW, (queue, first, last)))


def columns(rows: Iterable[Row]) -> Facts:
    """Rows as columns, straight from a cursor."""
    table = np.fromiter(rows, LOADED)
    borne = np.isin(table["kind"], [*_BORNE, int(Kind.DELETE)])
    return Facts(
        request=table["request"],
        message=table["message"],
        kind=table["kind"],
        actor=np.ascontiguousarray(table["actor"]).view(">u8").astype(np.uint64),
        at=table["at"] / SECOND,
        timed=borne | (table["reacted"] != 0),
        undoes=table["undoes"],
        queue=table["queue"],
    )


def span(db: Database, queues: Sequence[int]) -> tuple[float, float] | None:
    """Unix seconds of the first and the last fact of some queues, None when there is none."""
    ends = [
        db.read(f"select {end}(at) from signals where queue = ?", (int(queue),)).fetchone()[0]
        for queue in queues
        for end in ("min", "max")  # asked apart, each is one step in the index
    ]
    known = [end for end in ends if end is not None]
    return (min(known) / SECOND, max(known) / SECOND) if known else None


def count(db: Database, queues: Sequence[int]) -> int:
    """How many facts some queues hold."""
    return sum(
        int(db.read("select count(*) from signals where queue = ?", (int(queue),)).fetchone()[0])
        for queue in set(queues)
    )


def kinds(db: Database, queues: Sequence[int]) -> frozenset[Kind]:
    """Which kinds of facts there are in some queues."""
    found: set[Kind] = set()
    for queue in queues:
        rows = db.read("select distinct kind from signals where queue = ?", (int(queue),))
        found.update(Kind(kind) for (kind,) in rows)
    return frozenset(found)
