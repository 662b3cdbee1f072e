"""What the digest adds to the queue's figures: only what was really said or gained, and only while it is news."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.health.pulse import Part
from bot.jobs.lately import Lately, lately
from bot.messages.lately import learning_line, pulse_line
from storage import gains, outbox, rhythms, teams
from storage.database import Database
from storage.gains import Gain
from storage.rhythms import Rhythm
from storage.teams import TeamDraft, TeamRecord
from tests.fresh import fresh

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC).timestamp()
DAY = 86_400
PEOPLE = ("U1", "U2", "U3", "U4", "U5")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = fresh(tmp_path / "headroom.db")
    yield database
    database.close()


@pytest.fixture
def record(db: Database) -> TeamRecord:
    draft = TeamDraft(workspace="T1", name="Desk", queue="C1", responders=PEOPLE, lead="U1", tz="UTC")
    found = teams.get(db, teams.save(db, draft, NOW - 90 * DAY))
    assert found is not None
    return found


def asked(db: Database, record: TeamRecord, days_ago: int, *questions: str) -> None:
    """A round that closed so many days ago, and what was told of it."""
    opened = (datetime.fromtimestamp(NOW, UTC) - timedelta(days=days_ago + 2)).date()
    with db.write() as connection:
        number = connection.execute(
            "insert into pulses (team, opened, closes, questions, floor, salt, state)"
            " values (?, ?, ?, ?, 5, x'', 'closed') returning id",
            (record.id, opened.isoformat(), int(NOW) - days_ago * DAY, json.dumps(questions)),
        ).fetchone()[0]
        for question in questions:
            told = json.dumps({"good": int(Part.MOST), "poor": int(Part.FEW), "floor": 5, "asked": 5})
            connection.execute("insert into pulse_results values (?, ?, ?)", (number, question, told))


def gained(db: Database, record: TeamRecord, form: str, goes: str, hours: float, ended: date | None = None) -> None:
    """A gain as it stands in the ledger."""
    number = gains.add(db, form, Gain(0, record.id, "x", hours, goes, "", "wait", date(2026, 5, 1)))
    assert number is not None
    if ended:
        gains.end(db, number, ended)


def test_a_quiet_team_has_nothing_to_add(db: Database, record: TeamRecord) -> None:
    """No pulse, no gain, no flaw, no post: no line, and learning is not invented."""
    assert lately(db, record, NOW, first=True) == Lately("", (), False)


def test_a_fresh_pulse_is_news_for_a_week(db: Database, record: TeamRecord) -> None:
    """The latest round, in one line with what to talk about; a week later it is none, in a monthly digest it is."""
    asked(db, record, 3, "load", "focus")
    new = lately(db, record, NOW, first=False)
    assert new.pulse
    assert new.lines[0].startswith("*Pulse of 6 May*: 2 questions told; to talk about: ")
    later = NOW + 7 * DAY
    assert lately(db, record, later, first=False) == Lately("", (), False)
    rhythms.save(db, record.id, Rhythm("monthly"))
    assert lately(db, record, later, first=False).pulse


def test_nothing_of_a_pulse_is_told_before_everybody_was(db: Database, record: TeamRecord) -> None:
    """While one person's copy of the results still waits, the digest is silent on them, learning included."""
    asked(db, record, 1, "learned")
    outbox.put(db, workspace="T1", channel="U2", body={}, team=record.id, direct=True, kind="results", key="k")
    assert lately(db, record, NOW, first=False) == Lately("", (), False)
    outbox.sent(db, "k", "1.1")
    assert lately(db, record, NOW, first=False).learning


def test_a_pulse_that_was_switched_off_is_not_brought_up(db: Database, record: TeamRecord) -> None:
    """Who wants no pulse reads of none."""
    asked(db, record, 1, "load")
    rhythms.save(db, record.id, Rhythm(pulse="off"))
    assert not lately(db, record, NOW, first=False).pulse


def test_learning_is_what_people_said_and_gains_free(db: Database, record: TeamRecord) -> None:
    """Coarse words with their date, for a quarter of a year; hours of gains for learning that still stand."""
    asked(db, record, 10, "learned", "load")
    gained(db, record, "a", "learning", 4)
    gained(db, record, "b", "learning", 2)
    gained(db, record, "c", "learning", 30, date(2026, 5, 5))
    gained(db, record, "d", "buffer", 30)
    said = lately(db, record, NOW, first=False).learning
    assert said == (
        "asked on 29 Apr whether they learned something, most said “Yes”; "
        "2 gains free 6 h a week for it, as the team estimates."
    )
    rhythms.save(db, record.id, Rhythm(gains=False))
    assert "gains" not in lately(db, record, NOW + 80 * DAY, first=False).learning
    assert lately(db, record, NOW + 95 * DAY, first=False).learning == ""


def test_its_own_cost_is_in_the_months_first(db: Database, record: TeamRecord) -> None:
    """Last month's posts, where there were any; not in the digests after it."""
    april = datetime(2026, 4, 6, 9, 0, tzinfo=UTC).timestamp()
    outbox.put(db, workspace="T1", channel="C2", body={"text": "x"}, team=record.id, key="k", kind="digest", made=april)
    outbox.claim(db, april, "T1")
    outbox.sent(db, "k", f"{april:.6f}")
    assert "own cost in April" in " ".join(lately(db, record, NOW, first=True).lines)
    assert lately(db, record, NOW, first=False).lines == ()


def test_words_for_little() -> None:
    """A round with too few answers is said kindly; one gain is one gain; nothing is nothing."""
    assert "too few answered" in pulse_line([], date(2026, 5, 4))
    assert learning_line(None, None, 0, 0) == ""
    assert learning_line(None, None, 2.5, 1) == "1 gain frees 2.5 h a week for it, as the team estimates."
