"""What is kept of one person: for that person alone, to look at and to have removed.

The one caller is the trust page, which takes the person from Slack's own payload (`tests/test_rights.py` holds
that): neither a lead nor an admin nor a command of the operator gets at somebody else's.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.signal import Kind
from storage import keys, mutes, solved
from storage.database import Database
from storage.teams import IMPORTED

_OF_TEAMS = "team in (select id from teams where workspace in (?, ?))"


@dataclass(frozen=True, slots=True)
class Traces:
    """Rows that a person's id, or a hash of it that can still be made, leads to.

    Attributes:
        removed: Whether the person had their traces removed before.
        leads: Names of teams that name them as lead.
        roster: (Team, first day, last day, own time zone, own hours, own share), None where nothing is said.
        away: (Team, day, share of that day).
        not_asked: What they wished not to be asked.
        asked: (Month, how often they were asked whether a request was solved).
        pulses: (Team, day) of surveys they were invited to; whether they answered is nowhere.
        messages: (Day, kind) of direct messages of the bot to them that are still known.
        facts: (Day, channel, kinds) of what they did in watched channels: days in UTC.
    """

    removed: bool
    leads: tuple[str, ...]
    roster: tuple[tuple[Any, ...], ...]
    away: tuple[tuple[str, str, float], ...]
    not_asked: tuple[str, ...]
    asked: tuple[tuple[str, int], ...]
    pulses: tuple[tuple[str, str], ...]
    messages: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str, tuple[str, ...]], ...]


def of(db: Database, workspace: str, person: str) -> Traces:
    """What is kept of a person: to be shown to that person and nobody else."""
    here = (workspace, IMPORTED, person)
    return Traces(
        removed=keys.objected(db, person),
        leads=tuple(
            name
            for (name,) in db.read("select name from teams where workspace in (?, ?) and lead = ? order by name", here)
        ),
        roster=tuple(
            db.read(
                "select t.name, p.since, p.until, p.tz, p.hours, p.share from people p join teams t on t.id = p.team"
                " where t.workspace in (?, ?) and p.person = ? order by t.name, p.id",
                here,
            )
        ),
        away=tuple(
            db.read(
                "select t.name, a.day, a.part from absences a join teams t on t.id = a.team"
                " where t.workspace in (?, ?) and a.person = ? order by a.day, t.name",
                here,
            )
        ),
        not_asked=mutes.of(db, workspace, person),
        asked=tuple(solved.times_asked(db, workspace, person)),
        pulses=tuple(
            db.read(
                "select t.name, p.opened from pulse_invited i join pulses p on p.id = i.pulse"
                " join teams t on t.id = p.team where t.workspace in (?, ?) and i.person = ? order by p.opened",
                here,
            )
        ),
        messages=tuple(
            (_day(at), kind)
            for at, kind in db.read(
                "select coalesce(attempted, made), kind from outbox where workspace = ? and direct = 1 and channel = ?"
                " order by 1",
                (workspace, person),
            )
        ),
        facts=_facts(db, keys.facts_of(db, workspace, person)),
    )


def remove(db: Database, workspace: str, person: str) -> None:
    """Take a person out of all that can be told to be theirs, for good; harmless when repeated.

    Facts lose their pseudonym, days away and wishes go (nobody who had this done is asked anything), and so does
    whom a message went to. In the list of who was invited to a survey a random name takes the id's place: without
    any, two surveys would seem to have had the same people, and the rule on differences could be led astray.
    Who answers for a team is for its lead to say: the roster stays.
    """
    keys.opt_out(db, workspace, person)
    solved.forget(db, workspace, person)
    here = (workspace, IMPORTED, person)
    with db.write() as connection:
        connection.execute("delete from mutes where workspace = ? and person = ?", (workspace, person))
        connection.execute(f"delete from absences where {_OF_TEAMS} and person = ?", here)
        connection.execute(
            f"update pulse_invited set person = ? where pulse in (select id from pulses where {_OF_TEAMS})"
            " and person = ?",
            (f"removed {secrets.token_hex(8)}", *here),
        )
        connection.execute(
            "delete from outbox where workspace = ? and direct = 1 and channel = ? and state = 'waiting'"
            " and kind in ('pulse', 'solved')",
            (workspace, person),
        )
        connection.execute(
            "update outbox set channel = '', body = '{}', ts = null where workspace = ? and direct = 1"
            " and channel = ? and state in ('sent', 'failed', 'unknown')",
            (workspace, person),
        )
    db.checkpoint()  # the write-ahead log still held what went


def _facts(db: Database, ids: Iterable[int]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Facts by day and channel, without their number: that would be a figure about one person."""
    found: dict[tuple[str, str], set[str]] = {}
    rows = db.read(
        "select s.at, q.channel, s.kind from signals s join queues q on q.id = s.queue"
        " where s.id in (select value from json_each(?))",
        (json.dumps(sorted(ids)),),
    )
    for at, channel, kind in rows:
        found.setdefault((_day(at / 1_000_000), channel), set()).add(Kind(kind).name.lower())
    return tuple((day, channel, tuple(sorted(kinds))) for (day, channel), kinds in sorted(found.items()))


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()
