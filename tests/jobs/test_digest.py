"""The digest in a workspace, over simulated weeks: at its time, to the right people, exactly once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bot.health.seen.worktime import work_clock
from bot.jobs.check import check
from bot.jobs.digest import compose, next_digest
from bot.jobs.setup import announced
from bot.messages import actions
from bot.messages.digest import digest as words
from bot.messages.readable import readable
from bot.outbox import Outbox
from bot.services.quiet import Quiet
from bot.services.work import Work
from bot.signal import Signal
from bot.slack import Slack
from bot.timetable import JUDGING, run_due
from sandbox.server import Client, SandboxConfig, running
from storage import digests, due, outbox, rhythms, signals, teams
from storage.rhythms import Rhythm
from tests.clock import Clock
from tests.fresh import fresh
from tests.jobs.lived import dice, told
from tests.patient import patient

pytestmark = pytest.mark.slow


APP = SandboxConfig().app
WORKSPACE, QUEUE, CIRCLE = "T0SANDBOX", "C0QUEUE", "G0TEAM"
PEOPLE = ("U1", "U2", "U3", "U4", "U5")
SECOND, DAY, WEEK = 1_000_000, 86_400.0, 7 * 86_400.0
STEP = 600.0


@dataclass
class Office:
    """A team in a local Slack, and the bot's processes, each with its own connection to the one database."""

    slack: Client
    clock: Clock
    path: Path
    tz: str = "Europe/Berlin"
    team: int = 0
    bots: list[Work] = field(default_factory=list)

    async def bot(self) -> Work:
        """Start a process."""
        api = Slack(APP.bot_token, self.slack.api_url)
        work = Work(fresh(self.path), api, self.clock, await asyncio.to_thread(api.me))
        self.bots.append(work)
        return work

    def at(self, text: str) -> float:
        """A wall-clock time of the team's."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.tz)).timestamp()

    async def set_up(
        self, now: str, *, tz: str = "Europe/Berlin", country: str = "DE", people: tuple[str, ...] = PEOPLE
    ) -> Work:
        """A team with a calm past of twelve weeks, its first process, and the digest planned."""
        self.tz = tz
        self.clock.now = self.at(now)
        work = await self.bot()
        draft = teams.TeamDraft(
            workspace=WORKSPACE,
            name="Desk",
            queue=QUEUE,
            responders=people,
            lead="U1",
            team_channel=CIRCLE,
            tz=tz,
            country=country,
        )
        self.team = teams.save(work.db, draft, self.clock.now)
        teams.set_announced(work.db, self.team, int(self.clock.now - 12 * WEEK))
        record = teams.get(work.db, self.team)
        assert record is not None
        past = _past(record.queues[0].id, len(people), self.clock.now - 12 * WEEK, self.clock.now, tz)
        signals.add(work.db, past)
        due.put(work.db, "digest", self.team, self.clock.now)
        return work

    async def until(self, text: str, *works: Work) -> None:
        """Let time pass in steps of ten minutes; these processes work side by side, or none does."""
        end = self.at(text)
        while True:
            if works:
                await asyncio.gather(
                    *(asyncio.to_thread(run_due, work, {"digest": JUDGING["digest"]}) for work in works)
                )
                await asyncio.gather(*(asyncio.to_thread(_box(work).run) for work in works))
            if self.clock.now >= end:
                return
            coming = [due.next_at(w.db, ["digest"], WORKSPACE) or end for w in works]
            waiting = [outbox.next_at(w.db, 30.0, WORKSPACE) or end for w in works]
            self.clock.now = min(end, max(min([*coming, *waiting, end]), self.clock.now + STEP))

    async def digests(self) -> list[str]:
        """When digests arrived, team time; a copy to several people counts once."""
        calls = [c for c in await self.slack.calls(method="chat.postMessage") if c["response"].get("ok")]
        found = [c for c in calls if actions.DIGEST_DETAILS in str(c["args"])]
        stamps = {float(c["response"]["ts"]) // 60 * 60 for c in found}
        return [f"{datetime.fromtimestamp(s, ZoneInfo(self.tz)):%a %m-%d %H:%M}" for s in sorted(stamps)]

    async def posts(self) -> int:
        """How many messages were posted."""
        return len([c for c in await self.slack.calls(method="chat.postMessage") if c["response"].get("ok")])


def _box(work: Work) -> Outbox:
    return Outbox(work.db, work.slack, work.clock, WORKSPACE, Quiet(work))


def _past(queue: int, people: int, start: float, end: float, tz: str) -> list[Signal]:
    rng = np.random.default_rng(3)
    clock = work_clock("Mon-Fri 09:00-17:00", tz, start, end + WEEK)
    free, at, rows = [0.0] * people, 0.0, []
    while at < float(clock.elapsed(end)):
        at += float(rng.exponential(1 / (0.5 * people)))
        person = int(np.argmin(free))
        began = max(at, free[person])
        free[person] = began + float(rng.exponential(1.0))
        rows.append((at, began, free[person], person, *dice(rng)))
    return [fact for fact in told(clock, queue, rows, end) if fact.message < end * SECOND]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    clock = Clock(datetime(2026, 3, 1, tzinfo=ZoneInfo("UTC")).timestamp())
    async with running(patient(clock=clock)) as slack:
        await slack.seed(
            users=[{"id": u, "name": u.lower(), "tz": "Europe/Berlin"} for u in (*PEOPLE, "U9OUT")],
            channels=[
                {"id": QUEUE, "name": "queue", "members": [*PEOPLE, "U9OUT", APP.bot_user_id]},
                {"id": CIRCLE, "name": "team", "is_private": True, "members": [*PEOPLE, APP.bot_user_id]},
            ],
        )
        made = Office(slack, clock, tmp_path / "headroom.db")
        yield made
        for work in made.bots:
            work.db.close()


async def test_every_monday_at_nine_and_after_the_holiday(office: Office) -> None:
    """Four weeks in Berlin, over the change of the clocks and Easter Monday: one digest each, in the team channel."""
    work = await office.set_up("2026-03-22 12:00")
    await office.until("2026-04-14 12:00", work)
    assert await office.digests() == ["Mon 03-23 09:00", "Mon 03-30 09:00", "Tue 04-07 09:00", "Mon 04-13 09:00"]
    assert await office.posts() == 4
    assert len([m for m in await office.slack.messages("U2", CIRCLE) if m["bot_id"]]) == 4


async def test_nine_in_new_york_is_nine_in_new_york(office: Office) -> None:
    """Over the autumn change of the clocks and Veterans Day, which is no Monday."""
    work = await office.set_up("2026-10-25 12:00", tz="America/New_York", country="US")
    await office.until("2026-11-09 12:00", work)
    assert await office.digests() == ["Mon 10-26 09:00", "Mon 11-02 09:00", "Mon 11-09 09:00"]


async def test_a_restart_around_nine_tells_it_once(office: Office) -> None:
    """A process that ends at 08:59, one that runs from 09:01 to 09:02, and one after it: one digest."""
    first = await office.set_up("2026-03-08 12:00")
    await office.until("2026-03-09 08:59", first)
    assert await office.digests() == []
    office.clock.now = office.at("2026-03-09 09:01")
    await office.until("2026-03-09 09:02", await office.bot())
    assert await office.digests() == ["Mon 03-09 09:01"]
    await office.until("2026-03-13 12:00", await office.bot())
    assert await office.posts() == 1


async def test_a_process_that_died_between_writing_and_posting(office: Office) -> None:
    """What was put down before the crash is posted by the next process, and not put down again."""
    first = await office.set_up("2026-03-09 09:00")
    await asyncio.to_thread(run_due, first, {"digest": JUDGING["digest"]})
    assert await office.digests() == []
    due.put(first.db, "digest", office.team, office.clock.now)  # its lease ran out unfinished
    await office.until("2026-03-09 12:00", await office.bot())
    assert await office.posts() == 1


async def test_two_processes_tell_it_once(office: Office) -> None:
    """Two bots on one database over two weeks: two digests."""
    first = await office.set_up("2026-03-08 12:00")
    await office.until("2026-03-17 12:00", first, await office.bot())
    assert await office.posts() == 2


async def test_two_processes_that_both_hold_the_job(office: Office) -> None:
    """Even when both run the job at the same moment, one week is one digest."""
    first = await office.set_up("2026-03-09 09:00")
    second = await office.bot()
    await asyncio.gather(*(asyncio.to_thread(JUDGING["digest"], w, office.team) for w in (first, second)))
    await office.until("2026-03-09 09:10", first, second)
    assert await office.posts() == 1


async def test_a_missed_monday_is_made_up_for_in_working_hours(office: Office) -> None:
    """The bot comes back on Wednesday night: the digest comes on Thursday morning, and once."""
    await office.set_up("2026-03-08 12:00")
    office.clock.now = office.at("2026-03-11 22:00")
    await office.until("2026-03-13 12:00", await office.bot())
    assert await office.digests() == ["Thu 03-12 09:00"]


async def test_a_missed_week_is_passed_over(office: Office) -> None:
    """The bot comes back on Sunday, or weeks later: nothing old is told, the next digest comes at its time."""
    await office.set_up("2026-03-08 12:00")
    office.clock.now = office.at("2026-03-15 12:00")
    work = await office.bot()
    await office.until("2026-03-16 12:00", work)
    office.clock.now = office.at("2026-04-01 12:00")  # away over two Mondays
    await office.until("2026-04-07 12:00", work)
    assert await office.digests() == ["Mon 03-16 09:00", "Wed 04-01 12:00", "Tue 04-07 09:00"]


async def test_a_new_team_is_not_told_of_a_monday_before_it(office: Office) -> None:
    """Announced on a Wednesday, told on the next Monday; the job is planned as soon as it is announced."""
    work = await office.set_up("2026-03-11 12:00")
    with work.db.write() as connection:
        connection.execute("update teams set announced = null")
        connection.execute("delete from due")
    record = teams.get(work.db, office.team)
    assert record is not None
    key = outbox.key_of("announcement", WORKSPACE, QUEUE)
    outbox.put(work.db, key=key, workspace=WORKSPACE, channel=QUEUE, body={"text": "x", "blocks": []}, kind="other")
    outbox.sent(work.db, key, "1.000001")
    await asyncio.to_thread(announced, work, office.team)
    assert due.planned(work.db, "digest", office.team)
    await office.until("2026-03-16 12:00", work)
    assert await office.digests() == ["Mon 03-16 09:00"]


async def test_a_team_from_before_gets_its_digest(office: Office) -> None:
    """For a team that was set up before digests existed, the next check plans it."""
    work = await office.set_up("2026-03-08 12:00")
    with work.db.write() as connection:
        connection.execute("delete from due")
    await asyncio.to_thread(check, work, office.team)
    await office.until("2026-03-09 12:00", work)
    assert await office.digests() == ["Mon 03-09 09:00"]


async def test_monthly_and_off(office: Office) -> None:
    """Once a month from then on; off means none; on again, the week that is on is not made up for."""
    work = await office.set_up("2026-03-08 12:00")
    rhythms.save(work.db, office.team, Rhythm("monthly"))
    await office.until("2026-05-05 12:00", work)
    assert await office.digests() == ["Mon 03-09 09:00", "Tue 04-07 09:00", "Mon 05-04 09:00"]
    rhythms.save(work.db, office.team, Rhythm("off"))
    await office.until("2026-05-20 12:00", work)
    rhythms.save(work.db, office.team, Rhythm("weekly", since=int(office.clock.now)))
    due.put(work.db, "digest", office.team, office.clock.now)
    await office.until("2026-05-26 12:00", work)
    assert (await office.digests())[3:] == ["Tue 05-26 09:00"]  # Whit Monday


async def test_another_day_and_time(office: Office) -> None:
    """Fridays at half past two; after a change within a week, that week is not told twice."""
    work = await office.set_up("2026-03-08 12:00")
    await office.until("2026-03-09 12:00", work)
    rhythms.save(work.db, office.team, Rhythm(digest_day=4, digest_minute=870, since=int(office.clock.now)))
    due.put(work.db, "digest", office.team, office.clock.now)
    await office.until("2026-03-20 16:00", work)
    assert await office.digests() == ["Mon 03-09 09:00", "Fri 03-20 14:30"]


async def test_a_circle_with_an_outsider_is_passed_over(office: Office) -> None:
    """With somebody else in the team channel, each insider gets it directly, in their own working hours."""
    work = await office.set_up("2026-03-08 12:00")
    await office.slack.act("U1", "invite", channel=CIRCLE, user="U9OUT")
    await office.until("2026-03-09 18:00", work)
    calls = [c for c in await office.slack.calls(method="chat.postMessage") if c["response"].get("ok")]
    assert sorted(c["args"]["channel"] for c in calls) == sorted(PEOPLE)


async def test_two_untouched_digests_make_an_offer(office: Office) -> None:
    """The third offers monthly; a pressed button of any of the last two takes the offer away."""
    work = await office.set_up("2026-03-08 12:00")
    await office.until("2026-03-23 12:00", work)
    offered = [actions.DIGEST_MONTHLY in str(m["blocks"]) for m in await office.slack.messages("U2", CIRCLE)]
    assert offered == [False, False, True]
    digests.touched(work.db, office.team)
    await office.until("2026-04-07 12:00", work)
    offered = [actions.DIGEST_MONTHLY in str(m["blocks"]) for m in await office.slack.messages("U2", CIRCLE)]
    assert offered == [False, False, True, False, False]


async def test_its_own_cost_is_told_once_a_month(office: Office) -> None:
    """The first digest of April tells what March cost; the others, and one after a silent month, do not."""
    work = await office.set_up("2026-03-08 12:00")
    await office.until("2026-04-14 12:00", work)
    told = ["own cost in March" in str(m["blocks"]) for m in await office.slack.messages("U2", CIRCLE)]
    assert told == [False, False, False, False, True, False]


async def test_a_digest_waits_until_the_past_is_read(office: Office) -> None:
    """While threads are read back its figures would be wrong: it comes when they are in."""
    work = await office.set_up("2026-03-08 12:00")
    record = teams.get(work.db, office.team)
    assert record is not None
    teams.set_threads(work.db, record.queues[0].id, "reading", 1)
    await office.until("2026-03-09 10:30", work)
    assert await office.digests() == []
    teams.set_threads(work.db, record.queues[0].id, "read")
    await office.until("2026-03-09 12:00", work)
    assert len(await office.digests()) == 1


async def test_a_team_nobody_is_left_of_is_told_nothing(office: Office) -> None:
    """With an empty roster and no lead there is nobody to tell, and no job fails."""
    work = await office.set_up("2026-03-08 12:00")
    with work.db.write() as connection:
        connection.execute("update teams set lead = null, team_channel = null")
        connection.execute("update people set until = '2026-03-01'")
    await office.until("2026-03-10 12:00", work)
    assert await office.posts() == 0
    assert digests.last(work.db, office.team)[0].week == date(2026, 3, 9)


@pytest.mark.parametrize("size", [1, 3, 5])
async def test_a_team_of_any_size_has_something_to_read(office: Office, size: int) -> None:
    """One person reads of requests alone, three of load too, five are offered to report flaws."""
    work = await office.set_up("2026-03-09 08:00", people=PEOPLE[:size])
    record = teams.get(work.db, office.team)
    assert record is not None
    said = readable(words(compose(work.db, record, office.clock.now)))
    assert "Flow: mean wait" in said
    assert "Week of 2–8 Mar" in said
    assert ("Resilience" in said) is (size >= 3)
    assert ("Report a flaw" in said) is (size >= 5)


async def test_the_next_one_is_known(office: Office) -> None:
    """Home can say when the next digest comes; off, or before the announcement, there is none."""
    work = await office.set_up("2026-03-08 12:00")
    record = teams.get(work.db, office.team)
    assert record is not None
    assert next_digest(work.db, record, office.clock.now) == office.at("2026-03-09 09:00")
    assert next_digest(work.db, replace(record, announced=None), office.clock.now) is None
    rhythms.save(work.db, office.team, Rhythm("off"))
    assert next_digest(work.db, record, office.clock.now) is None
