"""What can be done about a load, and what it would change."""

from dataclasses import dataclass

from bot.health.results.figures import Estimate


@dataclass(frozen=True, slots=True)
class Effect:
    """What a lasting change of one thing would do.

    Attributes:
        action: As in `Remedy`.
        amount: Person-hours a week for `add_cover`, share for `pause_intake`, `office_hours` and `look_back`,
            1 person away for `keep_slack`.
        to_line: The cover is what it takes to come back to the danger line, with its range in `needed`.
        before: Mean wait in hours as things are; None: no steady state, the queue grows.
        after: Mean wait after it, with its range; None: the queue would grow.
        needed: Hours of cover a week with their 80% range, where `to_line`.
    """

    action: str
    amount: float
    before: float | None
    after: Estimate | None
    to_line: bool = False
    needed: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to do; never fewer people.

    Attributes:
        action: `add_cover`, `pause_intake`, `office_hours`, `park_openly`, `look_back` or `keep_slack`.
        effect: What it would change; None where that cannot be predicted.
    """

    action: str
    effect: Effect | None = None
