"""What teams improved, where the freed hours were to go, and what each later look found."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.database import Database

BEFORE = 0
"""In place of the weeks of a look: how it was before the gain began."""


@dataclass(frozen=True, slots=True)
class Gain:
    """One improvement that a team wrote down.

    Attributes:
        id: Storage's number; 0 before it is kept.
        team: The team's number.
        title: As it was typed.
        hours: Freed a week, as the team estimates.
        goes: `buffer`, `learning`, `better_work` or `more_volume`.
        depends: What it stands on, as it was typed; may be empty.
        measure: Which measure it should move.
        began: The day, team time.
        people: The roster's person-hours a week then; None in a team of one or two.
        stood: The day on which the team last said that it still stands.
        ended: The day since which it no longer stands.
    """

    id: int
    team: int
    title: str
    hours: float
    goes: str
    depends: str
    measure: str
    began: date
    people: float | None = None
    stood: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a gain found.

    Attributes:
        weeks: Weeks after it began; `BEFORE` for how it was before.
        day: The day of the look, team time.
        found: As it was given.
    """

    weeks: int
    day: date
    found: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pledge:
    """Where a team lets freed hours go.

    Attributes:
        goes: As `Gain.goes`.
        words: As it was typed.
        since: The day it was written.
    """

    goes: str
    words: str
    since: date


_COLUMNS = "id, team, title, hours, goes, depends, measure, began, people, stood, ended"


def add(db: Database, form: str, gain: Gain) -> int | None:
    """Keep a gain; one form is one gain, however often it is sent.

    Args:
        db: The database.
        form: The random word of the opened form.
        gain: What was written; its number is not used.

    Returns:
        Its number, None where that form was kept before.
    """
    with db.write() as connection:
        row = connection.execute(
            "insert into gains (team, title, hours, goes, depends, measure, began, people, form)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning id",
            (
                int(gain.team),
                gain.title,
                float(gain.hours),
                gain.goes,
                gain.depends,
                gain.measure,
                gain.began.isoformat(),
                gain.people,
                form,
            ),
        ).fetchone()
        return None if row is None else int(row[0])


def get(db: Database, gain: int) -> Gain | None:
    """The gain of that number, None when there is none."""
    row = db.read(f"select {_COLUMNS} from gains where id = ?", (int(gain),)).fetchone()
    return None if row is None else _gain(row)


def of_team(db: Database, team: int) -> list[Gain]:
    """A team's gains, oldest first."""
    rows = db.read(f"select {_COLUMNS} from gains where team = ? order by began, id", (int(team),))
    return [_gain(row) for row in rows]


def stands(db: Database, gain: int, day: date) -> bool:
    """Note that what a gain depends on still stands; False for one that was said to have ended."""
    with db.write() as connection:
        return (
            connection.execute(
                "update gains set stood = ? where id = ? and ended is null", (day.isoformat(), int(gain))
            ).rowcount
            == 1
        )


def end(db: Database, gain: int, day: date) -> bool:
    """Note that a gain no longer stands; False where that was said before."""
    with db.write() as connection:
        return (
            connection.execute(
                "update gains set ended = ? where id = ? and ended is null", (day.isoformat(), int(gain))
            ).rowcount
            == 1
        )


def look(db: Database, gain: int, weeks: int, day: date, found: Mapping[str, Any]) -> bool:
    """Write down what a look found; False where that look was taken before."""
    with db.write() as connection:
        return (
            connection.execute(
                "insert into gain_checks (gain, weeks, day, found) values (?, ?, ?, ?) on conflict do nothing",
                (int(gain), int(weeks), day.isoformat(), json.dumps(found)),
            ).rowcount
            == 1
        )


def looks(db: Database, gain: int) -> list[Look]:
    """All looks at a gain, earliest first; the one `BEFORE` it is the first."""
    rows = db.read("select weeks, day, found from gain_checks where gain = ? order by weeks", (int(gain),))
    return [Look(int(weeks), date.fromisoformat(day), json.loads(found)) for weeks, day, found in rows]


def pledge(db: Database, team: int) -> Pledge | None:
    """Where a team lets freed hours go, None when it never said."""
    row = db.read("select goes, words, since from pledges where team = ?", (int(team),)).fetchone()
    return None if row is None else Pledge(row[0], row[1], date.fromisoformat(row[2]))


def set_pledge(db: Database, team: int, pledge: Pledge) -> None:
    """Keep a pledge, in place of the one before."""
    with db.write() as connection:
        connection.execute(
            "insert or replace into pledges (team, goes, words, since) values (?, ?, ?, ?)",
            (int(team), pledge.goes, pledge.words, pledge.since.isoformat()),
        )


def _gain(row: tuple[Any, ...]) -> Gain:
    number, team, title, hours, goes, depends, measure, began, people, stood, ended = row
    days = (None if day is None else date.fromisoformat(day) for day in (stood, ended))
    return Gain(number, team, title, hours, goes, depends, measure, date.fromisoformat(began), people, *days)
