"""What a small team may not see, or others may not see of it, stands in no report and in no message."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.health.assess import assess
from bot.health.efficiency import OUTCOMES, efficiency
from bot.health.hindsight import Alert, Backtest, Day
from bot.health.outcomes import outcomes
from bot.health.picture import look
from bot.health.results import Assessment, Level, Tier
from bot.messages.alerts import alert, all_clear
from bot.messages.backtest import backtest_message
from bot.messages.digest import Digest, details, digest
from bot.messages.efficiency import efficiency_message
from bot.messages.home import OwnTeam, QueueWait, home_view
from bot.messages.load import load_view, share_audience, shared
from bot.messages.readable import readable
from bot.messages.report import first_report
from bot.messages.waiting import waiting_view
from bot.report.report import report
from bot.report.report_text import text
from bot.team import Person
from tests.health.desk import START, WEEK, Desk, simulate

OF_REQUESTS = {
    *("team", "as_of", "window_days", "level", "since", "suggestion"),
    *(f"reasons.{key}" for key in ("signal", "level", "value", "unit", "line", "text")),
    *(f"drift.began.{key}" for key in ("week", "low", "high", "p")),
    *("flow.arrivals_per_week", "flow.open", "flow.arrival_scv", "flow.trend"),
    *(f"flow.wait_hours.{key}" for key in ("p50", "p90", "mean", "n")),
    *(f"flow.next_week_wait_hours.{key}" for key in ("value", "low", "high", "planned", "grows")),
    "capacity.people",
    *(f"weeks.{key}" for key in ("week", "arrivals", "mean_wait_hours", "p_over_line", "level")),
    *("data_quality.little_ratio", "data_quality.notes"),
}
"""All that a report tells of one or two people."""

LOAD = re.compile(
    r"utilization|capacity|\bslack\b|hands-on|surge|recover|one person away|danger line|finished|closed|\d closings|"
    r"escalated|came back|worked|on duty|cycle",
    re.I,
)


def shown(value: Any, path: str = "") -> Iterator[str]:
    """Keys of all that is told; what stands in a list by the list's."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key != "missing":
                yield from shown(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for one in value:
            yield from shown(one, path)
    elif value is not None and value != []:
        yield path


def desks(people: int) -> list[Desk]:
    """With room, full, and one whose requests grow beyond it."""
    return [
        simulate(1, people=people, rho=0.5, weeks=12),
        simulate(2, people=people, rho=0.97, weeks=16),
        simulate(3, people=people, rho=0.6, weeks=16, rate_growth=2.0),
    ]


def inside(a: Assessment, desk: Desk) -> Iterator[str]:
    """All that the team reads of it."""
    picture = look(desk.facts, desk.team, desk.now, basis=None, held=None, history_weeks=26)
    told = Digest(a, "Legal", 3, date(2024, 3, 18), outcomes(picture, picture.mondays))
    today = date(2024, 3, 25)
    rise = Alert(today, max(a.level, Level.WATCH), Level.HEALTHY, a)
    past = Backtest((Day(today, a.level, None, None),), (rise,), last=a)
    yield readable(load_view(a, "Legal", team_id=3))
    yield readable(first_report(a, "Legal", team_id=3, history_days=90))
    yield readable(alert(a, "Legal", team_id=3, alert_id=4))
    yield readable(all_clear(a, "Legal", team_id=3, before=Level.DANGER))
    yield readable(home_view([OwnTeam("Legal", a, 7, "C1", True, team_id=3)], [])["blocks"])
    yield readable(digest(told))
    yield readable(details(told))
    yield readable(backtest_message(past, "Legal", weeks=8, learning=False, lead=True, choosable=False))
    equation = efficiency(picture, OUTCOMES[0], 50.0)
    yield readable(efficiency_message(a, equation, "Legal", team_id=3, currency="EUR", lead=True))


def outside(a: Assessment) -> Iterator[str]:
    """All that others read of it."""
    yield readable(shared(a, "Legal"))
    yield readable(share_audience(a, "Legal", team_id=3, channel="all", members=9))
    yield readable(waiting_view(a, waiting=3))
    yield readable(home_view([], [QueueWait("C1", "Legal", a, 7)])["blocks"])


def told(message: str) -> str:
    """Without the sentences that name what is left out."""
    return "\n".join(
        line for line in message.splitlines() if not re.search(r"Left out|stay within|stays inside|are left out", line)
    )


@pytest.mark.parametrize("people", [1, 2])
def test_of_one_or_two_people_only_requests_are_told(people: int) -> None:
    """Whatever their desk is like: each figure of the report is one of requests, and no message speaks of work."""
    for desk in desks(people):
        a = assess(desk.facts, desk.team, desk.now)
        assert a.tier is Tier.REQUESTS
        made = report(a, desk.team)
        assert set(shown(made)) <= OF_REQUESTS
        assert {reason["signal"] for reason in made["reasons"]} <= {"wait", "open", "arrivals"}
        assert not LOAD.search(" ".join(a.notes))
        for message in (*inside(a, desk), *outside(a)):
            assert not LOAD.search(told(message)), message
        assert "Slack             not known" in text(made)


def test_a_pair_that_grew_is_hidden_until_no_day_of_the_window_was_theirs() -> None:
    """A third person joins: four weeks later utilization is told, not before."""
    desk = simulate(4, people=3, rho=0.7, weeks=14)
    joins = datetime.fromtimestamp(START + 8 * WEEK + 86_400, UTC).date()
    grown = replace(desk.team, people=(*desk.team.people[:2], Person("new", since=joins)))
    for week, hidden in ((9, True), (11, True), (13, False)):
        a = assess(desk.facts, grown, START + week * WEEK)
        assert (a.tier is Tier.REQUESTS) is hidden
        assert (set(shown(report(a, grown))) <= OF_REQUESTS) is hidden


@pytest.mark.parametrize("people", [3, 4])
def test_the_load_of_three_or_four_stays_inside(people: int) -> None:
    """The team reads its utilization; nothing that others see of it speaks of work, nor of focus."""
    for desk in desks(people):
        a = assess(desk.facts, desk.team, desk.now)
        assert a.tier is Tier.INSIDE
        assert "Utilization" in next(inside(a, desk))
        assert report(a, desk.team)["focus"] is None
        for message in outside(a):
            assert not LOAD.search(told(message)), message


def test_a_team_of_four_that_grew_stays_inside_until_its_window_is_of_five() -> None:
    """The fifth joined this week: the figures of the weeks before are still those of four."""
    desk = simulate(5, people=5, rho=0.7, weeks=14)
    joins = datetime.fromtimestamp(START + 9 * WEEK + 86_400, UTC).date()
    grown = replace(desk.team, people=(*desk.team.people[:4], Person("new", since=joins)))
    for week, closed in ((10, True), (14, False)):
        a = assess(desk.facts, grown, START + week * WEEK)
        assert a.capacity.people == 5
        assert ("Utilization" not in readable(shared(a, "Legal"))) is closed
