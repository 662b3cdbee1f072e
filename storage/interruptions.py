"""Where a team's mentions are counted, and the five minutes in which it was interrupted: never who, by whom or why."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.signal import Interruption
from bot.watch import Listening
from storage import teams
from storage.database import Database

SLOT = 300
"""Seconds in a slot."""


@dataclass(frozen=True, slots=True)
class Named:
    """One channel that a team named.

    Attributes:
        channel: Slack channel id.
        post: Key of the announcement there.
        state: What became of that post: `waiting`, `sending`, `sent`, `failed` or `unknown`.
        since: Unix second from which is counted, None while the announcement does not stand.
        until: Unix second at which counting ended; None while it goes on.
    """

    channel: str
    post: str
    state: str
    since: int | None
    until: int | None


def name(db: Database, team: int, workspace: str, channel: str, post: str) -> None:
    """Count a team's mentions in a channel once its announcement (the outbox's key) stands."""
    with db.write() as connection:
        connection.execute(
            "insert or replace into interruption_channels (team, workspace, channel, post) values (?, ?, ?, ?)",
            (int(team), workspace, channel, post),
        )


def stop(db: Database, team: int, channel: str, now: float) -> bool:
    """Count no more there; False where nothing was counted. What was counted stays; a waiting announcement goes."""
    with db.write() as connection:
        connection.execute(
            "update outbox set state = 'failed', error = 'the lead took the channel back' where state = 'waiting'"
            " and key in (select post from interruption_channels where team = ? and channel = ?)",
            (int(team), channel),
        )
        return (
            connection.execute(
                "update interruption_channels set until = ? where team = ? and channel = ? and until is null",
                (int(now), int(team), channel),
            ).rowcount
            == 1
        )


def stop_all(db: Database, workspace: str, channel: str, now: float) -> None:
    """Count no more in a channel that we were taken out of, for any team."""
    with db.write() as connection:
        connection.execute(
            "update interruption_channels set until = ? where workspace = ? and channel = ? and until is null",
            (int(now), workspace, channel),
        )


def of_team(db: Database, team: int) -> list[Named]:
    """All channels that a team ever named, those given up included."""
    rows = db.read(
        "select c.channel, c.post, coalesce(o.state, 'failed'), iif(o.state = 'sent', o.attempted, null), c.until"
        " from interruption_channels c left join outbox o on o.key = c.post where c.team = ? order by c.channel",
        (int(team),),
    )
    return [Named(*row) for row in rows]


def listening(
    db: Database, workspace: str, bot_user: str | None = None, bot_id: str | None = None
) -> dict[str, tuple[Listening, ...]]:
    """A snapshot of where mentions count in a workspace: channel → the teams. No announcement, no counting."""
    found: defaultdict[str, list[Listening]] = defaultdict(list)
    rows = db.read(
        "select c.team, c.channel from interruption_channels c join outbox o on o.key = c.post"
        " where c.workspace = ? and c.until is null and o.state = 'sent' order by c.team",
        (workspace,),
    ).fetchall()
    for team, channel in rows:
        record = teams.get(db, team)
        if record is not None:
            queue = any(queue.channel == channel for queue in record.queues)
            on_roster = teams.responders(record.team)
            found[channel].append(Listening(team, on_roster, record.user_group, queue, bot_user, bot_id))
    return {channel: tuple(them) for channel, them in found.items()}


def insert(connection: sqlite3.Connection, found: Sequence[Interruption]) -> None:
    """Keep mentions inside a transaction of the caller's; a slot is kept once, a forgotten team's not at all."""
    connection.executemany(
        "insert into interruptions select ?1, ?2, 'mention' where exists (select 1 from teams where id = ?1)"
        " on conflict do nothing",
        [(int(one.team), int(one.slot)) for one in found],
    )


def say(db: Database, team: int, now: float) -> None:
    """Keep that somebody said to be interrupted now; the same five minutes count once."""
    with db.write() as connection:
        connection.execute(
            "insert into interruptions values (?, ?, 'said') on conflict do nothing", (int(team), int(now) // SLOT)
        )


def slots(db: Database, team: int, since: float, until: float) -> NDArray[np.int64]:
    """Slots between two Unix seconds in which a team was interrupted, ascending, each once."""
    rows: Any = db.read(
        "select distinct slot from interruptions where team = ? and slot between ? and ? order by slot",
        (int(team), int(since) // SLOT, int(until) // SLOT),
    )
    return np.fromiter((row[0] for row in rows), np.int64)
