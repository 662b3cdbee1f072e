"""The days that somebody says they are away, read from a line they typed or from two dates they picked. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.errors import BadInputError

LOOK_BACK = 28
"""Days that may still be noted afterwards: the window that a check looks back on."""

AHEAD = 366
"""Days that may be noted in advance."""

LONG_RUN = 92
"""Days since which a stretch without a year may be under way and still be meant; one begun earlier is next year's."""

NEAREST = None
"""In place of a number of days: a day without a year is the nearest one, past or to come."""

LAST_DAY = "The last day"
"""The field of an error about the end of a span."""

MEND = "write days alone, such as 3-5 Dec, tomorrow, Friday afternoon or 24 Dec - 2 Jan; no reason is needed"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_MONTH = rf"(?P<month>{'|'.join((*_FULL, 'sept', *_MONTHS))})\.?"
_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:\s+(?P<year>\d{4}))?"
_DAYS = tuple(
    re.compile(rf"{pattern}(?![\w/])")
    for pattern in (
        r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.(?:\s?(?P<year>\d{4}))?",
        rf"{_NUMBER}\s*(?:of\s+)?{_MONTH}{_YEAR}",
        rf"{_MONTH}\s*{_NUMBER}{_YEAR}",
        rf"(?:(?P<which>next|this)\s+)?(?P<weekday>{'|'.join((*_FULL_DAYS, 'tues', 'thurs', 'thur', *_WEEKDAYS))})",
        r"(?P<which>next|this)\s+(?P<week>week)",
        r"(?P<near>today|tomorrow|yesterday)",
        _NUMBER,
    )
)
_TO = re.compile(r"\s*(?:-|\.\.|(?:to|until|till|through|thru)\b)\s*")
_UNTIL = re.compile(r"(?:until|till)\s+")
_FILLER = re.compile(r"(?:(?:on|from|the)\s+)+")
_EACH = re.compile(r"\s*(?:half(?:\s+(?:a\s+)?days?)?|mornings|afternoons)\b\s*")
_SOME = re.compile(r"\s*(?:morning|afternoon|am|pm)\b\s*")
_BETWEEN = re.compile(r"[,;&]|\band\b")


@dataclass(frozen=True, slots=True)
class _Said:
    """One day as it was said; what was left open is None.

    Attributes:
        text: The words.
        day: Day of the month.
        month: 1–12; None for a bare number, which borrows it from its neighbours.
        year: The year.
        weekday: Monday 0.
        which: `next` or `this`, of a weekday or week.
        near: Days from today.
        week: A whole week is meant.
    """

    text: str
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    which: str | None = None
    near: int | None = None
    week: bool = False

    @property
    def bare(self) -> bool:
        return self.day is not None and self.month is None


@dataclass(frozen=True, slots=True)
class _Item:
    """One day or one span: first and last day (None: the same), and what of the first, middle and last is meant."""

    first: _Said
    last: _Said | None
    parts: tuple[float, float, float]


def read_days(text: str, today: date, back: int = LOOK_BACK, lately: int | None = LOOK_BACK) -> dict[date, float]:
    """The days in a line such as `3-5 Dec`, `Friday afternoon, 24 Dec - 2 Jan`; 1 for whole days, .5 for half.

    A day without a year is the next one, or the one up to `LOOK_BACK` days ago; a span that is under way is that
    one. In a span, `morning` or `afternoon` belongs to the day beside it, `half days` to all.

    Args:
        text: What was typed.
        today: The day it is where the person is.
        back: Days that may lie so far back, at most.
        lately: Another number of days than `LOOK_BACK` for a day without a year, or `NEAREST`.

    Raises:
        BadInputError: With the part that cannot be read, or a day that is too far away.
    """
    line = re.sub(r"[‐-―−]", "-", " ".join(text.lower().split()))
    pieces = [piece.strip() for piece in _BETWEEN.split(line)]
    items = _borrowed([_item(piece) for piece in pieces if piece])
    if not items:
        raise BadInputError("The day", text, MEND)
    found: dict[date, float] = {}
    for item in items:
        first, last = _span(item, today, lately)
        found |= spread(first, last, item.parts, today, back)
    return dict(sorted(found.items()))


def spread(
    first: date, last: date, parts: tuple[float, float, float], today: date, back: int = LOOK_BACK
) -> dict[date, float]:
    """Every day from first to last with its part.

    Args:
        first: First day.
        last: Last day, included.
        parts: Of the first day, of those between, of the last; a single day takes the smallest.
        today: The day it is where the person is.
        back: Days that may lie so far back.

    Raises:
        BadInputError: The last day comes first, or a day is too long ago or too far ahead.
    """
    if last < first:
        raise BadInputError(LAST_DAY, str(last), f"it comes before the first ({first}), so swap them")
    if first < today - timedelta(days=back):
        raise BadInputError("The day", str(first), f"it lies more than {back} days back, and stays as it was")
    if last > today + timedelta(days=AHEAD):
        raise BadInputError("The day", str(last), "it is more than a year ahead, so write it when it is nearer")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if len(days) == 1:
        return {first: min(parts[0], parts[2])}
    return {day: parts[0] if day == first else parts[2] if day == last else parts[1] for day in days}


def _item(piece: str) -> _Item:
    """Read `[half days] DAY [afternoon] [- DAY [morning]] [half days]`, or `until DAY`."""
    each, rest = _taken(_EACH, piece)
    to_some, rest = _taken(_SOME, rest)  # "morning of 3 Dec"
    if to_some:
        rest = re.sub(r"^of\s+", "", rest)
    until, rest = _taken(_UNTIL, rest)
    first, rest = (_Said("today", near=0), rest) if until else _day(rest)
    half_first, rest = _taken(_SOME, rest)
    last: _Said | None = None
    half_last = False
    between, after = (True, rest) if until else _taken(_TO, rest)
    if between and after:
        last, rest = _day(after)
        half_last, rest = _taken(_SOME, rest)
    more, rest = _taken(_EACH, rest)
    if rest.strip():
        raise _unread(rest.strip())
    each = each or more or (to_some and last is None)
    return _Item(first, last, (_part(each or half_first), _part(each), _part(each or half_last)))


def _part(half: bool) -> float:
    return 0.5 if half else 1.0


def _taken(pattern: re.Pattern[str], text: str) -> tuple[bool, str]:
    """Whether the text begins so, and what follows."""
    match = pattern.match(text)
    return (True, text[match.end() :]) if match else (False, text)


def _unread(part: str) -> BadInputError:
    return BadInputError("The part that cannot be read", part, MEND)


def _day(text: str) -> tuple[_Said, str]:
    """The day that a text begins with, and what follows."""
    _, text = _taken(_FILLER, text)
    for pattern in _DAYS:
        match = pattern.match(text)
        if match:
            return _said(match[0], match.groupdict()), text[match.end() :]
    raise _unread(text)


def _said(text: str, groups: dict[str, str | None]) -> _Said:
    def number(name: str) -> int | None:
        value = groups.get(name)
        return int(value) if value else None

    month, weekday = groups.get("month"), groups.get("weekday")
    near = groups.get("near")
    return _Said(
        text=text.strip(),
        day=number("day"),
        month=_MONTHS.index(month[:3]) + 1 if month else number("number"),
        year=number("year"),
        weekday=_WEEKDAYS.index(weekday[:3]) if weekday else None,
        which=groups.get("which"),
        near={"today": 0, "tomorrow": 1, "yesterday": -1}[near] if near else None,
        week=bool(groups.get("week")),
    )


def _borrowed(items: Sequence[_Item]) -> list[_Item]:
    """Give bare numbers (`3` in `3-5 Dec`) the month of the next day that names one, else of the one before."""
    said = [day for item in items for day in (item.first, item.last) if day is not None]
    full: list[_Said] = []
    for i, day in enumerate(said):
        if not day.bare:
            full.append(day)
            continue
        donor = next((d for d in [*said[i + 1 :], *reversed(said[:i])] if d.month is not None), None)
        if donor is None:
            raise _unread(day.text)
        full.append(_Said(day.text, day.day, donor.month, donor.year))
    rest = iter(full)
    return [_Item(next(rest), next(rest) if item.last else None, item.parts) for item in items]


def _span(item: _Item, today: date, lately: int | None) -> tuple[date, date]:
    first, last = item.first, item.last
    if first.year is None and first.month and last is not None and last.year is not None and last.month:
        earlier = (last.month, last.day or 0) >= (first.month, first.day or 0)
        first = _Said(first.text, first.day, first.month, last.year if earlier else last.year - 1)
    same_month = last is not None and first.month and (first.month, first.year) == (last.month, last.year)
    if last is not None and same_month and (last.day or 0) < (first.day or 0):
        raise BadInputError(LAST_DAY, last.text, f"it comes before the first ({first.text}), so swap them")
    no_year = first.month is not None and first.year is None
    begin = _begin(first, last, today, lately) if no_year else _resolved(first, today, None)
    return begin, _end(first, last, begin, today)


def _begin(first: _Said, last: _Said | None, today: date, lately: int | None) -> date:
    """The first day, said without a year, of a span or day."""
    days = _without_year(first, today.year - 1)
    if lately is NEAREST:
        return min(days, key=lambda day: (abs(day - today), day))

    def meant(day: date) -> bool:
        if day >= today - timedelta(days=lately):
            return True
        under_way = last is not None and bool(last.month) and _end(first, last, day, today) >= today
        return under_way and day >= today - timedelta(days=LONG_RUN)

    return next(day for day in days if meant(day))


def _end(first: _Said, last: _Said | None, begin: date, today: date) -> date:
    """The last day of what begins so."""
    if last is None:
        return begin + timedelta(days=6) if first.week else begin
    end = _resolved(last, today, begin)
    return end + timedelta(days=6) if last.week else end


def _resolved(said: _Said, today: date, after: date | None) -> date:
    """The date of a day as it was said; `after` is the first day of the span that it ends."""
    if said.near is not None:
        return today + timedelta(days=said.near)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=said.which == "next")
    if said.week:
        return monday
    if said.weekday is not None:
        if said.which:
            return monday + timedelta(days=said.weekday)
        start = max(after, today) if after else today
        return start + timedelta(days=(said.weekday - start.weekday()) % 7)
    return _dated(said, today, after)


def _dated(said: _Said, today: date, after: date | None) -> date:
    if said.year is not None:
        found = _on(said, said.year)
        if found is None:
            raise _no_such_day(said)
        return found
    start = after or today
    return next(day for day in _without_year(said, start.year) if day >= start)


def _without_year(said: _Said, begin: int) -> list[date]:
    """That day in ten years from a year on, in those that have it."""
    days = [day for year in range(begin, begin + 10) if (day := _on(said, year)) is not None]
    if not days:
        raise _no_such_day(said)
    return days


def _no_such_day(said: _Said) -> BadInputError:
    return BadInputError("The day", said.text, "there is no such day, so look at its number")


def _on(said: _Said, year: int) -> date | None:
    try:
        return date(year, said.month or 0, said.day or 0)
    except ValueError:
        return None
