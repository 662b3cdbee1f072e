"""Pulses: which rounds there were, who was asked, and what was published. Answers are `storage.pulse_answers`'s."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Pulse:
    """One round.

    Attributes:
        id: Storage's number.
        team: The team's number.
        opened: The day, team time.
        closes: Unix seconds.
        questions: Their keys.
        floor: Answers below which nothing is shown.
        is_open: Whether answers are taken.
    """

    id: int
    team: int
    opened: date
    closes: int
    questions: tuple[str, ...]
    floor: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """How one message fared.

    Attributes:
        state: As in the outbox.
        attempted: Unix second of the last attempt, None before the first.
        error: Why it did not leave, where it did not.
    """

    state: str
    attempted: int | None
    error: str | None


_COLUMNS = "id, team, opened, closes, questions, floor, state"


def publish(db: Database, pulse: int, question: str, result: Mapping[str, Any]) -> None:
    """Keep what is told about one question."""
    with db.write() as connection:
        connection.execute(
            "insert into pulse_results values (?, ?, ?) on conflict do nothing",
            (int(pulse), question, json.dumps(result, sort_keys=True)),
        )


def set_closes(db: Database, pulse: int, closes: float) -> None:
    """Note when an open round ends."""
    with db.write() as connection:
        connection.execute("update pulses set closes = ? where id = ? and state = 'open'", (int(closes), int(pulse)))


def get(db: Database, pulse: int) -> Pulse | None:
    """The round of that number, None when there is none."""
    return _one(db.read(f"select {_COLUMNS} from pulses where id = ?", (int(pulse),)).fetchone())


def running(db: Database, team: int) -> Pulse | None:
    """A team's open round, None when there is none."""
    return _one(db.read(f"select {_COLUMNS} from pulses where team = ? and state = 'open'", (int(team),)).fetchone())


def rounds(db: Database, team: int) -> list[Pulse]:
    """All rounds of a team, newest first."""
    rows = db.read(f"select {_COLUMNS} from pulses where team = ? order by id desc", (int(team),)).fetchall()
    return [_pulse(row) for row in rows]


def results(db: Database, pulse: int) -> dict[str, dict[str, Any]]:
    """Question → what was told about it."""
    rows = db.read("select question, result from pulse_results where pulse = ? order by question", (int(pulse),))
    return {question: json.loads(result) for question, result in rows}


def last_result(db: Database, team: int, question: str, before: int) -> tuple[date, dict[str, Any]] | None:
    """(Day asked, what was told) of a question the last time before a round; None when it never was."""
    row = db.read(
        "select p.opened, r.result from pulse_results r join pulses p on p.id = r.pulse"
        " where p.team = ? and r.question = ? and p.id < ? order by p.id desc limit 1",
        (int(team), question, int(before)),
    ).fetchone()
    return None if row is None else (date.fromisoformat(row[0]), json.loads(row[1]))


def invited(db: Database, pulse: int) -> frozenset[str]:
    """Who was asked: Slack user ids, known for 91 days."""
    return frozenset(person for (person,) in db.read("select person from pulse_invited where pulse = ?", (int(pulse),)))


def known_groups(
    db: Database, workspace: str, question: str, since: date, but: int = 0
) -> list[tuple[date, frozenset[str]]]:
    """(Day, people) of each round in a workspace whose figure of a question is published, or may yet be.

    Args:
        db: The database.
        workspace: Slack's team_id: one person may answer for several of its teams.
        question: Its key.
        since: Rounds opened on this day or later.
        but: A round to leave out.
    """
    rows = db.read(
        "select p.id, p.opened from pulses p join teams t on t.id = p.team where t.workspace = ?1 and p.opened >= ?2"
        " and p.id <> ?4 and (exists (select 1 from pulse_results r where r.pulse = p.id and r.question = ?3)"
        " or (p.state = 'open' and exists (select 1 from json_each(p.questions) where value = ?3))) order by p.id",
        (workspace, since.isoformat(), question, int(but)),
    ).fetchall()
    return [(date.fromisoformat(opened), invited(db, number)) for number, opened in rows]


def highest_floor(db: Database, workspace: str, since: date) -> int:
    """The highest floor that anybody in a workspace was promised with a round opened on that day or later; 0: none."""
    row = db.read(
        "select max(p.floor) from pulses p join teams t on t.id = p.team where t.workspace = ? and p.opened >= ?",
        (workspace, since.isoformat()),
    ).fetchone()
    return int(row[0] or 0)


def outcomes(db: Database, keys: Mapping[str, str]) -> dict[str, Sent]:
    """Person → how their message in the outbox fared; left out: there is no such message.

    Args:
        db: The database.
        keys: The messages' keys → person.
    """
    rows = db.read(
        "select key, state, attempted, error from outbox where key in (select value from json_each(?))",
        (json.dumps(list(keys)),),
    )
    return {keys[key]: Sent(*how) for key, *how in rows}


def told(db: Database, team: int) -> bool:
    """Whether all results that were put down have left or were given up, so that nobody is still to be told."""
    row = db.read(
        "select 1 from outbox where team = ? and kind = 'results' and state in ('waiting', 'sending') limit 1",
        (int(team),),
    ).fetchone()
    return row is None


def expire(db: Database, today: date, days: int) -> int:
    """Forget who was asked in rounds that are over that many days old; returns how many rows went.

    Those that an open round will still be compared with stay until it closes.
    """
    with db.write() as connection:
        return connection.execute(
            "delete from pulse_invited where pulse in (select p.id from pulses p join teams t on t.id = p.team"
            " where p.state = 'closed' and p.opened < ?1 and not exists (select 1 from pulses o join teams u"
            " on u.id = o.team where u.workspace = t.workspace and o.state = 'open'"
            " and o.opened <= date(p.opened, ?2)))",
            ((today - timedelta(days=days)).isoformat(), f"+{int(days)} days"),
        ).rowcount


def _one(row: Sequence[Any] | None) -> Pulse | None:
    return None if row is None else _pulse(row)


def _pulse(row: Sequence[Any]) -> Pulse:
    number, team, opened, closes, questions, floor, state = row
    day = date.fromisoformat(opened)
    return Pulse(number, team, day, closes, tuple(json.loads(questions)), floor, state == "open")
