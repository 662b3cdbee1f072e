"""What explains a level: since when the load builds up, what it consists of, where it leads. A line each."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.health.results import Assessment, Began, Cause, Causes, Estimate, Outlook
from bot.messages.blocks import escape
from bot.messages.numbers import day, known, percent
from bot.messages.words import is_small

SAID_BETTER = frozenset({"arrivals", "service", "capacity", "reopen"})
"""Reasons that the causes tell with more right, so that they are not told twice."""

WORTH_SAYING = 0.1
"""Causes with a smaller share are left out."""

MOST_CAUSES = 3
NEARLY_ALL = 0.9

Queues = Mapping[int, str]
"""Storage's number of a queue → its channel in Slack."""

_MORE = {
    "mix": "more of the requests that take long",
    "demand": "more requests",
    "service": "requests that take longer",
    "hours": "fewer hours on duty",
    "rework": "more that comes back",
}
_LESS = {
    "mix": "fewer of the requests that take long",
    "demand": "fewer requests",
    "service": "requests that take less time",
    "hours": "more hours on duty",
    "rework": "less that comes back",
}


def explained(a: Assessment, queues: Queues | None = None) -> list[str]:
    """At most two lines, each with a bullet: what changed since when, and what happens if nothing is done.

    Args:
        a: What the check found.
        queues: Channels by number, to name the one in which most of a cause lies.
    """
    grew = is_small(a) and a.began is not None
    lines = (
        f"Requests have grown {_since(a.began)}." if grew and a.began else "",
        "" if is_small(a) or a.causes is None else _causes(a.causes, a.began, queues or {}),
        "" if is_small(a) or a.outlook is None else _outlook(a.outlook, a.as_of),
    )
    return [f"• {line}" for line in lines if line]


def told_better(a: Assessment) -> frozenset[str]:
    """Signals of reasons that need no line of their own beside `explained`."""
    return SAID_BETTER if a.causes is not None and not is_small(a) else frozenset()


def _since(began: Began) -> str:
    """`since the week of 12 Feb (80% range 5 Feb to 19 Feb)`."""
    span = f" (80% range {day(began.low)} to {day(began.high)})" if began.low < began.high else ""
    return f"since the week of {day(began.week)}{span}"


def _causes(found: Causes, began: Began | None, queues: Queues) -> str:
    when = "against the first weeks" if began is None else _since(began)
    rise = f"Load is up {percent(found.change.value)} ({_span(found.change)}) {when}"
    up = [c for c in found.of if c.share.value >= WORTH_SAYING][:MOST_CAUSES]
    down = [c for c in found.of if c.share.value <= -WORTH_SAYING]
    less = f" {_capital(_LESS[down[-1].name])} took some of it back." if down else ""
    if not up:
        return f"{rise}.{less}"
    if down or up[0].share.value >= NEARLY_ALL:
        much = "all of it" if up[0].share.value > 1 else "nearly all of it" if not down else "most of it"
        much = much if len(up) == 1 or up[0].share.value >= NEARLY_ALL else "mostly"
        return f"{rise}: {much} {_named(up[0], queues)}.{less}"
    shares = [f"{percent(c.share.value)} of it {_named(c, queues)} ({_span(c.share, 1.0)})" for c in up]
    return f"{rise}: {_listed(shares)}."


def _named(cause: Cause, queues: Queues) -> str:
    """A cause, and the queue that most of it lies in."""
    channel = queues.get(cause.queue) if cause.queue is not None else None
    return f"{_MORE[cause.name]}{f', mostly in <#{escape(channel)}>' if channel else ''}"


def _outlook(ahead: Outlook, now: float) -> str:
    """Only what is more likely than not is said."""
    if ahead.doubles is None or not known(ahead.p):
        return ""
    today = datetime.fromtimestamp(now, UTC).date()
    when = f"about {day(ahead.doubles)}" if ahead.doubles > today + timedelta(days=3) else "within days"
    return f"At this pace the wait doubles {when} ({_sure(ahead.p)} sure that it does by {day(ahead.until)})."


def _sure(p: float) -> str:
    """Never quite sure."""
    return percent(min(p, 0.95)) if p < 0.95 else "over 95%"


def _span(of: Estimate, most: float = 1e9) -> str:
    """`39–65%`; a share ends at 0 and at all."""
    low, high = (min(max(end, 0.0), most) for end in (of.low, of.high))
    return f"{percent(low)[:-1]}–{percent(high)}" if round(low * 100) < round(high * 100) else percent(high)


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
