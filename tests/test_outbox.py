"""The outbox: whatever gets lost, a channel post reaches Slack once and a direct message at most once."""

import asyncio
import io
import logging
import random
import secrets
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.final_words import PASSING
from bot.outbox import Outbox
from bot.slack import Slack
from sandbox.server import Client, SandboxConfig, running
from storage import outbox
from storage.database import Database
from tests.clock import Clock
from tests.fresh import fresh
from tests.odd import ODD, SECRET
from tests.patient import patient
from tests.unsent import unsent

APP = SandboxConfig().app
WORKSPACE = "T0SANDBOX"
CHANNELS = [f"C{n:04d}" for n in range(10)]
BODY = {"text": "hello", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]}
CHART = {
    "type": "data_visualization",
    "title": "Load",
    "chart": {
        "type": "line",
        "series": [{"name": "load", "data": [{"label": "w1", "value": 1}]}],
        "axis_config": {"categories": ["w1"]},
    },
}


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return fresh(tmp_path / "headroom.db")


@pytest.fixture
async def slack() -> AsyncIterator[Client]:
    async with running(patient()) as client:
        await client.seed(
            users=[{"id": "U1", "name": "ann"}],
            channels=[{"id": c, "name": c.lower(), "members": ["U1", APP.bot_user_id]} for c in CHANNELS],
        )
        yield client


def sender(db: Database, slack: Client, clock: Clock) -> Outbox:
    return Outbox(db, Slack(APP.bot_token, slack.api_url, timeout=60), clock, WORKSPACE)


async def keys_in(slack: Client, channel: str) -> Counter[str]:
    """How often each outbox key stands in a channel."""
    api = Slack(APP.bot_token, slack.api_url)
    pages = await asyncio.to_thread(
        lambda: list(
            api._pages("conversations.history", "messages", channel=channel, include_all_metadata=True, limit=200)
        )
    )
    found = (m.get("metadata", {}).get("event_payload", {}).get("key") for m in pages)
    return Counter(key for key in found if key)


async def test_a_post_is_sent_once_and_remembered(db: Database, slack: Client) -> None:
    """A plain post arrives, its `ts` is known, and running again sends nothing."""
    key = outbox.put(db, workspace=WORKSPACE, channel=CHANNELS[0], body=BODY)
    box = sender(db, slack, Clock(time.time()))
    await asyncio.to_thread(box.run)
    await asyncio.to_thread(box.run)
    state, ts, _ = outbox.found(db, key) or ("", None, "")
    assert state == "sent"
    assert ts
    assert await keys_in(slack, CHANNELS[0]) == {key: 1}


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize(("kind", "options"), [odd for odd in ODD if "token" not in str(odd.id)])
async def test_an_odd_answer_neither_loses_nor_repeats_a_post(
    db: Database, slack: Client, kind: str, options: dict[str, Any], direct: bool
) -> None:
    """Whatever Slack answers oddly, a channel post arrives once, a direct message at most once, no word is kept."""
    channel = "U1" if direct else CHANNELS[0]
    key = outbox.put(db, workspace=WORKSPACE, channel=channel, direct=direct, body=BODY)
    clock = Clock(time.time())
    box = sender(db, slack, clock)
    await slack.fault(kind, method="chat.postMessage", next=1, **options)
    for _ in range(3):
        await asyncio.to_thread(box.run)
        clock.now += 1000
    state = (outbox.found(db, key) or ("",))[0]
    word = options.get("error")
    if word == "moon_in_the_wrong_phase":
        assert state == "failed"  # a plain no, for whatever reason: it was not posted
    elif direct:
        assert state == ("sent" if kind == "rate_limited" or word in PASSING else "unknown")
        assert len([c for c in await slack.calls(method="chat.postMessage") if c["response"]["ok"]]) <= 1
    else:
        assert state == "sent"
        assert await keys_in(slack, channel) == {key: 1}
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in db.path.parent.iterdir())


@pytest.mark.parametrize("fault", ["lost_answer", "internal_error_after_post"])
async def test_a_lost_answer_is_looked_up_not_repeated(db: Database, slack: Client, fault: str) -> None:
    """When Slack took the post and the answer got lost, the post is found in the history, not sent again."""
    key = outbox.put(db, workspace=WORKSPACE, channel=CHANNELS[0], body=BODY)
    clock = Clock(time.time())
    box = sender(db, slack, clock)
    await slack.fault(fault, method="chat.postMessage", next=1)
    again = await asyncio.to_thread(box.run)
    assert (outbox.found(db, key) or ("",))[0] == "sending"
    assert again is not None
    assert again > clock.now
    clock.now = again
    await asyncio.to_thread(box.run)
    assert (outbox.found(db, key) or ("",))[0] == "sent"
    assert await keys_in(slack, CHANNELS[0]) == {key: 1}


async def test_a_lost_request_is_sent_again(db: Database, slack: Client) -> None:
    """When the post never reached Slack, the history says so and it is sent again."""
    key = outbox.put(db, workspace=WORKSPACE, channel=CHANNELS[0], body=BODY)
    clock = Clock(time.time())
    box = sender(db, slack, clock)
    await slack.fault("lost_request", method="chat.postMessage", next=1)
    again: float | None = await asyncio.to_thread(box.run)
    clock.now = again or 0
    await asyncio.to_thread(box.run)
    assert await keys_in(slack, CHANNELS[0]) == {key: 1}


async def test_a_direct_message_is_never_repeated(db: Database, slack: Client) -> None:
    """A direct message of unknown outcome is left alone: its history cannot be read."""
    key = outbox.put(db, workspace=WORKSPACE, channel="U1", direct=True, body=BODY)
    clock = Clock(time.time())
    box = sender(db, slack, clock)
    await slack.fault("lost_answer", method="chat.postMessage", next=1)
    await asyncio.to_thread(box.run)
    clock.now += 1000
    await asyncio.to_thread(box.run)
    assert (outbox.found(db, key) or ("",))[0] == "unknown"
    assert len(await slack.calls(method="chat.postMessage")) == 1


async def test_a_refused_chart_goes_out_in_words(db: Database, slack: Client) -> None:
    """Where Slack answers `invalid_blocks` to a chart, the same message is sent with its words instead."""
    body = {"text": "load", "blocks": [CHART], "fallback": BODY["blocks"]}
    key = outbox.put(db, workspace=WORKSPACE, channel=CHANNELS[0], body=body)
    await slack.fault("invalid_blocks", block_type="data_visualization")
    await asyncio.to_thread(sender(db, slack, Clock(time.time())).run)
    assert (outbox.found(db, key) or ("",))[0] == "sent"
    posted = (await slack.messages("U1", CHANNELS[0]))[-1]
    assert [block["type"] for block in posted["blocks"]] == ["section"]


async def test_slack_asking_to_wait_is_obeyed(db: Database, slack: Client) -> None:
    """After a 429 the post waits as long as Slack says, and then goes out once."""
    key = outbox.put(db, workspace=WORKSPACE, channel=CHANNELS[0], body=BODY)
    clock = Clock(time.time())
    box = sender(db, slack, clock)
    await slack.fault("rate_limited", method="chat.postMessage", next=1, retry_after=7)
    again = await asyncio.to_thread(box.run)
    assert again == int(clock.now + 7)
    clock.now += 8
    await asyncio.to_thread(box.run)
    assert await keys_in(slack, CHANNELS[0]) == {key: 1}


async def test_a_refusal_ends_it(db: Database, slack: Client) -> None:
    """A channel that is not there is a failed post with Slack's reason, not an endless one."""
    key = outbox.put(db, workspace=WORKSPACE, channel="C9999", body=BODY)
    await asyncio.to_thread(sender(db, slack, Clock(time.time())).run)
    assert (outbox.found(db, key) or ("",))[0] == "failed"
    assert unsent(db) == 0


async def test_a_late_look_up_changes_nothing(db: Database, slack: Client) -> None:
    """A sender that comes back from a look-up after another has sent the post does not send it again."""
    key = outbox.put(db, workspace=WORKSPACE, channel=CHANNELS[0], body=BODY)
    clock = Clock(time.time())
    first = outbox.claim(db, clock.now, WORKSPACE)
    assert first is not None
    clock.now += 100
    await asyncio.to_thread(sender(db, slack, clock).run)
    outbox.again(db, first, clock.now, "not found in the channel")
    outbox.close(db, first, "failed", "too late")
    await asyncio.to_thread(sender(db, slack, clock).run)
    assert await keys_in(slack, CHANNELS[0]) == {key: 1}
    assert (outbox.found(db, key) or ("",))[0] == "sent"


async def test_another_workspaces_posts_are_left_alone(db: Database, slack: Client) -> None:
    """Two workspaces may share a file: each bot sends its own posts only."""
    outbox.put(db, workspace="T0OTHER", channel=CHANNELS[0], body=BODY)
    assert await asyncio.to_thread(sender(db, slack, Clock(time.time())).run) is None
    assert await slack.calls(method="chat.postMessage") == []


@pytest.mark.slow
async def test_two_hundred_posts_survive_lost_answers_and_kills(db: Database, slack: Client) -> None:
    """With 30% of answers lost on 200 posts, and the sender killed again and again: none missing or doubled."""
    keys = {c: {outbox.put(db, workspace=WORKSPACE, channel=c, body=BODY) for _ in range(20)} for c in CHANNELS}
    await slack.fault("lost_answer", method="chat.postMessage", rate=0.3)
    rng, kills = random.Random(5), 0
    child_file = Path(__file__).with_name("outbox_child.py")
    while unsent(db):
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            str(child_file),
            str(db.path),
            slack.api_url,
            APP.bot_token,
            "1",
            cwd=child_file.parents[1],
            env={"PYTHONPATH": str(child_file.parents[1])},
        )
        if kills < 12:
            before = unsent(db)

            async def moved(_: Client, before: int = before) -> bool:
                return unsent(db) < before

            await slack.wait_for(moved, "post")
            for _ in range(rng.randrange(5)):
                await slack.deliveries()  # a random number of round trips later, mid-flight
            child.kill()
            kills += 1
        await child.wait()
    assert kills >= 10
    for channel, expected in keys.items():
        assert await keys_in(slack, channel) == dict.fromkeys(expected, 1), channel
    states = Counter(row[0] for row in sqlite3.connect(db.path).execute("select state from outbox"))
    assert states == {"sent": 200}


QUESTION = {
    "text": "How was the week?",
    "blocks": [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": f"answer_{n}",
                    "text": {"type": "plain_text", "text": str(n)},
                    "value": "7 {{token}}",
                }
                for n in range(2)
            ],
        }
    ],
}


def tokens_in(posted: Mapping[str, Any]) -> set[str]:
    """What the buttons of a message carry beside the survey's number."""
    return {e["value"].removeprefix("7 ") for b in posted["blocks"] for e in b.get("elements", ())}


async def test_each_message_gets_a_token_of_its_own(db: Database, slack: Client) -> None:
    """All buttons of one message carry the same fresh token, two messages two; a fallback has one as well."""
    for n in range(2):
        outbox.put(db, workspace=WORKSPACE, channel=CHANNELS[n], body=QUESTION)
    body = {**QUESTION, "blocks": [CHART, *QUESTION["blocks"]], "fallback": QUESTION["blocks"]}
    outbox.put(db, workspace=WORKSPACE, channel=CHANNELS[2], body=body)
    await slack.fault("invalid_blocks", block_type="data_visualization")
    await asyncio.to_thread(sender(db, slack, Clock(time.time())).run)
    found = [tokens_in((await slack.messages("U1", CHANNELS[n]))[-1]) for n in range(3)]
    assert [len(tokens) for tokens in found] == [1, 1, 1]
    assert len(set().union(*found)) == 3
    assert all(len(token) >= 22 and "{" not in token for tokens in found for token in tokens)


@pytest.mark.parametrize("fault", [None, "lost_answer", "lost_request", "rate_limited"])
async def test_a_token_is_written_down_nowhere(
    db: Database, slack: Client, monkeypatch: pytest.MonkeyPatch, fault: str | None
) -> None:
    """Whatever happens on the way, neither the database with its write-ahead log nor our log ever holds a token."""
    drawn: list[str] = []

    def draw() -> str:
        drawn.append(secrets.token_urlsafe(16))
        return drawn[-1]

    handler, written_log = logs.handler(), io.StringIO()
    handler.setStream(written_log)  # type: ignore[attr-defined]
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [handler])
    monkeypatch.setattr(root, "level", logging.DEBUG)
    clock = Clock(time.time())
    outbox.put(db, workspace=WORKSPACE, channel="U1", direct=True, body=QUESTION)
    outbox.put(db, workspace=WORKSPACE, channel=CHANNELS[0], body=QUESTION)
    if fault is not None:
        await slack.fault(fault, method="chat.postMessage", next=2)
    box = Outbox(db, Slack(APP.bot_token, slack.api_url, timeout=60), clock, WORKSPACE, draw=draw)
    for _ in range(3):
        await asyncio.to_thread(box.run)
        clock.now += 100
    written = b"".join(path.read_bytes() for path in db.path.parent.iterdir())
    logged = written_log.getvalue()
    assert drawn
    assert [token for token in drawn if token.encode() in written or token in logged] == []
    assert b"{{token}}" in written
