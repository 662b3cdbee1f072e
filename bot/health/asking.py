"""When to ask somebody: the quiet hour of a day, on a day when they work, in their own time zone."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.health.seen.worktime import parse_hours, public_holidays, time_zone
from bot.team import Person, Team

USUAL_HOUR = 14
"""Asked at this hour of the day where too little is known of when it is quiet."""

ENOUGH = 60
"""Arrivals below which no hour is called quiet."""

LOOK_AHEAD = 60
"""Days within which a working day is looked for."""


def quiet_hour(arrivals: Iterable[float], team: Team) -> int:
    """The hour of the team's day in which fewest requests arrive; its first and last working hour do not count.

    Args:
        arrivals: Unix seconds, those of the last weeks.
        team: Its hours and time zone.

    Returns:
        0–23; `USUAL_HOUR` where fewer than `ENOUGH` arrived in those hours, or the day has no hour between.
    """
    spans = parse_hours(team.hours).spans
    hours = sorted({hour % 24 for _, opens, closes in spans for hour in range(-(-opens // 60) + 1, closes // 60 - 1)})
    zone = time_zone(team.tz)
    days = {day for day, _, _ in spans}
    seen = Counter(local.hour for at in arrivals if (local := datetime.fromtimestamp(at, zone)).weekday() in days)
    if not hours or sum(seen[hour] for hour in hours) < ENOUGH:
        return USUAL_HOUR
    return min(hours, key=lambda hour: (seen[hour], abs(hour - USUAL_HOUR), hour))


def asking_time(person: Person, team: Team, hour: int, after: float) -> float | None:
    """The first moment after another at which somebody is asked: that hour, there, on a day when they work.

    Where the hour lies outside of their own working time, the middle of it is taken.

    Args:
        person: Time zone, hours, days on the roster and away.
        team: Stands in for what the person has none of; its public holidays.
        hour: 0–23, on the person's clock.
        after: Unix seconds.

    Returns:
        Unix seconds; None where the next `LOOK_AHEAD` days have no such moment.
    """
    zone = time_zone(person.tz or team.tz)
    spans = parse_hours(person.hours or team.hours).spans
    today = datetime.fromtimestamp(after, zone).date()
    days = [today + timedelta(days=n) for n in range(LOOK_AHEAD)]
    off = person.off | public_holidays(team.country, {day.year for day in days})
    for day in days:
        if day in off or not _on_roster(person, day):
            continue
        of_day = [(opens, closes) for weekday, opens, closes in spans if weekday == day.weekday()]
        moment = _moment(day, of_day, hour, zone)
        if moment is not None and moment > after:
            return moment
    return None


def _on_roster(person: Person, day: date) -> bool:
    return (person.since or date.min) <= day <= (person.until or date.max)


def _moment(day: date, spans: list[tuple[int, int]], hour: int, zone: ZoneInfo) -> float | None:
    if not spans:
        return None
    fits = any(opens <= hour * 60 < closes - 30 for opens, closes in spans)
    opens, closes = max(spans, key=lambda span: span[1] - span[0])
    minute = hour * 60 if fits else (opens + closes) // 2
    start = datetime.combine(day + timedelta(days=minute // 1440), time(), zone)
    return start.replace(hour=minute % 1440 // 60, minute=minute % 60).timestamp()


def working_days_from(team: Team, moment: float, days: int) -> float:
    """The same time of day so many working days of the team later (before, where `days` is negative).

    Args:
        team: Its hours, time zone and public holidays.
        moment: Unix seconds.
        days: Working days; their weekdays are those on which work starts.
    """
    zone = time_zone(team.tz)
    weekdays = {day for day, _, _ in parse_hours(team.hours).spans}
    local = datetime.fromtimestamp(moment, zone)
    step = 1 if days > 0 else -1
    day, left = local.date(), abs(days)
    off = public_holidays(team.country, {local.year - 1, local.year, local.year + 1})
    while left:
        day += timedelta(days=step)
        left -= day.weekday() in weekdays and day not in off
    return datetime.combine(day, local.time(), zone).timestamp()
