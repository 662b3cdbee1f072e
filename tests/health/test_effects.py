"""Predicted effects are those of the queue's formula, with its range, and honest about a queue that only grows."""

import math
from dataclasses import replace

import pytest

from bot.health.effects import effect
from bot.health.results import UNTOLD, Assessment, Basis, Capacity, Estimate, Flow, Level, Resilience, Utilization
from bot.health.seen.worktime import parse_hours
from bot.health.theory.queueing import wait_ggc

HOURS = parse_hours("Mon-Fri 09:00-17:00")


def team(rho: float = 0.85, people: int = 5, around: float = 0.05) -> Assessment:
    """A team at this utilization; one hour a request, all present for 40 h a week."""
    used = Utilization(rho, rho - around, rho + around, Basis.CLAIMS, Estimate(rho, rho - around, rho + around))
    return Assessment(
        as_of=0,
        window_days=28,
        level=Level.DANGER,
        since=UNTOLD,
        reasons=(),
        flow=Flow(service_hours=1.0, arrival_scv=1.0, service_scv=1.0),
        capacity=Capacity(people, 40.0 * people, used, 0.86),
        resilience=Resilience(),
    )


def test_half_a_day_of_cover_follows_the_formula() -> None:
    """Four hours more a week: capacity up, utilization down, the wait by Whitt's formula at all three points."""
    found = effect(team(), "add_cover", HOURS)
    assert found is not None
    assert found.amount == 4
    assert found.before == pytest.approx(float(wait_ggc(0.85, 5.0)))
    more = 204 / 200
    expected = [float(wait_ggc(rho / more, 5 * more)) for rho in (0.85, 0.8, 0.9)]
    assert found.after is not None
    assert [found.after.value, found.after.low, found.after.high] == pytest.approx(expected)
    assert found.after.low < found.after.value < found.after.high


def test_where_half_a_day_changes_little_it_is_what_leads_back_to_the_line() -> None:
    """A team of thirty far over its line is told how many hours bring it back, with their range."""
    found = effect(team(rho=1.05, people=30), "add_cover", HOURS)
    assert found is not None
    assert found.to_line
    assert found.needed is not None
    assert found.needed.value == pytest.approx(1200 * (1.05 / 0.86 - 1))
    assert found.needed.low < found.needed.value < found.needed.high
    assert found.before is None
    assert found.after is not None


def test_a_tenth_of_demand_and_a_tenth_of_work_are_not_the_same() -> None:
    """Both take the same load away, but shorter work also shortens the wait behind it."""
    demand, work = effect(team(), "pause_intake", HOURS), effect(team(), "office_hours", HOURS)
    assert demand is not None
    assert work is not None
    assert demand.after is not None
    assert work.after is not None
    assert work.after.value == pytest.approx(0.9 * demand.after.value)


def test_slack_pays_for_one_person_away() -> None:
    """Without one of five, the same work on four; without one of a full three, a queue that grows."""
    found = effect(team(rho=0.6), "keep_slack", HOURS)
    assert found is not None
    assert found.after is not None
    assert found.after.value == pytest.approx(float(wait_ggc(0.75, 4.0)))
    full = effect(team(rho=0.75, people=3), "keep_slack", HOURS)
    assert full is not None
    assert full.after is None


def test_the_upper_end_may_still_grow() -> None:
    """At the high end of utilization's range no steady state is reached, and that is said."""
    found = effect(team(rho=1.0, around=0.15), "pause_intake", HOURS)
    assert found is not None
    assert found.after is not None
    assert math.isinf(found.after.high)
    assert math.isfinite(found.after.low)


@pytest.mark.parametrize(
    "without",
    [
        {"capacity": Capacity(5)},
        {"flow": Flow()},
        {"capacity": Capacity(1, 40.0)},
    ],
)
def test_what_cannot_be_predicted_is_not(without: dict[str, object]) -> None:
    """No utilization, no service time, or advice without a figure: no effect is made up."""
    assert effect(replace(team(), **without), "add_cover", HOURS) is None  # type: ignore[arg-type]
    assert effect(team(), "park_openly", HOURS) is None


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_broken_figures_predict_nothing(bad: float) -> None:
    """What is not a number stays unsaid."""
    whole = team()
    used = whole.capacity.utilization
    assert used
    broken = replace(whole, capacity=replace(whole.capacity, utilization=replace(used, high=bad)))
    assert effect(broken, "add_cover", HOURS) is None
