"""An asker writes again after ✅, in six languages and a real thread of a local Slack: what reopens, what does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.capture import capture_history
from bot.health.facts import Facts
from bot.health.seen.records import Requests
from bot.health.seen.requests import derive
from bot.slack import Slack
from handlers.signals import Ear
from sandbox.client import Client
from sandbox.server import running
from storage import keys, requests, signals, teams
from storage.database import Database
from storage.teams import TeamDraft
from storage.writer import Writer
from tests.clock import RunningClock
from tests.fresh import fresh
from tests.handlers.desk import ANNA, ASKER, BEN, BOT, LEAD, OPEN, PLACES, QUEUE
from tests.patient import listening, patient

DAY = 86_400.0
AGAIN = {
    "en": "It still does not work",
    "de": "Geht immer noch nicht",
    "fr": "Ça ne marche toujours pas",
    "es": "Sigue sin funcionar",
    "pt": "Continua sem funcionar",
    "nl": "Het werkt nog steeds niet",
}
THANKS = {
    "en": "Thank you!",
    "de": "Vielen Dank!",
    "fr": "Merci beaucoup !",
    "es": "¡Muchas gracias!",
    "pt": "Muito obrigada!",
    "nl": "Dank je wel!",
}
NODS = {"en": "ok great", "de": "ok super", "fr": "ok super", "es": "vale, genial", "pt": "ok, ótimo", "nl": "oké top"}


class Threads:
    """One desk of Anna and Ben that is listened to, and what its threads say."""

    def __init__(self, slack: Client, db: Database, queue: int, clock: RunningClock) -> None:
        self.slack, self.db, self.queue, self.clock = slack, db, queue, clock

    async def done(self, text: str) -> str:
        """A request that Anna takes, answers and ticks; its `ts`."""
        ts = str((await self.slack.act(ASKER, "message", channel=QUEUE, text=text))["ts"])
        await self.slack.act(ANNA, "react", channel=QUEUE, ts=ts, name="eyes")
        await self.say(ANNA, "It is mended", ts)
        await self.slack.act(ANNA, "react", channel=QUEUE, ts=ts, name="white_check_mark")
        self.clock.ahead += 600  # no two posts of one asker are one request
        return ts

    async def say(self, user: str, text: str, thread: str) -> str:
        said = await self.slack.act(user, "message", channel=QUEUE, text=text, thread_ts=thread)
        return str(said["ts"])

    async def settled(self, facts: int) -> Requests:
        """What the facts say once there are so many."""

        async def there(_slack: Client) -> bool:
            return bool(self.db.read("select count(*) from signals").fetchone()[0] >= facts)

        await self.slack.wait_for(there, f"{facts} facts")
        await asyncio.to_thread(requests.drain, self.db)
        return derive(signals.load(self.db, [self.queue], 0, 1e12), 1e12)

    def open(self) -> list[int]:
        """Requests that stand open in the table."""
        rows = self.db.read("select request from requests where open = 1 order by request")
        return [request for (request,) in rows]


@asynccontextmanager
async def threads(folder: Path, language: str) -> AsyncIterator[Threads]:
    clock = RunningClock()
    config = patient(clock=clock)
    async with running(config) as slack:
        await slack.seed(**PLACES)
        db = fresh(folder / "headroom.db")
        draft = TeamDraft(
            workspace=config.workspace_id,
            name="Deals",
            queue=QUEUE,
            responders=(ANNA, BEN),
            lead=LEAD,
            language=language,
        )
        team = teams.save(db, draft, config.now())
        other = TeamDraft(workspace=config.workspace_id, name="Legal", queue=OPEN, responders=(ASKER,), lead=LEAD)
        for number in (team, teams.save(db, other, config.now())):
            teams.set_announced(db, number, config.now())
        keys.make_first(db, config.workspace_id, config.now())
        writer = Writer(db)
        writer.start()
        ear = Ear(db, writer, config.workspace_id, BOT, config.app.bot_id, config.now)
        client = AsyncWebClient(token=config.app.bot_token, base_url=slack.api_url)
        app = AsyncApp(name="test", signing_secret="unused-in-socket-mode", client=client, before_authorize=ear)
        async with listening(slack, app):
            yield Threads(slack, db, teams.queue_id(db, team, config.workspace_id, QUEUE), clock)
        writer.stop()
        db.close()


@pytest.mark.parametrize("language", AGAIN)
async def test_the_next_day_somebody_writes_again(tmp_path: Path, language: str) -> None:
    """A complaint reopens its request, though its author answers at another desk; thanks, nods and the desk do not."""
    async with threads(tmp_path, language) as desk:
        ts = [await desk.done(text) for text in ("The form fails", "A discount", "A contract", "An invoice", "A seat")]
        desk.clock.ahead += DAY
        await desk.say(ASKER, AGAIN[language], ts[0])
        await desk.say(ASKER, THANKS[language], ts[1])
        await desk.say(ANNA, "By the way, the form moved", ts[2])
        nod = await desk.say(ASKER, NODS[language], ts[3])
        await desk.say(ASKER, ":+1:", ts[4])
        await desk.slack.act(ASKER, "edit", channel=QUEUE, ts=nod, text=AGAIN[language])  # an edit changes nothing
        found = await desk.settled(25)
        assert found.reopens.tolist() == [1, 0, 0, 0, 0]
        assert found.open.tolist() == [True, False, False, False, False]
        assert desk.open() == [int(ts[0].replace(".", ""))]
        await desk.slack.act(BEN, "react", channel=QUEUE, ts=ts[0], name="white_check_mark")
        found = await desk.settled(26)
        assert (found.reopens.tolist(), desk.open()) == ([1, 0, 0, 0, 0], [])


async def test_a_tick_taken_off_and_set_anew_closes_again(tmp_path: Path) -> None:
    """Who set ✅ can only set it again by taking it off: the request came back, and is over at the second one."""
    async with threads(tmp_path, "en") as desk:
        ts = await desk.done("The form fails")
        desk.clock.ahead += DAY
        await desk.say(ASKER, AGAIN["en"], ts)
        assert (await desk.settled(5)).open.tolist() == [True]
        for act in ("unreact", "react"):
            desk.clock.ahead += 600
            await desk.slack.act(ANNA, act, channel=QUEUE, ts=ts, name="white_check_mark")
        found = await desk.settled(7)
        assert (found.open.tolist(), found.reopens.tolist(), len(found.jobs.opened)) == ([False], [1], 2)


async def test_the_same_thread_read_back_is_not_known(tmp_path: Path) -> None:
    """History has no times of ✅: whether the request came back is not known, and it stands closed."""
    async with threads(tmp_path, "en") as desk:
        ts = await desk.done("The form fails")
        desk.clock.ahead += DAY
        await desk.say(ASKER, AGAIN["en"], ts)
        await desk.settled(5)
        api = Slack(patient().app.bot_token, desk.slack.api_url)
        messages = await asyncio.to_thread(lambda: list(api.replies(QUEUE, ts)))
        watch = teams.watched(desk.db, BOT)[patient().workspace_id, QUEUE]
        read = derive(Facts.of(capture_history(messages, watch, lambda user, at: b"", desk.clock())), 1e12)
        assert (read.unsure.tolist(), read.open.tolist(), read.reopens.tolist()) == ([True], [False], [0])
