"""Known peaks in words: hours short week by week, what to do, and afterwards the plan beside the fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.health.ahead import Ahead, Short
from bot.health.peaks import Peak
from bot.health.results import Unknown
from bot.messages.blocks import context, escape, message, sections
from bot.messages.message import Message
from bot.messages.numbers import bare_hours, day, hours_range, number, percent

EXAMPLE = "/headroom plan 15-31 Dec +40%"
NO_DRIFT = (
    "While no more comes than that, these days are not taken for drift. Once they are over, plan and fact stand "
    "beside each other in the digest and in `/headroom plan list`."
)
ONLY_YOU = "Only you see this."
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One plan, as it stands in the list.

    Attributes:
        peak: The days, and what was planned.
        predicted: As it was told when it was noted; None: nothing was.
        over: Its last day has passed.
        extra: Share of requests that came on top; None: not known.
        wait: Mean wait of what came, working hours; None: not known.
    """

    peak: Peak
    predicted: Ahead | None
    over: bool = False
    extra: float | None = None
    wait: float | None = None


def noted(peak: Peak, found: Ahead | Unknown, team: str) -> Message:
    """The answer to a plan: what it will be like, week by week, and one thing to do.

    Args:
        peak: What was noted.
        found: The forecast.
        team: The team's name.
    """
    head = f"*{escape(team)}: {plan_words(peak)}*, noted."
    if isinstance(found, Unknown):
        return message([*sections(head, f"No forecast: {found.reason}.", NO_DRIFT), *context(ONLY_YOU)])
    weeks = [f"• week {one.week} (from {day(one.monday)}): *{short(one)}*" for one in found.weeks]
    basis = (
        "From the requests and hands-on time of the last four weeks, and the people, days away and public holidays of "
        "those weeks. Ranges hold in 8 of 10 cases."
    )
    said = [*sections(head, *weeks), *sections(_waits(found), _to_do(found)), *sections(NO_DRIFT)]
    return message([*said, *context(basis, ONLY_YOU)])


def plan_list(entries: Sequence[Entry], team: str, today: date) -> Message:
    """Plans to come with their forecasts, and those that are over beside what came.

    Args:
        entries: Earliest first.
        team: The team's name.
        today: Team time.
    """
    if not entries:
        return message(sections(f"*{escape(team)}*: no peak is planned. Note one with `{EXAMPLE}`."))
    lines = [f"• {after_line(one) or ahead_line(one.peak, one.predicted, today)}" for one in entries]
    cancel = "Take one back with `/headroom plan cancel 15 Dec`, any of its days."
    return message([*sections(f"*Known peaks of {escape(team)}*", *lines), *context(cancel, ONLY_YOU)])


def cancelled(peak: Peak) -> Message:
    """The answer to a plan that was taken back."""
    return message(sections(f"Taken back: {plan_words(peak)}. Its days are judged like any others again."))


def ahead_line(peak: Peak, found: Ahead | None, today: date | None = None) -> str:
    """One line on a peak to come, or on one that is on: its weeks, shortest of hours first where there are many."""
    now = " (on now)" if today is not None and peak.since <= today else ""
    if found is None:
        return f"*Planned peak*, {plan_words(peak)}{now}: no forecast."
    worst = sorted(found.weeks, key=lambda one: -one.hours.value)[:3]
    weeks = [f"{short(one)} in week {one.week}" for one in sorted(worst, key=lambda one: one.monday)]
    rest = len(found.weeks) - len(worst)
    less = f"; less in {'one more week' if rest == 1 else f'{rest} more weeks'}" if rest > 0 else ""
    return f"*Planned peak*, {plan_words(peak)}{now}: {', '.join(weeks)}{less}."


def after_line(one: Entry) -> str:
    """The plan beside the fact: `planned +40%, came +31%; the wait was 5.1 h`; empty while it lasts."""
    if not one.over:
        return ""
    came = "too little came before it to say what came on top" if one.extra is None else f"came {_signed(one.extra)}"
    said = f"*Peak of {_days(one.peak)}*: planned {_signed(one.peak.demand)}, {came}"
    if one.wait is None:
        return f"{said}; no wait is known."
    predicted = ""
    if one.predicted is not None:
        low, high = one.predicted.wait.low, one.predicted.wait.high
        predicted = f" ({hours_range(low, high)} predicted)"
    return f"{said}; the wait was {bare_hours(one.wait)}{predicted}."


def plan_words(peak: Peak) -> str:
    """`15 Dec to 31 Dec, +40%`."""
    return f"{_days(peak)}, {_signed(peak.demand)}"


def short(one: Short) -> str:
    """`22 h short (80% range 12–30 h)`, `9 h left over (80% range 20 h left over to 3 h short)`."""
    h = one.hours
    if h.low >= 0:
        return f"{_h(h.value)} short (80% range {number(h.low)}–{_h(h.high)})"
    if h.high <= 0:
        return f"{_h(-h.value)} left over (80% range {number(-h.high)}–{_h(-h.low)})"
    word = "short" if h.value > 0 else "left over"
    return f"{_h(abs(h.value))} {word} (80% range {_h(-h.low)} left over to {_h(h.high)} short)"


def _waits(found: Ahead) -> str:
    wait = found.wait
    range_ = f"80% range {hours_range(wait.low, wait.high)}"
    return f"What comes then would wait {bare_hours(wait.value)} on average ({range_})."


def _to_do(found: Ahead) -> str:
    """One thing to do, with its size."""
    worst = max(found.weeks, key=lambda one: one.hours.value)
    missing = worst.hours.value
    if missing < 1:
        return "One thing to do: nothing, as the hours most likely suffice."
    return (
        f"One thing to do: about {_h(missing)} more on duty in week {worst.week}, or agree now which requests can "
        "wait until after it."
    )


def _days(peak: Peak) -> str:
    return day(peak.since) if peak.since == peak.until else f"{day(peak.since)} to {day(peak.until)}"


def _signed(share: float) -> str:
    return f"{MINUS if share < 0 else '+'}{percent(abs(share))}"


def _h(value: float) -> str:
    return f"{number(value)} h"
