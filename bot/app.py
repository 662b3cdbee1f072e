"""`build(settings)`: the only place where the parts meet."""

import asyncio
import contextlib
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot import web
from bot.errors import BadInputError, HeadroomError
from bot.outbox import Outbox
from bot.services.quiet import Quiet
from bot.services.work import Work
from bot.settings import Settings
from bot.slack import Slack, SlackBusyError, SlackError, SlackUnknownError
from bot.timetable import EVERY, Timetable
from handlers.parts import Parts
from handlers.signals import Ear
from handlers.solved import Asker
from storage import coverage, due, teams
from storage.database import Database
from storage.writer import Writer

log = logging.getLogger(__name__)

PING_SECONDS = 2.0
"""Between two pings. aiohttp gives a connection up when half of that passes without a pong, and the client looks
every two seconds whether it has: a dead or half-open connection is replaced within 6 s (benchmarks/reconnect.py)."""

CLOCKS_APART = 60.0
"""Seconds from Slack's clock at which we warn; over 300 s Slack's requests are refused as replays."""

STANDSTILL = 10.0 * EVERY
"""Seconds without a wake-up of the timetable after which we call ourselves not ready."""

DATABASE_SECONDS = 2.0
"""How long the database may take to answer the readiness page."""


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
    vitals: "Vitals"


class Vitals:
    """When the timetable was last awake."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._beat = clock()

    def beat(self) -> None:
        """It is awake now."""
        self._beat = self._clock()

    def still(self) -> bool:
        """Whether it has not been awake for too long."""
        return self._clock() - self._beat > STANDSTILL


def build(settings: Settings, clock: Callable[[], float]) -> Headroom:
    """Put the parts together; opens the database and asks Slack who we are.

    Raises:
        HeadroomError: The database or a setting cannot be used.
        SlackError: Slack does not know the token.
    """
    settings.need("SLACK_BOT_TOKEN")
    token = str(settings.slack_bot_token)
    db = Database.open(settings.database)
    writer = Writer(db)
    slack = Slack(token, settings.slack_api_url)
    greeting = slack.greeting()
    me = greeting.me
    _compare_clocks(clock() - settings.clock_offset, greeting.date)
    work = Work(db, slack, clock, me, settings.pulse_floor)
    asker = Asker(work, secrets.randbelow)
    ear = Ear(db, writer, me.workspace, me.user, me.bot, clock, asker)
    outbox = Outbox(db, slack, clock, me.workspace, Quiet(work))

    vitals = Vitals(clock)

    def heartbeat() -> None:
        vitals.beat()
        ear.refresh()

    timetable = Timetable(work, outbox, heartbeat)

    def wake() -> None:
        ear.refresh()
        timetable.wake()

    bolt = AsyncApp(
        name="headroom",  # without one Bolt reads the source of every caller to find its own
        signing_secret=settings.slack_signing_secret or "unused-in-socket-mode",
        client=AsyncWebClient(token=token, base_url=settings.slack_api_url),
        before_authorize=ear,
    )
    handlers.register(bolt, Parts(db, slack, clock, wake, me.workspace, me.user, ear.settled, settings.pulse_floor))
    return Headroom(settings, db, writer, work, outbox, timetable, bolt, vitals)


def _compare_clocks(ours: float, slacks: float | None) -> None:
    """Warn when this machine's clock is off: waits and levels would be, too."""
    if slacks is not None and abs(ours - slacks) > CLOCKS_APART:
        log.warning("this machine's clock is %+.0f s from Slack's; set it, for example with NTP", ours - slacks)


@contextlib.asynccontextmanager
async def _working(bot: Headroom, hears: Callable[[], Awaitable[bool]]) -> AsyncIterator[Callable[[], None]]:
    """Write until the block ends, and work through the timetable from the moment the given function is called.

    Args:
        bot: The parts.
        hears: Whether Slack reaches us now.
    """
    bot.writer.start()
    watch = asyncio.create_task(_note_coverage(bot, hears))
    started = False

    def start() -> None:
        nonlocal started
        bot.timetable.start()
        started = True

    try:
        yield start
    finally:
        watch.cancel()
        if started:
            await asyncio.to_thread(bot.timetable.stop)
        await asyncio.to_thread(bot.writer.stop)
        bot.db.close()


@contextlib.asynccontextmanager
async def connected(bot: Headroom) -> AsyncIterator[None]:
    """Listen over Socket Mode and work through the timetable, until the block ends.

    Raises:
        BadInputError: Slack refuses the app token.
    """
    bot.settings.need("SLACK_APP_TOKEN")
    address = await asyncio.to_thread(_first_address, bot)
    socket = AsyncSocketModeHandler(bot.bolt, bot.settings.slack_app_token, ping_interval=PING_SECONDS)
    socket.client.wss_uri = address

    async def caught_up(_client: object, message: dict[str, object], _raw: str | None = None) -> None:
        if message.get("type") == "hello":  # a new connection: what came in between is read from the history
            await asyncio.to_thread(_catch_up, bot)
            bot.timetable.wake()

    socket.client.message_listeners.append(caught_up)
    async with _working(bot, socket.client.is_connected) as start:
        try:
            await socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
            start()
            yield
        finally:
            # Slack sends again what is not acked, so nothing is lost by closing the socket first.
            await socket.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare


@contextlib.asynccontextmanager
async def served(bot: Headroom, host: str, port: int) -> AsyncIterator[str]:
    """Listen over HTTP and work through the timetable, until the block ends; gives the address.

    Raises:
        BadInputError: The address cannot be opened, or there is no signing secret.
    """
    bot.settings.need("SLACK_SIGNING_SECRET")

    async def reachable() -> bool:
        return True  # nobody tells us when Slack cannot reach us; what it missed to say comes with its next try

    # Slack signs with the true time, whatever clock a sandbox was given.
    door = web.Door(
        bot.bolt,
        str(bot.settings.slack_signing_secret),
        lambda: bot.work.clock() - bot.settings.clock_offset,
        lambda: why_not_ready(bot),
    )
    async with _working(bot, reachable) as start:
        runner, url = await web.listen(door.application(), host, port)
        try:
            await asyncio.to_thread(_catch_up, bot)
            start()
            yield url
        finally:
            await runner.cleanup()


async def why_not_ready(bot: Headroom) -> str | None:
    """What keeps us from working, in a few words; None when nothing does."""
    if bot.vitals.still():
        return "the timetable stands still"
    ask = asyncio.to_thread(lambda: bot.db.read("select 1 from teams limit 1").fetchone())
    try:
        await asyncio.wait_for(ask, DATABASE_SECONDS)
    except (HeadroomError, TimeoutError):
        return "the database does not answer"
    return None


def _first_address(bot: Headroom) -> str | None:
    """Where to connect first, asked for here: the socket client would go on trying a refused token forever."""
    try:
        return bot.work.slack.open_socket(str(bot.settings.slack_app_token))
    except (SlackBusyError, SlackUnknownError):
        return None  # no answer now: the client tries again until there is one
    except SlackError as refused:
        mend = f"Slack refuses it ({refused}); make an app-level token with connections:write in Basic Information"
        raise BadInputError("SLACK_APP_TOKEN", "xapp-…", mend) from refused


async def _note_coverage(bot: Headroom, hears: Callable[[], Awaitable[bool]]) -> None:
    """While Slack reaches us, write down that we hear."""
    while True:
        await asyncio.sleep(EVERY)
        if await hears():
            try:
                await asyncio.to_thread(coverage.seen, bot.db, bot.work.me.workspace, bot.work.clock())
            except HeadroomError as error:  # a full or locked disk now need not be one in a moment
                log.warning("what we heard cannot be noted: %s", error)


def _catch_up(bot: Headroom) -> None:
    """What may have been missed while nobody was there is due at once; so is the daily tidying."""
    now = bot.work.clock()
    due.put(bot.db, "retention", 0, now)
    for team in teams.all(bot.db):
        if team.announced is not None and team.workspace == bot.work.me.workspace:
            for queue in team.queues:
                due.put(bot.db, "gaps", queue.id, now)


async def _until_told(open_door: Callable[[], AbstractAsyncContextManager[object]], where: str) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with open_door() as url:
        log.info("Headroom is listening %s", url or where)
        await stop.wait()


async def _run(settings: Settings, clock: Callable[[], float]) -> None:
    bot = await asyncio.to_thread(build, settings, clock)
    await _until_told(lambda: connected(bot), f"in workspace {bot.work.me.workspace}")


async def _serve(settings: Settings, clock: Callable[[], float], host: str, port: int) -> None:
    bot = await asyncio.to_thread(build, settings, clock)
    await _until_told(lambda: served(bot, host, port), "")


def run(settings: Settings, clock: Callable[[], float]) -> None:
    """Listen over Socket Mode until SIGINT or SIGTERM."""
    asyncio.run(_run(settings, clock))


def serve(settings: Settings, clock: Callable[[], float], host: str, port: int) -> None:
    """Listen over HTTP until SIGINT or SIGTERM."""
    asyncio.run(_serve(settings, clock, host, port))
