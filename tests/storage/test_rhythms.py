"""A team's wishes and the digests it was told: kept whole, said once, gone with the team."""

from datetime import date

import pytest

from storage import digests, rhythms, teams
from storage.database import Database
from storage.rhythms import Rhythm


@pytest.fixture
def team(db: Database) -> int:
    draft = teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1",), lead="U1")
    return teams.save(db, draft, 0)


def test_a_team_that_never_said_has_the_defaults(db: Database, team: int) -> None:
    """Monday 09:00 weekly, a pulse every two weeks, no reminder, everything else on."""
    assert rhythms.get(db, team) == Rhythm("weekly", 0, 540, "fortnightly", False, True, True, True, 0)


def test_wishes_come_back_as_they_were_said(db: Database, team: int) -> None:
    """Every field survives, and the last wish counts."""
    rhythms.save(db, team, Rhythm("monthly", 4, 1439, "off", True, False, False, False, 7))
    wished = Rhythm("off", 6, 0, "weekly", False, True, False, True, 9)
    rhythms.save(db, team, wished)
    assert rhythms.get(db, team) == wished


@pytest.mark.parametrize(
    ("field", "value"), [("digest", "daily"), ("digest_day", 7), ("digest_minute", 1440), ("pulse", "hourly")]
)
def test_no_team_can_wish_for_what_does_not_exist(field: str, value: object) -> None:
    """The sentence names the field and its value."""
    with pytest.raises(ValueError, match=rf"{field} cannot be {value!r}"):
        Rhythm(**{field: value})  # type: ignore[arg-type]


def test_a_week_is_told_once(db: Database, team: int) -> None:
    """The second to write a week down learns that it was told."""
    assert digests.record(db, team, date(2026, 3, 2), "a") is True
    assert digests.record(db, team, date(2026, 3, 2), "b") is False
    assert [(told.week, told.key) for told in digests.last(db, team)] == [(date(2026, 3, 2), "a")]


def test_a_tap_counts_for_the_latest_digest_alone(db: Database, team: int) -> None:
    """The newest come first, and only the newest is touched; a tap before any digest harms nothing."""
    digests.touched(db, team)
    for week in (date(2026, 3, 9), date(2026, 2, 23), date(2026, 3, 2)):
        digests.record(db, team, week, week.isoformat())
    digests.touched(db, team)
    assert [(told.week, told.touched) for told in digests.last(db, team, 3)] == [
        (date(2026, 3, 9), True),
        (date(2026, 3, 2), False),
        (date(2026, 2, 23), False),
    ]
    assert len(digests.last(db, team)) == 2


def test_both_go_with_the_team(db: Database, team: int) -> None:
    """Nothing of a team that was forgotten is left."""
    rhythms.save(db, team, Rhythm("off"))
    digests.record(db, team, date(2026, 3, 2), "a")
    with db.write() as connection:
        connection.execute("delete from teams where id = ?", (team,))
    assert db.read("select count(*) from rhythms").fetchone() == (0,)
    assert db.read("select count(*) from digests").fetchone() == (0,)
