"""Chains: reference values, probabilities that add up, and a constraint told apart when it moves and when it eases."""

import json
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.chain import Moved, Week, bottleneck, chains, departure_scv, leads_to, moved, named, typical_wait
from bot.health.results import UNTOLD, Estimate, Level, or_why
from bot.health.results import Week as TeamWeek

REFERENCE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "reference.json").read_text())
MONDAY = date(2026, 3, 2)


def load(value: float, width: float = 0.04, line: float = 0.85) -> tuple[Estimate, float]:
    """A stage at this utilization."""
    return Estimate(value, value - width, value + width), line


def weeks(*pairs: tuple[float, float]) -> list[tuple[date, Week]]:
    """Two stages, week after week."""
    return [(MONDAY + timedelta(weeks=n), {1: load(a), 2: load(b)}) for n, (a, b) in enumerate(pairs)]


@pytest.mark.parametrize("row", REFERENCE["departure_scv"]["rows"])
def test_departures_equal_reference(row: dict[str, float]) -> None:
    """What a stage passes on agrees with the reference."""
    assert departure_scv(row["ca2"], row["cs2"], row["rho"], row["c"]) == pytest.approx(row["cd2"], rel=1e-9)


STAGES = st.lists(
    st.builds(load, st.floats(0.05, 1.5), st.floats(0.0, 0.5), st.floats(0.3, 0.97)), min_size=2, max_size=6
)


@given(STAGES)
def test_odds_sum_to_one(loads: list[tuple[Estimate, float]]) -> None:
    """Whatever the stages are: finite, from 0 to 1, 1 in all, and the same in any order."""
    odds = bottleneck(loads)
    assert np.isfinite(odds).all()
    assert ((odds >= 0) & (odds <= 1)).all()
    assert odds.sum() == pytest.approx(1)
    assert bottleneck(loads[::-1])[::-1] == pytest.approx(odds, abs=1e-9)


def test_odds_by_hand() -> None:
    """Equal stages share evenly; one far above is it; each stage is held against its own line."""
    assert bottleneck([load(0.8), load(0.8)]) == pytest.approx([0.5, 0.5])
    assert bottleneck([load(0.9), load(0.5)])[0] > 0.999
    assert bottleneck([load(0.7, line=0.5), load(0.8, line=0.95)])[0] > 0.99


def test_odds_agree_with_draws() -> None:
    """Against a million draws from the same distributions."""
    loads = [load(0.8, 0.05), load(0.75, 0.1), load(0.7, 0.02)]
    rng = np.random.default_rng(5)
    widths = [np.log(rho.high / rho.low) / 2 / 1.2815515655446 for rho, _ in loads]
    draws = np.column_stack(
        [rng.normal(np.log(rho.value / line), s, 1_000_000) for (rho, line), s in zip(loads, widths, strict=True)]
    )
    shares = np.bincount(draws.argmax(axis=1), minlength=3) / 1_000_000
    assert bottleneck(loads) == pytest.approx(shares, abs=0.003)


def test_a_stage_is_named_after_two_weeks_running() -> None:
    """One week does not do, and neither do two with a gap between them."""
    assert [stage for _, stage in named(weeks((0.9, 0.5), (0.9, 0.5), (0.7, 0.7)))] == [1, None]
    gap = weeks((0.9, 0.5), (0.9, 0.5), (0.9, 0.5))
    assert [stage for _, stage in named([gap[0], gap[2]])] == [None]


def test_moved_or_eased() -> None:
    """The next desk got slower: moved. It stayed as it was and the first got better: eased. Nothing new: nothing."""
    before = ((0.9, 0.6),) * 3
    assert moved(weeks(*before, (0.6, 0.8), (0.6, 0.8))) == Moved(
        1, 2, MONDAY + timedelta(weeks=2), MONDAY + timedelta(weeks=3), rose=True
    )
    assert moved(weeks(*before, (0.4, 0.62), (0.4, 0.62))) == moved(weeks(*before, (0.4, 0.6), (0.4, 0.6)))
    assert moved(weeks(*before, (0.4, 0.6), (0.4, 0.6))) == Moved(
        1, 2, MONDAY + timedelta(weeks=2), MONDAY + timedelta(weeks=3), rose=False
    )
    assert moved(weeks(*before, (0.6, 0.8))) is None
    assert moved(weeks(*before)) is None
    assert moved([]) is None


def test_circles_and_chains() -> None:
    """A way back is found over several links; branches are chains of their own, and others are left alone."""
    links = [(1, 2), (2, 3), (2, 4), (5, 4), (7, 8)]
    assert leads_to(links, 1, 4)
    assert leads_to(links, 6, 6)
    assert not leads_to(links, 4, 1)
    assert list(chains(links, {1})) == [(1, 2, 3), (1, 2, 4)]
    assert list(chains(links, {2, 4})) == [(1, 2, 3), (1, 2, 4), (5, 4)]
    assert list(chains(links, {9})) == []
    assert list(chains([], {1})) == []


def test_long_and_many_chains() -> None:
    """A chain of fifty stages is one; of a million ways through a net, the first come without the rest."""
    assert list(chains([(n, n + 1) for n in range(50)], {25})) == [tuple(range(51))]
    net = [(2 * n + i, 2 * n + 2 + j) for n in range(20) for i in (0, 1) for j in (0, 1)]
    few = list(islice(chains(net, {40}), 6))
    assert len(set(few)) == 6
    assert all(len(path) == 21 and path[-1] == 40 for path in few)


def test_typical_wait_is_of_four_weeks() -> None:
    """Weighted by what arrived; weeks before and after, and those without a wait, do not count."""

    def week(n: int, arrivals: int, wait: float | None) -> TeamWeek:
        monday = MONDAY + timedelta(weeks=n)
        waited = or_why(wait, "nobody waited")
        return TeamWeek(monday, arrivals, 0, 190.0, waited, UNTOLD, UNTOLD, UNTOLD, Level.UNKNOWN)

    lived = [
        week(0, 50, 99.0),
        week(1, 10, 1.0),
        week(2, 30, 5.0),
        week(3, 7, None),
        week(4, 0, None),
        week(5, 9, 99.0),
    ]
    assert typical_wait(lived, MONDAY + timedelta(weeks=4)) == pytest.approx(4)
    assert typical_wait(lived, MONDAY - timedelta(weeks=1)) is None
