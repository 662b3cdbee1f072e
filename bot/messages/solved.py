"""The one question to whoever asked for something: did this solve it?

The buttons carry `{{token}}`, in whose place the outbox puts a random one as the message leaves, so that an answer
counts once and says nothing of who gave it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.errors import BadInputError
from bot.health.results import Rate
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, message, sections
from bot.messages.message import Message
from bot.messages.numbers import percent

LABELS: Mapping[str, str] = MappingProxyType({"yes": "Yes", "partly": "Partly", "no": "No"})
"""Answer → its button, in order."""

LATEST_DAYS = 28
"""Days for which a question takes an answer."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button carried.

    Attributes:
        team: Storage's number of the team.
        choice: A key of `LABELS`.
        token: Random, one to a message.
    """

    team: int
    choice: str
    token: str


def question(team: str, *, team_id: int, channel: str, day: str, link: str | None) -> Message:
    """The question, as a direct message.

    Args:
        team: The team's name.
        team_id: Storage's number of the team.
        channel: Slack id of the channel where the request stands.
        day: When it was asked, such as `Tuesday` or `4 May`.
        link: The request's permalink; None where Slack gave none.
    """
    yours = f"<{link}|Your request>" if link else "Your request"
    buttons = [
        button(label, f"{actions.SOLVED}_{choice}", f"{team_id} {choice} {{{{token}}}}")
        for choice, label in LABELS.items()
    ]
    return message(
        [
            *sections(f"{yours} in <#{channel}> of {day} was marked done. *Did this solve it?*"),
            row([*buttons, button("Don't ask me again", actions.SOLVED_MUTE, str(team_id))]),
            *context(
                f"One press is all. Answers are counted for {escape(team)} without your name, and shown once there are "
                "five. You are asked twice a month at most."
            ),
        ]
    )


def pressed(value: str) -> Pressed:
    """What a button of `question` carried.

    Raises:
        BadInputError: It is not what `question` wrote.
    """
    team, choice, token = [*value.split(" "), "", ""][:3]
    if not (team.isascii() and team.isdecimal()) or choice not in LABELS or not token or "{" in token:
        raise BadInputError("button", value[:40], "answer in the request's thread instead")
    return Pressed(int(team), choice, token)


def thanks(choice: str) -> Message:
    """The answer to an answer.

    Args:
        choice: A key of `LABELS`.
    """
    said = f"Thank you. *{LABELS[choice]}* is counted, without your name."
    mend = "Is something still missing? Put :repeat: on your request, and it is open again."
    return message([*sections(said, "" if choice == "yes" else mend)])


def again() -> Message:
    """A second press."""
    return message(sections("Thank you, your first answer is counted; a second one changes nothing."))


def closed() -> Message:
    """A press on a question that is too old, or whose team is gone."""
    return message(
        sections(
            "Thank you. This question is closed, so nothing was counted. "
            "Is something still missing? Put :repeat: on your request, and it is open again."
        )
    )


def not_again() -> Message:
    """The answer to `Don't ask me again`."""
    return message(sections("You will not be asked again. `/headroom trust` has a button that takes this back."))


def share(rate: Rate) -> str:
    """The share of yes as one sentence.

    Args:
        rate: Share of yes among all answers, with its 95% range.
    """
    return (
        f"Solved, as those say who asked: {percent(rate.value)} of {rate.n} answers "
        f"(95% range {percent(rate.low)[:-1]}–{percent(rate.high)})."
    )
