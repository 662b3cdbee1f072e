"""The quality guard: it agrees with reference values, corrects for several looks, and is silent on thin data."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.guard import Both, Counted, fisher, guards, holm, rate_ratio, throughput, with_guard
from bot.health.results import Guarded, Ratio, Unknown
from tests.budget import examples

REFERENCE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "reference.json").read_text())


def worse(counted: dict[str, Both]) -> set[str]:
    """Guards that got worse."""
    return set(Guarded(guards=guards(counted)).worse)


@st.composite
def shares(draw: st.DrawFn, least: int = 0) -> Counted:
    """How many of how many."""
    n = draw(st.integers(least, 300))
    return draw(st.integers(0, n)), n


def test_fisher_equals_reference() -> None:
    """The one-sided exact p is the independently computed one."""
    for row in REFERENCE["fisher"]:
        (x1, y1), (x0, y0) = row["table"]
        assert fisher((x1, x1 + y1), (x0, x0 + y0)) == pytest.approx(row["p_greater"], rel=1e-8)


def test_rate_ratio_equals_reference() -> None:
    """Ratio, Clopper-Pearson interval and tail are the independently computed ones."""
    for row in REFERENCE["poisson_rate_ratio"]:
        found = rate_ratio(tuple(row["now"]), tuple(row["before"]))
        assert found.value == pytest.approx(row["ratio"], rel=1e-8)
        assert (found.low, found.high) == pytest.approx(tuple(row["ci95"]), rel=1e-6)
        assert 1 - found.p_greater == pytest.approx(row["p_greater"], rel=1e-6)


def test_a_guard_equals_reference() -> None:
    """P(worse) of one guard alone is that of two Beta(½, ½) posteriors, which Holm leaves as it is."""
    for row in REFERENCE["beta_binomial"]:
        now, before = tuple(row["now"]), tuple(row["before"])
        found = guards({"reopen": (now, before)})["reopen"]
        if isinstance(found, Unknown):
            assert min(now[1], before[1]) < 20
            assert found.reason.startswith("not enough data")
        else:
            assert found.p_worse == pytest.approx(row["P"], abs=1e-6)
            assert found.worse == (row["P"] >= 0.95)


def test_holm_corrects_as_the_textbook() -> None:
    """The smallest p is multiplied by their number, the next by one less, and none is below one before it."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


def test_one_guard_just_sure_alone_is_not_among_two() -> None:
    """P .963 alone is worse; beside a second guard that did not move it no longer is."""
    moved, still = ((12, 100), (5, 100)), ((5, 100), (5, 100))
    assert worse({"reopen": moved}) == {"reopen"}
    assert worse({"reopen": moved, "escalation": still}) == set()


@given(shares(20), shares(20), shares(20), shares(20))
@examples(150)
def test_guards_are_finite_and_holm_never_makes_surer(a: Counted, b: Counted, c: Counted, d: Counted) -> None:
    """Whatever was counted, figures are probabilities; a correction never adds certainty; order does not matter."""
    found = guards({"reopen": (a, b), "satisfaction": (c, d)})
    for guard in found.values():
        assert not isinstance(guard, Unknown)
        assert 0 <= guard.p_worse <= guard.p_single + 1e-12 <= 1 + 1e-9
        assert 0 <= guard.fisher <= 1
        assert 1 - guard.p_single <= guard.fisher + 0.01, "the exact test is never surer"
    assert found == guards({"satisfaction": (c, d), "reopen": (a, b)})


@given(shares(20), shares(20))
@examples(100)
def test_satisfaction_is_worse_when_it_falls(now: Counted, before: Counted) -> None:
    """A share of yes is judged as the share of no that rises."""
    yes = guards({"satisfaction": (now, before)})["satisfaction"]
    no = guards({"reopen": ((now[1] - now[0], now[1]), (before[1] - before[0], before[1]))})["reopen"]
    assert not isinstance(yes, Unknown)
    assert not isinstance(no, Unknown)
    assert (yes.p_worse, yes.fisher) == (no.p_worse, no.fisher)


@given(st.integers(1, 5000), st.integers(1, 5000), st.floats(0.1, 60), st.floats(0.1, 60), st.floats(1, 8))
@examples(150)
def test_a_ratio_lies_in_its_interval_which_clusters_widen(
    x1: int, x0: int, t1: float, t0: float, dispersion: float
) -> None:
    """Finite, in order, wider for clustered counts, and turned over when the sides change places."""
    found, wide, turned = (
        rate_ratio((x1, t1), (x0, t0)),
        rate_ratio((x1, t1), (x0, t0), dispersion),
        rate_ratio((x0, t0), (x1, t1)),
    )
    assert 0 < found.low <= found.value <= found.high < math.inf
    assert wide.low <= found.low * (1 + 1e-9)
    assert turned.value == pytest.approx(1 / found.value)
    assert turned.low == pytest.approx(1 / found.high, rel=1e-6)


@pytest.mark.parametrize(("now", "before", "spread"), [((-1, 4), (3, 4), 1), ((1, 0), (3, 4), 1), ((1, 4), (0, 4), 1)])
def test_a_ratio_of_nothing_is_refused(now: tuple[int, int], before: tuple[int, int], spread: float) -> None:
    """A negative count, no time at all, or nothing before is an error, never infinity."""
    with pytest.raises(ValueError, match="above 0"):
        rate_ratio(now, before, spread)


SMALLER = Ratio(0.5, 0.45, 0.56, 0.0)


def test_splitting_requests_is_not_throughput() -> None:
    """Twice as many of half the size is no rise; twice as many of the same size is, and so is one of unseen size."""
    found = [throughput((400, 8), (200, 8), size, 1.0) for size in (SMALLER, Ratio(1.0, 0.9, 1.1, 0.5), None)]
    assert [one.rose for one in found if one] == [False, True, True]
    assert [one.split for one in found if one] == [True, False, False]


def test_becoming_quicker_is_not_splitting() -> None:
    """A third more requests of half the size is less work, but four times as many is more: only the first is split."""
    few, many = throughput((266, 8), (200, 8), SMALLER, 1.0), throughput((1600, 8), (400, 8), SMALLER, 1.0)
    assert not isinstance(few, Unknown)
    assert not isinstance(many, Unknown)
    assert few.split
    assert not many.split


def test_thin_data_says_so() -> None:
    """Nineteen finished requests on a side are not enough data, in one clause."""
    assert throughput((19, 8), (200, 8), None, 1.0) == Unknown(
        "not enough data: 19 finished requests on one side, 20 are needed"
    )


def test_a_guard_that_comes_later_corrects_all() -> None:
    """Adding satisfaction leaves the counts of the others as they were and corrects them for one look more."""
    alone = Guarded(guards=guards({"reopen": ((12, 100), (5, 100))}))
    both = with_guard(alone, "satisfaction", ((40, 50), (41, 50)))
    assert both.guards == guards({"reopen": ((12, 100), (5, 100)), "satisfaction": ((40, 50), (41, 50))})
    assert with_guard(Guarded.unknown("too early"), "satisfaction", ((40, 50), (41, 50))).guards == Unknown("too early")
