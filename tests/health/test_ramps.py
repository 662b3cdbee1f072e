"""Ramps weighed by weeks: the factor that changed, since when, and doubt where nothing did."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.factors import NAMES, Factors, Series
from bot.health.facts import Floats
from bot.health.ramps import IN_VAIN, LEAST_WEEKS, Queue, Ramps, _gain, quantiles, ramps

QUEUE = Queue(people=5.0, ca2=1.0, cs2=1.0, usual=0.7)
SD = (0.08, 0.08, 0.05, 0.03)


def weighed(rng: np.random.Generator, n: int, which: int | None, path: Floats) -> Ramps:
    """Weeks drawn about a path of one factor, the others flat, and a wait that tells nothing."""
    of = tuple(
        Series(sd * rng.standard_normal(n) + (path if i == which else 0.0), np.full(n, sd**2))
        for i, sd in enumerate(SD)
    )
    silent = Series(np.full(n, np.nan), np.full(n, np.nan))
    found = ramps(Factors(of, silent, np.ones(n), np.arange(n + 1.0)), QUEUE, rng)
    assert found is not None
    return found


@pytest.mark.parametrize("which", range(4), ids=NAMES)
def test_the_factor_that_changed_is_named(which: int) -> None:
    """A third more of one factor over six weeks: that one, nearly surely, and its beginning within two weeks."""
    path = 0.3 * np.clip((np.arange(20) - 11.5) / 6, 0, 1)
    found = weighed(np.random.default_rng(which), 20, which, path)
    assert found.chances[NAMES[which]] > 0.9
    low, middle, high = found.starts((0.1, 0.5, 0.9))
    assert low <= middle <= high
    assert abs(middle + 8) <= 2.5


@pytest.mark.slow
def test_the_chances_are_true() -> None:
    """Over many teams, changed as often as the prior has it, a small stated chance of no change comes true rarely."""
    rng = np.random.default_rng(8)
    said, so = [], []
    for _ in range(150):
        changed = rng.random() >= IN_VAIN
        start, length, rise = rng.uniform(-15, 0), rng.uniform(0, 13), abs(0.3 * rng.standard_normal())
        path = rise * np.clip((np.arange(16) - 15.5 - start) / max(length, 0.25), 0, 1)
        found = weighed(rng, 16, int(rng.integers(4)) if changed else None, path)
        said.append(found.none)
        so.append(not changed)
    stated, true = np.array(said), np.array(so)
    low = stated < 0.1
    assert low.sum() > 25
    assert true[low].mean() <= 0.1
    assert np.mean((stated - true) ** 2) < IN_VAIN * (1 - IN_VAIN)


@given(st.lists(st.floats(-3, 3), min_size=6, max_size=26), st.integers(0, 99))
def test_weights_are_chances(values: list[float], seed: int) -> None:
    """Whatever the weeks show, the weights and the chance of no change sum to 1."""
    n = len(values)
    series = Series(np.array(values), np.full(n, 0.01))
    flat = Series(np.full(n, np.nan), np.full(n, np.nan))
    found = ramps(
        Factors((series, flat, flat, flat), flat, np.ones(n), np.arange(n + 1.0)), QUEUE, np.random.default_rng(seed)
    )
    assert found is not None
    assert found.weight.sum() + found.none == pytest.approx(1)
    assert (found.weight >= 0).all()
    assert np.isfinite(found.waits(np.arange(9.0))).all()


def test_weeks_that_tell_nothing_leave_what_was_believed() -> None:
    """Without any known week every factor is as likely, and no change as likely as it was."""
    n = 12
    flat = Series(np.full(n, np.nan), np.full(n, np.nan))
    found = ramps(Factors((flat,) * 4, flat, np.ones(n), np.arange(n + 1.0)), QUEUE, np.random.default_rng(1))
    assert found is not None
    assert found.none == pytest.approx(IN_VAIN)
    assert list(found.chances.values()) == pytest.approx([(1 - IN_VAIN) / 4] * 4)


def test_too_few_weeks_say_nothing() -> None:
    """Five weeks, or nobody on duty: None."""
    flat = Series(np.zeros(LEAST_WEEKS - 1), np.ones(LEAST_WEEKS - 1))
    short = Factors((flat,) * 4, flat, np.ones(5), np.arange(6.0))
    assert ramps(short, QUEUE, np.random.default_rng(1)) is None
    long = Series(np.zeros(9), np.ones(9))
    there = Factors((long,) * 4, long, np.ones(9), np.arange(10.0))
    assert ramps(there, Queue(0.0, 1.0, 1.0, 0.7), np.random.default_rng(1)) is None


@given(st.lists(st.floats(-2, 2), min_size=6, max_size=20), st.floats(0.01, 1), st.floats(-5, 5))
def test_the_gain_is_that_of_the_normal_likelihood(values: list[float], variance: float, shift: float) -> None:
    """The gain is the difference of squares about the fitted level, and the level itself does not matter."""
    x, path = np.array(values), np.linspace(0, 1, len(values))
    v = np.full(len(x), variance)
    alone, less = x - x.mean(), (x - path) - (x - path).mean()
    expected = (np.sum(alone**2) - np.sum(less**2)) / 2 / variance
    assert _gain(Series(x, v), path[None, :])[0] == pytest.approx(expected, abs=1e-6 / variance)
    assert _gain(Series(x + shift, v), path[None, :])[0] == pytest.approx(expected, abs=1e-6 / variance)


def test_quantiles_of_weighted_values() -> None:
    """The value below which so much of the weight lies, in whatever order they come."""
    assert quantiles(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]), (0.2, 0.5, 0.9)) == [1.0, 2.0, 3.0]
