"""Days away and the roster's changes: kept as said, never rewriting the past, gone with the window."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInputError
from bot.jobs.retention import ABSENCE_WEEKS, retention
from bot.services.assessing import HISTORY_WEEKS, LEAD_WEEKS
from bot.services.work import Work
from bot.slack import Me, Slack
from bot.team import Person
from bot.wishes import Wishes
from storage import absences, roster, teams
from storage.database import Database
from tests.budget import examples
from tests.fresh import fresh

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
OTHERS: Any = {"workspace": "T1", "responders": ("U1", "U2")}


def made(db: Database, name: str = "Desk", queue: str = "C1") -> int:
    """A team of two."""
    return teams.save(db, teams.TeamDraft(name=name, queue=queue, **OTHERS), NOW)


def people(db: Database, team: int) -> tuple[Person, ...]:
    record = teams.get(db, team)
    assert record is not None
    return record.team.people


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


def test_whole_and_half_days_come_back(db: Database) -> None:
    """What is noted stands on the roster as whole and half days, of all the teams named, and of nobody else."""
    both = [made(db), made(db, "Second", "C2")]
    absences.put(db, both, "U1", {day(1): 1.0, day(2): 0.5})
    for team in both:
        one, two = people(db, team)
        assert (one.off, one.half) == (frozenset({day(1)}), frozenset({day(2)}))
        assert (two.off, two.half) == (frozenset(), frozenset())
    assert absences.of_person(db, both, "U1", day(2)) == {day(2): 0.5}


def test_noting_again_changes_how_much(db: Database) -> None:
    """The later word about a day holds, and saying it twice changes nothing."""
    team = made(db)
    for part in (1.0, 0.5, 0.5):
        absences.put(db, [team], "U1", {day(1): part})
    assert absences.of_person(db, [team], "U1", TODAY) == {day(1): 0.5}


def test_taking_back_says_what_was_there(db: Database) -> None:
    """Only days that had been noted are told, once over several teams, and they are gone."""
    both = [made(db), made(db, "Second", "C2")]
    absences.put(db, both, "U1", {day(1): 1.0})
    assert absences.cancel(db, both, "U1", [day(0), day(1)]) == [day(1)]
    assert absences.cancel(db, both, "U1", [day(1)]) == []


def test_a_team_file_keeps_halves(db: Database) -> None:
    """A roster from a file holds whole and half days; a day in both is a whole one."""
    said = Person("u1", off=frozenset({day(1)}), half=frozenset({day(1), day(2)}))
    team = teams.save_roster(db, teams.IMPORTED, Wishes(name="File"), (said,), ["q"])
    assert [(p.off, p.half) for p in people(db, team)] == [(frozenset({day(1)}), frozenset({day(2)}))]


def test_days_away_go_with_the_window(db: Database) -> None:
    """Older than any figure looks back, they are deleted; a day that figures still need stays, and so do imports'."""
    team = made(db)
    needed = TODAY - timedelta(weeks=HISTORY_WEEKS + LEAD_WEEKS)
    absences.put(db, [team], "U1", {TODAY - timedelta(weeks=ABSENCE_WEEKS, days=1): 1.0, needed: 1.0})
    said = Person("u1", off=frozenset({date(2020, 1, 1)}))
    file = teams.save_roster(db, teams.IMPORTED, Wishes(name="File"), (said,), ["q"])
    retention(Work(db, Slack("xoxb-none", "http://127.0.0.1:1/api/"), lambda: NOW, Me("T1", "", "U0", "B0")), 0)
    assert people(db, team)[0].off == frozenset({needed})
    assert people(db, file)[0].off == frozenset({date(2020, 1, 1)})


def add(db: Database, team: int, **entry: Any) -> None:
    with db.write() as connection:
        roster.add(connection, team, Person(**entry))


def test_somebody_joins_from_a_day_on(db: Database) -> None:
    """The days before have nobody new; share, hours and zone are their own."""
    team = made(db)
    add(db, team, id="U3", since=day(2), until=day(9), share=0.5, hours="Mon 09:00-12:00", tz="Europe/Berlin")
    assert people(db, team)[-1] == Person("U3", day(2), day(9), share=0.5, hours="Mon 09:00-12:00", tz="Europe/Berlin")


@pytest.mark.parametrize(
    ("since", "until"), [(2, 9), (0, 2), (9, None), (5, 6), (0, None)], ids=["same", "end", "start", "inside", "over"]
)
def test_nobody_is_there_twice(db: Database, since: int, until: int | None) -> None:
    """An entry that overlaps another of the same person is refused, and changes nothing."""
    team = made(db)
    add(db, team, id="U3", since=day(2), until=day(9))
    before = people(db, team)
    with pytest.raises(BadInputError, match="on the roster already"):
        add(db, team, id="U3", since=day(since), until=None if until is None else day(until))
    with pytest.raises(BadInputError, match="before the first"):
        add(db, team, id="U4", since=day(2), until=day(1))
    assert people(db, team) == before
    add(db, team, id="U3", since=day(10))
    assert len(people(db, team)) == 4


def test_somebody_leaves(db: Database) -> None:
    """Their last day is kept, what would have come later leaves no trace, and leaving twice is refused."""
    team = made(db)
    add(db, team, id="U3", since=day(2), until=day(9))
    with db.write() as connection:
        roster.end(connection, team, "U3", day(0))
        roster.end(connection, team, "U1", day(0))
    assert [(p.id, p.until) for p in people(db, team)] == [("U1", day(0)), ("U2", None)]
    with pytest.raises(BadInputError, match="not on the roster after it"), db.write() as connection:
        roster.end(connection, team, "U1", day(0))


def test_a_share_changes_from_a_day_on(db: Database) -> None:
    """The days before keep what they had; what was not said stays; a stranger is refused."""
    team = made(db)
    with db.write() as connection:
        roster.change_from(connection, team, "U1", day(0), hours="Mon 09:00-12:00")
        roster.change_from(connection, team, "U1", day(5), share=0.5)
    own = [p for p in people(db, team) if p.id == "U1"]
    assert [(p.since, p.until, p.share, p.hours) for p in own] == [
        (None, day(-1), 1.0, None),
        (day(0), day(4), 1.0, "Mon 09:00-12:00"),
        (day(5), None, 0.5, "Mon 09:00-12:00"),
    ]
    with pytest.raises(BadInputError, match="add them first"), db.write() as connection:
        roster.change_from(connection, team, "U9", day(0), share=0.5)


persons = st.sampled_from(["U1", "U2", "U3"])
when = st.integers(-5, 5).map(day)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("add"), persons, when, st.none() | when),
        st.tuples(st.just("end"), persons, when, st.none()),
        st.tuples(st.just("change"), persons, when, st.none()),
        st.tuples(st.just("follow"), st.frozensets(persons, min_size=1), when, st.none()),
    ),
    max_size=8,
)


@examples(60)
@given(changes)
def test_no_change_touches_the_days_before_it(tmp_path_factory: pytest.TempPathFactory, steps: Any) -> None:
    """Whatever is done in whatever order, nobody is there twice, and who was there before its day stays there."""
    with closing(fresh(tmp_path_factory.mktemp("db") / "headroom.db")) as db:
        team = made(db)
        for what, who, since, until in steps:
            before = people(db, team)
            try:
                with db.write() as connection:
                    if what == "add":
                        roster.add(connection, team, Person(who, since, until))
                    elif what == "end":
                        roster.end(connection, team, who, since)
                    elif what == "change":
                        roster.change_from(connection, team, who, since, share=0.5)
                    else:
                        roster.follow(connection, team, who, since)
            except BadInputError:
                assert people(db, team) == before
            after = people(db, team)
            for n in range(-9, 9):
                entries = [p.id for p in after if (p.since or date.min) <= day(n) <= (p.until or date.max)]
                assert len(entries) == len(set(entries))
                if day(n) < since:
                    assert roster.present(after, day(n)) == roster.present(before, day(n))


def test_a_group_is_followed(db: Database) -> None:
    """Members come and go with the group; whoever was put there by hand stays, with or without it."""
    team = made(db)
    with db.write() as connection:
        assert roster.follow(connection, team, frozenset({"U2", "U3"}), day(0)) == {"U3"}
    assert roster.grouped(db, team) == {"U2", "U3"}
    with db.write() as connection:
        roster.follow(connection, team, frozenset({"U3", "U4"}), day(3))
    assert roster.present(people(db, team), day(3)) == {"U1", "U3", "U4"}
    assert roster.present(people(db, team), day(2)) == {"U1", "U2", "U3"}
