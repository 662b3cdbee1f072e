"""Linked queues as two leads live them: times for both, load only where both agreed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.health.results import Estimate, Level, Week
from bot.messages.readable import readable
from bot.services.assessing import assess_team
from bot.services.links import digest, of_team, weeks_of
from bot.signal import Kind, Signal
from bot.watch import Gone
from storage import links, signals, teams
from tests.handlers.desk import ANNA, ASKER, AWAY, BEN, LEAD, OPEN, QUEUE, RESPONDERS, Desk, opened
from tests.patient import patient

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 30, 8, tzinfo=UTC).timestamp()
DAY = 86_400.0


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The desk of the other stories, on a Monday."""
    async with opened(tmp_path, patient(clock=lambda: NOW)) as open_desk:
        yield open_desk


def two(desk: Desk, second_lead: str = LEAD) -> tuple[int, int]:
    """Two teams in one workspace."""
    return desk.team(), desk.team(name="Review", queue=OPEN, lead=second_lead, team_channel=None)


def work(desk: Desk, team: int, minutes: float) -> None:
    """Eight weeks of requests, each taken at once and done after so many minutes."""
    record = teams.get(desk.parts.db, team)
    assert record is not None
    queue = record.queues[0].id
    facts = []
    for n in range(8 * 7 * 6):
        at = int((NOW - 56 * DAY + n * DAY / 6) * 1e6)
        done = at + int(minutes * 60e6)
        facts += [
            Signal(queue, at, at, Kind.ARRIVAL),
            Signal(queue, at, at, Kind.CLAIM, b"12345678", at + 1),
            Signal(queue, at, at, Kind.DONE, b"12345678", done),
        ]
    signals.add(desk.parts.db, facts)


async def test_the_lead_of_both_links_and_sees(desk: Desk) -> None:
    """Linked once, listed with the time of each stage and of the whole; unlinked again."""
    one, other = two(desk)
    work(desk, one, 30)
    work(desk, other, 90)
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "Both teams now read")
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "linked already")
    await desk.ask(ANNA, "links")
    shown = readable((await desk.whisper(ANNA, "From end to end"))["blocks"])
    assert "From end to end: half are done within" in shown
    assert "On average" in shown
    assert "added up from each stage's own times" in shown
    assert "Counting each request once, 84 a week came in" in shown
    assert "Bottleneck" in shown
    await desk.ask(LEAD, "links remove #deal-desk -> #general")
    await desk.whisper(LEAD, "no longer linked")
    await desk.ask(LEAD, "links remove #deal-desk -> #general")
    await desk.whisper(LEAD, "was not linked")


async def test_load_needs_both_leads(desk: Desk) -> None:
    """One lead's link shows times; the other lead types the same, and then both teams read the bottleneck."""
    two(desk, second_lead=BEN)
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "Only times are shown")
    await desk.ask(ANNA, "links list")
    await desk.whisper(ANNA, "has not agreed yet")
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "linked already.\nOnly times")
    await desk.ask(BEN, "links #deal-desk -> #general")
    await desk.whisper(BEN, "Both teams now read")
    assert [link.shared for link in links.of_workspace(desk.parts.db, desk.parts.workspace)] == [True]


async def test_a_small_teams_load_stays_with_it(desk: Desk) -> None:
    """Though both leads agreed, four people's load is told to nobody else."""
    desk.team()
    desk.team(name="Review", queue=OPEN, team_channel=None, responders=RESPONDERS[:4])
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "Both teams now read")
    await desk.ask(LEAD, "links")
    await desk.whisper(LEAD, "fewer than 5 stays with that team")


@pytest.mark.parametrize(
    ("user", "text", "words"),
    [
        (LEAD, "links #deal-desk", "does not name two channels: write for example"),
        (LEAD, "links remove", "The two channels are missing"),
        (LEAD, "links #deal-desk -> #elsewhere", "The second channel is no team's channel for requests"),
        (LEAD, "links #deal-desk -> #deal-desk", "cannot go on in itself"),
        (LEAD, "links <#C9OTHER> -> #deal-desk", "The first channel is no team's channel for requests"),
        (LEAD, "links remove #general -> #deal-desk", "was not linked"),
        (LEAD, "links #deal-desk -> #general #elsewhere", "does not name two channels"),
        (LEAD, "links #general -> #deal-desk", "would make a circle"),
        (ANNA, "links #deal-desk -> #general", "Only a lead of one of the two"),
        (ASKER, "links", "Only the people who answer for Deal desk, and their lead"),
    ],
)
async def test_what_cannot_be_is_said(desk: Desk, user: str, text: str, words: str) -> None:
    """Input that names no two queues, a circle, people without the right: one sentence, and nothing is linked."""
    two(desk)
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "is linked")
    await desk.ask(user, text)
    await desk.whisper(user, words)
    assert len(links.of_workspace(desk.parts.db, desk.parts.workspace)) == 1


async def test_a_channel_that_is_gone(desk: Desk) -> None:
    """It cannot be linked any more, a link to it can be taken back, and its chain says why nothing is told."""
    _, other = two(desk)
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "is linked")
    record = teams.get(desk.parts.db, other)
    assert record is not None
    teams.mark_gone(desk.parts.db, record.queues[0].id, Gone.CLOSED)
    await desk.ask(LEAD, "links")
    await desk.whisper(LEAD, "not known: one of its channels can no longer be read")
    await desk.ask(LEAD, "links remove #deal-desk -> #general")
    await desk.whisper(LEAD, "no longer linked")
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "The second channel can no longer be read by Headroom")
    assert links.of_workspace(desk.parts.db, desk.parts.workspace) == []


async def test_another_workspace_is_nobody_here(desk: Desk) -> None:
    """A team of another workspace cannot be linked, though its channel has a team and the same lead."""
    two(desk)
    desk.team(name="Elsewhere", queue=AWAY, workspace="T0OTHER", team_channel=None)
    await desk.ask(LEAD, "links #deal-desk -> #elsewhere")
    await desk.whisper(LEAD, "The second channel is no team's channel for requests")
    assert links.of_workspace(desk.parts.db, desk.parts.workspace) == []


async def test_a_circle_over_three_desks(desk: Desk) -> None:
    """The way back is seen also where it leads over another desk; the chain of three is told as one."""
    two(desk)
    desk.team(name="Third", queue=AWAY, team_channel=None)
    for typed, shown in (("#deal-desk -> #general", OPEN), ("#general -> #elsewhere", AWAY)):
        await desk.ask(LEAD, f"links {typed}")
        await desk.whisper(LEAD, f"{shown}> is linked")
    await desk.ask(LEAD, "links #elsewhere -> #deal-desk")
    await desk.whisper(LEAD, "would make a circle")
    await desk.ask(LEAD, "links")
    listed = readable((await desk.whisper(LEAD, "from end to end is not known"))["blocks"])
    assert "#C1DESK → #C3OPEN → #C4AWAY" in listed


async def test_a_requester_and_another_teams_people_see_nothing(desk: Desk) -> None:
    """Only the people of a chain's teams read it: not who asks there, nor a team that is not part of it."""
    two(desk)
    desk.team(name="Third", queue=AWAY, lead=ASKER, responders=(ASKER,), team_channel=None)
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "is linked")
    await desk.ask(ASKER, "links", channel=QUEUE)
    await desk.whisper(ASKER, "Only the people who answer for Deal desk", channel=QUEUE)
    await desk.ask(ASKER, "links", channel=AWAY)
    await desk.whisper(ASKER, "No queues are linked", channel=AWAY)


async def test_a_week_counts_only_with_all_stages(desk: Desk) -> None:
    """A week that one stage does not know is left out."""
    one, other = two(desk)
    found = []
    for team, known in ((one, 3), (other, 2)):
        record = teams.get(desk.parts.db, team)
        assert record is not None
        found.append((record, known))
    monday = date(2026, 3, 2)

    def weeks(known: int) -> tuple[Week, ...]:
        rho = Estimate(0.8, 0.7, 0.9)
        days = [monday + timedelta(weeks=n) for n in range(known)]
        return tuple(Week(d, 40, 38, 190.0, 1.5, rho, 0.84, 0.9, Level.HEALTHY) for d in days)

    desks = [(r, replace(assess_team(desk.parts.db, r, NOW), weeks=weeks(known))) for r, known in found]
    assert [day for day, _ in weeks_of(desks)] == [monday, monday + timedelta(weeks=1)]


async def test_the_digest_is_silent_while_nothing_moved(desk: Desk) -> None:
    """Two steady desks, linked or not: no line about a bottleneck."""
    one, other = two(desk)
    work(desk, one, 30)
    work(desk, other, 90)
    record = teams.get(desk.parts.db, one)
    assert record is not None
    assert digest(desk.parts.db, record, NOW) == ""
    await desk.ask(LEAD, "links #deal-desk -> #general")
    await desk.whisper(LEAD, "is linked")
    (chain,) = of_team(desk.parts.db, record, NOW)
    assert [stage.team for stage in chain.stages] == [one, other]
    assert sum(stage.p or 0 for stage in chain.stages) == pytest.approx(1)
    assert digest(desk.parts.db, record, NOW) == ""
