"""The manifest: what each level of trust asks for, within Slack's limits; and that the bot works with the least."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot import manifest
from bot.errors import BadInputError
from bot.manifest import Trust
from bot.messages import actions
from handlers import membership
from handlers.parts import Parts
from handlers.signals import HEARD
from sandbox.config import Install
from sandbox.server import running
from storage import outbox, requests, signals, teams
from tests.clock import RunningClock
from tests.handlers.desk import ANNA, ASKER, BOT, FIVE_ANSWERS, LEAD, PLACES, QUEUE, Desk
from tests.patient import patient
from tests.running import connected, until

ROOT = Path(__file__).parents[1]


def read(text: str) -> Any:
    """A strict reader of the YAML that we write: block mappings, block lists, one scalar a line."""
    lines = [re.sub(r"\s+# .*$", "", line) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    value, rest = _node(lines, 0)
    assert not rest
    return value


def _node(lines: list[str], indent: int) -> tuple[Any, list[str]]:
    pad = " " * indent
    if lines[0].startswith(pad + "- "):
        items = []
        while lines and lines[0].startswith(pad + "- "):
            if re.match(r"[\w]+: ", lines[0][indent + 2 :]):
                item, lines = _node([pad + "  " + lines[0][indent + 2 :], *lines[1:]], indent + 2)
            else:
                item, lines = _scalar(lines[0][indent + 2 :]), lines[1:]
            items.append(item)
        return items, lines
    found: dict[str, Any] = {}
    while lines and re.match(rf"{pad}\w", lines[0]):
        key, _, value = lines[0].strip().partition(":")
        assert key not in found
        if value:
            found[key], lines = _scalar(value.strip()), lines[1:]
        else:
            found[key], lines = _node(lines[1:], indent + 2)
    return found, lines


def _scalar(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if text.startswith('"'):
        assert text.endswith('"')
        return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    assert not re.search(r"[#\[\]{}&*!|>'\"%@`,]|: ", text), text
    return int(text) if text.isdigit() else text


@pytest.mark.parametrize("url", [None, "https://host.example"])
@pytest.mark.parametrize("trust", list(Trust))
def test_what_is_printed_says_what_was_meant(trust: Trust, url: str | None) -> None:
    """The YAML, read back, is the manifest; in it stands nothing beyond Slack's limits."""
    meant = manifest.manifest(trust, url)
    assert read(manifest.text(trust, url)) == meant
    assert len(meant["display_information"]["name"]) <= 35
    assert len(meant["display_information"]["description"]) <= 140
    assert len(meant["settings"]["event_subscriptions"]["bot_events"]) <= 100
    scopes = meant["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) <= set(scopes["bot"])
    (shortcut,) = meant["features"]["shortcuts"]
    assert shortcut["callback_id"] == actions.FRICTION_SHORTCUT
    assert shortcut["type"] == "global"
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150
    assert "commands" in scopes["bot"]


def test_the_file_in_the_repository_is_its_output() -> None:
    """manifest.yaml is what `headroom manifest` prints."""
    assert (ROOT / "manifest.yaml").read_text() == manifest.text()


def test_each_level_asks_for_no_more_than_it_says() -> None:
    """Reactions only: no history scope, no message event. Public: none for private channels. Private: all."""
    for trust, histories, messages in (
        (Trust.REACTIONS, set(), set()),
        (Trust.PUBLIC, {"channels:history"}, {"message.channels"}),
        (Trust.PRIVATE, {"channels:history", "groups:history"}, {"message.channels", "message.groups"}),
    ):
        assert {scope for scope in manifest.scopes(trust) if scope.endswith(":history")} == histories
        assert {event for event in manifest.events(trust) if event.startswith("message")} == messages
        assert manifest.level(manifest.scopes(trust)) is trust


def test_every_event_we_listen_to_is_asked_for() -> None:
    """What handlers wait for, the widest manifest subscribes to."""
    listened = {*membership.REMOVED, *membership.ARCHIVED, *(HEARD - {"message"}), "member_joined_channel"}
    assert listened <= set(manifest.events(Trust.PRIVATE))


def test_over_http_slack_is_told_where_to_call() -> None:
    """With an address Socket Mode is off, and events, buttons and the command all go to it."""
    made = manifest.manifest(Trust.PRIVATE, "https://host.example/")
    urls = [
        made["settings"]["event_subscriptions"]["request_url"],
        made["settings"]["interactivity"]["request_url"],
        made["features"]["slash_commands"][0]["url"],
    ]
    assert urls == ["https://host.example/slack/events"] * 3
    assert made["settings"]["socket_mode_enabled"] is False


@pytest.mark.parametrize("url", ["host.example", "http://host.example", "https://", "https://host.example/?x=1"])
def test_an_address_that_slack_would_not_call_is_refused(url: str) -> None:
    """Slack wants https and a host."""
    with pytest.raises(BadInputError, match="--http"):
        manifest.manifest(Trust.PRIVATE, url)


async def test_with_reactions_alone_the_bot_works(tmp_path: Path) -> None:
    """Without any message scope: set-up, announcement, 🎫 👀 ✅ heard, the refused history no obstacle.

    And a post whose answer was lost is not sent again, as it cannot be looked up.
    """
    app = Install(scopes=manifest.scopes(Trust.REACTIONS), bot_events=manifest.events(Trust.REACTIONS))
    clock = RunningClock()
    config = patient(app=app, clock=clock)
    async with running(config) as slack:
        await slack.seed(**PLACES)
        async with connected(slack, tmp_path / "headroom.db", clock) as bot:
            parts = Parts(bot.db, bot.work.slack, clock, bot.timetable.wake, config.workspace_id, BOT)
            desk = Desk(slack, parts, [])
            await desk.ask(LEAD, "setup")
            answers = FIVE_ANSWERS | {actions.USER_GROUP: None}
            await desk.submit(LEAD, await desk.modal(LEAD, actions.NAME), **answers)
            await desk.modal(LEAD, "is set up")

            def announced() -> bool:
                record = teams.by_queue(bot.db, config.workspace_id, QUEUE)
                return record is not None and record.announced is not None and record.queues[0].threads == "refused"

            await until(announced)
            record = teams.by_queue(bot.db, config.workspace_id, QUEUE)
            assert record is not None
            assert record.queues[0].gone is None

            asked = await slack.act(ASKER, "message", channel=QUEUE, text="Could somebody look at this?")
            for name in ("ticket", "eyes", "white_check_mark"):
                await slack.act(ANNA, "react", channel=QUEUE, ts=asked["ts"], name=name)
            assert await slack.flush()
            queue = record.queues[0].id
            assert signals.count(bot.db, [queue]) == 3
            requests.drain(bot.db)
            row = bot.db.read("select open, started is not null, done is not null from requests").fetchall()
            assert row == [(0, 1, 1)]

            # Every answer, not the next one: the first report may be on its way at this moment.
            await slack.fault("lost_answer", method="chat.postMessage", rate=1.0)
            key = outbox.put(bot.db, workspace=config.workspace_id, channel=QUEUE, body={"text": "once", "blocks": []})
            bot.timetable.wake()
            await until(lambda: (outbox.found(bot.db, key) or ("",))[0] == "sending")
            clock.ahead += 120
            bot.timetable.wake()
            await until(lambda: (outbox.found(bot.db, key) or ("",))[0] == "unknown")
            said = [call for call in await slack.calls(method="chat.postMessage") if call["args"]["text"] == "once"]
            assert len(said) == 1
            assert not [c for c in await slack.calls() if "history" in c["method"] and c["response"].get("ok")]
