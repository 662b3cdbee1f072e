"""Desks that claim, or answer, everything the moment it comes: their waits say nothing, their hours do."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.picture import look
from bot.health.results import Basis, Utilization
from bot.signal import Kind
from tests.health.desk import START, WEEK, Desk, fact, simulate, team_of

CASE = Path(__file__).parents[2] / "data" / "claimed_at_once.csv"
HOUR = 3600.0


def case(later: float) -> Facts:
    """The tickets of the case, each claimed so many seconds later."""
    told = []
    with CASE.open() as rows:
        for row in csv.DictReader(rows):
            number, who = int(row["nr"]), int(row["who"][1:]) + 1
            came, claimed, done = (
                datetime.fromisoformat(row[column]).replace(tzinfo=UTC).timestamp() for column in ("auf", "claim", "zu")
            )
            told.append(fact(number, Kind.ARRIVAL, came))
            told.append(fact(number, Kind.CLAIM, claimed + later, who))
            told.append(fact(number, Kind.DONE, done, who))
    return Facts.of(told)


def used(facts: Facts, people: int, now: float) -> Utilization:
    """Utilization of the last four weeks, which must be known."""
    found = assess(facts, team_of(people), now, resilient=False).capacity.utilization
    assert isinstance(found, Utilization)
    return found


def hasty(desk: Desk, kind: Kind, by: int | None = None) -> Facts:
    """The desk's facts, with the first of a kind of each request given 20 seconds after it came, by somebody."""
    f = desk.facts
    rows = np.flatnonzero(f.kind == kind)
    rows = rows[np.lexsort((f.at[rows], f.request[rows]))]
    first = rows[np.unique(f.request[rows], return_index=True)[1]]
    arrivals = np.flatnonzero(f.kind == Kind.ARRIVAL)
    arrivals = arrivals[np.argsort(f.request[arrivals])]
    came = f.at[arrivals][np.searchsorted(f.request[arrivals], f.request[first])]
    at, actor = f.at.copy(), f.actor.copy()
    at[first] = came + 20
    if by is not None:
        actor[first] = by
    return replace(f, at=at, actor=actor)


def test_claimed_at_arrival_reads_as_claimed_an_hour_later() -> None:
    """58% by hand: within .10 of that, and of the same tickets claimed an hour later; and no laughable range."""
    now = datetime(2024, 2, 16, 16, 30, tzinfo=UTC).timestamp()
    at_once, later = used(case(0), 3, now), used(case(HOUR), 3, now)
    assert at_once.value == pytest.approx(70 / 120, abs=0.10)
    assert at_once.value == pytest.approx(later.value, abs=0.10)
    assert 0.4 < at_once.low < at_once.high < 0.8
    assert not at_once.parked


@pytest.mark.slow
@pytest.mark.parametrize("by", [None, 1], ids=["own", "dispatched"])
@pytest.mark.parametrize("people", [3, 5])
@pytest.mark.parametrize("rho", [0.5, 0.98])
def test_the_load_is_found_whoever_claims(rho: float, people: int, by: int | None) -> None:
    """Claimed at once by who will work on it, or all by one: three desks are off by less than .08; 98% never .8."""
    desks = [simulate(seed, people=people, rho=rho, weeks=10) for seed in range(3)]
    found = [used(hasty(desk, Kind.CLAIM, by), people, desk.now) for desk in desks]
    assert np.mean([u.value - desk.utilization for u, desk in zip(found, desks, strict=True)]) == pytest.approx(
        0, abs=0.08
    )
    assert {u.basis for u in found} == {Basis.CLAIMS}
    if rho > 0.9:
        assert min(u.value for u in found) >= 0.8


@pytest.mark.slow
def test_an_instant_first_reply_is_no_beginning_either() -> None:
    """Without claims, "I'll look" within seconds: half full reads so, and 98% reads as full."""
    for rho, low, high in ((0.5, 0.4, 0.62), (0.98, 0.85, 1.3)):
        desk = simulate(1, rho=rho, weeks=10, claims=False)
        found = used(hasty(desk, Kind.REPLY), 5, desk.now)
        assert found.basis is Basis.REPLIES
        assert low < found.value < high


def test_a_habit_takes_nine_in_ten() -> None:
    """Nine in ten begun within minutes is the habit, eight in ten is not; below twenty requests nobody can say."""
    found = []
    for n, slow in ((40, 4), (40, 8), (19, 0)):
        told = []
        for i in range(n):
            came = START + (i % 4) * WEEK + (10 + i // 4 * 0.4) * HOUR
            told.append(fact(i + 1, Kind.ARRIVAL, came))
            told.append(fact(i + 1, Kind.CLAIM, came + (1800 if i < slow else 30), 1))
            told.append(fact(i + 1, Kind.DONE, came + 2 * HOUR, 1))
        seen = look(Facts.of(told), team_of(3), START + 5 * WEEK, basis=None, held=None, history_weeks=26)
        found.append(seen.desk.at_once)
    assert found == [True, False, False]
