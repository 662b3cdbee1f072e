"""Numbers with their ranges, of which every figure is made. Shares are 0–1."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 80% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Span:
    """What lies between two assumptions; neither end is more likely than the other."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `n` with its Wilson 95% interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, 90th percentile and mean of times in working hours, over `n` requests, open ones counted."""

    p50: float
    p90: float
    mean: float
    n: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """Now ÷ before, with its 95% interval and P(it is above 1)."""

    value: float
    low: float
    high: float
    p_greater: float

    @property
    def rose(self) -> bool:
        """Whether the whole interval lies above 1."""
        return self.low > 1

    @property
    def fell(self) -> bool:
        """Whether the whole interval lies below 1."""
        return self.high < 1
