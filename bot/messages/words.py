"""Sentences that several messages share: verdicts, reasons, how sure, what slack pays for."""

from collections.abc import Collection

from bot.health.results import Assessment, Basis, Estimate, Level, Reason, Remedy, Tier, Unknown, Utilization
from bot.messages.because import because
from bot.messages.blocks import escape
from bot.messages.effects import moot
from bot.messages.guards import beside
from bot.messages.numbers import (
    Number,
    amount,
    bare_hours,
    count,
    day,
    hours,
    hours_range,
    known,
    number,
    percent,
    percent_range,
)

FEW_REQUESTS = 20  # below this nothing is said about usual times
NOTES = 3

SMALL_TEAM_WHY = (
    "Left out: utilization and slack. In a team of one or two they would describe a person, "
    "so only requests are looked at."
)
CLOSED_TEAM_WHY = (
    "Kept inside: in a team of three or four, utilization and slack say a lot about each one, "
    "so only the team itself sees them."
)
SLACK_PAYS = (
    "Slack is not idle time: it pays for the busy weeks, for a sudden rise, for a day when somebody is away, "
    "and for work that can't be seen here."
)

_BASIS = {
    Basis.CLAIMS: "from claims",
    Basis.REPLIES: "from replies",
    Basis.STATED: "from stated hands-on time",
}

_SUGGESTIONS = {
    "add_cover": "find cover for the busiest hours of this week, even half a day of it.",
    "pause_intake": "agree which requests can wait until next week, and say so in the channel.",
    "office_hours": "split the long requests, or gather the quick questions into office hours.",
    "park_openly": "some claimed requests stand still. Say so in their threads, with a day when they go on.",
    "look_back": "look together at the last requests that came back, and mend what most of them share.",
    "keep_slack": "keep this slack, and tell whoever asks what it pays for.",
}


_OF_LOAD = frozenset({"keep_slack", "park_openly"})


def of_a_pair(a: Assessment) -> str:
    """That hours are left out of so small a team, and why; empty for three and more."""
    return SMALL_TEAM_WHY if a.tier is Tier.REQUESTS else ""


def left_out(a: Assessment) -> str:
    """What is not shown of so small a team, or not shown to others, and why; empty for five and more."""
    return of_a_pair(a) or (CLOSED_TEAM_WHY if a.tier is Tier.INSIDE and a.capacity.utilization else "")


def _no_load(a: Assessment) -> str:
    """Why utilization is not known; empty where it is."""
    found = a.capacity.utilization
    return f"Utilization is left out: {escape(found.reason.rstrip('. '), 300)}." if isinstance(found, Unknown) else ""


def basis(of: Basis) -> str:
    """What a figure rests on: `from claims`."""
    return _BASIS[of]


_STANDS = {
    Level.DANGER: "is in the danger zone",
    Level.WATCH: "is close to the danger zone",
    Level.HEALTHY: "is healthy",
}


def verdict(a: Assessment, team: str) -> str:
    """One bold line: how the team stands, since when and why."""
    name = escape(team)
    if a.level is Level.UNKNOWN:
        return f"*The level of {name} is not known yet: {unknown_because(a)}.*"
    since = f" since {day(a.since)}" if a.since else ""
    why = because(a)
    return f"*{name} {_STANDS[a.level]}{since}{f': {why}' if why else ''}.*"


def unknown_because(a: Assessment) -> str:
    """Why the level is unknown, as a clause."""
    why = a.since.reason if isinstance(a.since, Unknown) else "there is too little to judge by"
    return escape(why.rstrip(" ."), 300)


def utilization(u: Utilization, danger_line: Number = None) -> str:
    """`Utilization 91% (84–98%), from claims; danger line 84%.`."""
    line = f"; danger line {percent(danger_line)}" if known(danger_line) else ""
    return f"Utilization {percent_range(u.value, u.low, u.high)}, {basis(u.basis)}{line}."


def reason(r: Reason, a: Assessment) -> str:
    """One number behind a level, against its line or the team's first weeks; empty where it may not be said."""
    if not known(r.value):
        return ""
    if r.signal == "utilization" and a.capacity.utilization:
        return utilization(a.capacity.utilization, r.line)
    if r.signal == "active":
        return _active(r.value)
    if r.signal == "pile":
        line = f"; from {_amount(r.line, r.unit)} on that is danger by itself" if known(r.line) else ""
        return f"What waits now takes everybody on duty {_amount(r.value, r.unit)}{line}."
    moved = "up" if r.line is None or r.value >= r.line else "down"
    against = f", {moved} from {_line(r.line, r.unit)} in the first weeks" if known(r.line) else ""
    said = {
        "utilization": f"Utilization {_amount(r.value, r.unit)}",
        "wait": f"Waiting time {_amount(r.value, r.unit)}",
        "open": f"{count(round(r.value), 'request')} open at a week's end, on average",
        "arrivals": f"{_line(r.value, r.unit)} requests arrive a week",
        "service": f"Hands-on time {_amount(r.value, r.unit)} a request",
        "capacity": f"Capacity {_amount(r.value, r.unit)}",
        "reopen": f"{_amount(r.value, r.unit)} of finished requests came back",
        "chase": f"{_amount(r.value, r.unit)} of requests had to be asked for again",
    }.get(r.signal)
    return f"{said}{against}." if said else ""


def _active(share: float) -> str:
    """How many of the team were seen at work for each hour on the roster, as a share of the first weeks'."""
    if share >= 1:
        return "As many as in the first weeks were seen at work here."
    return (
        f"Seen at work here: {percent(1 - share)} below the first weeks, by the hours on the roster. Is it up to date?"
    )


def _amount(value: float | None, unit: str) -> str:
    shown = {
        "share": percent(value),
        "hours": bare_hours(value),
        "requests": number(value),
        "hours/week": f"{number(value)} h a week",
    }
    return shown.get(unit, number(value))


def _line(value: float | None, unit: str) -> str:
    """An amount after a sentence that has named its unit."""
    return _amount(value, unit) if unit in {"share", "hours"} else number(value)


def reasons(a: Assessment, limit: int = 5, without: Collection[str] = ()) -> list[str]:
    """The numbers behind the level, weightiest first, each a short line with a bullet; a healthy one needs none.

    Args:
        a: What the check found.
        limit: Most lines.
        without: Signals that are told better elsewhere.
    """
    if a.level is Level.HEALTHY:
        return []
    said = [line for r in a.reasons if r.signal not in without and (line := reason(r, a))]
    return [f"• {line}" for line in said[:limit]]


def waiting(a: Assessment) -> str:
    """How long requests wait, with the number they rest on."""
    spread = a.flow.wait
    if not spread or not known(spread.p50) or not known(spread.p90) or spread.n < 1:
        return "Waiting time: not known yet."
    within = f"half within {_within(spread.p50)}, nine in ten within {_within(spread.p90)}"
    return f"Waiting time: {within} ({count(spread.n, 'request')}, last {a.window_days} days)."


def _within(hours: float) -> str:
    return bare_hours(hours).removeprefix("under ")  # "within under a minute" says it twice


def flow(a: Assessment, *, finished: bool = True) -> str:
    """What arrives, what gets done (never without what came back of it) and what is open.

    Args:
        a: What the check found.
        finished: Whether to say what gets done.
    """
    parts = []
    if known(a.flow.arrivals_per_week):
        parts.append(f"{number(a.flow.arrivals_per_week)} requests arrive a week")
    finished = finished and known(a.flow.done_per_week)
    if finished:
        parts.append(f"{number(a.flow.done_per_week)} are finished")
    if known(a.flow.open):
        parts.append(f"{number(a.flow.open)} open now")
    if not parts:
        return ""
    said = ", ".join(parts).capitalize() + "."
    return f"{said} {beside(a)}" if finished else said


def slack(a: Assessment) -> list[str]:
    """Slack and what it takes, each a line; none where nothing is known."""
    r, lines = a.resilience, []
    left = r.slack_hours_per_week
    if left and known(left.value):
        lines.append(_left_over(left, a))
    if known(r.surge_tolerance):
        lines.append(_surge(r.surge_tolerance, r.surge_requests_per_day))
    if known(r.recovery_days_one_away):
        lines.append(_caught_up(r.recovery_days_one_away))
    return lines


def _caught_up(days: float) -> str:
    if days < 0.5:
        return "After a week with one person away, waits are as usual again at once."
    return f"After a week with one person away, it takes {amount(days, 'working day')} to catch up."


def _left_over(left: Estimate, a: Assessment) -> str:
    if left.value <= 0:
        c = a.capacity
        lacking = f", {bare_hours(-left.value)} a week missing" if left.value <= -0.5 else ""
        if not c.utilization or not known(c.danger_line) or not known(c.hours_per_week):
            return f"Slack: none{lacking}."
        over = (c.utilization.value - c.danger_line) * c.hours_per_week
        less = f"about {number(over)} h of work a week would have to go"
        return f"Slack: none{lacking}; to get back to the danger line, {less}."
    low = max(left.low, 0.0) if known(left.low) else None
    span = f"none to {hours(left.high)}" if low == 0 and known(left.high) else hours_range(low, left.high)
    return f"Slack: {hours(left.value)} a week ({span})."


def _surge(tolerance: float, per_day: Number) -> str:
    if tolerance < 0:
        return (
            f"No room for a surge: to meet the target, about {percent(-tolerance)} fewer requests would have to arrive."
        )
    daily = f", about {number(per_day)} requests a day" if known(per_day) else ""
    return f"Surge: demand may rise by {percent(tolerance)}{daily}, and the target still holds."


def pays(a: Assessment) -> str:
    """What the slack pays for; said wherever a low utilization could be misread."""
    return SLACK_PAYS if a.capacity.utilization and a.level in {Level.HEALTHY, Level.UNKNOWN} else ""


def advice(a: Assessment) -> Remedy | None:
    """The fittest thing to do of those that would change something; None where nothing fits."""
    return next((one for one in a.remedies if one.action in _SUGGESTIONS and not _idle(a, one)), None)


def _idle(a: Assessment, one: Remedy) -> bool:
    """Whether a wait would read the same after it, or it rests on a load that is not told."""
    return moot(one.effect) or (one.action in _OF_LOAD and not a.capacity.utilization)


def suggestion(a: Assessment) -> str:
    """`One thing to do: …`; empty where nothing fits."""
    found = advice(a)
    return f"One thing to do: {_SUGGESTIONS[found.action]}" if found else ""


def to_do(a: Assessment) -> str:
    """The same, and what is left to do where nothing fits."""
    if a.level >= Level.WATCH:
        return suggestion(a) or "One thing to do: look at the numbers together, and decide what can wait."
    return suggestion(a) or "One thing to do: nothing, for now."


def sure(a: Assessment) -> list[str]:
    """How sure the figures are: sample, window, ranges, and what health noted about the data."""
    n = a.flow.wait.n if a.flow.wait else 0
    ranges = "; a range holds in 8 of 10 cases" if a.capacity.utilization else ""
    lines = [f"How sure: {count(n, 'request')} in {a.window_days} days{ranges}."]
    lines.append(left_out(a) or _no_load(a))
    return [line for line in (*lines, *(escape(note, 300) for note in a.notes[:NOTES])) if line]
