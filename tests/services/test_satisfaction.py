"""The share of yes in the assessment, the report and the load view; with its reason where it is not known."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.health.measured import PERSONS
from bot.messages.load import load_view
from bot.messages.readable import readable
from bot.report import report
from bot.report.report_text import text
from bot.services.assessing import assess_team
from storage import accesses, rhythms, solved, teams
from storage.database import Database
from storage.rhythms import Rhythm
from tests.fresh import fresh

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC).timestamp()
LAST_WEEK = date(2026, 3, 4)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = fresh(tmp_path / "headroom.db")
    yield database
    database.close()


def team(db: Database, people: int = 5) -> int:
    """A team of that many."""
    draft = teams.TeamDraft(
        workspace="T1", name="Desk", queue="C1", responders=tuple(f"U{n}" for n in range(people)), lead="U0"
    )
    return teams.save(db, draft, NOW)


def answered(db: Database, number: int, *choices: int, day: date = LAST_WEEK) -> None:
    """Answers of a day."""
    for n, choice in enumerate(choices):
        assert solved.answer(db, number, choice, f"{number} {day} {n}", day)


def reported(db: Database) -> dict[str, Any]:
    return report.run(db, "Desk", None, "28", lambda: NOW)


def test_the_report_holds_the_share_with_its_range(db: Database) -> None:
    """Seven yes of nine, with n and a 95% range, as JSON and as a line for people."""
    answered(db, team(db), *[0] * 7, 1, 2)
    shown = reported(db)
    share = shown["quality"]["satisfaction"]
    assert (round(share["value"], 3), share["n"]) == (0.778, 9)
    assert share["low"] < share["value"] < share["high"]
    assert "quality.satisfaction" not in shown["data_quality"]["missing"]
    assert "Solved, they say  77.8% of 9 (95% range" in text(shown)


def test_four_answers_are_not_shown(db: Database) -> None:
    """Below the floor there is null, with its reason."""
    answered(db, team(db), 0, 0, 0, 0)
    shown = reported(db)
    assert shown["quality"]["satisfaction"] is None
    assert "fewer than 5 answers" in shown["data_quality"]["missing"]["quality.satisfaction"]


def test_a_week_that_runs_is_not_shown(db: Database) -> None:
    """Answers of this week wait until it is over, so that no press moves a figure somebody is looking at."""
    answered(db, team(db), *[0] * 9, day=date(2026, 3, 11))
    assert reported(db)["quality"]["satisfaction"] is None


def test_of_two_people_nothing_is_said(db: Database) -> None:
    """In a team of two the share would be a person's, even where answers are there."""
    answered(db, team(db, people=2), *[0] * 9)
    shown = reported(db)
    assert shown["quality"]["satisfaction"] is None
    assert shown["data_quality"]["missing"]["quality.satisfaction"] == PERSONS


def test_a_team_that_does_not_ask_reads_so(db: Database) -> None:
    """Switched off, the reason says that the team chose so."""
    rhythms.save(db, team(db), Rhythm(solved=False))
    assert "the team chose not to ask" in reported(db)["data_quality"]["missing"]["quality.satisfaction"]


def test_the_load_view_says_it_in_one_sentence(db: Database) -> None:
    """Responders and lead read the share with n and range; without enough answers nothing stands there."""
    number = team(db)
    record = teams.get(db, number)
    assert record is not None
    before = readable(load_view(assess_team(db, record, NOW), "Desk", team_id=number))
    answered(db, number, *[0] * 8, 2, 2)
    after = readable(load_view(assess_team(db, record, NOW), "Desk", team_id=number))
    assert "Solved, as those say who asked" not in before
    assert "Solved, as those say who asked: 80% of 10 answers (95% range 49–94%)." in after


def test_the_look_is_counted(db: Database) -> None:
    """Each report is one look in the access log, on its day."""
    team(db)
    reported(db)
    reported(db)
    assert accesses.since(db, date(2026, 3, 1)) == [(date(2026, 3, 11), "report", 2)]
