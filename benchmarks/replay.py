"""How fast the replay is beside ciw and simpy, simulators of queues, on the same G/G/c work.

usage: python -m benchmarks.replay [--customers N] [--others N]

Five people at a utilization of .8, Poisson arrivals, lognormal service (cs² = 1.5). They run in turn, with draws and
settling counted in. Printed: customers a second of each, and for each of the others how many times as many the replay
serves, the ratio of the times to the same standard error of the mean wait, and the difference of the means in standard
errors.
"""

import argparse
import time
from collections.abc import Iterator
from typing import NamedTuple

import ciw  # type: ignore[import-untyped]  # it has no types
import numpy as np
import simpy

from bot.health.theory.replay import lognormal, waits

PEOPLE, RHO, SCV = 5, 0.8, 1.5
SETTLING = 300
EACH = 1_000


class Run(NamedTuple):
    """What one simulator made of it.

    Attributes:
        name: Of the simulator.
        customers: Served after settling.
        seconds: It took.
        mean: Wait.
        error: Its standard error, over copies of a thousand customers.
    """

    name: str
    customers: int
    seconds: float
    mean: float
    error: float


def replayed(customers: int) -> Run:
    """The replay."""
    rng, copies = np.random.default_rng(1), max(2, customers // EACH)
    begun = time.perf_counter()
    shape = (SETTLING + EACH, copies)
    arrivals = np.cumsum(rng.exponential(1 / (PEOPLE * RHO), shape), axis=0)
    means = waits(arrivals, lognormal(1.0, SCV, shape, rng), PEOPLE)[SETTLING:].mean(axis=0)
    return _run("replay", list(means), begun)


def by_ciw(customers: int) -> Run:
    """The same of ciw."""
    spread = np.log1p(SCV)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=PEOPLE * RHO)],
        service_distributions=[ciw.dists.Lognormal(-spread / 2, spread**0.5)],
        number_of_servers=[PEOPLE],
    )
    means, copies = [], max(2, customers // EACH)
    begun = time.perf_counter()
    for seed in range(copies):
        ciw.seed(seed)
        run = ciw.Simulation(network)
        run.simulate_until_max_customers(SETTLING + EACH)
        found = sorted((r.arrival_date, r.waiting_time) for r in run.get_all_records())
        means.append(float(np.mean([wait for _, wait in found[SETTLING:]])))
    return _run("ciw", means, begun)


def by_simpy(customers: int) -> Run:
    """The same of simpy."""
    means, copies = [], max(2, customers // EACH)
    begun = time.perf_counter()
    for seed in range(copies):
        rng = np.random.default_rng(seed)
        gaps = rng.exponential(1 / (PEOPLE * RHO), SETTLING + EACH).tolist()
        services = lognormal(1.0, SCV, (SETTLING + EACH,), rng).tolist()
        means.append(float(np.mean(_waited(gaps, services)[SETTLING:])))
    return _run("simpy", means, begun)


def _waited(gaps: list[float], services: list[float]) -> list[float]:
    """The waits of one copy, by simpy."""
    world = simpy.Environment()
    desk = simpy.Resource(world, PEOPLE)
    waited = [0.0] * len(gaps)

    def customer(number: int) -> Iterator[simpy.Event]:
        came = world.now
        with desk.request() as turn:
            yield turn
            waited[number] = world.now - came
            yield world.timeout(services[number])

    def source() -> Iterator[simpy.Event]:
        for number, gap in enumerate(gaps):
            yield world.timeout(gap)
            world.process(customer(number))  # type: ignore[arg-type]  # an iterator of events is what it runs

    world.process(source())  # type: ignore[arg-type]
    world.run()
    return waited


def _run(name: str, means: list[float], begun: float) -> Run:
    copies = len(means)
    error = float(np.std(means, ddof=1) / copies**0.5)
    return Run(name, copies * EACH, time.perf_counter() - begun, float(np.mean(means)), error)


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--others", type=int, default=40_000)
    asked = parser.parse_args()
    ours, others = replayed(asked.customers), [by_ciw(asked.others), by_simpy(asked.others)]
    for run in (ours, *others):
        print(
            f"{run.name:7}{run.customers:>10,} customers  {run.seconds:7.3f} s  "
            f"{run.customers / run.seconds:12,.0f} a second  mean {run.mean:.4f} ± {run.error:.4f}"
        )
    for run in others:
        times = ours.customers / ours.seconds * run.seconds / run.customers
        same = run.seconds * run.error**2 / (ours.seconds * ours.error**2)
        apart = abs(ours.mean - run.mean) / (ours.error**2 + run.error**2) ** 0.5
        print(
            f"replay ÷ {run.name}: customers a second {times:.0f}, time to the same standard error {same:.0f}; "
            f"means {apart:.2f} standard errors apart"
        )


if __name__ == "__main__":
    main()
