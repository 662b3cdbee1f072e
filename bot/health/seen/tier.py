"""How many were on a roster from one moment to another, and so what may be shown of that time."""

from datetime import date, datetime, timedelta

from bot.health.results import Tier
from bot.health.seen.capacity import headcount_on
from bot.health.seen.worktime import time_zone
from bot.team import Team


def tier(team: Team, start: float, end: float | None = None) -> Tier:
    """What may be shown of a team from start to end (Unix seconds, team time): as much as on its smallest day.

    Days away do not count: who is away is still one of the team. Days with nobody on the roster hide nothing.

    Args:
        team: The roster.
        start: A moment of the first day.
        end: A moment of the last; None: of the same day.

    Raises:
        BadInputError: A time zone that does not exist.
    """
    return min(Tier.of(people) for people in _headcounts(team, start, start if end is None else end))


def had_fewer(team: Team, start: float, end: float, floor: int) -> bool:
    """Whether somebody, but fewer than `floor` people, were on the roster on any day; else as `tier`.

    Raises:
        BadInputError: A time zone that does not exist.
    """
    return any(0 < people < floor for people in _headcounts(team, start, end))


def fewest(team: Team, start: float, end: float) -> int:
    """People on the roster on the day with the fewest, from start to end (Unix seconds, team time).

    Raises:
        BadInputError: A time zone that does not exist.
    """
    return min(_headcounts(team, start, end))


def _headcounts(team: Team, start: float, end: float) -> list[int]:
    """People on the roster on the first day, and on each day on which that may have changed."""
    zone = time_zone(team.tz)
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (start, end))
    begun = {person.since for person in team.people if person.since}
    ended = {person.until + timedelta(days=1) for person in team.people if person.until and person.until < date.max}
    days = {first, *(day for day in begun | ended if first < day <= last)}
    return [headcount_on(team, day) for day in days]
