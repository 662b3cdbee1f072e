"""What a pulse may ask: nine questions, their answers, which end is good, and what to talk about."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.health.pulse import Group

GOOD, MIDDLE, POOR = Group.GOOD, Group.MIDDLE, Group.POOR


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        key: As stored; never changes.
        topic: In a few words, for results.
        sentence: As it is asked.
        answers: (Label, the end it stands for), three to five.
        talk: What the team may talk about when the answers point to the poor end.
    """

    key: str
    topic: str
    sentence: str
    answers: tuple[tuple[str, Group], ...]
    talk: str

    @property
    def groups(self) -> tuple[Group, ...]:
        """The end of each answer, in order."""
        return tuple(group for _, group in self.answers)

    def labels(self, end: Group) -> tuple[str, ...]:
        """The answers that stand for an end."""
        return tuple(label for label, group in self.answers if group is end)


_ALL = (
    Question(
        "load",
        "Load",
        "How has your load been lately?",
        (("Room to spare", GOOD), ("Just right", GOOD), ("Full", MIDDLE), ("Too much", POOR)),
        "What could wait, or be asked of us differently, when it gets full?",
    ),
    Question(
        "focus",
        "Focus",
        "Could you work undisturbed when you needed to?",
        (("Most days", GOOD), ("Some days", MIDDLE), ("Hardly ever", POOR)),
        "Which hours could we keep free of interruptions, for all of us?",
    ),
    Question(
        "quality",
        "Quality",
        "Has quality suffered for speed lately?",
        (("No", GOOD), ("A little", MIDDLE), ("Clearly", POOR)),
        "Which kind of request deserves more time than it gets?",
    ),
    Question(
        "proof",
        "Proving work",
        "How much of your last week went into proving work (status, logging, reports)?",
        (("Hardly any", GOOD), ("An hour or two", GOOD), ("Half a day", MIDDLE), ("A day or more", POOR)),
        "Which report or status would nobody miss?",
    ),
    Question(
        "safe",
        "Pointing out flaws",
        "Is it safe here to point out a flaw?",
        (("Yes", GOOD), ("Mostly", MIDDLE), ("Not really", POOR)),
        "What happened the last time somebody pointed out a flaw, and what should happen?",
    ),
    Question(
        "gains",
        "Shared gains",
        "When something gets easier here, do you get something of it too?",
        (("Yes", GOOD), ("Partly", MIDDLE), ("No", POOR)),
        "Where should the next hour go that an improvement frees?",
    ),
    Question(
        "learned",
        "Learning",
        "Have you learned something at work lately?",
        (("Yes", GOOD), ("A little", MIDDLE), ("No", POOR)),
        "What would one of us like to learn, and which two hours could it have?",
    ),
    Question(
        "direct",
        "Direct messages",
        "How much of what you were asked came by direct message?",
        (("Little", GOOD), ("About half", MIDDLE), ("Most", POOR)),
        "What do people write to us directly that the channel could take?",
    ),
    Question(
        "away",
        "Being away",
        "Could any one of us be away next week without trouble?",
        (("Yes", GOOD), ("With some effort", MIDDLE), ("No", POOR)),
        "What does only one of us know how to do?",
    ),
)

QUESTIONS: Mapping[str, Question] = MappingProxyType({question.key: question for question in _ALL})
"""Key → question, in the order in which they first come up."""
