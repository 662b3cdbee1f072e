"""Whether it was solved: whom we may still ask, and what was answered, as counts by team and week.

Of who was asked stands, besides the message on its way, only a keyed hash that goes with the month's secret; of
who answered nothing: a used button leaves the hash of a random token that stands nowhere but in that message.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from storage import keys, outbox
from storage.database import Database
from storage.keys import LIVE_BEFORE
from storage.requests import drain

KIND = "solved"
"""Of these posts in the outbox."""

CHOICES = ("yes", "partly", "no")
"""The answers; their places are what is stored."""

PER_PERSON = 2
"""Questions to one person in a calendar month (UTC), in all teams of the workspace."""

PER_TEAM = 20
"""Questions of one team in seven days."""

AFTER_DAYS = 2
"""Days after which it is forgotten whom a question went to."""

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Question:
    """One question that may be asked.

    Attributes:
        workspace: Slack's team_id.
        team: The team's number.
        channel: Slack channel id of the request.
        ts: Slack's `ts` of the request.
        asked_at: Unix second of the request.
        person: Slack user id of whoever asked for it: used to send the message, kept as a hash.
        body: The message.
        not_before: Unix second.
    """

    workspace: str
    team: int
    channel: str
    ts: str
    asked_at: float
    person: str
    body: Mapping[str, Any]
    not_before: float


def is_done(db: Database, queue: int, request: int) -> bool:
    """Whether this is a request, done and not open again; the table is brought up to date first."""
    drain(db)
    row = db.read(
        "select 1 from requests where queue = ? and request = ? and done is not null and open = 0", (queue, request)
    ).fetchone()
    return row is not None


def ask(db: Database, question: Question, now: float) -> bool:
    """Put a question down, unless this person, team or request has been asked enough.

    Returns:
        Whether it was put down. The same request is asked about once.
    """
    about = keys.mark(db, question.workspace, question.asked_at, f"solved {question.channel} {question.ts}")
    person = keys.mark(db, question.workspace, now, _words(question.person))
    if not (about and person):
        return False
    key = outbox.key_of(KIND, about.hex())
    with db.write() as connection:
        recent = connection.execute(
            "select count(*) from outbox where kind = ? and team = ? and made > ?",
            (KIND, question.team, int(now - 7 * DAY)),
        ).fetchone()[0]
        if recent >= PER_TEAM or outbox.found(db, key) is not None:
            return False
        counted = connection.execute(
            "insert into solved_asked values (?1, ?2, ?3, 1)"
            " on conflict (workspace, month, person) do update set n = n + 1 where n < ?4",
            (question.workspace, _month(now), person, PER_PERSON),
        )
        if not counted.rowcount:
            return False
        outbox.put(
            db,
            key=key,
            team=question.team,
            workspace=question.workspace,
            channel=question.person,
            direct=True,
            body=question.body,
            not_before=question.not_before,
            made=now,
            kind=KIND,
        )
    return True


def answer(db: Database, team: int, choice: int, token: str, day: date) -> bool:
    """Count an answer, once for each token.

    Args:
        db: The database.
        team: The team's number.
        choice: Place in `CHOICES`.
        token: From the button.
        day: Today, team time.

    Returns:
        Whether it was the first of that token; a later one changes nothing.
    """
    monday = day - timedelta(days=day.weekday())
    with db.write() as connection:
        first = connection.execute(
            "insert into solved_used values (?, ?) on conflict do nothing",
            (hashlib.sha256(token.encode()).digest(), f"{day:%Y-%m}"),
        )
        if first.rowcount:
            connection.execute(
                "insert into solved values (?, ?, ?, 1) on conflict (team, week, choice) do update set n = n + 1",
                (int(team), monday.isoformat(), int(choice)),
            )
    return bool(first.rowcount)


def weeks(db: Database, team: int) -> list[tuple[date, tuple[int, ...]]]:
    """(Monday, how many chose each of `CHOICES`) of every week with an answer, oldest first."""
    found: dict[str, list[int]] = {}
    for week, choice, n in db.read("select week, choice, n from solved where team = ? order by week", (int(team),)):
        found.setdefault(week, [0] * len(CHOICES))[choice] = n
    return [(date.fromisoformat(week), tuple(counts)) for week, counts in found.items()]


def times_asked(db: Database, workspace: str, person: str) -> list[tuple[str, int]]:
    """(Month, how often this person was asked) for the months that can still tell; for the person alone."""
    return [
        (month, int(n))
        for month, mark in keys.marks(db, workspace, _words(person))
        for (n,) in db.read(
            "select n from solved_asked where workspace = ? and month = ? and person = ?", (workspace, month, mark)
        )
    ]


def forget(db: Database, workspace: str, person: str) -> None:
    """Forget that this person was ever asked."""
    with db.write() as connection:
        connection.executemany(
            "delete from solved_asked where workspace = ? and month = ? and person = ?",
            [(workspace, month, mark) for month, mark in keys.marks(db, workspace, _words(person))],
        )


def let_go(db: Database, now: float) -> None:
    """Forget whom questions went to, and what was asked and pressed before the months that are kept."""
    oldest = _months_back(now, LIVE_BEFORE)
    with db.write() as connection:
        connection.execute(
            "update outbox set channel = '', body = '{}', ts = null where kind = ? and channel <> ''"
            " and state in ('sent', 'failed', 'unknown') and coalesce(attempted, made) < ?",
            (KIND, int(now - AFTER_DAYS * DAY)),
        )
        connection.execute("delete from solved_asked where month < ?", (oldest,))
        connection.execute("delete from solved_used where month < ?", (oldest,))


def _words(person: str) -> str:
    return f"asked {person}"


def _month(now: float) -> str:
    return f"{datetime.fromtimestamp(now, UTC):%Y-%m}"


def _months_back(now: float, months: int) -> str:
    today = datetime.fromtimestamp(now, UTC)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return f"{year:04}-{month + 1:02}"
