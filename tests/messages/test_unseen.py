"""Work that cannot be seen is told as a range and a question: to responders and lead, and in the report."""

from dataclasses import replace

import pytest

from bot.health.results import Assessment, Estimate, Unknown, Unseen
from bot.messages.load import load_view, shared
from bot.messages.readable import readable
from bot.messages.unseen import unseen_line
from bot.report.report import report
from bot.report.report_text import text
from bot.team import Team
from tests.messages.examples import calm, elsewhere

TEAM = Team("Deal desk")
STATED = Unseen(Estimate(0.2, 0.1, 0.3), "stated", 0.5)


def stated() -> Assessment:
    """A team whose lead said how much it is."""
    return replace(calm(), capacity=replace(calm().capacity, unseen=STATED))


def test_seen_work_and_the_whole_stand_side_by_side() -> None:
    """What is seen, the range of the whole, a question, and where to answer it."""
    said = unseen_line(elsewhere())
    assert "seen work filled 58% of the team's time" in said
    assert "as if 71–88% of it were taken" in said
    assert "Is that so?" in said
    assert "`/headroom setup`" in said
    assert said.replace("`", "") in readable(load_view(elsewhere(), "Deal desk", team_id=1))


def test_a_channel_that_load_is_shared_with_is_not_asked() -> None:
    """The question is for those who know: it stands in no shared post."""
    assert "cannot see" not in readable(shared(elsewhere(), "Deal desk"))


@pytest.mark.parametrize("found", [calm(), stated(), elsewhere(people=2)])
def test_nothing_is_asked_without_cause(found: Assessment) -> None:
    """Not where waits tell nothing, where the lead has answered, or of a team of two."""
    assert unseen_line(found) == ""
    assert "cannot see" not in readable(load_view(found, "Deal desk", team_id=1))


def test_the_report_has_share_and_whole() -> None:
    """A fitted share stands with its range, what it was fitted to, and the whole; the text says the same."""
    shown = report(elsewhere(), TEAM)
    capacity = shown["capacity"]
    assert capacity["seen_utilization"] == 0.58
    assert {k: capacity["unseen"][k] for k in ("value", "low", "high", "basis", "weeks")} == {
        "value": 0.21,
        "low": 0.13,
        "high": 0.3,
        "basis": "fitted",
        "weeks": 8,
    }
    whole = capacity["unseen"]["with_seen"]
    assert [whole[k] for k in ("value", "low", "high")] == pytest.approx([0.79, 0.71, 0.88])
    assert "Seen work filled 58% over 8 weeks" in text(shown)
    assert "71%–88% with work Headroom cannot see" in text(shown)


def test_a_stated_share_says_so() -> None:
    """Its basis is the lead's word, and no weeks were asked."""
    unseen = report(stated(), TEAM)["capacity"]["unseen"]
    assert (unseen["basis"], unseen["weeks"], unseen["value"]) == ("stated", 0, 0.2)


def test_the_reason_for_silence_stands_in_the_json_alone() -> None:
    """Who reads the text is not told why waits tell nothing; who wants to know finds it."""
    why = Unknown("waits are no longer than the work seen explains")
    found = replace(calm(), capacity=replace(calm().capacity, unseen=why))
    shown = report(found, TEAM)
    assert shown["data_quality"]["missing"]["capacity.unseen"].startswith("waits are no longer")
    assert "capacity.unseen" not in text(shown)
