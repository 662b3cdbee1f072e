"""The roster as the lead keeps it: who answers, from when to when, with what share of their time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from bot.messages import actions, inputs
from bot.messages.absences import HOW, WHOLE
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, clean, context, escape, plain_text, sections
from bot.messages.message import Block
from bot.messages.numbers import percent
from bot.team import Person

ADD, END, CHANGE, AWAY = "add", "end", "change", "away"
WHAT = (
    (ADD, "Somebody joins"),
    (END, "Somebody leaves"),
    (CHANGE, "Share of time, hours or time zone of somebody"),
    (AWAY, "Days away of somebody"),
)

Typed = Mapping[str, Any]
"""What stands in the form's fields, days as ISO dates."""

PAST_DAYS = 28
"""Entries that ended so lately are still shown."""

STAYS = "Changes hold from the day you choose; the days before stay as they were, and so do their figures."
FOLLOWS = (
    "This roster follows a user group: who joins or leaves the group joins or leaves here within a day. "
    "Whoever you add by hand stays."
)


def roster_view(
    team_id: int,
    team: str,
    people: Sequence[Person],
    today: date,
    *,
    what: str | None = None,
    follows: bool = False,
    said: str = "",
    wrong: str = "",
    typed: Typed = MappingProxyType({}),
) -> Block:
    """The roster as a modal.

    Args:
        team_id: Storage's number of the team.
        team: Its name.
        people: The roster's whole history.
        today: Team time.
        what: Which change the form asks for; None before one is chosen.
        follows: A user group is followed.
        said: What was just done, one sentence that is mrkdwn already; empty for nothing.
        wrong: Why it was not done, one sentence; empty for nothing.
        typed: What was typed already, for the fields that ask for it again.
    """
    chosen = what if what in dict(WHAT) else None
    roster = [
        *sections(f"*{said or escape(wrong, 500)}*" if said or wrong else ""),
        *sections(f"*Who answers for {escape(team)}*", *_lines(people, today)),
        *context(FOLLOWS if follows else "", STAYS),
    ]
    view: Block = {
        "type": "modal",
        "callback_id": actions.ROSTER_VIEW,
        "title": plain_text("Roster", 24),
        "close": plain_text("Close", 24),
        "private_metadata": packed(team_id, chosen),
    }
    if said:  # no inputs, as Slack would keep in them what was typed for the change before
        again = row([button("Change something else", actions.ROSTER_OPEN, str(team_id))])
        return {**view, "blocks": [*roster, again]}
    menu = inputs.field(actions.ROSTER_WHAT, "What changes?", inputs.select(WHAT, chosen), optional=chosen is None)
    fields = _FIELDS[chosen](today, typed) if chosen else []
    # Slack wants a submit button wherever there are inputs, even before there is anything to save.
    return {
        **view,
        "submit": plain_text("Save" if chosen else "Go on", 24),
        "blocks": [*roster, {**menu, "dispatch_action": True}, *fields],
    }


def packed(team_id: int, what: str | None) -> str:
    """What the view carries."""
    return f"{team_id} {what or ''}".strip()


def unpacked(private_metadata: str) -> tuple[int, str | None]:
    """Team and change of a view; (0, None) for what `packed` did not write."""
    number, _, what = private_metadata.partition(" ")
    return (int(number), what or None) if number.isdecimal() else (0, None)


def _lines(people: Iterable[Person], today: date) -> list[str]:
    shown = [p for p in people if p.until is None or p.until >= today - timedelta(days=PAST_DAYS)]
    return [_line(p, today) for p in sorted(shown, key=lambda p: (p.id, p.since or date.min))] or ["Nobody yet."]


def _line(person: Person, today: date) -> str:
    """`• <@U1>: from 3 Dec 2026, until 5 Dec 2026, 50%, Mon-Thu 09:00-13:00, Europe/Berlin`."""
    own = (
        f"from {_date(person.since)}" if person.since else "always there",
        f"until {_date(person.until)}" if person.until else "",
        percent(person.share),
        clean(person.hours or "", 60),
        person.tz or "",
        "away today" if today in person.off else "half a day away today" if today in person.half else "",
    )
    return f"• <@{escape(person.id)}>: {', '.join(escape(word, 80) for word in own if word)}"


def _date(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _person(typed: Typed) -> Block:
    return inputs.field(actions.ROSTER_PERSON, "Who?", inputs.user(typed.get(actions.ROSTER_PERSON)))


def _day(field: str, label: str, typed: Typed, usual: date | None, hint: str = "") -> Block:
    """A day; one that usually is empty is optional, with the hint saying what that means."""
    day = date.fromisoformat(typed[field]) if typed.get(field) else usual
    return inputs.field(field, label, inputs.day(day), hint=hint, optional=usual is None)


def _details(typed: Typed, hint: str) -> list[Block]:
    return [
        inputs.field(
            actions.ROSTER_SHARE,
            "Share of working time for these requests, in percent",
            inputs.number(_number(typed.get(actions.ROSTER_SHARE)), 1, 100),
            hint=hint,
            optional=True,
        ),
        inputs.field(
            actions.ROSTER_HOURS,
            "Working hours",
            inputs.text(typed.get(actions.ROSTER_HOURS) or "", 200),
            hint=f"For example Mon-Thu 09:00-13:00, or for a shift Mon-Sun 22:00-06:00. {hint}",
            optional=True,
        ),
        inputs.field(
            actions.ROSTER_TZ,
            "Time zone",
            inputs.text(typed.get(actions.ROSTER_TZ) or "", 60),
            hint=f"For example Europe/Berlin. {hint}",
            optional=True,
        ),
    ]


def _number(typed: str | None) -> float | None:
    try:
        return float(typed) if typed else None
    except ValueError:
        return None


def _add(today: date, typed: Typed) -> list[Block]:
    endless = "Empty: without an end. For a rotation, add each turn with its first and last day."
    return [
        _person(typed),
        _day(actions.ROSTER_FROM, "First day", typed, today),
        _day(actions.ROSTER_UNTIL, "Last day", typed, None, endless),
        *_details(typed, "Empty: as the team."),
    ]


def _end(today: date, typed: Typed) -> list[Block]:
    return [_person(typed), _day(actions.ROSTER_UNTIL, "Last day", typed, today)]


def _change(today: date, typed: Typed) -> list[Block]:
    return [
        _person(typed),
        _day(actions.ROSTER_FROM, "From which day?", typed, today),
        *_details(typed, "Empty: as it is."),
    ]


def _away(today: date, typed: Typed) -> list[Block]:
    return [
        _person(typed),
        _day(actions.AWAY_FROM, "First day", typed, today),
        _day(actions.AWAY_UNTIL, "Last day", typed, None, "Empty: the first day alone."),
        inputs.field(
            actions.AWAY_HOW,
            "How much of it?",
            inputs.radio([(key, label.replace("I'm", "they're")) for key, label in HOW], _how(typed)),
            hint="No reason is asked or kept.",
        ),
    ]


def _how(typed: Typed) -> str:
    return str(typed.get(actions.AWAY_HOW) or WHOLE)


_FIELDS = {ADD: _add, END: _end, CHANGE: _change, AWAY: _away}
