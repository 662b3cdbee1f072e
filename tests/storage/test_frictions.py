"""Process flaws in the store: one form is one note, and nothing in the file tells who, when, or in which order."""

import itertools
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from storage import frictions, teams
from storage.database import Database
from storage.frictions import Note
from tests.fresh import fresh

TODAY, SOON = date(2026, 3, 11), date(2026, 3, 13)


@pytest.fixture
def team(db: Database) -> int:
    draft = teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1", "U2"), lead="U1")
    return teams.save(db, draft, 1_700_000_000)


def note(words: str = "Sign-off takes days", topic: str = "approvals", shown: date = TODAY) -> Note:
    return Note(topic, words, "cycle", shown)


def test_a_note_is_seen_from_its_day_on(db: Database, team: int) -> None:
    """Before the day that was drawn there is nothing, from it on there is the note, in its own team alone."""
    assert frictions.add(db, "a", team, note(shown=SOON))
    assert frictions.seen(db, team, TODAY) == []
    assert frictions.seen(db, team, SOON) == [note(shown=SOON)]
    assert frictions.seen(db, team + 1, SOON) == []


def test_one_form_is_one_note(db: Database, team: int) -> None:
    """A form that is sent twice, even with other words, keeps what came first; another form is another note."""
    assert frictions.add(db, "form one", team, note("first"))
    assert not frictions.add(db, "form one", team, note("second"))
    assert frictions.add(db, "form two", team, note("second"))
    assert sorted(n.words for n in frictions.seen(db, team, TODAY)) == ["first", "second"]


def test_looking_and_fixed(db: Database, team: int) -> None:
    """All notes of a kind that were seen change together, once; other kinds and later notes stay as they are."""
    for form, one in enumerate((note("a"), note("b"), note("later", shown=SOON), note("c", topic="tools"))):
        frictions.add(db, str(form), team, one)
    assert frictions.mark(db, team, "approvals", "looking", TODAY, TODAY) == 2
    assert frictions.mark(db, team, "approvals", "looking", TODAY, SOON) == 0
    assert frictions.mark(db, team, "approvals", "fixed", TODAY, SOON) == 2
    assert frictions.mark(db, team, "approvals", "looking", TODAY, SOON) == 0
    states = {n.words: (n.state, n.changed) for n in frictions.seen(db, team, SOON)}
    assert states == {"a": ("fixed", SOON), "b": ("fixed", SOON), "later": ("open", None), "c": ("open", None)}


def test_a_forgotten_team_takes_its_notes_along(db: Database, team: int) -> None:
    """Without its team no note is left."""
    frictions.add(db, "a", team, note())
    with db.write() as connection:
        connection.execute("delete from teams where id = ?", (team,))
    assert db.read("select count(*) from frictions").fetchone() == (0,)


def test_no_column_can_hold_a_person_or_a_time(db: Database) -> None:
    """The columns are what the privacy page says; the only dates are days."""
    columns = {row[1] for row in db.read("pragma table_info(frictions)")}
    assert columns == {"id", "team", "topic", "words", "measure", "shown", "state", "changed"}


def places(path: Path) -> list[str]:
    """The notes in the order in which they lie in the file, read as an attacker would: byte by byte."""
    data = path.read_bytes()
    found = {f"note number {n:03}".encode(): data.find(f"note number {n:03}".encode()) for n in range(40)}
    return [words.decode() for words in sorted(found, key=lambda words: found[words])]


def test_neither_numbers_nor_places_in_the_file_tell_the_order(db: Database, team: int) -> None:
    """Row numbers are random, and in the file notes lie as their numbers do, whenever they came."""
    came = [f"note number {n:03}" for n in range(40)]
    for n, words in enumerate(came):
        frictions.add(db, f"form {n}", team, note(words))
    numbers = dict(db.read("select words, id from frictions").fetchall())
    by_number = sorted(came, key=lambda words: numbers[words])
    rises = sum(numbers[a] < numbers[b] for a, b in itertools.pairwise(came))
    assert 10 < rises < 30  # 39 neighbours, half of them rising
    assert all(0 <= number < 2**frictions.ID_BITS for number in numbers.values())
    db.checkpoint()
    lying = places(db.path)
    assert lying in (by_number, by_number[::-1])


def test_the_same_notes_in_any_order_make_the_same_table(tmp_path: Path) -> None:
    """Two stores that took the same forms in opposite order hold the same notes at the same places of the file."""
    found = []
    for name, turn in (("one", 1), ("two", -1)):
        db = fresh(tmp_path / f"{name}.db")
        number = teams.save(
            db,
            teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1", "U2"), lead="U1"),
            1_700_000_000,
        )
        for n in range(40)[::turn]:
            frictions.add(db, f"form {n}", number, note(f"note number {n:03}"))
        db.checkpoint()
        db.close()
        rows = sqlite3.connect(tmp_path / f"{name}.db").execute("select rowid, * from frictions").fetchall()
        found.append((rows, places(tmp_path / f"{name}.db")))
    assert found[0] == found[1]
