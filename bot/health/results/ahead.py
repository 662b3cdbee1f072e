"""The wait of the week to come, and of a week that came otherwise than was expected."""

from dataclasses import dataclass

from bot.health.results.figures import Estimate


@dataclass(frozen=True, slots=True)
class WeekAhead(Estimate):
    """The mean wait of the seven days to come, hours.

    Attributes:
        planned: Share of requests that known peaks bring on top in these days; 0 without any.
        grows: That is more than can be done, so the wait grows through these days.
    """

    planned: float = 0.0
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Missed:
    """A week whose wait fell outside of what was expected of it.

    Attributes:
        said: As forecast at its beginning.
        took: Its mean wait for a first answer, hours.
    """

    said: WeekAhead
    took: float
