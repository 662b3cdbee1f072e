"""A change of level: worse (an alert) or better (a note), and what becomes of an alert that was answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.health.results import Assessment, Level
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, message, sections
from bot.messages.chart import chart
from bot.messages.effects import predicted
from bot.messages.explained import Queues, explained, told_better
from bot.messages.message import Block, Message
from bot.messages.waits import open_button
from bot.messages.words import advice, of_a_pair, pays, reasons, suggestion, to_do, verdict, waiting

_NUMBERS = "See the numbers"


MOST_LINES = 5
"""Between the verdict and the chart."""


def alert(
    a: Assessment,
    team: str,
    *,
    team_id: int,
    alert_id: int,
    queues: Queues | None = None,
) -> Message:
    """The level rose: one line of verdict, the load, what changed and where it leads, a chart, one thing to do.

    Args:
        a: What the check found; its level is watch or danger.
        team: The team's name.
        team_id: Storage's number of the team, for the button that shows the numbers.
        alert_id: Storage's number of the alert, for the buttons that answer it.
        queues: Channels by storage's number, to name the one that a cause lies in.
    """
    said = sections(verdict(a, team), *(_why(a, queues) or [waiting(a)]))
    drawn, told = chart(a)
    do = advice(a)
    rest = [
        *sections(" ".join(part for part in (to_do(a), predicted(do.effect) if do else "") if part)),
        *context(of_a_pair(a), "Only responders and lead get this."),
        row(
            [
                button("Acknowledge", actions.ACKNOWLEDGE, str(alert_id), style="primary"),
                button("Snooze a day", actions.SNOOZE_DAY, str(alert_id)),
                button("Snooze a week", actions.SNOOZE_WEEK, str(alert_id)),
                button("We'll do …", actions.PROMISE_OPEN, str(alert_id)),
                button(_NUMBERS, actions.SEE_NUMBERS, str(team_id)),
                open_button(team_id),
            ],
            actions.ALERT_BUTTONS,
        ),
    ]
    return message([*said, *drawn, *rest], [*said, *told, *rest] if drawn else None)


def _why(a: Assessment, queues: Queues | None) -> list[str]:
    """The weightiest number, what explains it, then what is left of the others."""
    new = explained(a, queues)
    old = reasons(a, MOST_LINES - len(new), told_better(a))
    return [*old[:1], *new, *old[1:]]


def all_clear(a: Assessment, team: str, *, team_id: int, before: Level) -> Message:
    """The level fell: a short note, with what the room that came back pays for.

    Args:
        a: What the check found.
        team: The team's name.
        team_id: Storage's number of the team.
        before: The level that was left.
    """
    left = "the danger zone" if before is Level.DANGER else "the watch zone"
    said = sections(verdict(a, team), f"It has left {left}. Thank you to everybody who helped.", waiting(a))
    more = sections(pays(a) or suggestion(a) or "Nothing needs doing.")
    buttons = [button(_NUMBERS, actions.SEE_NUMBERS, str(team_id)), open_button(team_id)]
    return message([*said, *more, *context(of_a_pair(a)), row(buttons)])


def acknowledged(blocks: Sequence[Mapping[str, Any]], text: str) -> Message:
    """An alert after somebody acknowledged it: the same words, the buttons gone, nobody named.

    Args:
        blocks: The alert's blocks, as Slack sends them with the click.
        text: The alert's text.
    """
    return answered(blocks, text, "Seen by the team. Nothing more is sent while the level stays as it is.")


def snoozed(blocks: Sequence[Mapping[str, Any]], text: str, *, until: float, tz: str) -> Message:
    """An alert after somebody snoozed it.

    Args:
        blocks: The alert's blocks, as Slack sends them with the click.
        text: The alert's text.
        until: Unix seconds at which alerts speak again.
        tz: The team's time zone, in which that is said.
    """
    then = datetime.fromtimestamp(until, ZoneInfo(tz))
    return answered(blocks, text, f"Quiet until {then:%a} {then.day} {then:%b}, {then:%H:%M} team time.")


def answered(blocks: Sequence[Mapping[str, Any]], text: str, said: str) -> Message:
    """An alert whose answering buttons gave way to one line; a promise may still be made, the numbers be seen.

    Args:
        blocks: The alert's blocks.
        text: The alert's text.
        said: The line.
    """
    kept: list[Block] = [dict(b) for b in blocks if b.get("block_id") != actions.ALERT_BUTTONS]
    staying = [
        element
        for b in blocks
        if b.get("block_id") == actions.ALERT_BUTTONS
        for element in b.get("elements", ())
        if element.get("action_id") in (actions.PROMISE_OPEN, actions.SEE_NUMBERS, actions.WAITS_OPEN)
    ]
    after = [
        *kept,
        *context(f"{said} `/headroom` shows the numbers at any time."),
        *([row(staying)] if staying else []),
    ]
    plain = [b for b in after if b.get("type") != "data_visualization"]
    return Message(f"{text}\n{said}", tuple(after), tuple(plain) if len(plain) < len(after) else None)
