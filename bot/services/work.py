"""What a job is given."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.slack import Me, Slack
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Work:
    """Parts that jobs use.

    Attributes:
        db: The store.
        slack: Slack's Web API.
        clock: Unix seconds.
        me: The bot, as Slack knows it.
        pulse_floor: Answers to a pulse below which nothing is shown.
    """

    db: Database
    slack: Slack
    clock: Callable[[], float]
    me: Me
    pulse_floor: int = 5


Job = Callable[[Work, int], float | None]
"""A job: given its parts and its subject (a team's or queue's number), it returns the Unix second at which it is
due again, or None for never."""
