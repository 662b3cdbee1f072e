"""An outcome in words: its figure, and how it changed. What is not clear is called no clear change."""

from bot.health.outcomes import Change, Outcome
from bot.messages.numbers import bare_hours, count, number, percent

MINUS = "\N{MINUS SIGN}"
AS_USUAL = "as usual"


def figure(o: Outcome, *, usual: bool = False) -> str:
    """What it was last week: `mean wait 5.5 h`; or, with `usual`, in the weeks before: `usually 4 h`."""
    if usual:
        return f"usually {_amount(o, o.change.before)}" if o.change else ""
    value = o.value or 0.0
    if o.measure == "reopen":
        return _came_back(o, value)
    if o.measure == "arrivals":
        return f"{count(round(value), 'request')} arrived"
    return {
        "wait": f"mean wait {_amount(o, value)}",
        "utilization": f"{_amount(o, value)} of the hours were asked for",
        "capacity": f"{_amount(o, value)} on duty",
    }[o.measure]


def _came_back(o: Outcome, share: float) -> str:
    finished = count(round(o.n), "finished request")
    return (
        f"{number(o.count)} of {finished} came back ({percent(share)})" if o.count else f"none of {finished} came back"
    )


def change(o: Outcome) -> str:
    """How it changed: `up 1.5 h (+0.4 to +2.6 h)`, `no clear change (−2 to +3 points)`; empty while not known."""
    c = o.change
    if c is None:
        return ""
    range_ = _range(o, c)
    if range_.startswith("0 to 0"):
        return AS_USUAL
    return f"{_moved(o, c)} ({range_})" if c.clear else f"no clear change ({range_})"


def brief(o: Outcome) -> str:
    """A clear change in a few words: `requests wait longer (up 1.5 h)`."""
    up = o.change is not None and o.change.change > 0
    said = {
        "wait": ("requests wait longer", "requests wait less"),
        "arrivals": ("more requests arrived", "fewer requests arrived"),
        "reopen": ("more finished requests came back", "fewer finished requests came back"),
        "utilization": ("more of the hours were asked for", "fewer of the hours were asked for"),
        "capacity": ("more hours on duty", "fewer hours on duty"),
    }[o.measure][0 if up else 1]
    return f"{said} ({_moved(o, o.change)})" if o.change else said


def _amount(o: Outcome, value: float) -> str:
    return {
        "wait": bare_hours(value),
        "capacity": f"{number(value)} person-hours",
        "arrivals": number(value),
    }.get(o.measure, percent(value))


def _moved(o: Outcome, c: Change) -> str:
    """`up 1.5 h`; in the direction of a clear range, whatever a rounded mean says."""
    size = f"{_size(o, c, abs(c.change))}{_unit(o, c)}"
    return f"{'up' if c.change > 0 else 'down'} {size}"


def _range(o: Outcome, c: Change) -> str:
    return f"{_signed(o, c, c.low)} to {_signed(o, c, c.high)}{_unit(o, c)}"


def _signed(o: Outcome, c: Change, value: float) -> str:
    size = _size(o, c, abs(value))
    return size if size == "0" else f"{MINUS if value < 0 else '+'}{size}"


def _in_minutes(o: Outcome, c: Change) -> bool:
    return o.measure == "wait" and max(abs(c.low), abs(c.high), abs(c.change)) < 1


def _size(o: Outcome, c: Change, value: float) -> str:
    """Without its unit; hours of waiting with a decimal, the rest whole unless it is below 1 and clear."""
    scale = 100 if o.measure in ("reopen", "utilization") else 60 if _in_minutes(o, c) else 1
    if o.measure == "wait" and scale == 1:
        return number(value)
    size = value * scale
    return number(size) if c.clear and size < 1 else number(round(size))


def _unit(o: Outcome, c: Change) -> str:
    if o.measure == "arrivals":
        return ""
    if o.measure == "wait":
        return " min" if _in_minutes(o, c) else " h"
    return " h" if o.measure == "capacity" else " points"
