"""Plans, changes and shrinks as they are kept: what was written comes back, and nothing is kept twice."""

from datetime import date

from storage import changes, plans, shrinks, teams
from storage.changes import Change
from storage.database import Database
from storage.plans import Plan
from storage.shrinks import Shrink
from storage.teams import TeamDraft


def team(db: Database) -> int:
    """A team's number."""
    draft = TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1", "U2", "U3"))
    return teams.save(db, draft, 0.0)


PREDICTED = {"wait": [4.0, 2.0, 8.0], "weeks": []}


def test_a_plan_comes_back_and_no_other_may_share_its_days(db: Database) -> None:
    """What was noted is read back whole; a plan that overlaps it is refused, one beside it is not."""
    number = team(db)
    first = Plan(0, number, date(2026, 12, 15), date(2026, 12, 31), 0.4, date(2026, 11, 1), PREDICTED)
    assert plans.add(db, first) is not None
    for since, until in ((31, 31), (1, 15), (16, 17)):
        other = Plan(0, number, date(2026, 12, since), date(2026, 12, until), 0.1, date(2026, 11, 1))
        assert plans.add(db, other) is None
    before = Plan(0, number, date(2026, 12, 14), date(2026, 12, 14), 0.2, date(2026, 11, 1))
    assert plans.add(db, before) is not None
    kept = plans.of_team(db, number)
    assert [plan.demand for plan in kept] == [0.2, 0.4]
    assert kept[1] == Plan(kept[1].id, number, first.since, first.until, 0.4, first.made, PREDICTED)


def test_a_plan_is_taken_back_once(db: Database) -> None:
    """The second time there is nothing to take back, and its days are free again."""
    number = team(db)
    plan = Plan(0, number, date(2026, 12, 15), date(2026, 12, 31), 0.4, date(2026, 11, 1))
    kept = plans.add(db, plan)
    assert kept is not None
    assert plans.cancel(db, kept)
    assert not plans.cancel(db, kept)
    assert plans.add(db, plan) is not None


def test_a_change_is_marked_once_a_day(db: Database) -> None:
    """The same words on the same day are one change; on another day they are two."""
    number = team(db)
    change = Change(0, number, date(2026, 2, 4), "assistant live")
    kept = changes.add(db, change)
    assert kept is not None
    assert changes.add(db, change) is None
    assert changes.add(db, Change(0, number, date(2026, 2, 1), "assistant live")) is not None
    assert [one.day.day for one in changes.of_team(db, number)] == [1, 4]
    assert changes.cancel(db, kept)
    assert not changes.cancel(db, kept)


def test_a_prediction_is_never_made_anew(db: Database) -> None:
    """What was predicted when a team became smaller stays as it was."""
    number = team(db)
    first = Shrink(number, date(2026, 3, 2), 200.0, 168.0, {"wait": [6.0, 4.0, 9.0], "growth": None})
    assert shrinks.add(db, first)
    assert not shrinks.add(db, Shrink(number, first.day, 200.0, 160.0, {"wait": None, "growth": 2.0}))
    assert shrinks.of_team(db, number) == [first]
