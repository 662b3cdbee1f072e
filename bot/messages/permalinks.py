"""`/headroom check`: captured requests, one after the other, for the lead to say whether each is one.

Nothing is quoted: a link leads to the message. What is left to look at travels in the buttons, since Slack sends
no message along with a click on an ephemeral one (docs.slack.dev/reference/interaction-payloads/block_actions-payload).
"""

import json
from dataclasses import asdict, dataclass

from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, message, sections
from bot.messages.message import Message
from bot.messages.numbers import count

MOST = 10
"""Requests in one round."""


@dataclass(frozen=True, slots=True)
class Round:
    """Where a round stands.

    Attributes:
        team: Storage's number of the team.
        left: (queue, request key) of those still to look at, the one shown first.
        looked_at: How many were answered.
        wrong: How many of these were no requests.
    """

    team: int
    left: tuple[tuple[int, int], ...]
    looked_at: int = 0
    wrong: int = 0

    @property
    def total(self) -> int:
        """How many the round has in all."""
        return self.looked_at + len(self.left)


def packed(standing: Round) -> str:
    """A round as a button carries it."""
    return json.dumps(asdict(standing), separators=(",", ":"))


def unpacked(value: str) -> Round:
    """The round that a button carried.

    Raises:
        BadInputError: It is not what `packed` wrote.
    """
    try:
        said = json.loads(value)
        left = tuple((int(queue), int(request)) for queue, request in said["left"])
        return Round(int(said["team"]), left, int(said["looked_at"]), int(said["wrong"]))
    except (ValueError, TypeError, KeyError) as error:
        raise BadInputError("button", value[:40], "type /headroom check again") from error


def one(standing: Round, link: str) -> Message:
    """One captured request and the question whether it is one.

    Args:
        standing: The round; the first of `left` is asked about.
        link: Its permalink, as Slack gave it.
    """
    value = packed(standing)
    place = f"{standing.looked_at + 1} of {standing.total}"
    return message(
        [
            *sections(f"*Is this a request?* {place}: <{link}|open the message>"),
            row([button("Right", actions.LINK_RIGHT, value), button("Wrong", actions.LINK_WRONG, value)]),
            *context(
                "Drawn at random from the last 14 days; only you see this. Answers are counted for the team, "
                "without the message."
            ),
        ]
    )


def ended(standing: Round, team: str) -> Message:
    """What a round came to.

    Args:
        standing: The round, nothing left.
        team: The team's name.
    """
    n, wrong = standing.looked_at, standing.wrong
    if n == 0:
        said = f"There is nothing to look at: {escape(team)} has no request of the last 14 days that was not checked."
        return message([*sections(said)])
    if wrong == 0:
        return message(sections(f"*Thank you. {count(n, 'request was', 'requests were')} looked at, all right.*"))
    were = "was no request" if wrong == 1 else "were no requests"
    return message(
        [
            *sections(f"*Thank you. {wrong} of {n} {were}.* The range of utilization is wider for it, and says so."),
            *context(
                ":no_bell: on a message takes it out, :ticket: makes one a request. "
                "Which apps ask can be changed with `/headroom setup`, under More."
            ),
        ]
    )
