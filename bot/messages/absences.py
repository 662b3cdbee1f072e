"""Days away, told to the person they are about; never a reason, never to others."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.messages import actions, inputs
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, message, plain_text, sections
from bot.messages.message import Block, Message

WHOLE, HALF, THERE = "whole", "half", "there"
HOW = ((WHOLE, "Whole days"), (HALF, "Half of each day"), (THERE, "None of it: I'm there after all"))

MOST_SPANS = 12
"""More are counted, not listed."""

COUNTED = "It counts as less capacity, and nothing is asked of you on these days. No reason is asked or kept."
NO_TEAM = "You are on no team's roster, so there is nothing to count; enjoy the days."


def spans(days: Mapping[date, float], today: date) -> list[str]:
    """Days in words, joined where they follow each other: `Thu 3 Dec – Sat 5 Dec`, `Fri 27 Nov (half)`."""
    return [_span(first, last, part, today) for first, last, part in _joined(days)]


def typed(days: Mapping[date, float]) -> str:
    """The same days as a person types them after `/headroom away`."""
    said = []
    for first, last, part in _joined(days):
        span = f"{first}" if first == last else f"{first} - {last}"
        said.append(f"{span} half" if part < 1 else span)
    return ", ".join(said)


def _joined(days: Mapping[date, float]) -> list[tuple[date, date, float]]:
    found: list[tuple[date, date, float]] = []
    for day, part in sorted(days.items()):
        if found and found[-1][1] + timedelta(days=1) == day and found[-1][2] == part:
            found[-1] = (found[-1][0], day, part)
        else:
            found.append((day, day, part))
    return found


def _span(first: date, last: date, part: float, today: date) -> str:
    half = "" if part >= 1 else " (half the day)" if first == last else " (half of each day)"
    return f"{_day(first, today) if first == last else f'{_day(first, today)} – {_day(last, today)}'}{half}"


def _day(day: date, today: date) -> str:
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


def few(days: Mapping[date, float], today: date) -> str:
    """Days in words on one line, the first spans of many; empty for none."""
    said = spans(days, today)
    more = len(said) - MOST_SPANS
    return ", ".join(said[:MOST_SPANS]) + (f" and {more} more" if more > 0 else "")


def _teams(teams: Sequence[str]) -> str:
    return " and ".join(escape(name) for name in teams)


def noted(days: Mapping[date, float], teams: Sequence[str], today: date) -> Message:
    """What was put down, and how to take it back.

    Args:
        days: Day → share of its hours.
        teams: Names of the teams it counts for.
        today: The day it is where the person is.
    """
    return message(
        [
            *sections(f"*Noted for {_teams(teams)}: you are away {few(days, today)}.*", COUNTED),
            *context(f"To take it back: `/headroom away cancel {_example(days)}`. `/headroom away list` shows all."),
        ]
    )


def _example(days: Mapping[date, float]) -> str:
    first = _joined(days)[:1]
    return typed({day: part for day, part in days.items() if first and first[0][0] <= day <= first[0][1]})


def cancelled(days: Mapping[date, float], teams: Sequence[str], today: date) -> Message:
    """What was taken back; none where nothing had been noted."""
    if not days:
        return message(
            [*sections("None of these days was noted, so nothing changed. `/headroom away list` shows all.")]
        )
    said = f"*Taken back for {_teams(teams)}: you are there {few(days, today)}.*"
    return message([*sections(said), *context("`/headroom away list` shows what is left.")])


def listed(days: Mapping[date, float], teams: Sequence[str], today: date) -> Message:
    """All days away from today on."""
    if not days:
        said = f"*No day away is noted for you in {_teams(teams)}.*"
        return message([*sections(said, "`/headroom away 3-5 Dec` notes some."), _open()])
    lines = [f"• {span}" for span in spans(days, today)]
    more = len(lines) - MOST_SPANS
    rest = f"… and {more} more." if more > 0 else ""
    how = f"To take some back: `/headroom away cancel {_example(days)}`. Only you are shown this list."
    said = f"*Your days away in {_teams(teams)}*"
    return message([*sections(said, *lines[:MOST_SPANS], rest), *context(how), _open()])


def _open() -> Block:
    return row([button("Change it", actions.AWAY_OPEN)])


def away_view(days: Mapping[date, float], teams: Sequence[str], today: date) -> Block:
    """The form for oneself.

    Args:
        days: What is noted from today on.
        teams: Names of the person's teams.
        today: The day it is where the person is.
    """
    known = f"Noted so far: {few(days, today)}." if days else ""
    return {
        "type": "modal",
        "callback_id": actions.AWAY_VIEW,
        "title": plain_text("I'm away", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            *sections(f"Counts for {_teams(teams)}. {COUNTED}"),
            inputs.field(actions.AWAY_FROM, "First day", inputs.day(today)),
            inputs.field(
                actions.AWAY_UNTIL,
                "Last day",
                inputs.day(None),
                hint="Empty: the first day alone. Holidays of your country need not be noted.",
                optional=True,
            ),
            inputs.field(actions.AWAY_HOW, "How much of it?", inputs.radio(HOW, WHOLE)),
            *context(known),
        ],
    }


def done_view(said: Message) -> Block:
    """The form's answer, in its place."""
    return {
        "type": "modal",
        "title": plain_text("I'm away", 24),
        "close": plain_text("Close", 24),
        "blocks": list(said.blocks),
    }
