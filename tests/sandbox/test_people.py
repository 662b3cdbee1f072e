"""What people do to channels and forms, and what the app is told of it."""

import asyncio
from typing import Any

import pytest
from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.client import Refused
from bot.sandbox.config import Json, SlackError
from bot.sandbox.inputs import entry, initial_state, problems
from bot.sandbox.server import Client
from tests.sandbox.conftest import connected, new_app, web
from tests.sandbox.test_blocks import field, options, plain


async def test_channel_and_people_events(slack: Client) -> None:
    """Archiving, renaming, a new id and a changed profile arrive with Slack's fields."""
    events = asyncio.Queue[Json]()

    async def note(body: Json) -> BoltResponse:
        await events.put(body["event"])
        return BoltResponse(status=200, body="")

    async with connected(slack, AsyncApp(client=web(slack), before_authorize=note)):
        await slack.act("U1", "rename", channel="C1", name="help")
        await slack.act("U1", "change_id", channel="C1", id="C1X")
        await slack.act("U1", "archive", channel="C1X")
        await slack.act("U1", "profile", profile={"tz": "UTC", "status_text": "away"})
        got = [await asyncio.wait_for(events.get(), 5) for _ in range(4)]
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
    async with connected(slack, app):
        post = await app.client.chat_postMessage(channel="C1", text="pick", blocks=[block])
        await slack.act("U1", "select", channel="C1", ts=post["ts"], action_id="pick", value="2")
        body = await asyncio.wait_for(bodies.get(), 5)
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
