"""What the front says to whoever may not: which team is meant, and who may. One wording for each, everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, escape, message, plain_text, sections
from bot.messages.message import Block, Message

MOST_TEAMS = 20
"""Buttons to choose a team with, of the 25 that Slack takes in a row."""

BUSY = "Headroom is still at your last question: the answer comes here."


@dataclass(frozen=True, slots=True)
class Own:
    """A team of the person's own.

    Attributes:
        name: The team's name.
        queue: Slack id of its first queue; empty where none can be heard.
        value: What its button hands back.
    """

    name: str
    queue: str
    value: str = ""


def gone() -> Message:
    """An old button or form of a team that was forgotten."""
    return _refusal("This team does not exist any more, so there is nothing to do here.")


def no_team(word: str) -> Message:
    """In a channel of no team, to somebody of no team."""
    return _refusal(
        f"This channel belongs to no team. Type `{typed(word)}` in a channel where requests arrive, "
        "or `/headroom setup` to set a team up here."
    )


def no_team_at_all() -> Message:
    """To somebody of no team who used a shortcut, which has no channel."""
    return _refusal(
        "This is for the people who answer a team's requests, and their lead. "
        "If something is in your way, say it in the channel where you ask: it will be heard."
    )


def not_yours(team: str, own: Sequence[Own] = (), word: str | None = None) -> Message:
    """In a channel of a team that the person is none of, naming the way to their own.

    Args:
        team: The channel's team.
        own: The person's own teams.
        word: What they typed after `/headroom`; None where they pressed a button.
    """
    said = f"Only the people who answer for {escape(team)}, and their lead, can do this."
    ways = " or ".join(f"{escape(one.name)}, in <#{one.queue}>" for one in own[:4] if one.queue)
    if word is not None and ways:
        said += f" You answer for {ways}: type `{typed(word)}` there."
    return _refusal(said)


def only_responders(team: str) -> Message:
    """To a lead who does not answer requests, where a responder's own day is meant."""
    return _refusal(f"Only the people who answer for {escape(team)} are counted here; your day is your own.")


def only_lead(team: str, what: str) -> Message:
    """To somebody of the team who is not its lead.

    Args:
        team: The team's name.
        what: What the lead does, as in `change its roster`.
    """
    return _refusal(f"Only the lead of {escape(team)} can {what}.")


def which_team(own: Sequence[Own], word: str) -> Message:
    """In a channel of no team, to somebody of several: one press says which is meant."""
    buttons = [button(one.name, f"{actions.CHOOSE_TEAM}_{n}", one.value) for n, one in enumerate(own[:MOST_TEAMS])]
    return message([*sections(f"Which team do you mean with `{typed(word)}`?"), row(buttons)])


def moment_view(external_id: str) -> Block:
    """What stands in a view while its content is being worked out.

    Args:
        external_id: A name of ours for the view, by which the content finds it.
    """
    return {
        "type": "modal",
        "external_id": external_id,
        "title": plain_text("Headroom", 24),
        "close": plain_text("Close", 24),
        "blocks": sections("One moment …"),
    }


def typed(word: str) -> str:
    """What a person types."""
    return f"/headroom {word}".rstrip()


def _refusal(said: str) -> Message:
    return message([*sections(said), row([button("Help", actions.OPEN_HELP)])])
