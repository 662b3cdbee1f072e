"""What if, as it is said: both columns, the growth of a queue, what the slack pays for, and hostile words."""

import json
from dataclasses import replace

import pytest

from bot.health.resilience import Recovery
from bot.health.results import Spread
from bot.health.whatif import Answer, Change, Outlook, SlackPays
from bot.messages.whatif import USAGE, text, whatif_message
from sandbox.blocks import check_blocks
from tests.messages.examples import HOSTILE

TODAY = Outlook(0.7, 0.4, 2.5, 58.0, 0.2, Recovery(1.0, 3.0), None)
THEN = Outlook(0.84, 1.2, 6.0, 30.0, -0.05, Recovery(4.0, None), None)
OVER = Outlook(1.1, None, None, -20.0, -0.3, Recovery(None, None), 6.5)
PAYS = SlackPays((0.8, 0.95), 3, 13, 1.12, -0.05)
ANSWER = Answer(Change(people=-1), TODAY, THEN, PAYS, Spread(0.5, 2.4, 0.9, 80))


def test_both_columns_are_said_with_units() -> None:
    """Utilization, median and 90th percentile, slack, surge and recovery stand today beside what if."""
    said = whatif_message(ANSWER, "Deal desk", "-1 person").text
    for line in (
        "Utilization: 70% → 84%",
        "Half wait less than: 25 min → 1.2 h",
        "Nine in ten wait less than: 2.5 h → 6 h",
        "Slack: 58 h a week → 30 h a week",
        "Surge still met: 20% more demand → none",
        "Recovery: 1 to 3 working days → 4 working days to over six weeks",
    ):
        assert line in said
    assert "Only you see this" in said


def test_fewer_people_come_with_what_slack_pays_for() -> None:
    """Unseen work, bad weeks, one away and the surge stand below; without fewer people they do not."""
    said = whatif_message(ANSWER, "Deal desk", "-1 person").text
    for words in ("80% to 95%", "3 of the last 13", "utilization would be 112%", "no room for any"):
        assert words in said
    assert "Slack is not idle" not in whatif_message(replace(ANSWER, pays=None), "Deal desk", "+1 person").text


def test_a_queue_that_grows_gets_no_wait() -> None:
    """Beyond capacity the growth is said, never an infinite wait."""
    said = whatif_message(replace(ANSWER, then=OVER), "Deal desk", "+60% demand").text
    assert "the queue grows by 6.5 requests a week" in said
    assert "none, 20 h a week missing" in said
    assert said.count("the queue grows by") == 1


def test_recovery_names_its_unit_and_agrees_with_it() -> None:
    """One working day is one, and `over six weeks` follows days rather than a bare number."""
    once = replace(TODAY, recovery=Recovery(1.0, 1.0))
    said = whatif_message(Answer(Change(), once, TODAY, None), "Deal desk", "hours 8").text
    assert "Recovery: 1 working day → 1 to 3 working days" in said
    never = replace(TODAY, recovery=Recovery(0.0, 0.0))
    assert "Recovery: at once → " in whatif_message(replace(ANSWER, today=never), "Deal desk", "-1 person").text


def test_more_demand_ends_in_a_way_to_plan_for_it() -> None:
    """Only where more is asked for, and with the share that was typed."""
    more = replace(ANSWER, change=Change(demand=1.2), pays=None)
    assert "`/headroom plan 15-31 Dec +20%`" in whatif_message(more, "Deal desk", "+20% demand").text
    assert "/headroom plan" not in whatif_message(ANSWER, "Deal desk", "-1 person").text


def test_waits_that_the_load_does_not_explain_are_owned_up_to() -> None:
    """Seen waits far longer than replayed ones come with the advice to read the difference."""
    odd = replace(ANSWER, seen=Spread(18, 22, 15, 80))
    assert "longer than the load explains" in whatif_message(odd, "Deal desk", "-1 person").text
    assert "longer than the load explains" not in whatif_message(ANSWER, "Deal desk", "-1 person").text


@pytest.mark.parametrize("then", [THEN, OVER])
def test_slack_takes_the_blocks_with_and_without_chart(then: Outlook) -> None:
    """The strict local Slack accepts both forms; the plain one has no chart and says the same figures."""
    made = whatif_message(replace(ANSWER, then=then), HOSTILE, HOSTILE)
    assert made.fallback is not None
    assert not check_blocks(list(made.blocks), "message")
    assert not check_blocks(list(made.fallback), "message")
    assert "data_visualization" in json.dumps(made.blocks)
    assert "data_visualization" not in json.dumps(made.fallback)
    assert "<!channel>" not in json.dumps(made.payload())


def test_the_terminal_reads_a_table() -> None:
    """One line a figure, today and what if in columns."""
    lines = text(ANSWER, "Deal desk", "-1 person").splitlines()
    assert lines[0] == "Deal desk: what if -1 person?"
    assert lines[1].split() == ["today", "what", "if"]
    assert lines[2].split() == ["Utilization", "70%", "84%"]


def test_the_empty_question_gets_examples() -> None:
    """`whatif` alone shows what can be asked."""
    assert "+20% demand" in USAGE
