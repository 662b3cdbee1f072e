"""When a check speaks: never twice about one change, never from or to `unknown`, never in a quiet time."""

import itertools

from hypothesis import given
from hypothesis.strategies import booleans, lists, sampled_from, tuples

from bot.health.results import Level
from bot.services.decide import Step, decide

LEVELS = sampled_from(list(Level))


def test_a_rise_and_a_fall_are_told() -> None:
    """Both directions are a post; the first known danger too, since none counts as healthy."""
    assert decide(Level.DANGER, Level.HEALTHY, basis_changed=False, quiet=False) is Step.POST
    assert decide(Level.HEALTHY, Level.WATCH, basis_changed=False, quiet=False) is Step.POST
    assert decide(Level.WATCH, None, basis_changed=False, quiet=False) is Step.POST


def test_the_first_healthy_level_is_silent() -> None:
    """A team that was never anything but healthy hears nothing."""
    assert decide(Level.HEALTHY, None, basis_changed=False, quiet=False) is Step.NOTE


def test_a_change_of_basis_is_silent() -> None:
    """A level that moved because the figures rest on something else is written down, not told."""
    assert decide(Level.DANGER, Level.HEALTHY, basis_changed=True, quiet=False) is Step.NOTE


def test_a_quiet_time_postpones() -> None:
    """What is not told in a quiet time is not written down either, so the next check tells it."""
    assert decide(Level.DANGER, Level.HEALTHY, basis_changed=False, quiet=True) is Step.NOTHING


@given(lists(tuples(LEVELS, booleans()), max_size=60))
def test_no_change_is_told_twice(history: list[tuple[Level, bool]]) -> None:
    """Over any history, two posts in a row are about different levels, and unknown is never written down."""
    known: Level | None = None
    told: list[Level] = []
    for found, quiet in history:
        step = decide(found, known, basis_changed=False, quiet=quiet)
        if step is not Step.NOTHING:
            assert found is not Level.UNKNOWN
            known = found
        if step is Step.POST:
            assert not quiet
            told.append(found)
    assert all(a is not b for a, b in itertools.pairwise(told))
