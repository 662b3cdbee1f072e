"""Numbers in words: rounded as people round, with their unit, and never broken."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.numbers import amount, count, day, hours, hours_range, number, percent, percent_range

ANY = st.none() | st.floats()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "under a minute"),
        (-1.0, "under a minute"),
        (0.05, "about 3 min"),
        (0.68, "about 40 min"),
        (0.96, "1 h"),
        (0.97, "1 h"),
        (1.0, "1 h"),
        (2.46, "2.5 h"),
        (13.7, "14 h"),
        (1234.0, "1,234 h"),
        (math.nan, "not known"),
        (math.inf, "not known"),
        (None, "not known"),
    ],
)
def test_hours(value: float | None, said: str) -> None:
    """Minutes below the hour, hours above, never `60 min`."""
    assert hours(value) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (2, 5, "2–5 h"),
        (5, 2, "2–5 h"),
        (0.33, 0.66, "20–40 min"),
        (0.66, 3, "40 min–3 h"),
        (2.01, 2.02, "2 h"),
        (0, 0.001, "under a minute"),
        (-3, 5, "0 min–5 h"),
        (math.nan, 5, "not known"),
        (None, 5, "not known"),
    ],
)
def test_hours_range(low: float | None, high: float | None, said: str) -> None:
    """One unit where it can be one, one value where both read alike."""
    assert hours_range(low, high) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.96, "1 request"),
        (1.1, "1.1 requests"),
        (0.0, "0 requests"),
        (22.4, "22 requests"),
        (None, "not known requests"),
    ],
)
def test_the_noun_agrees_with_the_number_as_it_is_shown(value: float | None, said: str) -> None:
    """What reads as 1 has one noun, even where it is a little less."""
    assert amount(value, "request") == said


def test_percentages_and_counts() -> None:
    """Whole percentages with their range; nouns agree with their number."""
    assert percent_range(0.912, 0.84, 0.978) == "91% (84–98%)"
    assert percent_range(0.912, None, None) == "91%"
    assert percent(-0.001) == "0%"
    assert percent(12.3) == "1,230%"
    assert [count(n, "request") for n in (0, 1, 2, 1200)] == [
        "no requests",
        "1 request",
        "2 requests",
        "1,200 requests",
    ]
    assert count(14, "person", "people") == "14 people"
    assert day(date(2026, 5, 4)) == "4 May"


@given(ANY, ANY, ANY)
def test_no_number_is_ever_broken(a: float | None, b: float | None, c: float | None) -> None:
    """Whatever comes, nobody reads `nan`, `inf`, `None`, `-0` or an exponent."""
    for said in (number(a), hours(a), hours_range(a, b), percent(a), percent_range(a, b, c)):
        assert not any(bad in said for bad in ("nan", "inf", "None", "e+", "e-"))
        assert said not in {"-0", "-0%"}
