"""Capacity: how many people are there to work at each moment, and the person-hours that adds up to.

Everyone counts on their own calendar: time zone, hours, share of working time, days on the roster, days away
and the country's public holidays. Only totals come out; nothing here tells one person from another.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from bot.health.seen.worktime import (
    HOUR,
    FloatArray,
    IntArray,
    Shifts,
    WorkClock,
    day_numbers,
    parse_hours,
    public_holidays,
    shifts,
    time_zone,
    united,
    work_clock,
    years_between,
)
from bot.team import Person, Team


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """People at work as a step function of time; nobody before its first step and after its last.

    Attributes:
        times: Unix seconds at which the number changes, ascending.
        people: People present from each of these times on (Σ share, less those usually away); ends with 0.
    """

    times: FloatArray
    people: FloatArray
    _done: FloatArray = field(init=False, repr=False)  # person-hours before each time

    def __post_init__(self) -> None:
        worked = np.diff(self.times) * self.people[:-1] / HOUR
        object.__setattr__(self, "_done", np.concatenate([[0.0], np.cumsum(worked)]))

    @classmethod
    def of(cls, team: Team, start: float, end: float) -> "Roster":
        """The team's roster from start to end (Unix seconds).

        A shift belongs to the calendar day on which it starts where the person works; roster dates, days away
        and holidays take whole shifts, and half a day away takes half of every moment of its shifts, as nobody
        says which half it is. Someone with several entries counts once at any moment, at the largest
        share. `usually_away` takes the same part of every shift, so that a usual week loses that many
        person-days of mean length.

        Raises:
            BadInputError: Hours, a time zone or a country that do not exist.
        """
        entries = [entry for entry in team.people if entry.share > 0]
        holidays = public_holidays(team.country, years_between(start, end))
        tables = {key: shifts(*key, start, end) for key in {_calendar(team, entry) for entry in entries}}
        kept = [_present(tables[_calendar(team, entry)], entry, holidays) for entry in entries]
        there = _usual_presence(team, entries, start, end)
        pieces: list[tuple[FloatArray, FloatArray, FloatArray]] = []
        for own in _by_person(entries).values():
            weights = [_weight(kept[i], entries[i]) * there[kept[i].days - _first_day(start)] for i in own]
            pieces += _largest([kept[i] for i in own], weights)
        return cls(*_steps(pieces))

    def hours(self, edges: ArrayLike) -> FloatArray:
        """Person-hours between neighbouring edges (Unix seconds, ascending); one value fewer than edges."""
        at = np.asarray(edges, dtype=np.float64)
        return np.diff(np.interp(at, self.times, self._done))

    def present(self, t: ArrayLike) -> FloatArray:
        """People at work at each time (Unix seconds); same shape."""
        at = np.asarray(t, dtype=np.float64)
        i = np.searchsorted(self.times, at, side="right") - 1
        return np.asarray(np.where(i < 0, 0.0, self.people[i]))


def headcount(team: Team, at: float) -> int:
    """People on the roster on the day of that moment (Unix seconds, team time), at work or away.

    Raises:
        BadInputError: A time zone that does not exist.
    """
    today = datetime.fromtimestamp(at, time_zone(team.tz)).date()
    return headcount_on(team, today)


def headcount_on(team: Team, day: date) -> int:
    """People on the roster on that day, at work or away."""
    return len({p.id for p in team.people if p.share > 0 and _on_roster(p, day)})


def on_roster(team: Team, edges: ArrayLike) -> FloatArray:
    """People on the roster, at work or away, on each day between neighbouring edges (its midnights, Unix seconds).

    Everyone counts by their share; someone with several entries by the largest of that day.

    Raises:
        BadInputError: A time zone that does not exist.
    """
    at, zone = np.asarray(edges, dtype=np.float64)[:-1], time_zone(team.tz)

    def midnight(day: date | None, without: float) -> float:
        return without if day is None else datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()

    people = np.zeros(at.size)
    for own in _by_person(team.people).values():
        share = np.zeros(at.size)
        for entry in (team.people[i] for i in own):
            on = (at >= midnight(entry.since, -math.inf)) & (at <= midnight(entry.until, math.inf))
            share = np.maximum(share, on * entry.share)
        people += share
    return people


def team_clock(team: Team, start: float, end: float) -> WorkClock:
    """The team's own working clock from start to end (Unix seconds), closed on its country's public holidays.

    Raises:
        BadInputError: Hours, a time zone or a country that do not exist.
    """
    off = public_holidays(team.country, years_between(start, end))
    return work_clock(team.hours, team.tz, start, end, off)


def _calendar(team: Team, entry: Person) -> tuple[str, str]:
    return entry.hours or team.hours, entry.tz or team.tz


def _on_roster(entry: Person, day: date) -> bool:
    return (entry.since or date.min) <= day <= (entry.until or date.max)


def _roster_days(entry: Person) -> tuple[float, float]:
    """First and last day on the roster as days since 1970-01-01, open ends infinite."""
    since = float(day_numbers([entry.since])[0]) if entry.since else -math.inf
    return since, float(day_numbers([entry.until])[0]) if entry.until else math.inf


def _by_person(entries: Iterable[Person]) -> Mapping[str, list[int]]:
    """Indices of the entries of each person."""
    own: defaultdict[str, list[int]] = defaultdict(list)
    for i, entry in enumerate(entries):
        own[entry.id].append(i)
    return own


def _present(table: Shifts, entry: Person, holidays: frozenset[date]) -> Shifts:
    """The shifts somebody works: on the roster, no holiday, not away."""
    since, until = _roster_days(entry)
    away = np.isin(table.days, day_numbers(entry.off | holidays))
    return table.on((table.days >= since) & (table.days <= until) & ~away)


def _weight(table: Shifts, entry: Person) -> FloatArray:
    """What somebody counts for in each shift: their share, half of it on half a day away."""
    half = np.isin(table.days, day_numbers(entry.half))
    return np.asarray(entry.share * np.where(half, 0.5, 1.0))


def _first_day(start: float) -> int:
    return int(start // 86400) - 3  # before any day that a shift in the window can belong to


def _usual_presence(team: Team, entries: list[Person], start: float, end: float) -> FloatArray:
    """The part of each day's work that remains after usual absences, for days from `_first_day(start)` on.

    A week of everyone on that day's roster has so many person-days; `usually_away` of them are lost.
    """
    days: IntArray = np.arange(_first_day(start), int(end // 86400) + 5, dtype=np.int64)
    if team.usually_away <= 0:
        return np.ones(days.size)
    person_days = np.zeros(days.size)
    for own in _by_person(entries).values():
        weekly = np.zeros(days.size)
        for i in own:
            since, until = _roster_days(entries[i])
            on = (days >= since) & (days <= until)
            weekly = np.maximum(weekly, on * parse_hours(_calendar(team, entries[i])[0]).days)
        person_days += weekly
    return np.clip(1 - team.usually_away / np.maximum(person_days, 1e-9), 0, 1)


def _largest(parts: list[Shifts], weights: list[FloatArray]) -> list[tuple[FloatArray, FloatArray, FloatArray]]:
    """One person's shifts laid over each other so that the largest weight counts at any moment.

    Returns (opens, closes, weight) layers to be summed: where weights w₁ > w₂ > … are worked, the shifts of
    at least w₁ count w₁ − w₂, those of at least w₂ count w₂ − w₃, and so on.
    """
    opens = np.concatenate([part.opens for part in parts])
    closes = np.concatenate([part.closes for part in parts])
    weight = np.concatenate(weights)
    order = np.argsort(opens, kind="stable")
    opens, closes, weight = opens[order], closes[order], weight[order]
    levels = np.unique(np.append(weight, 0.0))[::-1]
    layers = []
    for level, below in pairwise(levels):
        some = weight >= level
        a, b = united(opens[some], closes[some])
        layers.append((a, b, np.full(a.size, level - below)))
    return layers


def _steps(pieces: list[tuple[FloatArray, FloatArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    """The sum of weighted intervals as (times, value from each time on)."""
    if not pieces:
        return np.zeros(1), np.zeros(1)
    opens, closes, weight = (np.concatenate(column) for column in zip(*pieces, strict=True))
    moments = np.concatenate([opens, closes])
    times, where = np.unique(moments, return_inverse=True)
    if times.size == 0:
        return np.zeros(1), np.zeros(1)
    change = np.bincount(where, np.concatenate([weight, -weight]), times.size)
    # rounded, as shares such as .1 leave traces where nobody works
    people: FloatArray = np.round(np.cumsum(change), 9).astype(np.float64)
    return times, people
