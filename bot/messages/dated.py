"""What moved since a day: changes that a team marked, and times at which it became smaller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.health.results import Estimate
from bot.health.theory.compare import Comparison
from bot.messages.blocks import context, escape, message, sections
from bot.messages.compare import NAMES, compared
from bot.messages.compare import short as in_short
from bot.messages.message import Message
from bot.messages.numbers import bare_hours, count, day, hours_range, number

EXAMPLE = '/headroom change "assistant live" 15 Dec'
GUARDS = ("reopen", "escalation", "chase")
ALSO = "Whatever else changed in these weeks is in the figures too."
ONLY_YOU = "Only you see this."
TITLE = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, as it stands in the list.

    Attributes:
        title: As it was typed.
        day: Since when.
        ready: The day from which it is compared.
        found: The comparisons; none before that day.
    """

    title: str
    day: date
    ready: date
    found: tuple[Comparison, ...] = ()


def marked(entry: Entry, team: str) -> Message:
    """The answer to a change that was marked: when it will be compared."""
    said = (
        f"*{escape(team)}*: “{escape(entry.title, TITLE)}” is marked on {_date(entry.day)}. From {_date(entry.ready)} "
        "on, the weeks before and after are compared: the wait, utilization, and quality with it. The digest tells "
        "it once; `/headroom change list` shows it at any time."
    )
    return message([*sections(said), *context(ONLY_YOU)])


def change_list(entries: Sequence[Entry], team: str, *, older: int = 0) -> Message:
    """Changes, latest first, each with what moved since.

    Args:
        entries: Those shown.
        team: The team's name.
        older: So many more are not shown.
    """
    if not entries:
        return message(sections(f"*{escape(team)}*: no change is marked. Mark one with `{EXAMPLE}`."))
    blocks = sections(f"*Changes of {escape(team)}*")
    for entry in entries:
        blocks += sections(*_lines(entry))
    more = f"{count(older, 'older change')} not shown." if older else ""
    cancel = "Take one back with `/headroom change cancel 15 Dec`."
    return message([*blocks, *context(ALSO, more, cancel, ONLY_YOU)])


def change_cancelled(titles: Sequence[str], of: date) -> Message:
    """The answer to changes of a day that were taken back."""
    named = " and ".join(f"“{escape(title, TITLE)}”" for title in titles)
    return message(sections(f"Taken back: {named} on {_date(of)}."))


def change_line(entry: Entry) -> str:
    """The digest's line, four weeks after: what clearly moved, and what did not; quality always among it."""
    clear = [in_short(c) for c in entry.found if c.verdict in ("better", "worse")]
    still = [_name(c) for c in entry.found if c.verdict == "no_clear_change"]
    unseen = [_name(c) for c in entry.found if c.verdict == "too_little"]
    parts = [*clear, *([f"no clear change of {_and(still)}"] if still else [])]
    parts += [f"too little to compare {_and(unseen)}"] if unseen else []
    said = "; ".join(parts) or "nothing could be compared"
    head = f"*Change “{escape(entry.title, TITLE)}”* of {day(entry.day)}, before and after"
    return " ".join(part for part in (f"{head}: {said}.", _guarded(entry.found)) if part)


def shrink_line(
    fewer: float | None, since: date, predicted: Estimate | None, growth: float | None, wait: float | None
) -> str:
    """The digest's line after a team became smaller: what was predicted, beside what came.

    Args:
        fewer: Person-hours a week less; None in a team of one or two.
        since: The first day.
        predicted: Mean wait, with its 80% range; None where the queue was to grow without end.
        growth: Requests a week by which it was to grow then.
        wait: Mean wait of the last four weeks; None before there is one.
    """
    less = "With fewer people" if fewer is None else f"With {number(fewer)} h a week less"
    if predicted is not None:
        told = f"a wait of {hours_range(predicted.low, predicted.high)} was predicted"
    else:
        told = f"the queue was predicted to grow by about {number(growth)} requests a week"
    came = "it is too early to say what it is" if wait is None else f"the wait is {bare_hours(wait)}"
    if predicted is not None and wait is not None:
        came = f"it is {bare_hours(wait)}"
    longer = predicted is not None and wait is not None and wait > predicted.high
    more = " That is more than the hours explain: `/headroom` shows what else changed." if longer else ""
    return f"*Smaller since {day(since)}*: {less[:1].lower()}{less[1:]}, {told}; {came}.{more}"


def _lines(entry: Entry) -> list[str]:
    head = f"*{escape(entry.title, TITLE)}*, since {_date(entry.day)}"
    if not entry.found:
        return [f"• {head}: too early to compare; four complete weeks after it are over on {_date(entry.ready)}."]
    return [f"{head}:", *(f"• {compared(c)}" for c in entry.found), _guarded(entry.found)]


def _guarded(found: Sequence[Comparison]) -> str:
    """Speed that was paid for with quality is named as such."""
    faster = any(c.measure == "wait" and c.verdict == "better" for c in found)
    worse = [_name(c) for c in found if c.measure in GUARDS and c.verdict == "worse"]
    if not (faster and worse):
        return ""
    return f"Requests wait less, but {_and(worse)} rose: look at that before calling it a gain."


def _name(c: Comparison) -> str:
    name = NAMES[c.measure]
    return name[:1].lower() + name[1:]


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _date(of: date) -> str:
    return f"{day(of)} {of.year}"
