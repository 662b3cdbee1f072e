"""What one thing to do would change, in one or two sentences: always "would", always with its range."""

import math

from bot.health.results import Effect, Estimate
from bot.messages.numbers import bare_hours, hours, hours_range, number, percent


def moot(e: Effect | None) -> bool:
    """Whether a wait would read the same after it as before."""
    if e is None or e.to_line or e.before is None or e.after is None:
        return False
    return hours(e.before) == hours(e.after.value)


def predicted(e: Effect | None) -> str:
    """`4 h more cover each week would take the mean wait from about 6 h to about 4 h …`; empty where nothing is."""
    if e is None or moot(e):
        return ""
    if e.action == "keep_slack":
        return _one_away(e)
    if e.to_line and e.needed is not None:
        return _to_line(e, e.needed)
    what = {
        "add_cover": f"{_capital(hours(e.amount))} more cover each week",
        "pause_intake": f"If {percent(e.amount)} of the requests did not have to be answered here, that",
        "look_back": f"If {percent(e.amount)} of what comes back were right the first time, that",
        "office_hours": f"If it saved {percent(e.amount)} of the hands-on time, that",
    }[e.action]
    if e.after is None:
        return f"{what} would not be enough: more arrives than gets done, and the queue would still grow."
    if e.before is None:
        return f"{what} would stop the queue from growing: a mean wait of {_after(e.after)}, in the long run."
    return f"{what} would take the mean wait from about {bare_hours(e.before)} to {_after(e.after)}, in the long run."


def _to_line(e: Effect, needed: Estimate) -> str:
    span = hours_range(needed.low, needed.high) if needed.low > 0 else f"none to {hours(needed.high)}"
    cover = f"About {number(max(needed.value, 1))} h more cover each week (80% range {span})"
    wait = f", with a mean wait of {_after(e.after)}" if e.after is not None else ""
    return f"{cover} would bring it back to the danger line{wait}, in the long run."


def _one_away(e: Effect) -> str:
    """What the slack pays for."""
    if e.before is None:
        return ""
    if e.after is None:
        return "It is not much: with one person away, the queue would grow."
    return f"With one person away, the mean wait would go from about {bare_hours(e.before)} to {_after(e.after)}."


def _after(wait: Estimate) -> str:
    """`about 4 h (80% range 2–9 h)`."""
    about = hours(wait.value) if hours(wait.value).startswith(("about", "under")) else f"about {hours(wait.value)}"
    if math.isinf(wait.high):
        return f"{about} (80% range {bare_hours(wait.low)} or more: at its upper end, the queue would still grow)"
    return f"{about} (80% range {hours_range(wait.low, wait.high)})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
