"""What must hold of a whole judgement, whatever the desk: the figures a lead reads, not only the formulas in them."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.picture import Picture, look
from bot.health.plans import plan
from bot.health.results import Basis, Estimate, Unknown
from bot.health.seen.utilization import HIGHEST
from bot.health.whatif import Change, changed_plan, outlook
from bot.signal import Kind
from bot.team import Person
from tests.budget import examples
from tests.health.desk import DAY, START, WEEK, Desk, fact, simulate, team_of

DESKS = {rho: simulate(31, people=4, rho=rho, weeks=7) for rho in (0.5, 0.7, 0.85)}


@cache
def seen(rho: float) -> Picture:
    """One of the desks, as known at its end."""
    desk = DESKS[rho]
    return look(desk.facts, desk.team, desk.now, basis=None, held=None, history_weeks=26)


@examples(12)
@given(st.sampled_from(sorted(DESKS)), st.floats(0.3, 1.6), st.floats(1.0, 1.5), st.integers(0, 99))
def test_more_load_never_lowers_the_predicted_wait(rho: float, demand: float, more: float, seed: int) -> None:
    """With the same draws, more demand, or longer work, never gives a shorter median or 90th percentile."""
    picture = seen(rho)
    usual = plan(picture, rho)
    assert usual is not None
    less = changed_plan(usual, Change(demand=demand, hands_on=0.9), 0.0)
    for fuller in (Change(demand=demand * more, hands_on=0.9), Change(demand=demand, hands_on=0.9 * more)):
        a, b = (outlook(picture, ahead, seed) for ahead in (less, changed_plan(usual, fuller, 0.0)))
        assert b.utilization >= a.utilization - 1e-9
        for before, after in ((a.wait_p50, b.wait_p50), (a.wait_p90, b.wait_p90)):
            # None: the queue grows without end; arrivals are drawn anew for another demand, hence a tenth for chance
            assert after is None or (before is not None and after >= 0.9 * before - 0.05)


@examples(25)
@given(st.sampled_from(sorted(DESKS)), st.floats(0.05, 1.0), st.sampled_from([0.0, 0.25]))
def test_adding_a_person_never_lowers_slack(rho: float, share: float, unseen: float) -> None:
    """Somebody more for any part of their time: as many hours left over, or more, and the line no lower."""
    desk = DESKS[rho]
    team = replace(desk.team, unseen_share=unseen)
    larger = replace(team, people=(*team.people, Person("new", share=share)))
    one, other = (assess(desk.facts, who, desk.now) for who in (team, larger))
    few, many = one.resilience.slack_hours_per_week, other.resilience.slack_hours_per_week
    assert few
    assert many
    assert many.value >= few.value - 1e-6
    assert (other.capacity.danger_line or 0) >= (one.capacity.danger_line or 0) - 0.01


@pytest.mark.parametrize("desk", DESKS.values(), ids=map(str, DESKS))
def test_the_same_desk_a_year_later_is_judged_alike(desk: Desk) -> None:
    """All times 52 weeks on, the calendar's weekdays kept: the same level and figures."""
    year = 364 * DAY
    people = tuple(replace(p, since=None) for p in desk.team.people)
    team = replace(desk.team, people=people)
    later = replace(desk.facts, at=desk.facts.at + year)
    one, other = (
        assess(facts, team, now, resilient=False) for facts, now in ((desk.facts, desk.now), (later, desk.now + year))
    )
    assert one.level is other.level
    assert not isinstance(one.flow.wait, Unknown)
    assert not isinstance(other.flow.wait, Unknown)
    assert np.allclose(
        [one.flow.wait.mean, one.capacity.utilization.value if one.capacity.utilization else np.nan],
        [other.flow.wait.mean, other.capacity.utilization.value if other.capacity.utilization else np.nan],
    )


@examples(40)
@given(
    st.integers(0, 10**6),
    st.integers(3, 12),
    st.floats(0.02, 400.0),
    st.floats(0.0, 60.0),
    st.integers(1, 120),
    st.sampled_from([None, (1, 2), (9, 10)]),
    st.floats(0.0, 0.9),
)
def test_no_utilization_leaves_its_bounds(
    seed: int,
    people: int,
    service: float,
    wait: float,
    weekly: int,
    wrong: tuple[int, int] | None,
    unseen: float,
) -> None:
    """Random desks, empty and drowned, on each basis: what is told lies in order within 0–300%, none is NaN."""
    rng = np.random.default_rng(seed)
    came = np.sort(rng.uniform(0, 6 * WEEK, weekly * 6)) + START
    begun = came + rng.exponential(wait * 3600, len(came))
    done = begun + rng.exponential(service * 3600, len(came))
    told = []
    for n, times in enumerate(zip(came, begun, (begun + done) / 2, done, strict=True), start=1):
        who = int(rng.integers(1, people + 1))
        kinds = (Kind.ARRIVAL, Kind.CLAIM, Kind.REPLY, Kind.DONE)
        told += [fact(n, kind, float(at), who) for kind, at in zip(kinds, times, strict=True) if rng.random() < 0.9]
        told += [fact(n, Kind.REPLY, float(times[1]) + 1, who)]
    team = team_of(people, hands_on_minutes=service * 60, unseen_share=unseen)
    for basis in Basis:
        found = assess(Facts.of(told), team, START + 6 * WEEK, basis=basis, resilient=False, wrong=wrong)
        used = found.capacity.utilization
        estimates = [week.utilization for week in found.weeks if week.utilization]
        estimates += [Estimate(used.value, used.low, used.high), used.seen] if used else []
        for one in estimates:
            assert 0 <= one.low <= one.value <= one.high <= HIGHEST
        assert used or (isinstance(used, Unknown) and used.reason)
