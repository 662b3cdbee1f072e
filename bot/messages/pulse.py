"""The pulse in words: the question, what is noted of it, how often it comes. Results are in `pulse_results`.

The buttons carry `{{token}}`, in whose place the outbox puts a random one as the message leaves. What was chosen is
never shown again, to nobody.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, clean, context, divider, escape, message, plain_text, sections
from bot.messages.inputs import field
from bot.messages.message import Block, Message
from bot.messages.numbers import count
from bot.messages.numbers import day as day_of_year
from bot.messages.pulse_questions import QUESTIONS, Question

TOKEN = "{{token}}"  # noqa: S105  # a place for one, no secret
TEXT = "text"
LONGEST = 200
"""Characters of the one line of text."""

_VALUE = re.compile(r"([0-9]{1,12}) ([\w-]{16,64})", re.ASCII)
_ANSWER = re.compile(rf"{actions.PULSE_ANSWER}_([a-z]+)_([0-9])", re.ASCII)

OFTEN = {"weekly": "every week", "fortnightly": "every two weeks", "monthly": "every four weeks", "off": "never"}
"""How often, in words."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button carried.

    Attributes:
        pulse: Storage's number of the round.
        token: Random, one to a message.
    """

    pulse: int
    token: str


def packed(pulse: int, token: str = TOKEN) -> str:
    """What the buttons of a message carry."""
    return f"{pulse} {token}"


def pressed(value: str) -> Pressed:
    """What a button carried.

    Raises:
        BadInputError: It is not what `packed` wrote. The value is not repeated: it may hold a token.
    """
    match = _VALUE.fullmatch(value)
    if match is None:
        raise BadInputError("button", "…", "wait for the next pulse, this one's button is damaged")
    return Pressed(int(match[1]), match[2])


def chosen(action_id: str) -> tuple[str, int]:
    """(Question, place of the answer) of a button.

    Raises:
        BadInputError: There is no such button.
    """
    match = _ANSWER.fullmatch(action_id)
    if match is None or match[1] not in QUESTIONS or int(match[2]) >= len(QUESTIONS[match[1]].answers):
        raise BadInputError("button", "…", "wait for the next pulse, this question is no longer asked")
    return match[1], int(match[2])


def ask(
    team: str,
    pulse: int,
    questions: Sequence[str],
    *,
    floor: int,
    token: str = TOKEN,
    noted: Collection[str] = (),
    said: str = "",
) -> Message:
    """The questions as a direct message, and what it turns into with each press.

    Args:
        team: The team's name.
        pulse: Storage's number of the round.
        questions: Keys, one to three.
        floor: Answers below which nothing is shown.
        token: The message's own; left out when it is made, as the outbox puts it in.
        noted: Keys that have an answer, and `TEXT`.
        said: One more sentence for whoever pressed.
    """
    value = packed(pulse, token)
    left = [key for key in questions if key not in noted]
    asked = count(len(questions), "question")
    top = f"*A short pulse for {escape(team)}: {asked}, one tap each.*"
    if not left:
        top = "*Thank you, that is all.* The results come to everyone at the same time."
    blocks = [*sections(top, said)]
    for key in questions:
        blocks += _question(QUESTIONS[key], value, done=key in noted)
    # The small print stands between, so that these buttons are not taken for answers.
    return message([*blocks, *context(*_trust(floor)), _below(value, noted)])


def _question(question: Question, value: str, *, done: bool) -> list[Block]:
    if done:
        return sections(f":white_check_mark: {question.sentence} _Noted._")
    buttons = [
        button(label, f"{actions.PULSE_ANSWER}_{question.key}_{place}", value)
        for place, (label, _) in enumerate(question.answers)
    ]
    return [*sections(f"*{question.sentence}*"), row(buttons)]


def _below(value: str, noted: Collection[str]) -> Block:
    line = [] if TEXT in noted else [button("Add a line", actions.PULSE_TEXT, value)]
    return row(
        [
            *line,
            button("No more pulses to me", actions.PULSE_MUTE),
            button("What is kept", actions.OPEN_TRUST),
        ]
    )


def _trust(floor: int) -> tuple[str, ...]:
    return (
        f"Nobody can see who answered, or what, your lead included: only counts are kept, shown from {floor} answers "
        "on, in coarse words. That is also why a tap cannot be taken back.",
        "Open for four working days. No answer is an answer too, and nobody is reminded by name.",
    )


ALREADY = "That one was noted before: the first tap stands, and this one changed nothing."
TOO_EARLY = (
    "Thank you for being quick. Answers are taken once enough people were asked, so that nobody's can be told by its "
    "time: please tap again tomorrow."
)
NOT_YOURS = "This pulse was sent to somebody else, so your tap was not counted. Thank you for caring."


def closed() -> Message:
    """What a question turns into that is pressed after closing."""
    return message(sections("Thank you. This pulse is closed, so the tap was not counted. There will be another one."))


# -- the one line of text -----------------------------------------------------------------------


def text_view(pulse: int, token: str, floor: int) -> Block:
    """The form for one line.

    Args:
        pulse: Storage's number of the round.
        token: The message's own.
        floor: Lines below which none is shown.
    """
    element = {"type": "plain_text_input", "max_length": LONGEST}
    hint = (
        f"Shown word by word to the whole team, in random order and apart from the results, once {floor} people "
        "wrote one; else deleted unread. Write so that nobody can be recognised, you included."
    )
    return {
        **_modal(plain_text("Add a line", 24), [field(actions.PULSE_TEXT, "What should be said?", element, hint=hint)]),
        "callback_id": actions.PULSE_TEXT_VIEW,
        "private_metadata": packed(pulse, token),
        "submit": plain_text("Send", 24),
        "close": plain_text("Cancel", 24),
    }


def line_of(view: Block) -> str:
    """The line somebody typed, on one line of visible characters; empty when there is none."""
    value = view.get("state", {}).get("values", {}).get(actions.PULSE_TEXT, {}).get(actions.PULSE_TEXT, {})
    return clean(str(value.get("value") or ""), LONGEST)


def text_result(said: str) -> Block:
    """What the form turns into."""
    return _modal(plain_text("Pulse", 24), sections(said))


TEXT_NOTED = "Thank you, your line is noted. It cannot be taken back, as nothing leads from it to you."
TEXT_ALREADY = "You added a line before: that one stands, and nothing was changed."
TEXT_CLOSED = "This pulse is closed, so the line was not kept. There will be another one."
TEXT_EMPTY = "Write a few words, or press Cancel."


def _modal(title: Block, blocks: list[Block]) -> Block:
    return {"type": "modal", "title": title, "close": plain_text("Close", 24), "blocks": blocks}


def reminder(team: str) -> Message:
    """The one reminder, to everyone alike; no buttons."""
    return message(
        sections(
            f"The pulse of {escape(team)} is open for two more working days; it is further up in this conversation. "
            "This goes to everyone, since nobody knows who answered."
        )
    )


def standing(team: str, *, often: str, next_day: date | None, is_open: bool) -> Message:
    """How often the pulse is asked, and when next.

    Args:
        team: The team's name.
        often: A key of `OFTEN`.
        next_day: The day of the next one, where one is planned.
        is_open: Whether one is open now.
    """
    if often == "off":
        said = f"The pulse of {escape(team)} is switched off."
    else:
        when = f" The next one comes about {day_of_year(next_day)}." if next_day else ""
        said = f"The pulse of {escape(team)} comes {OFTEN[often]}.{when}"
    now = "One is open now. How many answered is told to nobody before it closes." if is_open else ""
    return message(
        [
            *sections(said, now),
            *context("`/headroom pulse schedule weekly`, `fortnightly`, `monthly` or `off` changes it (for the lead)."),
            divider(),
            row([button("What is kept", actions.OPEN_TRUST)]),
        ]
    )


def muted() -> Message:
    """Whoever pressed or typed gets no more pulses."""
    return message(
        [
            *sections("You get no more pulses, from the next one on. Headroom tells nobody."),
            row([button("Take that back", actions.PULSE_UNMUTE)]),
        ]
    )


def unmuted() -> Message:
    """Whoever pressed or typed is asked again."""
    return message(sections("You are asked again from the next pulse on."))
