"""Posterior: intervals and probabilities agree with reference values, and no data is no error."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.theory.posterior import beta_greater, rho_posterior, wilson
from tests.budget import examples

REFERENCE: dict[str, Any] = json.loads((Path(__file__).parents[2] / "data" / "reference.json").read_text())
counts = st.integers(0, 2000)
hours = st.floats(0.1, 5000)


def test_rho_posterior_equals_reference() -> None:
    """Mean, quantiles and tail probabilities are the independently computed ones."""
    for row in REFERENCE["rho_posterior"]:
        p = rho_posterior(
            arrivals=row["arrivals"],
            completions=row["completions"],
            busy=row["busy_hours"],
            capacity=row["capacity_hours"],
        )
        assert p.mean == pytest.approx(row["post_mean"], rel=1e-6)
        assert p.quantile(0.05) == pytest.approx(row["q05"], rel=1e-6)
        assert p.quantile(0.95) == pytest.approx(row["q95"], rel=1e-6)
        assert p.above(0.85) == pytest.approx(row["P_gt_085"], rel=1e-6)
        assert p.above(1) == pytest.approx(row["P_gt_1"], rel=1e-6)


@pytest.mark.parametrize(("scv", "dispersion"), [(1.0, 1.0), (2.5, 2.0), (0.3, 1.2)])
def test_rho_posterior_equals_sampling(scv: float, dispersion: float) -> None:
    """The closed form is the ratio of sampled gamma rates, with shapes scaled by their variability."""
    rng = np.random.default_rng(7)
    p = rho_posterior(arrivals=90, completions=80, busy=130, capacity=200, service_scv=scv, dispersion=dispersion)
    arrivals = rng.gamma(90.5 / dispersion, dispersion, 400_000)
    service = rng.gamma(80.5 / scv, scv, 400_000)
    sampled = arrivals * 130 / service / 200
    assert p.mean == pytest.approx(sampled.mean(), rel=0.005)
    for q in (0.1, 0.5, 0.9):
        assert p.quantile(q) == pytest.approx(np.quantile(sampled, q), rel=0.01)
    assert p.above(0.8) == pytest.approx((sampled > 0.8).mean(), abs=0.005)


@given(counts, counts, st.just(0.0) | hours, hours, st.floats(0, 9), st.floats(0.5, 20))
@examples(150)
def test_rho_posterior_is_always_finite(
    n: int, m: int, busy: float, capacity: float, scv: float, dispersion: float
) -> None:
    """Whatever was counted, also nothing, every figure is a number and in order."""
    p = rho_posterior(arrivals=n, completions=m, busy=busy, capacity=capacity, service_scv=scv, dispersion=dispersion)
    e = p.estimate()
    assert math.isfinite(p.mean)
    assert 0 <= e.low <= e.value <= e.high < math.inf
    assert 1 >= p.above(0.5) >= p.above(0.8) >= p.above(1.2) >= 0
    if busy > 0:
        # far out in a tail of very few data the distribution is flat, so ask in probability
        assert p.above(p.quantile(0.9)) == pytest.approx(0.1, abs=1e-3)


@given(st.integers(5, 2000), st.integers(5, 2000), hours, hours)
@examples(60)
def test_more_data_is_surer_and_more_work_is_fuller(n: int, m: int, busy: float, capacity: float) -> None:
    """Fourfold data narrow the interval; clustered arrivals widen it; more work raises P(ρ > line)."""

    def width(size: int, dispersion: float) -> float:
        e = rho_posterior(
            arrivals=size * n, completions=size * m, busy=busy, capacity=capacity, dispersion=dispersion
        ).estimate()
        return math.log(e.high / e.low)

    assert width(4, 1) < width(1, 1) < width(1, 3)
    line = busy / capacity * n / m
    above = [
        rho_posterior(arrivals=n, completions=m, busy=busy * x, capacity=capacity).above(line) for x in (0.5, 1.0, 2.0)
    ]
    assert above == sorted(above)


def test_rho_posterior_of_nothing() -> None:
    """Before any data the distribution says nearly nothing; no busy hours are no utilization."""
    empty = rho_posterior(arrivals=0, completions=0, busy=1, capacity=1)
    assert empty.mean == empty.quantile(0.5) == pytest.approx(1)
    assert empty.above(1) == pytest.approx(0.5)
    idle = rho_posterior(arrivals=5, completions=0, busy=0, capacity=40)
    assert (idle.mean, idle.above(0.8), idle.above(0), idle.above(-1)) == (0, 0, 0, 1)
    assert empty.above(0) == 1


@pytest.mark.parametrize("wrong", [{"arrivals": -1}, {"capacity": 0}, {"busy": math.nan}, {"dispersion": 0}])
def test_rho_posterior_refuses_nonsense(wrong: dict[str, float]) -> None:
    """Negative or unknown counts and no capacity are refused."""
    right: dict[str, float] = {"arrivals": 5, "completions": 5, "busy": 5, "capacity": 9}
    with pytest.raises(ValueError, match="at least 0"):
        rho_posterior(**(right | wrong))


def test_wilson_equals_reference() -> None:
    """Score intervals are the independently computed ones and touch 0 and 1 exactly."""
    for row in REFERENCE["wilson_95"]:
        rate = wilson(row["x"], row["n"])
        assert (rate.low, rate.high) == pytest.approx((row["lo"], row["hi"]), abs=1e-9)
        assert rate.value == row["x"] / row["n"]
    assert wilson(0, 10).low == 0
    assert wilson(10, 10).high == 1


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_its_share(x: int, more: int) -> None:
    """The interval contains the share, mirrors with it, and widens with the confidence."""
    n = x + more
    rate, mirror = wilson(x, n), wilson(more, n)
    assert 0 <= rate.low <= rate.value <= rate.high <= 1
    assert rate.low == pytest.approx(1 - mirror.high, abs=1e-12)
    assert wilson(x, n, 0.8).high <= rate.high
    assert rate.n == n


def test_wilson_of_nothing() -> None:
    """Nothing counted may be anything; more than counted is refused."""
    nothing = wilson(0, 0)
    assert (nothing.value, nothing.low, nothing.high, nothing.n) == (0, 0, 1, 0)
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


def test_beta_greater_equals_reference() -> None:
    """The probability of a rise is the independently integrated one."""
    for row in REFERENCE["beta_binomial"]:
        assert beta_greater(row["now"], row["before"]) == pytest.approx(row["P"], abs=1e-8)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
@examples(100)
def test_beta_greater_is_a_fair_comparison(x: int, rest: int, y: int, other: int) -> None:
    """One of the two is greater; equals tie; more hits now make a rise likelier."""
    now, before = (x, x + rest), (y, y + other)
    p = beta_greater(now, before)
    assert p + beta_greater(before, now) == pytest.approx(1, abs=1e-6)
    assert beta_greater(now, now) == pytest.approx(0.5, abs=1e-6)
    assert beta_greater((x + 1, x + 1 + rest), before) >= p - 1e-6


def test_beta_greater_without_data() -> None:
    """Nothing on either side is even odds; clear cases are sure; an impossible share is refused."""
    assert beta_greater((0, 0), (0, 0)) == pytest.approx(0.5)
    assert beta_greater((900, 1000), (100, 1000)) == pytest.approx(1)
    assert beta_greater((100, 1000), (900, 1000)) == pytest.approx(0)
    with pytest.raises(ValueError, match="no share"):
        beta_greater((2, 1), (0, 1))
