"""How fast the replay is beside ciw, a simulator of queues, on the same G/G/c work.

usage: python -m benchmarks.replay [--customers N] [--ciw N]

Five people at a utilization of .8, Poisson arrivals, lognormal service (cs² = 1.5). Both run in turn, with draws and
settling counted in. Printed: customers a second of both, their ratio, the ratio of the times each would need for the
same standard error of the mean wait, and both means with the difference in standard errors.
"""

import argparse
import time

import ciw  # type: ignore[import-untyped]  # it has no types
import numpy as np

from bot.health.replay import lognormal, waits

PEOPLE, RHO, SCV = 5, 0.8, 1.5
SETTLING = 300
EACH = 1_000


def replayed(customers: int) -> tuple[float, float, float]:
    """(seconds, mean wait, its standard error) of the replay, over copies of a thousand customers after settling."""
    rng, copies = np.random.default_rng(1), max(2, customers // EACH)
    begun = time.perf_counter()
    shape = (SETTLING + EACH, copies)
    arrivals = np.cumsum(rng.exponential(1 / (PEOPLE * RHO), shape), axis=0)
    means = waits(arrivals, lognormal(1.0, SCV, shape, rng), PEOPLE)[SETTLING:].mean(axis=0)
    return time.perf_counter() - begun, float(means.mean()), float(means.std(ddof=1) / copies**0.5)


def simulated(customers: int) -> tuple[float, float, float]:
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
        means.append(np.mean([wait for _, wait in found[SETTLING:]]))
    return time.perf_counter() - begun, float(np.mean(means)), float(np.std(means, ddof=1) / copies**0.5)


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--ciw", type=int, default=40_000)
    asked = parser.parse_args()
    ours, mean, error = replayed(asked.customers)
    theirs, other, other_error = simulated(asked.ciw)
    pace, other_pace = asked.customers / ours, asked.ciw / theirs
    for name, number, seconds, found, off in (
        ("replay", asked.customers, ours, mean, error),
        ("ciw", asked.ciw, theirs, other, other_error),
    ):
        print(
            f"{name:7}{number:>10,} customers  {seconds:7.3f} s  {number / seconds:12,.0f} a second  "
            f"mean {found:.4f} ± {off:.4f}"
        )
    print(f"customers a second, replay ÷ ciw           {pace / other_pace:8.0f}")
    print(f"time to the same standard error, ciw ÷ replay {theirs * other_error**2 / (ours * error**2):5.0f}")
    print(f"difference of the means, standard errors   {abs(mean - other) / (error**2 + other_error**2) ** 0.5:8.2f}")


if __name__ == "__main__":
    main()
