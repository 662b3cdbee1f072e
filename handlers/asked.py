"""A `/headroom` command as it came, and what answers one of its words."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.message import Message


@dataclass(frozen=True, slots=True)
class Asked:
    """One command as it came: who, where, what, and how to answer.

    Attributes:
        user: Slack user id.
        channel: Where it was typed.
        word: The first word, in small letters.
        rest: What stands after it, as it was typed.
        trigger: Opens a view.
        respond: Answers there.
        client: Slack's Web API.
    """

    user: str
    channel: str
    word: str
    rest: str
    trigger: str
    respond: AsyncRespond
    client: AsyncWebClient

    async def tell(self, message: Message) -> None:
        """Answer, seen by the asker alone."""
        await self.respond(**message.payload(), response_type="ephemeral")


Route = Callable[[Asked], Awaitable[None]]
