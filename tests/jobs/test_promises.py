"""The look back on a promise, with the figures of a real store."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.promises import follow_up, opens
from bot.outbox import Outbox
from bot.services.quiet import Quiet
from bot.services.work import Work
from bot.slack import Me, Slack
from sandbox.server import Client, SandboxConfig, running
from storage import alerts, promises
from storage.promises import Promise
from tests.fresh import fresh
from tests.jobs.lived import PEOPLE, START, WEEK, desk, live
from tests.patient import patient

APP = SandboxConfig().app
TOLD = datetime(2026, 2, 4, 10, tzinfo=ZoneInfo("UTC")).timestamp()  # the Wednesday of the tenth week
NOW = START + 19 * WEEK + 9 * 3600


@pytest.fixture
async def slack() -> AsyncIterator[Client]:
    async with running(patient(clock=lambda: NOW)) as client:
        await client.seed(
            users=[{"id": u, "name": u.lower()} for u in PEOPLE],
            channels=[{"id": "G0TEAM", "name": "team", "is_private": True, "members": [*PEOPLE, APP.bot_user_id]}],
        )
        yield client


@pytest.fixture
def work(tmp_path: Path, slack: Client) -> Work:
    me = Me("T0SANDBOX", "", APP.bot_user_id, APP.bot_id)
    return Work(fresh(tmp_path / "headroom.db"), Slack(APP.bot_token, slack.api_url), lambda: NOW, me)


async def test_it_shows_what_moved(work: Work, slack: Client) -> None:
    """A desk that needs 30% less for a request since: wait and utilization before and after, with their ranges."""
    record = desk(work.db)
    live(work.db, record, 19, jobs=lambda _: 120, service=lambda week: 1.2 if week < 9 else 0.84)
    number = alerts.record(work.db, record.id, TOLD, 2, 0, "k")
    promises.put(work.db, number, record.id, "Answer from a list of samples", date(2026, 4, 13))
    assert await asyncio.to_thread(follow_up, work, record.id) is None
    await asyncio.to_thread(Outbox(work.db, work.slack, work.clock, "T0SANDBOX", Quiet(work)).run)
    (call,) = await slack.calls(method="chat.postMessage")
    said = call["args"]["text"]
    assert "you wrote: “Answer from a list of samples”." in said
    assert "Utilization went from" in said
    assert "8 weeks before, 8 after" in said
    assert "One thing to do: keep it" in said


async def test_the_next_day_is_planned(work: Work) -> None:
    """Several promises: those of today are told, and the job is due on the day of the next one."""
    record = desk(work.db)
    for n, review in enumerate((date(2026, 4, 12), date(2026, 4, 13), date(2026, 5, 4))):
        number = alerts.record(work.db, record.id, TOLD + n, 2, 0, f"k{n}")
        promises.put(work.db, number, record.id, "Try it", review)
    due = await asyncio.to_thread(follow_up, work, record.id)
    assert due == datetime(2026, 5, 4, 9, tzinfo=ZoneInfo("UTC")).timestamp()
    assert work.db.read("select count(*), count(distinct key) from outbox where kind = 'follow_up'").fetchone() == (
        2,
        2,
    )
    assert await asyncio.to_thread(follow_up, work, 999) is None


@pytest.mark.parametrize(
    ("review", "opening"),
    [
        (date(2026, 4, 8), (2026, 4, 8, 9)),
        (date(2026, 4, 11), (2026, 4, 13, 9)),  # a Saturday
        (date(2026, 4, 3), (2026, 4, 7, 9)),  # Good Friday
        (date(2026, 3, 29), (2026, 3, 30, 9)),  # clocks go forward
        (date(2026, 10, 26), (2026, 10, 26, 9)),  # the day after they went back
    ],
)
def test_it_opens_with_the_team(work: Work, review: date, opening: tuple[int, ...]) -> None:
    """The day begins with the team's working time; weekends and public holidays are passed over."""
    record = desk(work.db, tz="Europe/Berlin", country="DE")
    found = opens(record, Promise(1, record.id, 0, "x", review, followed=False))
    zone = ZoneInfo("Europe/Berlin")
    assert found == datetime(*opening, tzinfo=zone).timestamp()  # type: ignore[arg-type, misc]
