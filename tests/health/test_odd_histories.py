"""Odd records of desks: a verdict with its evidence or a named lack, never NaN, no range to laugh at."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.results import Assessment, Estimate, Level, Unknown, Utilization
from bot.health.seen.utilization import BEYOND, HIGHEST
from bot.signal import Kind
from bot.team import Person, Team
from tests.health.desk import DAY, START, WEEK, fact, simulate, team_of

WEEKS = 8
NOW = START + WEEKS * WEEK
HOUR = 3600.0

Odd = tuple[Facts, Team]


def ordinary() -> Facts:
    """Eight weeks of a desk of five that is two thirds full."""
    return simulate(7, rho=0.66, weeks=WEEKS).facts


def told(*requests: tuple[int, float, float, float]) -> Facts:
    """Requests as (number, came, claimed, done)."""
    kinds = (Kind.ARRIVAL, Kind.CLAIM, Kind.DONE)
    rows = [(n, kind, at, 1 + n % 5) for n, *times in requests for kind, at in zip(kinds, times, strict=True)]
    return Facts.of(fact(n, kind, at, who) for n, kind, at, who in rows)


def constant_wait() -> Odd:
    """Eight a day, each begun after an hour and done after another, to the second."""
    at = [START + (i // 40) * WEEK + (i // 8 % 5) * DAY + (9 + i % 8 * 0.5) * HOUR for i in range(320)]
    return told(*((i + 1, t, t + HOUR, t + 2 * HOUR) for i, t in enumerate(at))), team_of(5)


def one_a_week() -> Odd:
    """One request a week."""
    at = [START + week * WEEK + 10 * HOUR for week in range(WEEKS)]
    return told(*((i + 1, t, t + HOUR, t + 3 * HOUR) for i, t in enumerate(at))), team_of(5)


def another_roster_every_week() -> Odd:
    """Three people one week, seven the next."""
    monday, people = date(2024, 1, 1), []
    for week in range(WEEKS + 1):
        since = monday + timedelta(7 * week)
        here = range(3 if week % 2 else 7)
        people += [Person(f"u{i}", since=since, until=since + timedelta(6)) for i in here]
    return ordinary(), replace(team_of(5), people=tuple(people))


def basis_changes() -> Odd:
    """Claims and ✅ for half of the time, then replies alone."""
    f = ordinary()
    return f.take(~(np.isin(f.kind, (Kind.CLAIM, Kind.DONE)) & (f.at > START + 4 * WEEK))), team_of(5)


def clock_wrong(by: float) -> Odd:
    """The clock that notes work is so many seconds off for a week."""
    f = ordinary()
    off = (f.at >= START + 5 * WEEK) & (f.at < START + 6 * WEEK) & (f.kind != Kind.ARRIVAL)
    return replace(f, at=np.where(off, f.at + by, f.at)), team_of(5)


def all_reopened() -> Odd:
    """Every request comes back an hour after it was done, and is done again."""
    f = ordinary()
    done = f.take(f.kind == Kind.DONE)
    again = replace(done, kind=np.full_like(done.kind, Kind.REOPEN), at=done.at + HOUR)
    return Facts.join([f, again, replace(done, at=done.at + 2 * HOUR)]), team_of(5)


def one_asker() -> Odd:
    """Everything is asked by one person, within minutes as one request."""
    f = ordinary()
    return replace(f, actor=np.where(f.kind == Kind.ARRIVAL, np.uint64(77), f.actor)), team_of(5)


def fifty_thousand_at_once() -> Odd:
    """An ordinary desk, and 50,000 requests of as many people in one minute of its last Wednesday."""
    n, at = 50_000, START + 7 * WEEK + 2 * DAY + 10 * HOUR
    flood = Facts(
        request=np.arange(n) + 10**7,
        message=np.arange(n) + 10**7,
        kind=np.full(n, Kind.ARRIVAL, np.int8),
        actor=np.arange(n, dtype=np.uint64) + np.uint64(1000),
        at=at + np.linspace(0, 60, n),
        timed=np.ones(n, np.bool_),
        undoes=np.zeros(n, np.int8),
        queue=np.ones(n, np.int32),
    )
    return Facts.join([ordinary(), flood]), team_of(5)


def posted_again() -> Odd:
    """One post in ten is deleted a minute later and stands there again, slightly other, two minutes after that."""
    f = ordinary()
    first = f.take((f.kind == Kind.ARRIVAL) & (f.request % 10 == 0))
    gone = replace(first, request=first.request + 10**6, message=first.message + 10**6, at=first.at - 180)
    return Facts.join([f, gone, replace(gone, kind=np.full_like(gone.kind, Kind.DELETE), at=gone.at + 60)]), team_of(5)


def outage() -> Odd:
    """Nothing was heard for three days."""
    f = ordinary()
    return f.take((f.at < START + 6 * WEEK + DAY) | (f.at >= START + 6 * WEEK + 4 * DAY)), team_of(5)


ODD: Mapping[str, Callable[[], Odd]] = {
    "a constant wait": constant_wait,
    "one request a week": one_a_week,
    "a roster that changes weekly": another_roster_every_week,
    "a basis that changes midway": basis_changes,
    "a clock a day behind for a week": lambda: clock_wrong(-DAY),
    "a clock a year ahead for a week": lambda: clock_wrong(366 * DAY),
    "a clock in 1970 for a week": lambda: clock_wrong(-START),
    "all reopened": all_reopened,
    "all from one asker": one_asker,
    "50,000 at once": fifty_thousand_at_once,
    "deleted and posted again": posted_again,
    "an outage of three days": outage,
}


def numbers(value: Any, where: str = "") -> Iterator[tuple[str, float]]:
    """All numbers in a record, with their place."""
    inner: list[tuple[Any, Any]] = []
    if is_dataclass(value) and not isinstance(value, type):
        kept = "today"  # it is kept, not shown, and NaN is its word for unknown
        inner = [(field.name, getattr(value, field.name)) for field in fields(value) if field.name != kept]
    elif isinstance(value, Mapping):
        inner = list(value.items())
    elif isinstance(value, tuple):
        inner = list(enumerate(value))
    elif isinstance(value, float):
        yield where, value
    for name, one in inner:
        yield from numbers(one, f"{where}.{name}")


def shares(found: Assessment) -> Iterator[Estimate | Utilization]:
    """All that is told as a share of capacity, with its range."""
    for one in (found.capacity.utilization, *(week.utilization for week in found.weeks)):
        if one:
            yield one
    if found.capacity.unseen:
        yield found.capacity.unseen.share
    if isinstance(found.capacity.utilization, Utilization):
        yield found.capacity.utilization.seen


def waits(found: Assessment) -> Iterator[float]:
    """All that is told of waits, in hours."""
    for spread in (found.flow.wait, found.flow.cycle):
        if spread:
            yield from (spread.p50, spread.p90, spread.mean)
    ahead = [found.forecast.low, found.forecast.value, found.forecast.high] if found.forecast else []
    for one in (found.capacity.predicted_wait_hours, *(week.mean_wait for week in found.weeks), *ahead):
        if not isinstance(one, Unknown):
            yield one


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_odd_histories_are_judged_or_the_lack_is_named(name: str) -> None:
    """No NaN, no endless figure, shares within 0–300% in order, no wait below 0, a level or why there is none."""
    facts, team = ODD[name]()
    found = assess(facts, team, NOW)
    seen = list(numbers(found))
    assert seen
    assert [place for place, one in seen if math.isnan(one)] == []
    # the upper end of what a remedy would do may be a queue that grows
    assert [place for place, one in seen if math.isinf(one) and not place.endswith("effect.after.high")] == []
    for one in shares(found):
        assert 0 <= one.low <= one.value <= one.high <= HIGHEST
    assert all(one >= 0 for one in waits(found))
    if found.level is Level.UNKNOWN:
        assert isinstance(found.since, Unknown)
        assert len(found.since.reason) > 10
    else:
        assert found.source


def test_a_post_deleted_and_posted_again_is_one_request() -> None:
    """As many arrivals, and no more escalated, chased, open or given up than without."""
    facts, team = posted_again()
    again, plain = (assess(f, team, NOW, resilient=False) for f in (facts, ordinary()))
    assert again.flow == plain.flow
    assert again.quality == plain.quality
    assert again.level is plain.level


def test_a_flood_is_no_desk_that_answers_in_the_channel() -> None:
    """50,000 that nobody answered are open, and their wait is told, as the weeks before were answered."""
    facts, team = fifty_thousand_at_once()
    found = assess(facts, team, NOW, resilient=False)
    assert not isinstance(found.flow.open, Unknown)
    assert found.flow.open > 49_000
    assert found.level is Level.DANGER
    assert found.capacity.utilization == BEYOND
    assert not any("parked" in note for note in found.notes)
