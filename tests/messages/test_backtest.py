"""Looking back in words: how often, in which weeks, within Slack's limits, and only where there is a past."""

from datetime import date, timedelta

import pytest

from bot.health.hindsight import Alert, Backtest
from bot.health.results import Alerting, Level
from bot.messages import actions
from bot.messages.alerting import preview_message
from bot.messages.backtest import SHOWN, backtest_message, every, often
from bot.messages.chart import MOST
from bot.messages.message import Message
from bot.messages.report import first_report
from sandbox.blocks import check_blocks
from tests.messages.examples import HOSTILE, busy

FIRST = date(2026, 3, 5)


def told(times: int, weeks: int = 26, people: int = 6, team: str = "Desk") -> Message:
    """So many warnings, each a week after the one before."""
    found = busy(Level.WATCH, people=people, weeks=weeks)
    alerts = [Alert(FIRST + timedelta(weeks=n), Level.WATCH, Level.HEALTHY, found) for n in range(times)]
    back = Backtest((), tuple(alerts), (), found)
    return backtest_message(back, team, weeks=weeks, learning=False, lead=True, choosable=people > 2)


@pytest.mark.parametrize(
    ("times", "weeks", "said"),
    [
        (0, 26, "never"),
        (1, 26, "once"),
        (2, 26, "twice, about every 13 weeks"),
        (4, 26, "4 times, about every 6 weeks"),
        (20, 26, "20 times, about every week"),
    ],
)
def test_how_often_is_said_in_weeks(times: int, weeks: int, said: str) -> None:
    """The number of warnings, and how far apart they are."""
    assert often(times) + every(times, weeks) == said


def test_equal_choices_ask_for_none() -> None:
    """Where each choice would have warned as often, no other is suggested."""
    same = dict.fromkeys(Alerting, 2)
    assert "keep what is set" in preview_message("Desk", Alerting.USUAL, same, 8, lead=True).text
    never = dict.fromkeys(Alerting, 0)
    assert "no choice would have warned" in preview_message("Desk", Alerting.USUAL, never, 8, lead=True).text
    other = {**same, Alerting.EARLIER: 3}
    assert "type another choice" in preview_message("Desk", Alerting.USUAL, other, 8, lead=True).text


@pytest.mark.parametrize("times", [0, 1, 26])
@pytest.mark.parametrize("people", [2, 4, 9])
@pytest.mark.parametrize("weeks", [6, 52])
def test_every_size_stays_within_slacks_limits(times: int, people: int, weeks: int) -> None:
    """Blocks pass the strict check, the chart has no more weeks than Slack draws, long lists are cut."""
    made = told(times, weeks, people, HOSTILE)
    assert check_blocks(list(made.blocks), "message") == []
    charts = [block for block in made.blocks if block["type"] == "data_visualization"]
    assert all(len(chart["chart"]["axis_config"]["categories"]) <= MOST for chart in charts)
    assert made.text.count("• ") <= SHOWN
    assert "One thing to do" in made.text
    assert "<!channel>" not in made.text
    if times > SHOWN:
        assert f"The {times - SHOWN} before these are left out." in made.text
    if people <= 2:
        assert "tilization" not in str(made.blocks)
        assert "/headroom alerts" not in made.text


def test_the_weeks_of_warnings_are_named_in_words() -> None:
    """Whoever cannot see the chart reads the same weeks, each by its Monday."""
    assert "Warned in the weeks from 2 Mar, 9 Mar and 16 Mar." in told(3).text


@pytest.mark.parametrize(("weeks", "offered"), [(2, False), (5, False), (6, True), (13, True)])
def test_the_first_report_offers_it_once_there_is_a_past(weeks: int, offered: bool) -> None:
    """Six complete weeks, from which it learns what is usual, are needed."""
    made = first_report(busy(weeks=weeks), "Desk", team_id=1, history_days=90)
    assert (actions.BACKTEST in str(made.blocks)) is offered
