"""What the team reads when it looks back, and chooses how early to be warned, example by example."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.health.hindsight import Alert, Backtest, Day
from bot.health.results import Alerting, Level
from bot.messages.alerting import not_a_choice, preview_message, set_message, shown_message
from bot.messages.backtest import backtest_message, looking, not_weeks, too_early
from tests.messages.examples import busy
from tests.messages.said import Said, said

TEAM = "Deal desk"
MONDAY = date(2026, 2, 2)


def looked_back() -> Backtest:
    """Twenty-six weeks with a warning, an all-clear and another warning."""
    watch, danger = busy(Level.WATCH), busy(Level.DANGER, weeks=26)
    alerts = (
        Alert(date(2026, 3, 17), Level.WATCH, Level.HEALTHY, watch),
        Alert(date(2026, 4, 9), Level.HEALTHY, Level.WATCH, replace(watch, level=Level.HEALTHY)),
        Alert(date(2026, 6, 2), Level.DANGER, Level.HEALTHY, danger),
    )
    return Backtest(_days(26), alerts, (), danger)


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "Looking back", list(_backtests())
    yield "How early to warn", list(_choices())


def _backtests() -> Iterator[Said]:
    found = looked_back()
    calm = Backtest(_days(9), (), (), busy(Level.HEALTHY, weeks=9))
    small = busy(Level.WATCH, people=2, weeks=12)
    two = Backtest(_days(12), (Alert(date(2026, 3, 5), Level.WATCH, Level.HEALTHY, small),), (), small)
    ask = "/headroom backtest, or the button under the first report; the asker alone, if of the team"
    yield said(ask, looking, 26)
    yield said(
        "the answer, to the lead", backtest_message, found, TEAM, weeks=26, learning=True, lead=True, choosable=True
    )
    yield said(
        "never warned, to a responder",
        backtest_message, calm, TEAM, weeks=9, learning=True, lead=False, choosable=True,
    )  # fmt: skip
    yield said("a team of two", backtest_message, two, TEAM, weeks=12, learning=False, lead=True, choosable=False)
    yield said("too little history", too_early, "3 complete weeks are known, and 6 are needed")
    yield said("/headroom backtest since Easter", not_weeks, "since Easter", 6, 52)


def _choices() -> Iterator[Said]:
    times = {Alerting.EARLIER: 4, Alerting.USUAL: 2, Alerting.QUIETER: 1}
    yield said("/headroom alerts; responders and lead", shown_message, TEAM, Alerting.USUAL, 26, lead=True)
    yield said("the same, to a responder", shown_message, TEAM, Alerting.QUIETER, None, lead=False)
    yield said("/headroom alerts earlier; the lead", set_message, TEAM, Alerting.EARLIER, Level.WATCH, 26)
    yield said("the same, too little history", set_message, TEAM, Alerting.QUIETER, Level.UNKNOWN, None)
    yield said("a few seconds later", preview_message, TEAM, Alerting.EARLIER, times, 26, lead=True)
    yield said("/headroom alerts louder", not_a_choice, "louder")


def _days(weeks: int) -> tuple[Day, ...]:
    return tuple(Day(MONDAY + timedelta(days=n), Level.HEALTHY, 0.7, 0.1) for n in range(weeks * 7))
