"""What the bot costs people: reading by the word, taps by the second, against ten minutes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.burden import BUDGET, Reading, cost

MARCH = date(2026, 3, 1)


def test_reading_and_taps_add_up() -> None:
    """238 words read by five people are five minutes, twelve taps are one; six minutes of six people are one each."""
    found = cost(MARCH, [Reading(238, 5)], 12, 6, alerts=3, acted_on=2)
    assert found.minutes == pytest.approx(6)
    assert found.a_person == pytest.approx(1)
    assert (found.posts, found.taps, found.people, found.alerts, found.acted_on) == (1, 12, 6, 3, 2)
    assert found.whole
    assert not found.over


def test_over_the_budget() -> None:
    """Just what is allowed is not too much; a tap more is."""
    allowed = [Reading(int(238 * BUDGET), 4)]
    assert not cost(MARCH, allowed, 0, 4).over
    assert cost(MARCH, allowed, 1, 4).over


def test_words_no_longer_known() -> None:
    """A post whose words are emptied still counts as a post, and the sum says that it is not whole."""
    found = cost(MARCH, [Reading(None, 5), Reading(238, 1)], 0, 5)
    assert (found.posts, found.whole) == (2, False)
    assert found.minutes == pytest.approx(1)


def test_nobody_on_the_roster() -> None:
    """Without people there is no cost a person, and nothing is over."""
    found = cost(MARCH, [], 0, 0)
    assert found.a_person is None
    assert not found.over


@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 50)), max_size=30), st.integers(0, 500))
def test_copies_cost_what_one_post_costs(told: list[tuple[int, int]], taps: int) -> None:
    """A message to each reader singly costs what one read by all of them does."""
    together = cost(MARCH, [Reading(*one) for one in told], taps, 7)
    singly = cost(MARCH, [Reading(words, 1) for words, readers in told for _ in range(readers)], taps, 7)
    assert together.minutes == pytest.approx(singly.minutes)
