"""The wait of the week to come: what moves it, how wide its range is, and when there is none."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.forecast import COVERAGE, LEAST, SHORTEST, Weekly, errors, expected, forecast, spread, weekly
from bot.health.picture import Picture, look
from bot.health.results import Estimate
from bot.team import Team
from tests.health.desk import WEEK, Desk, simulate

AWAY = frozenset(date(2024, 3, day) for day in range(25, 30))
"""The working days after twelve weeks."""


def seen(desk: Desk, team: Team | None = None, now: float | None = None) -> Picture:
    """The picture of a desk, as `assess` has it."""
    return look(desk.facts, team or desk.team, now or desk.now, basis=None, held=None, history_weeks=26)


def told(desk: Desk, team: Team | None = None) -> Estimate:
    """Its forecast, which there must be."""
    found = forecast(seen(desk, team))
    assert found is not None
    return found


def weeks(wait: list[float], capacity: list[float] | None = None) -> Weekly:
    """Weeks of 40 open hours and 100 requests."""
    n = len(wait)
    held = np.full(n, 200.0) if capacity is None else np.array(capacity)
    return Weekly(np.array(wait), np.full(n, 100.0), held, np.full(n, 40.0), np.zeros(n))


WAITS = st.lists(st.floats(SHORTEST, 50), min_size=1, max_size=26)


@given(WAITS, st.floats(1, 400), st.floats(1, 400), st.floats(0, 1), st.floats(0, 1))
def test_more_people_never_lengthen_and_more_drift_never_shortens_it(
    wait: list[float], one: float, two: float, calm: float, drifting: float
) -> None:
    """Whatever the past, the forecast falls with the capacity ahead and rises with evidence of drift."""
    past, n = weeks(wait), len(wait)
    assert expected(past, n, max(one, two), 0.0) <= expected(past, n, min(one, two), 0.0)
    assert expected(past, n, one, min(calm, drifting)) <= expected(past, n, one, max(calm, drifting))


@given(WAITS, st.floats(1, 20))
def test_times_in_another_unit_give_the_same_forecast_in_it(wait: list[float], times: float) -> None:
    """All hours multiplied by a number multiply the forecast by it."""
    past = weeks(wait)
    other = replace(past, wait=past.wait * times, capacity=past.capacity * times, open_hours=past.open_hours * times)
    longer = expected(other, len(wait), 180 * times, 0.0) - expected(past, len(wait), 180, 0.0)
    assert longer == pytest.approx(np.log(times), abs=1e-9)


@given(WAITS, st.integers(0, 25), st.floats(1, 10))
def test_a_worse_week_never_lowers_it(wait: list[float], which: int, times: float) -> None:
    """A longer wait in any week of the past gives no shorter forecast."""
    worse = list(wait)
    worse[which % len(wait)] *= times
    assert expected(weeks(worse), len(wait), 200, 0.0) >= expected(weeks(wait), len(wait), 200, 0.0) - 1e-9


def test_a_week_without_anybody_and_one_without_waits_change_nothing() -> None:
    """A closed week tells nothing about waits, whatever was written in it."""
    closed = weeks([1.0, 1.0, np.nan, 1.0], [200, 200, 0, 200])
    odd = weeks([1.0, 1.0, 40.0, 1.0], [200, 200, 0, 200])
    assert expected(closed, 4, 200, 0.0) == expected(odd, 4, 200, 0.0)
    assert np.isnan(expected(weeks([np.nan] * 4), 4, 200, 0.0))


@pytest.mark.parametrize("spread_of_errors", [0.2, 0.7, 1.5])
def test_the_range_learns_how_far_off_a_team_is(spread_of_errors: float) -> None:
    """Steady or wild, after some weeks about four in five of a team's weeks lie in its range."""
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(40):
        past = rng.normal(0, spread_of_errors, 60)
        for i in range(25, 60):
            low, high = spread(past[:i])
            inside.append(low <= past[i] <= high)
    assert np.mean(inside) == pytest.approx(COVERAGE, abs=0.09)


@given(st.lists(st.floats(-5, 5), max_size=26))
def test_the_range_holds_its_middle(past: list[float]) -> None:
    """Whatever the errors, the forecast lies in its own range, and the range is finite."""
    low, high = spread(np.array(past))
    assert -10 < low <= 0 <= high < 10


def test_errors_are_of_forecasts_made_before() -> None:
    """What came in later weeks changes no earlier error."""
    known = [1.0, 2.0, 0.5, 1.0, 3.0, 0.7]
    later = errors(weeks([*known, 40.0, 40.0]))
    assert errors(weeks(known)).tolist() == later[: len(known) - LEAST].tolist()


@pytest.mark.parametrize("claims", [True, False])
def test_a_steady_desk_waits_as_forecast(claims: bool) -> None:
    """For a desk of known load the range holds its true mean wait, with claims or on replies alone."""
    desk = simulate(11, people=5, rho=0.8, weeks=16, claims=claims)
    found = told(desk)
    assert 0 <= found.low <= desk.mean_wait <= found.high
    assert found.value == pytest.approx(desk.mean_wait, rel=0.7)


def test_people_away_next_week_lengthen_it() -> None:
    """Two of five away in the week to come: a longer wait than with everybody there."""
    desk = simulate(5, people=5, rho=0.75, weeks=12)
    away = tuple(replace(p, off=AWAY) if i < 2 else p for i, p in enumerate(desk.team.people))
    assert told(desk, replace(desk.team, people=away)).value > 1.5 * told(desk).value


def test_nobody_there_or_little_seen_gives_none() -> None:
    """An empty week to come, three weeks of history, and a quiet desk have no forecast, with the reason."""
    desk = simulate(5, people=5, rho=0.75, weeks=12)
    gone = replace(desk.team, people=tuple(replace(p, off=AWAY) for p in desk.team.people))
    assert forecast(seen(desk, gone)) is None
    assert forecast(seen(desk, now=desk.now - 9 * WEEK)) is None
    assert forecast(seen(simulate(5, people=1, rho=0.02, weeks=12))) is None
    young = assess(desk.facts, desk.team, desk.now - 9 * WEEK)
    assert young.forecast is None
    assert young.missing["flow.next_week_wait_hours"].startswith("it takes four complete weeks")


def test_no_facts_at_all_give_none() -> None:
    """A team of which nothing was heard has no forecast."""
    desk = simulate(5, people=5, rho=0.75, weeks=12)
    nothing = replace(desk, facts=Facts.of([]))
    assert forecast(seen(nothing)) is None
    assert len(weekly(seen(nothing)).wait) == 0


def test_rows_in_another_order_and_facts_of_the_future_change_nothing() -> None:
    """The same facts shuffled give the same forecast, and what comes later is not known."""
    desk = simulate(5, people=5, rho=0.75, weeks=12)
    order = np.random.default_rng(1).permutation(len(desk.facts))
    assert told(replace(desk, facts=desk.facts.take(order))) == told(desk)
    early = desk.now - 4 * WEEK
    past = desk.facts.take(np.flatnonzero(desk.facts.at <= early))
    assert forecast(seen(desk, now=early)) == forecast(seen(replace(desk, facts=past), now=early))


def test_a_team_of_two_has_a_forecast_of_waits() -> None:
    """Waits are no person's figure, so that a small team gets them too."""
    desk = simulate(5, people=2, rho=0.7, weeks=12)
    found = assess(desk.facts, desk.team, desk.now)
    assert found.forecast is not None
    assert found.capacity.utilization is None
