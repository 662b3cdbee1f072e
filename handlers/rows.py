"""What a feature's table is made of: words, buttons, forms and shortcuts, each with the plain function that answers.

`handlers.front` hears them all. A plain function runs in a thread, gets a `Call` of somebody who may, and returns an
answer (`handlers.answers`); whatever it raises of ours is said as one sentence.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from bot.errors import HeadroomError
from bot.messages import refusals
from bot.messages.help import Command, Role
from bot.messages.message import Message
from handlers.answers import Answer
from handlers.directory import Directory
from handlers.parts import Parts
from handlers.roles import insider, role, team_of_channel
from storage.teams import TeamRecord


class May(Enum):
    """Who may."""

    PERSON = auto()  # whoever asks, about themselves: no team is meant
    ANYONE = auto()  # whoever is there
    INSIDER = auto()  # who answers for the team today, and its lead
    RESPONDER = auto()  # who answers for the team today
    LEAD = auto()
    STEWARD = auto()  # the lead; once their account is gone, whoever answers


class RefusedError(HeadroomError):
    """Not this team, or not you; `said` says so kindly."""

    def __init__(self, said: Message) -> None:
        self.said = said
        super().__init__(said.text)


@dataclass(frozen=True)
class Call:
    """Somebody asked for something, and may.

    Attributes:
        parts: What plain functions may use.
        directory: Asks Slack about people and channels, and remembers for a while.
        user: Slack user id, from Slack's payload alone.
        channel: Where they are; empty at Home and in shortcuts.
        body: Slack's payload.
        team: The team that is meant; None where none is.
        text: What they typed after the word.
        value: What the button holds, or the form carries.
        commands: Every word there is, in help's order.
        settle: Returns once all that was heard before is on disk.
    """

    parts: Parts
    directory: Directory
    user: str
    channel: str
    body: Mapping[str, Any]
    team: TeamRecord | None = None
    text: str = ""
    value: str = ""
    commands: Sequence[Command] = ()
    settle: Callable[[], None] = field(default=lambda: None)

    @property
    def record(self) -> TeamRecord:
        """The team that is meant, where one always is."""
        if self.team is None:
            raise RefusedError(refusals.gone())
        return self.team

    @property
    def now(self) -> float:
        """Unix seconds."""
        return self.parts.clock()

    @property
    def here(self) -> TeamRecord | None:
        """The team of the channel they are in."""
        return team_of_channel(self.parts, self.channel)

    @property
    def role(self) -> Role:
        """What they are in the channel they are in."""
        return role(self.parts, self.user, self.channel)

    @property
    def inside(self) -> bool:
        """Whether they may see the load of the team that is meant."""
        return self.team is not None and insider(self.team, self.user, self.now)

    @property
    def lead(self) -> bool:
        """Whether they lead the team that is meant."""
        return self.team is not None and self.user == self.team.lead

    @property
    def action(self) -> str:
        """The id of what was pressed."""
        return str(self.body["actions"][0]["action_id"])

    @property
    def view(self) -> Mapping[str, Any]:
        """The form as it was sent, or the view in which was pressed."""
        found: Mapping[str, Any] = self.body.get("view") or {}
        return found

    @property
    def values(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """What stands in the view's fields: block id → action id → state."""
        found: Mapping[str, Mapping[str, Mapping[str, Any]]] = self.view["state"]["values"]
        return found

    def needs_lead(self, what: str) -> None:
        """Go on for the team's lead alone.

        Args:
            what: What only the lead does, as in `note known peaks`.

        Raises:
            RefusedError: Somebody else asks.
        """
        if not self.lead:
            raise RefusedError(refusals.only_lead(self.record.team.name, what))


Plain = Callable[[Call], Answer]

Finder = Callable[[Parts, Mapping[str, Any]], int | None]
"""The number of the team that a button or form is about; None: none. What it raises of ours is said."""


def by_value(_parts: Parts, body: Mapping[str, Any]) -> int | None:
    """The button's value is the team's number."""
    return number(str(body["actions"][0].get("value") or ""))


def by_metadata(_parts: Parts, body: Mapping[str, Any]) -> int | None:
    """The form carries the team's number."""
    return number(str(body["view"].get("private_metadata") or ""))


def by_channel(parts: Parts, body: Mapping[str, Any]) -> int | None:
    """The team of the channel that the button names, else of the one where it stands."""
    record = team_of_channel(parts, channel_of(body))
    return None if record is None else record.id


def number(text: str) -> int | None:
    """The number that a text is; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def channel_of(body: Mapping[str, Any]) -> str:
    """The channel that a button names, else the one where it stands; empty for neither."""
    value = str((body.get("actions") or [{}])[0].get("value") or "")
    named = re.fullmatch(r"[CG][A-Z0-9]{1,30}", value)
    return value if named else str((body.get("channel") or {}).get("id", ""))


def split_word(text: str) -> tuple[str, str]:
    """The first word of a text, in small letters, and what stands after it and any blanks or line breaks."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first.lower(), "".join(rest).strip()


def first_word(text: str) -> str:
    """The first word of what was typed, in small letters, as it was typed (Slack escapes &, < and >); "" for none."""
    return html.unescape(split_word(text)[0])


def after_first_word(text: str) -> str:
    """What stands after the first word, as it was typed; "" for nothing."""
    return html.unescape(split_word(text)[1])


@dataclass(frozen=True, slots=True)
class Word:
    """What is typed after `/headroom`.

    Attributes:
        command: The word, its other spellings, and its lines in the help.
        do: Answers.
        may: Who may.
        what: What only the lead does, for `LEAD` and `STEWARD`.
        moment: It opens a view that needs more than the store: one that says "one moment" comes first.
        anew: It also makes a team where the channel has none.
        own: What may follow it that is about the person alone: it works anywhere, and no team is looked up for it.
    """

    command: Command
    do: Plain
    may: May = May.INSIDER
    what: str = ""
    moment: bool = False
    anew: bool = False
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """A button, or a choice in a view; other fields as in `Word`.

    Attributes:
        action: Its id, or a pattern of ids.
        team: Finds the team it is about.
        renews: Pressed at Home, it changes what stands there: the page is published anew.
    """

    action: str | re.Pattern[str]
    do: Plain
    may: May = May.INSIDER
    what: str = ""
    team: Finder = by_value
    moment: bool = False
    anew: bool = False
    renews: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was sent; other fields as in `Button`.

    Attributes:
        view: Its callback id.
        do: Keeps what it says. Its answer is the ack, so it asks Slack nothing, unless there is a `first`.
        first: Finds the mistakes that need no Slack (None: there are none); then the form says "one moment", and what
            `do` makes takes its place.
    """

    view: str
    do: Plain
    may: May = May.INSIDER
    what: str = ""
    team: Finder = by_metadata
    anew: bool = False
    first: Plain | None = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut. It has no channel: whoever uses it may, about teams of their own."""

    callback: str
    do: Plain


Row = Word | Button | Form | Shortcut
