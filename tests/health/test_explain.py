"""Why a level rose, on simulated desks whose true cause is known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from bot.health.assess import assess
from bot.health.explain import OF_HOURS
from bot.health.facts import Facts
from bot.health.results import NOT_ASKED, UNEXPLAINED, Assessment, Level, Unknown
from bot.signal import Kind
from bot.team import Person
from tests.health.desk import START, WEEK, Desk, fact, simulate, team_of

pytestmark = pytest.mark.slow

BEFORE, AFTER = 10, 5
TURN = date(2024, 1, 1) + timedelta(weeks=BEFORE)


def then(first: Desk, second: Desk, queue: int = 1) -> Facts:
    """The facts of one desk, then those of another one from the week after on."""
    later = BEFORE * WEEK
    shifted = replace(
        second.facts,
        request=second.facts.request + 100_000,
        message=second.facts.message + 100_000,
        at=second.facts.at + later,
    )
    joined = Facts.join((first.facts, shifted))
    return replace(joined, queue=np.full(len(joined), queue, np.int32), request=joined.request + queue * 1_000_000)


def judged(facts: Facts, people: Sequence[Person] = (), weeks: int = BEFORE + AFTER, size: int = 5) -> Assessment:
    """Assessed at the end."""
    team = replace(team_of(size), people=tuple(people)) if people else team_of(size)
    return assess(facts, team, START + weeks * WEEK)


def shares(found: Assessment) -> dict[str, float]:
    """By name; they add up."""
    assert not isinstance(found.causes, Unknown)
    by = {cause.name: cause.share.value for cause in found.causes.of}
    assert sum(by.values()) == pytest.approx(1)
    return by


def dated(found: Assessment) -> bool:
    """Whether the beginning is right, give or take a week."""
    return not isinstance(found.began, Unknown) and abs((found.began.week - TURN).days) <= 7


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_more_demand_is_named(seed: int) -> None:
    """Sixty percent more requests: demand has nearly all of it, and the suggestion is about demand."""
    facts = then(simulate(seed, rho=0.5, weeks=BEFORE), simulate(seed + 50, rho=0.85, weeks=AFTER))
    found = judged(facts)
    assert found.level >= Level.WATCH
    assert shares(found)["demand"] > 0.7
    assert found.suggestion == "pause_intake"
    assert dated(found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_longer_requests_are_named(seed: int) -> None:
    """As many requests that take nearly twice as long: hands-on time has most of it."""
    first = simulate(seed, rho=0.5, weeks=BEFORE)
    second = simulate(seed + 50, rho=0.95, service=1.9, weeks=AFTER)
    found = judged(then(first, second))
    assert found.level >= Level.WATCH
    assert shares(found)["service"] > 0.7
    assert found.suggestion == "office_hours"
    assert dated(found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_fewer_hours_are_named(seed: int) -> None:
    """Two of five leave, and the roster says so: hours on duty have most of it."""
    first = simulate(seed, rho=0.5, weeks=BEFORE)
    second = simulate(seed + 50, people=3, rho=0.86, weeks=AFTER)
    gone = TURN - timedelta(days=1)
    people = [Person(f"u{i}", since=date(2024, 1, 1), until=None if i < 3 else gone) for i in range(5)]
    found = judged(then(first, second), people)
    assert found.level >= Level.WATCH
    assert shares(found)["hours"] > 0.7
    assert found.suggestion == "add_cover"


def test_rework_is_named() -> None:
    """As many requests, of which eight in ten come back: rework has the largest share."""
    first = simulate(1, rho=0.65, weeks=BEFORE)
    second = simulate(2, rho=0.65, weeks=AFTER)
    rng = np.random.default_rng(3)
    done = np.flatnonzero((second.facts.kind == Kind.DONE) & (second.facts.at < second.now - 2 * 86400))
    again = []
    for row in rng.choice(done, int(len(done) * 0.8), replace=False):
        key, at = int(second.facts.request[row]), float(second.facts.at[row])
        who = int(second.facts.actor[row])
        again += [fact(key, Kind.REOPEN, at + 600), fact(key, Kind.CLAIM, at + 700, who)]
        again.append(fact(key, Kind.DONE, at + 700 + float(rng.exponential(3600)), who))
    facts = then(first, replace(second, facts=Facts.join((second.facts, Facts.of(again)))))
    found = judged(facts)
    assert found.level >= Level.WATCH
    by = shares(found)
    assert max(by, key=lambda name: by[name]) == "rework"
    assert found.suggestion == "look_back"


@pytest.mark.slow
def test_another_mix_is_named_and_no_slower_work() -> None:
    """A queue of long requests grows, one of short ones shrinks: the mix is named first, with that queue."""
    short = then(
        simulate(1, people=10, rho=0.16, service=0.4, weeks=BEFORE),
        simulate(2, people=10, rho=0.06, service=0.4, weeks=AFTER),
        1,
    )
    long = then(
        simulate(3, people=10, rho=0.35, service=3.0, weeks=BEFORE),
        simulate(4, people=10, rho=0.88, service=3.0, weeks=AFTER),
        2,
    )
    found = judged(Facts.join((short, long)), size=10)
    assert found.level >= Level.WATCH
    assert not isinstance(found.causes, Unknown)
    first = found.causes.of[0]
    assert (first.name, first.queue) == ("mix", 2)
    assert shares(found)["service"] < 0.3


def test_a_climb_has_an_outlook() -> None:
    """A load that climbs all the time: the wait has doubled, or does so soon, and the chances are in order."""
    desk = simulate(1, rho=0.62, weeks=16, rate_growth=1.2)
    found = assess(desk.facts, desk.team, desk.now)
    assert not isinstance(found.outlook, Unknown)
    assert found.outlook.doubles is not None
    today = datetime.fromtimestamp(desk.now, UTC).date()
    assert today <= found.outlook.doubles <= found.outlook.until == today + timedelta(weeks=8)
    assert found.outlook.p > 0.5
    assert found.outlook.already <= found.outlook.p


def test_a_healthy_team_is_not_explained() -> None:
    """Where nothing is to be done, nothing is explained; nor in a backtest, where only the level is told."""
    desk = simulate(1, rho=0.5, weeks=12)
    calm = assess(desk.facts, desk.team, desk.now)
    assert (calm.level, calm.began, calm.causes, calm.outlook) == (Level.HEALTHY, *[UNEXPLAINED] * 3)
    full = simulate(1, rho=0.62, weeks=16, rate_growth=1.2)
    quick = assess(full.facts, full.team, full.now, resilient=False)
    assert quick.level >= Level.WATCH
    assert (quick.began, quick.causes, quick.outlook) == (NOT_ASKED, NOT_ASKED, NOT_ASKED)


@pytest.mark.parametrize("people", [1, 2])
def test_small_teams_hear_of_arrivals_only(people: int) -> None:
    """One or two people: when requests grew, and nothing of hours, causes or the load to come."""
    facts = then(
        simulate(1, people=people, rho=0.45, service=0.3, weeks=BEFORE),
        simulate(2, people=people, rho=1.1, service=0.3, weeks=AFTER),
    )
    found = judged(facts, size=people)
    assert found.level >= Level.WATCH
    assert dated(found)
    assert (found.causes, found.likely, found.outlook) == (OF_HOURS, OF_HOURS, OF_HOURS)


@pytest.mark.slow
def test_a_team_that_was_two_once_hears_no_hours() -> None:
    """Five people of whom three came later: weeks of a pair would be a person's."""
    facts = then(simulate(1, people=2, rho=0.5, weeks=BEFORE), simulate(2, people=5, rho=1.0, weeks=AFTER))
    people = [Person(f"u{i}", since=date(2024, 1, 1) if i < 2 else TURN) for i in range(5)]
    found = judged(facts, people)
    assert not found.causes
    assert not found.outlook


@pytest.mark.parametrize("seed", range(3))
def test_a_stale_roster_is_not_taken_for_demand(seed: int) -> None:
    """Two of five stop working while the roster keeps them: hours are named, as counted by those seen at work."""
    facts = then(simulate(seed, rho=0.5, weeks=BEFORE), simulate(seed + 50, people=3, rho=0.86, weeks=AFTER))
    found = judged(facts)
    assert found.level >= Level.WATCH
    assert not isinstance(found.likely, Unknown)
    assert found.likely.name == "hours"
    assert found.likely.present is not None
    assert found.likely.present.low <= 0.6 <= found.likely.present.high + 0.05
    assert shares(found)["hours"] > 0.7
    assert not isinstance(found.causes, Unknown)
    assert found.causes.present == found.likely.present
    assert found.suggestion == "add_cover"


def test_a_true_roster_is_not_doubted() -> None:
    """Two of five leave and the roster says so: hours are the cause, and nobody is asked to mend it."""
    gone = TURN - timedelta(days=1)
    people = [Person(f"u{i}", since=date(2024, 1, 1), until=None if i < 3 else gone) for i in range(5)]
    found = judged(then(simulate(1, rho=0.5, weeks=BEFORE), simulate(51, people=3, rho=0.86, weeks=AFTER)), people)
    assert not isinstance(found.likely, Unknown)
    assert (found.likely.name, found.likely.present) == ("hours", None)
    assert not isinstance(found.causes, Unknown)
    assert found.causes.present is None


def test_the_order_of_rows_does_not_matter() -> None:
    """The same facts in another order are explained alike."""
    facts = then(simulate(1, rho=0.5, weeks=BEFORE), simulate(51, people=3, rho=0.86, weeks=AFTER))
    mixed = facts.take(np.random.default_rng(4).permutation(len(facts)))
    one, other = judged(facts), judged(mixed)
    assert (one.began, one.causes, one.likely, one.outlook) == (other.began, other.causes, other.likely, other.outlook)


def test_weeks_without_capacity_change_nothing() -> None:
    """Everybody off for two weeks in the middle: a clear answer or unknown, every number finite."""
    off = tuple(date(2024, 2, 12) + timedelta(days=n) for n in range(14))
    people = [Person(f"u{i}", since=date(2024, 1, 1), off=frozenset(off)) for i in range(5)]
    facts = then(simulate(1, rho=0.5, weeks=BEFORE), simulate(2, rho=0.9, weeks=AFTER))
    found = judged(facts, people)
    assert found.level >= Level.WATCH
    assert all(np.isfinite([c.share.low, c.share.value, c.share.high]).all() for c in found.causes.of)  # type: ignore[union-attr]


def test_a_team_that_changes_size_daily() -> None:
    """Three to seven people, another number each day: the cause is still demand, and nothing is NaN."""
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range((BEFORE + AFTER) * 7)]
    people = [
        Person(f"u{i}", since=date(2024, 1, 1), off=frozenset(d for n, d in enumerate(days) if i >= 3 + n % 5))
        for i in range(7)
    ]
    facts = then(simulate(1, rho=0.5, weeks=BEFORE), simulate(2, rho=0.9, weeks=AFTER))
    found = judged(facts, people)
    assert found.level >= Level.WATCH
    by = shares(found)
    assert max(by, key=lambda name: by[name]) == "demand"
    assert all(np.isfinite([c.share.low, c.share.high, c.change.low]).all() for c in found.causes.of)  # type: ignore[union-attr]
