"""Drift: told of change, silent about chance, and never on thin data."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.drift import DAYS, ENTER, LEARNED, LEAVE, LINES, WEIGHTS, Alerting, _eased, _standing, days, raised
from bot.health.facts import Facts
from bot.health.picture import look
from bot.health.results import UNTOLD, Level, Unknown
from bot.health.seen.capacity import on_roster
from bot.signal import Kind, Signal
from bot.team import Person, Team
from tests.budget import examples
from tests.health.desk import DAY, START, WEEK, Desk, simulate


def drift_of(desk: Desk, weeks: int):  # type: ignore[no-untyped-def]
    """What is seen of a desk after so many weeks."""
    now = START + weeks * WEEK
    return look(desk.facts, desk.team, now, basis=None, held=None, history_weeks=26).drift


def test_a_steady_desk_does_not_drift() -> None:
    """On no day of sixteen steady weeks does drift stand."""
    found = drift_of(simulate(1, rho=0.6, weeks=16), 16)
    assert len(found.standing) == 16 * 7
    assert not found.standing.any()
    assert found.causes == ()


def test_growth_is_drift_and_named() -> None:
    """Arrivals that double are drift in the end, and load is its cause."""
    found = drift_of(simulate(3, rho=0.6, weeks=16, rate_growth=1.0), 16)
    assert found.now
    assert found.causes[0] == "load"


def test_people_who_left_are_missed_although_the_roster_names_them() -> None:
    """When two of five are never seen again while the roster still has them, drift stands two weeks later."""
    desk = simulate(5, rho=0.5, weeks=12)
    facts, gone = desk.facts, START + 8 * WEEK
    stays = facts.take(~((facts.at > gone) & np.isin(facts.actor, (4, 5))))
    found = drift_of(replace(desk, facts=stays), 10)
    assert found.now
    assert found.causes[0] == "active"
    assert found.active[0] < 0.8


def test_askers_who_ask_again_are_evidence() -> None:
    """Every third request asked about twice, after weeks in which nearly none was, is drift by chases."""
    desk = simulate(6, rho=0.6, weeks=11)
    arrivals = desk.facts.take(desk.facts.kind == Kind.ARRIVAL)
    chased = [
        Signal(1, int(key), int(key), Kind.CHASE, b"", round((at + 600 * (n + 1)) * 1e6))
        for i, (key, at) in enumerate(zip(arrivals.request, arrivals.at, strict=True))
        for n in range(2)
        if (i % 3 == 0 and at > START + 8 * WEEK) or i == 5
    ]
    found = drift_of(replace(desk, facts=Facts.join((desk.facts, Facts.of(chased)))), 11)
    assert found.now
    assert found.causes == ("chase",)


def test_who_left_the_roster_is_missed_at_once_where_as_much_is_asked() -> None:
    """Two of five whose last day is on the roster are drift a fortnight later, whatever their days off were."""
    desk = simulate(5, rho=0.5, weeks=12)
    last = (datetime.fromtimestamp(START, UTC) + timedelta(weeks=8)).date()
    people = tuple(replace(p, until=last if i > 2 else p.until) for i, p in enumerate(desk.team.people))
    facts = desk.facts.take(~((desk.facts.at > START + 8 * WEEK) & np.isin(desk.facts.actor, (4, 5))))
    found = drift_of(replace(desk, facts=facts, team=replace(desk.team, people=people)), 11)
    assert found.now
    assert found.causes[0] == "roster"
    assert found.parts[-1][4] == pytest.approx(WEIGHTS[4] * np.log(5 / 3))


def test_who_left_is_not_missed_where_less_is_asked() -> None:
    """When two of five leave and three of five requests stop coming, nothing is evidence of drift."""
    desk = simulate(5, rho=0.5, weeks=12)
    last = (datetime.fromtimestamp(START, UTC) + timedelta(weeks=8)).date()
    people = tuple(replace(p, until=last if i > 2 else p.until) for i, p in enumerate(desk.team.people))
    facts = desk.facts.take(
        (desk.facts.at < START + 8 * WEEK) | (~np.isin(desk.facts.actor, (4, 5)) & (desk.facts.request % 5 > 2))
    )
    found = drift_of(replace(desk, facts=facts, team=replace(desk.team, people=people)), 11)
    assert not found.now
    assert found.parts[-1][4] < 0.5


def test_somebody_who_left_and_was_followed_is_not_missed() -> None:
    """One who leaves on the day before the next one comes changes nothing on the roster."""
    days_of = np.array([START + n * DAY for n in range(22)])
    day = datetime.fromtimestamp(START, UTC).date()
    people = (Person("a", until=day + timedelta(days=6)), Person("b", since=day + timedelta(days=7)), Person("c"))
    team = Team("Desk", tz="UTC", people=(*people, Person("c", share=0.5)))
    assert on_roster(team, days_of).tolist() == [2.0] * 21


def test_one_heap_of_chases_is_no_drift() -> None:
    """A hundred chases on one day count as one day on which many asked again."""
    desk = simulate(6, rho=0.6, weeks=10)
    arrivals = desk.facts.take((desk.facts.kind == Kind.ARRIVAL) & (desk.facts.at < START + 9 * WEEK))
    late = START + 9 * WEEK + 10 * 3600
    keys = [int(key) for key in arrivals.request[-100:]]
    heap = [Signal(1, key, key, Kind.CHASE, b"", round((late + i) * 1e6)) for i, key in enumerate(keys)]
    first = [Signal(1, keys[0], keys[0], Kind.CHASE, b"", round((START + DAY) * 1e6))]
    found = drift_of(replace(desk, facts=Facts.join((desk.facts, Facts.of(heap + first)))), 10)
    assert not found.standing.any()
    assert found.parts[-1][3] == pytest.approx(WEIGHTS[3] * (1 / 10 - 1 / 30))


def test_nothing_is_known_in_the_first_six_weeks() -> None:
    """While the team is learned there is no evidence at all."""
    found = drift_of(simulate(7, rho=0.6, weeks=6, rate_growth=3.0), 6)
    assert not found.standing.any()
    assert np.isnan(found.parts[:LEARNED]).all()


def test_days_are_counted_through_a_clock_change() -> None:
    """Each calendar day is one, also that of 23 hours."""
    start = datetime(2024, 3, 25, tzinfo=UTC).timestamp() - 3600
    edges = days("Europe/Berlin", start, start + 14 * DAY)
    assert len(edges) == 16
    assert np.diff(edges).min() == 3600  # the rest of the last day, an hour of which the change moved
    assert sorted(set(np.round(np.diff(edges)[:-1] / 3600))) == [23, 24]


@given(st.lists(st.floats(-2, 4), max_size=60))
@examples(60)
def test_drift_needs_two_days_either_way(evidence: list[float]) -> None:
    """It begins only after two days at the line or above, and ends only after two days clearly below it."""
    found = _standing(np.array(evidence), np.ones(len(evidence), np.bool_))
    for i, (on, before) in enumerate(zip(found, [False, *found], strict=False)):
        last = evidence[max(0, i - DAYS + 1) : i + 1]
        if on and not before:
            assert len(last) == DAYS
            assert min(last) >= ENTER
        if before and not on:
            assert max(last) < LEAVE


@given(st.lists(st.tuples(st.floats(-2, 4), st.booleans()), max_size=60))
@examples(60)
def test_drift_does_not_end_while_requests_still_wait(told: list[tuple[float, bool]]) -> None:
    """It begins as ever; it ends only after two days on which the waits had eased as well."""
    evidence, eased = np.array([e for e, _ in told]), np.array([ok for _, ok in told], np.bool_)
    found = _standing(evidence, np.ones(len(told), np.bool_), ENTER, eased)
    assert (found >= _standing(evidence, np.ones(len(told), np.bool_))).all()
    for i in range(1, len(found)):
        if found[i - 1] and not found[i]:
            assert eased[i - DAYS + 1 : i + 1].all()


def test_the_wait_of_a_fortnight_has_eased_below_twice_that_of_the_first_weeks() -> None:
    """Hours waited and their number per day are summed first; from a tenth of an hour on; nothing known is eased."""
    first = np.full(LEARNED, 10.0)
    for wait, eased in ((19.0, True), (21.0, False)):
        assert _eased(np.append(first, np.full(14, wait)), np.full(LEARNED + 14, 10.0), 2.0, 0.1)[-1] == eased
    nothing = np.zeros(LEARNED + 14)
    assert _eased(nothing, nothing, 2.0, 0.1).all()
    assert _eased(np.append(np.zeros(LEARNED), np.full(14, 0.19)), np.ones(LEARNED + 14), 2.0, 0.1)[-1]


@given(st.lists(st.floats(-2, 4), max_size=60))
@examples(60)
def test_who_wants_it_earlier_never_hears_of_it_later(evidence: list[float]) -> None:
    """On every day on which drift stands by a quieter choice it stands by each earlier one, and one is as in use."""
    there = np.ones(len(evidence), np.bool_)
    earlier, usual, quieter = (_standing(np.array(evidence), there, LINES[choice]) for choice in Alerting)
    assert (usual == _standing(np.array(evidence), there)).all()
    assert (earlier >= usual).all()
    assert (usual >= quieter).all()


@pytest.mark.slow
def test_far_below_the_line_growth_is_no_warning() -> None:
    """A desk at a third of its capacity may grow; one near its line may not."""
    desk = simulate(1, rho=0.75, weeks=8)
    from bot.health.assess import assess  # noqa: PLC0415

    week = assess(desk.facts, desk.team, desk.now).weeks[-1]
    assert not isinstance(week.utilization, Unknown)
    assert raised(Level.HEALTHY, week, True) is Level.WATCH
    low = replace(week, utilization=replace(week.utilization, value=0.3))
    assert raised(Level.HEALTHY, low, True) is Level.HEALTHY
    assert raised(Level.DANGER, week, True) is Level.DANGER
    assert raised(Level.UNKNOWN, replace(week, utilization=UNTOLD), True) is Level.UNKNOWN
