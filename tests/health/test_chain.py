"""Chains: reference values, probabilities that add up, and a constraint told apart when it moves and when it eases."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.chain import Moved, Week, bottleneck, chains, departure_scv, leads_to, moved, named
from bot.health.results import Estimate

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
    assert moved(weeks(*before, (0.6, 0.8), (0.6, 0.8))) == Moved(1, 2, MONDAY + timedelta(weeks=3), rose=True)
    assert moved(weeks(*before, (0.4, 0.6), (0.4, 0.6))) == Moved(1, 2, MONDAY + timedelta(weeks=3), rose=False)
    assert moved(weeks(*before, (0.6, 0.8))) is None
    assert moved(weeks(*before)) is None
    assert moved([]) is None


def test_circles_and_chains() -> None:
    """A way back is found over several links; branches are chains of their own."""
    links = [(1, 2), (2, 3), (2, 4)]
    assert leads_to(links, 1, 4)
    assert leads_to(links, 5, 5)
    assert not leads_to(links, 4, 1)
    assert chains(links) == [(1, 2, 3), (1, 2, 4)]
    assert chains([]) == []
