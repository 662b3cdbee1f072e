"""The wait of the week to come: what moves it, how wide its range is, and when there is none."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.ahead import foresee
from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.forecast import (
    COVERAGE,
    LEAST,
    SHORTEST,
    TOO_LITTLE,
    Weekly,
    errors,
    expected,
    forecast,
    missed,
    spread,
    weekly,
)
from bot.health.peaks import Peak
from bot.health.picture import Picture, look
from bot.health.results import Estimate, Unknown, WeekAhead
from bot.signal import Kind
from bot.team import Team
from tests.budget import examples
from tests.health.desk import START, WEEK, Desk, clock, fact, simulate, team_of

AWAY = frozenset(date(2024, 3, day) for day in range(25, 30))
"""The working days after twelve weeks."""


def seen(desk: Desk, team: Team | None = None, now: float | None = None, peaks: tuple[Peak, ...] = ()) -> Picture:
    """The picture of a desk, as `assess` has it."""
    return look(desk.facts, team or desk.team, now or desk.now, basis=None, held=None, history_weeks=26, peaks=peaks)


def told(desk: Desk, team: Team | None = None) -> Estimate:
    """Its forecast, which there must be."""
    found = forecast(seen(desk, team))
    assert not isinstance(found, Unknown)
    return found


def weeks(wait: list[float], capacity: list[float] | None = None) -> Weekly:
    """Weeks of 40 open hours and 100 requests."""
    n = len(wait)
    held = np.full(n, 200.0) if capacity is None else np.array(capacity)
    return Weekly(np.array(wait), np.full(n, 100.0), held, np.full(n, 40.0), np.zeros(n), np.ones(n), np.zeros(n + 1))


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


@pytest.mark.slow
@pytest.mark.parametrize("spread_of_errors", [0.2, 0.7, 1.5])
def test_the_range_learns_how_far_off_a_team_is(spread_of_errors: float) -> None:
    """Steady or wild, after some weeks about four in five of a team's weeks lie in its range."""
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(20):
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
    assert forecast(seen(desk, gone)) == TOO_LITTLE
    assert forecast(seen(desk, now=desk.now - 9 * WEEK)) == TOO_LITTLE
    assert forecast(seen(simulate(5, people=1, rho=0.02, weeks=12))) == TOO_LITTLE
    young = assess(desk.facts, desk.team, desk.now - 9 * WEEK)
    assert isinstance(young.forecast, Unknown)
    assert young.forecast.reason.startswith("it takes four complete weeks")


def test_no_facts_at_all_give_none() -> None:
    """A team of which nothing was heard has no forecast."""
    desk = simulate(5, people=5, rho=0.75, weeks=12)
    nothing = replace(desk, facts=Facts.of([]))
    assert isinstance(forecast(seen(nothing)), Unknown)
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
    assert not isinstance(found.forecast, Unknown)
    assert isinstance(found.capacity.utilization, Unknown)


MONDAY = date(2024, 3, 25)
"""After twelve weeks."""


@cache
def steady(rho: float = 0.62) -> Desk:
    """Five people for twelve weeks."""
    return simulate(5, people=5, rho=rho, weeks=12)


def peaked(which: int, demand: float) -> Desk:
    """Five people at 62%, and more in one of twelve weeks (from 0), first come first served."""
    rng, hours = np.random.default_rng(3), clock(12)
    count = [round(124 * (1 + demand * (week == which))) for week in range(12)]
    at = np.sort(np.concatenate([(week + rng.random(n)) * 40 for week, n in enumerate(count)]))
    free, told = [0.0] * 5, []
    for number, came in enumerate(at.tolist(), 1):
        who = int(np.argmin(free))
        begun = max(came, free[who])
        free[who] = begun + float(rng.exponential())
        for kind, when in ((Kind.ARRIVAL, came), (Kind.CLAIM, begun), (Kind.DONE, free[who])):
            moment = float(hours.at(when))
            told += [fact(number, kind, moment, 0 if kind is Kind.ARRIVAL else who + 1)]
    return Desk(Facts.of(told), team_of(5), START + 12 * WEEK, 0.62, 0.0)


def planned(*peaks: Peak, desk: Desk | None = None) -> WeekAhead:
    """The forecast with these peaks known, which there must be; of the steady desk, where no other is named."""
    found = forecast(seen(desk or steady(), peaks=peaks))
    assert not isinstance(found, Unknown)
    return found


def week(since: date, demand: float, made: date = date.min) -> Peak:
    """A peak of seven days."""
    return Peak(since, since + timedelta(days=6), demand, made)


@examples(30)
@given(
    demands=st.tuples(st.floats(0.01, 4), st.floats(0.01, 4)),
    since=st.integers(0, 9),
    days=st.integers(0, 20),
    rho=st.sampled_from([0.5, 0.7, 0.95]),
)
def test_more_planned_demand_never_shortens_the_forecast(
    demands: tuple[float, float], since: int, days: int, rho: float
) -> None:
    """Neither middle nor ends fall when more is planned for days to come, nor below those without a plan."""
    desk, first = steady(rho), MONDAY + timedelta(days=since)
    low, high = (Peak(first, first + timedelta(days=days), demand) for demand in sorted(demands))
    none, less, more = planned(desk=desk), planned(low, desk=desk), planned(high, desk=desk)
    for a, b in pairwise((none, less, more)):
        assert all(getattr(a, end) <= getattr(b, end) * (1 + 1e-9) for end in ("value", "low", "high"))
        assert a.grows <= b.grows
        assert a.planned <= b.planned


@examples(20)
@given(st.floats(0.01, 4), st.integers(0, 60), st.integers(0, 60))
def test_a_plan_outside_the_week_changes_nothing(demand: float, later: int, days: int) -> None:
    """From the eighth day on, before all that is known, on days off, and noted tomorrow: as without it."""
    first = MONDAY + timedelta(days=7 + later)
    assert planned(Peak(first, first + timedelta(days=days), demand)) == planned()
    long_ago = date(2023, 6, 1)
    assert planned(Peak(long_ago, long_ago + timedelta(days=days), demand)) == planned()
    assert planned(Peak(MONDAY + timedelta(days=5), MONDAY + timedelta(days=6), demand)) == planned()
    assert planned(week(MONDAY, demand, made=MONDAY + timedelta(days=1))) == planned()


def test_a_day_of_five_counts_as_a_fifth() -> None:
    """Planned demand is that of the open hours: one day of +50% is 10% of the week's, and adds less than five do."""
    one, five = (planned(Peak(MONDAY, last, 0.5)) for last in (MONDAY, MONDAY + timedelta(days=6)))
    assert one.planned == pytest.approx(0.1)
    assert five.planned == pytest.approx(0.5)
    assert planned().value < one.value < five.value


def test_a_week_that_cannot_be_done_grows_and_is_short_of_hours() -> None:
    """The forecast says that the wait grows where the plan says that hours are short, and its range is wider."""
    for demand, full in ((0.2, False), (1.5, True)):
        peak = week(MONDAY, demand)
        told, short = planned(peak), foresee(seen(steady()), peak, np.random.default_rng(1))
        assert short is not None
        assert told.grows is full is (short.weeks[0].hours.value > 0)
        assert short.wait.low <= told.high
        assert told.low <= short.wait.high
    assert not planned().grows


def test_a_peak_that_came_is_no_reason_to_expect_more_after_it() -> None:
    """Weeks that were full by plan are brought to usual demand; one that stayed away leaves the forecast as it is."""
    desk = peaked(10, 0.9)
    peak = week(MONDAY - timedelta(days=14), 0.9)
    aware = planned(peak, desk=desk)
    assert aware.planned == 0
    assert aware.value < planned(desk=desk).value
    calm = planned(peak)  # of a desk on which nothing came of it
    assert calm.value == pytest.approx(planned().value, rel=0.25)


def test_what_a_peak_left_behind_is_still_to_be_answered() -> None:
    """After a week in which half as much again came as could be done, the next waits longer than an ordinary one."""
    desk = peaked(11, 1.4)
    after = planned(week(MONDAY - timedelta(days=7), 1.4), desk=desk)
    assert after.value > 3 * planned().value


def test_a_team_of_two_is_told_of_the_wait_but_not_of_its_hours() -> None:
    """A plan lengthens its forecast; that the hours do not suffice stays unsaid."""
    desk = simulate(5, people=2, rho=0.7, weeks=12)
    peak = week(MONDAY, 1.5)
    found, without = assess(desk.facts, desk.team, desk.now, peaks=[peak]), assess(desk.facts, desk.team, desk.now)
    assert not isinstance(found.forecast, Unknown)
    assert not isinstance(without.forecast, Unknown)
    assert found.forecast.value > without.forecast.value
    assert not found.forecast.grows


def test_a_week_unlike_its_forecast_is_told_and_any_other_is_not() -> None:
    """A week that nobody planned took longer than was likely at its beginning; one as forecast is silent."""
    desk = peaked(11, 1.4)
    monday = desk.now - WEEK
    found = missed(seen(desk, now=monday), seen(desk))
    assert found is not None
    assert found.said == forecast(seen(replace(desk, facts=desk.facts.take(desk.facts.at <= monday)), now=monday))
    assert found.took > found.said.high
    assert found.took == pytest.approx(weekly(seen(desk)).wait[-1])
    calm = peaked(11, 0.0)
    assert missed(seen(calm, now=monday), seen(calm)) is None
    assert missed(seen(desk, now=desk.now - 10 * WEEK), seen(desk)) is None  # too little was known to forecast it


@given(WAITS, st.floats(0, 60), st.floats(0, 60))
def test_a_longer_queue_never_shortens_it_and_the_usual_one_changes_nothing(
    wait: list[float], one: float, two: float
) -> None:
    """What waits now lengthens the forecast only where it is more than what waited before."""
    past, n = weeks(wait), len(wait)
    queued = [replace(past, queued=np.append(np.zeros(n), now)) for now in sorted((one, two))]
    assert expected(past, n, 200.0, 0.0) <= expected(queued[0], n, 200.0, 0.0) <= expected(queued[1], n, 200.0, 0.0)
    usual = replace(past, queued=np.full(n + 1, one))
    assert expected(usual, n, 200.0, 0.0) == pytest.approx(expected(past, n, 200.0, 0.0))


def test_forty_requests_that_wait_are_met_by_those_who_come() -> None:
    """Where thirty hours of work for all wait, six tenths of it are what newcomers wait at least."""
    past = replace(weeks([0.5] * 8), queued=np.array([0.0] * 8 + [30.0]))
    assert expected(past, 8, 200.0, 0.0) == pytest.approx(np.log(18.0))


def test_a_half_empty_desk_is_not_expected_to_be_as_slow_as_others() -> None:
    """A desk loaded to a third is held against a shorter wait than ordinary ones, and told a shorter one for it."""
    third, full = (weekly(seen(simulate(2, rho=rho, weeks=10))).typical for rho in (0.33, 0.8))
    assert third < 0.5
    assert full == 1.5
    told_of = [expected(replace(weeks([0.3] * 8), typical=typical), 8, 200.0, 0.0) for typical in (third, full)]
    assert told_of[0] < told_of[1]
