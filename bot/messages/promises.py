"""«We'll do …» under an alert: the form, what is said once it is filled in, and the look back on the day for it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.errors import BadInputError
from bot.health.theory.compare import Comparison
from bot.messages import actions
from bot.messages.alerts import answered
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, clean, context, escape, message, plain_text, sections
from bot.messages.compare import compared
from bot.messages.inputs import field, text
from bot.messages.message import Block, Message
from bot.messages.numbers import day

LONGEST = 200
"""Characters of a promise."""

LABEL = "We'll do …"
GONE = "This alert is not kept any more, so nothing was written down. `/headroom` shows how the team stands now."
LOOKED_AT = "This was looked at on its day already, so it stays as it was. `/headroom` shows how the team stands now."


@dataclass(frozen=True, slots=True)
class Place:
    """Which alert a form is about, and the message that it was opened from.

    Attributes:
        alert: Storage's number of the alert.
        team: Storage's number of the team.
        channel: Slack id of the conversation.
        ts: Slack's id of the message.
    """

    alert: int
    team: int
    channel: str
    ts: str


def packed(place: Place) -> str:
    """A place as the form carries it."""
    return json.dumps([place.alert, place.team, place.channel, place.ts])


def unpacked(value: str) -> Place:
    """What a form carried.

    Raises:
        BadInputError: It is not what `packed` wrote.
    """
    try:
        alert, team, channel, ts = json.loads(value)
        return Place(int(alert), int(team), str(channel), str(ts))
    except (ValueError, TypeError) as error:
        raise BadInputError("form", value[:40], "open it again from the alert") from error


def promise_view(place: Place, *, words: str, review: date) -> Block:
    """The form: one line, and the day to look at it again.

    Args:
        place: Which alert.
        words: What was promised before; empty for nothing.
        review: The day that is offered.
    """
    picker: Block = {"type": "datepicker", "initial_date": review.isoformat()}
    return {
        "type": "modal",
        "callback_id": actions.PROMISE_VIEW,
        "private_metadata": packed(place),
        "title": plain_text(LABEL, 24),
        "submit": plain_text("Write it down", 24),
        "close": plain_text("Not now", 24),
        "blocks": [
            field(
                actions.PROMISE_WORDS,
                "What will the team try?",
                text(words, LONGEST),
                hint="One line, for the whole team: a change in how you work, not somebody's name.",
            ),
            field(
                actions.PROMISE_REVIEW,
                "When shall we look at it again?",
                picker,
                hint="Headroom then shows once, to the same people, what became of the wait and of utilization.",
            ),
        ],
    }


def noted_view(review: date) -> Block:
    """What the form becomes once it is sent."""
    said = f"Noted. On {day(review)} Headroom shows the team once what became of it. Thank you."
    return {"type": "modal", "title": plain_text(LABEL, 24), "blocks": sections(said)}


def promised(blocks: Sequence[Mapping[str, Any]], said: str, *, words: str, review: date) -> Message:
    """The alert after a promise: its words, the promise, and a button to change it; nobody named.

    Args:
        blocks: The alert's blocks as they were posted.
        said: The alert's text.
        words: What the team will do.
        review: The day to look at it again.
    """
    line = f"We'll do: {escape(words, LONGEST)}. Headroom looks at it again on {day(review)}."
    return answered(blocks, said, line)


def follow_up(team: str, *, team_id: int, told: date, words: str, comparisons: Sequence[Comparison]) -> Message:
    """The look back: what was said, before and after, one thing to do.

    Args:
        team: The team's name.
        team_id: Storage's number of the team.
        told: The day of the alert.
        words: What the team said it would do.
        comparisons: The measures before and after that day.
    """
    verdicts = {str(c.verdict) for c in comparisons}
    return message(
        [
            *sections(
                f"*{escape(team)}: you said you would look at this again.*",
                f"After the alert of {day(told)} you wrote: “{escape(words, LONGEST)}”.",
            ),
            *sections(*(compared(c) for c in comparisons)),
            *sections(_next(verdicts)),
            *context(
                "Before and after tell what moved, not why: other things changed in these weeks too. "
                "This is asked once. Only responders and lead get this."
            ),
            row(
                [
                    button("Write it down as a gain", actions.GAIN_OPEN, str(team_id)),
                    button("See the numbers", actions.SEE_NUMBERS, str(team_id)),
                ]
            ),
        ]
    )


def _next(verdicts: set[str]) -> str:
    if "better" in verdicts and "worse" not in verdicts:
        return "One thing to do: keep it, and write it down as a gain, so that the hours stay where you want them."
    if "worse" in verdicts:
        return "One thing to do: talk for ten minutes about what to try next, or what may wait."
    if verdicts == {"too_little"}:
        return "One thing to do: ask each other whether it was done and helped; the numbers cannot say yet."
    return "One thing to do: agree whether to keep it, change it or drop it."


def mistakes(words: str, review: date | None, today: date, latest: date) -> dict[str, str]:
    """What is wrong with a filled-in form: field → sentence."""
    found = {}
    if not clean(words):
        found[actions.PROMISE_WORDS] = "Write one line: what will the team try?"
    if review is None or not today < review <= latest:
        found[actions.PROMISE_REVIEW] = f"Choose a day after today, {latest.isoformat()} at the latest."
    return found
