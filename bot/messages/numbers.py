"""Numbers as people say them, with their unit and range. What is not a number is `not known`, never `nan`."""

import math
from datetime import date
from typing import TypeGuard

from bot.health.results import Unknown

Number = float | Unknown | None

UNKNOWN = "not known"
_ABSURD = 1e12


def known(value: Number) -> TypeGuard[float]:
    """Whether there is a number to show: finite, and not so large that it can only be a mistake."""
    if value is None or isinstance(value, Unknown):
        return False
    return math.isfinite(value) and abs(value) < _ABSURD


def _trim(value: float, digits: int) -> str:
    """Rounded and with thousands commas, without trailing zeros or a negative zero."""
    text = f"{round(value, digits) + 0.0:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: Number) -> str:
    """A plain number: `0.4`, `7.5`, `42`, `1,200`."""
    if not known(value):
        return UNKNOWN
    return _trim(value, 1 if abs(value) < 10 else 0)


def _minutes(hours: float) -> int:
    """Minutes as people round them: to 5 from 10 on."""
    minutes = hours * 60
    return round(minutes) if minutes < 9.5 else 5 * round(minutes / 5)


def _in_minutes(hours: float) -> bool:
    return _minutes(hours) < 60


def hours(value: Number) -> str:
    """A time given in hours: `under a minute`, `about 40 min`, `2.5 h`, `14 h`."""
    if not known(value):
        return UNKNOWN
    size = max(value, 0.0)
    if size * 60 < 0.5:
        return "under a minute"
    return f"about {_minutes(size)} min" if _in_minutes(size) else f"{number(size)} h"


def bare_hours(value: Number) -> str:
    """The same without `about`, for use after words that say so already."""
    return hours(value).removeprefix("about ")


def hours_range(low: Number, high: Number) -> str:
    """A span given in hours: `2–5 h`, `20–40 min`, `40 min–3 h`; one value where both read the same."""
    if not (known(low) and known(high)):
        return UNKNOWN
    low, high = max(min(low, high), 0.0), max(low, high, 0.0)
    if hours(low) == hours(high) or high * 60 < 0.5:
        return hours(high)
    if _in_minutes(high):
        return f"{_minutes(low)}–{_minutes(high)} min"
    start = f"{_minutes(low)} min" if _in_minutes(low) else number(low)
    return f"{start}–{number(high)} h"


def percent(share: Number) -> str:
    """A share as a whole percentage: `91%`."""
    if not known(share):
        return UNKNOWN
    return f"{round(share * 100) + 0:,}%"


def percent_range(value: Number, low: Number, high: Number) -> str:
    """A share with its interval: `91% (84–98%)`; without the interval where that is not known."""
    if not (known(low) and known(high)):
        return percent(value)
    return f"{percent(value)} ({percent(low)[:-1]}–{percent(high)})"


def count(n: int, thing: str, things: str | None = None) -> str:
    """A count with its noun: `1 request`, `7 requests`, `no requests`."""
    noun = thing if n == 1 else things or f"{thing}s"
    return f"{n:,} {noun}" if n else f"no {noun}"


def amount(value: Number, thing: str, things: str | None = None) -> str:
    """A number as `number` shows it, with its noun: `1 request`, `1.5 requests`, `0 working days`."""
    shown = number(value)
    return f"{shown} {thing if shown == '1' else things or f'{thing}s'}"


def day(of: date) -> str:
    """A day of the year: `4 May`."""
    return f"{of.day} {of:%b}"
