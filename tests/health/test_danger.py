"""Danger: lines, surges and staffing agree with reference values and move the right way."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.danger import danger_line, square_root_staffing, surge_tolerance, wait_probability
from bot.health.theory.queueing import wait_ggc, wait_tail
from tests.budget import examples

REFERENCE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "reference.json").read_text())
people = st.floats(0.3, 40)


def test_danger_lines_equal_reference() -> None:
    """For 16 sizes, four variabilities and four bearable waits the line is the independently found one."""
    for row in REFERENCE["danger_line"]:
        for v in (0.5, 1.0, 2.0, 4.0):
            for k in (0.25, 0.5, 1.0, 2.0):
                assert danger_line(row["c"], v, k) == pytest.approx(row[f"V{v}_k{k}"], abs=2e-9)
        for p in (0.2, 0.5):
            assert wait_tail(0, row[f"MMc_pw{p}"], row["c"]) == pytest.approx(p, abs=1e-8)


def test_ordinary_lines_by_size() -> None:
    """With ordinary variability the line rises from half for one person to .96 for twenty."""
    sizes = (1, 2, 3, 4, 5, 8, 10, 20)
    lines = [danger_line(c, 1) for c in sizes]
    assert lines == pytest.approx([0.5, 0.71, 0.79, 0.835, 0.86, 0.91, 0.93, 0.96], abs=0.006)


def test_the_teams_own_line_only_lowers() -> None:
    """A stricter line of the team's own is used, a laxer one is not."""
    assert danger_line(5, 1, user_line=0.7) == 0.7
    assert danger_line(5, 1, user_line=0.99) == danger_line(5, 1)


@given(people, st.floats(0.05, 6), st.floats(0.05, 4), st.floats(0.01, 3))
@examples(100)
def test_danger_line_moves_the_right_way(c: float, v: float, k: float, more: float) -> None:
    """More variability lowers the line; more people or more patience raise it; it keeps its promise."""
    line = danger_line(c, v, k)
    assert 0 <= line <= 1
    assert danger_line(c, v + more, k) <= line + 1e-9
    assert danger_line(c + more, v, k) >= line - 1e-9
    assert danger_line(c, v, k + more) >= line - 1e-9
    ca2, cs2 = (1.0, 2 * v - 1) if v >= 0.5 else (2 * v, 0.0)
    assert wait_ggc(line, c, 1, ca2, cs2) <= k + 1e-9


def test_danger_line_at_its_ends() -> None:
    """Work like clockwork has no line below full; no patience leaves nothing; both sides of v = ½ meet."""
    assert danger_line(3, 0) == 1
    assert danger_line(3, 1, 0) == 0
    assert danger_line(4, 0.5 - 1e-9) == pytest.approx(danger_line(4, 0.5), abs=1e-6)
    for wrong in ((0, 1, 1), (3, -1, 1), (3, 1, -1), (3, math.nan, 1)):
        with pytest.raises(ValueError, match=r"above 0|at least 0"):
            danger_line(*wrong)


def test_surge_tolerance_equals_reference() -> None:
    """For seven M/M/c teams, some failing already, the bearable rise is the independently found one."""
    for row in REFERENCE["surge_tolerance_mmc"]:
        found = surge_tolerance(row["c"], row["rho"], row["target"], row["p"])
        assert found == pytest.approx(row["surge_tolerance"], abs=1e-9)
        assert wait_tail(row["target"], row["rho"], row["c"]) == pytest.approx(row["P_now"], abs=1e-9)


@given(people, st.floats(0.1, 1.3), st.floats(0.1, 8), st.floats(0.02, 0.5), st.floats(0.2, 5), st.floats(0, 4))
@examples(100)
def test_surge_tolerance_is_the_largest_rise_that_holds(
    c: float, rho: float, target: float, p: float, service: float, cs2: float
) -> None:
    """At the bearable demand the target just holds; a little more demand breaks it."""
    x = 1 + surge_tolerance(c, rho, target, p, service, 1.0, cs2)
    assert wait_tail(target, x * rho, c, service, 1.0, cs2) <= p + 1e-9
    assert wait_tail(target, x * rho + 1e-6, c, service, 1.0, cs2) > p - 1e-9


@given(people, st.floats(0.1, 1.3), st.floats(0.1, 8), st.floats(0.02, 0.5), st.floats(0, 4))
@examples(100)
def test_one_more_person_never_bears_less(c: float, rho: float, target: float, p: float, cs2: float) -> None:
    """With the same work to do, a team of one more bears at least as large a rise."""
    more = surge_tolerance(c + 1, rho * c / (c + 1), target, p, cs2=cs2)
    assert more >= surge_tolerance(c, rho, target, p, cs2=cs2) - 1e-9


def test_surge_tolerance_at_its_ends() -> None:
    """No demand bears any rise; nonsense is refused."""
    assert surge_tolerance(3, 0, 1, 0.1) == math.inf
    for rho, target, service in ((-1, 1, 1), (0.5, -1, 1), (0.5, 1, 0)):
        with pytest.raises(ValueError, match="at least 0"):
            surge_tolerance(3, rho, target, 0.1, service)


def test_square_root_staffing_equals_reference() -> None:
    """Halfin and Whitt's probability of waiting, and its inverse, agree with reference values."""
    for row in REFERENCE["halfin_whitt"]["rows"]:
        assert wait_probability(row["beta"]) == pytest.approx(row["alpha"], abs=1e-9)
    for alpha, beta in REFERENCE["halfin_whitt"]["beta_for_alpha"].items():
        assert square_root_staffing(9, float(alpha)) == pytest.approx(9 + 3 * beta, abs=1e-8)


def test_square_root_staffing_keeps_its_promise() -> None:
    """Rounded up for large teams, the true share that waits is close to the share asked for."""
    for load in (50.0, 200.0, 1000.0):
        c = square_root_staffing(load, 0.2)
        assert wait_tail(0, load / c, c) == pytest.approx(0.2, abs=0.02)
    assert wait_probability(0) == 1
    assert np.isfinite(square_root_staffing(4, 1e-12))
    assert square_root_staffing(0, 0.2) == 0
    for load, p in ((-1, 0.2), (1, 0), (1, 1)):
        with pytest.raises(ValueError, match="share waiting"):
            square_root_staffing(load, p)
