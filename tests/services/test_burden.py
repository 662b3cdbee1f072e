"""A month's burden, from the real outbox and taps; and the line that tells of it."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.health.burden import Reading, cost
from bot.messages.burden import burden_line
from bot.services.burden import burden
from storage import alerts, outbox, teams, touches
from storage.database import Database
from storage.teams import TeamRecord
from tests.fresh import fresh

ZONE = ZoneInfo("Pacific/Auckland")
MARCH = date(2026, 3, 1)
BODY = {"text": "word " * 119, "blocks": []}


def at(month: int, day: int, hour: int = 12) -> float:
    return datetime(2026, month, day, hour, tzinfo=ZONE).timestamp()


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return fresh(tmp_path / "headroom.db")


@pytest.fixture
def record(db: Database) -> TeamRecord:
    draft = teams.TeamDraft(
        workspace="T1", name="Desk", queue="C1", responders=("U1", "U2", "U3"), lead="U9", tz="Pacific/Auckland"
    )
    found = teams.get(db, teams.save(db, draft, at(1, 1)))
    assert found is not None
    return found


def sent(db: Database, team: int, when: float, channel: str = "G1", kind: str = "digest", state: str = "sent") -> None:
    key = outbox.put(db, workspace="T1", channel=channel, body=BODY, team=team, direct=channel[0] == "U", kind=kind)
    post = outbox.claim(db, when, "T1")
    assert post is not None
    if state == "sent":
        outbox.sent(db, key, f"{when:.6f}")
    else:
        outbox.close(db, post, state, "no")


def test_a_month_of_the_team_s_calendar(db: Database, record: TeamRecord) -> None:
    """Posts count in the month of the team's zone: in a channel for all four, directly for one; refused ones not."""
    for when in (at(2, 28, 23), at(3, 1, 0), at(3, 31, 23), at(4, 1, 0)):
        sent(db, record.id, when)
    sent(db, record.id, at(3, 10), "U2")
    sent(db, record.id, at(3, 10), "U2", state="failed")
    sent(db, record.id, at(3, 10), "U77", kind="solved")
    for day, kind in ((1, "alert"), (31, "digest"), (31, "solved")):
        touches.tap(db, record.id, kind, date(2026, 3, day))
    touches.tap(db, record.id, "alert", date(2026, 4, 1))
    found = burden(db, record, date(2026, 3, 17))
    assert (found.month, found.posts, found.taps, found.people) == (MARCH, 3, 2, 4)
    assert found.minutes == pytest.approx(2 * 0.5 * 4 + 0.5 + 2 * 5 / 60)
    assert found.a_person == pytest.approx(found.minutes / 4)


def test_alerts_acted_on_are_told(db: Database, record: TeamRecord) -> None:
    """The line says how many alerts were acted on, and leaves alerts out where there was none."""
    assert "lert" not in burden_line(burden(db, record, MARCH))
    first = alerts.record(db, record.id, at(3, 3), 2, 0, "k1")
    assert burden_line(burden(db, record, MARCH)).count("Alerts acted on: 0 of 1.") == 1
    alerts.acknowledge(db, first, record.id, at(3, 3))
    assert "Alerts acted on: 1 of 1." in burden_line(burden(db, record, MARCH))
    alerts.record(db, record.id, at(3, 9), 2, 1, "k2")
    assert "Alerts acted on: 1 of 2." in burden_line(burden(db, record, MARCH))


def test_emptied_words_make_it_a_lower_end(db: Database, record: TeamRecord) -> None:
    """Ninety days later the words are gone, and the line says `at least`."""
    sent(db, record.id, at(3, 10))
    assert "at least" not in burden_line(burden(db, record, MARCH))
    outbox.empty_before(db, at(7, 1))
    assert "about at least 0 min" in burden_line(burden(db, record, MARCH))


def test_the_line() -> None:
    """It reads so, within the budget and over it."""
    within = cost(MARCH, [Reading(119, 6)] * 9, 14, 6, alerts=3, acted_on=2)
    assert burden_line(within) == (
        "Headroom's own cost in March: 9 posts, 14 taps, about 4.7 min a person of the 10 it allows itself "
        "(238 words a minute, 5 s a tap). Alerts acted on: 2 of 3. "
        "Too much still? On the Home tab, the lead can make the digest monthly."
    )
    over = cost(MARCH, [Reading(2380, 1)] * 2, 1, 1)
    assert "2 posts, 1 tap, about 20 min a person of the 10" in burden_line(over)
    assert burden_line(over).endswith("That is too much: on the Home tab, the lead can make the digest monthly.")
    assert "nobody is on the roster" in burden_line(cost(MARCH, [], 0, 0))
