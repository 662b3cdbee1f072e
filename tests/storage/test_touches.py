"""Taps, promises and what was told: counted and kept without anybody's name."""

from datetime import date

import pytest

from storage import alerts, outbox, promises, retention, teams, told, touches
from storage.database import Database

MONDAY = date(2026, 3, 9)
NOW = 1_773_050_000.0


@pytest.fixture
def team(db: Database) -> int:
    return teams.save(db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1",)), NOW)


def alert_of(db: Database, team: int, at: float = NOW, key: str | None = "k") -> int:
    return alerts.record(db, team, at, 2, 0, key)


def test_taps_add_up_by_day_and_kind(db: Database, team: int) -> None:
    """Each tap counts once for its kind; the end of a stretch does not belong to it."""
    for kind, day in (("alert", 9), ("alert", 9), ("digest", 9), ("alert", 10), ("alert", 11)):
        touches.tap(db, team, kind, date(2026, 3, day))
    assert touches.taps(db, team, MONDAY, date(2026, 3, 11)) == {"alert": 3, "digest": 1}
    assert touches.taps(db, team, date(2026, 4, 1), date(2026, 5, 1)) == {}


def test_a_promise_is_one_however_often_it_is_sent(db: Database, team: int) -> None:
    """Sent twice it is one row, sent with other words the last ones count."""
    number = alert_of(db, team)
    assert promises.put(db, number, team, "Office hours", date(2026, 4, 6))
    assert promises.put(db, number, team, "Office hours", date(2026, 4, 6))
    assert promises.put(db, number, team, "Office hours on Tuesdays", date(2026, 4, 7))
    (kept,) = promises.waiting(db, team)
    assert (kept.words, kept.review, kept.told) == ("Office hours on Tuesdays", date(2026, 4, 7), int(NOW))


def test_a_promise_that_was_looked_at_stays(db: Database, team: int) -> None:
    """After the look back nothing changes it, and it is looked at once."""
    number = alert_of(db, team)
    promises.put(db, number, team, "Office hours", date(2026, 4, 6))
    assert promises.follow(db, number)
    assert not promises.follow(db, number)
    assert not promises.put(db, number, team, "Something else", date(2026, 5, 6))
    assert promises.waiting(db, team) == []
    known = promises.get(db, number)
    assert known is not None
    assert known.words == "Office hours"


def test_only_a_told_alert_of_the_team_takes_a_promise(db: Database, team: int) -> None:
    """Another team's alert, a silent change of level or none at all takes none."""
    other = teams.save(db, teams.TeamDraft(workspace="T1", name="Other", queue="C2", responders=("U2",)), NOW)
    silent = alert_of(db, team, key=None)
    for number in (alert_of(db, other), silent, 999):
        assert not promises.put(db, number, team, "Office hours", date(2026, 4, 6))
        assert promises.get(db, number) is None


def test_a_forgotten_team_leaves_no_promise_and_no_tap(db: Database, team: int) -> None:
    """Both go with the team."""
    promises.put(db, alert_of(db, team), team, "Office hours", date(2026, 4, 6))
    touches.tap(db, team, "alert", MONDAY)
    retention.forget_team(db, team)
    assert db.read("select (select count(*) from promises) + (select count(*) from touches)").fetchone() == (0,)


def test_alerts_acted_on(db: Database, team: int) -> None:
    """Acknowledged and promised ones count, untouched and silent ones and falls of level do not."""
    seen, promised, _untouched = (alert_of(db, team, NOW + n) for n in range(3))
    alert_of(db, team, NOW + 3, key=None)
    alerts.record(db, team, NOW + 4, 0, 2, "a note")
    alert_of(db, team, NOW + 1000)
    alerts.acknowledge(db, seen, team, NOW + 10)
    promises.put(db, promised, team, "Office hours", date(2026, 4, 6))
    assert told.alerts_acted_on(db, team, NOW, NOW + 1000) == (2, 3)


def test_what_was_told_is_found_by_its_ts(db: Database, team: int) -> None:
    """Kind and body of a sent post are found for its own team, and for no other."""
    key = outbox.put(db, workspace="T1", channel="C1", team=team, kind="alert", body={"text": "full", "blocks": []})
    outbox.sent(db, key, "1.2")
    assert told.under(db, team, "1.2") == ("alert", {"text": "full", "blocks": []})
    assert told.under(db, team + 1, "1.2") is None
    assert told.under(db, team, "") is None
