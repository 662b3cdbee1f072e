"""Outcomes of a week: a change is named when it is clear, seldom otherwise, and nothing tells of one or two people."""

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from bot.health.facts import Facts
from bot.health.outcomes import Change, Outcome, _change, _in_hours, better, outcomes, worth_a_look
from bot.health.picture import Picture, look
from bot.signal import Kind, Signal
from bot.team import Person, Team
from tests.health.desk import START, WEEK, fact, simulate, team_of

MEASURES = ["wait", "arrivals", "reopen", "utilization", "capacity"]


def seen(facts: Facts, team: Team, now: float) -> Picture:
    return look(facts, team, now, basis=None, held=None, history_weeks=9)


def of(picture: Picture) -> dict[str, Outcome]:
    return {o.measure: o for o in outcomes(picture, picture.mondays)}


def test_an_ordinary_desk_has_all_measures_and_their_usual() -> None:
    """Flow, quality, resilience and capacity, each beside the eight weeks before."""
    desk = simulate(3, people=5, rho=0.6, weeks=12)
    found = of(seen(desk.facts, desk.team, desk.now))
    assert list(found) == MEASURES
    assert all(o.change is not None and o.change.weeks == 8 for o in found.values())
    assert found["capacity"].value == pytest.approx(200)
    assert found["utilization"].change.before == pytest.approx(0.6, abs=0.1)  # type: ignore[union-attr]


def test_the_range_is_students_for_one_more_week() -> None:
    """The half-width is t(n − 1)·s·√(1 + 1/n), as statistics books give it for a single new observation."""
    before = np.array([4.0, 5.0, 6.0, 5.0, 4.5, 5.5])
    found = _change(np.append(before, 9.0), 0.0)
    assert found is not None
    half = stdtrit(5, 0.9) * before.std(ddof=1) * math.sqrt(1 + 1 / 6)
    assert found.change == pytest.approx(4.0)
    assert (found.low, found.high) == pytest.approx((4 - half, 4 + half))


def test_weeks_that_never_change_are_called_clear_one_time_in_five() -> None:
    """Over many draws from one distribution, an 80% range leaves zero out in about 20%."""
    rng = np.random.default_rng(1)
    clear = [found.clear for _ in range(4000) if (found := _change(rng.normal(10, 2, 9), 0.0)) is not None]
    assert np.mean(clear) == pytest.approx(0.2, abs=0.02)


@given(st.lists(st.floats(0.01, 500), min_size=5, max_size=9), st.floats(0.0, 1.0))
def test_a_wait_changes_by_no_more_than_it_is(waits: list[float], noise: float) -> None:
    """A range of hours never says that more was waited than was, and holds the change."""
    found = _in_hours(_change(np.log(np.array(waits)), noise), waits[-1])
    assert found is not None
    assert found.high <= waits[-1] * (1 + 1e-9)
    assert found.low - 1e-6 <= found.change <= found.high + 1e-6


@pytest.mark.parametrize(("weeks", "known"), [(4, False), (5, True)])
def test_fewer_than_four_weeks_before_tell_nothing_of_the_usual(weeks: int, known: bool) -> None:
    """The week itself is told, its change is not."""
    desk = simulate(3, weeks=weeks)
    found = of(seen(desk.facts, desk.team, desk.now))
    assert all(o.value is not None for o in found.values())
    assert all((o.change is not None) is known for o in found.values())


def test_no_complete_week_has_no_outcomes() -> None:
    """Before the first Monday there is nothing to tell, and nothing breaks."""
    desk = simulate(3, weeks=1)
    assert outcomes(seen(desk.facts, desk.team, START + 86_400), np.array([])) == ()
    empty = seen(Facts.of([]), team_of(5), START + 10 * WEEK)
    assert outcomes(empty, empty.mondays) == ()


def test_a_surge_is_worth_a_look_and_its_end_is_better() -> None:
    """Twice the requests in the latest week: arrivals, waits or load stand out; nothing got better."""
    calm = simulate(5, people=5, rho=0.5, weeks=9)
    rng = np.random.default_rng(2)
    monday = START + 8 * WEEK
    more = [fact(9_000 + i, Kind.ARRIVAL, monday + 9 * 3600 + float(rng.uniform(0, 8 * 3600))) for i in range(110)]
    full = Facts.join([calm.facts, Facts.of(more)])
    found = outcomes(seen(full, calm.team, calm.now), seen(full, calm.team, calm.now).mondays)
    assert "arrivals" in [o.measure for o in worth_a_look(found)]
    assert better(found) == []


def test_a_week_with_half_the_people_is_worth_a_look() -> None:
    """Hours on duty are counted: when two of five are away all week, capacity fell clearly."""
    desk = simulate(3, people=5, rho=0.4, weeks=9)
    week = date(2024, 1, 1) + timedelta(weeks=8)
    off = frozenset(week + timedelta(days=n) for n in range(5))
    away = replace(desk.team, people=(*desk.team.people[:3], *(replace(p, off=off) for p in desk.team.people[3:])))
    capacity = of(seen(desk.facts, away, desk.now))["capacity"]
    assert capacity.worse
    assert capacity.change is not None
    assert capacity.change.change == pytest.approx(-80)


def test_reopenings_count_in_the_week_in_which_they_come() -> None:
    """What came back last week stands against what was closed last week, so that a young week looks no better."""
    desk = simulate(3, people=5, rho=0.6, weeks=9)
    late = START + 9 * WEEK - 3 * 86_400
    closed = np.unique(desk.facts.request[(desk.facts.kind == Kind.DONE) & (desk.facts.at < late)])[-30:]
    back = [fact(int(request), Kind.REOPEN, late + n) for n, request in enumerate(closed)]
    both = Facts.join([desk.facts, Facts.of(back)])
    reopen = of(seen(both, desk.team, desk.now))["reopen"]
    assert reopen.count == 30
    assert reopen.worse


def test_a_week_in_which_something_came_back_at_an_unknown_time_is_not_known() -> None:
    """A week whose closings carry a 🔁 that history told without its time has no share, and never one of 0."""
    desk = simulate(3, people=5, rho=0.6, weeks=9)
    late = (desk.facts.kind == Kind.DONE) & (desk.facts.at > START + 8 * WEEK) & (desk.facts.at < desk.now)
    untimed = Signal(1, int(desk.facts.request[late][0]), int(desk.facts.message[late][0]), Kind.REOPEN)
    known, unknown = (
        of(seen(facts, desk.team, desk.now))["reopen"]
        for facts in (desk.facts, Facts.join([desk.facts, Facts.of([untimed])]))
    )
    assert (known.value, known.change is not None) == (0, True)
    assert (unknown.value, unknown.change) == (None, None)


@pytest.mark.parametrize("people", [1, 2])
def test_a_team_of_one_or_two_has_flow_alone(people: int) -> None:
    """Quality, load and hours would be a person's; the wait and what arrives are the queue's."""
    desk = simulate(3, people=people, rho=0.5, weeks=12)
    assert list(of(seen(desk.facts, desk.team, desk.now))) == ["wait", "arrivals"]


def test_a_team_that_has_become_a_pair_since_monday_has_flow_alone() -> None:
    """All other views leave load and hours out from that day on, and so does the digest, also of the week before."""
    desk = simulate(3, people=5, rho=0.5, weeks=12)
    left = date(2024, 1, 1) + timedelta(weeks=12)
    shrunk = replace(desk.team, people=(*desk.team.people[:2], *(replace(p, until=left) for p in desk.team.people[2:])))
    wednesday = START + 12 * WEEK + 2.5 * 86_400
    assert list(of(seen(desk.facts, desk.team, wednesday))) == MEASURES
    assert list(of(seen(desk.facts, shrunk, wednesday))) == ["wait", "arrivals"]


def test_weeks_of_a_pair_are_not_held_against_later_ones() -> None:
    """When a third person joined five weeks ago, only the weeks since tell what is usual."""
    desk = simulate(3, people=3, rho=0.5, weeks=12)
    joined = date(2024, 1, 1) + timedelta(weeks=7)
    grown = replace(desk.team, people=(*desk.team.people[:2], Person("u2", since=joined)))
    found = of(seen(desk.facts, grown, desk.now))
    assert {o.change.weeks for m, o in found.items() if m in MEASURES[2:] and o.change} == {4}
    assert found["wait"].change is not None
    assert found["wait"].change.weeks == 8


def test_two_changes_are_named_at_most() -> None:
    """The clearest come first."""
    changes = [Change(10, size, size - 1, size + 1, 8) for size in (2.0, 5.0, 3.0, 4.0)]
    many = [Outcome("flow", "wait", 1, 1, 0, c, -1) for c in changes]
    assert [o.change.change for o in worth_a_look(many) if o.change] == [5.0, 4.0]
    assert better(many) == []
    assert len(better([replace(o, good=1) for o in many])) == 2


def test_a_week_is_told_on_the_scale_of_the_headline() -> None:
    """The mean of the four latest weeks is the utilization that the level is judged by, and changes keep their sign."""
    desk = simulate(3, people=5, rho=0.6, weeks=12)
    picture = seen(desk.facts, desk.team, desk.now)
    four = [
        next(o for o in outcomes(picture, picture.mondays, anchor) if o.measure == "utilization")
        for anchor in (None, 0.9)
    ]
    plain, told = four
    assert plain.value is not None
    assert told.value is not None
    assert plain.change is not None
    assert told.change is not None
    scale = told.value / plain.value
    assert scale == pytest.approx(0.9 / 0.6, abs=0.3)
    assert scale != pytest.approx(1.0)
    assert told.change.before == pytest.approx(plain.change.before * scale)
    assert told.change.change == pytest.approx(plain.change.change * scale)
