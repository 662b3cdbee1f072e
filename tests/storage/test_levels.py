"""What was told of a team's level is appended and never rewritten."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from bot.health.results import Day, Evidence, Ground, Level, Reference
from storage import levels
from storage.database import Database
from tests.fresh import fresh

CALM = Reference("claims", False, 30, 1200.0, 400.0, 3.0, 800.0, 140.0, 1200.0, 150.0, 90.0, 0.0, 0.2, 2.0, 1.0, 0.2,
                 0.4, 0.66, math.nan, 2.3)  # fmt: skip
TODAY = Day(
    Level.WATCH,
    (Ground.LOAD, Ground.DRIFT),
    Evidence(
        1.7, 1.2, math.nan, -math.inf, math.nan, 0.4, 0.9, 0.5, 0.8, 0.7, 3.0, math.inf, (0.5, 0.0, 0.8, 0.0, 0.4)
    ),
    CALM,
)
MONDAY = 1_772_409_600.0
DAY = 86_400.0


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A store with one team."""
    db = fresh(tmp_path / "headroom.db")
    with db.write() as connection:
        connection.execute("insert into teams (id, workspace, name) values (1, 'T1', 'Desk')")
    return db


def test_a_day_and_a_change_are_one_row_each(db: Database) -> None:
    """Repeated hourly the same level is written once a day; another level the same day is one row more."""
    for hour in range(9, 17):
        levels.note(db, 1, MONDAY + hour * 3600, TODAY, today=MONDAY, began=MONDAY - DAY)
    levels.note(db, 1, MONDAY + 16.5 * 3600, replace(TODAY, level=Level.DANGER), today=MONDAY, began=MONDAY)
    levels.note(db, 1, MONDAY + DAY + 9 * 3600, replace(TODAY, level=Level.DANGER), today=MONDAY + DAY, began=MONDAY)
    told = levels.since(db, 1, MONDAY, MONDAY + 2 * DAY)
    assert [row.level for row in told] == [Level.WATCH, Level.DANGER, Level.DANGER]
    assert [row.at - MONDAY for row in told] == [9 * 3600, 16.5 * 3600, DAY + 9 * 3600]


def test_what_was_told_comes_back_as_it_was(db: Database) -> None:
    """Level, grounds and what it was held against; a figure that was not known is not known again."""
    levels.note(db, 1, MONDAY, TODAY, today=MONDAY, began=MONDAY - DAY)
    (row,) = levels.since(db, 1, MONDAY, MONDAY + 1)
    assert (row.level, row.began, row.grounds) == (Level.WATCH, MONDAY - DAY, (Ground.LOAD, Ground.DRIFT))
    assert row.calm is not None
    assert math.isnan(row.calm.line)
    assert replace(row.calm, line=0.0) == replace(CALM, line=0.0)


def test_what_another_version_kept_is_left_alone(db: Database) -> None:
    """A reference of other figures is None, and the level still stands."""
    levels.note(db, 1, MONDAY, TODAY, today=MONDAY, began=MONDAY - DAY)
    with db.write() as connection:
        connection.execute("update levels set calm = ?", (json.dumps({"days": 3}),))
    (row,) = levels.since(db, 1, MONDAY, MONDAY + 1)
    assert (row.level, row.calm) == (Level.WATCH, None)
