"""When a team's digest is due: which moment of which week, and until when a missed one is still made up for."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.health.seen.worktime import parse_hours, public_holidays
from bot.team import Team
from storage.rhythms import Rhythm

WEEK = timedelta(weeks=1)
AHEAD = 10
"""Weeks in which the next digest is looked for; a monthly one is due within five."""
MOST_DAYS_OFF = 14


def monday(tz: str, now: float) -> date:
    """The Monday of the week that is on, team time."""
    today = datetime.fromtimestamp(now, ZoneInfo(tz)).date()
    return today - timedelta(days=today.weekday())


def slot(team: Team, rhythm: Rhythm, week: date) -> float:
    """Unix second of a week's digest: the wished day, or the first working day after it, at the wished time.

    Args:
        team: Its hours, zone and holidays.
        rhythm: Its wishes.
        week: A Monday.
    """
    zone = ZoneInfo(team.tz)
    at = time(rhythm.digest_minute // 60, rhythm.digest_minute % 60)
    return datetime.combine(_working_day(team, week + timedelta(days=rhythm.digest_day)), at, zone).timestamp()


def open_until(team: Team, rhythm: Rhythm, week: date) -> float:
    """Unix second at which a missed digest of a week is given up: when that week ends, or the day it was moved to."""
    zone = ZoneInfo(team.tz)
    moved_to = datetime.fromtimestamp(slot(team, rhythm, week), zone).date()
    return datetime.combine(max(week + WEEK, moved_to + timedelta(days=1)), time(), zone).timestamp()


def due_week(team: Team, rhythm: Rhythm, now: float, since: float, told: Sequence[date]) -> date | None:
    """The Monday of the week whose digest is due now; None for none.

    Args:
        team: Its hours, zone and holidays.
        rhythm: Its wishes.
        now: Unix seconds.
        since: Unix second from which the team may be told; a digest that was due before is not made up for.
        told: Mondays of the weeks that were told already, the latest first.
    """
    this = monday(team.tz, now)
    for week in (this, this - WEEK):  # last week's may have been moved into this one
        at = slot(team, rhythm, week)
        if at <= now < open_until(team, rhythm, week) and at >= since and _wished(team, rhythm, week, told):
            return week
    return None


def next_slot(team: Team, rhythm: Rhythm, now: float, told: Sequence[date]) -> float | None:
    """Unix second of the next digest after `now`; None for a team that wants none."""
    return next((at for _, at in _coming(team, rhythm, now, told)), None)


def first_of_month(team: Team, rhythm: Rhythm, week: date, told: Sequence[date]) -> bool:
    """Whether no digest was told in the month in which this week's is due."""
    return _month(team, rhythm, week) not in {_month(team, rhythm, other) for other in told}


def _coming(team: Team, rhythm: Rhythm, now: float, told: Sequence[date]) -> Iterator[tuple[date, float]]:
    first = monday(team.tz, now) - WEEK
    for week in (first + n * WEEK for n in range(AHEAD)):
        at = slot(team, rhythm, week)
        if at > now and _wished(team, rhythm, week, told):
            yield week, at


def _wished(team: Team, rhythm: Rhythm, week: date, told: Sequence[date]) -> bool:
    if rhythm.digest == "off" or any(week <= other for other in told):  # two may be moved to one day: one tells it
        return False
    return rhythm.digest == "weekly" or first_of_month(team, rhythm, week, told)


def _month(team: Team, rhythm: Rhythm, week: date) -> tuple[int, int]:
    day = datetime.fromtimestamp(slot(team, rhythm, week), ZoneInfo(team.tz))
    return day.year, day.month


def _working_day(team: Team, day: date) -> date:
    """That day, or the first after it that is a working day of the team's and no holiday."""
    weekdays = {weekday for weekday, _, _ in parse_hours(team.hours).spans}
    days = [day + timedelta(days=n) for n in range(MOST_DAYS_OFF)]
    off = public_holidays(team.country, {d.year for d in days})
    return next((d for d in days if d.weekday() in weekdays and d not in off), day)
