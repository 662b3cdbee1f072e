"""What Headroom itself told: the posts of a stretch of time, for its log and for what it costs people."""

import json
from dataclasses import dataclass
from typing import Any

from storage.database import Database

_WHEN = "iif(o.state = 'waiting' or o.attempted is null, max(o.not_before, o.made), o.attempted)"


@dataclass(frozen=True, slots=True)
class Told:
    """One post or direct message, as the outbox knows it.

    Attributes:
        at: Unix second at which it was sent or tried; for one that waits, from which it may leave.
        team: Number of the team it is about, None for none.
        name: That team's name.
        tz: That team's time zone.
        channel: Slack channel id, or a user id for a direct message.
        direct: Whether it is a direct message.
        kind: As `bot.services.quiet` names it.
        state: waiting, sending, sent, failed or unknown.
        error: Why it is held, or was not sent.
        text: Its words; None once they are emptied.
    """

    at: int
    team: int | None
    name: str | None
    tz: str | None
    channel: str
    direct: bool
    kind: str
    state: str
    error: str | None
    text: str | None


def told(db: Database, since: float, until: float | None = None, team: int | None = None) -> list[Told]:
    """Everything sent, held or failed from one Unix second up to, but without, another; oldest first.

    Args:
        db: The database.
        since: Unix seconds.
        until: Unix seconds; None: whatever is to come too.
        team: Only this team's; None: all.
    """
    rows = db.read(
        f"select {_WHEN}, o.team, t.name, t.tz, o.channel, o.direct, o.kind, o.state, o.error, o.body"
        f" from outbox o left join teams t on t.id = o.team where {_WHEN} >= ?1 and (?2 is null or {_WHEN} < ?2)"
        " and (?3 is null or o.team = ?3) order by 1, o.rowid",
        (int(since), None if until is None else int(until), team),
    )
    return [
        Told(at, number, name, tz, channel, bool(direct), kind, state, error, json.loads(body).get("text"))
        for at, number, name, tz, channel, direct, kind, state, error, body in rows
    ]


def under(db: Database, team: int, ts: str) -> tuple[str, dict[str, Any]] | None:
    """Kind and body of the message of a team's under that `ts` of Slack's; None for none of the outbox's."""
    row = db.read("select kind, body from outbox where team = ? and ts = ? limit 1", (team, ts)).fetchone()
    return None if row is None else (str(row[0]), json.loads(row[1]))


def alerts_acted_on(db: Database, team: int, since: float, until: float) -> tuple[int, int]:
    """(Acknowledged or followed by a promise, all) of the rises of level that were told in a stretch of time."""
    acted, all_of_them = db.read(
        "select coalesce(sum(a.acknowledged is not null or exists (select 1 from promises p where p.alert = a.id)), 0),"
        " count(*) from alerts a where a.team = ? and a.outbox is not null and a.level > a.before"
        " and a.at >= ? and a.at < ?",
        (team, int(since), int(until)),
    ).fetchone()
    return int(acted), int(all_of_them)
