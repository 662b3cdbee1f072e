"""Before and after a change: did a measure move, by how much, and could it have been seen at this volume at all?

Every measure is better when it is lower, and every week of it is a quotient, so that one record serves them all:
hours waited ÷ requests, hours worked ÷ hours there were, requests that came back ÷ requests closed.

Times (`wait`, `cycle`, `hands_on`) are compared by the logarithms of their weekly means and `utilization` by its
weeks, both with Welch's t interval over weeks (Welch 1947, Biometrika 34), so that what weeks differ among
themselves is in the range. Rates are compared as Beta(x + ½, n − x + ½) with both counts divided by the weeks'
dispersion: clustered counts say less than so many independent ones.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betainc, betaincinv, ndtri, stdtr, stdtrit

from bot.health.facts import Bools, Floats
from bot.health.theory.posterior import beta_greater, legendre

Verdict = Literal["better", "worse", "no_clear_change", "too_little"]

TIMES = ("wait", "cycle", "hands_on")
RATES = ("reopen", "chase", "escalation")
UNITS: Mapping[str, str] = {
    **dict.fromkeys(TIMES, "hours"),
    "utilization": "share",
    **dict.fromkeys(RATES, "share"),
}
"""Measure → its unit; shares are 0–1."""

LEAST_WEEKS, LEAST_JOBS = 4, 20
"""Below either on one side nothing is said."""

SURE = 0.95
"""A change is called better (worse) when it is so with this probability."""

POWER = 0.8
"""The smallest visible change is seen with this probability."""

_MOST_DISPERSION = 10.0


@dataclass(frozen=True, slots=True)
class Weekly:
    """One side of a comparison, one entry a week, in any order.

    Attributes:
        total: Hours (for rates: how many) of the week.
        by: What they are divided by; a week with 0 tells nothing and is left out.
        jobs: Requests that the week's figure rests on.
    """

    total: tuple[float, ...]
    by: tuple[float, ...]
    jobs: tuple[float, ...]

    @classmethod
    def of(
        cls, total: Sequence[float] | Floats, by: Sequence[float] | Floats, jobs: Sequence[float] | Floats
    ) -> "Weekly":
        """From columns of one length.

        Raises:
            ValueError: Columns of different lengths, or a number that is negative or not finite.
        """
        columns = [np.asarray(column, np.float64) for column in (total, by, jobs)]
        if len({column.shape for column in columns}) != 1 or columns[0].ndim != 1:
            raise ValueError("weekly columns must have one length")
        if any(not np.all(np.isfinite(column) & (column >= 0)) for column in columns):
            raise ValueError("weekly figures must be finite and at least 0")
        return cls(*(tuple(map(float, column)) for column in columns))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measure before and after a change. Ranges are 80%.

    Attributes:
        measure: A key of `UNITS`.
        unit: `hours` or `share`.
        before: Typical week before (geometric mean of weekly means for times, pooled for rates); None: nothing seen.
        after: The same after.
        change: After less before, in the unit.
        low: Lower end of the change's range.
        high: Its upper end.
        p_better: P(it is lower now).
        weeks_before: Weeks that told something.
        weeks_after: The same after.
        smallest_visible: A fall smaller than this would mostly go unseen at this volume; in the unit, above 0.
        verdict: `better`, `worse`, `no_clear_change`, or `too_little` to say.
        reason: Why it is too little, one clause; else empty.
    """

    measure: str
    unit: str
    before: float | None
    after: float | None
    change: float | None
    low: float | None
    high: float | None
    p_better: float | None
    weeks_before: int
    weeks_after: int
    smallest_visible: float | None
    verdict: Verdict
    reason: str = ""


def compare(measure: str, before: Weekly, after: Weekly) -> Comparison:
    """Whether a measure moved.

    Args:
        measure: A key of `UNITS`.
        before: Complete weeks before the change, as known at a moment.
        after: Complete weeks after it, as known equally long after their end.

    Raises:
        ValueError: A measure that does not exist.
    """
    if measure not in UNITS:
        raise ValueError(f"measure {measure!r} is none of {', '.join(UNITS)}")
    sides = _Side.of(before), _Side.of(after)
    reason = _too_little(*sides)
    if reason:
        return too_little(measure, reason, len(sides[0].total), len(sides[1].total))
    if measure in RATES:
        return _rates(measure, *sides)
    return _times(measure, *sides) if measure in TIMES else _shares(measure, *sides)


def too_little(measure: str, reason: str, weeks_before: int = 0, weeks_after: int = 0) -> Comparison:
    """A comparison that cannot be made, with its reason."""
    nothing = (None,) * 6
    return Comparison(measure, UNITS[measure], *nothing, weeks_before, weeks_after, None, "too_little", reason)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The weeks that tell something, sorted so that their order does not matter."""

    total: Floats
    by: Floats
    jobs: float

    @classmethod
    def of(cls, weekly: Weekly) -> "_Side":
        total, by, jobs = (np.array(column, np.float64) for column in (weekly.total, weekly.by, weekly.jobs))
        seen: Bools = by > 0
        total, by, jobs = total[seen], by[seen], jobs[seen]
        order = np.lexsort((by, total))
        return cls(total[order], by[order], math.fsum(jobs))

    @property
    def weeks(self) -> Floats:
        return self.total / self.by


def _too_little(before: _Side, after: _Side) -> str:
    for side, name in ((before, "before"), (after, "after")):
        n = len(side.total)
        if n < LEAST_WEEKS:
            only = "no complete week" if n == 0 else "only one complete week" if n == 1 else f"only {n} complete weeks"
            return f"{only} {name} it {'tells' if n < 2 else 'tell'} something, {LEAST_WEEKS} are needed"
        if side.jobs < LEAST_JOBS:
            return f"fewer than {LEAST_JOBS} requests in the weeks {name} it"
    return ""


def _times(measure: str, before: _Side, after: _Side) -> Comparison:
    """By logarithms: what differs is a factor, given in hours of the week before."""
    both = np.concatenate((before.weeks, after.weeks))
    if not both.any():
        return too_little(measure, "all its hours are 0", len(before.total), len(after.total))
    least = both[both > 0].min() / 2  # a week in which nobody waited has no logarithm
    logs = [np.log(np.maximum(side.weeks, least)) for side in (before, after)]
    moved = Difference.of(*logs)
    level = math.exp(float(logs[0].mean()))
    low, high = (level * math.expm1(end) for end in moved.range())
    change = level * math.expm1(moved.mean)
    seen = level * -math.expm1(-moved.visible())
    return _said(measure, before, after, (level, level + change), (change, low, high), moved.p_below(), seen)


def _shares(measure: str, before: _Side, after: _Side) -> Comparison:
    moved = Difference.of(before.weeks, after.weeks)
    levels = (float(before.weeks.mean()), float(after.weeks.mean()))
    return _said(measure, before, after, levels, (moved.mean, *moved.range()), moved.p_below(), moved.visible())


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of the weeks after less that of the weeks before, as a t distribution (Welch's interval).

    Attributes:
        mean: The difference.
        error: Its standard error.
        df: Degrees of freedom.
    """

    mean: float
    error: float
    df: float

    @classmethod
    def of(cls, before: Floats, after: Floats) -> "Difference":
        """Of two weeks a side at least."""
        parts = [float(side.var(ddof=1)) / len(side) for side in (before, after)]
        total = sum(parts)
        below = sum(part**2 / (len(side) - 1) for part, side in zip(parts, (before, after), strict=True))
        df = total**2 / below if below > 0 else len(before) + len(after) - 2.0
        return cls(float(after.mean() - before.mean()), math.sqrt(total), df)

    def range(self, confidence: float = 0.8) -> tuple[float, float]:
        """Its interval of that confidence."""
        half = float(stdtrit(self.df, (1 + confidence) / 2)) * self.error
        return self.mean - half, self.mean + half

    def p_below(self, line: float = 0.0) -> float:
        """P(it is less than `line`); ½ where weeks that do not differ lie exactly there."""
        if self.error == 0:
            return 0.5 if self.mean == line else float(self.mean < line)
        return float(stdtr(self.df, (line - self.mean) / self.error))

    def visible(self) -> float:
        """The smallest fall that is mostly seen."""
        return float(stdtrit(self.df, SURE) + stdtrit(self.df, POWER)) * self.error


def _rates(measure: str, before: _Side, after: _Side) -> Comparison:
    spread = _dispersion(before, after)
    x0, n0 = float(before.total.sum()) / spread, float(before.by.sum()) / spread
    x1, n1 = float(after.total.sum()) / spread, float(after.by.sum()) / spread
    levels = (x0 / n0, x1 / n1)
    difference = _BetaDifference((x0, n0), (x1, n1))
    pooled = (x0 + x1 + 0.5) / (n0 + n1 + 1)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1))
    seen = float(ndtri(SURE) + ndtri(POWER)) * error
    change = (levels[1] - levels[0], difference.quantile(0.1), difference.quantile(0.9))
    return _said(measure, before, after, levels, change, beta_greater((x0, n0), (x1, n1)), seen)  # before above after


def _dispersion(before: _Side, after: _Side) -> float:
    """Variance of weekly counts ÷ that of independent ones, both sides together; between 1 and 10."""
    excess, weeks = 0.0, 0
    for side in (before, after):
        p = (float(side.total.sum()) + 0.5) / (float(side.by.sum()) + 1)
        excess += float(np.sum((side.total - p * side.by) ** 2 / (side.by * p * (1 - p))))
        weeks += len(side.by) - 1
    return float(np.clip(excess / weeks, 1.0, _MOST_DISPERSION))


class _BetaDifference:
    """Share after less share before, each Beta(x + ½, n − x + ½): quantiles by quadrature, no sampling."""

    def __init__(self, before: tuple[float, float], after: tuple[float, float]) -> None:
        self._after = (after[0] + 0.5, after[1] - after[0] + 0.5)
        nodes, weights = legendre()
        theta = (nodes + 1) * math.pi / 2  # u = sin²(θ/2) takes the edge off both ends
        u = np.sin(theta / 2) ** 2
        self._share = betaincinv(before[0] + 0.5, before[1] - before[0] + 0.5, u)
        self._weight = weights * np.sin(theta) * math.pi / 4

    def quantile(self, p: float) -> float:
        from scipy.optimize import brentq  # noqa: PLC0415  # importing it takes a tenth of a second

        return float(brentq(lambda change: self._below(change) - p, -1.0, 1.0, xtol=1e-6))

    def _below(self, change: float) -> float:
        share = np.clip(self._share + change, 0.0, 1.0)
        return float(np.sum(self._weight * betainc(*self._after, share)))


def _said(
    measure: str,
    before: _Side,
    after: _Side,
    levels: tuple[float, float],
    change: tuple[float, float, float],
    p_better: float,
    visible: float,
) -> Comparison:
    verdict: Verdict = "better" if p_better >= SURE else "worse" if p_better <= 1 - SURE else "no_clear_change"
    weeks = len(before.total), len(after.total)
    return Comparison(measure, UNITS[measure], *levels, *change, p_better, *weeks, visible, verdict)
