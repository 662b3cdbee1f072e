"""Posts on their way to Slack: put down first, then claimed, sent, confirmed, or found out about."""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Post:
    """One post or direct message.

    Attributes:
        key: Opaque; travels in the message's metadata, so that the post can be found again.
        channel: Slack channel id, or a user id for a direct message.
        direct: A direct message: its history cannot be read, so it is never sent twice.
        thread: Thread to answer in, or None.
        body: `{"text", "blocks", "fallback"}`.
        attempted: Unix second of the last attempt, None before the first.
        attempts: How often it was tried, this time included.
        team: The team it is about, None for none.
        load: It tells a team's load, which only responders and lead may read.
        hours: It may leave only in the team's working hours.
        made: Unix second at which it was put down.
        kind: What it is, as the table of quiet rules names it (`alert`, `digest`, …).
    """

    key: str
    workspace: str
    channel: str
    direct: bool
    thread: str | None
    body: Mapping[str, Any]
    attempted: int | None
    attempts: int
    team: int | None = None
    load: bool = False
    hours: bool = False
    made: int = 0
    kind: str = "other"


COLUMNS = "key, workspace, channel, direct, thread, body, attempted, attempts, team, load, hours, made, kind"


def _post(row: tuple[Any, ...]) -> Post:
    key, workspace, channel, direct, thread, body, attempted, attempts, team, load, hours, made, kind = row
    return Post(
        key,
        workspace,
        channel,
        bool(direct),
        thread,
        json.loads(body),
        attempted,
        attempts,
        team,
        bool(load),
        bool(hours),
        made,
        kind,
    )


def put(
    db: Database,
    *,
    workspace: str,
    channel: str,
    body: Mapping[str, Any],
    team: int | None = None,
    direct: bool = False,
    thread: str | None = None,
    not_before: float = 0,
    key: str | None = None,
    load: bool = False,
    hours: bool = False,
    made: float = 0,
    kind: str = "other",
) -> str:
    """Put a post down, to be sent once; returns its key. The same key twice is one post.

    `kind` says by which rule it leaves, see `bot.services.quiet`.
    """
    key = key or secrets.token_hex(12)
    with db.write() as connection:
        connection.execute(
            "insert into outbox (key, team, workspace, channel, direct, thread, body, not_before, load, hours, made,"
            " kind) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            (
                key,
                team,
                workspace,
                channel,
                int(direct),
                thread,
                json.dumps(body),
                int(not_before),
                int(load),
                int(hours),
                int(made),
                kind,
            ),
        )
    return key


def claim(db: Database, now: float, workspace: str) -> Post | None:
    """Take a workspace's oldest waiting post, marked `sending` before anything leaves; None when none waits."""
    with db.write() as connection:
        row = connection.execute(
            "update outbox set state = 'sending', attempted = ?, attempts = attempts + 1 where key = (select key"
            " from outbox where state = 'waiting' and workspace = ? and not_before <= ? order by rowid limit 1)"
            f" returning {COLUMNS}",
            (int(now), workspace, int(now)),
        ).fetchone()
        return None if row is None else _post(row)


def claim_unknown(db: Database, now: float, settle: float, workspace: str) -> Post | None:
    """Take a post of unknown outcome whose last attempt lies `settle` seconds back, to find out about it.

    `attempted` stays as it was: the search in Slack's history has to begin there. The row is kept from others
    by `not_before`.
    """
    with db.write() as connection:
        row = connection.execute(
            f"select {COLUMNS} from outbox where state = 'sending' and workspace = ? and attempted <= ?"
            " and not_before <= ? order by rowid limit 1",
            (workspace, int(now - settle), int(now)),
        ).fetchone()
        if row is None:
            return None
        connection.execute("update outbox set not_before = ? where key = ?", (int(now + settle), row[0]))
        return _post(row)


def leaving(db: Database, post: Post, now: float) -> Post | None:
    """Note that a claimed post leaves now, and return it so; None once another process has taken it up.

    That happens where looking at it took longer than an unknown outcome settles.
    A direct message that was given up meanwhile as perhaps sent was not: nobody else sends it again.
    """
    with db.write() as connection:
        ours = connection.execute(
            "update outbox set state = 'sending', attempted = ?, not_before = 0 where key = ? and attempts = ?"
            " and (state = 'sending' or (state = 'unknown' and direct = 1))",
            (int(now), post.key, post.attempts),
        )
    return replace(post, attempted=int(now)) if ours.rowcount else None


def sent(db: Database, key: str, ts: str) -> None:
    """Slack has it, under that `ts`."""
    with db.write() as connection:
        connection.execute("update outbox set state = 'sent', ts = ?, error = null where key = ?", (ts, key))


def again(db: Database, post: Post, not_before: float, error: str) -> None:
    """Slack surely does not have it: send it again, not before that Unix second.

    Nothing changes when somebody else has taken the post up since.
    """
    _end_attempt(db, post, "waiting", not_before, error)


def close(db: Database, post: Post, state: str, error: str) -> None:
    """Give up: `failed` (it was refused) or `unknown` (it may have arrived); nothing once somebody else has it."""
    _end_attempt(db, post, state, 0, error)


def _end_attempt(db: Database, post: Post, state: str, not_before: float, error: str) -> None:
    with db.write() as connection:
        connection.execute(
            "update outbox set state = ?, not_before = ?, error = ?"
            " where key = ? and state = 'sending' and attempts = ? and attempted is ?",
            (state, int(not_before), error, post.key, post.attempts, post.attempted),
        )


def retry(db: Database, key: str, not_before: float, error: str) -> None:
    """Try a post that was given up once more, not before that Unix second."""
    with db.write() as connection:
        connection.execute(
            "update outbox set state = 'waiting', not_before = ?, error = ?"
            " where key = ? and state in ('failed', 'unknown')",
            (int(not_before), error, key),
        )


_COPY = "(o.team is mine.team and o.kind = mine.kind and o.made = mine.made and o.body = mine.body)"
"""Whether a post is another's copy: the same words, put down at the same time."""


def told(db: Database, post: Post, channel: str, since: float, kinds: Collection[str], *, copies: bool = True) -> int:
    """How many posts of these kinds a channel or person got since a Unix second; not `post` itself, not in threads.

    One that another process is sending counts when it was taken before `post`, so that of two at once one goes.
    Without `copies`, those of `post` do not count either.
    """
    query = (
        "select count(*) from outbox o, outbox mine where mine.key = ?1 and o.key <> ?1 and o.workspace = ?2"
        " and o.channel = ?3 and o.thread is null and o.attempted >= ?4"
        f" and o.kind in (select value from json_each(?5)) and (?6 or not {_COPY})"
        " and (o.state in ('sent', 'unknown') or (o.state = 'sending'"
        " and (o.attempted, o.rowid) < (mine.attempted, mine.rowid)))"
    )
    found = db.read(query, (post.key, post.workspace, channel, int(since), json.dumps(list(kinds)), int(copies)))
    return int(found.fetchone()[0])


def readers(db: Database, post: Post) -> tuple[str, ...]:
    """Channels and people that `post` and its copies are for."""
    rows = db.read(
        f"select distinct o.channel from outbox o, outbox mine where mine.key = ? and {_COPY} order by o.channel",
        (post.key,),
    )
    return tuple(channel for (channel,) in rows)


def dropped(db: Database, team: int, made: float, why: str) -> bool:
    """Whether what was put down for a team at that Unix second was dropped for that reason, and nobody got it."""
    row = db.read(
        "select sum(state = 'failed' and error = ?), sum(state <> 'failed') from outbox where team = ? and made = ?",
        (why, team, int(made)),
    ).fetchone()
    return bool(row[0]) and not row[1]


def found(db: Database, key: str) -> tuple[str, str | None, str] | None:
    """State, `ts` and channel of a post, or None."""
    row = db.read("select state, ts, channel from outbox where key = ?", (key,)).fetchone()
    return None if row is None else (row[0], row[1], row[2])


def next_at(db: Database, settle: float, workspace: str) -> int | None:
    """Unix second at which something may be sent or found out; None when nothing is on its way."""
    query = (
        "select min(case state when 'waiting' then not_before else max(attempted + ?, not_before) end)"
        " from outbox where state in ('waiting', 'sending') and workspace = ?"
    )
    return db.read(query, (int(settle) + 1, workspace)).fetchone()[0]  # type: ignore[no-any-return]


def key_of(*parts: object) -> str:
    """A key that says nothing to readers of a message's metadata, and is the same for the same parts."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=12).hexdigest()


def empty_before(db: Database, before: float) -> int:
    """Empty the words of posts that reached an end before that Unix second; returns how many."""
    with db.write() as connection:
        emptied = connection.execute(
            "update outbox set body = '{}' where body <> '{}' and attempted < ?"
            " and state in ('sent', 'failed', 'unknown')",
            (int(before),),
        )
        return emptied.rowcount
