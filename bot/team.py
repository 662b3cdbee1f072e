"""A team as it was said: people, hours, absences. Records only; what they add up to is `bot/health`'s."""

from dataclasses import dataclass
from datetime import date

NAMELESS = "#"
"""How the ids of people begin of whom only the number is known: two teams' `#1` are not the same person."""


@dataclass(frozen=True, slots=True)
class Person:
    """One responder on the roster. Dates are inclusive and in team time.

    Attributes:
        id: Slack user id, or the id an imported log uses.
        since: First day on the roster (None: always).
        until: Last day (None: still).
        off: Days away.
        half: Days away for half of their hours; a day that is also in `off` is a whole one.
        tz: Own IANA time zone, where it differs from the team's.
        hours: Own working hours, as in `Team.hours`.
        share: Share of working time for this team's queues, 0–1.
    """

    id: str
    since: date | None = None
    until: date | None = None
    off: frozenset[date] = frozenset()
    tz: str | None = None
    hours: str | None = None
    share: float = 1.0
    half: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Team:
    """People who answer, and what they said about their work.

    Attributes:
        name: As people call it.
        tz: IANA time zone of the team.
        hours: Working hours, e.g. `Mon-Fri 09:00-17:00` or `Mon-Thu 09:00-17:00, Fri 09:00-14:00`.
        country: ISO code whose public holidays are kept (None: none).
        people: The roster, whole history.
        hands_on_minutes: Stated hands-on time of one request, in minutes (None: not stated).
        hands_on_given: True when the team stated it, False when it comes from a preset.
        target_wait_hours: The wait the team wants to keep, in working hours (None: one service time).
        unseen_share: Share of capacity (0–1) that goes to work the bot cannot see.
        usually_away: Person-days away in a usual week, beyond the roster's known absences.
    """

    name: str
    tz: str = "UTC"
    hours: str = "Mon-Fri 09:00-17:00"
    country: str | None = None
    people: tuple[Person, ...] = ()
    hands_on_minutes: float | None = None
    hands_on_given: bool = False
    target_wait_hours: float | None = None
    unseen_share: float = 0.0
    usually_away: float = 0.0
