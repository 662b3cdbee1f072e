"""Advice that would change nothing is not given, nor is what it would not change said."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.results import UNTOLD, Assessment, Effect, Estimate, Level, Remedy
from bot.messages.alerts import alert
from bot.messages.digest import Digest, digest
from bot.messages.effects import moot, predicted
from bot.messages.load import load_view
from bot.messages.numbers import bare_hours
from bot.messages.readable import readable
from bot.messages.words import advice, suggestion, to_do
from tests.messages.examples import advised, buried, busy, calm

PAUSE = Effect("pause_intake", 0.1, 0.008, Estimate(0.006, 0.0, 0.03))
"""From under a minute to under a minute."""
COVER = Effect("add_cover", 4.0, 6.0, Estimate(4.0, 2.0, 9.0))


def said(a: Assessment) -> list[str]:
    """What to do, in all messages that say so."""
    messages = (
        alert(a, "Desk", team_id=3, alert_id=4),
        load_view(a, "Desk", team_id=3),
        digest(Digest(a, "Desk", 3, date(2026, 5, 4))),
    )
    return [line for m in messages for line in readable(m).splitlines() if line.startswith("One thing to do")]


def test_advice_that_changes_nothing_gives_way_to_the_next() -> None:
    """The wait would read the same: neither that advice nor its effect is said, but the next one that fits."""
    for line in said(advised(busy(), PAUSE, COVER)):
        assert "find cover" in line
        assert "under a minute" not in line
    assert "from about 6 h to about 4 h" in said(advised(busy(), PAUSE, COVER))[0]


def test_where_nothing_changes_anything_nothing_is_advised() -> None:
    """A team in trouble is to look together, in each view alike; one with room has nothing to do."""
    for line in said(advised(buried(), PAUSE, replace(PAUSE, action="office_hours"))):
        assert line == "One thing to do: look at the numbers together, and decide what can wait."
    assert to_do(replace(calm(), remedies=())) == "One thing to do: nothing, for now."


def test_advice_without_a_prediction_is_still_given() -> None:
    """What cannot be predicted is not nothing."""
    assert advice(replace(busy(), remedies=(Remedy("office_hours"),))) == Remedy("office_hours")
    for effect in (replace(COVER, after=None), replace(COVER, before=None), replace(COVER, to_line=True)):
        assert not moot(effect)


def test_slack_is_kept_where_there_is_one_to_keep() -> None:
    """Advice that rests on a load is not given where that is not known, nor where one person away changes nothing."""
    assert "keep this slack" in suggestion(calm())
    assert suggestion(replace(calm(), capacity=replace(calm().capacity, utilization=UNTOLD))) == ""
    same = Effect("keep_slack", 1.0, 0.02, Estimate(0.021, 0.0, 0.1))
    assert suggestion(advised(calm(), same)) == ""
    assert predicted(same) == ""


@given(st.floats(0, 50), st.floats(0, 50), st.sampled_from(["add_cover", "pause_intake", "office_hours", "keep_slack"]))
def test_no_effect_reads_as_none(before: float, after: float, action: str) -> None:
    """Whatever is predicted: a sentence never names the same wait twice."""
    line = predicted(Effect(action, 0.1, before, Estimate(after, after / 2, after * 2)))
    assert (line == "") is (bare_hours(before) == bare_hours(after))


@pytest.mark.parametrize("level", [Level.WATCH, Level.DANGER])
def test_the_first_that_changes_something_is_taken(level: Level) -> None:
    """Order stays what it was: the fittest first."""
    found = advised(busy(level), COVER, PAUSE)
    assert advice(found) == Remedy("add_cover", COVER)
