"""Pseudonyms: who did something, told apart within a calendar month and by nobody longer.

An actor is HMAC-SHA256 of the user id under a secret made anew for each month (UTC, of the *message*, so that
live and back-filled facts meet). When a month is over for two months, what it showed of the team's work is
summed up, its actors are emptied and its secret is destroyed: nobody can then tell who did what. Until then
whoever holds the database could compute a pseudonym from the roster and the secret.
"""

import hmac
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from storage.database import Database
from storage.requests import anonymous

LIVE_BEFORE = 2
"""Months before the current one whose secrets are kept."""

OPT_OUT = "opt-out"
"""Stands in the month's place for the secret of the opt-out hashes."""

IMPORT = "import"
"""The workspace of imports, and in the month's place their one secret, which is kept."""

_DAY = 86_400 * 1_000_000
_MESSAGES = (10**15, 5 * 10**15)
"""Microseconds of 2001 to 2128: keys of messages, and hardly any of the hashes that other imports have as keys."""

BATCH = 100
"""Facts made anonymous in one transaction, so that it stays under 50 ms."""

Busy = Callable[[int, date], Iterable[tuple[date, float, int]]]
"""(Team, first day of a month) → (Monday, busy hours, requests completed) for each week that begins in it."""


class Pseudonymizer:
    """Slack user id and message time (microseconds) → eight bytes, `b""` for nobody.

    Nobody is: who objected, and everybody in a month whose secret is gone. A month's secret is on disk before
    its first use. One object may serve all threads; what it remembers is checked against the database at each
    call.

    Args:
        db: The database.
        workspace: Slack's team_id, or `import`.
    """

    def __init__(self, db: Database, workspace: str) -> None:
        self._db, self._workspace = db, workspace
        self._lock = threading.Lock()
        self._seen = -1
        self._secrets: dict[str, bytes] = {}
        self._objectors: frozenset[bytes] = frozenset()

    def __call__(self, user_id: str, message: int) -> bytes:
        """The pseudonym of a user in the month of a message.

        Raises:
            StorageError: The database cannot be used.
        """
        month = IMPORT if self._workspace == IMPORT else _month(message // 1_000_000)
        with self._lock:
            self._remember()
            if self._objectors and _digest(self._secrets[OPT_OUT], user_id) in self._objectors:
                return b""
            secret = self._secrets.get(month)
            if secret is None:
                secret = self._secrets[month] = _secret(self._db, self._workspace, month)
        return _digest(secret, user_id)[:8] if secret else b""

    def _remember(self) -> None:
        (changes,) = self._db.read("select changes from trust").fetchone()
        if changes != self._seen:
            keys = self._db.read("select month, secret from keys where workspace = ?", (self._workspace,))
            self._secrets = dict(keys.fetchall())
            people = self._db.read("select person from optouts where workspace = ?", (self._workspace,))
            self._objectors = frozenset(person for (person,) in people)
            self._seen = changes


def make_first(db: Database, workspace: str, now: float) -> None:
    """Make the secrets of this month and the two before, which set-up reads back; harmless when repeated."""
    _secret(db, workspace, _month(int(now)))


def opt_out(db: Database, workspace: str, user_id: str) -> None:
    """Remove a person from all facts whose month's secret still lives, and from all that will come.

    Harmless when repeated, which also catches a fact that was on its way meanwhile. It does not say how many
    facts there were: that would be a figure about one person.

    Raises:
        StorageError: The database cannot be used; do it again.
    """
    with db.write() as connection:
        keys = dict(
            connection.execute(
                "insert into keys values (?, ?, ?) on conflict do update set month = month returning month, secret",
                (workspace, OPT_OUT, secrets.token_bytes(32)),
            ).fetchall()
        )
        person = _digest(keys[OPT_OUT], user_id)
        connection.execute("insert into optouts values (?, ?) on conflict do nothing", (workspace, person))
        connection.execute("update trust set changes = changes + 1")
    _empty_actors(db, facts_of(db, workspace, user_id))


def facts_of(db: Database, workspace: str, user_id: str) -> list[int]:
    """Ids of the facts that can still be told to be a person's, imported ones included.

    For the person alone: to be shown to them, and to be made anonymous.
    """
    ids = [
        row[0]
        for actor in actors_of(db, workspace, user_id)
        for row in db.read(
            "select id from signals where actor = ? and queue in (select id from queues where workspace = ?)",
            (actor, workspace),
        )
    ]
    return [*ids, *_imported(db, user_id)]


def actors_of(db: Database, workspace: str, user_id: str) -> frozenset[bytes]:
    """A person's pseudonyms in the months whose secrets live: for the person alone, to find what is theirs."""
    return frozenset(_digest(secret, user_id)[:8] for _, secret in _live(db, workspace))


def mark(db: Database, workspace: str, at: float, words: str) -> bytes:
    """A keyed hash of some words under the secret of the month of a Unix second; empty where that secret is gone.

    It is no pseudonym of a user id, whatever the words are.
    """
    secret = _secret(db, workspace, _month(int(at)))
    return _digest(secret, f"mark {words}") if secret else b""


def marks(db: Database, workspace: str, words: str) -> list[tuple[str, bytes]]:
    """(Month, what `mark` gives in it) for each month whose secret lives."""
    return [(month, _digest(secret, f"mark {words}")) for month, secret in _live(db, workspace)]


def _live(db: Database, workspace: str) -> list[tuple[str, bytes]]:
    return db.read(
        "select month, secret from keys where workspace = ? and month <> ? and secret <> x'' order by month",
        (workspace, OPT_OUT),
    ).fetchall()


def for_a_day(user_id: str, message: int) -> str:
    """The name under which an imported export keeps somebody who asks: another each day (UTC) of the message."""
    return f"{user_id} {message // _DAY}"


def _imported(db: Database, user_id: str) -> list[int]:
    """Facts of a person in imported Slack exports, whichever workspace those came from, and in logs with Slack ids."""
    row = db.read("select secret from keys where workspace = ?1 and month = ?1", (IMPORT,)).fetchone()
    if row is None:
        return []
    own, days = _digest(row[0], user_id)[:8], dict[int, bytes]()
    imported = "queue in (select id from queues where workspace = ?)"
    ids = [id_ for (id_,) in db.read(f"select id from signals where actor = ? and {imported}", (own, IMPORT))]
    found = db.read(
        f"select id, message, actor from signals where actor <> x'' and message between ? and ? and {imported}",
        (*_MESSAGES, IMPORT),
    )
    for fact, message, actor in found:
        day = message // _DAY
        if day not in days:
            days[day] = _digest(row[0], for_a_day(user_id, message))[:8]
        if actor == days[day]:
            ids.append(fact)
    return ids


def objected(db: Database, user_id: str) -> bool:
    """Whether a person objected in any workspace: an export of it must not bring them back."""
    marks = db.read(
        "select o.person, k.secret from optouts o join keys k on k.workspace = o.workspace and k.month = ?", (OPT_OUT,)
    )
    return any(hmac.compare_digest(person, _digest(secret, user_id)) for person, secret in marks.fetchall())


def destroy_old(db: Database, now: float, busy: Busy) -> int:
    """Sum up the months that are over for two months, empty their actors and destroy their secrets.

    Each step is kept before the next begins, and all may be repeated.

    Args:
        db: The database.
        now: Unix seconds.
        busy: What a month's facts say of a team's weeks; asked before its actors are emptied.

    Returns:
        How many secrets were destroyed.
    """
    oldest = _name(_number(_month(int(now))) - LIVE_BEFORE)
    over = db.read(
        "select workspace, month from keys where month < ? and month not in (?, ?) and secret <> x''"
        " order by month, workspace",
        (oldest, OPT_OUT, IMPORT),
    ).fetchall()
    for workspace, month in over:
        _sum_up(db, workspace, month, busy)
        _empty_actors(db, _known_in(db, workspace, month))
        with db.write() as connection:
            connection.execute("update keys set secret = x'' where workspace = ? and month = ?", (workspace, month))
            connection.execute("update trust set changes = changes + 1")
    if over:
        db.checkpoint()
    return len(over)


def _sum_up(db: Database, workspace: str, month: str, busy: Busy) -> None:
    first = date.fromisoformat(f"{month}-01")
    for (team,) in db.read("select id from teams where workspace = ?", (workspace,)).fetchall():
        weeks = [(team, week.isoformat(), float(hours), int(done)) for week, hours, done in busy(team, first)]
        with db.write() as connection:
            # what was summed up while all actors were known stands
            connection.executemany("insert into weekly values (?, ?, ?, ?) on conflict do nothing", weeks)


def _known_in(db: Database, workspace: str, month: str) -> list[int]:
    """Facts about messages of a month whose actor is known."""
    start, end = _first_us(_number(month)), _first_us(_number(month) + 1)
    queues = db.read("select id from queues where workspace = ?", (workspace,)).fetchall()
    return [
        row[0]
        for (queue,) in queues
        for row in db.read(
            "select id from signals where queue = ? and message >= ? and message < ? and actor <> x''",
            (queue, start, end),
        )
    ]


def _empty_actors(db: Database, ids: list[int]) -> int:
    ids = sorted(ids)
    for start in range(0, len(ids), BATCH):
        with db.write() as connection:
            anonymous(connection, ids[start : start + BATCH])
            for fact in ids[start : start + BATCH]:
                _empty_actor(connection, fact)
    return len(ids)


def _empty_actor(connection: sqlite3.Connection, fact: int) -> None:
    """Make one fact anonymous; of two that become equal the earliest stays."""
    row = connection.execute(
        "select queue, message, kind, reacted, undoes from signals where id = ?", (fact,)
    ).fetchone()
    if row is None:
        return
    twin = connection.execute(
        "select id from signals where queue = ? and message = ? and kind = ? and actor = x'' and reacted = ?"
        " and undoes = ?",
        row,
    ).fetchone()
    if twin is not None:
        connection.execute("delete from signals where id = ?", (max(fact, twin[0]),))
    if twin is None or fact < twin[0]:
        connection.execute("update signals set actor = x'' where id = ?", (fact,))


def _secret(db: Database, workspace: str, month: str) -> bytes:
    """The secret of a month, on disk; empty where it is gone.

    Months up to the newest with a secret that have none are gone. A newer month gets one, and so do the (at
    most two) months between, whose messages may still be read.
    """
    with db.write() as connection:
        known = dict(
            connection.execute(
                "select month, secret from keys where workspace = ? and month <> ?", (workspace, OPT_OUT)
            ).fetchall()
        )
        if month not in known and (not known or month > max(known)):
            names = [month] if month == IMPORT else [_name(_number(month) - n) for n in range(LIVE_BEFORE + 1)]
            for name in names:
                if not known or name > max(known):
                    connection.execute("insert into keys values (?, ?, ?)", (workspace, name, secrets.token_bytes(32)))
            connection.execute("update trust set changes = changes + 1")
        row = connection.execute(
            "select secret from keys where workspace = ? and month = ?", (workspace, month)
        ).fetchone()
    return b"" if row is None else bytes(row[0])


def _digest(secret: bytes, user_id: str) -> bytes:
    return hmac.digest(secret, user_id.encode(), "sha256")


def _month(seconds: int) -> str:
    at = time.gmtime(seconds)
    return f"{at.tm_year:04}-{at.tm_mon:02}"


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _name(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _first_us(number: int) -> int:
    first = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return int(first.timestamp()) * 1_000_000
