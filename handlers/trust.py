"""`/headroom trust` and its buttons: what is kept, and one's own traces removed for good."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages import actions
from bot.messages.message import Block
from bot.messages.trust import removal_result, trust_view
from handlers.parts import Parts
from handlers.roles import team_of_channel, teams_of
from storage import keys


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the buttons that open the trust page, and the one in it."""

    @app.action(actions.OPEN_TRUST)
    async def opened(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        channel = (body.get("channel") or {}).get("id", "")
        await open_trust(parts, client, body["trigger_id"], body["user"]["id"], channel)

    @app.action(actions.REMOVE_TRACES)
    async def removed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await parts.run(remove_traces, parts, body["user"]["id"])
        # What was heard a moment before carries a pseudonym still: once it is on disk, it goes too.
        await parts.settled()
        view = await parts.run(remove_traces, parts, body["user"]["id"])
        await client.views_update(view_id=body["view"]["id"], view=view)


async def open_trust(parts: Parts, client: AsyncWebClient, trigger: str, user: str, channel: str) -> None:
    """Show what is kept, as a modal: Slack gives three seconds from the click."""
    await client.views_open(trigger_id=trigger, view=await parts.run(page, parts, user, channel))


def page(parts: Parts, user: str, channel: str) -> Block:
    """The trust page, as it holds for this person and channel."""
    record = team_of_channel(parts, channel)
    past = None if record is None else record.history_days
    return trust_view(on_roster=bool(teams_of(parts, user)), history_days=past)


def remove_traces(parts: Parts, user: str) -> Block:
    """Take a person's pseudonyms out of every fact, for good; returns the page that says so."""
    keys.opt_out(parts.db, parts.workspace, user)
    return removal_result(on_roster=bool(teams_of(parts, user)))
