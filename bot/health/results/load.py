"""What is asked of a team, what it can give, and what is left for shocks. Times are working hours."""

from dataclasses import dataclass
from enum import StrEnum

from bot.health.results.figures import NOT_ASKED, UNTOLD, Estimate, Spread, Unknown


class Basis(StrEnum):
    """What a utilization rests on, best first."""

    CLAIMS = "claims"
    REPLIES = "replies"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Utilization:
    """Offered load ÷ capacity.

    Attributes:
        value: The point estimate of all work: seen work plus the middle of the unseen load.
        low: Lower end of the 80% range, the unseen load's range included.
        high: Upper end.
        basis: What it rests on.
        seen: The seen work alone.
        work: ρ_work, from hours worked (basis claims or replies).
        wait: ρ_wait, the utilization that explains the observed wait.
        parked: Claims are held while nothing is done on them (ρ_work − ρ_wait > 0.1).
    """

    value: float
    low: float
    high: float
    basis: Basis
    seen: Estimate
    work: float | Unknown = UNTOLD
    wait: float | Unknown = UNTOLD
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Unseen:
    """Work that cannot be seen here: meetings, direct messages, other duties.

    Attributes:
        share: Of capacity, with its 80% range.
        basis: `stated` by the lead, or `fitted` to waits that are longer than the seen work explains.
        seen: Utilization by the work seen alone, over the weeks fitted; over the window where stated.
        weeks: Complete weeks that it was fitted to; 0 where stated.
    """

    share: Estimate
    basis: str
    seen: float
    weeks: int = 0

    @property
    def whole(self) -> Estimate:
        """Utilization by the work seen and this work together."""
        return Estimate(self.seen + self.share.value, self.seen + self.share.low, self.seen + self.share.high)


@dataclass(frozen=True, slots=True)
class Flow:
    """How requests move through the queue, over the window."""

    arrivals_per_week: float | Unknown = UNTOLD
    done_per_week: float | Unknown = UNTOLD
    open: int | Unknown = 0
    wait: Spread | Unknown = UNTOLD
    cycle: Spread | Unknown = UNTOLD
    arrival_scv: float | Unknown = UNTOLD
    service_scv: float | Unknown = UNTOLD
    service_hours: float | Unknown = UNTOLD
    trend: float | Unknown = UNTOLD  # arrivals per week: the window's second half ÷ its first, minus 1


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the team can give, and how much of it is asked for."""

    people: int
    hours_per_week: float | Unknown = UNTOLD
    utilization: Utilization | Unknown = UNTOLD
    danger_line: float | Unknown = UNTOLD
    p_over_line: float | Unknown = UNTOLD
    predicted_wait_hours: float | Unknown = UNTOLD  # also where the load exceeds capacity: no steady state
    unseen: Unseen | Unknown = NOT_ASKED


@dataclass(frozen=True, slots=True)
class Resilience:
    """What is left for shocks."""

    slack_hours_per_week: Estimate | Unknown = NOT_ASKED
    surge_tolerance: float | Unknown = (
        NOT_ASKED  # share of today's demand that may still be added; negative: already failing
    )
    surge_requests_per_day: float | Unknown = NOT_ASKED
    recovery_days_one_away: float | Unknown = NOT_ASKED  # median working days after the return, of replays
    recovery_days_one_away_p80: float | Unknown = NOT_ASKED
    buffer_people: float | Unknown = (
        NOT_ASKED  # people beyond today's for one request in five to wait; negative: to spare
    )
