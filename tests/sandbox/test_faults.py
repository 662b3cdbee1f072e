"""What goes wrong on order, met by a real Bolt app and by Slack's own client."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from sandbox.client import Refused
from sandbox.server import Client
from tests.patient import listening
from tests.sandbox.conftest import quick, seeded, web

pytestmark = pytest.mark.slow

Json = dict[str, Any]


def recorder(slack: Client) -> tuple[AsyncApp, list[tuple[str, str]]]:
    """An app that notes (event id, text) of every delivery before it acknowledges."""
    seen: list[tuple[str, str]] = []

    async def note(body: Json) -> BoltResponse:
        seen.append((body["event_id"], body["event"]["text"]))
        return BoltResponse(status=200, body="")

    return AsyncApp(name="test", client=web(slack), before_authorize=note), seen


def sent(n: int) -> Callable[[Client], Any]:
    """Whether at least `n` attempts were made."""

    async def look(slack: Client) -> bool:
        return bool((await slack.deliveries())["counts"]["attempts"] >= n)

    return look


OFTEN = {"retry_delays": (0.0, *[1.0] * 90), "retry_scale": 1.0}
"""Tries so many that a busy machine hears one of them; a test ends with the first that is heard."""


@pytest.mark.parametrize("kind", ["withhold_ack", "late_ack"])
async def test_missing_ack_is_retried(kind: str) -> None:
    """An event whose ack does not count comes again, with the same event_id and a retry number."""
    async with seeded(quick(ack_seconds=0.3, **OFTEN)) as slack:
        app, seen = recorder(slack)
        async with listening(slack, app):
            await slack.fault(kind, next=1)
            await slack.act("U1", "message", channel="C1", text="a")
            assert await slack.flush()
            tries = (await slack.deliveries())["deliveries"]
    assert [d["retry"] for d in tries] == list(range(len(tries)))
    assert [d["acked"] for d in tries] == [False] * (len(tries) - 1) + [True]
    assert len(tries) > 1
    assert len(seen) > 1
    assert len(set(seen)) == 1


async def test_given_up_after_three_retries(slack: Client) -> None:
    """An event that is never acknowledged is sent four times, then no more."""
    app, seen = recorder(slack)
    async with listening(slack, app):
        await slack.settings(ack_seconds=0.1)
        await slack.fault("withhold_ack", rate=1.0)
        await slack.act("U1", "message", channel="C1", text="a")
        assert await slack.flush()
        counts = (await slack.deliveries())["counts"]
        await slack.wait_for(lambda _: len(seen) == 4, "fourth try")
    assert (counts["attempts"], counts["given_up"], counts["acked"]) == (4, 1, 0)


async def test_outage_heals_by_retry() -> None:
    """An event sent while no socket is open arrives by a retry once one is."""
    async with seeded(quick(**OFTEN)) as slack:
        app, seen = recorder(slack)
        await slack.act("U1", "message", channel="C1", text="a")
        async with listening(slack, app):
            assert await slack.flush()
        rows = (await slack.deliveries())["deliveries"]
    assert [r["sent"] for r in rows] == [False] * (len(rows) - 1) + [True]
    assert len(rows) > 1
    assert [text for _, text in seen] == ["a"]


@pytest.mark.parametrize(("envelope", "ids"), [("same", 1), ("new", 2)])
async def test_duplicate(slack: Client, envelope: str, ids: int) -> None:
    """A duplicate has the same event_id, in the same envelope or in another."""
    app, seen = recorder(slack)
    envelopes: list[str] = []

    async with listening(slack, app):
        await slack.fault("duplicate", envelope=envelope)
        await slack.act("U1", "message", channel="C1", text="a")
        assert await slack.flush()
        envelopes += [d["envelope_id"] for d in (await slack.deliveries())["deliveries"]]
        await slack.act("U1", "message", channel="C1", text="last")
        assert await slack.flush()
    assert [text for _, text in seen] == ["a", "a", "last"]
    assert seen[0] == seen[1]
    assert len(set(envelopes)) == ids


async def test_reorder_and_drop(slack: Client) -> None:
    """A reordered event comes after the next one; a dropped one never comes."""
    app, seen = recorder(slack)
    async with listening(slack, app):
        await slack.fault("reorder")
        for text in ("first", "second"):
            await slack.act("U1", "message", channel="C1", text=text)
        await slack.fault("drop")
        for text in ("lost", "third"):
            await slack.act("U1", "message", channel="C1", text=text)
        assert await slack.flush()
    assert [text for _, text in seen] == ["second", "first", "third"]
    assert (await slack.deliveries())["counts"]["dropped"] == 1


async def test_lost_answer_posts_and_lost_request_does_not(slack: Client) -> None:
    """A lost answer leaves the message there; a lost request never made one."""
    await slack.fault("lost_answer", method="chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await web(slack).chat_postMessage(channel="C1", text="there")
    await slack.fault("lost_request", method="chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await web(slack).chat_postMessage(channel="C1", text="not there")
    await web(slack).chat_postMessage(channel="C1", text="fine")
    assert [m["text"] for m in await slack.messages("U1", "C1")] == ["there", "fine"]


@pytest.mark.parametrize(
    ("fault", "error", "posted"),
    [
        ({"kind": "internal_error_after_post"}, "internal_error", 1),
        ({"kind": "error", "error": "fatal_error"}, "fatal_error", 0),
        ({"kind": "rate_limited", "retry_after": 7}, "ratelimited", 0),
    ],
)
async def test_failing_calls(slack: Client, fault: Json, error: str, posted: int) -> None:
    """A call fails by name, with or without having been carried out, for its method only."""
    kind, options = fault["kind"], {k: v for k, v in fault.items() if k != "kind"}
    await slack.fault(kind, method="chat.postMessage", **options)
    await web(slack).auth_test()
    with pytest.raises(SlackApiError) as failed:
        await web(slack).chat_postMessage(channel="C1", text="a")
    assert failed.value.response["error"] == error
    assert failed.value.response.headers.get("Retry-After") == ("7" if error == "ratelimited" else None)
    assert len(await slack.messages("U1", "C1")) == posted


async def raw(slack: Client, method: str, **form: str) -> tuple[int, str, str]:
    """Call a method without a library; status, content type and text of what came."""
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.api_url}{method}", headers=headers, data=form) as response,
    ):
        return response.status, response.content_type, await response.text()


@pytest.mark.parametrize(("options", "status"), [({}, 200), ({"status": 503}, 503)])
async def test_a_page_in_place_of_an_answer(slack: Client, options: Json, status: int) -> None:
    """A page of HTML comes under status 200 or another, holds the text on order, and nothing was carried out."""
    await slack.fault("html", method="chat.postMessage", text="a line", **options)
    found, kind, page = await raw(slack, "chat.postMessage", channel="C1", text="hello")
    assert (found, kind) == (status, "text/html")
    assert "a line" in page
    assert await slack.messages("U1", "C1") == []
    assert (await raw(slack, "chat.postMessage", channel="C1", text="hello"))[1] == "application/json"


async def test_a_call_is_held(slack: Client) -> None:
    """A call waits, others do not; when the faults are cleared it is carried out and answered."""
    await slack.fault("hold", method="chat.postMessage")
    held = asyncio.create_task(raw(slack, "chat.postMessage", channel="C1", text="at last"))
    for _ in range(3):
        await raw(slack, "api.test")
    assert not held.done()
    assert await slack.messages("U1", "C1") == []
    await slack.clear_faults()
    assert (await held)[0] == 200
    assert [m["text"] for m in await slack.messages("U1", "C1")] == ["at last"]


async def test_an_answer_cut_short(slack: Client) -> None:
    """The call is carried out; its JSON ends after so many bytes, and says that it is whole."""
    await slack.fault("cut", method="chat.postMessage", bytes=12)
    status, kind, text = await raw(slack, "chat.postMessage", channel="C1", text="hello")
    assert (status, kind, text) == (200, "application/json", '{"ok": true,')
    await slack.fault("cut", method="api.test", bytes=-1)
    assert (await raw(slack, "api.test"))[2] == '{"ok": true, "args": {}'
    assert [m["text"] for m in await slack.messages("U1", "C1")] == ["hello"]


async def test_forced_invalid_blocks(slack: Client) -> None:
    """A block type under order is refused, any other is not, until the faults are cleared."""
    await slack.fault("invalid_blocks", block_type="divider")
    with pytest.raises(SlackApiError) as failed:
        await web(slack).chat_postMessage(channel="C1", text="a", blocks=[{"type": "divider"}])
    assert failed.value.response["errors"] == ["unsupported type: divider [json-pointer:/blocks/0/type]"]
    header = {"type": "header", "text": {"type": "plain_text", "text": "h"}}
    await web(slack).chat_postMessage(channel="C1", text="a", blocks=[header])
    await slack.clear_faults()
    await web(slack).chat_postMessage(channel="C1", text="a", blocks=[{"type": "divider"}])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("tcp_drop", {}),
        ("half_open", {}),
        ("disconnect", {"reason": "warning"}),
        ("disconnect", {"reason": "refresh_requested"}),
    ],
)
async def test_app_comes_back(kind: str, options: Json) -> None:
    """Whatever happens to the connection, Slack's own client returns and hears what was said meanwhile."""
    async with seeded(quick(ack_seconds=0.5, **OFTEN)) as slack:
        app, seen = recorder(slack)
        async with listening(slack, app, ping_seconds=2):
            await slack.fault(kind, **options)
            await slack.act("U1", "message", channel="C1", text="meanwhile")
            assert await slack.flush()
    assert {text for _, text in seen} == {"meanwhile"}


async def test_link_disabled_keeps_the_app_out(slack: Client) -> None:
    """With Socket Mode switched off no new connection is given until it is allowed again."""
    await slack.fault("disconnect", reason="link_disabled")
    with pytest.raises(SlackApiError, match="link_disabled"):
        await web(slack, "xapp-sandbox").apps_connections_open(app_token="xapp-sandbox")
    await slack.fault("reconnect_allowed")
    opened = await web(slack).apps_connections_open(app_token="xapp-sandbox")
    assert opened["url"].startswith("ws://127.0.0.1")


async def test_token_revoked(slack: Client) -> None:
    """Uninstalling tells the app, and its token works no more."""
    kinds = asyncio.Queue[str]()

    async def note(body: Json) -> BoltResponse:
        await kinds.put(body["event"]["type"])
        return BoltResponse(status=200, body="")

    async with listening(slack, AsyncApp(name="test", client=web(slack), before_authorize=note)):
        await slack.fault("token_revoked")
        assert [await asyncio.wait_for(kinds.get(), 60) for _ in range(2)] == [
            "tokens_revoked",
            "app_uninstalled",
        ]
    with pytest.raises(SlackApiError, match="token_revoked"):
        await web(slack).auth_test()


async def test_ten_connections_share_the_events(slack: Client) -> None:
    """Ten connections may be open, an eleventh may not; each event goes to one of them; tickets work once."""
    sdk = web(slack)
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(10):
            url = (await sdk.apps_connections_open(app_token="xapp-sandbox"))["url"]
            socket = await session.ws_connect(url)
            assert (await socket.receive_json())["type"] == "hello"
            sockets.append(socket)
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            await sdk.apps_connections_open(app_token="xapp-sandbox")
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        for n in range(20):
            await slack.act("U1", "message", channel="C1", text=str(n))
        got = []
        for socket in sockets:
            for _ in range(2):
                frame = await socket.receive_json()
                got.append(frame["payload"]["event"]["text"])
                await socket.send_json({"envelope_id": frame["envelope_id"]})
        assert await slack.flush()
        for socket in sockets:
            await socket.close()
    assert sorted(map(int, got)) == list(range(20))
    assert (await slack.deliveries())["counts"]["attempts"] == 20


async def test_seeded_rates_repeat(slack: Client) -> None:
    """The same seed drops the same events."""
    runs = []
    for _ in range(2):
        await slack.clear_faults(seed=5)
        await slack.fault("error", rate=0.5, method="api.test", error="boom")
        before = (await slack.calls())[-1:]
        for _ in range(20):
            async with aiohttp.ClientSession() as session:
                await session.post(f"{slack.api_url}api.test")
        calls = await slack.calls(before[0]["n"] if before else 0, "api.test")
        runs.append([c["response"]["ok"] for c in calls])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {True, False}


async def test_unknown_fault_is_refused(slack: Client) -> None:
    """A fault that does not exist is named in the error."""
    with pytest.raises(Refused, match="'gremlin' is not one of"):
        await slack.fault("gremlin")


async def test_unknown_setting_is_refused(slack: Client) -> None:
    """A setting that does not exist is named in the error, with those that do."""
    with pytest.raises(Refused, match=r"'ack_second' is not one of .*'ack_seconds'"):
        await slack.settings(ack_second=1)
