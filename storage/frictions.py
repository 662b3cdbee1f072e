"""Process flaws that people reported without a name.

Nothing here can say who wrote a note: a row holds no person and no time, its number is a hash of a random word that
stood in one opened form, and the day from which the team sees it was drawn at random.
"""

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import date

from storage.database import Database

ID_BITS = 53
"""Of a row's number: as many as every program that may read it can hold exactly."""

_COLUMNS = "id, team, topic, words, measure, shown, state, changed"


@dataclass(frozen=True, slots=True)
class Note:
    """One reported flaw.

    Attributes:
        topic: Kind of flaw.
        words: As it was typed.
        measure: Which measure it should move once mended.
        shown: The day, team time, from which the team sees it.
        state: `open`, `looking` or `fixed`.
        changed: The day of its last change of state, None for none.
    """

    topic: str
    words: str
    measure: str
    shown: date
    state: str = "open"
    changed: date | None = None


def add(db: Database, form: str, team: int, note: Note) -> bool:
    """Keep a note; one form is one note, however often it is sent.

    The whole table, which is small, is written anew in the order of its random numbers: SQLite puts new rows after
    the old ones within a page of the file, so their place there would tell which came later.

    Args:
        db: The database.
        form: The random word of the opened form.
        team: The team's number.
        note: What was reported.

    Returns:
        Whether it is new.
    """
    with db.write() as connection:
        new = connection.execute(
            f"insert into frictions ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            (_number(form), int(team), note.topic, note.words, note.measure, note.shown.isoformat(), "open", None),
        ).rowcount
        if new:
            _rewrite(connection)
    return new == 1


def seen(db: Database, team: int, today: date) -> list[Note]:
    """A team's notes that it may see on a day, in an order that says nothing."""
    rows = db.read(
        "select topic, words, measure, shown, state, changed from frictions where team = ? and shown <= ? order by id",
        (int(team), today.isoformat()),
    )
    return [
        Note(topic, words, measure, date.fromisoformat(shown), state, date.fromisoformat(changed) if changed else None)
        for topic, words, measure, shown, state, changed in rows
    ]


def mark(db: Database, team: int, topic: str, state: str, seen: date, today: date) -> int:
    """Note that a team looks at a kind of flaw, or has fixed it.

    Args:
        db: The database.
        team: The team's number.
        topic: Kind of flaw.
        state: `looking` or `fixed`.
        seen: Only notes that the team could see on that day; later ones are about what still stands.
        today: The day of the change.

    Returns:
        How many notes changed; none where it was said before.
    """
    before = ("open",) if state == "looking" else ("open", "looking")
    with db.write() as connection:
        return connection.execute(
            "update frictions set state = ?, changed = ? where team = ? and topic = ? and shown <= ?"
            f" and state in ({', '.join('?' * len(before))})",
            (state, today.isoformat(), int(team), topic, seen.isoformat(), *before),
        ).rowcount


def _number(form: str) -> int:
    digest = hashlib.blake2b(form.encode(), digest_size=8, person=b"friction").digest()
    return int.from_bytes(digest) >> (64 - ID_BITS)


def _rewrite(connection: sqlite3.Connection) -> None:
    rows = connection.execute(f"select {_COLUMNS} from frictions order by id").fetchall()
    connection.execute("delete from frictions")
    connection.executemany(f"insert into frictions ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
