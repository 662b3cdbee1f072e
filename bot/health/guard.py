"""The quality guard: was speed paid for with quality?

Shares now and before are compared as Beta(x + ½, n − x + ½) (Jeffreys' prior), P(worse) corrected for looking at
several by Holm (1979, Scandinavian Journal of Statistics 6), with Fisher's exact test (1922, Journal of the Royal
Statistical Society 85) as a check. Throughput is compared by the conditional binomial: of all that was finished, the
share that falls into the latest weeks (Przyborowski & Wilenski 1940, Biometrika 31), with the interval of Clopper &
Pearson (1934, Biometrika 26). "False efficiency" is throughput that rose while a guard got worse.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import betainc, betaincinv, gammaln

from bot.health.results import Guard, Guarded, Guards, Ratio, Throughput, Unknown
from bot.health.results.speed import UNSEEN
from bot.health.theory.posterior import beta_greater, wilson

ENOUGH = 20
"""Fewer on one side say nothing."""

SURE = 0.95
"""A guard got worse when that is so with this probability, and intervals are as wide."""

MEASURES: Mapping[str, str] = {
    "reopen": "finished requests",
    "escalation": "requests",
    "satisfaction": "answers",
}
"""Guard → what it is a share of."""

LOWER_IS_WORSE = ("satisfaction",)

Counted = tuple[float, int]
"""(How many, of how many)."""

Both = tuple[Counted, Counted]
"""(Now, before)."""


def rate_ratio(now: tuple[float, float], before: tuple[float, float], dispersion: float = 1.0) -> Ratio:
    """One rate ÷ another, each (count, time or hours it was counted in).

    Args:
        now: Count of 0 or more, exposure above 0.
        before: The same, with a count above 0.
        dispersion: Variance ÷ mean of counts, 1 or more: clustered counts say less than so many independent ones.

    Raises:
        ValueError: A count, exposure or dispersion outside its range.
    """
    (x1, t1), (x0, t0) = now, before
    if not (0 <= x1 < math.inf and 0 < x0 < math.inf and 0 < t1 < math.inf and 0 < t0 < math.inf and dispersion >= 1):
        raise ValueError("counts and exposures must be above 0, dispersion at least 1")
    value = x1 / t1 / (x0 / t0)
    x1, x0 = x1 / dispersion, x0 / dispersion
    tail = (1 - SURE) / 2
    low = float(betaincinv(x1, x0 + 1, tail)) if x1 else 0.0
    high = float(betaincinv(x1 + 1, x0, 1 - tail))
    p_greater = float(betainc(x1, x0 + 1, t1 / (t1 + t0))) if x1 else 1.0
    return Ratio(value, _odds(low) * t0 / t1, _odds(high) * t0 / t1, 1 - p_greater)


def _odds(share: float) -> float:
    return share / max(1 - share, 1e-12)


def fisher(now: Counted, before: Counted) -> float:
    """Fisher's exact one-sided p: how often as large a share now, or larger, would come by chance were both the same.

    Raises:
        ValueError: A count outside 0–n.
    """
    (x1, n1), (x0, n0) = now, before
    if not (0 <= x1 <= n1 and 0 <= x0 <= n0):
        raise ValueError(f"{x1} of {n1} or {x0} of {n0} is no share")
    hits = x1 + x0
    as_large = np.arange(x1, min(n1, hits) + 1)
    logs = _choose(n1, as_large) + _choose(n0, hits - as_large) - _choose(n1 + n0, np.array(hits))
    return float(min(np.exp(logs).sum(), 1.0))


def _choose(
    n: float, k: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The logarithm of n over k."""
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def holm(p: Sequence[float]) -> list[float]:
    """Probabilities of "no worse", each corrected for looking at all of them; in the order given."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    corrected, largest = [0.0] * len(p), 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min((len(p) - rank) * p[i], 1.0))
        corrected[i] = largest
    return corrected


def guards(counted: Mapping[str, Both | Unknown]) -> Guards:
    """Whether each guard got worse.

    Args:
        counted: Guard → (now, before), each (x, n); or why there is nothing to count.

    Raises:
        ValueError: A count outside 0–n.
    """
    found = {measure: _single(measure, sides) for measure, sides in counted.items()}
    told = {measure: guard for measure, guard in found.items() if guard}
    corrected = holm([1 - guard.p_single for guard in told.values()])
    for (measure, guard), p in zip(told.items(), corrected, strict=True):
        found[measure] = replace(guard, p_worse=1 - p, worse=1 - p >= SURE)
    return found


def _single(measure: str, sides: Both | Unknown) -> Guard | Unknown:
    """A guard as if it were looked at alone."""
    if isinstance(sides, Unknown):
        return sides
    now, before = sides
    if min(n for _, n in sides) < ENOUGH:
        few = " and ".join(f"{n} {name}" for (_, n), name in ((before, "before"), (now, "now")) if n < ENOUGH)
        return Unknown(f"not enough data: {few}, {ENOUGH} {MEASURES[measure]} a side are needed")
    rates = wilson(*now), wilson(*before)
    if measure in LOWER_IS_WORSE:
        now, before = ((n - x, n) for x, n in sides)
    alone = beta_greater(now, before)
    return Guard(*rates, p_worse=alone, p_single=alone, fisher=fisher(now, before))


def throughput(
    now: tuple[int, float], before: tuple[int, float], size: Ratio | None, dispersion: float
) -> Throughput | Unknown:
    """Whether more was finished, and not only in smaller pieces; or why that cannot be said.

    Requests are taken as split where they became clearly smaller, by half of the rise in number or more (in
    logarithms), and no more work than before fits the figures.

    Args:
        now: (Requests finished, weeks).
        before: The same.
        size: Hands-on time of a request, now ÷ before; None where it is not seen.
        dispersion: Of weekly counts.
    """
    if min(now[0], before[0]) < ENOUGH:
        few = min(now[0], before[0])
        return Unknown(f"not enough data: {few} finished requests on one side, {ENOUGH} are needed")
    ratio = rate_ratio(now, before, max(dispersion, 1.0))
    split = (
        size is not None
        and ratio.rose
        and size.fell
        and size.low <= 1 / ratio.value
        and size.value <= ratio.value**-0.5
    )
    return Throughput(now[0] / now[1], before[0] / before[1], ratio, UNSEEN if size is None else size, split)


def with_guard(found: Guarded, measure: str, sides: Both | Unknown) -> Guarded:
    """The same with one guard more, or in place of the one of that name; all are corrected anew."""
    if isinstance(found.guards, Unknown):
        return found
    counted = {name: _counted(guard) for name, guard in found.guards.items()}
    return replace(found, guards=guards({**counted, measure: sides}))


def _counted(guard: Guard | Unknown) -> Both | Unknown:
    if isinstance(guard, Unknown):
        return guard
    now, before = ((round(rate.value * rate.n), rate.n) for rate in (guard.now, guard.before))
    return now, before
