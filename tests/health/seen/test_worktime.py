"""Working time: the clock agrees with counting minutes by hand, also where zones change their clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import BadInputError
from bot.health.seen.worktime import (
    HOUR,
    Hours,
    WorkClock,
    parse_hours,
    public_holidays,
    week_starts,
    work_clock,
)
from tests.budget import examples

DESK = "Mon-Fri 09:00-17:00"
# Two days or so around clock changes: usual ones, half an hour, at midnight both ways, a whole day left out
CHANGES = [
    ("Europe/Berlin", "2024-03-30T22:00"),
    ("Europe/Berlin", "2024-10-26T22:00"),
    ("America/New_York", "2024-03-10T00:00"),
    ("Australia/Lord_Howe", "2024-04-06T00:00"),
    ("Australia/Lord_Howe", "2024-10-05T00:00"),
    ("Africa/Cairo", "2024-04-25T12:00"),
    ("Africa/Cairo", "2024-10-31T12:00"),
    ("America/Sao_Paulo", "2018-11-03T12:00"),
    ("America/Sao_Paulo", "2018-02-17T12:00"),
    ("America/St_Johns", "2010-11-06T12:00"),
    ("Pacific/Apia", "2011-12-29T00:00"),
    ("Asia/Kathmandu", "2024-06-01T00:00"),
]
zones = st.sampled_from(sorted({zone for zone, _ in CHANGES}))
spans = st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440)).map(
    lambda s: (s[0], s[1], s[1] + s[2])
)
weeks = st.lists(spans, min_size=1, max_size=6).map(lambda s: Hours(tuple(s)))
starts = st.integers(int(datetime(2009, 1, 1, tzinfo=UTC).timestamp()) // 60, 29_000_000).map(lambda m: m * 60)


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def by_hand(hours: Hours, tz: str, start: float, end: float, off: frozenset[date]) -> int:
    """Count the minutes of work by looking at the clock on the wall each minute."""
    zone, count = ZoneInfo(tz), 0
    for t in range(int(start), int(end), 60):
        wall = datetime.fromtimestamp(t, zone)
        minute = wall.hour * 60 + wall.minute
        today, yesterday = wall.date(), wall.date() - timedelta(1)
        count += any(
            (day == today.weekday() and a <= minute < b and today not in off)
            or (day == yesterday.weekday() and a <= minute + 1440 < b and yesterday not in off)
            for day, a, b in hours.spans
        )
    return count


@pytest.mark.parametrize(("tz", "start"), CHANGES)
@pytest.mark.parametrize(
    "hours", [DESK, "00:00-24:00", "22:00-06:00", "00:30-09:00", "01:45-02:15", "Sat-Sun 00:00-02:30"]
)
def test_clock_changes_are_exact(tz: str, start: str, hours: str) -> None:
    """Around every kind of clock change the working hours equal those counted minute by minute."""
    a = moment(start)
    b = a + 48 * HOUR
    assert work_clock(hours, tz, a, b).total * 60 == by_hand(parse_hours(hours), tz, a, b, frozenset())


@examples(60)
@given(weeks, zones, starts, st.integers(1, 4000), st.sets(st.integers(-2, 4), max_size=3))
def test_equals_minutes_counted_by_hand(hours: Hours, tz: str, start: int, minutes: int, away: set[int]) -> None:
    """For any hours, overlapping or past midnight, and any days off, the total is the one counted by hand."""
    end = start + minutes * 60
    first = datetime.fromtimestamp(start, ZoneInfo(tz)).date()
    off = frozenset(first + timedelta(day) for day in away)
    assert work_clock(hours, tz, start, end, off).total * 60 == pytest.approx(
        by_hand(hours, tz, start, end, off), abs=1e-6
    )


@examples(100)
@given(weeks, zones, starts, st.lists(st.floats(-5e5, 2e6), min_size=3, max_size=3))
def test_time_adds_up(hours: Hours, tz: str, start: int, offsets: list[float]) -> None:
    """From a to b and on to c is as long as from a to c, never negative forwards or above calendar time."""
    clock = work_clock(hours, tz, start, start + 1.5e6)
    a, b, c = (start + x for x in sorted(offsets))
    assert clock.between(a, b) + clock.between(b, c) == pytest.approx(float(clock.between(a, c)), abs=1e-7)
    assert 0 <= clock.between(a, b) <= (b - a) / HOUR + 1e-7
    assert clock.between(b, a) == -clock.between(a, b)


@examples(100)
@given(weeks, zones, starts, st.floats(0, 1))
def test_at_is_the_inverse(hours: Hours, tz: str, start: int, part: float) -> None:
    """The moment after h working hours shows h hours on the clock, and no earlier moment does."""
    clock = work_clock(hours, tz, start, start + 1.5e6)
    assume(clock.opens.size > 0)
    h = part * clock.total
    t = float(clock.at(h))
    assert clock.elapsed(t) == pytest.approx(h, abs=1e-7)
    assert t <= clock.opens[0] or clock.elapsed(t - 1) < h or clock.is_open(t - 1)


@examples(50)
@given(weeks, st.integers(900_000, 3_000_000), st.integers(1, 60), st.floats(0, 1e6), st.floats(0, 1e6))
def test_weeks_are_alike_without_clock_changes(hours: Hours, start: int, ahead: int, a: float, b: float) -> None:
    """Where clocks do not change (Nepal since 1987), moving both moments by whole weeks changes nothing."""
    clock = work_clock(hours, "Asia/Kathmandu", start * 600, start * 600 + 61 * 7 * 86400 + 1e6)
    x, y = start * 600 + a, start * 600 + b
    week = ahead * 7 * 86400
    assert clock.between(x + week, y + week) == pytest.approx(float(clock.between(x, y)), abs=1e-6)


def test_desk_week_and_its_edges() -> None:
    """Nights and weekends stand still, openings count as open and closings as closed."""
    monday = moment("2024-07-01T00:00")
    clock = work_clock(DESK, "UTC", monday, monday + 14 * 86400)
    friday = moment("2024-07-05T16:00")
    assert clock.total == 80
    assert clock.between(friday, moment("2024-07-08T10:30")) == 2.5
    assert list(clock.elapsed([[monday, friday], [np.inf, -np.inf]]).ravel()) == [0, 39, 80, 0]
    assert list(clock.is_open([monday + 9 * HOUR, monday + 17 * HOUR, monday])) == [True, False, False]
    assert list(clock.at([0, 8, 80])) == [
        monday + 9 * HOUR,
        monday + 17 * HOUR,
        moment("2024-07-12T17:00"),
    ]
    assert np.isnan(clock.at([-1, 80.1])).all()
    assert np.isnan(clock.elapsed(np.nan))


def test_days_off_take_the_shift_that_starts_on_them() -> None:
    """A day off closes its own shift up to the next morning, not the end of the shift before."""
    monday = moment("2024-07-01T00:00")
    clock = work_clock("Mon-Wed 22:00-06:00", "UTC", monday, monday + 7 * 86400, frozenset([date(2024, 7, 2)]))
    assert list(clock.is_open([moment("2024-07-02T05:00"), moment("2024-07-02T23:00")])) == [True, False]
    assert clock.total == 16


def test_a_clock_that_never_runs() -> None:
    """No working time at all gives zeros and unknown moments, not errors."""
    for clock in (
        work_clock("Sat 09:00-10:00", "UTC", moment("2024-07-01T00:00"), moment("2024-07-05T00:00")),
        work_clock(DESK, "UTC", moment("2024-07-05T00:00"), moment("2024-07-01T00:00")),
        WorkClock(np.empty(0), np.empty(0)),
    ):
        assert clock.total == 0
        assert list(clock.elapsed([0.0, 1e9])) == [0, 0]
        assert np.isnan(clock.at(0.0))
        assert not clock.is_open(1e9)


def test_hours_as_people_write_them() -> None:
    """Lists, wrapped days, breaks, dashes and nights are read as they are meant."""
    assert parse_hours("Mon-Fri 09:00-17:00") == parse_hours("monday – friday 9:00–17:00")
    assert parse_hours("Mon-Tue 09:00-12:00, 13:00-17:00").spans == (
        (0, 540, 720),
        (0, 780, 1020),
        (1, 540, 720),
        (1, 780, 1020),
    )
    assert parse_hours("Mon, Wed 09:00-13:00; Sat 10:00-12:00").days == 3
    assert parse_hours("Sat-Mon 00:00-24:00").spans == ((0, 0, 1440), (5, 0, 1440), (6, 0, 1440))
    assert parse_hours("22:00-06:00") == Hours(tuple((day, 1320, 1800) for day in range(7)))
    assert parse_hours("Fri 17:00-00:00").spans == ((4, 1020, 1440),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mon",
        "Mon-Fri",
        "Mon 9-17",
        "Mon 25:00-26:00",
        "Mon 09:00-24:01",
        "Mon 09:60-17:00",
        "Mon 24:00-06:00",
        "Mon 09:00-09:00",
        "Mon 09:00-17:00,",
        "Mon 09:00-17:00, Tue",
        "Moon 09:00-17:00",
        "09:00-17:00 Mon",
    ],
)
def test_hours_that_cannot_be_read(text: str) -> None:
    """Whatever is no hours is refused in a sentence that names the field and shows a right example."""
    with pytest.raises(BadInputError, match=r"^hours is .*\d\d:\d\d-\d\d:\d\d"):
        parse_hours(text)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "Europe/Berlin\0"])
def test_unknown_zones(name: str) -> None:
    """A name that is no time zone is refused by field and value."""
    with pytest.raises(BadInputError, match=r"^tz is "):
        work_clock(DESK, name, 0, 1)


def test_public_holidays() -> None:
    """Countries and their regions have their own days; no country has none; an unknown one is refused."""
    assert date(2024, 10, 3) in public_holidays("DE", [2024])
    assert public_holidays("DE", [2024]) < public_holidays("de-by", [2024])
    assert public_holidays(None, [2024]) == frozenset()
    with pytest.raises(BadInputError, match=r"^country is 'XX'"):
        public_holidays("XX", [2024])


@pytest.mark.parametrize("tz", sorted({zone for zone, _ in CHANGES}))
def test_week_starts_are_mondays_there(tz: str) -> None:
    """Each week start is the first moment of a Monday on the wall, none is missing, and both ends belong."""
    zone = ZoneInfo(tz)
    start, end = moment("2008-01-03T12:00"), moment("2025-01-03T12:00")
    found = week_starts(tz, start, end)
    days = [datetime.fromtimestamp(t, zone).date() for t in found]
    assert all(day.weekday() == 0 for day in days)
    assert all(datetime.fromtimestamp(t - 1, zone).weekday() == 6 for t in found)
    assert {(b - a).days for a, b in pairwise(days)} == {7}
    assert len(days) == 887
    assert list(week_starts(tz, found[3], found[5])) == list(found[3:6])


@pytest.mark.parametrize("tz", sorted({zone for zone, _ in CHANGES}))
def test_years_are_the_sum_of_their_weeks(tz: str) -> None:
    """A clock over four years runs as long as its weeks, each made alone: no change is lost or counted twice."""
    start, week = moment("2009-01-01T00:00"), 7 * 86400.0
    weeks = [work_clock("Mon-Sun 00:00-24:00", tz, start + i * week, start + (i + 1) * week) for i in range(209)]
    night = [work_clock("Mon-Sun 22:00-06:00", tz, start + i * week, start + (i + 1) * week) for i in range(209)]
    for hours, alone in (("Mon-Sun 00:00-24:00", weeks), ("Mon-Sun 22:00-06:00", night)):
        whole = work_clock(hours, tz, start, start + 209 * week)
        assert whole.total == pytest.approx(sum(clock.total for clock in alone), abs=1e-6)
