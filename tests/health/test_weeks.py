"""Weeks judged on four: what is left of their load once the busiest is left out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.weeks import rest_without_busiest


def sums(jobs: list[float], hours: list[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Rows as `Desk.sums` gives them, of which only jobs and hours on duty count here."""
    rows = np.zeros((len(jobs), 7))
    rows[:, 0], rows[:, 3] = jobs, hours
    return rows


def test_a_surge_is_left_out() -> None:
    """One week of twice the usual: without it, four fifths of the four weeks' load per hour remain."""
    assert rest_without_busiest(sums([100, 100, 200, 100], [160] * 4)) == pytest.approx(0.8)


def test_a_week_of_holidays_is_busy_by_its_hours() -> None:
    """The busiest week is that with most jobs per hour on duty, not with most jobs."""
    assert rest_without_busiest(sums([100, 100, 80, 100], [160, 160, 40, 160])) == pytest.approx(
        (300 / 480) / (380 / 520)
    )


def test_thin_histories_keep_all() -> None:
    """Of two weeks none can be left out, nor where nobody was there in the others."""
    assert rest_without_busiest(sums([10, 90], [160, 160])) == 1.0
    assert rest_without_busiest(sums([10, 90, 10], [0, 160, 0])) == 1.0
    assert rest_without_busiest(sums([0, 0, 0], [160, 160, 160])) == 1.0


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 400)), min_size=1, max_size=4))
def test_it_is_a_share(weeks: list[tuple[int, int]]) -> None:
    """It is above 0 and at most 1, whatever came and whoever was there."""
    jobs, hours = zip(*weeks, strict=True)
    assert 0 < rest_without_busiest(sums(list(jobs), list(hours))) <= 1
