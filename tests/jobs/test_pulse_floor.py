"""A floor that the operator lowers between two rounds: what was promised with the first still holds."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.health.pulse import WINDOW
from bot.jobs.pulse_closing import finish
from bot.jobs.pulses import Why, begin
from bot.messages.pulse_questions import QUESTIONS
from bot.services.work import Work
from bot.slack import Me, Slack
from sandbox.config import SandboxConfig
from sandbox.server import running
from storage import mutes, outbox, pulse_answers, pulses, teams
from storage.database import Database
from storage.teams import TeamRecord
from tests.fresh import fresh
from tests.patient import patient

DAY = 86_400.0
EIGHT = tuple(f"U{n:02}" for n in range(8))
START = datetime(2026, 2, 2, 10, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


class Team:
    """A team of eight whose operator changes the floor at will; `load` is the only question."""

    def __init__(self, db: Database, api: Slack) -> None:
        self.db, self.api, self.now = db, api, START
        self.number = teams.save(db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=EIGHT), START)

    def work(self, floor: int) -> Work:
        return Work(self.db, self.api, lambda: self.now, Me("T1", "", "U0BOT", "B0"), floor)

    def record(self) -> TeamRecord:
        found = teams.get(self.db, self.number)
        assert found is not None
        return found

    def begins(self, floor: int) -> Why:
        return begin(self.work(floor), self.record()).why

    def round(self, floor: int, lost: tuple[str, ...] = ()) -> set[str]:
        """Ask, answer and close; returns which questions were told."""
        assert self.begins(floor) is Why.BEGUN
        current = pulses.running(self.db, self.number)
        assert current is not None
        while post := outbox.claim(self.db, self.now + 9 * DAY, "T1"):
            if post.channel in lost:
                outbox.close(self.db, post, "failed", "cannot_dm_bot")
            else:
                outbox.sent(self.db, post.key, "1.0")
        for person in pulses.invited(self.db, current.id).difference(lost):
            pulse_answers.answer(self.db, current.id, f"token of {person}", "load", 0)
        finish(self.work(floor), self.record(), current)
        return set(pulses.results(self.db, current.id))


@pytest.fixture
async def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Team]:
    monkeypatch.setattr("bot.jobs.pulses.QUESTIONS", {"load": QUESTIONS["load"]})
    async with running(patient()) as slack:
        await slack.seed(users=[{"id": person, "name": person.lower()} for person in EIGHT])
        db = fresh(tmp_path / "headroom.db")
        yield await asyncio.to_thread(Team, db, Slack(SandboxConfig().app.bot_token, slack.api_url))
        db.close()


async def test_a_lowered_floor_leaves_what_was_promised_before(team: Team) -> None:
    """Eight were promised five; three of them mute, the floor falls to three: their answers stay out of reach."""
    assert await asyncio.to_thread(team.round, 5) == {"load"}
    for person in EIGHT[:3]:
        mutes.mute(team.db, "T1", person, "pulse")
    team.now += 14 * DAY
    assert await asyncio.to_thread(team.begins, 3) is Why.REPEATED
    team.now = START + (WINDOW + 3) * DAY
    assert await asyncio.to_thread(team.begins, 3) is Why.BEGUN


async def test_a_lowered_floor_holds_at_closing_too(team: Team) -> None:
    """The same when the three are not muted but their second message cannot be delivered."""
    assert await asyncio.to_thread(team.round, 5) == {"load"}
    team.now += 14 * DAY
    assert await asyncio.to_thread(team.round, 3, EIGHT[:3]) == set()


async def test_two_rounds_under_the_lower_floor_may_differ_by_as_many(team: Team) -> None:
    """Where three was the promise all along, two figures that differ by three people are told."""
    assert await asyncio.to_thread(team.round, 3) == {"load"}
    for person in EIGHT[:3]:
        mutes.mute(team.db, "T1", person, "pulse")
    team.now += 14 * DAY
    assert await asyncio.to_thread(team.round, 3) == {"load"}
