"""Interruptions as a team lives them: named by the lead, announced, counted without anybody's name, told in ranges."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.messages.readable import readable
from bot.report.report import report
from bot.services.assessing import assess_team
from bot.services.interruptions import NOT_NAMED, focus_of
from handlers.signals import Ear
from storage import interruptions, teams
from storage.writer import Writer
from tests.clock import Clock
from tests.handlers.desk import (
    ANNA,
    ASKER,
    AWAY,
    BEN,
    BOT,
    CIRCLE,
    GROUP,
    LEAD,
    OPEN,
    QUEUE,
    RESPONDERS,
    STRANGER,
    Desk,
    opened,
)
from tests.patient import patient

NOON = datetime(2026, 3, 11, 11, 0, tzinfo=UTC).timestamp()  # a Wednesday, in Berlin
DAY = 86_400.0


@pytest.fixture
def now() -> Clock:
    """Wednesday noon, until somebody turns it."""
    return Clock(NOON)


@pytest.fixture
async def desk(tmp_path: Path, now: Clock) -> AsyncIterator[Desk]:
    """The desk of the other stories, by a clock of ours."""
    async with opened(tmp_path, patient(clock=now)) as open_desk:
        yield open_desk


@pytest.fixture
async def ear(desk: Desk) -> AsyncIterator[Ear]:
    """What hears messages, with a real writer."""
    writer = Writer(desk.parts.db)
    writer.start()
    yield Ear(desk.parts.db, writer, desk.parts.workspace, BOT, "B0BOT", desk.parts.clock)
    writer.stop()


async def hear(ear: Ear, user: str, text: str, at: float, channel: str = OPEN, **more: Any) -> None:
    """One message, as Slack delivers it; returns once it is answered."""
    event = {"type": "message", "channel": channel, "user": user, "text": text, "ts": f"{at:.6f}", **more}
    body = {"type": "event_callback", "team_id": ear._workspace, "event": event}

    async def on() -> BoltResponse:
        raise AssertionError("messages are answered here")

    request = AsyncBoltRequest(body=body, mode="socket_mode")
    answer = await ear.async_process(req=request, resp=BoltResponse(status=404), next=on)
    assert answer is not None
    assert answer.status == 200


async def named(desk: Desk, ear: Ear, channel: str = OPEN, name: str = "general") -> None:
    """The lead names a channel, and its announcement goes out."""
    await desk.ask(LEAD, f"interruptions #{name}")
    await desk.whisper(LEAD, "now says what is counted")
    await desk.deliver()
    ear.refresh()


async def test_nothing_counts_before_the_announcement_stands(desk: Desk, ear: Ear) -> None:
    """Named, announced, counted, in that order; the post says what, how long, and how to object."""
    team = desk.team()
    await desk.ask(LEAD, "interruptions #general")
    await desk.whisper(LEAD, "now says what is counted")
    ear.refresh()
    await hear(ear, ASKER, f"<@{ANNA}> quick question", NOON - 60)
    assert _slots(desk, team) == []
    await desk.deliver()
    (post,) = await desk.posts(OPEN)
    told = readable(post["blocks"])
    assert "how often Deal desk is mentioned in this channel" in told
    assert "Never: who wrote, who was mentioned" in told
    assert "To object: tell the lead" in told
    ear.refresh()
    await hear(ear, ASKER, f"<@{ANNA}> quick question", NOON)
    assert _slots(desk, team) == [NOON // 300]


async def test_only_five_minutes_are_kept(desk: Desk, ear: Ear) -> None:
    """Within five minutes once, other channels not at all; no person and no text reaches the file."""
    team = desk.team(user_group=GROUP)
    await named(desk, ear)
    await hear(ear, ASKER, f"<@{ANNA}> secretword", NOON + 290)
    await hear(ear, STRANGER, f"<@{BEN}> me too", NOON + 310)  # another slot, but within five minutes
    await hear(ear, ASKER, f"<!subteam^{GROUP}|@desk> anybody?", NOON + 900)
    await hear(ear, ASKER, f"<@{ANNA}>", NOON + 1800, channel=AWAY)
    await hear(ear, ASKER, "no mention", NOON + 2400)
    await hear(ear, ASKER, f"<@{ANNA}> secretword", NOON + 290)  # delivered twice
    assert _slots(desk, team) == [NOON // 300, NOON // 300 + 3]
    kept = str(desk.parts.db.read("select * from interruptions").fetchall())
    assert not any(person in kept for person in (*RESPONDERS, ASKER))
    assert desk.parts.db.read("select count(*) from signals").fetchone() == (0,)
    files = await asyncio.to_thread(lambda: [f.read_bytes() for f in Path(desk.parts.db.path).parent.iterdir()])
    assert files
    assert not any(b"secretword" in written for written in files)


async def test_a_named_queue_counts_threads_of_others(desk: Desk, ear: Ear) -> None:
    """A request is a request; asking for somebody in its thread is an interruption, and still a fact of the queue."""
    team = desk.team()
    teams.set_announced(desk.parts.db, team, NOON - DAY)
    await named(desk, ear, QUEUE, "deal-desk")
    await hear(ear, ASKER, f"<@{ANNA}> a request", NOON, channel=QUEUE)
    assert _slots(desk, team) == []
    await hear(ear, ASKER, f"<@{ANNA}> any news?", NOON + 3600, channel=QUEUE, thread_ts=f"{NOON:.6f}")
    await hear(ear, BEN, f"<@{ANNA}> yours?", NOON + 7200, channel=QUEUE, thread_ts=f"{NOON:.6f}")
    assert _slots(desk, team) == [NOON // 300 + 12]
    assert desk.parts.db.read("select count(*) from signals").fetchone() == (3,)


async def test_the_lead_ends_it(desk: Desk, ear: Ear) -> None:
    """Removed, nothing more counts, and a second removal says so; named again, it is announced again."""
    team = desk.team()
    await named(desk, ear)
    await desk.ask(LEAD, "interruptions #general")
    await desk.whisper(LEAD, "counted already")
    await desk.ask(LEAD, "interruptions remove #general")
    await desk.whisper(LEAD, "no longer counted")
    ear.refresh()
    await hear(ear, ASKER, f"<@{ANNA}>", NOON)
    assert _slots(desk, team) == []
    await desk.ask(LEAD, "interruptions remove #general")
    await desk.whisper(LEAD, "Nothing was counted")


async def test_an_announcement_taken_back_is_not_posted(desk: Desk, ear: Ear) -> None:
    """The lead changes their mind before it left."""
    desk.team()
    await desk.ask(LEAD, "interruptions #general")
    await desk.whisper(LEAD, "now says what is counted")
    await desk.ask(LEAD, "interruptions remove #general")
    await desk.whisper(LEAD, "no longer counted")
    await desk.deliver()
    assert await desk.posts(OPEN) == []


async def test_taken_out_of_the_channel_it_ends(desk: Desk, ear: Ear) -> None:
    """Whoever removes the bot from a channel has ended the counting there."""
    team = desk.team()
    await named(desk, ear)
    await desk.slack.act(LEAD, "kick", channel=OPEN, user=BOT)

    async def ended(_: Any) -> bool:
        return all(one.until is not None for one in interruptions.of_team(desk.parts.db, team))

    await desk.slack.wait_for(ended, "the end of counting")


@pytest.mark.parametrize(
    ("user", "text", "words"),
    [
        (LEAD, "interruptions general", "“general” is not a channel"),
        (LEAD, "interruptions remove", "The channel is missing: write for example"),
        (LEAD, "interruptions remove nonsense", "“nonsense” is not a channel"),
        (LEAD, "interruptions #elsewhere", "/invite @headroom"),
        (
            ANNA,
            "interruptions #general",
            "Only the lead of Deal desk can choose where mentions of the team are counted.",
        ),
        (ANNA, "interruptions", "No channel is named"),
        (ASKER, "interruptions", "Only the people who answer for Deal desk, and their lead"),
        (ASKER, "interrupted", "Only the people who answer for Deal desk, and their lead"),
        (LEAD, "interrupted", "your day is your own"),
    ],
)
async def test_what_cannot_be_is_said(desk: Desk, user: str, text: str, words: str) -> None:
    """Input that is no channel, channels without the bot, people without the right."""
    desk.team()
    await desk.ask(user, text)
    await desk.whisper(user, words)
    assert await desk.posts(OPEN) == []


async def test_in_another_teams_channel_nothing_is_counted(desk: Desk) -> None:
    """What a lead and a responder of one team type in another's channel names the way, and does nothing to either."""
    desk.team()
    desk.team(name="Legal", queue=OPEN, lead=ASKER, responders=(ASKER,), team_channel=None)
    await desk.ask(LEAD, "interruptions #general", OPEN)
    await desk.whisper(LEAD, f"You answer for Deal desk, in <#{QUEUE}>: type `/headroom interruptions` there.", OPEN)
    await desk.ask(ANNA, "interrupted", OPEN)
    await desk.whisper(ANNA, f"You answer for Deal desk, in <#{QUEUE}>: type `/headroom interrupted` there.", OPEN)
    assert desk.parts.db.read("select count(*) from interruptions").fetchone() == (0,)
    assert await desk.posts(OPEN) == []


async def test_a_small_team_is_not_counted(desk: Desk) -> None:
    """With four people one could tell whose interruptions these are."""
    team = desk.team(responders=RESPONDERS[:4])
    await desk.ask(LEAD, "interruptions #general")
    await desk.whisper(LEAD, "fewer than 5")
    await desk.ask(ANNA, "interrupted")
    await desk.whisper(ANNA, "fewer than 5")
    assert (_slots(desk, team), interruptions.of_team(desk.parts.db, team)) == ([], [])


async def test_said_by_hand(desk: Desk) -> None:
    """A responder says so, kindly answered; the same five minutes count once, and nobody's name is kept."""
    team = desk.team()
    await desk.ask(ANNA, "interrupted")
    await desk.ask(BEN, "interrupted", CIRCLE)
    await desk.whisper(ANNA, "Noted, without your name")
    await desk.whisper(BEN, "Noted, without your name", CIRCLE)
    assert desk.parts.db.read("select team, slot, source from interruptions").fetchall() == [
        (team, NOON // 300, "said")
    ]


async def test_figures_come_in_ranges_after_a_week(desk: Desk, ear: Ear, now: Clock) -> None:
    """Unknown with its reason first; a fortnight later ranges in the list, the report and the team's own view."""
    team = desk.team()
    record = teams.get(desk.parts.db, team)
    assert record is not None
    assert focus_of(desk.parts.db, record, NOON) == NOT_NAMED
    await named(desk, ear)
    await desk.ask(ANNA, "interruptions list")
    await desk.whisper(ANNA, "not known yet: fewer than 5 working days")
    missing = report(assess_team(desk.parts.db, record, NOON), record.team)
    assert missing["focus"] is None
    assert missing["data_quality"]["missing"]["focus"] == "fewer than 5 working days have been counted"
    for hour in range(0, 24 * 14, 3):
        await hear(ear, ASKER, f"<@{BEN}> {hour}", NOON + hour * 3600)
    now.now = NOON + 14 * DAY
    await desk.ask(ANNA, "interruptions")
    shown = readable((await desk.whisper(ANNA, "Focus since 11 Mar"))["blocks"])
    assert "quiet stretches of an hour or more" in shown
    assert "1 or 23 minutes" in shown
    focus = report(assess_team(desk.parts.db, record, now.now), record.team)["focus"]
    assert focus["days"] == 10
    assert focus["interruptions_per_person_day"]["low"] < focus["interruptions_per_person_day"]["value"]
    assert focus["lost_hours_per_week"]["low"] < focus["lost_hours_per_week"]["high"]
    await desk.ask(LEAD)
    await desk.whisper(LEAD, "interruptions in a working day for each person on duty")


def _slots(desk: Desk, team: int) -> list[float]:
    return [float(slot) for slot in interruptions.slots(desk.parts.db, team, 0, NOON + 99 * DAY)]
