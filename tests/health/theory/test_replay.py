"""The replay against exact queues, and what must hold for every desk."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.theory.replay import SORTED_UP_TO, Plan, absences, batch, lognormal, waits
from tests.budget import examples

REFERENCE = json.loads((Path(__file__).parents[2] / "data" / "reference.json").read_text())
COPIES, CUSTOMERS, SETTLING = 500, 2500, 1000


def cases(section: str) -> list[Any]:
    """Cases whose queue settles within the customers left out."""
    found = [row for row in REFERENCE[section] if row["c"] <= 20 and 0.5 <= row["rho"] <= 0.85]
    return [pytest.param(row, id=f"{row['c']} at {row['rho']}, {row.get('cs2', '')}") for row in found]


def mean_wait(people: int, rho: float, scv: float) -> tuple[float, float]:
    """Mean wait in service times with its standard error, Poisson arrivals and lognormal service."""
    rng = np.random.default_rng(7)
    arrivals = np.cumsum(rng.exponential(1 / (people * rho), (CUSTOMERS, COPIES)), axis=0)
    means = waits(arrivals, lognormal(1.0, scv, (CUSTOMERS, COPIES), rng), people)[SETTLING:].mean(axis=0)
    return float(means.mean()), float(means.std() / COPIES**0.5)


@pytest.mark.parametrize("row", cases("mmc"))
def test_exponential_service_has_the_exact_wait(row: dict[str, Any]) -> None:
    """M/M/c: the mean wait is Erlang's within four standard errors."""
    people, rng = row["c"], np.random.default_rng(11)
    arrivals = np.cumsum(rng.exponential(1 / (people * row["rho"]), (CUSTOMERS, COPIES)), axis=0)
    means = waits(arrivals, rng.exponential(1.0, arrivals.shape), people)[SETTLING:].mean(axis=0)
    assert abs(means.mean() - row["Wq"]) < 4 * means.std() / COPIES**0.5


@pytest.mark.slow
@pytest.mark.parametrize("row", cases("mdc"))
def test_constant_service_has_the_exact_wait(row: dict[str, Any]) -> None:
    """M/D/c: the mean wait is Crommelin's within four standard errors."""
    mean, error = mean_wait(row["c"], row["rho"], 0.0)
    assert abs(mean - row["Wq"]) < 4 * error


@pytest.mark.slow
@pytest.mark.parametrize("row", cases("mlnc_simulation"))
def test_lognormal_service_has_the_wait_of_long_simulations(row: dict[str, Any]) -> None:
    """M/LN/c: the mean wait is that of 45 million customers, within four standard errors of both."""
    mean, error = mean_wait(row["c"], row["rho"], row["cs2"])
    assert abs(mean - row["Wq"]) < 4 * (error + row["se"])


def test_lognormal_times_have_the_mean_and_variance_asked_for() -> None:
    """Mean and squared coefficient of variation come out; with none, all times are equal."""
    drawn = lognormal(2.0, 0.5, (200_000,), np.random.default_rng(3))
    assert drawn.mean() == pytest.approx(2.0, rel=0.02)
    assert drawn.var() / drawn.mean() ** 2 == pytest.approx(0.5, rel=0.05)
    assert set(lognormal(2.0, 0.0, (5,), np.random.default_rng(3))) == {2.0}


queues = st.tuples(st.integers(1, 40), st.integers(1, 60), st.integers(0, 2**32 - 1))


@examples(60)
@given(queues)
def test_both_ways_to_find_who_is_free_agree(queue: tuple[int, int, int]) -> None:
    """The recursion gives what a plain loop over one copy gives, for few people and for many."""
    people, n, seed = queue
    rng = np.random.default_rng(seed)
    arrivals, service = np.sort(rng.random(n) * 10), rng.exponential(2.0, (n, 3))
    found = waits(arrivals, service, people)
    for copy in range(3):
        free = [0.0] * people
        for i in range(n):
            first = min(range(people), key=free.__getitem__)
            start = max(free[first], arrivals[i])
            free[first] = start + service[i, copy]
            assert found[i, copy] == pytest.approx(start - arrivals[i], abs=1e-9)


@examples(40)
@given(queues, st.floats(0.01, 100))
def test_a_scaled_desk_scales_its_waits(queue: tuple[int, int, int], factor: float) -> None:
    """All times ten times as long are waits ten times as long; one more person makes no request wait longer."""
    people, n, seed = queue
    rng = np.random.default_rng(seed)
    arrivals, service = np.sort(rng.random(n) * 10), rng.exponential(2.0, (n, 2))
    found = waits(arrivals, service, people)
    np.testing.assert_allclose(waits(arrivals * factor, service * factor, people), found * factor, atol=1e-6)
    assert (waits(arrivals, service, people + 1) <= found + 1e-9).all()


def test_what_fits_nothing_is_refused() -> None:
    """Nobody to serve, or arrays that do not belong together, are errors; no requests are no waits."""
    with pytest.raises(ValueError, match="0 people"):
        waits([1.0], [[1.0]], 0)
    with pytest.raises(ValueError, match="do not fit"):
        waits([1.0, 2.0], [[1.0]], 2)
    assert waits([], np.zeros((0, 4)), SORTED_UP_TO + 1).shape == (0, 4)


def plan_of(people: float = 3.0, each_day: int = 10, demand: float = 1.0, service: float = 1.0) -> Plan:
    """Four weeks of five days of eight hours, the same number of requests on each."""
    open_ = np.array([1.0, 1, 1, 1, 1, 0, 0])
    count = np.tile((open_ * each_day).astype(np.int64), (4, 1))
    first = (np.cumsum(count) - count.ravel()).reshape(count.shape)
    offset = np.random.default_rng(5).random(int(count.sum())) * 8
    return Plan(open_ * 8, open_ * 8 * people, offset, first, count, service, 1.0, demand).over(4)


def test_people_who_are_missing_are_jobs_of_the_same_length() -> None:
    """Five people where 3.5 are there: one away all day, one half the day; nobody is missing on a closed day."""
    begins, hours, day = absences(np.array([8.0, 0.0, 8.0]), np.array([28.0, 0.0, 40.0]), 5)
    assert sorted(zip(begins.tolist(), hours.tolist(), day.tolist(), strict=True)) == [(0.0, 4.0, 0), (0.0, 8.0, 0)]


@pytest.mark.parametrize("demand", [0.3, 1.0, 1.2, 2.5])
def test_demand_is_a_multiple_of_what_came(demand: float) -> None:
    """The mean number of requests is the past's times demand, in order, within opening hours."""
    plan = plan_of(demand=demand)
    drawn = batch(plan, 300, np.random.default_rng(1))
    assert drawn.counted.sum() / 300 == pytest.approx(200 * demand, rel=0.02)
    assert (np.diff(drawn.at, axis=0) >= 0).all()
    assert float(drawn.at.max()) <= plan.length.sum()
    assert plan.utilization == pytest.approx(10 * demand / 24)


def test_requests_made_one_keep_their_work() -> None:
    """A bundled desk replays fewer requests a week and, within chance, the same hours of work."""
    plan = plan_of(each_day=200, people=30.0)
    bundled = plan.bundled(250)
    work = [
        float(drawn.service[drawn.counted].sum() / 100)
        for drawn in (batch(p, 100, np.random.default_rng(2)) for p in (plan, bundled))
    ]
    assert bundled.bundle == pytest.approx(4)
    assert work[1] == pytest.approx(work[0], rel=0.02)


def test_the_same_draws_give_the_same_weeks() -> None:
    """Two batches from the same seed are equal to the last digit."""
    one, two = (batch(plan_of(), 5, np.random.default_rng(9)) for _ in range(2))
    assert (one.at == two.at).all()
    assert (one.service == two.service).all()
