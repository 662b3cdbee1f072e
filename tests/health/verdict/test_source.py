"""What made a level is told with it: load, a backlog, drift, or the waits of a small team."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.results import Ground, Level, Reason, Source, Unknown
from bot.health.tiers import within
from bot.messages.words import verdict
from bot.signal import Kind, Signal
from tests.health.desk import DAY, START, WEEK, simulate, team_of


def source(facts: Facts, now: float, people: int = 5) -> tuple[Level, Source | Unknown]:
    """The level at a moment, and what made it."""
    found = assess(facts, team_of(people), now, resilient=False)
    return found.level, found.source


def test_a_full_desk_is_in_danger_by_its_load() -> None:
    """At 98% it is the load, shown by the utilization, which is over its line."""
    desk = simulate(2, rho=0.98, weeks=12)
    level, made = source(desk.facts, desk.now)
    assert (level, made and made.grounds) == (Level.DANGER, (Ground.LOAD, Ground.WAITS))
    assert made
    assert made.shown
    assert made.shown.signal == "utilization"
    assert made.shown.value > (made.shown.line or 0)


def test_a_flood_on_a_healthy_desk_is_danger_by_what_waits() -> None:
    """A thousand requests at once: the backlog, shown by the hours it takes; the load is not blamed."""
    desk = simulate(3, rho=0.5, weeks=9)
    at = START + 8 * WEEK + DAY + 15 * 3_600
    keys = [int((at + i / 100) * 1e6) for i in range(1000)]
    flood = Facts.of(Signal(1, key, key, Kind.ARRIVAL, b"") for key in keys)
    found = assess(Facts.join((desk.facts, flood)), desk.team, at + 3_600)
    assert found.level is Level.DANGER
    assert found.source == Source((Ground.BACKLOG,), found.reasons[0])
    assert found.reasons[0].signal == "pile"
    said = verdict(found, "Desk")
    assert "so much waits" in said
    assert "full" not in said


def test_people_who_are_missed_make_watch_by_drift() -> None:
    """Two of five are never seen again: watch before the load says so, and the number is that of the people seen."""
    desk = simulate(5, rho=0.6, weeks=12)
    away = (desk.facts.at > START + 8 * WEEK) & np.isin(desk.facts.actor, (4, 5))
    level, made = source(desk.facts.take(~away), START + 9 * WEEK)
    assert level is Level.WATCH
    assert made
    assert made.grounds == (Ground.DRIFT,)
    assert isinstance(made.shown, Reason)
    assert made.shown.signal == "active"


def test_of_a_pair_waits_make_the_level() -> None:
    """Whatever its level, no number of its work shows it."""
    for rho, growth in ((0.5, 0.0), (0.6, 2.0)):
        desk = simulate(6, people=2, rho=rho, weeks=16, rate_growth=growth)
        _, made = source(desk.facts, desk.now, 2)
        assert made
        assert set(made.grounds) <= {Ground.WAITS}
        assert made.shown is None


def test_without_a_level_nothing_made_it() -> None:
    """The reason is the one for which there is no level."""
    desk = simulate(7, weeks=1)
    found = assess(desk.facts, desk.team, desk.now)
    assert found.source == found.since
    assert isinstance(found.source, Unknown)


def test_what_made_it_is_hidden_where_a_pair_was_there() -> None:
    """A third joined last week: the level may rest on load, and its figure is still a pair's."""
    desk = simulate(4, people=3, rho=0.97, weeks=16)
    found = assess(desk.facts, replace(desk.team, people=desk.team.people[:3]), desk.now)
    assert found.source
    joined = (datetime.fromtimestamp(desk.now, UTC) - timedelta(days=10)).date()
    people = (*desk.team.people[:2], replace(desk.team.people[2], since=joined))
    grown = assess(desk.facts, replace(desk.team, people=people), desk.now)
    assert not grown.source or set(grown.source.grounds) <= {Ground.WAITS}
    assert within(grown) == grown
