"""Random lives of two teams that share people: nothing that is told singles anybody out, whoever comes and goes."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.health.pulse import WINDOW
from bot.jobs.pulse_closing import finish
from bot.jobs.pulses import Why, begin, message_key
from bot.jobs.retention import retention
from bot.messages.pulse_questions import QUESTIONS
from bot.services.work import Work
from bot.slack import Me, Slack
from sandbox.config import SandboxConfig
from sandbox.server import running
from storage import mutes, outbox, pulse_answers, pulses, roster, teams
from storage.teams import TeamRecord
from tests.budget import examples
from tests.fresh import fresh
from tests.patient import patient

DAY = 86_400.0
POOL = tuple(f"U{n:02}" for n in range(16))
START = datetime(2026, 2, 2, 10, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
FLOOR = 5
ENOUGH = timedelta(days=WINDOW)


@pytest.fixture(scope="module", autouse=True)
def workspace() -> Iterator[None]:
    """A local Slack that knows the people, beside the test's own thread."""
    started, stop = threading.Event(), threading.Event()

    async def serve() -> None:
        async with running(patient()) as client:
            await client.seed(users=[{"id": person, "name": person.lower()} for person in POOL])
            Lives.api = Slack(SandboxConfig().app.bot_token, client.api_url)
            started.set()
            await asyncio.to_thread(stop.wait)

    patch = pytest.MonkeyPatch()  # three questions, so that each comes up again and again within the 91 days
    patch.setattr("bot.jobs.pulses.QUESTIONS", {key: QUESTIONS[key] for key in ("load", "focus", "away")})
    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(20)
    yield
    patch.undo()
    stop.set()
    thread.join()


class Lives(RuleBasedStateMachine):
    """Two teams of one workspace: people join, leave, mute, are away, are asked, answer or do not."""

    api: Slack

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self.db = fresh(Path(self._folder.name) / "headroom.db")
        self.db.read("pragma synchronous = off")  # thousands of answers, and no power cut in sight
        self.now = START
        self.work = Work(self.db, self.api, lambda: self.now, Me("T1", "", "U0BOT", "B0"), FLOOR)
        self.teams = [
            teams.save(
                self.db, teams.TeamDraft(workspace="T1", name=f"Team {n}", queue=f"C{n}", responders=people), self.now
            )
            for n, people in enumerate((POOL[:7], POOL[5:12]))
        ]
        self.answers: dict[tuple[int, str], int] = {}  # (round, question) → how many answered, as the test counts
        self.losses = False  # whether Slack refuses messages in this life, so that a question may be asked in vain
        self.asked: dict[int, frozenset[str]] = {}  # round → whom its messages reached, as the test delivered them

    def teardown(self) -> None:
        self.db.close()
        self._folder.cleanup()

    def record(self, team: int) -> TeamRecord:
        found = teams.get(self.db, self.teams[team])
        assert found is not None
        return found

    def today(self) -> date:
        return datetime.fromtimestamp(self.now, ZoneInfo("UTC")).date()

    @initialize(losses=st.booleans())
    def begins(self, losses: bool) -> None:
        self.losses = losses

    @rule(team=st.integers(0, 1), person=st.sampled_from(POOL), times=st.integers(1, 3))
    def joins_or_leaves(self, team: int, person: str, times: int) -> None:
        """Some people change sides of the roster."""
        for one in (POOL * 2)[POOL.index(person) :][:times]:
            there = self.record(team).responders_on(self.today())
            with self.db.write() as connection:
                roster.change(connection, self.teams[team], sorted(there ^ {one}), self.today())

    @rule(person=st.sampled_from(POOL), off=st.booleans())
    def mutes_or_not(self, person: str, off: bool) -> None:
        (mutes.mute if off else mutes.unmute)(self.db, "T1", person, "pulse")

    @rule(person=st.sampled_from(POOL), days=st.integers(1, 12), team=st.integers(0, 1))
    def goes_away(self, person: str, days: int, team: int) -> None:
        with self.db.write() as connection:
            connection.executemany(
                "insert into absences (team, person, day) values (?, ?, ?) on conflict do nothing",
                [(self.teams[team], person, (self.today() + timedelta(days=n)).isoformat()) for n in range(days)],
            )

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.now += days * DAY
        retention(self.work, 0)

    @rule(
        team=st.integers(0, 1),
        days=st.integers(5, 20),
        lost=st.sampled_from([(), (), POOL[6:7], POOL[:2]]),
        silent=st.sets(st.sampled_from(POOL), max_size=3),
        ends=st.booleans(),
        data=st.data(),
    )
    def is_asked(
        self, team: int, days: int, lost: tuple[str, ...], silent: set[str], ends: bool, data: st.DataObject
    ) -> None:
        """A round begins where it may; a few of its messages are refused, and most people answer."""
        self.time_passes(days)
        self.closes(team)
        record = self.record(team)
        outcome = begin(self.work, record)
        current = pulses.running(self.db, record.id)
        if outcome.why is not Why.BEGUN:
            return
        assert current is not None
        lost = lost if self.losses else ()
        asked = pulses.invited(self.db, current.id)
        self._new_people_wait(record, current.opened, asked)
        while post := outbox.claim(self.db, self.now + 30 * DAY, "T1"):
            if post.channel in lost:
                outbox.close(self.db, post, "failed", "cannot_dm_bot")
            else:
                outbox.sent(self.db, post.key, "1.0")
        self.asked[current.id] = reached = asked.difference(lost)
        keys = {message_key(record, current.id, person): person for person in reached}
        assert set(pulses.outcomes(self.db, keys)) == reached
        for question in current.questions:
            who = reached - silent
            self.answers[current.id, question] = len(who)
            for person in sorted(who):
                choice = data.draw(st.integers(0, len(QUESTIONS[question].answers) - 1))
                pulse_answers.answer(self.db, current.id, f"token of {person}", question, choice)
        if ends:
            self.closes(team)

    @rule(team=st.integers(0, 1))
    def closes(self, team: int) -> None:
        current = pulses.running(self.db, self.teams[team])
        if current is not None:
            finish(self.work, self.record(team), current)
            for question in () if self.losses else current.questions:
                enough = self.answers[current.id, question] >= FLOOR
                assert (question in pulses.results(self.db, current.id)) == enough, "asked in vain"

    def _new_people_wait(self, record: TeamRecord, opened: date, asked: frozenset[str]) -> None:
        """Whoever was not there when the quarter's first round went out is not asked in this quarter."""
        quarter = date(opened.year, (opened.month - 1) // 3 * 3 + 1, 1)
        first = min(one.opened for one in pulses.rounds(self.db, record.id) if one.opened >= quarter)
        assert asked <= record.responders_on(first)

    @invariant()
    def nobody_is_singled_out(self) -> None:
        """Each told figure has the floor, and no two of one question within 91 days differ by one to four people."""
        rounds = [one for team in self.teams for one in pulses.rounds(self.db, team)]
        told = [(one, question) for one in rounds for question in pulses.results(self.db, one.id)]
        for one, question in told:
            assert self.answers[one.id, question] >= FLOOR
            assert len(self.asked[one.id]) >= FLOOR
        for (a, first), (b, second) in combinations(told, 2):
            if first == second and abs(a.opened - b.opened) <= ENOUGH:
                apart = len(self.asked[a.id] ^ self.asked[b.id])
                assert apart == 0 or apart >= FLOOR, (first, a.opened, b.opened)

    @invariant()
    def closed_rounds_hold_nothing(self) -> None:
        """Counts, marks and lines stand only beside an open round, and no result holds a number of answers."""
        for table in ("pulse_used", "pulse_counts", "pulse_texts"):
            stray = self.db.read(
                f"select count(*) from {table} where pulse in (select id from pulses where state = 'closed')"
            )
            assert stray.fetchone() == (0,)
        assert self.db.read("select count(*) from pulses where state = 'closed' and salt <> x''").fetchone() == (0,)


TestLives = Lives.TestCase
TestLives.settings = examples(
    50,
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink such a life takes many minutes
)
