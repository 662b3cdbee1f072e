"""Known peaks in words: no week of a long plan is passed over in silence."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.errors import BadInputError
from bot.health.ahead import Short
from bot.health.results import Estimate
from bot.messages.plans import ahead_line, noted
from handlers.plans import read_plan
from tests.messages.script_plans import AHEAD, PEAK, TODAY


@pytest.mark.parametrize(("weeks", "rest"), [(3, ""), (4, "; less in one more week."), (5, "; less in 2 more weeks.")])
def test_a_long_plan_says_that_weeks_are_left_out(weeks: int, rest: str) -> None:
    """The three weeks that are shortest of hours are named, and that there are others."""
    monday = date(2026, 11, 30)
    short = tuple(Short(monday + timedelta(weeks=n), Estimate(60.0 + n, 20.0, 90.0), 200.0) for n in range(weeks))
    line = ahead_line(PEAK, replace(AHEAD, weeks=short))
    assert line.count(" in week ") == 3
    assert line.endswith(rest or ".")
    assert ("; less in" in line) is bool(rest)


def test_a_peak_with_hours_to_spare_says_that_nothing_is_to_be_done() -> None:
    """The answer ends in something to do even where no week is short."""
    spare = replace(AHEAD, weeks=(Short(date(2026, 11, 30), Estimate(-58.0, -86.0, -26.0), 200.0),))
    assert "One thing to do: nothing, as the hours most likely suffice." in noted(PEAK, spare, "Desk").text


def test_a_rise_without_days_is_told_what_is_missing() -> None:
    """`+40%` alone names the days as missing instead of quoting nothing."""
    with pytest.raises(BadInputError, match="the days are missing"):
        read_plan("+40%", TODAY)
