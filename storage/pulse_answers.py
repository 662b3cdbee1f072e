"""Answers to a pulse while it is open: counts, and nothing that leads from one to a person or to another answer.

A used button leaves the salted hash of its random token; the answer itself is a count that rises by one. Rows are
written anew in a fixed order each time, and the write-ahead log is emptied after each answer, so that neither the
file nor the log shows in which order answers came. At closing all of it is deleted together with the salt.
"""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from storage.database import Database
from storage.pulses import get

TEXT = "text"
"""The mark of the one line of text, in the place of a question."""

NONE = 1_000
"""What stands for no answer: SQLite writes every number from here to 32,767 in two bytes, so that a count grows in
its place and no row moves (https://sqlite.org/fileformat2.html#record_format)."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a round brought in; exists only while it is being closed.

    Attributes:
        counts: Question → how many chose each answer, in order.
        texts: The lines, in random order.
    """

    counts: Mapping[str, tuple[int, ...]]
    texts: tuple[str, ...]


class Answered(Enum):
    """What became of a press."""

    COUNTED = "counted"
    ALREADY = "this button's message has given an answer to that before"
    CLOSED = "the round is over, or never had this question"


def open_round(
    db: Database,
    team: int,
    *,
    opened: date,
    closes: float,
    questions: Mapping[str, int],
    floor: int,
    invited: Iterable[str],
    salt: bytes | None = None,
) -> int:
    """Begin a round; returns its number. Call it in the transaction that looked whether one is open.

    Args:
        db: The database.
        team: The team's number.
        opened: Today, team time.
        closes: Unix seconds, as far as it is known now.
        questions: Key → how many answers it has.
        floor: Answers below which nothing is shown.
        invited: Slack user ids.
        salt: Random bytes; made here when left out.
    """
    salt = secrets.token_bytes(32) if salt is None else salt
    with db.write() as connection:
        number = connection.execute(
            "insert into pulses (team, opened, closes, questions, floor, salt) values (?, ?, ?, ?, ?, ?) returning id",
            (int(team), opened.isoformat(), int(closes), json.dumps(list(questions)), int(floor), salt),
        ).fetchone()[0]
        connection.executemany(
            "insert into pulse_invited values (?, ?)", [(number, person) for person in sorted(invited)]
        )
        connection.executemany(
            "insert into pulse_counts values (?, ?, ?, ?)",
            [(number, key, choice, NONE) for key, answers in sorted(questions.items()) for choice in range(answers)],
        )
        _in_order(connection)
    return int(number)


def answer(db: Database, pulse: int, token: str, question: str, choice: int) -> Answered:
    """Count an answer, once for each token and question; then empty the write-ahead log.

    Args:
        db: The database.
        pulse: The round's number.
        token: From the button.
        question: Its key.
        choice: Place of the answer.
    """
    with db.write() as connection:
        mark = _mark(connection, pulse, token, question)
        if mark is None or not _has(connection, pulse, question, choice):
            return Answered.CLOSED
        if not _first(connection, pulse, mark):
            return Answered.ALREADY
        connection.execute(
            "update pulse_counts set n = n + 1 where pulse = ? and question = ? and choice = ?",
            (int(pulse), question, int(choice)),
        )
        _in_order(connection)
    db.checkpoint()
    return Answered.COUNTED


def write_text(db: Database, pulse: int, token: str, words: str, place: bytes | None = None) -> Answered:
    """Keep the one line of text that a token may give, at a random place; then empty the write-ahead log.

    Args:
        db: The database.
        pulse: The round's number.
        token: From the form.
        words: The line.
        place: Random bytes that order the lines; made here when left out.
    """
    with db.write() as connection:
        mark = _mark(connection, pulse, token, TEXT)
        if mark is None:
            return Answered.CLOSED
        if not _first(connection, pulse, mark):
            return Answered.ALREADY
        connection.execute(
            "insert into pulse_texts values (?, ?, ?)",
            (int(pulse), secrets.token_bytes(16) if place is None else place, words),
        )
        _in_order(connection)
    db.checkpoint()
    return Answered.COUNTED


def noted(db: Database, pulse: int, token: str) -> frozenset[str]:
    """The questions (and `TEXT`) that this token has answered; nobody without the token can ask."""
    found = get(db, pulse)
    if found is None or not found.is_open:
        return frozenset()
    marks = {mark for (mark,) in db.read("select mark from pulse_used where pulse = ?", (int(pulse),))}
    (salt,) = db.read("select salt from pulses where id = ?", (int(pulse),)).fetchone()
    return frozenset(key for key in (*found.questions, TEXT) if _hash(salt, token, key) in marks)


def close(db: Database, pulse: int, reached: Collection[str]) -> Collected | None:
    """End a round: hand out what it brought in and delete it, salt and marks included; None when it was closed.

    Call it in the transaction that publishes, and `Database.checkpoint` after it.

    Args:
        db: The database.
        pulse: The round's number.
        reached: Those of the invited whom the question may have reached; the others are no longer counted as asked.
    """
    with db.write() as connection:
        shut = connection.execute(
            "update pulses set state = 'closed', salt = x'' where id = ? and state = 'open'", (int(pulse),)
        )
        if not shut.rowcount:
            return None
        rows = connection.execute(
            "select question, n from pulse_counts where pulse = ? order by question, choice", (int(pulse),)
        ).fetchall()
        texts = connection.execute("select words from pulse_texts where pulse = ? order by place", (int(pulse),))
        lines = tuple(words for (words,) in texts.fetchall())
        for table in ("pulse_used", "pulse_counts", "pulse_texts"):
            connection.execute(f"delete from {table} where pulse = ?", (int(pulse),))
        connection.execute(
            "delete from pulse_invited where pulse = ? and person not in (select value from json_each(?))",
            (int(pulse), json.dumps(sorted(reached))),
        )
        _in_order(connection)
    keys = dict.fromkeys(question for question, _ in rows)
    return Collected({key: tuple(n - NONE for question, n in rows if question == key) for key in keys}, lines)


def _mark(connection: sqlite3.Connection, pulse: int, token: str, question: str) -> bytes | None:
    """The salted hash of a token for one question; None once the round is closed."""
    row = connection.execute("select salt from pulses where id = ? and state = 'open'", (int(pulse),)).fetchone()
    return None if row is None else _hash(row[0], token, question)


def _hash(salt: bytes, token: str, question: str) -> bytes:
    return hashlib.sha256(b"\x1f".join((salt, token.encode(), question.encode()))).digest()


def _has(connection: sqlite3.Connection, pulse: int, question: str, choice: int) -> bool:
    row = connection.execute(
        "select 1 from pulse_counts where pulse = ? and question = ? and choice = ?",
        (int(pulse), question, int(choice)),
    ).fetchone()
    return row is not None


def _first(connection: sqlite3.Connection, pulse: int, mark: bytes) -> bool:
    used = connection.execute("insert into pulse_used values (?, ?) on conflict do nothing", (int(pulse), mark))
    return used.rowcount > 0


def _in_order(connection: sqlite3.Connection) -> None:
    """Write the open rounds' rows anew in the order of their keys.

    SQLite puts a new row's bytes before those of older ones within a page (https://sqlite.org/fileformat2.html
    #b_tree_pages), so the file would show the order in which they came. The tables hold open rounds alone.
    """
    for table, columns in (
        ("pulse_used", "pulse, mark"),
        ("pulse_texts", "pulse, place, words"),
    ):
        rows = connection.execute(f"select {columns} from {table} order by {columns}").fetchall()
        connection.execute(f"delete from {table}")
        places = ", ".join("?" * (columns.count(",") + 1))
        connection.executemany(f"insert into {table} values ({places})", rows)
