"""In a team of one or two, who pressed what is not told: a number of taps would be a person's."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.health.results import Level
from bot.messages.burden import burden_line
from bot.services.burden import burden
from storage import alerts, outbox, roster, teams, touches
from tests.fresh import fresh

ZONE = ZoneInfo("Europe/Berlin")
MARCH = date(2026, 3, 1)


def at(month: int, day: int) -> float:
    return datetime(2026, month, day, 12, tzinfo=ZONE).timestamp()


def line(folder: Path, people: tuple[str, ...], later: tuple[str, ...] | None = None) -> str:
    """What is told of a March with a digest, seven taps and an acknowledged alert."""
    db = fresh(folder / "headroom.db")
    draft = teams.TeamDraft(workspace="T1", name="Legal", queue="C1", responders=people, lead="U9", tz="Europe/Berlin")
    number = teams.save(db, draft, at(1, 1))
    if later is not None:
        with db.write() as connection:
            roster.change(connection, number, later, date(2026, 3, 20))
    body = {"text": "word " * 238, "blocks": []}
    outbox.put(db, workspace="T1", channel="U9", body=body, team=number, direct=True, kind="digest", key="k")
    assert outbox.claim(db, at(3, 2), "T1") is not None
    outbox.sent(db, "k", "1.0")
    for _ in range(7):
        touches.tap(db, number, "digest", date(2026, 3, 2))
    told = alerts.record(db, number, at(3, 3), Level.DANGER, Level.HEALTHY, "a")
    alerts.acknowledge(db, told, number, at(3, 4))
    record = teams.get(db, number)
    assert record is not None
    said = burden_line(burden(db, record, MARCH))
    db.close()
    return said


@pytest.mark.parametrize(
    ("people", "later"),
    [(("U1",), None), (("U1", "U2"), None), (("U1", "U2", "U3"), ("U1",)), (("U1",), ("U1", "U2", "U3"))],
)
def test_taps_of_one_or_two_are_told_to_nobody(
    tmp_path: Path, people: tuple[str, ...], later: tuple[str, ...] | None
) -> None:
    """Posts and the minutes of reading stay; taps and acted-on alerts are left out, also where it was so for a part."""
    said = line(tmp_path, people, later)
    assert "1 post, " in said
    assert "tap" not in said
    assert "acted on" not in said


def test_three_and_more_are_told_of_taps(tmp_path: Path) -> None:
    """From three people on, nobody's taps can be told apart, so all are named."""
    said = line(tmp_path, ("U1", "U2", "U3"))
    assert "7 taps" in said
    assert "Alerts acted on: 1 of 1." in said
