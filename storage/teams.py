"""Teams: what was said at set-up or in a team file, and the queues each team answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.emoji import completed
from bot.errors import BadInputError
from bot.presets import PRESETS
from bot.signal import Kind
from bot.team import Team
from bot.watch import Gone, OtherApp, Watch
from bot.wishes import WISHES, Wishes, for_health
from storage import apps, roster
from storage.database import Database
from storage.drafts import TeamDraft, queue_id, save, save_roster

__all__ = [
    "IMPORTED",
    "Queue",
    "TeamDraft",
    "TeamRecord",
    "all",
    "by_channel",
    "by_name",
    "by_queue",
    "get",
    "mark_gone",
    "queue",
    "queue_id",
    "rename_channel",
    "responders",
    "save",
    "save_roster",
    "set_announced",
    "set_basis",
    "set_threads",
    "set_watermark",
    "watched",
]

IMPORTED = "import"
"""The workspace of teams that come from files."""

Threads = Literal["none", "reading", "read", "refused"]
"""How far the threads of a queue's past have been read."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A channel where requests arrive.

    Attributes:
        id: Storage's number, as in signals.
        team_id: The team that answers.
        workspace: Slack's team_id, or `import`.
        channel: Slack channel id; an import's queue name.
        watermark: Microseconds: read completely up to here.
        cursor: While threads are read, the root reached (microseconds; newest first); afterwards, the reply up to
            which young threads are read; 0 = none.
        threads: How far threads have been read.
        gone: Why it is not heard, else None.
    """

    id: int
    team_id: int
    workspace: str
    channel: str
    watermark: int
    cursor: int
    threads: Threads
    gone: Gone | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRecord(Wishes):
    """A team as stored: what it wished, and what came of it.

    Attributes:
        id: Storage's number.
        workspace: Slack's team_id, or `import`.
        team: What health reads; where the wish `hands_on_minutes` is None, with the preset's.
        announced: Unix second at which the queue was told what is kept, else None.
        basis: The basis in use, once there is one.
        emoji: Reaction name → kind; the usual ones of meanings for which it named none.
        queues: Its queues, oldest first.
        apps: Other apps that were decided about; `other_apps` is for the rest.
    """

    id: int
    workspace: str
    team: Team
    announced: int | None = None
    basis: str | None = None
    emoji: Mapping[str, Kind]
    queues: tuple[Queue, ...]
    apps: tuple[OtherApp, ...] = ()

    @property
    def channels(self) -> dict[int, str]:
        """Slack's ids of its queues, by storage's number."""
        return {queue.id: queue.channel for queue in self.queues}

    def responders_on(self, day: date) -> frozenset[str]:
        """Who was on the roster on a day, team time."""
        return roster.present(self.team.people, day)


_TEAM = ("id", "workspace", "announced", "basis", "hands_on_given", *(wish.key for wish in WISHES))
_SELECT = f"select {', '.join(_TEAM)} from teams"
_QUEUE = "id, team, workspace, channel, watermark, cursor, threads, gone"


def get(db: Database, team_id: int) -> TeamRecord | None:
    """The team of that number, None when there is none."""
    row = db.read(f"{_SELECT} where id = ?", (int(team_id),)).fetchone()
    return None if row is None else _record(db, row)


def by_name(db: Database, name: str, workspace: str | None = None) -> TeamRecord | None:
    """The team of that name in a workspace, or, with None, in the only one that has such a team.

    Raises:
        BadInputError: Several workspaces have a team of that name, and none was given.
    """
    rows = db.read(
        f"{_SELECT} where name = ?1 and (?2 is null or workspace = ?2) order by id",
        (name, workspace),
    ).fetchall()
    if len(rows) > 1:
        where = ", ".join(row[_TEAM.index("workspace")] for row in rows)
        raise BadInputError("team", name, f"several workspaces have one ({where}); name the workspace too")
    return _record(db, rows[0]) if rows else None


def by_queue(db: Database, workspace: str, channel: str) -> TeamRecord | None:
    """The team that answers a channel, None when nobody does (any more)."""
    row = db.read(
        "select team from queues where workspace = ? and channel = ? and gone is null", (workspace, channel)
    ).fetchone()
    return None if row is None else get(db, row[0])


def by_channel(db: Database, workspace: str, channel: str) -> tuple[TeamRecord, Literal["queue", "team"]] | None:
    """The team a channel belongs to, and as what: its queue, or where its load may be told."""
    found = by_queue(db, workspace, channel)
    if found is not None:
        return found, "queue"
    row = db.read(
        f"{_SELECT} where workspace = ? and team_channel = ? order by id",
        (workspace, channel),
    ).fetchone()
    return None if row is None else (_record(db, row), "team")


def all(db: Database) -> list[TeamRecord]:
    """Every team, oldest first."""
    return [_record(db, row) for row in db.read(f"{_SELECT} order by id").fetchall()]


def queue(db: Database, queue_id: int) -> Queue | None:
    """The queue of that number, None when there is none."""
    row = db.read(f"select {_QUEUE} from queues where id = ?", (int(queue_id),)).fetchone()
    return None if row is None else _queue(row)


def _queue(row: Sequence[Any]) -> Queue:
    *known, gone = row
    return Queue(*(*known, gone and Gone(gone)))


_USUAL_TARGET = {preset.key: preset.target_wait_hours for preset in PRESETS}


def _record(db: Database, row: Sequence[Any]) -> TeamRecord:
    said = dict(zip(_TEAM, row, strict=True))
    team_id, given = said["id"], bool(said.pop("hands_on_given"))
    team = Team(people=roster.people(db, team_id, said["share"]), hands_on_given=given, **for_health(said))
    if not given:
        said["hands_on_minutes"] = None  # the preset's is no wish
    if said["target_wait_hours"] == _USUAL_TARGET.get(said["preset"]):
        said["target_wait_hours"] = None  # likewise: it changes with the kind of work
    emoji = db.read("select name, kind from emoji where team = ?", (team_id,))
    queues = db.read(f"select {_QUEUE} from queues where team = ? order by id", (team_id,))
    return TeamRecord(
        team=team,
        emoji=completed({name: Kind(kind) for name, kind in emoji}),
        queues=tuple(_queue(q) for q in queues),
        apps=apps.of_team(db, team_id),
        **said,
    )


def set_watermark(db: Database, queue_id: int, watermark: int) -> None:
    """Note up to which microsecond a queue is read completely."""
    with db.write() as connection:
        connection.execute("update queues set watermark = ? where id = ?", (int(watermark), int(queue_id)))


def set_threads(db: Database, queue_id: int, threads: Threads, cursor: int = 0) -> None:
    """Note how far the threads of a queue's past are read; `cursor` is the root reached (microseconds)."""
    with db.write() as connection:
        connection.execute(
            "update queues set threads = ?, cursor = ? where id = ?", (threads, int(cursor), int(queue_id))
        )


def mark_gone(db: Database, queue_id: int, why: Gone | None) -> None:
    """Note why a queue is not heard; None: it is again."""
    with db.write() as connection:
        connection.execute("update queues set gone = ? where id = ?", (why and why.value, int(queue_id)))


def rename_channel(db: Database, workspace: str, old: str, new: str) -> None:
    """Follow a channel to its new Slack id, with everything that hangs on it; done again, it changes nothing.

    Posts that still wait go along. A queue that is already known under the new id stays as it is.
    """
    with db.write() as connection:
        for table, column, still in (
            ("queues", "channel", ""),
            ("teams", "team_channel", ""),
            ("interruption_channels", "channel", ""),
            ("outbox", "channel", " and state = 'waiting'"),
        ):
            connection.execute(
                f"update or ignore {table} set {column} = ?1 where workspace = ?2 and {column} = ?3{still}",
                (new, workspace, old),
            )


def set_announced(db: Database, team_id: int, at: float) -> None:
    """Note the Unix second at which a team's queues were told what is kept; from then on we listen."""
    with db.write() as connection:
        connection.execute("update teams set announced = ? where id = ?", (int(at), int(team_id)))


def set_basis(db: Database, team_id: int, basis: str) -> None:
    """Note the basis that a team's figures rest on."""
    with db.write() as connection:
        connection.execute("update teams set basis = ? where id = ?", (basis, int(team_id)))


def watched(db: Database, bot_user: str | None = None, bot_id: str | None = None) -> dict[tuple[str, str], Watch]:
    """A snapshot of the channels we listen to: (workspace, channel) → what capture must know.

    Queues that have not been told yet what is kept, or can no longer be read, are left out.

    Args:
        db: The database.
        bot_user: Our own user id, which is never heard.
        bot_id: Our id in our own posts.
    """
    return {
        (queue.workspace, queue.channel): Watch(
            queue=queue.id,
            responders=responders(record.team),
            emoji=record.emoji,
            other_apps=record.other_apps == "request",
            apps={app.bot: app.request for app in record.apps},
            language=record.language,
            bot_user=bot_user,
            bot_id=bot_id,
        )
        for record in all(db)
        if record.announced is not None
        for queue in record.queues
        if queue.gone is None and queue.workspace != IMPORTED
    }


def responders(team: Team) -> Callable[[str, int], bool]:
    """(User id, microseconds) → whether that person was on the team's roster on that day, team time."""
    zone = ZoneInfo(team.tz)
    known = frozenset(person.id for person in team.people)

    def on_roster(user: str, at: int) -> bool:
        if user not in known:
            return False
        day = datetime.fromtimestamp(at // 1_000_000, zone).date()
        return user in roster.present(team.people, day)

    return on_roster
