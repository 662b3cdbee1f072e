"""The wait to come in a sentence: with its range, and silent where there is nothing to say."""

from dataclasses import replace
from datetime import date

import pytest

from bot.health.results import UNTOLD, Missed, Unknown, WeekAhead
from bot.messages.digest import Digest, digest
from bot.messages.load import load_view, shared
from bot.messages.readable import readable
from bot.messages.week_ahead import last_week, week_ahead
from tests.messages.examples import busy, calm

AHEAD = WeekAhead(2.0, 1.0, 4.0)


def test_it_names_the_wait_its_range_and_how_sure_it_is() -> None:
    """The middle, the 80% range, and `under` where that begins at nothing."""
    assert week_ahead(AHEAD) == "a first answer in about 2 h on average, most likely 1–4 h (80%)."
    assert "most likely under 20 min (80%)" in week_ahead(WeekAhead(0.1, 0.0, 1 / 3))


def test_a_range_too_wide_to_help_is_told_by_its_lower_end() -> None:
    """Of 7–152 h only the seven are said, and how sure they are."""
    assert week_ahead(WeekAhead(20.0, 7.0, 152.0)) == (
        "a first answer in about 20 h on average, hardly under 7 h (90% sure)."
    )


@pytest.mark.parametrize(
    "found", [UNTOLD, WeekAhead(0.05, 0.0, 0.4), WeekAhead(float("nan"), 0.0, 1.0), WeekAhead(2.0, 1.0, float("inf"))]
)
def test_nothing_worth_saying_is_not_said(found: WeekAhead | Unknown) -> None:
    """No forecast, waits so short that they are told as none, and what is no number."""
    assert week_ahead(found) == ""


def test_a_planned_peak_is_named_and_that_it_cannot_be_done() -> None:
    """So much more in these days; and where that is too much, that the wait grows."""
    assert week_ahead(replace(AHEAD, planned=0.4)).endswith("with the planned peak of 40% more in these days.")
    assert "so the wait grows from day to day" in week_ahead(replace(AHEAD, planned=0.4, grows=True))


@pytest.mark.parametrize(
    ("took", "said"),
    [
        (5.0, "Last week took 5 h, more than the 1–4 h expected."),
        (0.5, "Last week took 30 min, less than the 1–4 h expected."),
        (4.01, ""),
        (float("nan"), ""),
    ],
)
def test_last_week_stands_beside_what_was_expected(took: float, said: str) -> None:
    """Above and below the range; nothing where both would read the same, nor of a forecast too short to be told."""
    assert last_week(Missed(AHEAD, took)) == said
    assert last_week(Missed(WeekAhead(0.04, 0.0, 0.1), took)) == ""


def test_the_digest_and_the_view_have_it_and_what_is_shared_does_not() -> None:
    """Who answers reads it, in one line of the digest with last week beside it; a channel does not."""
    for a in (replace(busy(), forecast=AHEAD), replace(calm(2), forecast=AHEAD)):
        told = readable(digest(Digest(a, "Desk", 3, date(2026, 5, 18), missed=Missed(AHEAD, 5.0))))
        line = next(line for line in told.splitlines() if "Next seven days" in line)
        assert "about 2 h" in line
        assert "more than the 1–4 h expected" in line
        assert "Next seven days: a first answer in about 2 h" in readable(load_view(a, "Desk", team_id=3))
        assert "seven days" not in readable(shared(a, "Desk"))
    alone = readable(digest(Digest(busy(), "Desk", 3, missed=Missed(AHEAD, 5.0))))
    assert "Last week took 5 h" in alone
    assert "seven days" not in alone
