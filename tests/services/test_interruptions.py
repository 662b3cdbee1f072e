"""Focus from a log and in the digest: the same figures, the same silence."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.health.results import Focus, Unknown
from bot.jobs.lately import lately
from bot.services.interruptions import NOT_IN_LOG, NOT_NAMED, NOT_YET, focus_of, focus_recorded, name
from bot.signal import Kind, Signal
from storage import interruptions, outbox, signals, teams
from storage.database import Database
from storage.retention import expire
from storage.teams import TeamDraft, TeamRecord
from tests.fresh import fresh

NOW = datetime(2026, 3, 30, 8, tzinfo=UTC).timestamp()
DAY = 86_400.0


def desk(folder: Path, people: int = 5) -> tuple[Database, TeamRecord]:
    """A team of that size."""
    db = fresh(folder / "headroom.db")
    draft = TeamDraft(
        workspace="T1", name="Desk", queue="C1", responders=tuple(f"U{n}" for n in range(people)), lead="U0"
    )
    record = teams.get(db, teams.save(db, draft, NOW - 100 * DAY))
    assert record is not None
    return db, record


def announce(db: Database, at: float) -> None:
    """Post all that waits."""
    while post := outbox.claim(db, at, "T1"):
        outbox.sent(db, post.key, "1.000000")


def test_counted_from_the_last_change_of_the_list(tmp_path: Path) -> None:
    """A second channel, or one fewer, begins the figures anew; each step says its reason."""
    db, record = desk(tmp_path)
    assert focus_of(db, record, NOW) == NOT_NAMED
    assert name(db, record, "C5", NOW - 28 * DAY)
    assert not name(db, record, "C5", NOW - 28 * DAY)
    assert focus_of(db, record, NOW) == NOT_YET
    announce(db, NOW - 28 * DAY)
    first = focus_of(db, record, NOW)
    assert isinstance(first, Focus)
    assert first.days == 20
    assert (first.interruptions.value, first.quiet.low) == (0, 1)
    assert name(db, record, "C6", NOW - 14 * DAY)
    announce(db, NOW - 14 * DAY)
    later = focus_of(db, record, NOW)
    assert isinstance(later, Focus)
    assert later.days == 10
    assert interruptions.stop(db, record.id, "C6", NOW - DAY)
    assert focus_of(db, record, NOW) == Unknown("fewer than 5 working days have been counted")
    db.close()


def test_a_failed_announcement_counts_nothing_and_may_be_named_again(tmp_path: Path) -> None:
    """Where we may not post, we do not count."""
    db, record = desk(tmp_path)
    assert name(db, record, "C5", NOW - 28 * DAY)
    post = outbox.claim(db, NOW, "T1")
    assert post is not None
    outbox.close(db, post, "failed", "not_in_channel")
    assert interruptions.listening(db, "T1") == {}
    assert focus_of(db, record, NOW) == NOT_YET
    assert name(db, record, "C5", NOW - 20 * DAY)
    announce(db, NOW - 20 * DAY)
    assert set(interruptions.listening(db, "T1")) == {"C5"}
    db.close()


def test_a_log_that_records_them(tmp_path: Path) -> None:
    """Imported interruptions are merged and put beside the hours; a log without any says so."""
    db, record = desk(tmp_path)
    queue = record.queues[0].id
    start = NOW - 28 * DAY
    arrival = Signal(queue, int(start * 1e6), int(start * 1e6), Kind.ARRIVAL)
    signals.add(db, [arrival])
    assert focus_recorded(signals.load(db, [queue], start, NOW), record, NOW) == NOT_IN_LOG
    moments = [int((start + d * DAY + 4 * 3600 + s) * 1e6) for d in range(28) for s in (0, 20, 40)]
    signals.add(db, [Signal(queue, at, at, Kind.INTERRUPTION) for at in moments])
    facts = signals.load(db, [queue], start, NOW)
    found = focus_recorded(facts, record, NOW)
    assert isinstance(found, Focus)
    assert np.isclose(found.interruptions.value, 20 / 100)
    db.close()


def test_the_digest_tells_it_where_it_is_known(tmp_path: Path) -> None:
    """One line for five people, none for four."""
    for people, told in ((5, True), (4, False)):
        folder = tmp_path / str(people)
        folder.mkdir()
        db, record = desk(folder, people)
        name(db, record, "C5", NOW - 28 * DAY)
        announce(db, NOW - 28 * DAY)
        lines = lately(db, record, NOW, first=False).lines
        assert any("*Focus*" in line for line in lines) is told
        db.close()


def test_they_go_after_thirteen_months_and_with_the_team(tmp_path: Path) -> None:
    """Old slots expire; a channel follows its new id."""
    db, record = desk(tmp_path)
    for at in (NOW - 400 * DAY, NOW - 10 * DAY):
        interruptions.say(db, record.id, at)
    assert expire(db, NOW)["interruptions"] == 1
    assert interruptions.slots(db, record.id, 0, NOW).size == 1
    name(db, record, "C5", NOW)
    teams.rename_channel(db, "T1", "C5", "C55")
    assert [one.channel for one in interruptions.of_team(db, record.id)] == ["C55"]
    db.close()
