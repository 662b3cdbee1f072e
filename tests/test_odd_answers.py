"""Odd answers to the whole bot: a queue is heard on, the gap is read later, and what came is written nowhere."""

import io
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.app import Headroom
from bot.watch import Gone
from sandbox.server import Client, running
from storage import due, signals, teams
from tests.clock import RunningClock
from tests.odd import LIVE, SECRET
from tests.patient import patient
from tests.running import ANNA, ASKER, BOT, PLACES, QUEUE, connected, set_up, until

pytestmark = pytest.mark.slow

HISTORY = "conversations.history"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that reaches the log, at level debug."""
    handler, text = logs.handler(), io.StringIO()
    handler.setStream(text)  # type: ignore[attr-defined]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


def files_with(folder: Path, words: str) -> list[Path]:
    """Files that hold these words."""
    return [file for file in folder.iterdir() if words.encode() in file.read_bytes()]


def gone(bot: Headroom) -> Gone | None:
    """Why the queue is not heard."""
    queue = teams.queue(bot.db, 1)
    assert queue is not None
    return queue.gone


async def heard(slack: Client, bot: Headroom, number: int) -> None:
    """Another request is posted, and then so many are kept."""
    await slack.act(ASKER, "message", channel=QUEUE, text=SECRET)
    assert await slack.flush()
    await until(lambda: signals.count(bot.db, [1]) == number)


async def asked(slack: Client, bot: Headroom) -> None:
    """The history is due, and is asked for."""
    before = len(await slack.calls(method=HISTORY))
    due.put(bot.db, "gaps", 1, bot.work.clock())
    bot.timetable.wake()

    async def more(client: Client) -> bool:
        return len(await client.calls(method=HISTORY)) > before

    await slack.wait_for(more, "call for the history")


@pytest.mark.parametrize(("kind", "options"), LIVE)
async def test_a_queue_is_heard_through_odd_answers(
    tmp_path: Path, written: io.StringIO, kind: str, options: dict[str, Any]
) -> None:
    """Events are kept while Slack answers oddly, after a restart and a new invitation too; then the gap is read."""
    database = tmp_path / "headroom.db"
    set_up(database, history_days=0)
    clock = RunningClock()
    async with running(patient(retry_scale=0.001)) as slack:
        await slack.seed(**PLACES)
        await slack.fault(kind, method=HISTORY, rate=1.0, **options)
        async with connected(slack, database, clock) as bot:
            teams.set_watermark(bot.db, 1, int((time.time() - 60) * 1e6))
            await heard(slack, bot, 1)
            await asked(slack, bot)
            await heard(slack, bot, 2)
        await slack.act(ASKER, "message", channel=QUEUE, text=SECRET)  # nobody is there, nor at its retries
        assert await slack.flush()
        async with connected(slack, database, clock) as bot:
            await asked(slack, bot)
            await heard(slack, bot, 3)
            await slack.act(ANNA, "kick", channel=QUEUE, user=BOT)
            assert await slack.flush()
            await until(lambda: gone(bot) == Gone.TAKEN_OUT)
            await slack.act(ANNA, "invite", channel=QUEUE, user=BOT)
            assert await slack.flush()
            await until(lambda: gone(bot) is None)
            await asked(slack, bot)
            await heard(slack, bot, 4)
            assert gone(bot) is None
            await slack.clear_faults()
            clock.ahead += 3_600
            bot.timetable.wake()
            await until(lambda: signals.count(bot.db, [1]) == 5)
    assert SECRET not in written.getvalue()
    assert not files_with(tmp_path, SECRET)


@pytest.mark.parametrize(("kind", "options"), LIVE)
async def test_a_form_that_slack_answers_oddly_is_one_sentence(
    tmp_path: Path, written: io.StringIO, kind: str, options: dict[str, Any]
) -> None:
    """Whoever opened it is told to try again; through Bolt too, nothing of what came reaches the log."""
    database = tmp_path / "headroom.db"
    set_up(database, history_days=0)
    async with running(patient()) as slack:
        await slack.seed(**PLACES)
        async with connected(slack, database) as bot:
            teams.set_watermark(bot.db, 1, int((time.time() - 60) * 1e6))
            await slack.fault(kind, method="views.open", rate=1.0, **options)
            await slack.act(ANNA, "command", channel=QUEUE, command="/headroom", text="setup")

            async def told(client: Client) -> bool:
                return any("Please try again" in m["text"] for m in await client.messages(ANNA, QUEUE))

            await slack.wait_for(told, "sentence for who asked")
    assert "handlers.failures" in written.getvalue()
    assert SECRET not in written.getvalue()
