"""Reading the past: complete, resumable, the same facts as heard live, and never before the announcement."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import reading, setup
from bot.jobs.membership import TAKEN_OUT, heard_again
from bot.jobs.reading import gaps, history, threads
from bot.outbox import Outbox
from bot.services.assessing import threads_read
from bot.services.work import Job, Work
from bot.signal import Kind, Signal
from bot.slack import Slack
from bot.timetable import READING, run_due
from bot.watch import Gone
from sandbox.server import Client, SandboxConfig, running
from storage import due, keys, outbox, signals, teams
from storage.database import Database
from tests.clock import Clock
from tests.fresh import fresh
from tests.odd import ODD
from tests.patient import patient

APP = SandboxConfig().app
WORKSPACE, QUEUE, DAY = "T0SANDBOX", "C0QUEUE", 86_400
ASKERS, TEAM = ("U1", "U2"), ("U5", "U6", "U7", "U8", "U9")


@pytest.fixture
def clock() -> Clock:
    return Clock(float(int(time.time())))


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[Client]:
    """A workspace with a queue that has thirty days of past: a request a day, each in its thread."""
    async with running(patient(clock=clock)) as client:
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
    return Work(fresh(tmp_path / "headroom.db"), api, clock, api.me())


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
    Outbox(work.db, work.slack, work.clock, WORKSPACE).run()
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


JOBS = {
    "history": (history, "conversations.history"),
    "threads, by their roots": (threads, "conversations.history"),
    "threads": (threads, "conversations.replies"),
    "gaps": (gaps, "conversations.history"),
    "gaps, young threads": (gaps, "conversations.replies"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", JOBS)
@pytest.mark.parametrize(("kind", "options"), ODD)
async def test_an_odd_answer_ends_nothing(
    inside: Work, slack: Client, name: str, kind: str, options: dict[str, Any]
) -> None:
    """Whatever comes in place of an answer, reading is tried again within the hour, and then reads all there is."""
    job, method = JOBS[name]
    record = await asyncio.to_thread(set_up, inside)
    queue = await asyncio.to_thread(announce, inside, record)
    if job is not history:
        await asyncio.to_thread(history, inside, queue)
    if job is gaps:
        teams.set_threads(inside.db, queue, "read")
        teams.set_threads(inside.db, queue, "read", int((inside.clock() - 3 * DAY) * 1e6))
    before = teams.queue(inside.db, queue)
    await slack.fault(kind, method=method, rate=1.0, **options)
    again = await asyncio.to_thread(job, inside, queue)
    assert again is not None
    assert inside.clock() < again <= inside.clock() + 3_600
    after = teams.queue(inside.db, queue)
    assert before is not None
    assert after is not None
    assert (after.gone, after.threads) == (None, before.threads)
    await slack.clear_faults()
    for every in (history, threads, gaps):
        await asyncio.to_thread(every, inside, queue)
    assert kinds(inside)["ARRIVAL"] == kinds(inside)["CLAIM"] == 30
    assert kinds(inside)["REPLY"] == (3 if job is gaps else 30)


@pytest.mark.slow
@pytest.mark.parametrize("job", [history, threads, gaps])
@pytest.mark.parametrize("word", ["channel_not_found", "not_in_channel", "channel_is_limited_access"])
async def test_a_channel_that_slack_denies_is_no_longer_read(inside: Work, slack: Client, job: Job, word: str) -> None:
    """A final word about the channel ends its reading; how far the past was read stays known, for the return."""
    record = await asyncio.to_thread(set_up, inside)
    queue = await asyncio.to_thread(announce, inside, record)
    await slack.fault("error", method="conversations.history", error=word, rate=1.0)
    assert await asyncio.to_thread(job, inside, queue) is None
    found = teams.queue(inside.db, queue)
    assert found is not None
    assert found.gone == Gone.UNREADABLE
    assert found.threads == "reading"
    await slack.clear_faults()
    heard_again(inside.db, found, inside.clock())
    await asyncio.to_thread(run_due, inside, READING)
    assert kinds(inside) == {"ARRIVAL": 30, "CLAIM": 30, "REPLY": 30, "THANKS": 30}


@pytest.mark.parametrize("job", [threads, gaps])
async def test_a_thread_deleted_meanwhile_costs_only_itself(inside: Work, slack: Client, job: Job) -> None:
    """A root that is gone when its replies are asked for is passed over; the others are read."""
    record = await asyncio.to_thread(set_up, inside)
    queue = await asyncio.to_thread(announce, inside, record)
    await asyncio.to_thread(history, inside, queue)
    if job is gaps:
        teams.set_threads(inside.db, queue, "read", int((inside.clock() - 20 * DAY) * 1e6))
    await slack.fault("error", method="conversations.replies", error="thread_not_found", next=1)
    await asyncio.to_thread(job, inside, queue)
    found = teams.queue(inside.db, queue)
    assert found is not None
    assert (found.gone, found.threads) == (None, "read")
    assert kinds(inside)["REPLY"] == (29 if job is threads else 19)


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


def thread(root: float, reply: float) -> list[dict[str, object]]:
    """A request and the answer to it."""
    return [
        {"channel": QUEUE, "user": "U2", "ts": f"{root:.6f}", "text": "Another one"},
        {"channel": QUEUE, "user": "U6", "ts": f"{reply:.6f}", "text": "Done", "thread_ts": f"{root:.6f}"},
    ]


async def test_start_now_reads_nothing_from_before(inside: Work, slack: Client, clock: Clock) -> None:
    """Of a team that starts now, no message from before is kept or asked for, not even by the overlap or a thread."""
    await slack.seed(messages=_request(clock.now - 300))
    record = await asyncio.to_thread(set_up, inside, 0)
    queue = await asyncio.to_thread(announce, inside, record)
    told = clock.now
    clock.now += 1200
    await slack.act("U5", "message", channel=QUEUE, thread_ts=f"{told - DAY:.6f}", text="Done")
    await slack.act("U1", "message", channel=QUEUE, text="A new one")
    clock.now += 60
    await asyncio.to_thread(gaps, inside, queue)
    assert kinds(inside) == {"ARRIVAL": 1}
    asked = await slack.calls(method="conversations.history")
    assert asked
    assert all(float(call["args"]["oldest"]) >= told - 1e-3 for call in asked)


async def test_threads_bring_nothing_from_before_the_days_that_were_chosen(inside: Work, clock: Clock) -> None:
    """The root that a thread's replies bring along is left out where it is older than was announced."""
    record = await asyncio.to_thread(set_up, inside, 10)
    queue = teams.queue(inside.db, await asyncio.to_thread(announce, inside, record))
    assert queue is not None
    reader = reading._Reader(inside, queue)
    replies = inside.slack.replies(QUEUE, f"{clock.now - 11 * DAY:.6f}")
    await asyncio.to_thread(reader.keep, replies)
    assert not kinds(inside)


@pytest.mark.slow
@pytest.mark.parametrize("limit", [7, 30])
async def test_a_gap_is_closed_however_often_slack_says_to_wait(
    inside: Work, slack: Client, clock: Clock, limit: int
) -> None:
    """With more young threads than one turn may read, each turn goes on where the last one was, to the end."""
    record = await asyncio.to_thread(set_up, inside, 0)
    queue = await asyncio.to_thread(announce, inside, record)
    told = clock.now
    clock.now += 2 * DAY
    them = [m for n in range(70) for m in thread(told + 600 + n, told + 1000 + (n * 37) % 70)]
    await slack.seed(messages=them)
    for _ in range(70 // limit + 1):
        before = kinds(inside)["REPLY"]
        await slack.settings(rate_limits={"conversations.replies": limit})
        again = await asyncio.to_thread(gaps, inside, queue)
        assert again is not None
        assert kinds(inside)["ARRIVAL"] == 70
        assert kinds(inside)["REPLY"] == min(70, before + limit)
        clock.now = again
    read = [c for c in await slack.calls(method="conversations.replies") if c["response"].get("ok")]
    assert len(read) == 70


async def test_a_long_break_loses_no_reply(inside: Work, slack: Client, clock: Clock) -> None:
    """After twelve days of silence the replies of all its requests are found, not only those of the last week."""
    record = await asyncio.to_thread(set_up, inside, 0)
    queue = await asyncio.to_thread(announce, inside, record)
    told = clock.now
    clock.now += 12 * DAY
    await slack.seed(messages=[m for d in (1, 2, 3, 4, 8, 9) for m in thread(told + d * DAY, told + d * DAY + 600)])
    await asyncio.to_thread(gaps, inside, queue)
    assert kinds(inside) == {"ARRIVAL": 6, "REPLY": 6}


async def test_replies_missed_while_the_past_was_read_are_found(inside: Work, slack: Client, clock: Clock) -> None:
    """What came in young threads while old ones were being read is looked for once these are read."""
    record = await asyncio.to_thread(set_up, inside, 90)
    queue = await asyncio.to_thread(announce, inside, record)
    told = clock.now
    clock.now += 2 * DAY
    await slack.seed(messages=thread(told + 60, told + 90))
    await asyncio.to_thread(gaps, inside, queue)
    await asyncio.to_thread(run_due, inside, READING)
    assert teams.queue(inside.db, queue).threads == "read"  # type: ignore[union-attr]
    assert kinds(inside) == {"ARRIVAL": 31, "CLAIM": 30, "REPLY": 31, "THANKS": 30}


async def test_a_past_cut_short_is_read_on_when_the_bot_is_back(inside: Work) -> None:
    """Taken out while the past is read, the bot holds no report up; invited again, it reads the rest."""
    record = await asyncio.to_thread(set_up, inside, 90)
    number = await asyncio.to_thread(announce, inside, record)
    teams.mark_gone(inside.db, number, TAKEN_OUT)
    await asyncio.to_thread(run_due, inside, READING)
    assert not kinds(inside)
    queue, record = teams.queue(inside.db, number), teams.get(inside.db, record.id) or record
    assert queue is not None
    assert queue.threads == "reading"
    assert threads_read(record)
    heard_again(inside.db, queue, inside.clock())
    await asyncio.to_thread(run_due, inside, READING)
    assert kinds(inside) == {"ARRIVAL": 30, "CLAIM": 30, "REPLY": 30, "THANKS": 30}
    assert teams.queue(inside.db, number).threads == "read"  # type: ignore[union-attr]


async def test_a_channel_given_up_before_the_announcement_holds_nothing_up(inside: Work, slack: Client) -> None:
    """When the lead chooses another channel, the team goes on there, whatever became of the first one's post."""
    await slack.seed(channels=[{"id": "C0TWO", "name": "two", "members": [*TEAM, APP.bot_user_id]}])
    record = await asyncio.to_thread(set_up, inside)
    await slack.fault("error", method="chat.postMessage", error="restricted_action", next=1)
    await asyncio.to_thread(announce, inside, record)
    first = setup.announcement_key(WORKSPACE, QUEUE)
    post = outbox.found(inside.db, first)
    assert post is not None
    assert post[0] != "sent"
    draft = teams.TeamDraft(
        workspace=WORKSPACE,
        name="Desk",
        queue="C0TWO",
        responders=TEAM,
        history_days=90,
        lead="U5",
        team_id=record.id,
    )
    teams.save(inside.db, draft, inside.clock())
    setup.begin(inside.db, record.id, inside.clock())
    inside.db.read("update outbox set state = 'failed' where key = ?", (first,))
    await asyncio.to_thread(announce, inside, record)
    assert list(teams.watched(inside.db)) == [(WORKSPACE, "C0TWO")]
    await asyncio.to_thread(run_due, inside, READING)
    now = teams.get(inside.db, record.id)
    assert now is not None
    assert threads_read(now)
    assert not due.planned(inside.db, "history", record.queues[0].id)


async def test_a_team_whose_channels_are_all_gone_is_not_announced(inside: Work) -> None:
    """Where no channel is left to tell, nothing is announced; the announcement waits for the bot's return."""
    record = await asyncio.to_thread(set_up, inside)
    teams.mark_gone(inside.db, record.queues[0].id, TAKEN_OUT)
    again = await asyncio.to_thread(setup.announced, inside, record.id)
    assert again is not None
    assert (teams.get(inside.db, record.id) or record).announced is None


async def test_who_objects_while_a_page_is_kept_is_in_no_fact(inside: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """An objection between the making of pseudonyms and their commit, from another thread, leaves none behind."""
    record = await asyncio.to_thread(set_up, inside)
    queue = await asyncio.to_thread(announce, inside, record)
    objections: list[threading.Thread] = []

    def add(db: Database, facts: tuple[Signal, ...]) -> int:
        def object_now() -> None:
            for person in (*ASKERS, *TEAM):
                keys.opt_out(db, WORKSPACE, person)

        if not objections:
            objections.append(threading.Thread(target=object_now))
            objections[0].start()
            objections[0].join(0.5)  # through, unless it has to wait for this page
        return signals.add(db, facts)

    monkeypatch.setattr(reading, "signals", type("Between", (), {"add": staticmethod(add)}))
    await asyncio.to_thread(history, inside, queue)
    objections[0].join()
    assert kinds(inside) == {"ARRIVAL": 30, "CLAIM": 30}
    assert inside.db.read("select distinct actor from signals").fetchall() == [(b"",)]
