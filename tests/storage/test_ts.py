"""Slack's times as whole microseconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInputError
from bot.signal import microseconds, slack_ts


@given(st.integers(0, 10**18 - 1))
def test_round_trip(us: int) -> None:
    """Every microsecond comes back exactly, beyond what a float can hold."""
    assert microseconds(slack_ts(us)) == us


def test_known() -> None:
    """The sample of Slack's documents reads as expected."""
    assert microseconds("1700000000.123456") == 1_700_000_000_123_456
    assert slack_ts(1_700_000_000_000_009) == "1700000000.000009"


@pytest.mark.parametrize(
    "ts", ["", "1700000000", "1700000000.12345", "1.1234567", "-1.000000", "1e9.000000", " 1.000000", "١.000000", None]
)
def test_malformed(ts: str) -> None:
    """Anything but digits, a dot and six digits is refused in one sentence that shows it."""
    with pytest.raises(BadInputError, match=r"ts is .*write seconds"):
        microseconds(ts)


def test_before_1970() -> None:
    """A negative time has no ts."""
    with pytest.raises(BadInputError, match="time is -1"):
        slack_ts(-1)
