"""The factors of the load week by week: each shows its own change, and chance has its size."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from bot.health.factors import NAMES, PRESENCE, Factors, Series, at_work, factors
from bot.health.facts import Facts
from bot.health.picture import Picture, look
from bot.team import Person
from tests.health.desk import START, WEEK, Desk, simulate, team_of

BEFORE, AFTER = 10, 5
TURN = date(2024, 1, 1) + timedelta(weeks=BEFORE)


def then(first: Desk, second: Desk) -> Facts:
    """The facts of one desk, then those of another one from the week after on."""
    later = second.facts
    moved = replace(later, request=later.request + 10**6, message=later.message + 10**6, at=later.at + BEFORE * WEEK)
    return Facts.join((first.facts, moved))


def seen(facts: Facts, people: tuple[Person, ...] = (), weeks: int = BEFORE + AFTER) -> tuple[Picture, Factors]:
    """The picture at the end, and its factors."""
    team = replace(team_of(5), people=people) if people else team_of(5)
    picture = look(facts, team, START + weeks * WEEK, basis=None, held=None, history_weeks=26)
    return picture, factors(picture)


def moved(found: Factors, name: str) -> float:
    """Mean of the weeks after the turn less those before."""
    series = found.of[NAMES.index(name)]
    return float(np.nanmean(series.value[-AFTER:]) - np.nanmean(series.value[:-AFTER]))


def test_each_factor_shows_its_own_change() -> None:
    """Seven tenths more requests, or longer ones: that factor rises by so much, the others by next to nothing."""
    more = seen(then(simulate(1, rho=0.5, weeks=BEFORE), simulate(51, rho=0.85, weeks=AFTER)))[1]
    assert moved(more, "demand") == pytest.approx(np.log(1.7), abs=0.12)
    assert abs(moved(more, "hours")) < 0.01
    longer = seen(then(simulate(1, rho=0.5, weeks=BEFORE), simulate(51, rho=0.85, service=1.7, weeks=AFTER)))[1]
    assert moved(longer, "service") == pytest.approx(np.log(1.7), abs=0.2)
    assert abs(moved(longer, "demand")) < 0.12


def test_people_who_stop_working_count_as_hours_lost() -> None:
    """Two of five are seen no more, on the roster or off it: hours on duty fall alike."""
    facts = then(simulate(1, rho=0.5, weeks=BEFORE), simulate(51, people=3, rho=0.86, weeks=AFTER))
    stale = seen(facts)[1]
    assert moved(stale, "hours") == pytest.approx(np.log(5 / 3), abs=0.08)
    assert stale.present[-AFTER:].mean() == pytest.approx(0.6, abs=0.05)
    assert stale.present[:-AFTER].mean() > 0.95
    gone = TURN - timedelta(days=1)
    people = tuple(Person(f"u{i}", since=date(2024, 1, 1), until=None if i < 3 else gone) for i in range(5))
    true = seen(facts, people)[1]
    assert moved(true, "hours") == pytest.approx(np.log(5 / 3), abs=0.08)
    assert true.present.mean() > 0.95


def test_nobody_known_means_nothing_is_said() -> None:
    """Where no actor is known any more, as many are taken to be at work as the roster says."""
    desk = simulate(1, rho=0.6, weeks=12)
    nobody = replace(desk.facts, actor=np.zeros(len(desk.facts), np.uint64))
    assert (seen(nobody, weeks=12)[1].present == 1).all()


def test_never_more_people_than_the_roster() -> None:
    """A busier desk shows everybody, which is no sign of more people."""
    facts = then(simulate(1, rho=0.1, weeks=BEFORE), simulate(51, rho=0.9, weeks=AFTER))
    picture, found = seen(facts)
    assert found.present.max() <= 1
    assert at_work(picture, found.edges, np.zeros(found.weeks)).tolist() == [1.0] * found.weeks


def test_weeks_without_hours_are_left_out() -> None:
    """Everybody off for two weeks: these weeks tell nothing, and nothing is infinite."""
    off = frozenset(date(2024, 2, 12) + timedelta(days=n) for n in range(14))
    people = tuple(Person(f"u{i}", since=date(2024, 1, 1), off=off) for i in range(5))
    found = seen(simulate(1, rho=0.6, weeks=15).facts, people)[1]
    for series in found.of:
        assert not series.known[6:8].any()
        assert np.isfinite(series.value[series.known]).all()
        assert (series.variance[series.known] > 0).all()


def test_a_young_team_has_few_weeks() -> None:
    """A week of one request is one week in which no work was seen; before its end there is none."""
    desk = simulate(1, rho=0.6, weeks=1)
    found = seen(desk.facts.take(slice(0, 1)), weeks=1)[1]
    assert found.weeks == 1
    assert not found.of[NAMES.index("service")].known.any()
    assert seen(desk.facts.take(slice(0, 0)), weeks=1)[1].weeks == 0


def test_scatter_raises_the_variance_and_growth_does_not() -> None:
    """Weeks that jump count as less sure; a straight climb leaves the variance of plain counts."""
    flat = np.full(12, PRESENCE**2)
    every = np.ones(12, np.bool_)
    jumping = Series.scattered(np.resize([0.0, 0.5], 12), flat, every)
    climbing = Series.scattered(np.linspace(0.0, 0.22, 12), flat, every)
    assert jumping.variance[0] == pytest.approx(0.5**2 / 2)
    assert (climbing.variance == flat).all()
    unknown = Series.scattered(np.zeros(12), flat, np.arange(12) < 3)
    assert unknown.known.sum() == 3
    assert unknown.variance[0] == pytest.approx(1.5 * PRESENCE**2)
