"""What people say about their team, put on record: the set-up form, or a team file."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.emoji import DEFAULT_EMOJI
from bot.errors import BadInputError
from bot.presets import PRESETS
from bot.signal import Kind
from bot.team import Person
from bot.watch import Gone, OtherApp
from bot.wishes import WISHES, Wish, Wishes
from storage import apps, roster
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDraft(Wishes):
    """What the set-up form says: a team's wishes, and of whom and where.

    Attributes:
        workspace: Slack's team_id.
        queue: Slack channel id where requests arrive.
        responders: Slack user ids.
        team_id: The team to change; None makes a new one.
        person_tz: User id → IANA zone, where it differs from the team's.
        emoji: Reaction name → kind.
        apps: Other apps that were decided about.
    """

    workspace: str
    queue: str
    responders: tuple[str, ...]
    team_id: int | None = None
    person_tz: Mapping[str, str] = field(default_factory=dict)
    emoji: Mapping[str, Kind] = field(default_factory=lambda: DEFAULT_EMOJI)
    apps: tuple[OtherApp, ...] = ()


def save(db: Database, draft: TeamDraft, now: float) -> int:
    """Create or change a team as the set-up form says; done again, it changes nothing.

    A new team's people count as always having been there, so that the past can be read. Later, leavers stay
    until yesterday and joiners begin today (team time); the past is never rewritten. A queue that the team
    had before and no longer names is kept with its facts, but not listened to. What is settled (how much past is
    read) stays as it was once the queue was told.

    Args:
        db: The database.
        draft: The form.
        now: Unix seconds.

    Returns:
        The team's number.

    Raises:
        BadInputError: The name is taken, another team answers the queue, or no such team or preset.
    """
    kind = next((p for p in PRESETS if p.key == draft.preset), None)
    if kind is None:
        raise BadInputError("preset", draft.preset, f"pick one of {', '.join(p.key for p in PRESETS)}")
    usual = {w.key: getattr(kind, w.key) for w in WISHES if w.from_preset and getattr(draft, w.key) is None}
    today = datetime.fromtimestamp(now, ZoneInfo(draft.tz)).date()
    with db.write() as connection:
        told = _told(connection, draft.team_id)
        columns = _columns(draft.workspace, draft, (w for w in WISHES if not (told and w.settled)))
        team_id = _put(connection, draft.team_id, {**columns, **usual})
        if draft.team_id is None:
            roster.begin(connection, team_id, draft.responders)
        else:
            roster.change(connection, team_id, draft.responders, today)
        roster.set_zones(connection, team_id, draft.person_tz)
        connection.execute("delete from emoji where team = ?", (team_id,))
        connection.executemany(
            "insert into emoji values (?, ?, ?)", [(team_id, name, int(k)) for name, k in draft.emoji.items()]
        )
        apps.replace(connection, team_id, draft.apps)
        _answer_only(connection, team_id, draft.workspace, draft.queue)
    return team_id


def save_roster(db: Database, workspace: str, said: Wishes, people: tuple[Person, ...], queues: Sequence[str]) -> int:
    """Create or change a team as a file says: what a file can hold replaces what was stored, people included.

    Queues that the file does not name stay, with their facts.

    Returns:
        The team's number.

    Raises:
        BadInputError: Another team of that workspace answers one of the queues.
    """
    columns = _columns(workspace, said, (w for w in WISHES if w.written))
    with db.write() as connection:
        known = connection.execute(
            "select id from teams where workspace = ? and name = ?", (workspace, said.name)
        ).fetchone()
        team_id = _put(connection, known and known[0], columns)
        roster.replace(connection, team_id, people)
        for channel in queues:
            queue_id(db, team_id, workspace, channel)
    return team_id


def _columns(workspace: str, said: Wishes, which: Iterable[Wish]) -> dict[str, object]:
    """What `teams` holds of some wishes."""
    held = {wish.key: getattr(said, wish.key) for wish in which}
    return {"workspace": workspace, "hands_on_given": int(said.hands_on_minutes is not None), **held}


def _told(connection: sqlite3.Connection, team_id: int | None) -> bool:
    """Whether a team's queue was told what is kept of it."""
    return bool(connection.execute("select 1 from teams where id = ? and announced is not null", (team_id,)).fetchone())


def _put(connection: sqlite3.Connection, team_id: int | None, columns: Mapping[str, object]) -> int:
    try:
        if team_id is None:
            names, places = ", ".join(columns), ", ".join("?" * len(columns))
            row = connection.execute(
                f"insert into teams ({names}) values ({places}) returning id", tuple(columns.values())
            ).fetchone()
        else:
            pairs = ", ".join(f"{name} = ?" for name in columns)
            row = connection.execute(
                f"update teams set {pairs} where id = ? and workspace = ? returning id",
                (*columns.values(), int(team_id), columns["workspace"]),
            ).fetchone()
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            raise
        raise BadInputError("team name", columns["name"], "another team has it; choose another name") from error
    if row is None:
        raise BadInputError("team", team_id, "there is no such team any more; set it up anew")
    return int(row[0])


def _answer_only(connection: sqlite3.Connection, team_id: int, workspace: str, channel: str) -> None:
    queue = _queue_id(connection, team_id, workspace, channel)
    connection.execute("update queues set gone = null where id = ?", (queue,))
    connection.execute(
        "update queues set gone = ? where team = ? and id <> ?",
        (Gone.UNNAMED.value, team_id, queue),
    )


def queue_id(db: Database, team_id: int, workspace: str, channel: str) -> int:
    """The number of a team's queue, made if there is none yet.

    Raises:
        BadInputError: Another team answers that channel.
    """
    with db.write() as connection:
        return _queue_id(connection, team_id, workspace, channel)


def _queue_id(connection: sqlite3.Connection, team_id: int, workspace: str, channel: str) -> int:
    row = connection.execute(
        "select q.id, q.team, t.name from queues q join teams t on t.id = q.team"
        " where q.workspace = ? and q.channel = ?",
        (workspace, channel),
    ).fetchone()
    if row is None:
        made = connection.execute(
            "insert into queues (team, workspace, channel) values (?, ?, ?) returning id",
            (int(team_id), workspace, channel),
        ).fetchone()
        return int(made[0])
    if row[1] != team_id:
        raise BadInputError("queue", channel, f"the team {row[2]!r} already answers it; choose another channel")
    return int(row[0])
