"""`build(settings)`: the only place where the parts meet."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.jobs.work import Work
from bot.outbox import Outbox
from bot.settings import Settings
from bot.slack import Slack
from bot.timetable import EVERY, Timetable
from handlers.parts import Parts
from handlers.signals import Ear
from storage import coverage, due, teams
from storage.database import Database
from storage.writer import Writer

log = logging.getLogger(__name__)

PING_SECONDS = 2.0
"""Between two pings; the socket client calls a connection stale after four, so within 10 s."""


@dataclass(frozen=True)
class Headroom:
    """All parts of a running bot, put together."""

    settings: Settings
    db: Database
    writer: Writer
    work: Work
    outbox: Outbox
    timetable: Timetable
    bolt: AsyncApp


def build(settings: Settings, clock: Callable[[], float]) -> Headroom:
    """Put the parts together; opens the database and asks Slack who we are.

    Raises:
        HeadroomError: The database or a setting cannot be used.
        SlackError: Slack does not know the token.
    """
    settings.need("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    token = str(settings.slack_bot_token)
    db = Database.open(settings.database)
    writer = Writer(db)
    slack = Slack(token, settings.slack_api_url)
    me = slack.me()
    ear = Ear(db, writer, me.workspace, me.user, me.bot, clock)
    work = Work(db, slack, clock, me)
    outbox = Outbox(db, slack, clock)

    timetable = Timetable(work, outbox, ear.refresh)

    def wake() -> None:
        ear.refresh()
        timetable.wake()

    bolt = AsyncApp(
        signing_secret=settings.slack_signing_secret or "unused-in-socket-mode",
        client=AsyncWebClient(token=token, base_url=settings.slack_api_url),
        before_authorize=ear,
    )
    handlers.register(bolt, Parts(db, slack, clock, wake, me.workspace, me.user, ear.settled))
    return Headroom(settings, db, writer, work, outbox, timetable, bolt)


@contextlib.asynccontextmanager
async def connected(bot: Headroom) -> AsyncIterator[None]:
    """Listen over Socket Mode and work through the timetable, until the block ends."""
    socket = AsyncSocketModeHandler(bot.bolt, bot.settings.slack_app_token, ping_interval=PING_SECONDS)

    async def caught_up(_client: object, message: dict[str, object], _raw: str | None = None) -> None:
        if message.get("type") == "hello":  # a new connection: what came in between is read from the history
            await asyncio.to_thread(_catch_up, bot)
            bot.timetable.wake()

    socket.client.message_listeners.append(caught_up)
    bot.writer.start()
    watch = asyncio.create_task(_note_coverage(bot, socket))
    try:
        await socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
        bot.timetable.start()
        yield
    finally:
        watch.cancel()
        # Slack sends again what is not acked, so nothing is lost by closing the socket first.
        await socket.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
        await asyncio.to_thread(bot.timetable.stop)
        await asyncio.to_thread(bot.writer.stop)
        bot.db.close()


async def _note_coverage(bot: Headroom, socket: AsyncSocketModeHandler) -> None:
    """While the socket is open, write down that we hear."""
    while True:
        await asyncio.sleep(EVERY)
        if await socket.client.is_connected():
            await asyncio.to_thread(coverage.seen, bot.db, bot.work.me.workspace, bot.work.clock())


def _catch_up(bot: Headroom) -> None:
    """What may have been missed while nobody was there is due at once; so is the daily tidying."""
    now = bot.work.clock()
    due.put(bot.db, "retention", 0, now)
    for team in teams.all(bot.db):
        if team.announced is not None and team.workspace == bot.work.me.workspace:
            for queue in team.queues:
                due.put(bot.db, "gaps", queue.id, now)


async def _run(settings: Settings, clock: Callable[[], float]) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    bot = await asyncio.to_thread(build, settings, clock)
    async with connected(bot):
        log.info("Headroom is listening in workspace %s", bot.work.me.workspace)
        await stop.wait()


def run(settings: Settings, clock: Callable[[], float]) -> None:
    """Serve until SIGINT or SIGTERM."""
    asyncio.run(_run(settings, clock))
