"""Who is there when, on an axis of working hours: hour 0 is Monday 2024-01-01 09:00 UTC, a day has 8, a week 40."""

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

MONDAY = date(2024, 1, 1)
START = 1_704_067_200.0
WEEKS, WEEK_DAYS, DAY_HOURS = 26, 5, 8
DAYS = WEEKS * WEEK_DAYS
# The desk works on after the last week without new requests, so that the wait of the last ones is known.
AFTER = 40 * WEEK_DAYS

AWAY_DAY, AWAY_WEEK = (0.02, 0.037), (0.05, 0.4)


@dataclass(frozen=True)
class Person:
    """One person: first working day, first working day no longer there (None: stays), and working days off."""

    first: int
    gone: int | None
    off: frozenset[int]

    def there(self, day: int) -> bool:
        """Whether this person works on a working day."""
        return self.first <= day and (self.gone is None or day < self.gone) and day not in self.off

    def days(self) -> list[int]:
        """All working days on which this person is there, those after the last week included."""
        return [day for day in range(DAYS + AFTER) if self.there(day)]


class Hours:
    """The working hours of one person, to go forward in by so many hours of work."""

    def __init__(self, person: Person) -> None:
        self.days = person.days()
        self.set = frozenset(self.days)

    def there(self, at: float) -> bool:
        """Whether the person is there at a working hour."""
        return int(at // DAY_HOURS) in self.set

    def back(self, at: float) -> float:
        """The first working hour from this one on at which the person is there; infinite when never again."""
        if self.there(at):
            return at
        place = bisect_right(self.days, int(at // DAY_HOURS))
        return float(self.days[place] * DAY_HOURS) if place < len(self.days) else math.inf

    def after(self, at: float, work: float) -> float:
        """When so many hours of work are done that begin while the person is there; infinite when never."""
        day = int(at // DAY_HOURS)
        left = (day + 1) * DAY_HOURS - at
        if work <= left:
            return at + work
        more, rest = divmod(work - left, DAY_HOURS)
        place = bisect_right(self.days, day) + int(more)
        return self.days[place] * DAY_HOURS + rest if place < len(self.days) else math.inf

    def leaves(self, at: float) -> float:
        """The end of the days in a row, this one among them, on which the person is there."""
        day = int(at // DAY_HOURS)
        while day + 1 in self.set:
            day += 1
        return float((day + 1) * DAY_HOURS)


def newcomer(rng: np.random.Generator, first: int = 0, gone: int | None = None) -> Person:
    """Somebody with single days off, and perhaps a week."""
    off = {day for day in range(DAYS) if rng.random() < rng.uniform(*AWAY_DAY)}
    if rng.random() < rng.uniform(*AWAY_WEEK):
        begin = int(rng.integers(WEEKS)) * WEEK_DAYS
        off |= set(range(begin, begin + WEEK_DAYS))
    return Person(first, gone, frozenset(off))


def holiday(people: list[Person], week: int, share: float, rng: np.random.Generator) -> list[Person]:
    """The same people, of whom a share is away for one week."""
    away = set(rng.choice(len(people), size=max(1, round(share * len(people))), replace=False).tolist())
    days = range(week * WEEK_DAYS, (week + 1) * WEEK_DAYS)
    return [replace(p, off=p.off | set(days)) if n in away else p for n, p in enumerate(people)]


def hours_by_week(people: list[Person]) -> list[float]:
    """Person-hours that are really there, by week."""
    return [
        float(DAY_HOURS * sum(p.there(day) for p in people for day in range(w * WEEK_DAYS, (w + 1) * WEEK_DAYS)))
        for w in range(WEEKS)
    ]


def day_of(working_day: int) -> date:
    """The calendar date of a working day."""
    week, day = divmod(working_day, WEEK_DAYS)
    return MONDAY + timedelta(days=7 * week + day)


def to_seconds(at: float) -> float:
    """Unix seconds of a working hour; the end of a day is the next day's morning."""
    day, hour = divmod(at, DAY_HOURS)
    week, weekday = divmod(int(day), WEEK_DAYS)
    return START + (7 * week + weekday) * 86_400.0 + (9 + hour) * 3_600.0


def to_hours(seconds: float) -> float:
    """The working hour of a moment; at night and on weekends that of the next morning."""
    day, second = divmod(seconds - START, 86_400.0)
    week, weekday = divmod(int(day), 7)
    if weekday >= WEEK_DAYS:
        return float((week + 1) * WEEK_DAYS * DAY_HOURS)
    return (week * WEEK_DAYS + weekday) * DAY_HOURS + min(max(second / 3_600.0 - 9.0, 0.0), float(DAY_HOURS))
