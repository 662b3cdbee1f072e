"""What a pulse brought, in words, for everyone at the same time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.health.pulse import Group, Part
from bot.messages.blocks import clean, context, escape, header, message, sections
from bot.messages.message import Message
from bot.messages.numbers import count
from bot.messages.numbers import day as day_of_year
from bot.messages.pulse import LONGEST
from bot.messages.pulse_questions import QUESTIONS, Question

PART = {
    Part.FEW: "few or none",
    Part.SOME: "some",
    Part.HALF: "about half",
    Part.MOST: "most",
    Part.NEARLY_ALL: "nearly all",
}
"""How many, in words."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is told about one question.

    Attributes:
        question: Its key.
        good: How many gave an answer of the good end.
        poor: … and of the poor end.
        before: The same last time, and when that was asked; None for the first time.
    """

    question: str
    good: Part
    poor: Part
    before: tuple[Part, Part, date] | None = None


def results(team: str, found: Sequence[Found], *, floor: int, asked: int, opened: date, hidden: int = 0) -> Message:
    """What a round brought, for everyone at the same time.

    Args:
        team: The team's name.
        found: What may be told.
        floor: Answers that each told question has at least.
        asked: How many were asked.
        opened: The day.
        hidden: Questions of which nothing may be told.
    """
    title = header(f"Pulse of {clean(team, 80)}, {day_of_year(opened)}")
    if not found:
        return message(
            [
                title,
                *sections(
                    f"*Fewer than {floor} answered each question, so nothing is shown.* The answers were deleted "
                    "unseen. That is fine: nobody has to answer."
                ),
                *context("The lead can have it less often, or not at all, with `/headroom pulse schedule`."),
            ]
        )
    lines = [_told(one) for one in found]
    left_out = f"{count(hidden, 'question')} could not be shown without pointing at somebody."
    return message(
        [
            title,
            *sections(*lines),
            *sections(f"*To talk about:* {QUESTIONS[worst(found).question].talk}"),
            *context(
                f"At least {floor} of {asked} asked answered each question. In coarse words, so that nobody's answer "
                "can be worked out.",
                left_out if hidden else "",
            ),
        ]
    )


def _told(one: Found) -> str:
    question = QUESTIONS[one.question]
    now = f"{_said(question, Group.GOOD, one.good)}, {_said(question, Group.POOR, one.poor)}"
    if one.good is one.poor is Part.FEW:  # the same, as people would say it
        now += ": most answers lie in between"
    return f"• *{question.topic}:* {now}. {_change(one)}"


def _said(question: Question, end: Group, size: Part) -> str:
    labels = " or ".join(f"“{label}”" for label in question.labels(end))
    return f"{PART[size]} said {labels}" if end is Group.GOOD else f"{PART[size]} {labels}"


def _change(one: Found) -> str:
    if one.before is None:
        return "Asked for the first time."
    good, poor, when = one.before
    if (good, poor) == (one.good, one.poor):
        return f"As on {day_of_year(when)}."
    return f"On {day_of_year(when)} it was {PART[good]}, and {PART[poor]}."


def worst(found: Sequence[Found]) -> Found:
    """The question to talk about: most at the poor end, then fewest at the good one."""
    return max(found, key=lambda one: (one.poor, -one.good))


def lines(team: str, texts: Iterable[str]) -> Message:
    """The lines that were added, in a message of their own.

    Args:
        team: The team's name.
        texts: In random order.
    """
    said = [f"• {escape(text, LONGEST)}" for text in texts]
    return message(
        [
            header(f"What was added to the pulse of {clean(team, 80)}"),
            *sections(*said),
            *context("In random order, word by word. Please don't guess who wrote what: talk about what it says."),
        ]
    )
