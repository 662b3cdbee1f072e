"""Triggers, response URLs, rate limits, timestamps, changes: on a clock that the test moves."""

import asyncio
import socket
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from sandbox.config import SandboxConfig, SlackError
from sandbox.ratelimits import RateLimits
from sandbox.records import Channel
from sandbox.server import Client, serve
from sandbox.triggers import ResponseUrls, Triggers
from tests.clock import Clock
from tests.patient import listening
from tests.sandbox.conftest import new_app, quick, seeded, web
from tests.sandbox.test_story import form

Json = dict[str, Any]


def test_trigger_lives_once_and_shortly() -> None:
    """A trigger id works once, within its seconds, and an unknown one never."""
    hand = Clock(1_700_000_000.0)
    triggers = Triggers(3.0, hand)
    used, old = triggers.issue("U1"), triggers.issue("U1", "V1")
    assert triggers.redeem(used) == ("U1", None)
    with pytest.raises(SlackError, match="exchanged_trigger_id"):
        triggers.redeem(used)
    hand.now += 3.5
    with pytest.raises(SlackError, match="expired_trigger_id"):
        triggers.redeem(old)
    with pytest.raises(SlackError, match="invalid_trigger_id"):
        triggers.redeem("1.2.3")


def test_response_url_expires() -> None:
    """A response URL works for its half hour and not a second longer."""
    hand = Clock(1_700_000_000.0)
    urls = ResponseUrls(1800.0, 5, hand)
    key = urls.issue("U1", "C1").rpartition("/")[2]
    hand.now += 1800
    assert urls.use(key).channel == "C1"
    hand.now += 1
    with pytest.raises(SlackError, match="expired_url"):
        urls.use(key)


def test_rate_limit_refills() -> None:
    """The seconds of Retry-After are enough, one less is not, and other methods are free meanwhile."""
    hand = Clock(0.0)
    limits = RateLimits("slack", {}, hand)
    assert [limits.spend("m", 20, None) for _ in range(20)] == [None] * 20
    wait = limits.spend("m", 20, None)
    assert wait == 3
    assert limits.spend("other", 20, None) is None
    hand.now += wait - 1
    assert limits.spend("m", 20, None) is not None
    hand.now += 1
    assert limits.spend("m", 20, None) is None


@given(st.lists(st.floats(min_value=1e9, max_value=2e9), min_size=2, max_size=40))
def test_timestamps_only_grow(moments: list[float]) -> None:
    """Timestamps of a channel are unique and grow as numbers and as text, whatever the clock does."""
    channel = Channel("C1", "x")
    made = [channel.next_ts(m) for m in moments]
    assert made == sorted(set(made))
    assert [float(t) for t in made] == sorted(float(t) for t in made)


async def test_messages_follow_the_injected_clock() -> None:
    """Message timestamps come from the clock given, moved by the offset."""
    hand = Clock(1_700_000_000.0)
    async with seeded(quick(clock=hand, clock_offset=60.0)) as slack:
        ts = (await slack.act("U1", "message", channel="C1", text="a"))["ts"]
        assert int(float(ts)) == 1_700_000_060
        assert (await slack.state("U1"))["now"] == 1_700_000_060.0


async def test_views_open_refuses_old_and_used_triggers(slack: Client) -> None:
    """views.open opens once; a used or expired trigger id opens nothing."""
    app, triggers = new_app(slack), asyncio.Queue[str]()

    @app.shortcut("go")
    async def go(ack: Any, body: Json) -> None:
        await ack()
        await triggers.put(body["trigger_id"])

    async with listening(slack, app):
        await slack.act("U1", "shortcut", callback_id="go")
        trigger = await triggers.get()
        view = (await web(slack).views_open(trigger_id=trigger, view=form()))["view"]
        with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
            await web(slack).views_open(trigger_id=trigger, view=form())
        await slack.settings(trigger_seconds=0)
        await slack.act("U1", "shortcut", callback_id="go")
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await web(slack).views_open(trigger_id=await triggers.get(), view=form())
    changed = await web(slack).views_update(view_id=view["id"], hash=view["hash"], view=form("B"))
    assert changed["view"]["hash"] != view["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await web(slack).views_update(view_id=view["id"], hash=view["hash"], view=form("C"))
    text = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}
    big = {"type": "home", "blocks": [text] * 99}
    with pytest.raises(SlackApiError, match="view_too_large"):
        await web(slack).views_publish(user_id="U1", view=big)


async def test_changes_show_only_what_a_person_may_see(slack: Client) -> None:
    """Private channels and ephemeral messages change nobody else's screen; a stream tells at once."""
    async with aiohttp.ClientSession() as session:
        url = f"{slack.url}/sandbox/changes"
        async with session.get(url, params={"as": "U2", "since": "0"}) as stream:
            await slack.act("U1", "message", channel="G1", text="private")
            await web(slack).chat_postEphemeral(channel="C1", user="U1", text="only ann")
            await slack.act("U1", "message", channel="C1", text="public")
            async with asyncio.timeout(60):
                lines: list[bytes] = []
                while not any(b'"message"' in line for line in lines):
                    lines.append(await stream.content.readline())
    text = b"".join(lines)
    assert b"G1" not in text
    assert b"ephemeral" not in text
    assert b'"C1"' in text


async def test_serve_refuses_other_hosts() -> None:
    """The sandbox never listens beyond this machine."""
    with pytest.raises(ValueError, match="not a loopback address"):
        await serve(SandboxConfig(), host="0.0.0.0", port=0)  # noqa: S104 - what is refused


async def test_port_is_loopback_only(slack: Client) -> None:
    """The port is bound to 127.0.0.1, so another local address does not reach it."""
    port = int(slack.url.rpartition(":")[2])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", port)) != 0


@pytest.mark.slow
async def test_burst_of_fifteen_hundred(slack: Client) -> None:
    """Fifteen hundred envelopes, held back and then sent in one go, are each acknowledged."""
    app = new_app(slack)

    @app.event("message")
    async def hear() -> None:
        return

    async with listening(slack, app):
        await slack.fault("reorder", rate=1.0)
        await asyncio.gather(*(slack.act("U1", "message", channel="C1", text=str(n)) for n in range(1500)))
        assert (await slack.deliveries())["counts"]["attempts"] == 0
        assert await slack.flush()
        counts = (await slack.deliveries())["counts"]
    assert (counts["events"], counts["attempts"], counts["acked"]) == (1500, 1500, 1500)


async def test_a_closed_tab_is_no_error(slack: Client, caplog: pytest.LogCaptureFixture) -> None:
    """A page that goes away in the middle of its stream leaves no traceback in the log."""
    async with aiohttp.ClientSession() as session:
        stream = await session.get(f"{slack.url}/sandbox/changes", params={"as": "U2"})
        await stream.content.readline()
        stream.close()
    for n in range(5):
        await slack.act("U1", "message", channel="C1", text=f"nobody looks {n}")
    assert "Traceback" not in caplog.text
    assert not [r for r in caplog.records if r.exc_info]
