"""Working time: hours as people write them, and a clock that stands still when nobody is meant to work.

A moment is working time when the clock on the wall shows a time inside the hours, so days with a clock change
come out at their true length, also where it happens at midnight or by half an hour. Times are Unix seconds.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import numpy as np
from numpy.typing import ArrayLike, NDArray

from bot.errors import BadInputError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DAY = 86400
HOUR = 3600.0
_BLOCK = 128 * DAY
_EPOCH = date(1970, 1, 1).toordinal()
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PART = re.compile(r"(?:([a-z]+)(?:\s*-\s*([a-z]+))?)?\s*(?:(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2}))?")
_HOURS_MEND = "write days and times such as Mon-Fri 09:00-17:00, Sat 10:00-12:00"


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly working hours.

    Attributes:
        spans: (weekday with Monday 0, opening minute of that day, closing minute), the last above 1440 where
            work goes on past midnight. Spans may overlap; time counts once.
    """

    spans: tuple[tuple[int, int, int], ...]

    @property
    def days(self) -> int:
        """Weekdays on which work starts."""
        return len({day for day, _, _ in self.spans})

    @property
    def a_week(self) -> float:
        """Hours in an ordinary week."""
        minutes = {(day * 1440 + m) % 10_080 for day, opens, closes in self.spans for m in range(opens, closes)}
        return len(minutes) / 60


def parse_hours(text: str) -> Hours:
    """Read working hours, e.g. `Mon-Fri 09:00-17:00, Sat 10:00-12:00`.

    Days may wrap (`Sat-Mon`) or be listed (`Mon, Wed 09:00-13:00`); times may pass midnight (`22:00-06:00`)
    and end at `24:00`. Times without a day belong to the days before them; standing first, to every day.

    Raises:
        BadInputError: Anything else.
    """
    named: list[int] = []  # days that still wait for their times
    current = list(range(7))
    spans: list[tuple[int, int, int]] = []
    for part in re.split(r"[,;]", text.lower().replace("–", "-")):
        match = _PART.fullmatch(part.strip())
        if match is None or not part.strip():
            raise BadInputError("hours", text, _HOURS_MEND)
        first, last, *clock = match.groups()
        if first is not None:
            named += _day_range(first, last or first, text)
        if clock[0] is None:
            continue
        current, named = named or current, []
        opening, closing = _minutes(clock, text)
        spans += [(day, opening, closing) for day in current]
    if named or not spans:
        raise BadInputError("hours", text, _HOURS_MEND)
    return Hours(tuple(sorted(set(spans))))


def _day_range(first: str, last: str, text: str) -> list[int]:
    a, b = _weekday(first, text), _weekday(last, text)
    return [(a + i) % 7 for i in range((b - a) % 7 + 1)]


def _weekday(name: str, text: str) -> int:
    for names in (_DAYS, _FULL):
        if name in names:
            return names.index(name)
    raise BadInputError("hours", text, _HOURS_MEND)


def _minutes(clock: list[str], text: str) -> tuple[int, int]:
    hour, minute, end_hour, end_minute = map(int, clock)
    opening, closing = hour * 60 + minute, end_hour * 60 + end_minute
    if max(minute, end_minute) > 59 or opening >= 1440 or closing > 1440 or opening == closing:
        raise BadInputError("hours", text, "use times from 00:00 to 24:00 that differ, 00:00-24:00 for a whole day")
    return opening, closing if closing > opening else closing + 1440


def time_zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name; raises BadInputError where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, not a name at all, a folder of the database
        raise BadInputError("tz", name, "write an IANA time zone such as Europe/Berlin") from error


def public_holidays(country: str | None, years: Iterable[int]) -> frozenset[date]:
    """Public holidays in those years of a country (`DE`) or a region of it (`DE-BY`); None has none.

    Raises:
        BadInputError: A country or region that the holidays library does not know.
    """
    return frozenset() if country is None else _public_holidays(country, tuple(years))


CHECKS: Mapping[str, Callable[[Any], object]] = {
    "hours": parse_hours,
    "tz": time_zone,
    "country": lambda country: public_holidays(country, (2024,)),
}
"""What a team may say in words of its own → what reads it, and raises BadInputError where that cannot be done."""


@lru_cache(maxsize=1024)
def _public_holidays(country: str, years: tuple[int, ...]) -> frozenset[date]:
    code, _, region = country.upper().partition("-")
    try:
        return frozenset(holidays.country_holidays(code, subdiv=region or None, years=years))
    except NotImplementedError as error:
        raise BadInputError("country", country, "write an ISO country code such as DE, or leave it out") from error


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """Stretches of work, each with its day: the calendar day, where the work is done, on which it starts.

    Attributes:
        opens: Unix seconds, ascending.
        closes: Unix seconds; stretches of different days may overlap.
        days: Days since 1970-01-01, one for each stretch.
    """

    opens: FloatArray
    closes: FloatArray
    days: IntArray

    def on(self, mask: NDArray[np.bool_]) -> "Shifts":
        """Only the stretches where the mask is true."""
        return Shifts(self.opens[mask], self.closes[mask], self.days[mask])


def shifts(hours: Hours | str, tz: str, start: float, end: float) -> Shifts:
    """All stretches of work between two moments (Unix seconds), exact over clock changes.

    Raises:
        BadInputError: Hours or a time zone that do not exist.
    """
    spans = (parse_hours(hours) if isinstance(hours, str) else hours).spans
    zone = time_zone(tz)
    # two days on either side: a stretch may have begun the day before, and zones are up to 14 h from UTC
    days = np.arange(int(start // DAY) - 2, int(end // DAY) + 3, dtype=np.int64)
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
    day = np.concatenate([days[weekday == w] for w, _, _ in spans])
    size = [int(np.count_nonzero(weekday == w)) for w, _, _ in spans]
    wall_opens = day * float(DAY) + np.repeat([a * 60.0 for _, a, _ in spans], size)
    wall_closes = day * float(DAY) + np.repeat([b * 60.0 for _, _, b in spans], size)
    pieces = []
    for since, until, offset in _offsets(zone, start, end):
        opens = np.maximum(wall_opens - offset, since)
        closes = np.minimum(wall_closes - offset, until)
        some = closes > opens
        pieces.append((opens[some], closes[some], day[some]))
    if not pieces:
        return Shifts(np.empty(0), np.empty(0), np.empty(0, np.int64))
    opens, closes, owner = (np.concatenate(column) for column in zip(*pieces, strict=True))
    order = np.argsort(opens, kind="stable")
    return Shifts(opens[order], closes[order], owner[order])


def _offsets(zone: ZoneInfo, start: float, end: float) -> list[tuple[float, float, float]]:
    """Pieces (from, until, seconds ahead of UTC) of constant offset that cover start to end."""
    pieces = []
    since, first, last = start, int(start // 1), int(-(-end // 1))
    here = _offset(zone, first)
    for block in range(first // _BLOCK, last // _BLOCK + 1):
        for at, there in _changes(zone, block):
            if first < at <= last:
                pieces.append((since, float(at), here))
                since, here = float(at), there
    if end > since:
        pieces.append((since, end, here))
    return pieces


def _offset(zone: ZoneInfo, at: int) -> float:
    """Seconds ahead of UTC at a Unix second."""
    shift = datetime.fromtimestamp(at, zone).utcoffset()
    return shift.total_seconds() if shift is not None else 0.0


@lru_cache(maxsize=4096)
def _changes(zone: ZoneInfo, block: int) -> tuple[tuple[int, float], ...]:
    """The clock changes of one stretch of `_BLOCK` seconds: (Unix second, seconds ahead of UTC from then on).

    Looking for them day by day is what costs most in a calendar, and they are asked for at every check.
    """
    found = []
    low, last = block * _BLOCK - 1, (block + 1) * _BLOCK - 1
    here = _offset(zone, low)
    while low < last:
        high = min(low + DAY, last)  # no zone changes and changes back within a day
        after, there = high, _offset(zone, high)
        if there != here:
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == here else (low, middle)
            found.append((high, there))
            here = there
        low = after
    return tuple(found)


def united(opens: FloatArray, closes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Intervals that overlap or touch made one; both arrays (Unix seconds), sorted by opening, in and out."""
    if opens.size == 0:
        return opens, closes
    reach = np.maximum.accumulate(closes)
    first = np.concatenate([[True], opens[1:] > reach[:-1]])
    last = np.concatenate([first[1:], [True]])
    return opens[first], reach[last]


@dataclass(frozen=True, slots=True, eq=False)
class WorkClock:
    """A clock that runs only in working time: 0 before its first opening, standing after its last closing.

    Attributes:
        opens: Unix seconds, ascending.
        closes: Unix seconds, each after its opening and before the next.
    """

    opens: FloatArray
    closes: FloatArray
    _done: FloatArray = field(init=False, repr=False)  # seconds worked before each opening, and in all

    def __post_init__(self) -> None:
        object.__setattr__(self, "_done", np.concatenate([[0.0], np.cumsum(self.closes - self.opens)]))

    @property
    def total(self) -> float:
        """All its working hours."""
        return float(self._done[-1]) / HOUR

    def elapsed(self, t: ArrayLike) -> FloatArray:
        """Working hours from the clock's start to each time (Unix seconds; NaN stays NaN); same shape."""
        at = np.asarray(t, dtype=np.float64)
        if self.opens.size == 0:
            return np.where(np.isnan(at), np.nan, 0.0)
        i = np.searchsorted(self.opens, at, side="right") - 1
        inside = np.minimum(at, self.closes[i]) - self.opens[i]
        return np.asarray(np.where(i < 0, 0.0, (self._done[i] + inside) / HOUR))

    def between(self, a: ArrayLike, b: ArrayLike) -> FloatArray:
        """Working hours from a to b (Unix seconds); negative where b comes first, NaN where either is."""
        return np.asarray(self.elapsed(b) - self.elapsed(a))

    def at(self, hours: ArrayLike) -> FloatArray:
        """The earliest moment (Unix seconds) when that many working hours are over: the inverse of `elapsed`.

        Zero is the first opening; below zero and beyond the clock's last hour is NaN.
        """
        seconds = np.asarray(hours, dtype=np.float64) * HOUR
        total = self._done[-1]
        if self.opens.size == 0:
            return np.full(seconds.shape, np.nan)
        # a sum of hours may miss the end by a rounding error
        seconds = np.where(np.abs(seconds - total) < 1e-5, total, seconds)
        i = np.clip(np.searchsorted(self._done, seconds, side="left") - 1, 0, self.opens.size - 1)
        moment = self.opens[i] + (seconds - self._done[i])
        return np.asarray(np.where((seconds >= 0) & (seconds <= total), moment, np.nan))

    def is_open(self, t: ArrayLike) -> NDArray[np.bool_]:
        """Whether each time (Unix seconds) is working time; openings belong to it, closings do not."""
        at = np.asarray(t, dtype=np.float64)
        if self.opens.size == 0:
            return np.zeros(at.shape, dtype=np.bool_)
        i = np.searchsorted(self.opens, at, side="right") - 1
        return np.asarray((i >= 0) & (at < self.closes[i]))


def work_clock(hours: Hours | str, tz: str, start: float, end: float, off: frozenset[date] = frozenset()) -> WorkClock:
    """The working clock of these hours from start to end (Unix seconds), closed on the days in `off`.

    A stretch past midnight belongs to the day on which it starts. An end before the start gives a clock that
    never runs.

    Raises:
        BadInputError: Hours or a time zone that do not exist.
    """
    all_of_them = shifts(hours, tz, start, end)
    kept = all_of_them.on(~np.isin(all_of_them.days, day_numbers(off)))
    return WorkClock(*united(kept.opens, kept.closes))


def day_numbers(days: Iterable[date]) -> IntArray:
    """Days since 1970-01-01."""
    return np.array([day.toordinal() - _EPOCH for day in days], dtype=np.int64)


def years_between(start: float, end: float) -> range:
    """Calendar years that a span of Unix seconds touches in any time zone."""
    first = datetime.fromtimestamp(start - 2 * DAY, UTC).year
    return range(first, datetime.fromtimestamp(end + 2 * DAY, UTC).year + 1)


def week_starts(tz: str, start: float, end: float) -> FloatArray:
    """The first moments of all Mondays there, from start to end (Unix seconds, both included).

    Raises:
        BadInputError: A time zone that does not exist.
    """
    mondays = shifts(Hours(((0, 0, 1440),)), tz, start - 9 * DAY, end + DAY)
    _, first = np.unique(mondays.days, return_index=True)  # a clock change may have cut a Monday in two
    opens = mondays.opens[first]
    return opens[(opens >= start) & (opens <= end)]
