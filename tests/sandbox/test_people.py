"""What people do to channels and forms, and what the app is told of it."""

import asyncio
from typing import Any

import pytest
from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from sandbox.client import Refused
from sandbox.config import Json, SlackError
from sandbox.inputs import entry, initial_state, problems
from sandbox.server import Client
from sandbox.typed import rich_text
from tests.patient import listening
from tests.sandbox.conftest import new_app, web
from tests.sandbox.test_blocks import actions, button, card, container, corner, field, options, plain, thumbs

RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "hi "}, {"type": "user", "user_id": "U1"}],
        }
    ],
}


async def test_channel_and_people_events(slack: Client) -> None:
    """Archiving, renaming, a new id and a changed profile arrive with Slack's fields."""
    events = asyncio.Queue[Json]()

    async def note(body: Json) -> BoltResponse:
        await events.put(body["event"])
        return BoltResponse(status=200, body="")

    async with listening(slack, AsyncApp(name="test", client=web(slack), before_authorize=note)):
        await slack.act("U1", "rename", channel="C1", name="help")
        await slack.act("U1", "change_id", channel="C1", id="C1X")
        await slack.act("U1", "archive", channel="C1X")
        await slack.act("U1", "profile", profile={"tz": "UTC", "status_text": "away"})
        got = [await asyncio.wait_for(events.get(), 60) for _ in range(4)]
    assert [e["type"] for e in got] == [
        "channel_rename",
        "channel_id_changed",
        "channel_archive",
        "user_change",
    ]
    assert got[0]["channel"]["name"] == "help"
    assert (got[1]["old_channel_id"], got[1]["new_channel_id"]) == ("C1", "C1X")
    assert got[2]["channel"] == "C1X"
    assert (got[3]["user"]["tz"], got[3]["user"]["profile"]["status_text"]) == ("UTC", "away")
    with pytest.raises(Refused, match="is_archived"):
        await slack.act("U1", "message", channel="C1X", text="too late")


@pytest.mark.parametrize(
    ("user", "act", "error"),
    [
        ("U404", {"do": "home"}, "user_not_found"),
        ("U1", {"do": "dance"}, "unknown_act"),
        ("U1", {"do": "message", "channel": "C1"}, "no_text"),
        ("U1", {"do": "message", "text": "x"}, "invalid_arguments"),
        ("U2", {"do": "message", "channel": "C2", "text": "x"}, "not_in_channel"),
        ("U2", {"do": "message", "channel": "G1", "text": "x"}, "channel_not_found"),
        ("U9", {"do": "command", "channel": "C1", "command": "/x"}, "restricted_action"),
        ("U1", {"do": "leave", "channel": "G2"}, None),
        ("U1", {"do": "create", "name": "desk"}, "name_taken"),
        ("U1", {"do": "view_submit", "view_id": "V0"}, "not_found"),
    ],
)
async def test_people_meet_slacks_limits(slack: Client, user: str, act: Json, error: str | None) -> None:
    """People are refused by the names that Slack uses, and allowed what is theirs."""
    arguments = {k: v for k, v in act.items() if k != "do"}
    answer = await slack.try_act(user, act["do"], **arguments)
    assert answer.get("error") == error


async def test_unread_counts_what_others_wrote_since(slack: Client) -> None:
    """Unread messages are those of others after the last look; seeded ones are read."""
    await slack.seed(messages=[{"channel": "C1", "user": "U2", "ts": 1_700_000_000, "text": "old"}])
    assert await _unread(slack) == 0
    await slack.act("U2", "message", channel="C1", text="new")
    await slack.act("U1", "message", channel="C1", text="mine")
    assert await _unread(slack) == 1
    await slack.messages("U1", "C1")
    assert await _unread(slack) == 0


async def _unread(slack: Client) -> int:
    (desk,) = [c for c in (await slack.state("U1"))["channels"] if c["id"] == "C1"]
    return int(desk["unread"])


async def test_select_in_a_message(slack: Client) -> None:
    """A choice in a message is sent as the option chosen, kept for its person, refused if made up."""
    app, bodies = new_app(slack), asyncio.Queue[Json]()

    @app.action("pick")
    async def pick(ack: Any, body: Json) -> None:
        await ack()
        await bodies.put(body)

    element = {"type": "static_select", "action_id": "pick", "options": options(3)}
    block = {"type": "actions", "block_id": "b", "elements": [element]}
    async with listening(slack, app):
        post = await app.client.chat_postMessage(channel="C1", text="pick", blocks=[block])
        await slack.act("U1", "select", channel="C1", ts=post["ts"], action_id="pick", value="2")
        body = await asyncio.wait_for(bodies.get(), 60)
        made_up = await slack.try_act("U1", "select", channel="C1", ts=post["ts"], action_id="pick", value="9")
    chosen = {"type": "static_select", "selected_option": {"text": plain(), "value": "2"}}
    assert body["actions"][0]["selected_option"]["value"] == "2"
    assert body["state"]["values"] == {"b": {"pick": chosen}}
    assert body["message"]["ts"] == post["ts"]
    assert made_up["error"] == "no_such_option"
    (mine,) = await slack.messages("U1", "C1")
    (theirs,) = await slack.messages("U2", "C1")
    assert (mine["state"], theirs["state"]) == ({"b": {"pick": chosen}}, {})


@pytest.mark.parametrize(
    ("element", "value", "state"),
    [
        ({"type": "plain_text_input"}, "a", {"value": "a"}),
        ({"type": "plain_text_input"}, "", {"value": None}),
        ({"type": "number_input"}, 4, {"value": "4"}),
        ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
        ({"type": "multi_users_select"}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
        ({"type": "multi_users_select"}, None, {"selected_users": []}),
        ({"type": "channels_select"}, "C1", {"selected_channel": "C1"}),
        ({"type": "conversations_select"}, "C1", {"selected_conversation": "C1"}),
        ({"type": "datepicker"}, "2026-01-05", {"selected_date": "2026-01-05"}),
        ({"type": "timepicker"}, "09:00", {"selected_time": "09:00"}),
        ({"type": "radio_buttons", "options": options(2)}, "1", {"selected_option": options(2)[1]}),
        ({"type": "checkboxes", "options": options(2)}, ["0"], {"selected_options": options(1)}),
        ({"type": "email_text_input"}, "a@b.example", {"value": "a@b.example"}),
        ({"type": "url_text_input"}, "https://a.example", {"value": "https://a.example"}),
        ({"type": "datetimepicker"}, 1_700_000_000, {"selected_date_time": 1_700_000_000}),
        ({"type": "rich_text_input"}, "hi <@U1>", {"rich_text_value": RICH}),
        ({"type": "overflow", "options": options(2)}, "0", {"selected_option": options(1)[0]}),
    ],
)
def test_state_of_each_element(element: Json, value: object, state: Json) -> None:
    """A plain value becomes the state that Slack would send for the element."""
    assert entry({**element, "action_id": "x"}, value) == {"type": element["type"], **state}


def test_made_up_option() -> None:
    """A value that is no option is refused by name."""
    with pytest.raises(SlackError, match="no_such_option"):
        entry({"type": "static_select", "action_id": "x", "options": options(1)}, "7")


@pytest.mark.parametrize(
    ("element", "value", "error"),
    [
        ({"type": "plain_text_input"}, None, "required"),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "min_length": 2}, "ab", None),
        ({"type": "plain_text_input", "max_length": 2}, "abc", "2 characters or fewer"),
        ({"type": "number_input"}, "x", "enter a number"),
        ({"type": "number_input"}, "1.5", "whole number"),
        ({"type": "number_input", "is_decimal_allowed": True}, "1.5", None),
        ({"type": "number_input", "min_value": "2"}, "1", "at least 2"),
        ({"type": "number_input", "max_value": "2"}, "3", "at most 2"),
        ({"type": "multi_users_select"}, [], "required"),
        ({"type": "email_text_input"}, "nobody", "valid email"),
        ({"type": "email_text_input"}, "a@b.example", None),
        ({"type": "url_text_input"}, "a.example", "valid URL"),
        ({"type": "url_text_input"}, "https://a.example", None),
        ({"type": "file_input", "max_files": 1}, ["a.csv", "b.csv"], "at most 1"),
        ({"type": "file_input", "filetypes": ["csv"]}, ["a.png"], "types: csv"),
        ({"type": "file_input", "filetypes": ["csv"]}, ["a.csv"], None),
    ],
)
def test_slack_checks_before_sending(element: Json, value: object, error: str | None) -> None:
    """A form is held back for what Slack's own client would not send."""
    block = {**field({**element, "action_id": "x"}), "block_id": "b"}
    found = problems([block], {"b": {"x": entry(block["element"], value)}})
    assert list(found) == ([] if error is None else ["b"])
    assert error is None or error in found["b"]
    assert problems([{**block, "optional": True}], initial_state([block])) == {}


def test_updated_form_keeps_what_was_typed() -> None:
    """State survives an update under the same ids and element type only."""
    text = {**field({"type": "plain_text_input", "action_id": "x"}), "block_id": "b"}
    typed = {"b": {"x": {"type": "plain_text_input", "value": "kept"}}}
    assert initial_state([text], typed) == typed
    moved = {**text, "block_id": "other"}
    assert initial_state([moved], typed) == {"other": {"x": {"type": "plain_text_input", "value": None}}}


@pytest.mark.parametrize(
    ("typed", "runs"),
    [
        ("a &amp; b", [{"type": "text", "text": "a & b"}]),
        (
            "<!here> <!subteam^S1|@s>",
            [
                {"type": "broadcast", "range": "here"},
                {"type": "text", "text": " "},
                {"type": "usergroup", "usergroup_id": "S1"},
            ],
        ),
        (
            "see <#C1|desk>:",
            [
                {"type": "text", "text": "see "},
                {"type": "channel", "channel_id": "C1"},
                {"type": "text", "text": ":"},
            ],
        ),
        (
            ":eyes: <https://a.example/x>",
            [
                {"type": "emoji", "name": "eyes"},
                {"type": "text", "text": " "},
                {"type": "link", "url": "https://a.example/x"},
            ],
        ),
        (
            "<https://a.example|there> <odd>",
            [
                {"type": "link", "url": "https://a.example", "text": "there"},
                {"type": "text", "text": " <odd>"},
            ],
        ),
        (
            "at 10:30:15 :+1:",
            [{"type": "text", "text": "at 10:30:15 "}, {"type": "emoji", "name": "+1"}],
        ),
    ],
)
def test_typed_text_becomes_rich_text(typed: str, runs: list[Json]) -> None:
    """Mentions, links and emoji become elements of their own; the rest stays text, unescaped."""
    assert rich_text(typed)["elements"][0]["elements"] == runs


async def test_typed_mention_reaches_the_app_as_an_element(slack: Client) -> None:
    """A typed @name is a user element in the message's blocks, after an edit too."""
    ts = (await slack.act("U1", "message", channel="C1", text="hi @ben"))["ts"]
    await slack.act("U1", "edit", channel="C1", ts=ts, text="@ann https://a.example")
    (message,) = await slack.messages("U1", "C1")
    elements = message["blocks"][0]["elements"][0]["elements"]
    assert message["text"] == "<@U1> <https://a.example>"
    assert elements == [
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://a.example"},
    ]


async def test_feedback_and_nested_buttons(slack: Client) -> None:
    """A thumb sends its value; buttons of cards and containers can be pressed like any other."""
    app, bodies = new_app(slack), asyncio.Queue[Json]()

    async def take(ack: Any, action: Json) -> None:
        await ack()
        await bodies.put(action)

    for name in ("rate", "in_card", "in_container"):
        app.action(name)(take)
    blocks = [
        corner(thumbs(action_id="rate")),
        {"type": "carousel", "elements": [card(actions=[button(action_id="in_card")])]},
        container(actions(button(action_id="in_container"))),
    ]
    async with listening(slack, app):
        ts = (await app.client.chat_postMessage(channel="C1", text="x", blocks=blocks))["ts"]
        for name, value in (("rate", "down"), ("in_card", None), ("in_container", None)):
            more = {} if value is None else {"value": value}
            await slack.act("U1", "click", channel="C1", ts=ts, action_id=name, **more)
        got = [await asyncio.wait_for(bodies.get(), 60) for _ in range(3)]
        wrong = await slack.try_act("U1", "click", channel="C1", ts=ts, action_id="rate", value="sideways")
    assert [(a["action_id"], a.get("value")) for a in got] == [
        ("rate", "down"),
        ("in_card", None),
        ("in_container", None),
    ]
    assert all(a["block_id"] for a in got)
    assert wrong["error"] == "no_such_element"


async def test_stack_of_three(slack: Client) -> None:
    """Three modals may lie on each other, a fourth may not; a push needs a trigger from a modal."""
    app, triggers = new_app(slack), asyncio.Queue[str]()

    async def note(ack: Any, body: Json) -> None:
        await ack()
        await triggers.put(body["trigger_id"])

    app.shortcut("go")(note)
    app.action("open")(note)
    body = {"type": "modal", "title": plain(), "blocks": [actions(button(action_id="open"))]}
    async with listening(slack, app):
        await slack.act("U1", "shortcut", callback_id="go")
        with pytest.raises(SlackApiError, match="invalid_trigger_id"):
            await app.client.views_push(trigger_id=await triggers.get(), view=body)
        await slack.act("U1", "shortcut", callback_id="go")
        view = (await app.client.views_open(trigger_id=await triggers.get(), view=body))["view"]
        for _ in range(2):
            await slack.act("U1", "click", view_id=view["id"], action_id="open")
            view = (await app.client.views_push(trigger_id=await triggers.get(), view=body))["view"]
        await slack.act("U1", "click", view_id=view["id"], action_id="open")
        with pytest.raises(SlackApiError, match="push_limit_reached"):
            await app.client.views_push(trigger_id=await triggers.get(), view=body)
    stack = (await slack.state("U1"))["modals"]
    assert [v["previous_view_id"] for v in stack] == [None, stack[0]["id"], stack[1]["id"]]
    assert {v["root_view_id"] for v in stack} == {stack[0]["id"]}


async def test_home_hash_and_tabs(slack: Client) -> None:
    """App Home is published over its hash only while that is the newest; the messages tab has no view."""
    app, events = new_app(slack), asyncio.Queue[Json]()

    @app.event("app_home_opened")
    async def opened(event: Json) -> None:
        await events.put(event)

    home = {"type": "home", "external_id": "h1", "blocks": []}
    async with listening(slack, app):
        first = (await app.client.views_publish(user_id="U1", view=home))["view"]
        second = (await app.client.views_publish(user_id="U1", view=home, hash=first["hash"]))["view"]
        with pytest.raises(SlackApiError, match="hash_conflict"):
            await app.client.views_publish(user_id="U1", view=home, hash=first["hash"])
        by_name = await app.client.views_update(external_id="h1", view=home, hash=second["hash"])
        assert by_name["view"]["id"] == first["id"]
        await slack.act("U1", "home", tab="messages")
        await slack.act("U1", "home")
        got = [await asyncio.wait_for(events.get(), 60) for _ in range(2)]
    assert sorted((e["tab"], "view" in e) for e in got) == [("home", True), ("messages", False)]
    with pytest.raises(Refused, match="must be 'home' or 'messages'"):
        await slack.act("U1", "home", tab="about")


async def test_pages_hear_when_the_app_comes_and_goes(slack: Client) -> None:
    """Every viewer's feed shows that the app connected and that it left."""
    async with listening(slack, new_app(slack)):
        pass

    async def twice(client: Client) -> bool:
        return [c["type"] for c in await client.changes("U2")].count("app") >= 2

    await slack.wait_for(twice, "two changes")


async def test_shortcuts_have_names(slack: Client) -> None:
    """People see a shortcut's name; a bare id is its own; one unknown, without the scope, or by a guest is refused."""
    app, picked = new_app(slack), asyncio.Queue[str]()

    @app.shortcut("go")
    async def go(ack: Any, body: Json) -> None:
        await ack()
        await picked.put(body["callback_id"])

    await slack.seed(app={"shortcuts": ["go"]}, users=[{"id": "U8", "name": "guest", "is_stranger": True}])
    assert (await slack.state("U1"))["app"]["shortcuts"] == {"go": "go"}
    await slack.seed(app={"shortcuts": {"go": "Go somewhere"}})
    assert (await slack.state("U1"))["app"]["shortcuts"] == {"go": "Go somewhere"}
    async with listening(slack, app):
        await slack.act("U1", "shortcut", callback_id="go")
        assert await picked.get() == "go"
        with pytest.raises(Refused, match="unknown_shortcut"):
            await slack.act("U1", "shortcut", callback_id="other")
        with pytest.raises(Refused, match="restricted_action"):
            await slack.act("U8", "shortcut", callback_id="go")
        await slack.seed(app={"scopes": ["chat:write"]})
        with pytest.raises(Refused, match="unknown_shortcut"):
            await slack.act("U1", "shortcut", callback_id="go")
