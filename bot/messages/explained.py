"""What explains a level: since when the load builds up, what it consists of, where it leads. A line each."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.health.results import Assessment, Began, Cause, Causes, Estimate, Likely, Outlook, Tier, Unknown
from bot.messages.blocks import escape
from bot.messages.numbers import day, known, percent

SAID_BETTER = frozenset({"arrivals", "service", "capacity", "reopen"})
"""Reasons that the causes tell with more right, so that they are not told twice."""

WORTH_SAYING = 0.1
"""Causes with a smaller share are left out."""

MOST_CAUSES = 3
SURE_ENOUGH = 0.8
"""From here on a wait is said to have doubled."""
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
_ROSTER = "fewer people at work than the roster says"
_MEND = "Is the roster up to date? The lead can mend it with `/headroom roster`."


def explained(a: Assessment, queues: Queues | None = None) -> list[str]:
    """At most two lines, each with a bullet: what changed since when, and what happens if nothing is done.

    Args:
        a: What the check found.
        queues: Channels by number, to name the one in which most of a cause lies.
    """
    lines = (
        f"Requests have grown {_since(a.began)}." if a.began and a.tier is Tier.REQUESTS else "",
        _what(a, queues or {}),
        _outlook(a.outlook, a.as_of) if a.outlook else "",
    )
    return [f"• {line}" for line in lines if line]


def told_better(a: Assessment) -> frozenset[str]:
    """Signals of reasons that need no line of their own beside `explained`."""
    roster = frozenset({"active"}) if _present(a) is not None else frozenset()
    return roster | (SAID_BETTER if a.causes else frozenset())


def _what(a: Assessment, queues: Queues) -> str:
    """Of what the change consists, or, before its shares can be told, what most likely changed; and the roster."""
    said = _causes(a.causes, a.began, queues) if a.causes else _likely(a.likely, a.began) if a.likely else ""
    present = _present(a)
    if present is None or not said:
        return said
    less = Estimate(1 - present.value, 1 - present.high, 1 - present.low)
    return f"{said} Seen at work: {percent(less.value)} fewer people ({_span(less, 1.0)}) than it lists. {_MEND}"


def _present(a: Assessment) -> Estimate | None:
    """People at work as a share of the roster's, where hours are named as a cause for it."""
    if a.causes:
        named = any(c.name == "hours" for c in _up(a.causes))
        return a.causes.present if named else None
    return a.likely.present if a.likely and a.likely.name == "hours" else None


def _likely(found: Likely, began: Began | Unknown) -> str:
    since = f" {_since(began)}" if began else ""
    what = _ROSTER if found.name == "hours" and found.present else _MORE[found.name]
    return f"What most likely changed{since}: {what} ({_sure(found.p)} sure)."


def _since(began: Began) -> str:
    """`since the week of 12 Feb (80% range 5 Feb to 19 Feb)`."""
    span = f" (80% range {day(began.low)} to {day(began.high)})" if began.low < began.high else ""
    return f"since the week of {day(began.week)}{span}"


def _causes(found: Causes, began: Began | Unknown, queues: Queues) -> str:
    when = _since(began) if began else "against the first weeks"
    rise = f"Load is up {percent(found.change.value)} ({_span(found.change)}) {when}"
    up = _up(found)
    down = [c for c in found.of if c.share.value <= -WORTH_SAYING]
    less = f" {_capital(_LESS[down[-1].name])} took some of it back." if down else ""
    if not up:
        return f"{rise}.{less}"
    if down or up[0].share.value >= NEARLY_ALL:
        much = "all of it" if up[0].share.value > 1 else "nearly all of it" if not down else "most of it"
        much = much if len(up) == 1 or up[0].share.value >= NEARLY_ALL else "above all"
        return f"{rise}: {much} {_named(up[0], found, queues)}.{less}"
    shares = [f"{percent(c.share.value)} of it {_named(c, found, queues)} ({_span(c.share, 1.0)})" for c in up]
    return f"{rise}: {_listed(shares)}."


def _up(found: Causes) -> list[Cause]:
    """The causes that are named."""
    return [c for c in found.of if c.share.value >= WORTH_SAYING][:MOST_CAUSES]


def _named(cause: Cause, found: Causes, queues: Queues) -> str:
    """A cause, and the queue that most of it lies in."""
    channel = queues.get(cause.queue) if cause.queue is not None else None
    what = _ROSTER if cause.name == "hours" and found.present else _MORE[cause.name]
    return f"{what}{f', mostly in <#{escape(channel)}>' if channel else ''}"


def _outlook(ahead: Outlook, now: float) -> str:
    """Only what is more likely than not is said."""
    if ahead.doubles is None or not known(ahead.p):
        return ""
    if ahead.already >= SURE_ENOUGH:
        return f"The wait is already at least twice what it was before ({_sure(ahead.already)} sure)."
    surely = f"({_sure(ahead.p)} sure that it has by {day(ahead.until)})"
    today = datetime.fromtimestamp(now, UTC).date()
    if ahead.doubles > today + timedelta(days=3):
        return f"At this pace the wait doubles about {day(ahead.doubles)} {surely}."
    if ahead.already >= 0.5:
        return f"The wait may have doubled already ({_sure(ahead.already)} sure), or does at this pace {surely}."
    return f"At this pace the wait doubles within days {surely}."


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
