"""Who was on a team when: people with their first and last days, and the days they were away."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from bot.team import Person
from storage.database import Database


def people(db: Database, team_id: int, share: float) -> tuple[Person, ...]:
    """The roster's whole history; `share` stands in for people without one of their own."""
    away: dict[str, set[date]] = {}
    for person, day in db.read("select person, day from absences where team = ?", (team_id,)):
        away.setdefault(person, set()).add(date.fromisoformat(day))
    rows = db.read("select person, since, until, tz, hours, share from people where team = ? order by id", (team_id,))
    return tuple(
        Person(
            id=person,
            since=_day(since),
            until=_day(until),
            off=frozenset(away.get(person, ())),
            tz=tz,
            hours=hours,
            share=share if own is None else own,
        )
        for person, since, until, tz, hours, own in rows
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def present(roster: Iterable[Person], day: date) -> frozenset[str]:
    """Who is on the roster on a day, absent or not."""
    return frozenset(
        person.id
        for person in roster
        if (person.since is None or person.since <= day) and (person.until is None or day <= person.until)
    )


def replace(connection: sqlite3.Connection, team_id: int, roster: Iterable[Person]) -> None:
    """Put a whole roster, absences included, in the place of what was there."""
    connection.execute("delete from people where team = ?", (team_id,))
    connection.execute("delete from absences where team = ?", (team_id,))
    for person in roster:
        connection.execute(
            "insert into people (team, person, since, until, tz, hours, share) values (?, ?, ?, ?, ?, ?, ?)",
            (
                team_id,
                person.id,
                person.since and person.since.isoformat(),
                person.until and person.until.isoformat(),
                person.tz,
                person.hours,
                float(person.share),
            ),
        )
        connection.executemany(
            "insert into absences (team, person, day) values (?, ?, ?) on conflict do nothing",
            [(team_id, person.id, day.isoformat()) for day in person.off],
        )


def begin(connection: sqlite3.Connection, team_id: int, responders: Iterable[str]) -> None:
    """The first roster of a new team: these people, as if they had always been there."""
    connection.executemany(
        "insert into people (team, person) values (?, ?)",
        [(team_id, person) for person in dict.fromkeys(responders)],
    )


def change(connection: sqlite3.Connection, team_id: int, responders: Iterable[str], today: date) -> None:
    """Make `responders` the roster from `today` on; the days before stay as they were.

    Leavers' last day becomes yesterday, joiners' first day today. Who left yesterday and is back goes on
    without a break, and who joined only today leaves no trace.
    """
    wanted = list(dict.fromkeys(responders))
    day, yesterday = today.isoformat(), (today - timedelta(days=1)).isoformat()
    rows = connection.execute(
        "select person from people where team = ? and (until is null or until >= ?)", (team_id, day)
    )
    current = {person for (person,) in rows}
    for person in current.difference(wanted):
        connection.execute("delete from people where team = ? and person = ? and since >= ?", (team_id, person, day))
        connection.execute(
            "update people set until = ? where team = ? and person = ? and (until is null or until >= ?)",
            (yesterday, team_id, person, day),
        )
    for person in wanted:
        if person in current:
            continue
        resumed = connection.execute(
            "update people set until = null where team = ? and person = ? and until = ?",
            (team_id, person, yesterday),
        )
        if not resumed.rowcount:
            connection.execute("insert into people (team, person, since) values (?, ?, ?)", (team_id, person, day))


def set_zones(connection: sqlite3.Connection, team_id: int, zones: Mapping[str, str]) -> None:
    """Note people's own time zones (IANA names)."""
    connection.executemany(
        "update people set tz = ? where team = ? and person = ?",
        [(tz, team_id, person) for person, tz in zones.items()],
    )
