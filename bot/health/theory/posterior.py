"""Posterior: how sure a utilization, a rate or a change of a rate is, in exact distributions, no sampling.

Every result is finite, also for no data at all: the prior then speaks, and says nearly nothing.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import betainc, betaincinv, fdtrc, fdtri, ndtri

from bot.health.facts import Floats
from bot.health.results import Estimate, Rate

_LEAST_SCV = 0.01  # below this, service times count as equal; keeps the degrees of freedom finite


@dataclass(frozen=True, slots=True)
class RhoPosterior:
    """A utilization as a scaled F distribution.

    Attributes:
        scale: What one unit of F is worth: (n + ½)/(m + ½) · B/K.
        arrivals_df: Degrees of freedom that the arrivals give.
        service_df: Degrees of freedom that the service times give.
    """

    scale: float
    arrivals_df: float
    service_df: float

    @property
    def mean(self) -> float:
        """The mean; the median where the data are too few for a mean to exist (service_df ≤ 2)."""
        if self.service_df <= 2:
            return self.quantile(0.5)
        return self.scale * self.service_df / (self.service_df - 2)

    def quantile(self, p: float) -> float:
        """The utilization that it stays below with probability p (0 < p < 1)."""
        return self.scale * float(fdtri(self.arrivals_df, self.service_df, p))

    def above(self, line: float) -> float:
        """P(ρ > line)."""
        if line <= 0:
            return 1.0 if line < 0 or self.scale > 0 else 0.0
        return float(fdtrc(self.arrivals_df, self.service_df, line / self.scale)) if self.scale > 0 else 0.0

    def estimate(self) -> Estimate:
        """The median, which unlike the mean always lies inside, with the 80% interval."""
        return Estimate(self.quantile(0.5), self.quantile(0.1), self.quantile(0.9))


def rho_posterior(
    *,
    arrivals: float,
    completions: float,
    busy: float,
    capacity: float,
    service_scv: float = 1.0,
    dispersion: float = 1.0,
) -> RhoPosterior:
    """The posterior of ρ = λE[S]/c under Jeffreys' priors, for Poisson arrivals and exponential service.

    λ is Gamma(n + ½) over the time watched and the completion rate Gamma(m + ½) over the busy hours, so that
    ρ = (n + ½)/(m + ½) · B/K · F(2n + 1, 2m + 1) (Armero 1994, Queueing Systems 15). Service times of
    another variability and clustered arrivals change the degrees of freedom by moment matching.

    Args:
        arrivals: Jobs n that came, 0 or more.
        completions: Jobs m done in the busy hours, 0 or more; also by another share of the work than n.
        busy: Person-hours B worked for them.
        capacity: Person-hours K available while the jobs came, above 0.
        service_scv: Squared coefficient of variation of service times.
        dispersion: Variance ÷ mean of weekly arrivals, above 0; 1 is Poisson.

    Returns:
        The distribution; with no busy hours at all it is 0.

    Raises:
        ValueError: An argument outside its range.
    """
    given = (arrivals, completions, busy, service_scv, capacity, dispersion)
    if not (all(0 <= x < math.inf for x in given) and capacity > 0 and dispersion > 0):  # NaN fails too
        raise ValueError("counts, hours and variability must be at least 0, capacity and dispersion above 0")
    n, m = arrivals + 0.5, completions + 0.5
    return RhoPosterior(n / m * busy / capacity, 2 * n / dispersion, 2 * m / max(service_scv, _LEAST_SCV))


def wilson(x: float, n: int, confidence: float = 0.95) -> Rate:
    """The share x/n with its score interval (Wilson 1927, Journal of the American Statistical Association).

    Args:
        x: How many, 0–n.
        n: Of how many; with 0 the share is given as 0 and the interval as 0–1.
        confidence: Of the interval.

    Raises:
        ValueError: x outside 0–n.
    """
    if not 0 <= x <= n:
        raise ValueError(f"{x} of {n} is no share")
    if n == 0:
        return Rate(0.0, 0.0, 1.0, 0)
    z = float(ndtri((1 + confidence) / 2))
    share = x / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if x == 0 else max(0.0, centre - half)  # exactly at the ends, not within a rounding error
    return Rate(share, low, 1.0 if x == n else min(1.0, centre + half), n)


def beta_greater(now: tuple[float, float], before: tuple[float, float]) -> float:
    """P(share now > share before), each Beta(x + ½, n − x + ½) (Jeffreys' prior); ½ where neither has data.

    Args:
        now: (x, n): how many, of how many.
        before: The same.

    Raises:
        ValueError: An x outside 0–n.
    """
    for x, n in (now, before):
        if not 0 <= x <= n:
            raise ValueError(f"{x} of {n} is no share")
    # E[F_before(p_now)], over the quantiles u of p_now; u = sin²(θ/2) takes the edge off both ends
    nodes, weights = legendre()
    theta = (nodes + 1) * math.pi / 2
    u = np.sin(theta / 2) ** 2
    share = betaincinv(now[0] + 0.5, now[1] - now[0] + 0.5, u)
    below = betainc(before[0] + 0.5, before[1] - before[0] + 0.5, share)
    return float(np.clip(np.sum(weights * below * np.sin(theta)) * math.pi / 4, 0.0, 1.0))


@cache
def legendre() -> tuple[Floats, Floats]:
    """Nodes and weights of a Gauss–Legendre quadrature, which take longer than everything done with them."""
    nodes, weights = np.polynomial.legendre.leggauss(128)
    return nodes, weights
