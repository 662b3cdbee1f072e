"""The share of yes is shown in groups of whole weeks, so that no single answer can be had by subtraction."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.satisfaction import FLOOR, satisfaction

MONDAY = date(2026, 1, 5)


def weeks(*counts: tuple[int, int, int]) -> list[tuple[date, tuple[int, int, int]]]:
    """Answers week by week, from `MONDAY` on."""
    return [(MONDAY + timedelta(weeks=n), answers) for n, answers in enumerate(counts)]


def test_five_answers_are_shown_and_four_are_not() -> None:
    """The floor is five answers."""
    today = MONDAY + timedelta(days=7)
    assert satisfaction(weeks((4, 0, 0)), MONDAY, today) is None
    rate = satisfaction(weeks((4, 0, 1)), MONDAY, today)
    assert rate is not None
    assert (rate.value, rate.n) == (0.8, 5)
    assert 0 < rate.low < 0.8 < rate.high < 1


def test_partly_is_no_yes() -> None:
    """Partly and no count among the answers, not among the yes."""
    rate = satisfaction(weeks((2, 2, 1)), MONDAY, MONDAY + timedelta(days=7))
    assert rate is not None
    assert rate.value == pytest.approx(0.4)


def test_a_week_counts_once_it_is_over() -> None:
    """On the Sunday nothing is known of the week yet; on the Monday after it is."""
    assert satisfaction(weeks((9, 0, 0)), MONDAY, MONDAY + timedelta(days=6)) is None
    assert satisfaction(weeks((9, 0, 0)), MONDAY, MONDAY + timedelta(days=7)) is not None


def test_a_single_answer_waits_for_others() -> None:
    """One more answer in the next week changes nothing until four more came with it."""
    before = satisfaction(weeks((5, 0, 0)), MONDAY, MONDAY + timedelta(weeks=4))
    after = satisfaction(weeks((5, 0, 0), (0, 0, 1)), MONDAY, MONDAY + timedelta(weeks=4))
    assert before == after


@given(
    st.lists(st.tuples(*[st.integers(0, 4)] * 3), max_size=20),
    st.lists(st.integers(0, 200), min_size=2, max_size=8),
    st.booleans(),
)
def test_what_came_or_went_is_never_less_than_the_floor(
    counts: list[tuple[int, int, int]], days: list[int], moving_end: bool
) -> None:
    """However one end of the time is moved, day by day, nothing or at least five answers come or go."""
    numbers = [0]
    for day in sorted(days):
        moved = MONDAY + timedelta(days=day)
        first, today = (MONDAY, moved) if moving_end else (moved, MONDAY + timedelta(weeks=40))
        rate = satisfaction(weeks(*counts), first, today)
        numbers.append(0 if rate is None else rate.n)
    steps = [abs(b - a) for a, b in pairwise(numbers)]
    assert all(step == 0 or step >= FLOOR for step in steps)
