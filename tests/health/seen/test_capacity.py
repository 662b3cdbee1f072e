"""Capacity: person-hours equal those added up by hand, and more people never give fewer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from bot.health.seen.capacity import Roster, headcount, team_clock
from bot.health.seen.worktime import FloatArray, shifts
from bot.team import Person, Team
from tests.budget import examples

MONDAY = datetime(2024, 7, 1, tzinfo=UTC).timestamp()
HOUR, DAY, WEEK = 3600.0, 86400.0, 7 * 86400.0
EDGES: FloatArray = MONDAY + WEEK * np.arange(5.0)

days = st.integers(-3, 31).map(lambda n: date(2024, 7, 1) + timedelta(n))
people = st.builds(
    Person,
    id=st.sampled_from(["a", "b", "c", "d"]),
    since=st.none() | days,
    until=st.none() | days,
    off=st.frozensets(days, max_size=5),
    tz=st.sampled_from([None, "Asia/Tokyo", "America/New_York"]),
    hours=st.sampled_from([None, "Mon-Thu 22:00-06:00", "Mon-Sun 10:00-15:00", "Tue 20:00-12:00, Wed 08:00-16:00"]),
    share=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    half=st.frozensets(days, max_size=3),
)
rosters = st.lists(people, max_size=6).map(tuple)
absences = st.sampled_from([0.0, 0.5, 3.0, 40.0])


def team(*roster: Person, usually_away: float = 0.0, country: str | None = None, tz: str = "UTC") -> Team:
    return Team("Desk", tz=tz, people=roster, usually_away=usually_away, country=country)


def capacity_hours(of: Team, edges: ArrayLike) -> FloatArray:
    """Person-hours between neighbouring edges."""
    first, *_, last = np.asarray(edges, np.float64).tolist()
    return Roster.of(of, first, last).hours(edges)


def on_duty(of: Team, t: ArrayLike) -> FloatArray:
    """People at work at each time."""
    return Roster.of(of, MONDAY - WEEK, MONDAY + 6 * WEEK).present(t)


def test_a_week_of_two() -> None:
    """Two people on 40 hours give 80, one on half of their time gives 60, and nobody gives none."""
    assert list(capacity_hours(team(Person("a"), Person("b")), EDGES)) == [80, 80, 80, 80]
    assert list(capacity_hours(team(Person("a"), Person("b", share=0.5)), EDGES)) == [60, 60, 60, 60]
    assert list(capacity_hours(team(), EDGES)) == [0, 0, 0, 0]
    assert list(on_duty(team(), EDGES)) == [0, 0, 0, 0, 0]
    assert list(on_duty(team(Person("a")), [])) == []


def test_roster_dates_are_inclusive() -> None:
    """First and last day count, days away and days before and after do not."""
    person = Person("a", since=date(2024, 7, 2), until=date(2024, 7, 9), off=frozenset([date(2024, 7, 4)]))
    assert list(capacity_hours(team(person), EDGES)) == [24, 16, 0, 0]
    assert [headcount(team(person), MONDAY + d * DAY) for d in (0, 1, 3, 8, 9)] == [0, 1, 1, 1, 0]


def test_half_a_day_away_takes_half_of_it() -> None:
    """Half of that day's hours are lost, in capacity and in who is on duty; a day that is off is off."""
    wednesday = date(2024, 7, 3)
    half = Person("a", half=frozenset({wednesday}))
    assert list(capacity_hours(team(half), EDGES)) == [36, 40, 40, 40]
    noons = MONDAY + DAY * np.arange(3.0) + 12 * HOUR
    assert list(on_duty(team(half), noons)) == [1, 1, 0.5]
    assert list(on_duty(team(replace(half, share=0.5)), noons)) == [0.5, 0.5, 0.25]
    off = replace(half, off=frozenset({wednesday}))
    assert list(on_duty(team(off), noons)) == [1, 1, 0]


def test_an_on_call_rotation_is_who_is_on_duty() -> None:
    """Of three who take turns by the week, day and night, one is there at any moment; a day away leaves a gap."""
    around = "Mon-Sun 00:00-24:00"
    turns = [date(2024, 7, 1) + timedelta(weeks=n) for n in range(4)]
    names = ("a", "b", "c", "a")
    entries = [
        Person(name, since=first, until=first + timedelta(days=6), hours=around)
        for name, first in zip(names, turns, strict=True)
    ]
    rota = team(*entries)
    assert list(capacity_hours(rota, EDGES)) == [168, 168, 168, 168]
    every_hour = MONDAY + HOUR * np.arange(4 * 168)
    assert set(on_duty(rota, every_hour).tolist()) == {1.0}
    away = replace(entries[1], off=frozenset({date(2024, 7, 10)}), half=frozenset({date(2024, 7, 11)}))
    assert list(capacity_hours(team(entries[0], away, *entries[2:]), EDGES)) == [168, 132, 168, 168]
    assert on_duty(team(entries[0], away, *entries[2:]), [MONDAY + 9.5 * DAY, MONDAY + 10.5 * DAY]).tolist() == [0, 0.5]


def test_shifts_around_the_clock_are_who_is_on_duty() -> None:
    """Three on shifts of their own, one through the night, give one at each hour, and none in a shift that is off."""
    shifts_of = ("Mon-Sun 06:00-14:00", "Mon-Sun 14:00-22:00", "Mon-Sun 22:00-06:00")
    entries = [Person(name, hours=hours) for name, hours in zip("abc", shifts_of, strict=True)]
    every_hour = MONDAY + HOUR * np.arange(4 * 168.0)
    assert set(on_duty(team(*entries), every_hour[8:]).tolist()) == {1.0}
    night_off = replace(entries[2], off=frozenset({date(2024, 7, 9)}))
    lost = on_duty(team(*entries[:2], night_off), MONDAY + 8 * DAY + HOUR * np.arange(20, 32))
    assert lost.tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]


def test_headcount_is_of_people_on_the_day_in_team_time() -> None:
    """Two entries are one person, share 0 is nobody, and the team's own midnight divides the days."""
    pair = (Person("a"), Person("a", share=0.5), Person("b", share=0.0), Person("c", since=date(2024, 7, 1)))
    assert headcount(team(*pair), MONDAY) == 2
    assert headcount(team(*pair, tz="America/New_York"), MONDAY) == 1
    assert headcount(team(*pair, tz="Asia/Tokyo"), MONDAY - 8 * HOUR) == 2


def test_everyone_on_their_own_calendar() -> None:
    """People in other zones and hours are at work when it is working time where they are."""
    far = Person("a", tz="Asia/Tokyo", hours="Mon-Fri 10:00-16:00")
    at = MONDAY + HOUR * np.array([0.9, 1.0, 6.9, 7.0, 8.9, 9.0, 16.9, 17.0])
    assert list(on_duty(team(far, Person("b")), at)) == [0, 1, 1, 0, 0, 1, 1, 0]
    assert list(capacity_hours(team(far, Person("b")), EDGES)) == [70, 70, 70, 70]


def test_public_holidays_close_the_desk() -> None:
    """On a holiday of the team's country neither people nor the team's clock run."""
    july_4 = MONDAY + 3 * DAY
    american = team(Person("a"), country="US")
    assert list(capacity_hours(american, EDGES)) == [32, 40, 40, 40]
    assert list(on_duty(american, [july_4 - 14 * HOUR, july_4 + 10 * HOUR])) == [1, 0]
    assert team_clock(american, MONDAY, MONDAY + WEEK).total == 32
    assert team_clock(team(), MONDAY, MONDAY + WEEK).total == 40


def test_clock_change_shortens_the_night_shift() -> None:
    """The night on which Berlin's clocks go forward has one hour less for everyone at work."""
    start = datetime(2024, 3, 30, tzinfo=UTC).timestamp()
    night = Person("a", hours="Sat 22:00-06:00")
    assert list(capacity_hours(team(night, tz="Europe/Berlin"), [start, start + 2 * DAY])) == [7]


def test_overlapping_entries_of_one_person_count_once() -> None:
    """At any moment a person counts at the largest of their shares; other people are added."""
    first = Person("a", until=date(2024, 7, 10), share=0.5)
    second = Person("a", since=date(2024, 7, 8), share=0.8)
    assert list(capacity_hours(team(first, second), EDGES)) == pytest.approx([20, 32, 32, 32])
    assert list(capacity_hours(team(first, first), EDGES)) == pytest.approx([20, 12, 0, 0])
    twin = replace(first, id="b")
    assert list(capacity_hours(team(first, twin), EDGES)) == pytest.approx([40, 24, 0, 0])
    longer = Person("a", hours="Mon-Fri 08:00-12:00", share=0.3)
    assert list(capacity_hours(team(second, longer), EDGES)) == pytest.approx([6, 33.5, 33.5, 33.5])


def test_usual_absences_take_mean_person_days() -> None:
    """Three of ten usual person-days of eight hours leave 56 of 80; more than there are leave none."""
    pair = (Person("a"), Person("b"))
    assert list(capacity_hours(team(*pair, usually_away=3), EDGES)) == pytest.approx([56] * 4)
    assert list(capacity_hours(team(*pair, usually_away=11), EDGES)) == [0] * 4
    assert list(on_duty(team(*pair, usually_away=3), [MONDAY + 10 * HOUR])) == pytest.approx([1.4])
    joined = team(Person("a"), Person("b", since=date(2024, 7, 8)), usually_away=1)
    assert list(capacity_hours(joined, EDGES)) == pytest.approx([32, 72, 72, 72])


def by_hand(team: Team, t: float) -> float:
    """People at work at one moment, entry by entry."""
    present: dict[str, float] = {}
    for p in team.people:
        table = shifts(p.hours or team.hours, p.tz or team.tz, t - 3 * DAY, t + 3 * DAY)
        for opens, closes, number in zip(table.opens, table.closes, table.days, strict=True):
            day = date(1970, 1, 1) + timedelta(int(number))
            on = (p.since or day) <= day <= (p.until or day) and day not in p.off
            if on and opens <= t < closes:
                present[p.id] = max(present.get(p.id, 0.0), p.share * (0.5 if day in p.half else 1.0))
    return sum(present.values())


@examples(60)
@given(rosters, st.lists(st.integers(0, 28 * 24 * 4 - 1), min_size=1, max_size=5))
def test_people_present_equal_those_counted(roster: tuple[Person, ...], quarters: list[int]) -> None:
    """At any moment the people on duty are those found by walking through the roster."""
    desk = team(*roster)
    at = [MONDAY + quarter * 900.0 for quarter in quarters]
    assert list(on_duty(desk, at)) == pytest.approx([by_hand(desk, t) for t in at], abs=1e-6)


@examples(60)
@given(rosters, people, absences)
def test_adding_a_person_never_lowers_capacity(roster: tuple[Person, ...], more: Person, away: float) -> None:
    """Whoever joins, with any calendar and share, no interval has less capacity than before."""
    edges = MONDAY + np.arange(0, 28 * 24 + 1, 5) * HOUR
    before = capacity_hours(team(*roster, usually_away=away), edges)
    after = capacity_hours(team(*roster, replace(more, id="new"), usually_away=away), edges)
    assert (after >= before - 1e-6).all()


@examples(60)
@given(rosters, absences)
def test_capacity_is_the_integral_of_people_present(roster: tuple[Person, ...], away: float) -> None:
    """Hours of parts add up to the whole, and equal people present times the length of each step."""
    r = Roster.of(team(*roster, usually_away=away), EDGES[0], EDGES[-1])
    middles = MONDAY + (np.arange(28 * 24 * 4) + 0.5) * 900
    assert r.hours(EDGES[[0, -1]])[0] == pytest.approx(r.hours(EDGES).sum(), abs=1e-6)
    assert r.hours(EDGES[[0, -1]])[0] == pytest.approx(r.present(middles).sum() / 4, abs=1e-6)
    assert (r.people >= 0).all()
    assert r.people[-1] == 0
