"""What a pressed button brings: a form, or words. In the Home tab nobody can be whispered to: words open as a view."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.message import Block, Message
from bot.messages.problem import message_view


async def answer(body: Mapping[str, Any], client: AsyncWebClient, respond: AsyncRespond, said: Block | Message) -> None:
    """Open a view, or answer beside the button.

    Args:
        body: The press, as Slack sent it.
        client: Slack's Web API.
        respond: Answers where the button stood, if that was a message.
        said: A view, or words.
    """
    if isinstance(said, Message) and "view" not in body:
        await respond(**said.payload(), response_type="ephemeral", replace_original=False)
        return
    view = message_view(said) if isinstance(said, Message) else said
    await client.views_open(trigger_id=body["trigger_id"], view=view)
