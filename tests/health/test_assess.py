"""One check as a whole: what it says, when it keeps silent, and that it never says nonsense."""

import math
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.reasons import remedies
from bot.health.results import OF_A_PERSON, Assessment, Basis, Estimate, Level, Reason, Tier, Unknown, Unseen
from bot.signal import Kind, Signal
from bot.team import Person
from tests.budget import examples
from tests.health.desk import DAY, START, WEEK, Desk, simulate, team_of


def check(desk: Desk, **said: object) -> Assessment:
    """The desk at the end of its simulation."""
    return assess(desk.facts, desk.team, desk.now, **said)  # type: ignore[arg-type]


def numbers(value: object) -> list[float]:
    """Every number anywhere inside."""
    if isinstance(value, bool | str) or value is None:
        return []
    if isinstance(value, int | float):
        return [float(value)]
    if isinstance(value, tuple | list):
        return [n for item in value for n in numbers(item)]
    if is_dataclass(value):
        kept = "today"  # it is kept, not shown, and NaN is its word for unknown
        return [n for f in fields(value) if f.name != kept for n in numbers(getattr(value, f.name))]
    assert not isinstance(value, np.generic), "numpy values do not leave"
    return []


def test_a_calm_desk_is_healthy_and_keeps_its_slack() -> None:
    """At half load the level is healthy, the slack is told, and nothing is missing."""
    found = check(simulate(1, rho=0.5, weeks=10))
    assert found.level is Level.HEALTHY
    assert found.suggestion == "keep_slack"
    assert len(found.weeks) == 10
    assert found.since == found.weeks[2].start
    assert found.capacity.people == 5
    assert found.capacity.hours_per_week == pytest.approx(200)
    assert found.flow.service_hours == pytest.approx(1, rel=0.1)
    assert found.capacity.unseen == Unknown("waits are no longer than the work seen explains")
    parts = (found.flow, replace(found.capacity, unseen=Unseen(Estimate(0, 0, 0), "stated", 0)), found.resilience)
    assert not [f.name for part in parts for f in fields(part) if isinstance(getattr(part, f.name), Unknown)]


def test_a_full_desk_is_in_danger_and_says_why() -> None:
    """At 98% the level is danger, utilization leads the reasons, and its line is below it."""
    found = check(simulate(2, rho=0.98, weeks=12))
    assert found.level is Level.DANGER
    assert found.reasons[0].signal == "utilization"
    assert found.reasons[0].line is not None
    assert found.reasons[0].value > found.reasons[0].line
    assert found.suggestion not in ("none", "keep_slack")


def test_growth_is_named_as_the_cause() -> None:
    """A desk whose arrivals double is in danger in the end, arrivals are among the reasons, intake is to pause."""
    found = check(simulate(3, rho=0.6, weeks=16, rate_growth=1.0))
    assert found.level is Level.DANGER
    assert "arrivals" in [r.signal for r in found.reasons]
    assert found.suggestion == "pause_intake"


@pytest.mark.slow
def test_slow_growth_is_seen_before_it_is_danger() -> None:
    """Where arrivals double over half a year, the weeks are healthy, then watch, then danger."""
    found = check(simulate(3, rho=0.5, weeks=26, rate_growth=1.0))
    words = [w.level for w in found.weeks]
    assert words.index(Level.WATCH) < words.index(Level.DANGER)


def test_a_level_is_known_only_of_what_was_known() -> None:
    """A check at an earlier moment is the check on the facts up to it."""
    desk = simulate(3, rho=0.6, weeks=16, rate_growth=1.0)
    then = START + 8 * WEEK
    early = desk.facts.take(desk.facts.at <= then)
    assert assess(desk.facts, desk.team, then) == assess(early, desk.team, then)


def test_order_and_repetition_change_nothing() -> None:
    """Shuffled and doubled facts give the very same assessment."""
    desk = simulate(4, weeks=6)
    rows = np.random.default_rng(1).permutation(np.repeat(np.arange(len(desk.facts)), 2))
    assert assess(desk.facts.take(rows), desk.team, desk.now) == check(desk)


def test_one_or_two_people_get_no_utilization() -> None:
    """A pair's load would be a person's: nothing of hours anywhere, but a level from its requests."""
    desk = simulate(5, people=2, rho=0.6, weeks=10)
    found = check(desk)
    assert isinstance(found.capacity.utilization, Unknown)
    assert isinstance(found.capacity.hours_per_week, Unknown)
    assert isinstance(found.resilience.slack_hours_per_week, Unknown)
    assert isinstance(found.flow.service_hours, Unknown)
    assert isinstance(found.flow.service_scv, Unknown)
    assert all(isinstance(w.utilization, Unknown) for w in found.weeks)
    assert "person" in found.capacity.utilization.reason
    assert found.level is not Level.UNKNOWN
    assert not {"utilization", "service", "capacity"} & {r.signal for r in found.reasons}


def test_weeks_of_a_pair_stay_hidden_when_others_join() -> None:
    """Three people get a utilization, but not of windows that reach into the weeks when they were two."""
    desk = simulate(5, people=3, rho=0.6, weeks=12)
    joined = datetime.fromtimestamp(START + 4 * WEEK, UTC).date()
    people = (*desk.team.people[:2], replace(desk.team.people[2], since=joined))
    found = assess(desk.facts, replace(desk.team, people=people), desk.now)
    assert not isinstance(found.capacity.utilization, Unknown)
    assert [isinstance(w.utilization, Unknown) for w in found.weeks] == [True] * 7 + [False] * 5
    assert [w.done == w.capacity_hours == OF_A_PERSON for w in found.weeks] == [True] * 4 + [False] * 8
    assert found.tier is Tier.INSIDE
    early = assess(desk.facts, replace(desk.team, people=people), START + 6 * WEEK)
    assert isinstance(early.capacity.utilization, Unknown)
    assert isinstance(early.resilience.slack_hours_per_week, Unknown)
    assert all(w.done == w.capacity_hours == OF_A_PERSON for w in early.weeks)
    assert early.tier is Tier.REQUESTS


def test_a_pair_in_the_middle_of_a_window_hides_it() -> None:
    """Two on the roster from Tuesday to Sunday of one week hide that week and the windows that hold it."""
    desk = simulate(5, people=3, rho=0.6, weeks=12)
    tuesday = datetime.fromtimestamp(START + 9 * WEEK + DAY, UTC).date()
    third = desk.team.people[2]
    gap = (replace(third, until=tuesday - timedelta(days=1)), replace(third, since=tuesday + timedelta(days=6)))
    found = assess(desk.facts, replace(desk.team, people=(*desk.team.people[:2], *gap)), desk.now)
    assert isinstance(found.capacity.utilization, Unknown)
    assert [isinstance(w.utilization, Unknown) for w in found.weeks] == [True] + [False] * 8 + [True] * 3


def test_nothing_a_pair_worked_is_told() -> None:
    """Of two people only requests and waits are told: not what they closed, how fast, or how often it came back."""
    found = check(simulate(5, people=2, rho=0.6, weeks=10))
    flow = found.flow
    assert {flow.done_per_week, flow.cycle, flow.service_hours, flow.service_scv} == {OF_A_PERSON}
    rates = {getattr(found.quality, f.name) for f in fields(found.quality)}
    assert rates == {found.capacity.hours_per_week} == {OF_A_PERSON}
    assert not [one for one in (flow.arrivals_per_week, flow.wait, flow.trend) if isinstance(one, Unknown)]
    assert not {"reopen", "chase"} & {r.signal for r in found.reasons}


def test_a_pair_that_is_swamped_is_in_danger() -> None:
    """Arrivals beyond what two people close are danger, without a word on their utilization."""
    desk = simulate(6, people=2, rho=0.6, weeks=16, rate_growth=2.0)
    found = check(desk)
    assert found.level is Level.DANGER
    assert found.reasons[0].signal in ("wait", "open")


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"threads_read": False}, "threads"),
        ({"team": team_of(0)}, "roster"),
        ({"facts": Facts.of([])}, "no complete week"),
        ({"now": START + 9 * DAY}, "fewer than two complete weeks"),
    ],
)
def test_unknown_has_its_reason(change: dict[str, object], because: str) -> None:
    """Where no level can be given, one clause says why."""
    desk = simulate(7, weeks=6)
    said = {"facts": desk.facts, "team": desk.team, "now": desk.now, **change}
    found = assess(said.pop("facts"), said.pop("team"), said.pop("now"), **said)  # type: ignore[arg-type]
    assert found.level is Level.UNKNOWN
    assert isinstance(found.since, Unknown)
    assert because in found.since.reason
    assert found.suggestion == "none"


def test_nothing_to_rest_on() -> None:
    """Arrivals and single closings without stated minutes give waits but no utilization; stated minutes do."""
    desk = simulate(8, weeks=6)
    facts = desk.facts.take(np.isin(desk.facts.kind, (Kind.ARRIVAL, Kind.DONE)))
    bare = assess(facts, desk.team, desk.now)
    assert bare.level is Level.UNKNOWN
    assert isinstance(bare.since, Unknown)
    assert "hands-on" in bare.since.reason
    told = assess(facts, replace(desk.team, hands_on_minutes=60.0, hands_on_given=True), desk.now)
    assert not isinstance(told.capacity.utilization, Unknown)
    assert told.capacity.utilization.basis is Basis.STATED
    assert told.capacity.utilization.value == pytest.approx(desk.utilization, rel=0.2)


def test_absences_raise_utilization() -> None:
    """The same work with one of five away is a quarter more utilization."""
    desk = simulate(9, rho=0.6, weeks=6)
    away = replace(desk.team, people=desk.team.people[:4])
    stated = replace(desk.team, hands_on_minutes=60.0)
    full = assess(desk.facts, stated, desk.now, basis=Basis.STATED)
    short = assess(desk.facts, replace(away, hands_on_minutes=60.0), desk.now, basis=Basis.STATED)
    assert not isinstance(full.capacity.utilization, Unknown)
    assert not isinstance(short.capacity.utilization, Unknown)
    assert short.capacity.utilization.value == pytest.approx(1.25 * full.capacity.utilization.value)


def test_a_target_shorter_than_a_service_time_lowers_the_line() -> None:
    """Who wants shorter waits is in danger earlier; who bears longer ones gets no laxer line."""
    desk = simulate(10, rho=0.6, weeks=6)
    lines = []
    for target in (0.2, None, 40.0):
        found = assess(desk.facts, replace(desk.team, target_wait_hours=target), desk.now)
        lines.append(found.capacity.danger_line or 0.0)
    assert lines[0] < lines[1] == lines[2]


def test_people_elsewhere_open_the_desk_longer() -> None:
    """Hours of a colleague in another zone are working hours of the desk: work done in them is seen."""
    desk = simulate(11, people=3, rho=0.7, weeks=6)
    night = Person("night", hours="Mon-Fri 17:00-23:00")
    longer = assess(desk.facts, replace(desk.team, people=(*desk.team.people, night)), desk.now)
    assert longer.capacity.hours_per_week == pytest.approx(3 * 40 + 30)


@pytest.mark.slow
def test_a_stale_roster_is_noticed() -> None:
    """Eight on the roster and five at work is said; nobody is named or counted."""
    desk = simulate(12, people=5, rho=0.9, service=0.25, weeks=8)
    found = assess(desk.facts, team_of(8), desk.now)
    assert any("roster" in note for note in found.notes)
    assert not any("roster" in note for note in check(desk).notes)


def test_remedies_fit_the_cause() -> None:
    """Each cause has its remedy, causes go before symptoms, what else fits follows; nothing suggests fewer people."""

    def actions(level: Level, *signals: str, parked: bool = False) -> list[str]:
        because = tuple(Reason(s, 2, 1, "share", Level.DANGER) for s in signals)
        return [one.action for one in remedies(level, because, parked)]

    assert actions(Level.DANGER, "chase", "arrivals") == ["pause_intake", "office_hours", "add_cover"]
    assert actions(Level.WATCH, "capacity") == ["add_cover"]
    assert actions(Level.WATCH, "chase") == ["office_hours", "add_cover"]
    assert actions(Level.WATCH, "wait", parked=True) == ["park_openly", "add_cover"]
    assert actions(Level.WATCH) == ["add_cover"]
    assert actions(Level.HEALTHY, "capacity") == ["keep_slack"]
    assert actions(Level.HEALTHY, "wait") == []
    assert actions(Level.UNKNOWN) == []


@st.composite
def _fact(draw: st.DrawFn) -> Signal:
    """Any fact within five weeks, possible or not."""
    key = draw(st.integers(1, 40))
    when = round((START + draw(st.floats(0, 5 * WEEK))) * 1e6)
    actor = draw(st.sampled_from([b"", b"a" * 8, b"b" * 8]))
    undoes = int(draw(st.sampled_from(list(Kind))))
    return Signal(1, key, key, draw(st.sampled_from(list(Kind))), actor, when, undoes)


@examples(60)
@given(
    st.lists(_fact(), max_size=120),
    st.integers(0, 4),
    st.sampled_from([None, *Basis]),
    st.sampled_from([None, 0.5]),
    st.floats(0, 6 * WEEK),
)
def test_no_nonsense_ever(
    signals: list[Signal], people: int, basis: Basis | None, minutes: float | None, later: float
) -> None:
    """Whatever the facts: every number finite, shares in 0–1, and no figure is a bare None."""
    team = replace(team_of(people), hands_on_minutes=minutes)
    found = assess(Facts.of(signals), team, START + later, basis=basis)
    assert all(math.isfinite(n) for n in numbers(found))
    parts: tuple[Any, ...] = (found, found.flow, found.capacity, found.resilience, *found.weeks)
    assert not [f.name for part in parts for f in fields(part) if getattr(part, f.name) is None]
    for week in found.weeks:
        assert isinstance(week.p_over, Unknown) or 0 <= week.p_over <= 1
    assert (found.level is Level.UNKNOWN) is isinstance(found.since, Unknown)


def test_the_window_is_what_was_asked_for() -> None:
    """A window of seven days counts that week only."""
    desk = simulate(13, weeks=6)
    week = check(desk, window_days=7)
    arrived = desk.facts.at[desk.facts.kind == Kind.ARRIVAL]
    assert week.flow.arrivals_per_week == np.count_nonzero(arrived >= desk.now - WEEK)
    assert week.window_days == 7
