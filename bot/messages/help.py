"""What `/headroom` can do, for whom, and what to say to a word it does not know."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.emoji import DEFAULT_EMOJI, said
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, code, message, sections
from bot.messages.message import Message
from bot.signal import Kind


class Role(StrEnum):
    """Who asks, by the roster of the team whose channel they are in."""

    LEAD = "lead"
    RESPONDER = "responder"
    REQUESTER = "requester"
    OUTSIDER = "outsider"  # in a channel that belongs to no team


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `/headroom`.

    Attributes:
        word: The word; empty for `/headroom` alone.
        lines: What it does, for each role that may use it; none for a word that help leaves out.
        also: Other spellings that do the same.
        near: Words that people may type when they mean this one; they are asked whether they do.
    """

    word: str
    lines: Mapping[Role, str]
    also: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """All that is taken for it."""
        return (self.word, *self.also)

    @property
    def typed(self) -> str:
        """What a person types."""
        return f"/headroom {self.word}".rstrip()


def help_message(role: Role, commands: Iterable[Command], emoji: Mapping[str, Kind] = DEFAULT_EMOJI) -> Message:
    """What this person can do here.

    Args:
        role: Who asks.
        commands: Every word there is, in the order in which it is shown.
        emoji: What each reaction means to the team of this channel.
    """
    told = [f"• `{c.typed}`: {c.lines[role]}" for c in commands if role in c.lines]
    answering = (
        f"Answer as always. {said(emoji, Kind.CLAIM)} on a request you take and {said(emoji, Kind.DONE)} when it is "
        "finished make the numbers exact; neither is needed."
    )
    extra = {
        Role.LEAD: answering,
        Role.RESPONDER: answering,
        Role.REQUESTER: "Ask as always: post in the channel. There is no form to fill in.",
        Role.OUTSIDER: "No team is set up for this channel yet, and nothing in it is read.",
    }[role]
    return message([*sections("*What you can type*", *told), *sections(extra), _buttons(role)])


def nearest(word: str, commands: Iterable[Command]) -> Command | None:
    """The command that was probably meant; None where nothing is close."""
    asked = word.strip().lower()[:40]
    known = {spelt: c for c in commands for spelt in (*c.spellings, *c.near) if spelt}
    close = difflib.get_close_matches(asked, known, n=1, cutoff=0.6)
    return known[close[0]] if close else None


def unknown_command(word: str, role: Role, commands: Iterable[Command]) -> Message:
    """The answer to a word that is no command, with the nearest one that this person may use.

    Args:
        word: What was typed.
        role: Who typed it.
        commands: Every word there is.
    """
    meant = nearest(word, commands)
    guess = f" Did you mean `{meant.typed}`: {meant.lines[role]}" if meant and role in meant.lines else ""
    return message(
        [
            *sections(f"{code(word, 40)} is not a command.{guess}", "`/headroom help` lists them all."),
            _buttons(role),
        ]
    )


def _buttons(role: Role) -> dict[str, object]:
    setup = [button("Set up", actions.OPEN_SETUP)] if role in {Role.LEAD, Role.OUTSIDER} else []
    return row([*setup, button("What is kept", actions.OPEN_TRUST)])
