"""What becomes of the wait if the load goes on so: dates that come true, and silence where nothing drifts."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.outlook import AHEAD, Queue, fit, outlook
from bot.health.queueing import wait_ggc
from bot.health.results import Outlook

LAST = date(2026, 3, 2)
QUEUE = Queue(people=5.0, service=1.0, ca2=1.0, cs2=1.0, open_hours=40.0, wait=0.5)


def ahead(rho: list[float], jobs: float = 200.0, queue: Queue = QUEUE, seed: int = 1) -> Outlook | None:
    """The outlook after these weeks."""
    values = np.array(rho)
    return outlook(values, np.full(len(values), jobs), queue, LAST, np.random.default_rng(seed), variance=2.0)


def test_a_clear_drift_is_dated() -> None:
    """Many requests, a straight line: the wait doubles when Whitt's formula says so, give or take a week."""
    rho = [0.60 + 0.02 * week for week in range(10)]
    found = ahead(rho, jobs=1e6)
    assert found is not None
    assert found.doubles is not None
    waits = [float(wait_ggc(rho[-1] + 0.02 * week / 7, 5, 1.0)) for week in range(7 * AHEAD)]
    truth = next(day for day, wait in enumerate(waits) if wait >= 2 * waits[0])
    assert abs((found.doubles - LAST).days - truth) <= 7
    assert found.p > 0.95
    assert found.until == LAST + timedelta(weeks=AHEAD)


def test_an_overfull_queue_doubles_by_what_comes_beyond() -> None:
    """At 110% of five people, four hours more a week are waited: half an hour has doubled within days."""
    found = ahead([1.0, 1.03, 1.06, 1.08, 1.1], jobs=1e5)
    assert found is not None
    assert found.doubles is not None
    assert (found.doubles - LAST).days <= 7


@pytest.mark.parametrize(
    "rho",
    [
        [0.6, 0.7, 0.8],
        [0.8] * 12,
        [0.9, 0.85, 0.8, 0.75, 0.7],
        [float("nan")] * 10,
        [0.7, float("nan"), float("nan"), 0.8, 0.9],
        [],
    ],
    ids=["three weeks", "steady", "falling", "nobody there", "gaps", "nothing"],
)
def test_nothing_is_said_without_a_drift(rho: list[float]) -> None:
    """Too few weeks, a steady or falling load, weeks without anybody: no outlook."""
    assert ahead(rho) is None


def test_few_requests_are_not_confident() -> None:
    """The same rise on five requests a week says less than on five hundred, and its pace is shrunk."""
    rho = [0.6, 0.63, 0.66, 0.69, 0.72]
    few, many = ahead(rho, jobs=5.0), ahead(rho, jobs=500.0)
    assert many is not None
    assert few is None or (few.p < many.p and few.per_week.value < many.per_week.value)


@given(st.lists(st.floats(0, 3), min_size=4, max_size=20), st.floats(1, 1e5), st.floats(0.1, 40), st.integers(0, 9))
def test_always_a_probability(rho: list[float], jobs: float, people: float, seed: int) -> None:
    """Whatever the weeks, the outlook is finite, its dates lie ahead, and a day is named only where it is likely."""
    found = ahead(rho, jobs, Queue(people, 0.3, 2.0, 1.5, 40.0, 0.0), seed)
    if found is not None:
        assert 0 <= found.p <= 1
        assert np.isfinite([found.per_week.low, found.per_week.value, found.per_week.high]).all()
        assert (found.doubles is None) == (found.p < 0.5)
        assert found.doubles is None or LAST <= found.doubles <= found.until


def test_the_same_draws_give_the_same_outlook() -> None:
    """The same seed gives the same answer."""
    rho = [0.6, 0.66, 0.64, 0.7, 0.74, 0.72]
    assert ahead(rho, seed=3) == ahead(rho, seed=3)


def test_the_slopes_range_covers_the_truth() -> None:
    """Of simulated drifts as steep as the prior has them, about four in five slopes lie in their 80% range."""
    rng = np.random.default_rng(2)
    at, held, runs = np.arange(-7.0, 1.0), 0, 600
    for _ in range(runs):
        slope = rng.normal(0, 0.03)
        jobs = rng.poisson(100 * np.maximum(0.8 + slope * at, 0.05)).astype(np.float64)
        mean, cover = fit(at, jobs / 100, np.maximum(jobs, 1.0))
        held += bool(abs(mean[1] - slope) <= 1.2816 * np.sqrt(cover[1, 1]))
    assert 0.74 <= held / runs <= 0.9, held / runs
