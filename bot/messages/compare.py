"""A measure before and after, in one sentence: what it went to, its range, and what the volume cannot show."""

from collections.abc import Mapping

from bot.health.theory.compare import Comparison
from bot.messages.numbers import count, hours, percent

NAMES: Mapping[str, str] = {
    "wait": "The wait",
    "cycle": "The time from request to done",
    "hands_on": "The hands-on time of a request",
    "utilization": "Utilization",
    "reopen": "The share of requests that came back",
    "chase": "The share of askers who had to ask again",
    "escalation": "The share of requests that were escalated",
}
"""Measure → how a sentence begins."""

MINUS = "\N{MINUS SIGN}"


def compared(c: Comparison) -> str:
    """One sentence: `The wait went from 6.2 h to 4.1 h (80% range of the change: −3.4 to −0.8 h; …)`.

    Where nothing clear moved, the sentence says what change the volume could have shown at all.
    """
    name = NAMES[c.measure]
    if c.before is None or c.after is None or c.low is None or c.high is None:
        return f"{name} cannot be compared yet: {c.reason}."
    basis = f"{count(c.weeks_before, 'week')} before, {c.weeks_after} after"
    range_ = f"80% range of the change: {_span(c)}; {basis}"
    if c.verdict != "no_clear_change":
        return f"{name} went from {_level(c, c.before)} to {_level(c, c.after)} ({range_})."
    was, now = _level(c, c.before), _level(c, c.after)
    stayed = f"stayed at about {was}" if was == now else f"was {was} and is {now}"
    least = "" if c.smallest_visible is None else f": at this volume, only a change of {_size(c)} or more would show"
    return f"{name} {stayed}, no clear change ({range_}){least}."


def short(c: Comparison) -> str:
    """The same in a few words, without the range: `the wait: 6.2 h before, 4.1 h now`."""
    name = NAMES[c.measure][:1].lower() + NAMES[c.measure][1:]
    if c.before is None or c.after is None:
        return f"{name}: {c.reason}"
    return f"{name}: {_level(c, c.before)} before, {_level(c, c.after)} now"


def _level(c: Comparison, value: float) -> str:
    return hours(value).removeprefix("about ") if c.unit == "hours" else percent(value)


def _size(c: Comparison) -> str:
    size = c.smallest_visible or 0.0
    return hours(size).removeprefix("about ") if c.unit == "hours" else f"{_points(size)} points"


def _span(c: Comparison) -> str:
    low, high = c.low or 0.0, c.high or 0.0
    if c.unit == "share":
        return f"{_signed(low * 100)} to {_signed(high * 100)} points"
    minutes = max(abs(low), abs(high)) < 1
    scale, unit = (60.0, "min") if minutes else (1.0, "h")
    return f"{_signed(low * scale)} to {_signed(high * scale)} {unit}"


def _points(share: float) -> str:
    return _plain(share * 100)


def _plain(value: float) -> str:
    text = f"{abs(value):.1f}" if abs(value) < 9.95 else f"{abs(value):,.0f}"
    return text.removesuffix(".0")


def _signed(value: float) -> str:
    text = _plain(value)
    return text if text == "0" else f"{MINUS if value < 0 else '+'}{text}"
