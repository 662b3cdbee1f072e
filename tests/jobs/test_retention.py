"""Nothing is kept longer than was said, and what is kept of a month is the team's alone."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.jobs.retention import busy_weeks, retention
from bot.services.work import Work
from bot.signal import Kind, Signal
from bot.slack import Me, Slack
from storage import keys, outbox, signals, teams
from storage.database import Database
from tests.fresh import fresh

SECOND = 1_000_000
PEOPLE = ("U1", "U2", "U3", "U4", "U5")


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """Microseconds of a moment in UTC."""
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()) * SECOND


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return fresh(tmp_path / "headroom.db")


@pytest.fixture
def queue(db: Database) -> int:
    """A team that closed seven requests a working day in June 2026, each one hour's work of somebody."""
    now = at(2026, 6, 1, 0, 0) / SECOND
    draft = teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=PEOPLE)
    record = teams.get(db, teams.save(db, draft, now))
    assert record is not None
    keys.make_first(db, "T1", now)
    pseudonym = keys.Pseudonymizer(db, "T1")
    number = record.queues[0].id
    facts: list[Signal] = []
    for day in [d for d in range(1, 31) if date(2026, 6, d).weekday() < 5]:
        for slot in range(7):
            key = at(2026, 6, day, 9 + slot, 0)
            actor = pseudonym(PEOPLE[slot % 5], key)
            facts.append(Signal(number, key, key, Kind.ARRIVAL, pseudonym("U9", key)))
            facts.append(Signal(number, key, key, Kind.CLAIM, actor, key + 60 * SECOND))
            facts.append(Signal(number, key, key, Kind.DONE, actor, key + 3_660 * SECOND))
    signals.add(db, facts)
    return number


def test_a_month_is_summed_up_by_team_and_week(db: Database, queue: int) -> None:
    """Hours and closings come week by week, for the team as a whole."""
    weeks = list(busy_weeks(db, 1, date(2026, 6, 1)))
    assert [week for week, _, _ in weeks] == [date(2026, 6, d) for d in (1, 8, 15, 22, 29)]
    assert [done for _, _, done in weeks[:4]] == [35, 35, 35, 35]
    assert weeks[1][1] == pytest.approx(35, abs=0.5)


def test_weeks_of_one_or_two_people_are_not_summed_up(db: Database, queue: int) -> None:
    """Busy hours of a week are kept only if more than two were on the roster on each of its days."""
    for person in PEOPLE[2:]:
        db.read("update people set until = '2026-06-10' where person = ?", (person,))
        db.read("insert into people (team, person, since) values (1, ?, '2026-06-12')", (person,))
    weeks = [week for week, _, _ in busy_weeks(db, 1, date(2026, 6, 1))]
    assert weeks == [date(2026, 6, d) for d in (1, 15, 22, 29)]
    db.read("delete from people where person <> 'U1'")
    assert list(busy_weeks(db, 1, date(2026, 6, 1))) == []


def test_two_months_later_nobody_can_be_told_apart(db: Database, queue: int) -> None:
    """The actors are emptied, the month's key is gone for good, and the weekly totals stay."""
    now = at(2026, 9, 2, 12, 0) / SECOND
    work = Work(db, Slack("xoxb-none", "http://127.0.0.1:1/api/"), lambda: now, Me("T1", "", "U0", "B0"))
    before = signals.count(db, [queue])
    again = retention(work, 0)
    assert again == now + 86_400
    assert db.read("select count(*) from signals where actor <> x''").fetchone() == (0,)
    assert 0 < signals.count(db, [queue]) <= before
    assert keys.Pseudonymizer(db, "T1")("U1", at(2026, 6, 10, 9, 0)) == b""
    assert db.read("select count(*), sum(completed) from weekly").fetchone() == (5, 154)


def test_the_words_of_old_posts_are_emptied(db: Database) -> None:
    """After ninety days a post is known to be sent, without what it said."""
    key = outbox.put(db, workspace="T1", channel="C1", body={"text": "load"})
    outbox.claim(db, 1000, "T1")
    outbox.sent(db, key, "1.1")
    assert outbox.empty_before(db, 1000) == 0
    assert outbox.empty_before(db, 2000) == 1
    assert outbox.found(db, key) == ("sent", "1.1", "C1")
    assert db.read("select body from outbox").fetchone() == ("{}",)
