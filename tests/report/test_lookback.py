"""Looking back in Slack, and choosing how early to be warned: the same check as live, and nothing told in vain."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.health.days import midnight
from bot.health.results import Alerting, Level
from bot.report import backtest, lookback
from bot.report.lookback import Span
from bot.services.assessing import DAY, WEEK, assess_team
from storage import alertings, alerts, levels
from storage.database import Database
from storage.teams import TeamRecord
from tests.fresh import fresh
from tests.jobs.lived import START, desk, live

pytestmark = pytest.mark.slow


WEEKS = 14
NOW = START + WEEKS * WEEK + 86_400 + 12 * 3_600
"""A Tuesday noon."""


@pytest.fixture(scope="module")
def drifting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, TeamRecord]:
    """A desk whose requests take longer and longer."""
    db = fresh(Path(tmp_path_factory.mktemp("lookback")) / "headroom.db")
    record = desk(db)
    live(db, record, WEEKS, jobs=lambda _: 120, service=lambda week: 1.0 + 0.14 * max(week - 6, 0))
    return db, record


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """An empty store."""
    return fresh(tmp_path / "headroom.db")


def span(db: Database, record: TeamRecord, weeks: int = 26) -> Span:
    """The days to look at."""
    found = lookback.span(db, record, NOW, weeks)
    assert isinstance(found, Span), found
    return found


def test_the_span_is_of_complete_weeks_up_to_yesterday(drifting: tuple[Database, TeamRecord]) -> None:
    """From a Monday so many complete weeks ago to yesterday; the first weeks known are named as such."""
    db, record = drifting
    whole, short = span(db, record), span(db, record, 6)
    assert (whole.weeks, whole.first.isoformat(), whole.last.isoformat()) == (WEEKS, "2025-12-01", "2026-03-09")
    assert (short.weeks, short.first.isoformat()) == (6, "2026-01-26")
    assert (whole.learning, short.learning) == (True, False)


def test_it_is_the_backtest_of_the_terminal(drifting: tuple[Database, TeamRecord]) -> None:
    """Days and alerts are those of `headroom backtest --team`."""
    db, record = drifting
    shown = lookback.look_back(db, record, NOW, span(db, record))
    told = backtest.of_record(db, record, "2025-12-01", "2026-03-08")
    assert shown.days[: len(told.days)] == told.days
    assert [(a.date, a.level) for a in shown.alerts if a.date <= told.days[-1].date] == [
        (a.date, a.level) for a in told.alerts
    ]


def test_earlier_warns_no_later_and_quieter_no_earlier(drifting: tuple[Database, TeamRecord]) -> None:
    """On a desk that drifts, each choice warns; the first warning comes in the order of the choices."""
    db, record = drifting
    wanted = span(db, record)
    firsts = [lookback.look_back(db, record, NOW, wanted, choice).rises[0].date for choice in Alerting]
    assert firsts == sorted(firsts)
    times = lookback.preview(db, record, NOW, wanted)
    assert set(times) == set(Alerting)
    assert all(n >= 1 for n in times.values())


def test_a_choice_is_judged_by_live_and_in_the_backtest(drifting: tuple[Database, TeamRecord]) -> None:
    """What is stored is what `assess_team` and a backtest without a choice of its own go by."""
    db, record = drifting
    wanted = span(db, record)
    for choice in Alerting:
        alertings.put(db, record.id, choice)
        assert alertings.get(db, record.id) is choice
        assert assess_team(db, record, NOW) == assess_team(db, record, NOW, alerting=choice)
        assert lookback.look_back(db, record, NOW, wanted) == lookback.look_back(db, record, NOW, wanted, choice)
    alertings.put(db, record.id, Alerting.USUAL)


def test_a_choice_changes_nothing_that_was_told(drifting: tuple[Database, TeamRecord]) -> None:
    """A level that was told stands by whatever choice, and no message is written: a choice is for what is to come."""
    db, record = drifting
    now = NOW - 3 * WEEK
    alertings.put(db, record.id, Alerting.EARLIER)
    found = assess_team(db, record, now - DAY, resilient=False)
    assert found.today
    with db.write() as connection:
        began = midnight("UTC", now - DAY)
        watch = replace(found.today, level=Level.WATCH)
        levels.note(db, record.id, now - DAY, watch, today=began, began=began)
        assert lookback.choose(db, record, Alerting.QUIETER, now) is Level.WATCH
        assert alertings.get(db, record.id) is Alerting.QUIETER
        assert alerts.last(db, record.id) is None
        connection.execute("delete from levels")
    alertings.put(db, record.id, Alerting.USUAL)


def test_a_forgotten_team_takes_its_choice_along(db: Database) -> None:
    """With the team goes what it chose."""
    record = desk(db)
    alertings.put(db, record.id, Alerting.EARLIER)
    with db.write() as connection:
        connection.execute("delete from teams where id = ?", (record.id,))
    assert db.read("select count(*) from alertings").fetchone() == (0,)


def test_who_is_two_today_has_nothing_to_choose(db: Database) -> None:
    """The roster of today decides."""
    record = desk(db)
    assert not lookback.by_requests(record, NOW)
    two = replace(record, team=replace(record.team, people=record.team.people[:2]))
    assert lookback.by_requests(two, NOW)
