"""What capture must know of a channel that is listened to; storage tells it, capture and tests read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.emoji import DEFAULT_EMOJI
from bot.signal import Kind

Pseudonym = Callable[[str, int], bytes]
"""(Slack user id, message time in microseconds) → eight bytes, or `b""` for whoever objected."""


class Gone(StrEnum):
    """Why a queue is not heard. No other words are ever stored for it: an answer may hold what people wrote."""

    TAKEN_OUT = "the bot was removed from the channel"
    CLOSED = "the channel was archived"
    UNREADABLE = "Slack does not let the bot read the channel"
    UNNAMED = "not named at set-up"
    FORGOTTEN = "forgotten"

    @property
    def ours(self) -> bool:
        """Whether we stopped listening ourselves, so that no answer of Slack's makes us listen again."""
        return self in (Gone.UNNAMED, Gone.FORGOTTEN)


@dataclass(frozen=True, slots=True)
class OtherApp:
    """An app that posts where requests arrive.

    Attributes:
        bot: Slack's bot_id.
        name: As it calls itself.
        request: Whether its posts are requests.
    """

    bot: str
    name: str
    request: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """What capture must know of a watched channel.

    Attributes:
        queue: Storage's number of the channel.
        responders: (Slack user id, microseconds) → whether that person was on the roster that day, team time.
        emoji: What a reaction means, by its name without colons and skin tone.
        other_apps: Whether posts by apps that `apps` does not name are requests.
        language: The team's, for the word lists.
        bot_user: Our own user id in this workspace.
        bot_id: Our own bot id in this workspace.
        apps: Bot id → whether posts by that app are requests.
    """

    queue: int
    responders: Callable[[str, int], bool]
    emoji: Mapping[str, Kind] = field(default_factory=lambda: DEFAULT_EMOJI)
    other_apps: bool = False
    language: str = "en"
    bot_user: str | None = None
    bot_id: str | None = None
    apps: Mapping[str, bool] = field(default_factory=dict)


Lookup = Callable[[str], Watch | None]
"""Slack channel id → its watch, None for a channel that is not watched."""


@dataclass(frozen=True, slots=True)
class Listening:
    """What must be known of a channel in which a team's mentions are counted.

    Attributes:
        team: Storage's number of the team.
        responders: As in `Watch`.
        group: Slack id of the team's user group, if it follows one.
        queue: Whether it is one of the team's own queues, where only threads count: a top-level post is a request.
        bot_user: Our own user id in this workspace.
        bot_id: Our own bot id in this workspace.
    """

    team: int
    responders: Callable[[str, int], bool]
    group: str | None = None
    queue: bool = False
    bot_user: str | None = None
    bot_id: str | None = None
