"""What becomes a request on real desks, heard live from a local Slack: apps, guests, hand-overs, six languages."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.health.seen.requests import derive
from bot.signal import Kind
from bot.slack import Slack
from handlers.signals import Ear
from sandbox.client import Client
from sandbox.server import running
from storage import keys, signals, teams
from storage.database import Database
from storage.teams import TeamDraft
from storage.writer import Writer
from tests.fresh import fresh
from tests.handlers.desk import ANNA, ASKER, BEN, BOT, OPEN, PLACES, QUEUE, STRANGER
from tests.patient import listening, patient


class Heard:
    """Two desks that are listened to, and what was heard of each."""

    def __init__(self, slack: Client, db: Database, api: Slack) -> None:
        self.slack, self.db, self.api = slack, db, api
        self.queues = {
            channel: record.queues[0].id for record in teams.all(db) for channel in (record.queues[0].channel,)
        }

    async def say(self, user: str, text: str, channel: str = QUEUE, thread: str | None = None) -> str:
        """Post; returns the message's `ts`."""
        said = await self.slack.act(
            user, "message", channel=channel, text=text, **({"thread_ts": thread} if thread else {})
        )
        return str(said["ts"])

    async def kinds(self, channel: str, *wanted: Kind) -> None:
        """Wait until exactly these facts were heard in a channel."""
        numbers = Counter(int(kind) for kind in wanted)

        async def there(_slack: Client) -> bool:
            rows = self.db.read("select kind from signals where queue = ?", (self.queues[channel],)).fetchall()
            return Counter(kind for (kind,) in rows) == numbers

        await self.slack.wait_for(there, f"{wanted} in {channel}")


@pytest.fixture
async def heard(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Heard]:
    """A Spanish desk and an English one, both announced; Anna answers on the first, Ben on the second."""
    config = patient()
    async with running(config) as slack:
        await slack.seed(**PLACES)
        db = fresh(tmp_path_factory.mktemp("heard") / "headroom.db")
        first = TeamDraft(
            workspace=config.workspace_id, name="Deals", queue=QUEUE, responders=(ANNA,), lead=ANNA, language="es"
        )
        for draft in (first, replace(first, name="Legal", queue=OPEN, responders=(BEN,), lead=BEN, language="en")):
            teams.set_announced(db, teams.save(db, draft, config.now()), config.now())
        keys.make_first(db, config.workspace_id, config.now())
        token = config.app.bot_token
        writer = Writer(db)
        writer.start()
        ear = Ear(db, writer, config.workspace_id, BOT, config.app.bot_id, config.now)
        client = AsyncWebClient(token=token, base_url=slack.api_url)
        app = AsyncApp(name="test", signing_secret="unused-in-socket-mode", client=client, before_authorize=ear)
        async with listening(slack, app):
            yield Heard(slack, db, Slack(token, slack.api_url))
        writer.stop()
        db.close()


async def test_a_request_is_handed_to_another_desk(heard: Heard) -> None:
    """A responder posts a request's link in another desk's queue: handed on here, a new request there."""
    ts = await heard.say(ASKER, "Necesito un descuento")
    link = await asyncio.to_thread(heard.api.permalink, QUEUE, ts)
    await heard.say(ANNA, f"Can you take this? <{link}>", OPEN)
    await heard.kinds(QUEUE, Kind.ARRIVAL, Kind.HANDOFF)
    await heard.kinds(OPEN, Kind.ARRIVAL)
    found = derive(signals.load(heard.db, [heard.queues[QUEUE]], 0, 1e12), 1e12)
    assert found.handoffs.tolist() == [1]


async def test_a_link_by_somebody_who_asks_is_no_handover(heard: Heard) -> None:
    """Only a responder of the desk hands its requests on; an asker who posts twice has two requests."""
    ts = await heard.say(ASKER, "Necesito un descuento")
    link = await asyncio.to_thread(heard.api.permalink, QUEUE, ts)
    await heard.say(ASKER, f"nobody answers me: {link}", OPEN)
    await heard.kinds(OPEN, Kind.ARRIVAL)
    await heard.kinds(QUEUE, Kind.ARRIVAL)


async def test_a_guest_s_posts_of_five_minutes_are_one_request(heard: Heard) -> None:
    """Somebody from another workspace asks in three lines, and that is one request by a requester."""
    for line in ("Hello", "we cannot log in", "since this morning"):
        await heard.say(STRANGER, line)
    await heard.kinds(QUEUE, *[Kind.ARRIVAL] * 3)
    found = derive(signals.load(heard.db, [heard.queues[QUEUE]], 0, 1e12), 1e12)
    assert len(found) == 1


async def test_words_are_those_of_the_desk(heard: Heard) -> None:
    """Spanish is understood on the Spanish desk, and is a plain follow-up on the English one."""
    for channel in (QUEUE, OPEN):
        ts = await heard.say(ASKER, "Hola, necesito ayuda", channel)
        await heard.say(ASKER, "¿Alguna novedad?", channel, ts)
        await heard.say(ASKER, "¡Muchas gracias!", channel, ts)
    await heard.kinds(QUEUE, Kind.ARRIVAL, Kind.CHASE, Kind.THANKS)
    await heard.kinds(OPEN, Kind.ARRIVAL, Kind.FOLLOWUP, Kind.FOLLOWUP)
