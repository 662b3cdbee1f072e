"""When the load began: all ways to cut a few weeks, simulated climbs and steps, thin data."""

from datetime import date, timedelta
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.theory.changepoint import HAZARD, began, beginnings, evidence

MONDAYS = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(40)]
WEEKS = np.arange(26)

counts = st.lists(st.integers(0, 200), min_size=1, max_size=30)


def weekly(
    seed: int, mean: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Poisson counts around a mean."""
    return np.random.default_rng(seed).poisson(mean).astype(np.float64)


def test_beginnings_are_those_of_all_segmentations() -> None:
    """The backward pass gives what weighing each of the 2⁷ ways to cut eight weeks gives."""
    data, n = np.array([10.0, 12, 9, 11, 10, 18, 20, 19]), 8
    segment = evidence(data, np.ones(n), 2, 0.2)
    brute = np.zeros(n)
    for cuts in product((False, True), repeat=n - 1):
        edges = [0, *(i + 1 for i, cut in enumerate(cuts) if cut), n]
        pairs = list(pairwise(edges))
        log = sum(segment[s, e] for s, e in pairs) + sum(cuts) * np.log(HAZARD)
        log += (n - 1 - sum(cuts)) * np.log1p(-HAZARD)
        rates = [(2 + data[s:e].sum()) / (0.2 + e - s) for s, e in pairs]
        first = len(pairs) - 1
        while first > 0 and rates[first - 1] < rates[first]:
            first -= 1
        brute[pairs[first][1] if first < len(pairs) - 1 else 0] += np.exp(log)
    assert beginnings(data, np.ones(n), 2, 0.2) == pytest.approx(brute / brute.sum(), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_a_step_is_dated(seed: int) -> None:
    """Sixty percent more from one week on is dated to that week, give or take one."""
    found = began(weekly(seed, np.where(WEEKS < 15, 50.0, 80.0)), np.full(26, 200.0), MONDAYS)
    assert found is not None
    assert abs((found.week - MONDAYS[15]).days) <= 7
    assert found.low <= found.week <= found.high


@pytest.mark.parametrize("seed", range(5))
def test_a_climb_is_dated_by_its_beginning(seed: int) -> None:
    """A load that climbs for ten weeks began in the first half of them, and not at the last of several cuts."""
    found = began(weekly(seed, 50.0 + 5 * np.maximum(WEEKS - 15, 0)), np.full(26, 200.0), MONDAYS)
    assert found is not None
    assert MONDAYS[14] <= found.week <= MONDAYS[20]


@pytest.mark.parametrize("seed", range(20))
def test_nothing_began_where_nothing_changed(seed: int) -> None:
    """Chance alone, a fall, and capacity that halves together with demand are no beginning."""
    steady, half = weekly(seed, np.full(26, 50.0)), np.where(WEEKS < 12, 1.0, 0.5)
    assert began(steady, np.full(26, 200.0), MONDAYS) is None
    assert began(weekly(seed, np.where(WEEKS < 12, 80.0, 40.0)), np.full(26, 200.0), MONDAYS) is None
    assert began(weekly(seed, 50 * half), 200 * half, MONDAYS, 1.2) is None


def test_thin_data_date_nothing() -> None:
    """Five weeks, a handful of requests, no capacity, no weeks at all: unknown."""
    many = np.array([10.0, 10, 10, 90, 90])
    assert began(many, np.ones(5), MONDAYS) is None
    assert began(np.array([0.0, 1, 0, 2, 3, 9, 9]), np.ones(7), MONDAYS) is None
    assert began(np.full(12, 50.0), np.zeros(12), MONDAYS) is None
    assert began(np.zeros(0), np.zeros(0), []) is None


def test_weeks_without_anybody_say_nothing() -> None:
    """Weeks of no capacity within a step change nothing, whatever came in them."""
    mean = np.where(WEEKS < 15, 50.0, 80.0)
    hours = np.where((WEEKS == 5) | (WEEKS == 20), 0.0, 200.0)
    found, other = (began(np.where(hours > 0, mean, x), hours, MONDAYS) for x in (0.0, 500.0))
    assert found is not None
    assert found == other
    assert found.week == MONDAYS[15]


@given(counts, st.floats(0.01, 0.5))
def test_beginnings_are_a_distribution(values: list[int], hazard: float) -> None:
    """They are at least 0, finite, and sum to 1."""
    data = np.array(values, np.float64)
    found = beginnings(data, np.ones(len(data)), 2, 0.05, hazard)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1)
