"""Numbers with their ranges, of which every figure is made, and the one way to not know one. Shares are 0–1."""

from dataclasses import dataclass
from typing import Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unknown:
    """In place of a figure that is not known.

    It is false, so that `if record` asks whether there is one. A number may be 0, which is false too: ask that with
    `isinstance` or `or_none`.

    Attributes:
        reason: Why, one clause.
    """

    reason: str

    def __bool__(self) -> Literal[False]:
        return False


UNTOLD = Unknown("these signals do not tell")
NOT_ASKED = Unknown("it was not worked out")


def or_none(figure: T | Unknown) -> T | None:
    """The figure, or None where it is not known."""
    return None if isinstance(figure, Unknown) else figure


def or_why(figure: T | None, reason: str) -> T | Unknown:
    """The figure, or why there is none."""
    return Unknown(reason) if figure is None else figure


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
