"""Which days were heard: a gap of an hour of working time is one, a night without a connection is none."""

import numpy as np

from bot.health.seen.worktime import work_clock
from bot.health.verdict.told import Record

MONDAY, HOUR, DAY = 1_704_067_200.0, 3_600.0, 86_400.0
EDGES = MONDAY + DAY * np.arange(6, dtype=np.float64)


def heard(*gaps: tuple[float, float]) -> list[bool]:
    """Monday to Friday, gaps in hours from Monday's midnight."""
    clock = work_clock("Mon-Fri 09:00-17:00", "UTC", MONDAY - DAY, MONDAY + 9 * DAY)
    said = Record(gaps=tuple((MONDAY + a * HOUR, MONDAY + b * HOUR) for a, b in gaps)).heard(clock, EDGES)
    return [True] * 5 if said is None else said.tolist()


def test_a_night_is_no_gap() -> None:
    """From 17:00 to 09:00 nothing of the working time is missed."""
    assert heard((17, 33)) == [True] * 5


def test_an_hour_of_working_time_is_a_gap_of_its_day_alone() -> None:
    """Also when it is put together from short ones; less than an hour is none."""
    assert heard((10, 11)) == [False, True, True, True, True]
    assert heard((10, 10.5), (34, 34.9)) == [True] * 5
    assert heard((10, 10.5), (12, 12.5)) == [False, True, True, True, True]


def test_an_outage_of_three_days_is_three_days_not_heard() -> None:
    """Tuesday to Thursday, with the morning after still missing half an hour."""
    assert heard((24, 96 + 9.5)) == [True, False, False, False, True]
