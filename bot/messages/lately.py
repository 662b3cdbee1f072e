"""Lines of the digest on what people said and gained: of the last pulse, and of learning."""

from collections.abc import Sequence
from datetime import date

from bot.health.pulse import Group, Part
from bot.messages.numbers import count, day, number
from bot.messages.pulse_questions import QUESTIONS
from bot.messages.pulse_results import PART, Found, worst

LEARNED = "learned"
"""The question that tells of learning."""


def pulse_line(found: Sequence[Found], opened: date) -> str:
    """What the pulse leaves to talk about; its results were told to everyone before, each at the same time.

    Args:
        found: What was told; empty where too few answered.
        opened: The day it was asked.
    """
    if not found:
        return f"*Pulse of {day(opened)}*: too few answered for anything to be shown, which is fine."
    told = count(len(found), "question")
    return f"*Pulse of {day(opened)}*: {told} told; to talk about: {QUESTIONS[worst(found).question].talk}"


def learning_line(good: Part | None, asked: date | None, hours: float, gains: int) -> str:
    """What pulse and gains say of learning; empty where neither does: it is never inferred from the queue.

    Args:
        good: How many said that they learned something; None where that was not told.
        asked: When they were asked.
        hours: Hours a week that gains free for learning, as the team estimates.
        gains: So many gains.
    """
    said = []
    if good is not None and asked is not None:
        labels = " or ".join(f"“{label}”" for label in QUESTIONS[LEARNED].labels(Group.GOOD))
        said.append(f"asked on {day(asked)} whether they learned something, {PART[good]} said {labels}")
    if gains:
        frees = "gain frees" if gains == 1 else "gains free"
        said.append(f"{gains} {frees} {number(hours)} h a week for it, as the team estimates")
    return f"{'; '.join(said)}." if said else ""
