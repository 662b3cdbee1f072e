"""Reading the past: complete, resumable, the same facts as heard live, and never before the announcement."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.jobs import setup
from bot.jobs.reading import gaps, history, threads
from bot.jobs.work import Work
from bot.outbox import Outbox
from bot.sandbox.server import Client, SandboxConfig, running
from bot.signal import Kind, Signal
from bot.slack import Slack
from storage import due, signals, teams
from storage.database import Database

APP = SandboxConfig().app
WORKSPACE, QUEUE, DAY = "T0SANDBOX", "C0QUEUE", 86_400
ASKERS, TEAM = ("U1", "U2"), ("U5", "U6", "U7", "U8", "U9")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[Client]:
    """A workspace with a queue that has thirty days of past: a request a day, each in its thread."""
    async with running(SandboxConfig(rate_limits="fast", clock=clock)) as client:
        users = [{"id": u, "name": u.lower()} for u in ASKERS + TEAM]
        channel = {"id": QUEUE, "name": "queue", "members": [*ASKERS, *TEAM, APP.bot_user_id]}
        messages = [message for day in range(1, 31) for message in _request(clock.now - day * DAY)]
        await client.seed(users=users, channels=[channel], messages=messages)
        yield client


def _request(at: float) -> list[dict[str, object]]:
    root = f"{at:.6f}"
    claimed = [{"name": "eyes", "users": ["U5"]}]
    return [
        {"channel": QUEUE, "user": "U1", "ts": root, "text": "Could you look at this?", "reactions": claimed},
        {"channel": QUEUE, "user": "U5", "ts": f"{at + 600:.6f}", "text": "On it", "thread_ts": root},
        {"channel": QUEUE, "user": "U1", "ts": f"{at + 900:.6f}", "text": "Thank you!", "thread_ts": root},
    ]


@pytest.fixture
def work(tmp_path: Path, slack: Client, clock: Clock) -> Work:
    api = Slack(APP.bot_token, slack.api_url)
    return Work(Database.open(tmp_path / "headroom.db"), api, clock, api.me())


def set_up(work: Work, days: int = 90) -> teams.TeamRecord:
    """A team as set-up leaves it."""
    draft = teams.TeamDraft(
        workspace=WORKSPACE, name="Desk", queue=QUEUE, responders=TEAM, history_days=days, lead="U5"
    )
    number = teams.save(work.db, draft, work.clock())
    setup.begin(work.db, number, work.clock())
    record = teams.get(work.db, number)
    assert record is not None
    return record


def announce(work: Work, record: teams.TeamRecord) -> int:
    """Post the announcement and go on; returns the queue's number."""
    Outbox(work.db, work.slack, work.clock).run()
    setup.announced(work, record.id)
    return record.queues[0].id


def kinds(work: Work) -> Counter[str]:
    """How many facts of each kind are stored."""
    rows = work.db.read("select kind, count(*) from signals group by kind").fetchall()
    return Counter({Kind(kind).name: count for kind, count in rows})


@pytest.fixture
async def inside(slack: Client, tmp_path: Path, clock: Clock) -> Work:
    """The parts of a job, made in a thread, since they ask Slack who we are."""
    return await asyncio.to_thread(lambda: work.__wrapped__(tmp_path, slack, clock))  # type: ignore[attr-defined]


async def test_nothing_is_read_before_the_announcement_stands(inside: Work, slack: Client) -> None:
    """As long as the announcement has not been posted, no history is asked for and nothing is listened to."""
    record = await asyncio.to_thread(set_up, inside)
    again = await asyncio.to_thread(setup.announced, inside, record.id)
    assert again is not None
    assert not due.planned(inside.db, "history", record.queues[0].id)
    assert teams.watched(inside.db) == {}
    await asyncio.to_thread(announce, inside, record)
    assert due.planned(inside.db, "history", record.queues[0].id)
    assert len(teams.watched(inside.db)) == 1
    posted = [m for m in await slack.messages("U1", QUEUE) if m["bot_id"]]
    assert len(posted) == 1
    assert not await slack.calls(method="conversations.history")


async def test_the_past_is_read_whole(inside: Work) -> None:
    """Roots come from the history, replies from their threads; reactions are kept without a time."""
    record = await asyncio.to_thread(set_up, inside)
    queue = await asyncio.to_thread(announce, inside, record)
    assert await asyncio.to_thread(history, inside, queue) is None
    assert kinds(inside) == {"ARRIVAL": 30, "CLAIM": 30}
    await asyncio.to_thread(threads, inside, queue)
    assert kinds(inside) == {"ARRIVAL": 30, "CLAIM": 30, "REPLY": 30, "THANKS": 30}
    untimed = inside.db.read("select count(*) from signals where kind = ? and reacted = 0", (int(Kind.CLAIM),))
    assert untimed.fetchone()[0] == 30
    assert teams.queue(inside.db, queue).threads == "read"  # type: ignore[union-attr]


async def test_reading_twice_changes_nothing(inside: Work) -> None:
    """Every step may be repeated: the facts stay the same."""
    record = await asyncio.to_thread(set_up, inside)
    queue = await asyncio.to_thread(announce, inside, record)
    for _ in range(2):
        await asyncio.to_thread(history, inside, queue)
        await asyncio.to_thread(threads, inside, queue)
        await asyncio.to_thread(gaps, inside, queue)
    assert kinds(inside) == {"ARRIVAL": 30, "CLAIM": 30, "REPLY": 30, "THANKS": 30}


async def test_only_the_days_that_were_chosen_are_read(inside: Work) -> None:
    """A team that starts now has nothing of its past; one that chose ten days has ten."""
    record = await asyncio.to_thread(set_up, inside, 10)
    queue = await asyncio.to_thread(announce, inside, record)
    await asyncio.to_thread(history, inside, queue)
    await asyncio.to_thread(threads, inside, queue)
    assert kinds(inside)["ARRIVAL"] in {9, 10}
    assert kinds(inside)["REPLY"] == kinds(inside)["ARRIVAL"]


async def test_threads_go_on_where_they_were(inside: Work, slack: Client) -> None:
    """When Slack says to wait in the middle, the next turn reads only what is left."""
    record = await asyncio.to_thread(set_up, inside)
    queue = await asyncio.to_thread(announce, inside, record)
    await asyncio.to_thread(history, inside, queue)

    first = len(await slack.calls(method="conversations.replies"))
    await slack.settings(rate_limits={"conversations.replies": 12})
    again = await asyncio.to_thread(threads, inside, queue)
    assert again is not None
    read = kinds(inside)["REPLY"]
    assert 0 < read < 30
    await slack.settings(rate_limits={"conversations.replies": 10_000})
    await asyncio.to_thread(threads, inside, queue)
    assert kinds(inside)["REPLY"] == 30
    calls = [c for c in await slack.calls(method="conversations.replies") if c["response"].get("ok")]
    assert len(calls) - first <= 31


async def test_refused_threads_are_said_not_waited_for(inside: Work, slack: Client) -> None:
    """A token that may not read threads leaves the queue usable, marked `refused`."""
    record = await asyncio.to_thread(set_up, inside)
    queue = await asyncio.to_thread(announce, inside, record)
    await asyncio.to_thread(history, inside, queue)
    await slack.fault("error", method="conversations.replies", error="missing_scope", rate=1.0)
    assert await asyncio.to_thread(threads, inside, queue) is None
    assert teams.queue(inside.db, queue).threads == "refused"  # type: ignore[union-attr]


async def test_a_gap_is_closed(inside: Work, slack: Client, clock: Clock) -> None:
    """What was written while nobody listened, replies in young threads included, is found by the next look."""
    record = await asyncio.to_thread(set_up, inside, 0)
    queue = await asyncio.to_thread(announce, inside, record)
    clock.now += 3600
    asked = await slack.act("U2", "message", channel=QUEUE, text="Anybody there?")
    clock.now += 600
    await slack.act("U6", "message", channel=QUEUE, text="Yes", thread_ts=asked["ts"])
    clock.now += 600
    again = await asyncio.to_thread(gaps, inside, queue)
    assert kinds(inside) == {"ARRIVAL": 1, "REPLY": 1}
    assert again == clock.now + 3600


async def test_a_live_reaction_takes_the_place_of_its_untimed_twin(inside: Work) -> None:
    """History's untimed claim and the live one with its time are one fact, the timed one."""
    record = await asyncio.to_thread(set_up, inside)
    queue = await asyncio.to_thread(announce, inside, record)
    await asyncio.to_thread(history, inside, queue)
    row = inside.db.read(
        "select queue, request, message, actor from signals where kind = ? limit 1", (int(Kind.CLAIM),)
    ).fetchone()
    live = Signal(row[0], row[1], row[2], Kind.CLAIM, row[3], reacted=row[2] + 5_000_000)
    signals.add(inside.db, [live])
    await asyncio.to_thread(history, inside, queue)
    rows = inside.db.read("select reacted from signals where kind = ? and message = ?", (int(Kind.CLAIM), row[2]))
    assert rows.fetchall() == [(live.reacted,)]
