"""Queueing: exact formulas meet reference values to rounding, the approximation within its stated error."""

import json
import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.theory.queueing import (
    FloatArray,
    erlang_b,
    largest_below,
    rho_for_wait,
    wait_ggc,
    wait_tail,
)
from tests.budget import examples

REFERENCE: dict[str, list[dict[str, float]]] = json.loads(
    (Path(__file__).parents[2] / "data" / "reference.json").read_text()
)
people = st.floats(0.2, 40)
rhos = st.floats(0.01, 0.98)
scvs = st.floats(0, 6)


def rel(value: object) -> Any:
    return pytest.approx(value, rel=1e-8, abs=1e-12)


def test_mmc_equals_reference() -> None:
    """The share that waits, the mean wait and its tail agree with sums done in sixty digits."""
    assert len(REFERENCE["mmc"]) == 35
    for row in REFERENCE["mmc"]:
        c, rho = int(row["c"]), row["rho"]
        assert wait_tail(0, rho, c) == rel(row["erlangC"])
        assert wait_ggc(rho, c) == rel(row["Wq"])
        for q in (50, 80, 90, 95):
            longer = 1 - q / 100 if row[f"p{q}"] > 0 else row["erlangC"]
            assert wait_tail(row[f"p{q}"], rho, c) == rel(longer)


def test_published_erlang_values() -> None:
    """Five servers at four erlangs: the textbooks' loss .1991 and delay .5541; large systems stay finite."""
    assert erlang_b(5, 4) == pytest.approx(0.19907, abs=1e-5)
    assert wait_tail(0, 0.8, 5) == pytest.approx(0.5541, abs=5e-5)
    assert list(erlang_b(0, [0.0, 3.0])) == [1, 1]
    assert 0 < wait_tail(0, 0.99, 5000) < 1


def test_ggc_is_whitts_formula() -> None:
    """The wait agrees to nine digits with Whitt's formula computed elsewhere, for every variability."""
    for row in REFERENCE["phphc"]:
        assert wait_ggc(row["rho"], row["c"], 1, row["ca2"], row["cs2"]) == rel(row["whitt93"])


def test_ggc_is_close_to_exact_waits() -> None:
    """Against 595 exact queues the mean error is under 5% and nine of ten are within 12%."""
    exact = [
        *REFERENCE["phphc"],
        *({**row, "ca2": 1.0, "cs2": 0.0} for row in REFERENCE["mdc"]),
        *({**row, "ca2": 1.0, "c": 1} for row in REFERENCE["mg1"]),
    ]
    errors = [abs(float(wait_ggc(row["rho"], row["c"], 1, row["ca2"], row["cs2"])) / row["Wq"] - 1) for row in exact]
    assert len(errors) == 595
    assert np.mean(errors) < 0.05
    assert np.quantile(errors, 0.9) < 0.12


def test_ggc_is_close_to_simulated_lognormal_service() -> None:
    """With lognormal service times simulated waits are met within 5% on average and 20% at worst."""
    errors = []
    for row in REFERENCE["mlnc_simulation"]:
        predicted = float(wait_ggc(row["rho"], row["c"], 1, 1, row["cs2"]))
        errors.append(max(0, abs(predicted - row["Wq"]) - 4 * row["se"]) / row["Wq"])
    assert np.mean(errors) < 0.05
    assert max(errors) < 0.2


@given(rhos, people, scvs, scvs)
@examples(150)
def test_more_people_at_the_same_utilization_wait_less(rho: float, c: float, ca2: float, cs2: float) -> None:
    """At equal utilization a larger team waits less, whole or not; times scale with the service time."""
    wait = float(wait_ggc(rho, c, 1, ca2, cs2))
    assert float(wait_ggc(rho, c + 0.3, 1, ca2, cs2)) <= wait + 1e-12
    assert wait_ggc(rho, c, 7, ca2, cs2) == pytest.approx(7 * wait)


@given(people, scvs, scvs)
@examples(100)
def test_waits_and_tails_rise_with_utilization(c: float, ca2: float, cs2: float) -> None:
    """More load never means a shorter mean wait, or a smaller tail."""
    rho: FloatArray = np.linspace(0, 1.2, 300)
    for figure in (
        wait_ggc(rho, c, 2, ca2, cs2),
        wait_tail(1.5, rho, c, 2, ca2, cs2),
        wait_tail(0, rho, c, 2, ca2, cs2),
    ):
        assert (figure[1:] >= figure[:-1] - 1e-9).all()


def test_people_need_not_be_whole() -> None:
    """Between whole numbers a figure lies on the straight line; below one person times stretch by 1/c."""
    figures: list[Callable[[float], FloatArray]] = [
        lambda c: wait_ggc(0.8, c, 1, 2, 0.5),
        lambda c: wait_tail(2, 0.8, c),
        lambda c: wait_tail(0, 0.8, c),
    ]
    for figure in figures:
        assert figure(3.25) == pytest.approx(0.75 * float(figure(3)) + 0.25 * float(figure(4)))
        assert figure(1 - 1e-9) == pytest.approx(float(figure(1)), rel=1e-6)
    assert wait_ggc(0.5, 0.5) == pytest.approx(2)
    assert wait_tail(0, 0.3, 0.5) == pytest.approx(0.3)


def test_no_steady_state_is_infinite() -> None:
    """From ρ = 1 on every wait is infinite and everybody waits; no load, no wait; unknown stays unknown."""
    rho = [0.0, 1.0, 1.7, math.nan]
    for c in (0.5, 1.0, 2.5, 6.0):
        waits = wait_ggc(rho, c)
        assert waits[:3].tolist() == [0, math.inf, math.inf]
        assert math.isnan(waits[3])
        for shares in (wait_tail(0, rho, c), wait_tail(3, rho, c)):
            assert shares[:3].tolist() == pytest.approx([0, 1, 1])
            assert math.isnan(shares[3])
    assert wait_ggc(0.9, 3, 1, 0, 0) == 0  # like clockwork: nobody ever waits
    assert wait_tail(0, 0.9, 3, 1, 0, 0) == 0


@given(st.floats(0.02, 0.995), people, st.floats(0.05, 6), st.floats(0.05, 6), st.floats(0.1, 20))
@examples(100)
def test_rho_for_wait_is_the_inverse(rho: float, c: float, ca2: float, cs2: float, service: float) -> None:
    """The utilization read off a predicted wait is the one that predicted it."""
    wait = float(wait_ggc(rho, c, service, ca2, cs2))
    found = rho_for_wait(wait, service, c, ca2, cs2)
    assert wait_ggc(found, c, service, ca2, cs2) == pytest.approx(wait, rel=1e-6, abs=1e-11)
    if wait > 1e-6 * service:
        assert found == pytest.approx(rho, abs=1e-5)


def test_rho_for_wait_at_its_ends() -> None:
    """No wait means no load, an endless one means full, a longer one more; an unknown one is unknown."""
    assert rho_for_wait(0, 1, 3) == 0
    assert rho_for_wait(math.inf, 1, 3) == 1
    assert rho_for_wait(1e6, 1, 3) == pytest.approx(1, abs=1e-5)
    assert math.isnan(rho_for_wait(math.nan, 1, 3))
    found = [rho_for_wait(wait, 0.5, 3.7, 1.3, 0.8) for wait in np.geomspace(0.001, 100, 60)]
    assert all(a < b < 1 for a, b in pairwise(found))


def test_largest_below_stands_at_the_ends() -> None:
    """A measure never reached gives 1, one exceeded at once gives 0, a jump is found where it is."""
    assert largest_below(np.zeros_like, 0.5) == 1
    assert largest_below(np.ones_like, 0.5) == 0
    assert largest_below(lambda r: (r > 0.3).astype(np.float64), 0.5) == pytest.approx(0.3, abs=1e-12)


@pytest.mark.parametrize(
    ("rho", "c", "ca2", "service"), [(0.5, 0, 1, 1), (-0.1, 1, 1, 1), (0.5, 1, -1, 1), (0.5, math.nan, 1, 1)]
)
def test_impossible_arguments(rho: float, c: float, ca2: float, service: float) -> None:
    """No people, negative load or variability are refused rather than answered."""
    with pytest.raises(ValueError, match=r"below 0|above 0"):
        wait_ggc(rho, c, service, ca2, 1)
    with pytest.raises(ValueError, match="service"):
        rho_for_wait(1, 0, 3)
