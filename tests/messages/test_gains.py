"""Gains and comparisons in words: Slack takes them at every extreme, and they read as they should."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.ledger import Found, Hours, Went
from bot.health.measured import PERSONS
from bot.health.theory.compare import UNITS, Comparison, too_little
from bot.messages.compare import NAMES, compared, short
from bot.messages.gain_form import CHOICES, MEASURES, gain_view, kept_sentence, pledge_view, thanks_view
from bot.messages.gains import GOES, Entry, answered, digest_line, gain_list, hours_sentence, pledge_sentence, result
from bot.messages.message import Message
from bot.messages.readable import readable
from sandbox.blocks import check_blocks, check_view
from tests.messages.examples import HOSTILE
from tests.messages.test_messages import FORBIDDEN

BEGAN = date(2026, 3, 2)
RIGHT_TO_LEFT = "שולחן העסקאות " * 6


def better(measure: str = "wait") -> Comparison:
    """A measure that fell."""
    return Comparison(measure, UNITS[measure], 6.2, 4.1, -2.1, -3.4, -0.8, 0.99, 8, 8, 1.4, "better")


UNCLEAR = replace(better(), after=5.9, change=-0.3, low=-1.4, high=0.9, verdict="no_clear_change")
NOTHING = too_little("wait", "only 2 complete weeks after it tell something, 4 are needed")
WENT = (
    Hours(Went.KEPT, 7.0, 0.0, 0.3, 0.0, 5.0),
    Hours(Went.KEPT, 1.0, 5.0, 7.2, 0.0, 5.0),
    Hours(Went.EATEN, 1.0, 5.0, 7.2, 0.0, 5.0),
    Hours(Went.FEWER, fewer=40.0),
    Hours(Went.UNKNOWN, 1.0, 5.0, 0.3, 0.0, 18.0, "weeks differ among themselves by more than that"),
    Hours(Went.UNKNOWN, fewer=None, reason=PERSONS),
)


def entries(title: str = "Template for NDAs") -> Iterator[Entry]:
    """A gain in every state."""
    new = Entry(7, title, 6.0, "learning", "the template", BEGAN, next_look=date(2026, 4, 6))
    yield new
    yield replace(new, ended=date(2026, 5, 4), next_look=None, depends="")
    for moved in (better(), UNCLEAR, NOTHING, replace(better(), verdict="worse")):
        for hours in WENT:
            yield replace(new, looks=((4, Found(moved, hours)),))
            yield replace(new, looks=((4, Found(better(), hours)), (13, Found(moved, hours))), goes="more_volume")
            yield replace(new, looks=((4, Found(moved, hours)),), hours=0.0)


def every(name: str) -> Iterator[Message]:
    """Every message about gains."""
    told = list(entries(name))
    for entry in told:
        if entry.looks:
            yield result(entry, name, team_id=3)
            yield result(entry, name, team_id=3, ask=True)
        yield gain_list([entry], "", name, team_id=3)
    yield gain_list([], "", name, team_id=3)
    yield gain_list(told, pledge_sentence("learning", name, BEGAN), name, team_id=3)
    yield answered(name, stands=True, asked_again=BEGAN)
    yield answered(name, stands=True, asked_again=None)
    yield answered(name, stands=False, asked_again=None)


@pytest.mark.parametrize("name", ["Deal desk", RIGHT_TO_LEFT, "x" * 200, HOSTILE])
def test_slack_takes_every_message(name: str) -> None:
    """Every state, with names from right to left, overlong and hostile: Slack's checks pass, no bad word, no nan."""
    for message in every(name):
        assert check_blocks(list(message.blocks), "message") == []
        assert not FORBIDDEN.search(message.text.replace(name, "")), message.text
    for view in (
        gain_view(name, team_id=3, form="a", today=BEGAN, measures=tuple(MEASURES), goes=None),
        gain_view(name, team_id=3, form="a", today=BEGAN, measures=("wait",), goes="learning"),
        pledge_view(name, team_id=3, goes=None, words=""),
        pledge_view(name, team_id=3, goes="buffer", words=name[:200]),
        thanks_view(kept_sentence(name, BEGAN)),
    ):
        assert check_view(view) == []


def test_every_measure_and_place_has_its_words() -> None:
    """What can be chosen can be said."""
    assert set(NAMES) == set(UNITS) == set(MEASURES)
    assert set(GOES) == set(CHOICES)


def test_a_comparison_in_one_sentence() -> None:
    """Levels, the range of the change, and the weeks it rests on."""
    assert compared(better()) == (
        "The wait went from 6.2 h to 4.1 h (80% range of the change: −3.4 to −0.8 h; 8 weeks before, 8 after)."
    )
    assert short(better()) == "the wait: 6.2 h before, 4.1 h now"


def test_no_clear_change_says_what_would_show() -> None:
    """That the volume cannot show it is said with its number."""
    assert compared(UNCLEAR) == (
        "The wait was 6.2 h and is 5.9 h, no clear change (80% range of the change: −1.4 to +0.9 h; 8 weeks before, "
        "8 after): at this volume, only a change of 1.4 h or more would show."
    )


def test_too_little_says_why() -> None:
    """The reason is a part of the sentence."""
    assert compared(NOTHING) == (
        "The wait cannot be compared yet: only 2 complete weeks after it tell something, 4 are needed."
    )


def test_shares_are_told_in_points() -> None:
    """A rate goes from percent to percent, its change in points."""
    rate = Comparison("reopen", "share", 0.12, 0.07, -0.05, -0.081, -0.019, 0.98, 8, 8, 0.04, "better")
    assert compared(rate) == (
        "The share of requests that came back went from 12% to 7% (80% range of the change: −8.1 to −1.9 points; "
        "8 weeks before, 8 after)."
    )


@given(
    st.sampled_from(list(UNITS)), st.lists(st.floats(-1e4, 1e4), min_size=6, max_size=6), st.sampled_from(list(WENT))
)
def test_any_figures_read_as_numbers(measure: str, figures: list[float], hours: Hours) -> None:
    """Whatever was computed, no sentence holds a float's noise, nan or a doubled sign."""
    before, after, change, low, high, visible = figures
    for verdict in ("better", "worse", "no_clear_change"):
        found = Comparison(
            measure, UNITS[measure], abs(before), abs(after), change, low, high, 0.5, 8, 4, abs(visible), verdict
        )
        said = compared(found) + short(found) + hours_sentence(hours, abs(before), "buffer")
        assert not FORBIDDEN.search(said)
        assert "−−" not in said
        assert "000000" not in said


def test_what_was_eaten_names_both_numbers() -> None:
    """What was freed and what utilization took back, and what one can do."""
    said = hours_sentence(WENT[2], 6.0, "learning")
    assert said.startswith("You freed 6 h a week; utilization took back 5: more requests came")
    assert said.endswith("agree together what may wait.")


def test_a_smaller_roster_is_told_kindly() -> None:
    """Neutral, without a name, and open to talk about."""
    said = hours_sentence(WENT[3], 6.0, "buffer")
    assert "The roster has 40 h a week less than when it began" in said
    assert "says nothing about anybody" in said


def test_the_digest_credits_the_team() -> None:
    """One line; nothing where nothing was looked at."""
    one = Entry(7, "Template", 6.0, "learning", "", BEGAN, looks=((13, Found(better(), WENT[0])),))
    assert digest_line([]) == ""
    assert digest_line([replace(one, looks=())]) == ""
    assert digest_line([one, one, one]) == (
        "*Gain of the team*: Template, has lasted 13 weeks (the wait: 6.2 h before, 4.1 h now); its 6 h a week are "
        "there for learning, as agreed. 2 more gains looked at: `/headroom gain list`."
    )


def test_a_result_reads_like_a_message_to_colleagues() -> None:
    """The whole of it, as a person reads it."""
    entry = Entry(
        7, "Template for NDAs", 6.0, "learning", "the template", BEGAN, looks=((13, Found(better(), WENT[0])),)
    )
    assert readable(result(entry, "Deal desk", team_id=3, ask=True)) == (
        "13 weeks on, a gain of Deal desk: Template for NDAs\n"
        "The wait went from 6.2 h to 4.1 h (80% range of the change: −3.4 to −0.8 h; 8 weeks before, 8 after).\n"
        "It has lasted 13 weeks.\n"
        "Work from the queue is about 7 h a week lower (your estimate: 6 h), so the hours are there for learning, as "
        "agreed. Put them into the calendar, and they stay.\n"
        "Does what it depends on still stand? It depends on: the template\n"
        "  The hours freed are the team's own estimate; what became of them is read from the queue. It is the team's "
        "gain: nobody is named.\n"
        "[It still stands]  [It no longer does]  [Our gains]"
    )
