"""How long a loss is felt, people to spare, and that a check stays the same from run to run."""

from dataclasses import replace

import numpy as np
import pytest

from bot.health.assess import assess
from bot.health.resilience import recovery
from bot.health.results import NOT_ASKED, Unknown
from tests.health.desk import simulate
from tests.health.theory.test_replay import plan_of


def felt(people: float, rho: float) -> tuple[float, float]:
    """Median and 80th percentile of recovery for a desk of this size and load."""
    found = recovery(plan_of(people, 20, service=rho * people * 8 / 20), np.random.default_rng(4))
    return tuple(np.inf if x is None else x for x in (found.median, found.p80))  # type: ignore[return-value]


def test_fuller_desks_recover_more_slowly() -> None:
    """At .5 a week without one of five is hardly felt; at .8 for days, although a fluid answers none; at .9 longer."""
    calm, busy, full = felt(5, 0.5), felt(5, 0.8), felt(5, 0.9)
    assert calm[0] <= 1
    assert busy[1] >= 1
    assert calm[0] <= busy[0] <= full[0]
    assert calm[1] <= busy[1] <= full[1]


@pytest.mark.parametrize(("people", "rho"), [(1, 0.5), (5, 1.05), (5, 0.999)])
def test_what_does_not_recover_has_no_figure(people: float, rho: float) -> None:
    """One person alone, a desk that grows, and one next to it give no median; never an infinite one."""
    found = recovery(plan_of(people, 20, service=rho * people * 8 / 20), np.random.default_rng(4))
    assert found.p80 is None


@pytest.mark.slow
def test_a_check_fills_recovery_and_says_the_same_twice() -> None:
    """An assessment has median and 80th percentile in order, and the same facts give the same figures."""
    desk = simulate(3, people=5, rho=0.75)
    one, two = (assess(desk.facts, desk.team, desk.now) for _ in range(2))
    assert one.resilience == two.resilience
    median, late = one.resilience.recovery_days_one_away, one.resilience.recovery_days_one_away_p80
    assert not isinstance(median, Unknown)
    assert not isinstance(late, Unknown)
    assert 0 <= median <= late
    assert not isinstance(one.resilience.buffer_people, Unknown)


def test_without_resilience_everything_else_is_the_same() -> None:
    """Leaving resilience out leaves nothing else out."""
    desk = simulate(3, people=5, rho=0.75)
    whole, quick = (assess(desk.facts, desk.team, desk.now, resilient=wanted) for wanted in (True, False))
    assert isinstance(quick.resilience.surge_tolerance, Unknown)
    assert quick.capacity == replace(whole.capacity, unseen=NOT_ASKED)
    assert quick.reasons == whole.reasons
    assert quick.level == whole.level
