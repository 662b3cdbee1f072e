"""The check in a workspace: it speaks in working hours, to the right people, once."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.health.results import Assessment, Level
from bot.health.seen.worktime import work_clock
from bot.jobs.check import check
from bot.jobs.setup import report_first
from bot.messages import actions
from bot.outbox import Outbox
from bot.services.assessing import assess_team
from bot.services.quiet import Quiet
from bot.services.work import Work
from bot.signal import Signal
from bot.slack import Slack
from sandbox.server import Client, SandboxConfig, running
from storage import alerts, levels, signals, teams
from tests.clock import Clock
from tests.fresh import fresh
from tests.jobs.lived import dice, told
from tests.patient import patient

APP = SandboxConfig().app
WORKSPACE, QUEUE, PRIVATE = "T0SANDBOX", "C0QUEUE", "G0TEAM"
TEAM = ("U1", "U2", "U3", "U4", "U5")
SECOND, WEEK = 1_000_000, 7 * 86_400.0
WEDNESDAY = datetime(2026, 3, 11, 10, 0, tzinfo=UTC).timestamp()


@pytest.fixture
def clock() -> Clock:
    return Clock(WEDNESDAY)


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[Client]:
    async with running(patient(clock=clock)) as client:
        await client.seed(
            users=[{"id": u, "name": u.lower()} for u in (*TEAM, "U9OUT")],
            channels=[
                {"id": QUEUE, "name": "queue", "members": [*TEAM, "U9OUT", APP.bot_user_id]},
                {"id": PRIVATE, "name": "team", "is_private": True, "members": [*TEAM, APP.bot_user_id]},
            ],
        )
        yield client


@pytest.fixture
async def work(tmp_path: Path, slack: Client, clock: Clock) -> Work:
    api = Slack(APP.bot_token, slack.api_url)
    me = await asyncio.to_thread(api.me)
    return Work(fresh(tmp_path / "headroom.db"), api, clock, me)


def set_up(work: Work, load: tuple[float, ...], team_channel: str | None = PRIVATE) -> int:
    """A team whose last weeks were so full, week by week."""
    draft = teams.TeamDraft(
        workspace=WORKSPACE, name="Desk", queue=QUEUE, responders=TEAM, lead="U1", team_channel=team_channel
    )
    number = teams.save(work.db, draft, work.clock())
    teams.set_announced(work.db, number, work.clock() - 20 * WEEK)
    record = teams.get(work.db, number)
    assert record is not None
    signals.add(work.db, _past(record.queues[0].id, load))
    return number


def _past(queue: int, load: tuple[float, ...]) -> list[Signal]:
    rng = np.random.default_rng(3)
    start = WEDNESDAY - (2 + 7 * len(load)) * 86_400 - 10 * 3600  # a Monday, 00:00
    clock = work_clock("Mon-Fri 09:00-17:00", "UTC", start, WEDNESDAY + WEEK)
    free, at, rows = [0.0] * len(TEAM), 0.0, []
    while at < 40 * len(load):
        at += float(rng.exponential(1 / (load[min(int(at // 40), len(load) - 1)] * len(TEAM))))
        person = int(np.argmin(free))
        began = max(at, free[person])
        free[person] = began + float(rng.exponential(1.0))
        rows.append((at, began, free[person], person, *dice(rng)))
    return told(clock, queue, rows, WEDNESDAY)


FULL = (0.6, 0.6, 0.7, 0.8, 1.0, 1.1, 1.2, 1.2)
CALM = (0.5,) * 8


async def turn(work: Work, team: int) -> float | None:
    """One check, and whatever it puts into the outbox sent."""
    again = await asyncio.to_thread(check, work, team)
    await asyncio.to_thread(Outbox(work.db, work.slack, work.clock, WORKSPACE, Quiet(work)).run)
    return again


async def alerts_in(slack: Client, channel: str) -> int:
    """How many alerts stand in a channel."""
    posts = [m for m in await slack.messages("U1", channel) if m["bot_id"]]
    return sum(actions.ACKNOWLEDGE in json.dumps(m["blocks"]) for m in posts)


async def test_a_full_team_is_warned_once(work: Work, slack: Client, clock: Clock) -> None:
    """The alert comes with the first check and is not repeated by later ones while the level stands."""
    team = set_up(work, FULL)
    again = await turn(work, team)
    assert again == WEDNESDAY + 3600
    for hour in range(1, 30):
        clock.now = WEDNESDAY + hour * 3600
        await turn(work, team)
    assert await alerts_in(slack, PRIVATE) == 1
    assert await alerts_in(slack, QUEUE) == 0


async def test_what_was_told_stands_whatever_becomes_of_the_facts(work: Work, clock: Clock) -> None:
    """Weeks of facts are gone the next morning: the level of yesterday, its day and today's are as they were told."""
    team = set_up(work, FULL)
    await turn(work, team)
    record = teams.get(work.db, team)
    assert record is not None
    before = assess_team(work.db, record, clock.now, resilient=False)
    with work.db.write() as connection:
        connection.execute("delete from signals where at > ?", (int((WEDNESDAY - 4 * WEEK) * SECOND),))
        connection.execute("update derived set signal = 0")
        connection.execute("delete from requests")
    clock.now += 86_400
    await turn(work, team)
    after = assess_team(work.db, record, clock.now, resilient=False)
    assert (before.level, after.level) == (Level.DANGER, Level.DANGER)
    assert after.since == before.since
    rows = levels.since(work.db, team, WEDNESDAY - WEEK, clock.now + 1)
    assert [row.level for row in rows] == [Level.DANGER] * 2


async def test_what_is_not_told_is_not_replayed(work: Work, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """A check that changes nothing works out no resilience, forecast or explanation; one that posts does so once."""
    asked: list[bool] = []

    def judged(*of: Any, resilient: bool = True, **how: Any) -> Assessment:
        asked.append(resilient)
        return assess_team(*of, resilient=resilient, **how)

    monkeypatch.setattr("bot.jobs.check.assess_team", judged)
    team = set_up(work, FULL)
    await turn(work, team)
    assert asked == [False, True]
    clock.now += 3600
    await turn(work, team)
    assert asked == [False, True, False]


async def test_a_calm_team_hears_nothing(work: Work, slack: Client) -> None:
    """A healthy level is written down and not told."""
    team = set_up(work, CALM)
    await turn(work, team)
    assert await slack.calls(method="chat.postMessage") == []
    last = alerts.last(work.db, team)
    assert last is not None
    assert last.level == Level.HEALTHY


async def test_nothing_is_said_out_of_hours(work: Work, slack: Client, clock: Clock) -> None:
    """At night nothing is judged or told; the next check is at the next opening."""
    team = set_up(work, FULL)
    clock.now = datetime(2026, 3, 13, 22, 0, tzinfo=UTC).timestamp()  # Friday night
    again = await turn(work, team)
    assert again == datetime(2026, 3, 16, 9, 0, tzinfo=UTC).timestamp()  # Monday morning
    assert await slack.calls(method="chat.postMessage") == []


async def test_a_channel_with_somebody_else_in_it_is_not_told(work: Work, slack: Client) -> None:
    """With an outsider in the team channel, the load goes to each insider directly, and not to the channel."""
    team = set_up(work, FULL)
    await slack.act("U1", "invite", channel=PRIVATE, user="U9OUT")
    await turn(work, team)
    assert await alerts_in(slack, PRIVATE) == 0
    told = {call["args"]["channel"] for call in await slack.calls(method="chat.postMessage")}
    assert told == set(TEAM)


async def test_without_a_team_channel_each_is_told_directly(work: Work, slack: Client) -> None:
    """A team that named no channel gets its alert by direct message, each responder and the lead once."""
    team = set_up(work, FULL, team_channel=None)
    await turn(work, team)
    told = [call["args"]["channel"] for call in await slack.calls(method="chat.postMessage")]
    assert sorted(told) == sorted(TEAM)


async def test_an_outsider_who_came_meanwhile_reads_nothing(work: Work, slack: Client) -> None:
    """Who may read it is asked again when the post leaves: an alert put down before an outsider came goes directly."""
    team = set_up(work, FULL)
    await asyncio.to_thread(check, work, team)
    await slack.act("U1", "invite", channel=PRIVATE, user="U9OUT")
    await asyncio.to_thread(Outbox(work.db, work.slack, work.clock, WORKSPACE, Quiet(work)).run)
    assert await alerts_in(slack, PRIVATE) == 0
    told = [call["args"]["channel"] for call in await slack.calls(method="chat.postMessage")]
    assert sorted(told) == sorted(TEAM)


async def test_an_alert_that_could_not_leave_in_time_waits_for_the_morning(
    work: Work, slack: Client, clock: Clock
) -> None:
    """An alert left over from the day is held at night, goes out at the next opening, and is dropped after days."""
    team = set_up(work, FULL)
    await asyncio.to_thread(check, work, team)
    box = Outbox(work.db, work.slack, work.clock, WORKSPACE, Quiet(work))
    clock.now = datetime(2026, 3, 11, 22, 0, tzinfo=UTC).timestamp()
    again = await asyncio.to_thread(box.run)
    assert again == datetime(2026, 3, 12, 9, 0, tzinfo=UTC).timestamp()
    assert await alerts_in(slack, PRIVATE) == 0
    clock.now = again
    await asyncio.to_thread(box.run)
    assert await alerts_in(slack, PRIVATE) == 1


async def test_an_archived_team_channel_swallows_no_alert(work: Work, slack: Client) -> None:
    """Archived before the check or after it, the channel is passed over and each insider is told directly, once."""
    team = set_up(work, FULL)
    await asyncio.to_thread(check, work, team)
    await slack.act("U1", "archive", channel=PRIVATE)
    box = Outbox(work.db, work.slack, work.clock, WORKSPACE, Quiet(work))
    await asyncio.to_thread(box.run)
    await asyncio.to_thread(box.run)
    told = [c["args"]["channel"] for c in await slack.calls(method="chat.postMessage") if c["response"].get("ok")]
    assert sorted(told) == sorted(TEAM)


async def test_the_first_report_is_put_down_once_whatever_its_audience(work: Work, slack: Client) -> None:
    """Done again after a crash, with somebody else in the team channel by then, it adds no second report."""
    team = set_up(work, CALM)
    await asyncio.to_thread(report_first, work, team)
    await slack.act("U1", "invite", channel=PRIVATE, user="U9OUT")
    await asyncio.to_thread(report_first, work, team)
    assert work.db.read("select channel from outbox").fetchall() == [(PRIVATE,)]


@pytest.mark.slow
async def test_a_snoozed_alert_comes_when_the_quiet_ends(work: Work, slack: Client, clock: Clock) -> None:
    """While the team wants quiet nothing is told, and the change is not forgotten."""
    team = set_up(work, FULL)
    alerts.snooze(work.db, team, WEDNESDAY + 86_400)
    await turn(work, team)
    assert await alerts_in(slack, PRIVATE) == 0
    clock.now = WEDNESDAY + 86_400 + 60
    await turn(work, team)
    assert await alerts_in(slack, PRIVATE) == 1


@pytest.mark.slow
async def test_two_processes_tell_it_once(work: Work, slack: Client) -> None:
    """Two checks of the same team at the same moment post one alert."""
    team = set_up(work, FULL)
    await asyncio.gather(*(asyncio.to_thread(check, work, team) for _ in range(2)))
    await asyncio.to_thread(Outbox(work.db, work.slack, work.clock, WORKSPACE, Quiet(work)).run)
    assert await alerts_in(slack, PRIVATE) == 1


async def test_nothing_is_told_while_the_past_is_read(work: Work, slack: Client) -> None:
    """Until the threads are in or refused there is no alert."""
    team = set_up(work, FULL)
    record = teams.get(work.db, team)
    assert record is not None
    teams.set_threads(work.db, record.queues[0].id, "reading", 1)
    await turn(work, team)
    assert await slack.calls(method="chat.postMessage") == []
    teams.set_threads(work.db, record.queues[0].id, "refused")
    await turn(work, team)
    assert await alerts_in(slack, PRIVATE) == 1


async def test_a_team_that_recovered_gets_a_note(work: Work, slack: Client, clock: Clock) -> None:
    """When the level falls, a note says so; it is no alert."""
    team = set_up(work, CALM)
    alerts.record(work.db, team, WEDNESDAY - 5 * 86_400, Level.DANGER, Level.HEALTHY, "told-before")
    await turn(work, team)
    posts = [m for m in await slack.messages("U1", PRIVATE) if m["bot_id"]]
    assert len(posts) == 1
    assert "has left the danger zone" in posts[0]["text"]
    assert await alerts_in(slack, PRIVATE) == 0
