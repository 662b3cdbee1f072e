"""«We'll do …»: the form, the alert after it, and the look back, with hostile names and every verdict."""

from dataclasses import replace
from datetime import date

import pytest

from bot.errors import BadInputError
from bot.health.theory.compare import Comparison, too_little
from bot.messages import actions
from bot.messages.alerts import acknowledged, alert
from bot.messages.blocks import plain
from bot.messages.promises import (
    LONGEST,
    Place,
    follow_up,
    mistakes,
    noted_view,
    packed,
    promise_view,
    promised,
    unpacked,
)
from sandbox.blocks import check_blocks, check_view
from tests.messages.examples import HOSTILE, busy

REVIEW, TOLD = date(2026, 4, 8), date(2026, 3, 11)
PLACE = Place(41, 3, "G0TEAM", "1780000000.000100")
RIGHT_TO_LEFT = "\u05e6\u05d5\u05d5\u05ea " * 16
BETTER = Comparison("wait", "hours", 6.2, 4.1, -2.1, -3.4, -0.8, 0.98, 8, 4, 1.2, "better")
SAME = Comparison("utilization", "share", 0.91, 0.9, -0.01, -0.05, 0.03, 0.6, 8, 4, 0.06, "no_clear_change")
WORSE = replace(BETTER, verdict="worse", after=8.0, change=1.8, low=0.4, high=3.0, p_better=0.01)


@pytest.mark.parametrize("words", ["", "Office hours on Tuesdays", HOSTILE, RIGHT_TO_LEFT * 20, "x" * 5000])
def test_slack_takes_the_form(words: str) -> None:
    """Empty, filled in before, hostile or much too long: the form keeps Slack's limits and finds its alert again."""
    view = promise_view(PLACE, words=words, review=REVIEW)
    assert check_view(view) == []
    assert unpacked(view["private_metadata"]) == PLACE
    assert check_view(noted_view(REVIEW)) == []


@pytest.mark.parametrize("value", ["", "{}", "[]", "[1,2]", '["a",2,"C","1"]', "null"])
def test_a_strange_form_is_refused(value: str) -> None:
    """What we did not write is no place."""
    with pytest.raises(BadInputError, match="open it again from the alert"):
        unpacked(value)
    assert unpacked(packed(PLACE)) == PLACE


@pytest.mark.parametrize("words", ["Office hours on Tuesdays", HOSTILE, RIGHT_TO_LEFT])
@pytest.mark.parametrize("seen", [False, True])
def test_the_alert_after_a_promise(words: str, seen: bool) -> None:
    """It keeps its words and chart, shows the promise, and may still be changed; nobody is mentioned."""
    posted = alert(busy(), "Deal desk", team_id=3, alert_id=41)
    before = acknowledged(posted.blocks, posted.text) if seen else posted
    said = promised(before.blocks, before.text, words=words, review=REVIEW)
    assert check_blocks(list(said.blocks), "message") == []
    assert said.fallback is not None
    assert check_blocks(list(said.fallback), "message") == []
    assert "Headroom looks at it again on 8 Apr" in plain(said.blocks)
    buttons = [e["action_id"] for b in said.blocks if b["type"] == "actions" for e in b["elements"]]
    assert buttons == [actions.PROMISE_OPEN, actions.SEE_NUMBERS, actions.WAITS_OPEN]
    assert "<@" not in plain(said.blocks)
    assert "<!" not in plain(said.blocks)


@pytest.mark.parametrize(
    ("comparisons", "ends"),
    [
        ((BETTER, SAME), "keep it, and write it down as a gain"),
        ((WORSE, SAME), "talk for ten minutes about what to try next"),
        ((BETTER, WORSE), "talk for ten minutes about what to try next"),
        ((SAME, SAME), "agree whether to keep it, change it or drop it"),
        ((too_little("wait", "no complete week after it"),) * 2, "ask each other whether it was done and helped"),
    ],
)
@pytest.mark.parametrize("name", ["Deal desk", HOSTILE, RIGHT_TO_LEFT])
def test_the_look_back(comparisons: tuple[Comparison, ...], ends: str, name: str) -> None:
    """What was said, each measure in one sentence, one thing to do; Slack takes it."""
    said = follow_up(name, team_id=3, told=TOLD, words=HOSTILE, comparisons=comparisons)
    assert check_blocks(list(said.blocks), "message") == []
    assert "After the alert of 11 Mar you wrote:" in said.text
    assert f"One thing to do: {ends}" in said.text
    assert "<!channel>" not in said.text
    assert "<@U1" not in said.text


def test_the_look_back_reads_so() -> None:
    """Read aloud."""
    said = follow_up("Deal desk", team_id=3, told=TOLD, words="Office hours", comparisons=(BETTER, SAME))
    assert said.text.splitlines() == [
        "Deal desk: you said you would look at this again.",
        "After the alert of 11 Mar you wrote: “Office hours”.",
        "The wait went from 6.2 h to 4.1 h (80% range of the change: \N{MINUS SIGN}3.4 to \N{MINUS SIGN}0.8 h; "
        "8 weeks before, 4 after).",
        "Utilization was 91% and is 90%, no clear change (80% range of the change: \N{MINUS SIGN}5 to +3 points; "
        "8 weeks before, 4 after): at this volume, only a change of 6 points or more would show.",
        "One thing to do: keep it, and write it down as a gain, so that the hours stay where you want them.",
        "Before and after tell what moved, not why: other things changed in these weeks too. This is asked once. "
        "Only responders and lead get this.",
    ]


@pytest.mark.parametrize(
    ("words", "review", "wrong"),
    [
        ("Office hours", REVIEW, set()),
        (" \u200b\n", REVIEW, {actions.PROMISE_WORDS}),
        ("Office hours", TOLD, {actions.PROMISE_REVIEW}),
        ("Office hours", date(2028, 1, 1), {actions.PROMISE_REVIEW}),
        ("", None, {actions.PROMISE_WORDS, actions.PROMISE_REVIEW}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(words: str, review: date | None, wrong: set[str]) -> None:
    """Nothing written, today, too far away or no day at all: each field has its sentence."""
    assert set(mistakes(words, review, TOLD, date(2027, 3, 11))) == wrong


def test_a_promise_is_cut_to_its_length() -> None:
    """However much was typed, the alert shows two hundred characters of it."""
    posted = alert(busy(), "Deal desk", team_id=3, alert_id=41)
    assert "x" * (LONGEST - 1) + "…" in plain(promised(posted.blocks, "", words="x" * 900, review=REVIEW).blocks)
