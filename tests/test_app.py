"""The bot put together: dead connections are replaced and nothing is lost; the log stays clean."""

import asyncio
import io
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import app, logs
from bot.errors import BadInputError
from sandbox.server import Client, running
from storage import signals
from tests.patient import patient
from tests.running import ASKER, PLACES, QUEUE, connected, set_up, settings, until


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["tcp_drop", "half_open"])
async def test_a_dead_connection_is_replaced_and_nothing_lost(tmp_path: Path, fault: str) -> None:
    """Cut without a closing frame, or open and silent: a new connection comes, with what was said meanwhile."""
    database = tmp_path / "headroom.db"
    set_up(database)
    async with running(patient(retry_scale=0.05)) as slack:
        await slack.seed(**PLACES)
        async with connected(slack, database) as bot:
            before = len(await slack.calls(method="apps.connections.open"))
            await slack.fault(fault)
            for n in range(3):
                await slack.act(ASKER, "message", channel=QUEUE, text=f"request {n}")

            async def again(client: Client) -> bool:
                return len(await client.calls(method="apps.connections.open")) > before

            await slack.wait_for(again, f"new connection after {fault}")
            await slack.act(ASKER, "message", channel=QUEUE, text="and one more")
            await until(lambda: signals.count(bot.db, [1]) == 4)


async def test_a_refused_app_token_ends_the_start(tmp_path: Path) -> None:
    """Instead of trying forever, the bot names the token and where a good one is made."""
    async with running(patient()) as slack:
        await slack.seed(**PLACES)
        given = settings(slack.api_url, tmp_path / "headroom.db")
        await slack.seed(app={"app_token": "xapp-another"})
        bot = await asyncio.to_thread(app.build, given, time.time)
        with pytest.raises(BadInputError, match="SLACK_APP_TOKEN is 'xapp-…': Slack refuses it \\(invalid_auth\\)"):
            async with app.connected(bot):
                pytest.fail("it connected")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What reaches the log through our handler."""
    handler = logs.handler()
    assert isinstance(handler, logging.StreamHandler)
    text = io.StringIO()
    handler.setStream(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("name", ["slack_sdk.web.base_client", "slack_bolt.AsyncApp", "aiohttp.server", "asyncio"])
def test_other_libraries_tell_where_and_not_what(written: io.StringIO, name: str) -> None:
    """Of another library's warnings and errors the place and the error's type reach the log, none of the words."""
    for level in (logging.DEBUG, logging.INFO):
        logging.getLogger(name).log(level, "chatter")
    logging.getLogger(name).error("Failed to decode: %s", {"text": "a confidential sentence"})
    try:
        int("a confidential sentence")
    except ValueError:
        logging.getLogger(name).exception("a confidential sentence")
        logging.getLogger("bot").debug("ours", exc_info=True)
    said = written.getvalue()
    assert "confidential" not in said.replace('int("a confidential sentence")', "")  # a line of our own code
    assert "chatter" not in said
    assert said.count(f"ERROR {name}: something went wrong at test_app.py:") == 2
    assert said.count("\nValueError\n") == 2


async def test_even_at_debug_the_log_holds_no_words_and_no_tokens(tmp_path: Path, written: io.StringIO) -> None:
    """Slack's libraries write whole payloads at debug; none of that, and no token, gets through."""
    database = tmp_path / "headroom.db"
    set_up(database)
    async with running(patient()) as slack:
        await slack.seed(**PLACES)
        async with connected(slack, database) as bot:
            await slack.act(ASKER, "message", channel=QUEUE, text="a confidential sentence")
            assert await slack.flush()
            await until(lambda: signals.count(bot.db, [1]) == 1)
            logging.getLogger("bot").debug("our own line: wss://x.example/?ticket=abc%2F1 and xapp-1-hush")
    said = written.getvalue()
    assert "our own line" in said
    assert "ticket=… and xapp-…" in said
    for secret in ("confidential", "hush", "xoxb-sandbox", "xapp-sandbox"):
        assert secret not in said
