"""Refusals and answers of the Web API, through Slack's own client."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox.server import METHODS, Client
from tests.sandbox.conftest import quick, seeded, web

Json = dict[str, Any]
META = {"event_type": "note", "event_payload": {"key": "k1"}}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}


async def refused(slack: Client, method: str, **args: Any) -> Json:
    """The body of a call that must fail, its arguments sent in the way the method reads them."""
    reads = METHODS[method].reads if method in METHODS else False
    with pytest.raises(SlackApiError) as failed:
        await web(slack).api_call(method, params=args if reads else None, json=None if reads else args)
    body: Json = failed.value.response.data
    return body


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("no.such", {}, "unknown_method"),
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "G1", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C2", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C3", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "C1"}, "no_text"),
        ("chat.postMessage", {"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "C1", "blocks": [SECTION] * 51}, "msg_blocks_too_long"),
        ("chat.postMessage", {"channel": "C1", "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C1", "blocks": [{"type": "nope"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "metadata": {}}, "invalid_metadata_format"),
        (
            "chat.postMessage",
            {
                "channel": "C1",
                "text": "x",
                "metadata": {"event_type": "e", "event_payload": {"k": "v" * 20_000}},
            },
            "metadata_too_large",
        ),
        ("chat.postEphemeral", {"channel": "G2", "user": "U2", "text": "x"}, "user_not_in_channel"),
        ("chat.update", {"channel": "C1", "ts": "1.0", "text": "x"}, "message_not_found"),
        ("conversations.history", {"channel": "C2"}, "not_in_channel"),
        ("conversations.history", {"channel": "G1"}, "channel_not_found"),
        ("conversations.history", {"channel": "C1", "limit": 0}, "invalid_limit"),
        ("conversations.history", {"channel": "C1", "cursor": "?"}, "invalid_cursor"),
        ("conversations.history", {"channel": "C1", "oldest": "x"}, "invalid_ts_oldest"),
        ("conversations.replies", {"channel": "C1", "ts": "1.0"}, "thread_not_found"),
        ("conversations.info", {"channel": "G1"}, "channel_not_found"),
        ("conversations.join", {"channel": "C1"}, "missing_scope"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S404"}, "no_such_subteam"),
        ("views.open", {"trigger_id": "1.2.3", "view": {"type": "modal"}}, "invalid_arguments"),
        ("views.publish", {"user_id": "U404", "view": {"type": "home", "blocks": []}}, "user_not_found"),
        ("views.update", {"view_id": "V1", "view": {}}, "not_found"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
    ],
)
async def test_refusals(slack: Client, method: str, args: Json, error: str) -> None:
    """Each misuse has Slack's own name."""
    assert (await refused(slack, method, **args))["error"] == error


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("users.info", {"user": "U1"}, "user_not_found"),
        ("conversations.info", {"channel": "C1"}, "channel_not_found"),
        ("conversations.history", {"channel": "C1"}, "channel_not_found"),
        ("conversations.replies", {"channel": "C1", "ts": "1.0"}, "channel_not_found"),
        ("conversations.members", {"channel": "C1"}, "channel_not_found"),
        ("usergroups.users.list", {"usergroup": "S1"}, "invalid_arguments"),
        ("reactions.get", {"channel": "C1", "timestamp": "1.0"}, "no_item_specified"),
        ("bots.info", {"bot": "B404"}, None),
    ],
)
async def test_reads_do_not_look_into_json(slack: Client, method: str, args: Json, error: str | None) -> None:
    """A reading method ignores a JSON body, as if nothing had been asked for."""
    await slack.seed(usergroups=[{"id": "S1", "handle": "s", "users": []}])
    if error is None:
        assert (await web(slack).api_call(method, json=args))["ok"]
        return
    with pytest.raises(SlackApiError) as failed:
        await web(slack).api_call(method, json=args)
    assert failed.value.response["error"] == error


async def test_tokens(slack: Client) -> None:
    """No token and a wrong token are told apart."""
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{slack.api_url}auth.test") as answer:
            assert (await answer.json())["error"] == "not_authed"
        async with session.post(f"{slack.api_url}auth.test", data={"token": "xoxb-no"}) as answer:
            assert (await answer.json())["error"] == "invalid_auth"
        async with session.get(f"{slack.api_url}auth.test", params={"token": "xoxb-sandbox"}) as answer:
            assert (await answer.json())["user_id"] == "U0BOT"
            assert "chat:write" in answer.headers["X-OAuth-Scopes"]
    assert "xoxb" not in str(await slack.calls())


async def test_missing_scope_names_needed_and_provided(slack: Client) -> None:
    """A missing scope is named, for the method and for the kind of channel."""
    await slack.seed(app={"scopes": ["channels:history"]})
    body = await refused(slack, "chat.postMessage", channel="C1", text="x")
    assert (body["error"], body["needed"], body["provided"]) == (
        "missing_scope",
        "chat:write",
        "channels:history",
    )
    assert (await refused(slack, "conversations.history", channel="G2"))["needed"] == "groups:history"


async def test_invalid_blocks_are_listed_twice(slack: Client) -> None:
    """The errors stand in `errors` and, marked, in `response_metadata.messages`."""
    button = {"type": "button", "text": {"type": "plain_text", "text": "b"}}
    blocks = [SECTION, {"type": "actions", "elements": [button] * 26}]
    body = await refused(slack, "chat.postMessage", channel="C1", text="x", blocks=blocks)
    line = "no more than 25 items allowed [json-pointer:/blocks/1/elements]"
    assert body["errors"] == [line]
    assert body["response_metadata"]["messages"] == [f"[ERROR] {line}"]


async def test_post_update_delete_and_metadata(slack: Client) -> None:
    """Metadata is found again by history that asks for it, and by no other."""
    sdk = web(slack)
    post = await sdk.chat_postMessage(channel="C1", text="one", metadata=META)
    plain = await sdk.conversations_history(channel="C1")
    assert "metadata" not in plain["messages"][0]
    full = await sdk.conversations_history(channel="C1", include_all_metadata=True)
    assert full["messages"][0]["metadata"] == META
    await sdk.chat_update(channel="C1", ts=post["ts"], text="two")
    changed = (await sdk.conversations_history(channel="C1", include_all_metadata=True))["messages"][0]
    assert (changed["text"], changed["metadata"], changed["edited"]["user"]) == ("two", META, "U0BOT")
    link = await sdk.chat_getPermalink(channel="C1", message_ts=post["ts"])
    assert link["permalink"].endswith(f"/C1/p{post['ts'].replace('.', '')}")
    await sdk.chat_delete(channel="C1", ts=post["ts"])
    assert (await sdk.conversations_history(channel="C1"))["messages"] == []


async def test_update_keeps_blocks_unless_told(slack: Client) -> None:
    """Text alone leaves the blocks, an empty list takes them away."""
    sdk = web(slack)
    post = await sdk.chat_postMessage(channel="C1", text="one", blocks=[SECTION])
    kept = await sdk.chat_update(channel="C1", ts=post["ts"], text="two")
    assert kept["message"]["blocks"][0]["text"] == SECTION["text"]
    gone = await sdk.chat_update(channel="C1", ts=post["ts"], text="three", blocks=[])
    assert "blocks" not in gone["message"]


async def test_guests_and_other_bots(slack: Client) -> None:
    """A guest's message names the guest's workspace; another app's post has its bot_id and no subtype."""
    await slack.seed(users=[{"id": "U7", "name": "ci", "is_bot": True, "bot_id": "B7"}])
    await slack.act("U1", "invite", channel="C1", user="U7")
    await slack.act("U9", "message", channel="C1", text="from outside")
    await slack.act("U7", "message", channel="C1", text="built")
    newest, guest = (await web(slack).conversations_history(channel="C1", limit=2))["messages"]
    assert (newest["bot_id"], newest["user"], newest.get("subtype")) == ("B7", "U7", None)
    assert (guest["team"], guest["user_team"]) == ("T9", "T9")
    assert (await web(slack).bots_info(bot="B7"))["bot"]["name"] == "ci"


async def test_commercial_apps_get_short_pages() -> None:
    """With Slack's limit for commercial apps a page holds fifteen messages, and there is one a minute."""
    async with seeded(quick(history_limit=15)) as slack:
        old = [{"channel": "C1", "user": "U1", "ts": 1_700_000_000 + n, "text": "x"} for n in range(20)]
        await slack.seed(messages=old)
        page = await web(slack).conversations_history(channel="C1", limit=200)
        with pytest.raises(SlackApiError) as again:
            await web(slack).conversations_history(channel="C1", limit=200)
        await slack.settings(history_limit=None)
        whole = await web(slack).conversations_history(channel="C1", limit=200)
    assert (len(page["messages"]), page["has_more"]) == (15, True)
    assert int(again.value.response.headers["Retry-After"]) > 50
    assert len(whole["messages"]) == 20


async def test_others_messages_are_not_the_bots(slack: Client) -> None:
    """The bot can neither change nor delete what a person wrote."""
    ts = (await slack.act("U1", "message", channel="C1", text="mine"))["ts"]
    assert (await refused(slack, "chat.update", channel="C1", ts=ts, text="x"))["error"] == ("cant_update_message")
    assert (await refused(slack, "chat.delete", channel="C1", ts=ts))["error"] == "cant_delete_message"


async def test_history_pages_bounds_and_threads(slack: Client) -> None:
    """History has roots only, newest first, by pages and bounds; replies come oldest first."""
    sdk, times = web(slack), [f"{1_700_000_000 + n}.000000" for n in range(7)]
    messages: list[Json] = [{"channel": "C1", "user": "U1", "ts": t, "text": t} for t in times]
    for n in (1, 2, 3):
        reply = {"channel": "C1", "user": "U2", "ts": f"1700000100.00000{n}", "text": "r"}
        messages.append({**reply, "thread_ts": times[0]})
    messages[0]["reactions"] = [{"name": "eyes", "users": ["U2"]}]
    await slack.seed(messages=messages)
    seen: list[str] = []
    async for part in await sdk.conversations_history(channel="C1", limit=3):
        seen += [m["ts"] for m in part["messages"]]
    assert seen == times[::-1]
    bounds: Json = {"oldest": times[2], "latest": times[4]}
    inner = await sdk.conversations_history(channel="C1", **bounds)
    assert [m["ts"] for m in inner["messages"]] == [times[3]]
    outer = await sdk.conversations_history(channel="C1", inclusive=True, **bounds)
    assert [m["ts"] for m in outer["messages"]] == [times[4], times[3], times[2]]
    root = (await sdk.conversations_history(channel="C1", latest=times[1]))["messages"][0]
    assert (root["reply_count"], root["latest_reply"], root["reply_users"]) == (
        3,
        "1700000100.000003",
        ["U2"],
    )
    assert root["reactions"] == [{"name": "eyes", "users": ["U2"], "count": 1}]
    thread: list[str] = []
    async for part in await sdk.conversations_replies(channel="C1", ts=times[0], limit=2):
        thread += [m["ts"] for m in part["messages"]]
    assert thread == [times[0], *(f"1700000100.00000{n}" for n in (1, 2, 3))]
    newer = await sdk.conversations_replies(channel="C1", ts=times[0], oldest="1700000100.000002")
    assert [m["ts"] for m in newer["messages"]] == [times[0], "1700000100.000003"]


async def test_deleted_root_leaves_a_tombstone(slack: Client) -> None:
    """A deleted root with replies stays as a tombstone."""
    root = (await slack.act("U1", "message", channel="C1", text="root"))["ts"]
    await slack.act("U2", "message", channel="C1", text="reply", thread_ts=root)
    await slack.act("U1", "delete", channel="C1", ts=root)
    (left,) = (await web(slack).conversations_history(channel="C1"))["messages"]
    assert (left["subtype"], left["reply_count"], left["user"]) == ("tombstone", 1, "USLACKBOT")


async def test_direct_messages(slack: Client) -> None:
    """Posting to a person opens the direct message, whose history needs its own scope."""
    await slack.seed(app={"scopes": ["chat:write", "channels:history"]})
    post = await web(slack).chat_postMessage(channel="U1", text="hi")
    assert post["channel"].startswith("D")
    assert [m["text"] for m in await slack.messages("U1", post["channel"])] == ["hi"]
    assert (await refused(slack, "conversations.history", channel=post["channel"]))["needed"] == "im:history"
    assert not [c for c in (await slack.state("U2"))["channels"] if c["is_im"]]


async def test_people(slack: Client) -> None:
    """Profiles carry the zone and its offset of the day; guests are marked and lack a locale."""
    sdk = web(slack)
    ann = (await sdk.users_info(user="U1", include_locale=True))["user"]
    assert (ann["tz"], ann["is_bot"], ann["locale"]) == ("Europe/Berlin", False, "en-US")
    assert ann["tz_offset"] in (3600, 7200)
    guest = (await sdk.users_info(user="U9", include_locale=True))["user"]
    assert (guest["is_stranger"], guest["team_id"], guest.get("locale")) == (True, "T9", None)
    assert (await sdk.users_info(user="U0BOT"))["user"]["is_bot"] is True
    names = {m["name"] for m in (await sdk.users_list())["members"]}
    assert names == {"ann", "ben", "sandboxapp"}
    members = (await sdk.conversations_members(channel="C1"))["members"]
    assert members == ["U1", "U2", "U9", "U0BOT"]
    listed = await sdk.users_conversations(types="public_channel,private_channel", exclude_archived=True)
    assert {c["id"] for c in listed["channels"]} == {"C1", "G2"}


async def test_groups(slack: Client) -> None:
    """User groups are listed with their people."""
    await slack.seed(usergroups=[{"id": "S1", "handle": "support", "users": ["U1", "U2"]}])
    sdk = web(slack)
    (group,) = (await sdk.usergroups_list(include_users=True))["usergroups"]
    assert (group["handle"], group["user_count"], group["users"]) == ("support", 2, ["U1", "U2"])
    assert (await sdk.usergroups_users_list(usergroup="S1"))["users"] == ["U1", "U2"]


async def test_slack_pace_is_enforced() -> None:
    """Posting faster than about one a second to a channel is refused with Retry-After; others go on."""
    async with seeded(quick(rate_limits="slack")) as slack:
        sdk = web(slack)
        posts = [sdk.chat_postMessage(channel="C1", text="x") for _ in range(12)]
        results = await asyncio.gather(*posts, return_exceptions=True)
        late = [r for r in results if isinstance(r, SlackApiError)]
        assert 5 <= len(results) - len(late) < 12
        failed = late[0]
        assert failed.response.status_code == 429
        assert failed.response["error"] == "ratelimited"
        assert int(failed.response.headers["Retry-After"]) >= 1
        await sdk.chat_postMessage(channel="G2", text="x")
        await slack.settings(rate_limits={"conversations.history": 1})
        await sdk.conversations_history(channel="C1")
        with pytest.raises(SlackApiError) as slow:
            await sdk.conversations_history(channel="C1")
        assert int(slow.value.response.headers["Retry-After"]) > 1


async def test_other_sites_are_kept_out(slack: Client) -> None:
    """A page of another site, or another host name, gets nothing from the local server."""
    async with aiohttp.ClientSession() as session:
        headers = {"Origin": "https://evil.example"}
        async with session.get(f"{slack.url}/sandbox/state", headers=headers) as answer:
            assert answer.status == 403
        async with session.get(f"{slack.url}/sandbox/state", headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
