"""Process flaws: the day a note shows, what stands by kind, what a fix moved, what the digest says of it."""

import functools
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.friction import Group
from bot.messages.friction_form import Filled
from bot.messages.readable import readable
from bot.services import frictions as friction
from bot.signal import Kind, Signal
from storage import frictions, rhythms, signals, teams
from storage.database import Database
from storage.frictions import Note
from storage.rhythms import Rhythm
from storage.teams import TeamRecord
from tests.fresh import fresh

WEDNESDAY = date(2026, 3, 11)
NOON = datetime(2026, 3, 11, 11, 0, tzinfo=UTC).timestamp()
DAY, WEEK = 86_400.0, 7 * 86_400.0
SECOND = 1_000_000
FIVE = ("U1", "U2", "U3", "U4", "U5")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = fresh(tmp_path / "headroom.db")
    yield database
    database.close()


def team_of(db: Database, people: tuple[str, ...] = FIVE, **more: object) -> TeamRecord:
    said = {"tz": "Europe/Berlin", "country": "DE", "lead": "U1", **more}
    draft = teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=people, **said)  # type: ignore[arg-type]
    record = teams.get(db, teams.save(db, draft, NOON - 400 * DAY))
    assert record is not None
    return record


def say(db: Database, record: TeamRecord, form: str, topic: str = "approvals", at: float = NOON, draw: int = 0) -> bool:
    said = Filled(form, record.id, topic, f"line {form}", "wait")
    return friction.report(db, record, said, at, lambda _: draw)


@pytest.mark.parametrize(
    ("draw", "day"),
    [(0, date(2026, 4, 1)), (1, date(2026, 4, 2)), (2, date(2026, 4, 7)), (4, date(2026, 4, 9))],
)
def test_a_note_shows_on_a_working_day(db: Database, draw: int, day: date) -> None:
    """The day drawn counts working days only: neither the weekend, nor Good Friday, nor Easter Monday."""
    record = team_of(db)
    say(db, record, "a", at=datetime(2026, 3, 31, 9, tzinfo=UTC).timestamp(), draw=draw)
    assert db.read("select shown from frictions").fetchone() == (day.isoformat(),)


@given(draw=st.integers(0, 4), start=st.dates(date(2020, 1, 1), date(2035, 12, 1)))
def test_the_day_is_one_of_the_next_five_working_days(draw: int, start: date) -> None:
    """Whatever is drawn on whichever day, the note shows later, on a day from Monday to Friday, so many of them on."""
    record = a_record()
    shown = friction.working_day_after(record, start, 1 + draw)
    assert shown > start
    assert shown.weekday() < 5
    between = [start + timedelta(days=n) for n in range(1, (shown - start).days + 1)]
    assert sum(day.weekday() < 5 for day in between) == draw + 1


@functools.cache
def a_record() -> TeamRecord:
    """A team without public holidays."""
    with tempfile.TemporaryDirectory() as folder:
        db = fresh(Path(folder) / "headroom.db")
        record = team_of(db, country=None)
        db.close()
    return record


def test_the_draw_reaches_every_day_alike(db: Database) -> None:
    """What is asked of the draw is a number below five, so that each of five days is as likely."""
    asked: list[int] = []

    def draw(below: int) -> int:
        asked.append(below)
        return below - 1

    record = team_of(db)
    friction.report(db, record, Filled("a", record.id, "tools", "slow", "wait"), NOON, draw)
    assert asked == [5]


def test_below_five_and_switched_off_nothing_is_taken(db: Database) -> None:
    """A team of four is told why and what else to do; so is one that switched reports off; a team of five is asked."""
    small = team_of(db, FIVE[:4])
    assert "4 responders, and with fewer than 5" in friction.refused(db, small, NOON)
    assert "/headroom gain" in friction.refused(db, small, NOON)
    record = teams.get(
        db, teams.save(db, teams.TeamDraft(workspace="T1", name="Other", queue="C2", responders=FIVE, lead="U1"), NOON)
    )
    assert record is not None
    assert friction.refused(db, record, NOON) == ""
    rhythms.save(db, record.id, Rhythm(friction=False))
    assert "switched off" in friction.refused(db, record, NOON)


def noted(words: str, topic: str, shown: date, state: str = "open") -> Note:
    return Note(topic, words, "wait", shown, state)


def test_kinds_stand_newest_first(db: Database) -> None:
    """Notes are grouped by kind, the kind with the newest note first, counted by who looks at them already."""
    notes = [
        noted("a", "approvals", date(2026, 3, 2)),
        noted("b", "tools", date(2026, 3, 9)),
        noted("c", "approvals", date(2026, 3, 3), "looking"),
        noted("d", "missing", date(2026, 3, 4), "fixed"),
    ]
    assert friction.standing(notes) == [
        Group("tools", ("b",), 1, 1, date(2026, 3, 9)),
        Group("approvals", ("a", "c"), 2, 1, date(2026, 3, 3)),
    ]


def test_of_many_notes_the_newest_are_written_out_in_an_order_that_says_nothing() -> None:
    """Twelve of a kind: ten lines, the two oldest left out, the rest as stored and not by day."""
    notes = [noted(str(n), "tools", date(2026, 3, 1) + timedelta(days=(7 * n) % 12)) for n in range(12)]
    (group,) = friction.standing(notes)
    oldest = {str(n) for n in range(12) if (7 * n) % 12 < 2}
    assert group.notes == 12
    assert group.words == tuple(str(n) for n in range(12) if str(n) not in oldest)


def work(db: Database, record: TeamRecord, weeks: int, wait_before: float, wait_after: float, turn: float) -> None:
    """Twelve requests a weekday, claimed after so many hours: before a Unix second, and after it."""
    facts: list[Signal] = []
    queue = record.queues[0].id
    monday = datetime(2026, 3, 9, 8, 0, tzinfo=UTC).timestamp()
    for week in range(-weeks, weeks):
        for day in range(5):
            for n in range(12):
                at = monday + week * WEEK + day * DAY + n * 900 + 60 * ((week * 7 + day * 3 + n) % 11)
                wait = wait_before if at < turn else wait_after
                times = (at, at + wait * 3600, at + wait * 3600 + 1200)
                for kind, when in zip((Kind.ARRIVAL, Kind.CLAIM, Kind.DONE), times, strict=True):
                    who = b"" if kind is Kind.ARRIVAL else b"responde"
                    timed = 0 if kind is Kind.ARRIVAL else int(when * SECOND)
                    facts.append(Signal(queue, int(at * SECOND), int(at * SECOND), kind, who, timed))
    signals.add(db, facts)


def test_before_and_after_a_fix(db: Database) -> None:
    """Too early for four complete weeks, with the day to look again; then the measure, its range and its weeks."""
    record = team_of(db)
    say(db, record, "a", at=NOON - 7 * DAY)
    frictions.mark(db, record.id, "approvals", "fixed", WEDNESDAY, WEDNESDAY)
    work(db, record, 10, 3.0, 0.5, NOON)
    again = date(2026, 4, 13)
    assert friction.comparable_from(WEDNESDAY) == again
    early = readable(friction.listed(db, record, NOON + (again - WEDNESDAY).days * DAY - DAY))
    assert "fixed on 11 Mar: too early to compare, look again on 13 Apr." in early
    late = readable(friction.listed(db, record, NOON + (again - WEDNESDAY).days * DAY))
    assert "Waiting for approvals (1 note) was fixed on 11 Mar. The wait went from" in late
    assert "4 after)" in late
    assert "too early" not in late


def test_the_digest_names_kinds_nobody_looks_at(db: Database) -> None:
    """Nothing before a note shows; then kinds and counts, no words; silent once somebody looks, or it is off."""
    record = team_of(db)
    say(db, record, "a", draw=1)
    assert friction.digest_line(db, record, NOON) == ""
    say(db, record, "b")
    say(db, record, "c", "tools", at=NOON - 7 * DAY)
    later = NOON + 2 * DAY
    assert friction.digest_line(db, record, later) == (
        "Two kinds of process flaw were reported: waiting for approvals (2 notes), tools and access (1). "
        "`/headroom friction list` shows them."
    )
    frictions.mark(db, record.id, "approvals", "looking", date(2026, 3, 13), date(2026, 3, 13))
    assert friction.digest_line(db, record, later).startswith("One kind of process flaw was reported: tools")
    rhythms.save(db, record.id, Rhythm(friction=False))
    assert friction.digest_line(db, record, later) == ""


def test_the_digest_tells_once_what_a_fix_moved(db: Database) -> None:
    """In the week in which it can be told first, the digest says what came of a fix; not before, not after."""
    record = team_of(db)
    say(db, record, "a", at=NOON - 7 * DAY)
    frictions.mark(db, record.id, "approvals", "fixed", WEDNESDAY, WEDNESDAY)
    told = [friction.digest_line(db, record, NOON + 5 * DAY + n * WEEK) for n in range(8)]
    assert [bool(line) for line in told] == [False] * 4 + [True] + [False] * 3
    assert told[4].startswith("Waiting for approvals (1 note) was fixed on 11 Mar. The wait cannot be compared yet")
