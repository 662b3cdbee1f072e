"""What a queue is told before anything in it is read, and the hint when the bot is invited without set-up."""

from collections.abc import Mapping

from bot.emoji import DEFAULT_EMOJI, MOST, said
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, escape, message, sections
from bot.messages.message import Message
from bot.signal import Kind


def announcement(
    team: str, *, history_days: int, other_apps: bool = False, emoji: Mapping[str, Kind] = DEFAULT_EMOJI
) -> Message:
    """The post that comes first: what is kept, how long, what never, and how to object.

    Args:
        team: The name of the team that answers here.
        history_days: Days of the past that will be read; 0 for none.
        other_apps: Whether posts by other apps count as requests.
        emoji: What each reaction means to the team.
    """
    claim, done = (said(emoji, kind, MOST) for kind in (Kind.CLAIM, Kind.DONE))
    past = f"The last {history_days} days are read in the same way. " if history_days else "The past is not read. "
    apps = "Posts by other apps count as requests too. " if other_apps else ""
    return message(
        [
            *sections(
                f"*From now on Headroom counts how long requests to {escape(team)} wait in this channel.*",
                "It tells the team when too much arrives for the people there are, before waits get long.",
            ),
            *sections(
                f"• *Kept:* when a request is posted, answered, taken ({claim}) and finished "
                f"({done}), each as a time. {past}{apps}".rstrip(),
                "• *How long:* 13 months, then weekly totals. Who did it is kept under a pseudonym, "
                "which is erased two to three months later.",
                "• *Never:* the text of a message, files, or any figure about one person.",
                "• *To object:* press the button. It explains all of this and removes your traces.",
            ),
            row([button("What is kept, and removing mine", actions.OPEN_TRUST)]),
        ]
    )


def hint(channel_id: str) -> Message:
    """The single hint when the bot is in a channel that belongs to no team.

    Args:
        channel_id: Slack's id of the channel, which the button hands on to set-up; empty where there is none.
    """
    return message(
        [
            *sections(
                "*Headroom is here, and reads nothing yet.*",
                "If requests arrive in this channel, whoever leads the team that answers them can set it up: "
                "six questions, about two minutes.",
            ),
            row(
                [
                    button("Set up", actions.OPEN_SETUP, channel_id, style="primary"),
                    button("What would be kept", actions.OPEN_TRUST),
                ]
            ),
        ]
    )


def hint_answered(team: str) -> Message:
    """What the hint turns into once the channel belongs to a team.

    Args:
        team: The team's name.
    """
    return message(
        [
            *sections(f"Headroom is set up here for {escape(team)}."),
            row([button("What is kept", actions.OPEN_TRUST)]),
        ]
    )
