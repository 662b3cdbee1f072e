"""The ledger in a workspace: a gain is written, weeks pass, and the team hears what became of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.health.ledger import Lasting, Went
from bot.health.measured import tellable
from bot.jobs import gains as jobs
from bot.outbox import Outbox
from bot.services.quiet import Quiet
from bot.services.work import Work
from bot.slack import Slack
from sandbox.server import Client, SandboxConfig, running
from storage import due, gains, rhythms, teams
from storage.gains import BEFORE, Gain
from storage.rhythms import Rhythm
from storage.teams import TeamDraft, TeamRecord
from tests.clock import Clock
from tests.fresh import fresh
from tests.jobs.lived import PEOPLE, START, WEEK, desk, live
from tests.patient import patient

pytestmark = pytest.mark.slow


APP = SandboxConfig().app
BEGAN = date(2026, 2, 4)
"""The Wednesday of the tenth week."""
WRITTEN = datetime(2026, 2, 4, 11, tzinfo=UTC).timestamp()


@pytest.fixture
def clock() -> Clock:
    return Clock(WRITTEN)


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[Client]:
    async with running(patient(clock=clock)) as client:
        await client.seed(
            users=[{"id": u, "name": u.lower()} for u in (*PEOPLE, "U9OUT")],
            channels=[
                {"id": "C0QUEUE", "name": "queue", "members": [*PEOPLE, "U9OUT", APP.bot_user_id]},
                {"id": "G0TEAM", "name": "team", "is_private": True, "members": [*PEOPLE, APP.bot_user_id]},
            ],
        )
        yield client


@pytest.fixture
async def work(tmp_path: Path, slack: Client, clock: Clock) -> Work:
    api = Slack(APP.bot_token, slack.api_url)
    return Work(fresh(tmp_path / "headroom.db"), api, clock, await asyncio.to_thread(api.me))


def lived(
    work: Work, *, jobs: Callable[[int], int], service: Callable[[int], float], people: tuple[str, ...] = PEOPLE
) -> TeamRecord:
    """A team and 36 weeks of its work; the gain of these tests begins in the tenth."""
    record = desk(work.db, people, team_channel="G0TEAM" if people == PEOPLE else None)
    live(work.db, record, 36, jobs=jobs, service=service, people=len(people))
    return record


def write(work: Work, record: TeamRecord, **changes: Any) -> int:
    """Write a gain down, as the form does."""
    said = {"title": "Template for NDAs", "hours": 30.0, "goes": "learning", "depends": "the template",
            "measure": "hands_on", "began": BEGAN, **changes}  # fmt: skip
    gain = Gain(0, record.id, people=jobs.roster_hours(record, said["began"]), **said)
    assert jobs.begin(work.db, record, said["title"], gain, work.clock())
    return gains.of_team(work.db, record.id)[-1].id


async def pass_until(work: Work, clock: Clock, team: int, end: float) -> None:
    """Do the job each time it is due, send what it puts down, and let the clock stand at `end`."""
    again: float | None = clock.now
    while again is not None and again <= end:
        clock.now = max(clock.now, again)
        again = await asyncio.to_thread(jobs.watch, work, team)
        await asyncio.to_thread(Outbox(work.db, work.slack, work.clock, work.me.workspace, Quiet(work)).run)
    clock.now = max(clock.now, end)
    await asyncio.to_thread(Outbox(work.db, work.slack, work.clock, work.me.workspace, Quiet(work)).run)


async def posts(slack: Client, channel: str = "G0TEAM") -> list[str]:
    """What the bot posted there."""
    return [m["text"] for m in await slack.messages("U1", channel) if m["bot_id"]]


def looked(work: Work, gain: int, weeks: int) -> Any:
    """What a look found."""
    (found,) = [look.found for look in gains.looks(work.db, gain) if look.weeks == weeks]
    return found


def after(weeks: float) -> float:
    """Unix second so many weeks after the Monday on which the gain's weeks begin, in the morning."""
    return START + (10 + weeks) * WEEK + 10 * 3600


async def test_a_gain_that_lasts_is_told_once_and_asked_about(work: Work, slack: Client, clock: Clock) -> None:
    """At 4 weeks the first result, at 8 nothing new, at 13 it has lasted, and the team is asked if it still stands."""
    record = lived(work, jobs=lambda _: 110, service=lambda week: 1.3 if week < 9 else 1.0)
    gain = write(work, record)
    await pass_until(work, clock, record.id, after(4))
    (first,) = await posts(slack)
    assert "4 weeks on, a gain of Deal desk: Template for NDAs" in first
    assert "hands-on time of a request went from 1.3 h to 1 h" in first
    assert "Work from the queue is about" in first
    assert "there for learning, as agreed" in first
    await pass_until(work, clock, record.id, after(8))
    assert len(await posts(slack)) == 1
    await pass_until(work, clock, record.id, after(13))
    assert "It has lasted 13 weeks." in (await posts(slack))[-1]
    assert "Does what it depends on still stand?* It depends on: the template" in str(
        (await slack.messages("U1", "G0TEAM"))[-1]["blocks"]
    )
    assert len(await posts(slack)) == 2
    assert looked(work, gain, 13)["hours"]["went"] == Went.KEPT
    assert due.planned(work.db, jobs.JOB, record.id)


async def test_hours_that_new_load_ate(work: Work, slack: Client, clock: Clock) -> None:
    """Requests take less work, but so many more come that utilization took the hours back."""
    record = lived(work, jobs=lambda week: 110 if week < 9 else 140, service=lambda week: 1.3 if week < 9 else 1.0)
    gain = write(work, record)
    await pass_until(work, clock, record.id, after(13))
    hours = looked(work, gain, 13)["hours"]
    assert hours["went"] == Went.EATEN
    (*_, said) = await posts(slack)
    assert "You freed 30 h a week; utilization took back" in said
    assert "agree together what may wait" in said


async def test_hours_that_a_smaller_roster_took(work: Work, slack: Client, clock: Clock) -> None:
    """Somebody leaves the roster in week ten: said neutrally, without a name and without blame."""
    record = lived(work, jobs=lambda _: 110, service=lambda week: 1.3 if week < 9 else 1.0)
    gain = write(work, record)
    await pass_until(work, clock, record.id, after(8.5))
    smaller = TeamDraft(
        workspace="T0SANDBOX", name="Deal desk", queue="C0QUEUE", responders=PEOPLE[:4], team_id=record.id, lead="U1"
    )
    teams.save(work.db, smaller, clock.now)
    await pass_until(work, clock, record.id, after(13))
    hours = looked(work, gain, 13)["hours"]
    assert (hours["went"], hours["fewer"]) == (Went.FEWER, 40.0)
    said = next(m["text"] for m in reversed(await slack.messages("U1", await direct(slack))) if m["bot_id"])
    assert "The roster has 40 h a week less than when it began" in said
    assert "this says nothing about anybody" in said
    assert "U5" not in said


async def direct(slack: Client) -> str:
    """The lead's direct messages with the bot: the team channel now holds somebody who is not on the roster."""
    return next(str(channel["id"]) for channel in (await slack.state("U1"))["channels"] if channel["is_im"])


async def test_what_the_volume_cannot_show_is_said_so(work: Work, slack: Client, clock: Clock) -> None:
    """Two hours a week of a noisy desk: no clear change, how much would show, and no claim about the hours."""
    record = lived(work, jobs=lambda week: 100 + 13 * (week % 3), service=lambda week: 1.1 + 0.1 * (week % 2))
    gain = write(work, record, hours=2.0)
    await pass_until(work, clock, record.id, after(13))
    found = looked(work, gain, 13)
    assert found["hours"]["went"] == Went.UNKNOWN
    assert found["moved"]["verdict"] == "no_clear_change"
    first = (await posts(slack))[0]
    assert "at this volume, only a change of" in first
    assert "Where the 2 h a week went cannot be told" in first


async def test_a_pair_is_told_of_waits_alone(work: Work, slack: Client, clock: Clock) -> None:
    """In a team of two neither utilization nor hours are looked at: they would be a person's."""
    record = lived(work, jobs=lambda _: 40, service=lambda _: 1.0, people=("U1", "U2"))
    gain = write(work, record, measure="wait", hours=3.0)
    assert tellable(record.team, clock.now) == ("wait",)
    await pass_until(work, clock, record.id, after(4))
    kept = looked(work, gain, BEFORE)["utilization"]
    assert (kept["total"], kept["by"]) == ([], [])
    found = looked(work, gain, 4)
    assert found["moved"]["weeks_after"] == 4
    assert "one or two" in found["hours"]["reason"]


async def test_looks_missed_are_made_up_for_once(work: Work, slack: Client, clock: Clock) -> None:
    """A gain that began long ago is looked at where it stands now, not once for every look it missed."""
    record = lived(work, jobs=lambda _: 110, service=lambda week: 1.3 if week < 9 else 1.0)
    clock.now = after(15)
    gain = write(work, record)
    await pass_until(work, clock, record.id, after(15.5))
    assert [look.weeks for look in gains.looks(work.db, gain)] == [BEFORE, 13]
    assert len(await posts(slack)) == 1


async def test_two_processes_tell_once(work: Work, slack: Client, clock: Clock) -> None:
    """The same look by two processes, and again after a restart, is one row and one post."""
    record = lived(work, jobs=lambda _: 110, service=lambda week: 1.3 if week < 9 else 1.0)
    gain = write(work, record)
    await asyncio.to_thread(jobs.watch, work, record.id)
    clock.now = after(4)
    await asyncio.gather(*(asyncio.to_thread(jobs.watch, work, record.id) for _ in range(2)))
    await pass_until(work, clock, record.id, after(4.2))
    assert [look.weeks for look in gains.looks(work.db, gain)] == [BEFORE, 4]
    assert len(await posts(slack)) == 1


async def test_what_ended_or_is_switched_off_is_left_alone(work: Work, slack: Client, clock: Clock) -> None:
    """No look is taken of a gain that ended, nor while the team keeps no ledger."""
    record = lived(work, jobs=lambda _: 110, service=lambda _: 1.0)
    gain = write(work, record)
    await asyncio.to_thread(jobs.watch, work, record.id)
    rhythms.save(work.db, record.id, Rhythm(gains=False))
    clock.now = after(4)
    assert jobs.watch(work, record.id) == clock.now + WEEK
    assert jobs.digest(work.db, record, clock.now) == ""
    rhythms.save(work.db, record.id, Rhythm())
    gains.end(work.db, gain, date(2026, 3, 1))
    assert jobs.watch(work, record.id) is None
    assert [look.weeks for look in gains.looks(work.db, gain)] == [BEFORE]
    assert jobs.watch(work, 99) is None


async def test_the_digest_has_a_line_in_the_week_of_a_look(work: Work, slack: Client, clock: Clock) -> None:
    """It credits the team, and only when there was a look since the last digest."""
    record = lived(work, jobs=lambda _: 110, service=lambda week: 1.3 if week < 9 else 1.0)
    write(work, record)
    assert jobs.digest(work.db, record, clock.now) == ""
    await pass_until(work, clock, record.id, after(4))
    line = jobs.digest(work.db, record, clock.now)
    assert line.startswith("*Gain of the team*: Template for NDAs, has lasted 4 weeks")
    assert "30 h a week are there for learning" in line
    assert jobs.digest(work.db, record, after(5.1)) == ""


async def test_the_past_is_not_rewritten(work: Work, slack: Client, clock: Clock) -> None:
    """How it was before is put down when the gain is written: what is let go later changes nothing."""
    record = lived(work, jobs=lambda _: 110, service=lambda week: 1.3 if week < 9 else 1.0)
    gain = write(work, record)
    await asyncio.to_thread(jobs.watch, work, record.id)
    with work.db.write() as connection:
        connection.execute("delete from signals where at < ?", (int((WRITTEN - 3 * WEEK) * 1e6),))
        connection.execute("update signals set actor = x'' where at < ?", (int(WRITTEN * 1e6),))
    await pass_until(work, clock, record.id, after(4))
    assert looked(work, gain, 4)["moved"]["before"] == pytest.approx(1.3, abs=0.05)
    (told,) = [jobs._entry(work.db, record, g, clock.now) for g in gains.of_team(work.db, record.id)]
    assert told.stands is Lasting.BETTER
    assert told.next_look == date(2026, 4, 6)
