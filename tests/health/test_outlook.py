"""What becomes of the wait if it goes on so: chances that come true, dates that follow from the ramps."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.factors import Factors, Series
from bot.health.outlook import AHEAD, USUALLY, outlook, tempered
from bot.health.ramps import Queue, Ramps, ramps
from bot.health.results import Estimate, Outlook
from bot.health.theory.queueing import wait_ggc

TODAY = date(2026, 3, 2)
QUEUE = Queue(people=5.0, ca2=1.0, cs2=1.0, usual=0.7)


def only(start: float, length: float, rise: float, usual: float = 0.7, none: float = 0.0) -> Ramps:
    """One ramp, and with probability `none` no change."""
    grid = np.linspace(0, 0.995, 400)
    wait = np.vstack((grid, np.maximum(wait_ggc(grid, 5.0), 1e-9)))
    weight = np.array([[1 - none], [0.0], [0.0], [0.0]])
    one = [np.array([x]) for x in (start, length, rise, usual)]
    return Ramps(one[0], one[1], one[2], one[3], weight, none, wait, np.zeros(1))


def true_day(start: float, length: float, rise: float, usual: float) -> float:
    """Weeks from now at which the wait is twice the usual one, by Whitt's formula."""
    weeks = np.linspace(0, AHEAD, 7 * AHEAD + 1)
    rho = usual * np.exp(rise * np.clip((weeks - start) / length, 0, 1))
    return float(weeks[np.argmax(wait_ggc(rho, 5.0) >= 2 * wait_ggc(usual, 5.0))])


def test_a_climb_is_dated_as_the_formula_says() -> None:
    """One known ramp: the day on which Whitt's formula gives twice the usual wait, give or take half a week."""
    found = outlook(only(-2.0, 12.0, 0.3), TODAY)
    assert found.doubles is not None
    assert found.p == pytest.approx(1)
    assert found.already == pytest.approx(0)
    assert (found.doubles - TODAY).days / 7 == pytest.approx(true_day(-2.0, 12.0, 0.3, 0.7), abs=0.6)
    assert found.until == TODAY + timedelta(weeks=AHEAD)
    assert found.per_week.value == pytest.approx(0.7 * np.exp(0.05) * (np.exp(0.025) - 1))


def test_what_has_happened_is_told_as_such() -> None:
    """A load long risen: the wait has doubled, today is the day, and it climbs no more."""
    found = outlook(only(-8.0, 2.0, 0.3), TODAY)
    assert found.doubles == TODAY
    assert [found.already, found.p] == pytest.approx([1, 1])
    assert found.per_week.value == 0


def test_the_chance_of_no_change_counts() -> None:
    """Where it is as likely as not that nothing changed, the wait doubles with half the chance; below it no day."""
    assert outlook(only(-8.0, 2.0, 0.3, none=0.4), TODAY).p == pytest.approx(0.6)
    unlikely = outlook(only(-8.0, 2.0, 0.3, none=0.7), TODAY)
    assert unlikely.doubles is None
    assert unlikely.p == pytest.approx(0.3)
    assert outlook(only(-2.0, 2.0, 0.02), TODAY).p == 0


def test_the_chance_told_lies_between_the_ramps_and_what_usually_follows() -> None:
    """Halfway for what is still to come, nothing else; what has happened, and where no day is said, stay."""
    sure = tempered(outlook(only(-2.0, 12.0, 0.3), TODAY))
    assert sure.p == pytest.approx((1 + USUALLY) / 2)
    assert sure == replace(outlook(only(-2.0, 12.0, 0.3), TODAY), p=sure.p)
    for known in (only(-8.0, 2.0, 0.3), only(-8.0, 2.0, 0.3, none=0.7), only(-2.0, 2.0, 0.02)):
        assert tempered(outlook(known, TODAY)).p == pytest.approx(outlook(known, TODAY).p)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_tempered_chance_is_one_and_keeps_its_order(one: float, two: float) -> None:
    """It is no less than what has happened, at least a half where a day is said, and a surer one stays surer."""
    already, p = sorted((one, two))
    if p >= 0.5:
        told = [
            tempered(Outlook(TODAY, chance, TODAY, Estimate(0.0, 0.0, 0.0), already)).p for chance in (p, (1 + p) / 2)
        ]
        assert already - 1e-9 <= told[0] <= told[1] + 1e-9 <= 1 + 2e-9
        assert told[0] >= 0.5 - 1e-9


def weeks(load: list[float], wait: list[float]) -> Factors:
    """Demand and wait as given (factors), the rest steady."""
    n = len(load)
    flat = Series(np.zeros(n), np.full(n, 0.02))
    demand = Series(np.log(load), np.full(n, 0.005))
    return Factors(
        (demand, flat, flat, flat), Series(np.log(wait), np.full(n, 0.2)), np.ones(n), np.arange(0.0, n + 1.0)
    )


amounts = st.lists(st.floats(0.05, 20), min_size=6, max_size=26)


@given(amounts, st.floats(0.2, 60), st.floats(0, 3), st.integers(0, 9))
def test_always_a_chance(load: list[float], people: float, usual: float, seed: int) -> None:
    """Whatever the weeks: chances between 0 and 1 and in order, a day only where it is likely, all finite."""
    found = ramps(weeks(load, load), Queue(people, 2.0, 1.5, usual), np.random.default_rng(seed))
    assert found is not None
    told = outlook(found, TODAY)
    assert isinstance(told, Outlook)
    assert 0 <= told.already <= told.p + 1e-12
    assert told.p <= 1
    assert np.isfinite([told.per_week.low, told.per_week.value, told.per_week.high]).all()
    assert 0 <= told.per_week.low <= told.per_week.value <= told.per_week.high
    assert (told.doubles is None) == (told.p < 0.5)
    assert told.doubles is None or TODAY <= told.doubles <= told.until


def test_more_load_never_calms() -> None:
    """The higher the latest weeks stand, the surer it is that the wait doubles."""
    chances = []
    for height in (1.0, 1.1, 1.2, 1.35):
        load = [1.0] * 10 + [1 + (height - 1) / 2, height, height]
        found = ramps(weeks(load, [x**3 for x in load]), QUEUE, np.random.default_rng(3))
        assert found is not None
        chances.append(outlook(found, TODAY).p)
    assert chances == sorted(chances)
    assert chances[0] < 0.4
    assert chances[-1] > 0.8


def test_a_longer_wait_alone_is_heard() -> None:
    """The same load with waits three times as long makes it surer that the wait has doubled."""
    load = [1.0] * 10 + [1.05, 1.1, 1.1]
    short = ramps(weeks(load, [1.0] * 13), QUEUE, np.random.default_rng(3))
    long = ramps(weeks(load, [1.0] * 10 + [2.0, 3.0, 3.0]), QUEUE, np.random.default_rng(3))
    assert short is not None
    assert long is not None
    assert outlook(short, TODAY).already < outlook(long, TODAY).already - 0.1


def test_a_wait_that_is_not_of_the_load_does_not_double() -> None:
    """Where most of the usual wait is the pile of the night, the same load doubles it later, or not at all."""
    load = [1.0] * 8 + [1.05, 1.1, 1.15, 1.2, 1.2]
    chances = []
    for wait in (0.0, 0.5, 2.0, 8.0):
        queue = Queue(5.0, 1.0, 1.0, 0.7, service=1.0, wait=wait)
        found = ramps(weeks(load, [1.0] * 13), queue, np.random.default_rng(3))
        assert found is not None
        chances.append(outlook(found, TODAY).p)
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] < chances[0] / 2
