"""Who was on a team when: people with their first and last days, and the days they were away."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from bot.errors import BadInputError
from bot.team import Person
from storage.database import Database


def people(db: Database, team_id: int, share: float) -> tuple[Person, ...]:
    """The roster's whole history; `share` stands in for people without one of their own."""
    away: dict[str, set[date]] = {}
    half: dict[str, set[date]] = {}
    for person, day, part in db.read("select person, day, part from absences where team = ?", (team_id,)):
        (away if part >= 1 else half).setdefault(person, set()).add(date.fromisoformat(day))
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
            half=frozenset(half.get(person, ())),
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
                _text(person.since),
                _text(person.until),
                person.tz,
                person.hours,
                float(person.share),
            ),
        )
        connection.executemany(
            "insert into absences (team, person, day, part) values (?, ?, ?, ?) on conflict do nothing",
            [
                (team_id, person.id, day.isoformat(), part)
                for days, part in ((person.off, 1.0), (person.half, 0.5))  # a whole day wins over half of it
                for day in days
            ],
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
            "update people set until = null, grouped = 0 where team = ? and person = ? and until = ?",
            (team_id, person, yesterday),
        )
        if not resumed.rowcount:
            connection.execute("insert into people (team, person, since) values (?, ?, ?)", (team_id, person, day))


def follow(connection: sqlite3.Connection, team_id: int, members: Collection[str], today: date) -> frozenset[str]:
    """Let the roster follow a user group from `today` on; the days before stay as they were.

    Members come, and go when they leave the group; whoever was put on the roster by hand and is no member stays.

    Returns:
        Who is new on the roster.
    """
    rows = connection.execute(
        "select person, grouped from people where team = ? and (until is null or until >= ?) order by id",
        (team_id, today.isoformat()),
    ).fetchall()
    by_hand = [person for person, grouped in rows if not grouped and person not in members]
    change(connection, team_id, [*by_hand, *members], today)
    connection.executemany(
        "update people set grouped = ? where team = ? and person = ? and (until is null or until >= ?)",
        [(int(person in members), team_id, person, today.isoformat()) for person in {*by_hand, *members}],
    )
    return frozenset(members) - {person for person, _ in rows}


def grouped(db: Database, team_id: int) -> frozenset[str]:
    """Who is on the roster, now or from some day on, because the team's user group has them."""
    rows = db.read("select distinct person from people where team = ? and grouped = 1 and until is null", (team_id,))
    return frozenset(person for (person,) in rows)


def add(connection: sqlite3.Connection, team_id: int, entry: Person) -> None:
    """Put somebody on the roster from one day to another; `share` 0 … 1 is their own, other entries stay.

    Raises:
        BadInputError: They are on the roster already on one of these days, or the last day comes first.
    """
    since, until = entry.since or date.min, entry.until or date.max
    if until < since:
        raise BadInputError("The last day", str(entry.until), f"it comes before the first ({entry.since})")
    for begin, end in _entries(connection, team_id, entry.id):
        if begin <= until and since <= end:
            there = f"from {begin} " if begin > date.min else ""
            there += f"until {end}" if end < date.max else "on" if there else "without an end"
            mend = f"this person is on the roster already ({there.strip()}), so choose other days or change that entry"
            raise BadInputError("The first day", str(entry.since), mend)
    connection.execute(
        "insert into people (team, person, since, until, tz, hours, share) values (?, ?, ?, ?, ?, ?, ?)",
        (team_id, entry.id, _text(entry.since), _text(entry.until), entry.tz, entry.hours, float(entry.share)),
    )


def end(connection: sqlite3.Connection, team_id: int, person: str, last: date) -> None:
    """Take somebody off the roster after their last day; an entry that begins later leaves no trace.

    Raises:
        BadInputError: They are not on the roster after that day anyway.
    """
    day = last.isoformat()
    gone = connection.execute("delete from people where team = ? and person = ? and since > ?", (team_id, person, day))
    cut = connection.execute(
        "update people set until = ? where team = ? and person = ? and (until is null or until > ?)",
        (day, team_id, person, day),
    )
    if not gone.rowcount + cut.rowcount:
        raise BadInputError("The last day", day, "this person is not on the roster after it, so nothing changes")


def change_from(
    connection: sqlite3.Connection,
    team_id: int,
    person: str,
    day: date,
    *,
    share: float | None = None,
    hours: str | None = None,
    tz: str | None = None,
) -> None:
    """Let another share of time, other hours or another zone hold for somebody from a day on; None: as before.

    Raises:
        BadInputError: They are not on the roster on that day or later.
    """
    rows = connection.execute(
        "select id, since from people where team = ? and person = ? and (until is null or until >= ?)",
        (team_id, person, day.isoformat()),
    ).fetchall()
    if not rows:
        raise BadInputError("The first day", str(day), "this person is not on the roster then, so add them first")
    for entry, since in rows:
        if since is None or since < day.isoformat():
            connection.execute(
                "insert into people (team, person, since, until, tz, hours, share, grouped)"
                " select team, person, ?, until, coalesce(?, tz), coalesce(?, hours), coalesce(?, share), grouped"
                " from people where id = ?",
                (day.isoformat(), tz, hours, share, entry),
            )
            yesterday = (day - timedelta(days=1)).isoformat()
            connection.execute("update people set until = ? where id = ?", (yesterday, entry))
        else:
            connection.execute(
                "update people set tz = coalesce(?, tz), hours = coalesce(?, hours), share = coalesce(?, share)"
                " where id = ?",
                (tz, hours, share, entry),
            )


def _entries(connection: sqlite3.Connection, team_id: int, person: str) -> list[tuple[date, date]]:
    """First and last days of somebody's entries, open ends as far away as dates go."""
    rows = connection.execute("select since, until from people where team = ? and person = ?", (team_id, person))
    return [(_day(since) or date.min, _day(until) or date.max) for since, until in rows]


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def set_zones(connection: sqlite3.Connection, team_id: int, zones: Mapping[str, str]) -> None:
    """Note people's own time zones (IANA names)."""
    connection.executemany(
        "update people set tz = ? where team = ? and person = ?",
        [(tz, team_id, person) for person, tz in zones.items()],
    )
