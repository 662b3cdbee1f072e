"""A real Bolt app on the sandbox: events, commands, buttons, forms, App Home, shortcuts."""

import asyncio
from typing import Any

import pytest

from sandbox.client import Refused
from sandbox.server import Client
from tests.sandbox.conftest import connected, new_app

Json = dict[str, Any]

BUTTON: Json = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "open",
            "value": "v1",
            "text": {"type": "plain_text", "text": "Open"},
        }
    ],
}


def form(title: str = "Form") -> Json:
    """A modal with one needed and one free field."""
    return {
        "type": "modal",
        "callback_id": "form",
        "notify_on_close": True,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": {"type": "plain_text", "text": "Name"},
                "element": {"type": "plain_text_input", "action_id": "x", "max_length": 10},
            },
            {
                "type": "input",
                "block_id": "count",
                "optional": True,
                "label": {"type": "plain_text", "text": "Count"},
                "element": {
                    "type": "number_input",
                    "action_id": "x",
                    "is_decimal_allowed": False,
                    "min_value": "1",
                    "initial_value": "3",
                },
            },
        ],
    }


async def test_message_event_reaches_listener(slack: Client) -> None:
    """A person's message arrives once, as Slack shapes it, and is acknowledged."""
    app, seen = new_app(slack), asyncio.Queue[Json]()

    @app.event("message")
    async def hear(body: Json) -> None:
        await seen.put(body)

    async with connected(slack, app):
        sent = await slack.act("U1", "message", channel="C1", text="hello @ben")
        body = await asyncio.wait_for(seen.get(), 60)
        event = body["event"]
        assert (event["user"], event["text"], event["ts"]) == ("U1", "hello <@U2>", sent["ts"])
        assert event["channel_type"] == "channel"
        assert event["blocks"][0]["type"] == "rich_text"
        assert event["client_msg_id"]
        assert body["authorizations"][0]["user_id"] == "U0BOT"
        assert await slack.flush()
        counts = (await slack.deliveries())["counts"]
        assert (counts["events"], counts["attempts"], counts["acked"]) == (1, 1, 1)


async def test_events_need_membership(slack: Client) -> None:
    """Nothing is delivered from a channel that the bot is not in."""
    await slack.act("U1", "message", channel="C2", text="hello")
    await slack.act("U1", "message", channel="G1", text="hello")
    assert (await slack.deliveries())["counts"]["events"] == 0


async def test_thread_reaction_edit_delete_join(slack: Client) -> None:
    """Each happening arrives as its own event with Slack's fields."""
    app, seen = new_app(slack), asyncio.Queue[Json]()

    async def hear(event: Json) -> None:
        await seen.put(event)

    @app.event("app_mention")  # being invited is one
    async def invited() -> None:
        return

    for name in ("message", "reaction_added", "reaction_removed", "member_joined_channel", "channel_left"):
        app.event(name)(hear)
    async with connected(slack, app):
        root = (await slack.act("U1", "message", channel="C1", text="root"))["ts"]
        reply = await slack.act("U2", "message", channel="C1", text="reply", thread_ts=root)
        await slack.act("U2", "react", channel="C1", ts=root, name="eyes")
        await slack.act("U2", "unreact", channel="C1", ts=root, name="eyes")
        await slack.act("U1", "edit", channel="C1", ts=root, text="changed")
        await slack.act("U2", "delete", channel="C1", ts=reply["ts"])
        await slack.act("U1", "invite", channel="C2", user="U0BOT")
        await slack.act("U1", "kick", channel="C2", user="U0BOT")
        assert await slack.flush()
        events = [await asyncio.wait_for(seen.get(), 60) for _ in range(9)]
    by_kind = {e.get("subtype") or e["type"] + ("+" if "thread_ts" in e else ""): e for e in events}
    assert by_kind["message+"]["parent_user_id"] == "U1"
    assert by_kind["reaction_added"]["item"] == {"type": "message", "channel": "C1", "ts": root}
    assert by_kind["reaction_added"]["item_user"] == "U1"
    assert "reaction_removed" in by_kind
    changed = by_kind["message_changed"]
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("changed", "root")
    assert by_kind["message_deleted"]["deleted_ts"] == reply["ts"]
    assert by_kind["channel_join"]["user"] == "U0BOT"
    assert by_kind["member_joined_channel"]["inviter"] == "U1"
    assert by_kind["channel_left"]["channel"] == "C2"


async def test_own_post_comes_back(slack: Client) -> None:
    """The bot's own message is delivered to it, with bot_id and without a subtype."""
    app, seen = new_app(slack), asyncio.Queue[Json]()

    async def middleware(body: Json, next: Any) -> None:
        await seen.put(body["event"])
        await next()

    app.middleware(middleware)
    async with connected(slack, app):
        await app.client.chat_postMessage(channel="C1", text="mine")
        event = await asyncio.wait_for(seen.get(), 60)
    assert event["bot_id"] == "B0BOT"
    assert event["user"] == "U0BOT"
    assert "subtype" not in event


async def test_command_answers(slack: Client) -> None:
    """An ack's text is seen by its person alone, and mentions arrive escaped."""
    app, seen = new_app(slack), asyncio.Queue[Json]()

    @app.command("/echo")
    async def echo(ack: Any, body: Json) -> None:
        await seen.put(body)
        await ack("only you")

    async with connected(slack, app):
        shown = await slack.act("U1", "command", channel="C1", command="/echo", text="@ben in #desk")
        assert shown["shown"] == "ephemeral"
    body = await seen.get()
    assert body["text"] == "<@U2|ben> in <#C1|desk>"
    assert (body["user_id"], body["channel_id"], body["channel_name"]) == ("U1", "C1", "desk")
    mine = await slack.messages("U1", "C1")
    assert [(m["text"], m["ephemeral"]) for m in mine] == [("only you", True)]
    assert await slack.messages("U2", "C1") == []


async def test_command_without_ack(slack: Client) -> None:
    """A command nobody answers in time fails as Slack lets it fail, and its person is told."""
    app = new_app(slack)

    @app.command("/slow")
    async def slow() -> None:
        return

    await slack.settings(ack_seconds=0.2)
    async with connected(slack, app):
        answer = await slack.try_act("U1", "command", channel="C1", command="/slow", text="")
    assert answer["error"] == "operation_timeout"
    assert (await slack.messages("U1", "C1"))[-1]["text"] == '/slow failed with the error "operation_timeout"'
    await slack.wait_for(_closed, "closed connection")
    offline = await slack.try_act("U1", "command", channel="C1", command="/slow", text="")
    assert offline["error"] == "dispatch_failed"


async def _closed(slack: Client) -> bool:
    return not (await slack.state("U1"))["connections"]


async def test_response_url_rules(slack: Client) -> None:
    """A response URL posts, replaces, deletes, and works five times."""
    app, results = new_app(slack), asyncio.Queue[int]()

    @app.command("/many")
    async def many(ack: Any, respond: Any) -> None:
        await ack()
        for index in range(6):
            await results.put((await respond(f"n{index}")).status_code)

    async with connected(slack, app):
        assert (await slack.act("U1", "command", channel="C2", command="/many"))["shown"] == "nothing"
        codes = [await asyncio.wait_for(results.get(), 60) for _ in range(6)]
    assert codes == [200] * 5 + [404]
    assert (await slack.calls(method="response_url"))[-1]["response"]["error"] == "used_url"


async def test_button_to_form_to_errors_to_done(slack: Client) -> None:
    """A button opens a modal; Slack's and the app's field errors are shown; then it closes."""
    app, sent = new_app(slack), asyncio.Queue[Json]()

    @app.action("open")
    async def show(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())
        await sent.put(body)

    @app.view("form")
    async def take(ack: Any, view: Json) -> None:
        values = view["state"]["values"]
        if values["name"]["x"]["value"] == "bad":
            await ack(response_action="errors", errors={"name": "not this one"})
        else:
            await ack()
            await sent.put(values)

    @app.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()

    async with connected(slack, app):
        post = await app.client.chat_postMessage(channel="C1", text="press", blocks=[BUTTON])
        await slack.act("U1", "click", channel="C1", ts=post["ts"], action_id="open")
        body = await asyncio.wait_for(sent.get(), 60)
        assert body["container"]["message_ts"] == post["ts"]
        assert body["actions"][0]["value"] == "v1"
        view = (await slack.state("U1"))["modals"][-1]
        empty = await slack.act("U1", "view_submit", view_id=view["id"])
        assert list(empty["errors"]) == ["name"]
        long = {"name": {"x": "x" * 11}, "count": {"x": 0}}
        both = await slack.act("U1", "view_submit", view_id=view["id"], values=long)
        assert set(both["errors"]) == {"name", "count"}
        fields = {"name": {"x": "bad"}, "count": {"x": 2}}
        own = await slack.act("U1", "view_submit", view_id=view["id"], values=fields)
        assert own["errors"] == {"name": "not this one"}
        good = await slack.act("U1", "view_submit", view_id=view["id"], values={"name": {"x": "good"}})
        assert good["shown"] == "closed"
        values = await asyncio.wait_for(sent.get(), 60)
        assert values["count"]["x"] == {"type": "number_input", "value": "2"}
        assert (await slack.state("U1"))["modals"] == []
        with pytest.raises(Refused, match="not_found"):
            await slack.act("U1", "view_close", view_id=view["id"])


async def test_push_update_clear_and_close(slack: Client) -> None:
    """A submission may push, update or clear; closing tells an app that asked to know."""
    app, closed = new_app(slack), asyncio.Queue[Json]()
    steps: list[Json] = [
        {"response_action": "push", "view": form("Two")},
        {"response_action": "update", "view": form("Three")},
        {"response_action": "clear"},
    ]

    @app.shortcut("go")
    async def go(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form("One"))

    @app.view("form")
    async def take(ack: Any) -> None:
        await ack(**steps.pop(0))

    @app.view_closed("form")
    async def bye(ack: Any, body: Json) -> None:
        await ack()
        await closed.put(body)

    filled = {"name": {"x": "a"}}
    async with connected(slack, app):
        await slack.act("U1", "shortcut", callback_id="go")
        one = (await slack.wait_for(_modals, "modal"))[-1]
        two = (await slack.act("U1", "view_submit", view_id=one["id"], values=filled))["view"]
        assert (two["previous_view_id"], two["title"]["text"]) == (one["id"], "Two")
        three = await slack.act("U1", "view_submit", view_id=two["id"], values=filled)
        assert (three["shown"], three["view"]["title"]["text"]) == ("updated", "Three")
        assert three["view"]["hash"] != two["hash"]
        await slack.act("U1", "view_close", view_id=two["id"])
        assert (await closed.get())["is_cleared"] is False
        assert [m["id"] for m in (await slack.state("U1"))["modals"]] == [one["id"]]
        last = await slack.act("U1", "view_submit", view_id=one["id"], values=filled)
        assert last["shown"] == "cleared"


async def _modals(slack: Client) -> list[Json]:
    modals: list[Json] = (await slack.state("U1"))["modals"]
    return modals


async def test_app_home(slack: Client) -> None:
    """Opening App Home is an event; what the app publishes is what its person sees."""
    app = new_app(slack)
    home = {"type": "home", "blocks": [{**BUTTON, "block_id": "b"}]}

    @app.event("app_home_opened")
    async def opened(event: Json, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view=home)

    clicked = asyncio.Queue[Json]()

    @app.action("open")
    async def click(ack: Any, body: Json) -> None:
        await ack()
        await clicked.put(body)

    async with connected(slack, app):
        await slack.act("U1", "home")
        view = await slack.wait_for(_home, "home view")
        assert view["blocks"][0]["block_id"] == "b"
        await slack.act("U1", "click", view_id=view["id"], action_id="open")
        body = await asyncio.wait_for(clicked.get(), 60)
        assert body["container"] == {"type": "view", "view_id": view["id"]}
        assert (await slack.state("U2"))["home"] is None


async def _home(slack: Client) -> Json | None:
    home: Json | None = (await slack.state("U1"))["home"]
    return home


async def test_ephemeral_button_replaces_itself(slack: Client) -> None:
    """A button in an ephemeral message has no `message` in its payload and can be replaced."""
    app, bodies = new_app(slack), asyncio.Queue[Json]()

    @app.action("open")
    async def click(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond("done", replace_original=True)
        await bodies.put(body)

    async with connected(slack, app):
        await app.client.chat_postEphemeral(channel="C1", user="U1", text="?", blocks=[BUTTON])
        (question,) = await slack.messages("U1", "C1")
        await slack.act("U1", "click", channel="C1", ts=question["ts"], action_id="open", value="v1")
        body = await asyncio.wait_for(bodies.get(), 60)
    assert "message" not in body
    assert body["container"]["is_ephemeral"] is True
    (replaced,) = await slack.messages("U1", "C1")
    assert (replaced["ts"], replaced["text"], replaced["blocks"]) == (question["ts"], "done", None)
    refused = await slack.try_act("U2", "click", channel="C1", ts=question["ts"], action_id="open")
    assert refused["error"] == "message_not_found"


async def test_seed_is_silent_and_history_is_whole(slack: Client) -> None:
    """Seeded history emits no events and shows counts and users, but no times, of reactions."""
    await slack.seed(
        messages=[
            {"channel": "C1", "user": "U1", "ts": "1700000000.000100", "text": "old"},
            {
                "channel": "C1",
                "user": "U2",
                "ts": 1700000100,
                "text": "answer",
                "thread_ts": "1700000000.000100",
                "reactions": [{"name": "eyes", "users": ["U1", "U2"]}],
            },
        ]
    )
    assert (await slack.deliveries())["counts"]["events"] == 0
    (root,) = await slack.messages("U1", "C1")
    assert (root["reply_count"], root["latest_reply"]) == (1, "1700000100.000000")
    thread = await slack.messages("U1", "C1", "1700000000.000100")
    assert thread[1]["reactions"] == [{"name": "eyes", "users": ["U1", "U2"], "count": 2}]
