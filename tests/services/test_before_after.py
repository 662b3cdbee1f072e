"""Before and after out of a real store: weeks of both sides, without the week of the change."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.health.theory.compare import RATES, UNITS
from bot.services.before_after import STILL_READING, after, before, before_after
from storage import teams
from storage.database import Database
from tests.fresh import fresh
from tests.jobs.lived import START, WEEK, desk, live

CHANGE = date(2026, 2, 4)  # the Wednesday of the tenth week
NOW = START + 19 * WEEK + 9 * 3600


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = fresh(tmp_path / "headroom.db")
    yield database
    database.close()


def test_what_takes_less_work_after_a_day_is_seen(db: Database) -> None:
    """A desk that needs 30% less for a request from one day on: hands-on time, cycle and utilization are better."""
    record = desk(db)
    live(db, record, 19, jobs=lambda _: 120, service=lambda week: 1.2 if week < 9 else 0.84)
    for measure in ("hands_on", "cycle", "utilization"):
        found = before_after(db, record, measure, CHANGE, NOW)
        assert found.verdict == "better", found
        assert (found.weeks_before, found.weeks_after) == (8, 8)
    found = before_after(db, record, "hands_on", CHANGE, NOW)
    assert found.before == pytest.approx(1.2, abs=0.03)
    assert found.after == pytest.approx(0.84, abs=0.03)


def test_the_week_of_the_change_is_on_neither_side(db: Database) -> None:
    """Weeks end on the Monday of the change's week and begin again on the next one."""
    record = desk(db)
    live(db, record, 19, jobs=lambda _: 60, service=lambda _: 1.0)
    earlier, latest = before(db, record, CHANGE, NOW), after(db, record, CHANGE, NOW)
    assert earlier.edges.tolist() == [START + week * WEEK for week in range(1, 10)]
    assert latest.edges.tolist() == [START + week * WEEK for week in range(11, 20)]


def test_a_longer_past_is_told_by_its_latest_weeks(db: Database) -> None:
    """With few weeks asked for, those after are the latest ones, so that what lasts can be looked at."""
    record = desk(db)
    live(db, record, 19, jobs=lambda _: 60, service=lambda _: 1.0)
    assert after(db, record, date(2025, 12, 10), NOW, 4).edges[0] == START + 15 * WEEK


@pytest.mark.slow
def test_nothing_moved_says_what_would_show(db: Database) -> None:
    """The same desk before and after: no clear change, and the smallest one that would be visible."""
    record = desk(db)
    live(db, record, 19, jobs=lambda _: 120, service=lambda _: 1.0, seed=4)
    for measure in UNITS:
        found = before_after(db, record, measure, CHANGE, NOW)
        assert found.verdict == "no_clear_change", found
        assert found.smallest_visible is not None
        assert found.smallest_visible > 0
        assert found.measure not in RATES or found.before == 0


def test_too_early_too_little_and_too_small_say_why(db: Database) -> None:
    """A change of this week, an empty team, and a pair's utilization each have their reason."""
    record = desk(db)
    assert "no complete week before" in before_after(db, record, "wait", CHANGE, NOW).reason
    live(db, record, 10, jobs=lambda _: 60, service=lambda _: 1.0)
    assert "no complete week after" in before_after(db, record, "wait", CHANGE, START + 9.5 * WEEK).reason
    pair = desk(db, ("U8", "U9"), name="Pair", queue="C0PAIR", team_channel=None)
    assert "one or two" in before_after(db, pair, "utilization", CHANGE, NOW).reason


def test_while_threads_are_read_nothing_is_compared(db: Database) -> None:
    """Half a past would be a change that never was."""
    record = desk(db)
    teams.set_threads(db, record.queues[0].id, "reading", 0)
    reading = teams.get(db, record.id)
    assert reading is not None
    assert before_after(db, reading, "wait", CHANGE, NOW).reason == STILL_READING
