"""`/headroom trust` and its buttons: what is kept, one's own traces shown, and removed for good.

Whose traces is always said by Slack's payload (`body["user"]["id"]`), never by a button's value or a word that
was typed: there is no way to somebody else's.
"""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages import actions
from bot.messages.message import Block
from bot.messages.traces import traces_view
from bot.messages.trust import removal_result, trust_view
from handlers.parts import Parts
from handlers.roles import team_of_channel, teams_of
from storage import mutes, solved, traces


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the buttons that open the trust page, and those in it."""

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

    @app.action(actions.SOLVED_UNMUTE)
    async def unmuted(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = await parts.run(unmute, parts, body["user"]["id"])
        await client.views_update(view_id=body["view"]["id"], view=view)

    _register_traces(app, parts)


def _register_traces(app: AsyncApp, parts: Parts) -> None:
    @app.action(actions.TRACES_SHOW)
    async def shown(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await parts.settled()
        view = await parts.run(own_traces, parts, body["user"]["id"])
        in_modal = (body.get("view") or {}).get("type") == "modal"
        show = client.views_push if in_modal else client.views_open
        await show(trigger_id=body["trigger_id"], view=view)

    async def turned(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = await parts.run(own_traces, parts, body["user"]["id"], body["actions"][0].get("value", ""))
        await client.views_update(view_id=body["view"]["id"], view=view)

    for end in ("_on", "_back"):
        app.action(actions.TRACES_SHOW + end)(turned)


async def open_trust(parts: Parts, client: AsyncWebClient, trigger: str, user: str, channel: str) -> None:
    """Show what is kept, as a modal: Slack gives three seconds from the click."""
    await client.views_open(trigger_id=trigger, view=await parts.run(page, parts, user, channel))


def page(parts: Parts, user: str, channel: str) -> Block:
    """The trust page, as it holds for this person and channel."""
    record = team_of_channel(parts, channel)
    past = None if record is None else record.history_days
    return trust_view(
        on_roster=bool(teams_of(parts, user)),
        history_days=past,
        solved_muted=solved.KIND in mutes.of(parts.db, parts.workspace, user),
    )


def unmute(parts: Parts, user: str) -> Block:
    """Ask this person again whether a request was solved; returns the trust page, without the button for it."""
    mutes.unmute(parts.db, parts.workspace, user, solved.KIND)
    return page(parts, user, "")


def own_traces(parts: Parts, user: str, turned_to: str = "0") -> Block:
    """What is kept of the person who asks.

    Args:
        parts: The store.
        user: Slack user id, from Slack's payload.
        turned_to: The page.
    """
    kept = traces.of(parts.db, parts.workspace, user)
    shown = {
        "slack_id": user,
        "as_of": datetime.fromtimestamp(parts.clock(), UTC).isoformat(timespec="seconds"),
        **{key: list(value) if isinstance(value, tuple) else value for key, value in asdict(kept).items()},
    }
    return traces_view(shown, int(turned_to) if turned_to.isascii() and turned_to.isdecimal() else 0)


def remove_traces(parts: Parts, user: str) -> Block:
    """Take a person out of everything that leads to them, for good; returns the page that says so."""
    traces.remove(parts.db, parts.workspace, user)
    return removal_result(on_roster=bool(teams_of(parts, user)))
