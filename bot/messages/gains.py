"""The ledger of gains in words: what a look found, the list, the line of the digest. Teams get the credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.health.ledger import LOOKS, Found, Hours, Lasting, Went, lasting
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, divider, escape, message, sections
from bot.messages.compare import compared, short
from bot.messages.message import Block, Message
from bot.messages.numbers import count, day, number

GOES: Mapping[str, str] = {
    "buffer": "buffer",
    "learning": "learning",
    "better_work": "better work",
    "more_volume": "more requests",
}
"""Where freed hours go → its name in a sentence."""

SHOWN = 8
"""Gains that the list writes out, newest first."""

LINE = 200
"""Longest title, dependency or pledge that is shown, in characters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One gain and what its looks found.

    Attributes:
        id: Storage's number.
        title: As it was typed.
        hours: Freed a week, as the team estimates.
        goes: A key of `GOES`.
        depends: What it stands on; may be empty.
        began: The day.
        ended: The day since which it no longer stands, None while it does.
        looks: (Weeks after it began, what was found), earliest first.
        next_look: The day of the next look, None for none.
    """

    id: int
    title: str
    hours: float
    goes: str
    depends: str
    began: date
    ended: date | None = None
    looks: tuple[tuple[int, Found], ...] = ()
    next_look: date | None = None

    @property
    def stands(self) -> Lasting:
        """How it stands after its latest look; one look at least."""
        return lasting([found.moved for _, found in self.looks])


def result(entry: Entry, team: str, *, team_id: int, ask: bool = False) -> Message:
    """What a look found, for the team.

    Args:
        entry: The gain; its latest look is told.
        team: The team's name.
        team_id: Storage's number of the team.
        ask: Whether the team is asked if what the gain depends on still stands.
    """
    weeks, found = entry.looks[-1]
    buttons = [button("Our gains", actions.GAIN_LIST, str(team_id))]
    question = []
    if ask:
        question = sections(f"*Does what it depends on still stand?* It depends on: {escape(entry.depends, LINE)}")
        buttons = [
            button("It still stands", actions.GAIN_STANDS, str(entry.id), style="primary"),
            button("It no longer does", actions.GAIN_ENDED, str(entry.id)),
            *buttons,
        ]
    return message(
        [
            *sections(
                f"*{count(weeks, 'week')} on, a gain of {escape(team)}: {escape(entry.title, LINE)}*",
                compared(found.moved),
                _stands(entry.stands, weeks, entry),
                hours_sentence(found.hours, entry.hours, entry.goes),
            ),
            *question,
            *context(
                "The hours freed are the team's own estimate; what became of them is read from the queue. "
                "It is the team's gain: nobody is named."
            ),
            row(buttons),
        ]
    )


def _stands(stands: Lasting, weeks: int, entry: Entry) -> str:
    look = f": look at what it depends on ({escape(entry.depends, LINE)})" if entry.depends else ""
    if stands is Lasting.BETTER:
        return "It moved what it should." if weeks == LOOKS[0] else f"It has lasted {count(weeks, 'week')}."
    if stands is Lasting.LOST:
        return f"It was better at an earlier look and no longer shows. Worth a minute together{look}."
    if stands is Lasting.WORSE:
        return f"That is not the way it should have gone; other things may have changed at the same time{look}."
    return ""


def hours_sentence(found: Hours, freed: float, goes: str) -> str:
    """What became of the freed hours, in one or two sentences; empty where none were named.

    Args:
        found: What the look found.
        freed: Hours a week, as the team estimates.
        goes: A key of `GOES`.
    """
    if freed <= 0:
        return ""
    where = GOES[goes]
    if found.went is Went.FEWER:
        return (
            f"The roster has {_h(found.fewer)} a week less than when it began, and the gain freed {_h(freed)}, so "
            f"these hours are not left for {where}. Rosters change for many reasons, and this says nothing about "
            "anybody; whether it was meant so is worth a talk together."
        )
    if found.went is Went.EATEN:
        return (
            f"You freed {_h(freed)} a week; utilization took back {number(found.back)}: more requests came, about "
            f"{_h(found.more)} of work a week. To have hours for {where} again, agree together what may wait."
        )
    if found.went is Went.KEPT:
        return _kept(found, freed, goes)
    visible = ""
    if found.visible is not None and found.visible > freed:
        visible = f"; at this volume, only {_h(found.visible)} a week or more would show"
    return f"Where the {_h(freed)} a week went cannot be told: {found.reason}{visible}."


def _kept(found: Hours, freed: float, goes: str) -> str:
    if goes == "more_volume" and (found.more or 0.0) > (found.seen or 0.0):
        return (
            f"The {_h(freed)} a week went into more requests, as agreed: the ones that came on top are about "
            f"{_h(found.more)} of work a week."
        )
    return (
        f"Work from the queue is about {_h(found.seen)} a week lower (your estimate: {_h(freed)}), so the hours are "
        f"there for {GOES[goes]}, as agreed. Put them into the calendar, and they stay."
    )


def gain_list(entries: Sequence[Entry], pledge: str, team: str, *, team_id: int) -> Message:
    """All gains of a team, newest first, for its people.

    Args:
        entries: The gains.
        pledge: From `pledge_sentence`; empty while there is none.
        team: The team's name.
        team_id: Storage's number of the team.
    """
    newest = sorted(entries, key=lambda entry: (entry.began, entry.id), reverse=True)
    blocks: list[Block] = [*sections(f"*Gains of {escape(team)}*", pledge)]
    for entry in newest[:SHOWN]:
        blocks += [divider(), *sections(*_lines(entry))]
    if not entries:
        blocks += sections(
            "No gain is written down yet. It is an improvement, the hours it frees, and where they go; "
            "Headroom then watches whether it lasts."
        )
    left = len(newest) - SHOWN
    more = [f"{count(left, 'older gain')} not shown."] if left > 0 else []
    buttons = [
        button("Write down a gain", actions.GAIN_OPEN, str(team_id), style="primary"),
        button("Change the pledge" if pledge else "Write a pledge", actions.PLEDGE_OPEN, str(team_id)),
    ]
    return message([*blocks, *context(*more), row(buttons)])


def _lines(entry: Entry) -> list[str]:
    freed = f"{_h(entry.hours)} a week for {GOES[entry.goes]}, " if entry.hours > 0 else ""
    head = f"*{escape(entry.title, LINE)}*: {freed}since {_date(entry.began)}"
    lines = [f"{head}."]
    if entry.looks:
        weeks, found = entry.looks[-1]
        lines.append(f"After {count(weeks, 'week')}: {compared(found.moved)}")
        lines.append(hours_sentence(found.hours, entry.hours, entry.goes))
    if entry.ended:
        lines.append(f"It no longer stands since {_date(entry.ended)}: kept as what the team learnt from it.")
    elif entry.next_look:
        lines.append(f"Next look: {_date(entry.next_look)}.")
    return [line for line in lines if line]


def digest_line(entries: Sequence[Entry]) -> str:
    """One line for the digest about the gains looked at this week; empty for none.

    Args:
        entries: Gains whose latest look was taken since the last digest.
    """
    told = [entry for entry in entries if entry.looks]
    if not told:
        return ""
    first, others = told[0], len(told) - 1
    more = f" {count(others, 'more gain')} looked at: `/headroom gain list`." if others else ""
    return f"*Gain of the team*: {escape(first.title, LINE)}, {_short(first)}.{more}"


def _short(entry: Entry) -> str:
    weeks, found = entry.looks[-1]
    after = f"after {count(weeks, 'week')}"
    moved = {
        Lasting.BETTER: f"has lasted {count(weeks, 'week')} ({short(found.moved)})",
        Lasting.LOST: f"no longer shows {after} ({short(found.moved)})",
        Lasting.WORSE: f"is not better {after} ({short(found.moved)})",
        Lasting.UNCLEAR: f"shows no clear change {after} ({short(found.moved)})",
        Lasting.TOO_LITTLE: f"{after} too little to compare",
    }[entry.stands]
    freed, back = _h(entry.hours), found.hours.back
    went = {
        Went.KEPT: f"; its {freed} a week are there for {GOES[entry.goes]}, as agreed",
        Went.EATEN: f"; of its {freed} a week, new requests took back {_h(back)}",
        Went.FEWER: f"; its {freed} a week are not left, as the roster has fewer hours",
        Went.UNKNOWN: "",
    }[found.hours.went]
    return moved + (went if entry.hours > 0 else "")


def pledge_sentence(goes: str, words: str, since: date) -> str:
    """The pledge of a team, as it stands above its gains."""
    own = f" In the team's words: {escape(words, LINE)}" if words else ""
    return f"The pledge since {_date(since)}: freed hours go to {GOES[goes]}.{own}"


def answered(title: str, *, stands: bool, asked_again: date | None) -> Message:
    """The answer to a click on one of the two buttons under a question, for whoever pressed.

    Args:
        title: The gain's.
        stands: What was pressed.
        asked_again: The day of the next look; None where there is none.
    """
    name = escape(title, LINE)
    if not stands:
        said = f"Noted: “{name}” no longer stands. It stays in the list as what the team learnt from it."
        return message([*sections(said)])
    again = (
        f" The next look is on {_date(asked_again)}."
        if asked_again
        else " That was the last look: well done, all of you."
    )
    return message([*sections(f"Noted: what “{name}” depends on still stands.{again}")])


def _h(hours: float | None) -> str:
    return f"{number(hours)} h"


def _date(of: date) -> str:
    return f"{day(of)} {of.year}"
