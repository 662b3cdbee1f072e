"""What a team said of itself, as far as a level depends on it."""

from dataclasses import dataclass

from bot.health.picture import Picture
from bot.health.results import Alerting, Basis


@dataclass(frozen=True, slots=True)
class Rules:
    """What a team said.

    Attributes:
        target: The wait it wants to keep, hours; None: none.
        small: Whether it has one or two people, whose load would be a person's.
        guessed: Whether hours of work are those of a preset, or unknown: never healthy unless waits were seen.
        stated: Hours of work of a job by its word; None where they are seen.
        basis: What hours of work rest on, a word of `Basis`; empty where nothing tells them.
        alerting: How early it wants to be told of drift.
        variance: Of counts of jobs and of the hours worked for each, as a multiple of that of chance.
    """

    target: float | None = None
    small: bool = False
    guessed: bool = False
    stated: float | None = None
    basis: str = ""
    alerting: Alerting = Alerting.USUAL
    variance: float = 2.3

    @classmethod
    def of(cls, picture: Picture, *, small: bool, alerting: Alerting) -> "Rules":
        """Those of a picture's team."""
        team, basis = picture.team, picture.basis
        minutes = team.hands_on_minutes if basis is Basis.STATED else None
        return cls(
            target=team.target_wait_hours,
            small=small,
            guessed=basis is None or (basis is Basis.STATED and not team.hands_on_given),
            stated=minutes / 60 if minutes else None,
            basis="" if basis is None else basis.value,
            alerting=alerting,
        )
