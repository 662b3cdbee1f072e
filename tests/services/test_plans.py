"""Peaks, changes and fewer hours in a real store: said beforehand, set beside the fact, and told in one digest each."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.health.results import Level
from bot.jobs import shrinks
from bot.jobs.lately import lately
from bot.jobs.shrinks import lost
from bot.report import backtest
from bot.services import changes, plans
from bot.services.assessing import assess_team
from bot.services.news import news
from bot.team import Person, Team
from storage import changes as kept_changes
from storage import digests, teams
from storage import plans as kept_plans
from storage import shrinks as kept_shrinks
from storage.changes import Change
from storage.database import Database
from storage.plans import Plan
from storage.teams import TeamRecord
from tests.fresh import fresh
from tests.jobs.lived import START, WEEK, desk, live

pytestmark = pytest.mark.slow


HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = fresh(tmp_path / "headroom.db")
    yield database
    database.close()


def at(week: float) -> float:
    """Nine on the Monday of a week, counted from 0."""
    return START + week * WEEK + 9 * HOUR


def day(week: int, weekday: int = 0) -> date:
    return datetime.fromtimestamp(START, UTC).date() + timedelta(weeks=week, days=weekday)


def told(db: Database, record: TeamRecord, week: int, words: str) -> list[str]:
    """Lines of that week's digest that hold these words; the digest is then written down as told."""
    lines = [line for line in lately(db, record, at(week), first=False).lines if words in line]
    digests.record(db, record.id, day(week), f"digest-{week}")
    return lines


def peaking(db: Database, more: int = 160) -> TeamRecord:
    """Twelve calm weeks, two with more requests, six calm ones."""
    record = desk(db)
    live(db, record, 20, jobs=lambda week: more if week in (12, 13) else 120, service=lambda _: 1.2)
    return record


def noted(db: Database, record: TeamRecord, demand: float = 0.4) -> None:
    """The peak of these tests, noted a week and a half before."""
    assert plans.note(db, record, day(12), day(13, 4), demand, at(10) + 2 * DAY) is not None


def test_a_plan_is_said_beforehand_and_beside_the_fact_once(db: Database) -> None:
    """The digest of the week before has the forecast, that of the week after plan and fact, no other has either."""
    record = peaking(db)
    noted(db, record)
    lines = {week: told(db, record, week, "eak") for week in range(11, 18)}
    assert [week for week, said in lines.items() if said] == [11, 14]
    assert "*Planned peak*, 23 Feb to 6 Mar, +40%: " in lines[11][0]
    assert "in week 9" in lines[11][0]
    assert "planned +40%, came +3" in lines[14][0]
    assert "; the wait was " in lines[14][0]
    assert "predicted)" in lines[14][0]


def test_a_digest_that_was_left_out_is_made_up_for(db: Database) -> None:
    """Where no digest came in the week after, the next one tells plan and fact."""
    record = peaking(db)
    noted(db, record)
    told(db, record, 13, "eak")
    assert told(db, record, 15, "came +3")
    assert not told(db, record, 16, "came +3")


def test_the_list_holds_forecast_and_fact(db: Database) -> None:
    """Before: hours short by week; on: that it is on; after: what came and the wait."""
    record = peaking(db)
    assert "no peak is planned" in plans.listed(db, record, at(10)).text
    noted(db, record)
    before = plans.listed(db, record, at(11)).text
    assert "in week 9" in before
    assert "(on now)" in plans.listed(db, record, at(12)).text
    assert "planned +40%, came +3" in plans.listed(db, record, at(14)).text
    late = plans.listed(db, record, at(18)).text
    assert late == plans.listed(db, record, at(30)).text
    assert "came" not in plans.listed(db, record, at(60)).text


def test_overlapping_plans_are_refused(db: Database) -> None:
    """One day belongs to one plan."""
    record = peaking(db)
    noted(db, record)
    assert plans.note(db, record, day(13), day(15), 0.2, at(11)) is None


def test_a_planned_peak_is_no_drift_live_and_in_the_backtest(db: Database) -> None:
    """The same weeks raise the level without a plan and do not with one, live and in the backtest alike."""
    record = desk(db)
    live(db, record, 18, jobs=lambda week: 220 if week in (12, 13, 14) else 120, service=lambda _: 1.0)
    assert assess_team(db, record, at(14)).level > Level.HEALTHY
    assert backtest.of_record(db, record, str(day(11)), str(day(15))).rises
    plan = Plan(0, record.id, day(12), day(14, 4), 0.9, day(11))
    assert kept_plans.add(db, plan) is not None
    found = assess_team(db, record, at(14))
    assert found.level is Level.HEALTHY
    assert any("A peak of +90% is planned until 13 Mar" in note for note in found.notes)
    assert not backtest.of_record(db, record, str(day(11)), str(day(15))).rises


def test_a_pair_gets_no_hours(db: Database) -> None:
    """In a team of two the plan is noted, its hours are not told."""
    record = desk(db, ("U1", "U2"), team_channel=None)
    live(db, record, 12, jobs=lambda _: 40, service=lambda _: 1.0, people=2)
    said = plans.note(db, record, day(12), day(12, 4), 0.4, at(11))
    assert said is not None
    assert "hours would describe a person" in said.text
    assert " h " not in said.text
    assert "wait was" in plans.listed(db, record, at(14)).text or "no wait" in plans.listed(db, record, at(14)).text


def test_a_change_is_compared_after_four_weeks_and_told_once(db: Database) -> None:
    """Too early says when; from then on every measure stands in the list, and one digest has the line."""
    record = desk(db)
    live(db, record, 20, jobs=lambda _: 120, service=lambda week: 1.2 if week < 9 else 0.84)
    kept_changes.add(db, Change(0, record.id, day(9, 2), "assistant live"))
    early = changes.listed(db, record, day(13), at(13)).text
    assert "too early to compare; four complete weeks after it are over on 9 Mar 2026" in early
    later = changes.listed(db, record, day(14), at(14)).text
    assert "Utilization went from" in later
    for name in ("came back", "escalated", "ask again"):
        assert name in later
    weeks = [week for week in range(11, 19) if told(db, record, week, "assistant live")]
    assert weeks == [14]
    assert changes.listed(db, record, day(19), at(19)).text == changes.listed(db, record, day(30), at(30)).text


def test_a_pair_compares_waits_alone(db: Database) -> None:
    """In a team of two nothing but the wait is told of a change."""
    record = desk(db, ("U1", "U2"), team_channel=None)
    live(db, record, 16, jobs=lambda _: 60, service=lambda _: 1.0, people=2)
    kept_changes.add(db, Change(0, record.id, day(8), "new form"))
    said = changes.listed(db, record, day(14), at(14)).text
    assert "The wait" in said
    assert "Utilization" not in said
    assert "came back" not in said


def shrinking(db: Database) -> TeamRecord:
    """Five people until the tenth week, then four; the same requests."""
    record = desk(db)
    live(db, record, 26, jobs=lambda _: 110, service=lambda _: 1.2)
    with db.write() as connection:
        connection.execute(
            "update people set until = ? where team = ? and person = 'U5'", (day(9, 6).isoformat(), record.id)
        )
    found = teams.get(db, record.id)
    assert found is not None
    return found


def test_fewer_hours_are_noted_with_a_prediction_and_told_in_thirteen_digests(db: Database) -> None:
    """Two weeks after somebody left for good, the prediction is written down; then it stands beside the fact."""
    record = shrinking(db)
    assert [(found[0], found[1], found[2]) for found in lost(record.team, day(12))] == [(day(10), 200.0, 160.0)]
    assert not list(lost(record.team, day(11)))
    shrinks.note(db, record, at(11))
    assert not kept_shrinks.of_team(db, record.id)
    for week in (12, 13):
        shrinks.note(db, record, at(week))
    (kept,) = kept_shrinks.of_team(db, record.id)
    assert kept.predicted["wait"] is not None
    lines = [told(db, record, week, "*Smaller since 9 Feb*") for week in range(13, 30)]
    assert [bool(said) for said in lines] == [True] * 13 + [False] * 4
    assert "with 40 h a week less, a wait of" in lines[0][0]
    assert "was predicted; it is" in lines[0][0]


def person(name: str, since: date | None = None, until: date | None = None, share: float = 1.0) -> Person:
    return Person(name, since=since, until=until, share=share)


@pytest.mark.parametrize(
    ("people", "is_lost"),
    [
        ([person("a"), person("b"), person("c"), person("d", until=day(9))], True),
        ([person("a"), person("b"), person("c"), person("d", until=day(9)), person("e", since=day(10))], False),
        ([person(f"p{n}") for n in range(12)] + [person("d", until=day(9))], False),
        ([person("a"), person("b"), person("c", until=day(9)), person("c", since=day(9, 1), share=0.5)], True),
        ([Person("a", off=frozenset(day(9, n) for n in range(5))), person("b"), person("c")], False),
        ([person("a", until=day(9))], False),
    ],
)
def test_only_hours_gone_for_good_count(people: list[Person], is_lost: bool) -> None:
    """A place filled again, a small part of a large team, days away, and a desk that closed are no smaller team."""
    assert bool(list(lost(Team("Desk", people=tuple(people)), day(12)))) is is_lost


def test_news_belongs_to_one_digest(db: Database) -> None:
    """Each day of the year is news in exactly one of the digests that are told."""
    record = desk(db)
    found = []
    for week in range(5, 20):
        if week in (9, 12, 13):
            continue  # no digest then
        fresh = news(db, record, at(week) + (week % 3) * DAY)
        found += [n for n in range(200) if fresh.fresh(day(0) + timedelta(days=n))]
        digests.record(db, record.id, day(week), f"digest-{week}")
    assert found == sorted(set(found))
    assert found == list(range(29, 134))
