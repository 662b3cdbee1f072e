"""Answers are counts and nothing else: the store attacked with every byte of it in hand, at every moment."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from storage import outbox, pulse_answers, pulses, teams
from storage.database import Database
from storage.pulse_answers import Answered
from tests.fresh import fresh

PEOPLE = ("U1ADA", "U2BEN", "U3CEM", "U4DIA", "U5EVE", "U6FAY")
OPENED = date(2026, 3, 2)
SALT = b"salt" * 8
TOKENS = tuple(f"token-{n:016}" for n in range(6))
CHOICES = (0, 3, 1, 3, 2, 0)
LINE = "the deploy checklist is a ritual"
QUESTIONS = {"load": 4, "focus": 3}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a team and an open pulse whose messages have left, all at one moment."""
    path = tmp_path_factory.mktemp("template") / "headroom.db"
    db = fresh(path)
    team = teams.save(
        db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=PEOPLE, lead=PEOPLE[0]), 1_770_000_000
    )
    with db.write():
        number = open_round(db, team)
        for person in PEOPLE:
            outbox.put(
                db, workspace="T1", channel=person, team=team, direct=True, kind="pulse", key=person, body={"text": ""}
            )
    while post := outbox.claim(db, 1_770_000_100, "T1"):
        outbox.sent(db, post.key, "1770000100.000100")
    assert number == 1
    db.checkpoint()
    db.close()
    return path


def open_round(db: Database, team: int, *, floor: int = 5, opened: date = OPENED) -> int:
    return pulse_answers.open_round(
        db,
        team,
        opened=opened,
        closes=1_770_500_000,
        questions=QUESTIONS,
        floor=floor,
        invited=PEOPLE,
        salt=SALT,
    )


def copied(template: Path, folder: Path) -> Database:
    folder.mkdir()
    shutil.copy(template, folder / "headroom.db")
    return fresh(folder / "headroom.db")


def image(path: Path) -> tuple[bytes, ...]:
    """All that a thief of the disk gets at one moment: the file, and every page in the write-ahead log.

    The log's own random salts and the checksums over them are left out (https://sqlite.org/fileformat2.html#walformat).
    """
    log = path.with_name(path.name + "-wal")
    raw = log.read_bytes() if log.exists() else b""
    frames = range(32, len(raw), 24 + 4096)
    return (path.read_bytes(), *(raw[at : at + 4] + raw[at + 24 : at + 24 + 4096] for at in frames))


def dump(path: Path) -> list[str]:
    """Every row of every table, as an operator would print it."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return list(connection.iterdump())


def answers(db: Database, order: Sequence[int], watch: Callable[[], None] = lambda: None) -> None:
    """Everybody answers both questions, and three add a line, in an order of slots."""
    for slot in order:
        assert pulse_answers.answer(db, 1, TOKENS[slot], "load", CHOICES[slot]) is Answered.COUNTED
        watch()
        assert pulse_answers.answer(db, 1, TOKENS[slot], "focus", slot % 3) is Answered.COUNTED
        watch()
        if slot % 2:
            words = f"{LINE} {slot}"
            assert pulse_answers.write_text(db, 1, TOKENS[slot], words, bytes([slot] * 16)) is Answered.COUNTED
            watch()


def test_the_order_of_answers_leaves_no_trace(template: Path, tmp_path: Path) -> None:
    """Whatever the order in which the same answers come, the file is the same to the last byte, and the log empty."""
    found = set()
    for n, order in enumerate([*list(permutations(range(6)))[:: 720 // 12], (5, 4, 3, 2, 1, 0)]):
        db = copied(template, tmp_path / str(n))
        answers(db, order)
        shown = image(db.path)
        assert len(shown) == 1
        found.add(shown)
        db.close()
    assert len(found) == 1


def test_nothing_is_left_of_what_was_before(template: Path, tmp_path: Path) -> None:
    """After each answer the log is empty, so that one copy of the disk never holds the state before it."""
    db = copied(template, tmp_path / "one")
    sizes: list[int] = []
    answers(db, range(6), lambda: sizes.append(len(image(db.path))))
    assert set(sizes) == {1}
    db.close()


def test_closing_leaves_neither_salt_nor_marks_nor_lines(template: Path, tmp_path: Path) -> None:
    """After closing no byte of the salt, of a used button's mark, of a count's row or of an untold line is on disk."""
    db = copied(template, tmp_path / "one")
    answers(db, range(6))
    marks = [mark for (mark,) in db.read("select mark from pulse_used").fetchall()]
    with db.write():
        collected = pulse_answers.close(db, 1, PEOPLE)
    db.checkpoint()
    assert collected is not None
    assert collected.counts == {"load": (2, 1, 1, 2), "focus": (2, 2, 2)}
    assert sorted(collected.texts) == [f"{LINE} {slot}" for slot in (1, 3, 5)]
    left = b"".join(image(db.path))
    assert SALT not in left
    assert LINE.encode() not in left
    assert not [mark for mark in marks if mark in left]
    for table in ("pulse_used", "pulse_counts", "pulse_texts"):
        assert db.read(f"select count(*) from {table}").fetchone() == (0,)
    db.close()


def test_a_dump_names_nobody_beside_an_answer(template: Path, tmp_path: Path) -> None:
    """No row that an answer changes holds a person, a token, or a time; marks are longer than anybody can guess."""
    db = copied(template, tmp_path / "one")
    before = dump(db.path)
    answers(db, range(6))
    changed = [line for line in dump(db.path) if line not in before]
    assert changed
    for line in changed:
        assert line.startswith(('INSERT INTO "pulse_used"', 'INSERT INTO "pulse_counts"', 'INSERT INTO "pulse_texts"'))
        assert not [word for word in (*PEOPLE, *TOKENS, "17700", "2026") if word in line]
    db.close()


def test_once_for_each_button(template: Path, tmp_path: Path) -> None:
    """A second press with any answer changes nothing, another question and another token count, strangers do not."""
    db = copied(template, tmp_path / "one")
    assert pulse_answers.answer(db, 1, TOKENS[0], "load", 1) is Answered.COUNTED
    before = image(db.path)
    assert pulse_answers.answer(db, 1, TOKENS[0], "load", 1) is Answered.ALREADY
    assert pulse_answers.answer(db, 1, TOKENS[0], "load", 2) is Answered.ALREADY
    assert image(db.path)[0] == before[0]
    assert pulse_answers.noted(db, 1, TOKENS[0]) == {"load"}
    assert pulse_answers.answer(db, 1, TOKENS[0], "focus", 0) is Answered.COUNTED
    assert pulse_answers.answer(db, 1, TOKENS[1], "load", 1) is Answered.COUNTED
    assert pulse_answers.write_text(db, 1, TOKENS[0], "one") is Answered.COUNTED
    assert pulse_answers.write_text(db, 1, TOKENS[0], "two") is Answered.ALREADY
    assert pulse_answers.noted(db, 1, TOKENS[0]) == {"load", "focus", "text"}
    for question, choice in (("load", 4), ("load", -1), ("away", 0), ("text", 0)):
        assert pulse_answers.answer(db, 1, TOKENS[2], question, choice) is Answered.CLOSED
    assert db.read("select n from pulse_counts where question = 'load' order by choice").fetchall() == [
        (pulse_answers.NONE + n,) for n in (0, 2, 0, 0)
    ]
    db.close()


def test_closed_is_closed(template: Path, tmp_path: Path) -> None:
    """After closing neither answers nor lines are taken, nobody can ask what was noted, and it closes once."""
    db = copied(template, tmp_path / "one")
    pulse_answers.answer(db, 1, TOKENS[0], "load", 1)
    assert pulse_answers.close(db, 1, PEOPLE[:5]) is not None
    assert pulse_answers.close(db, 1, ()) is None
    assert pulses.invited(db, 1) == set(PEOPLE[:5])
    assert pulse_answers.answer(db, 1, TOKENS[0], "focus", 1) is Answered.CLOSED
    assert pulse_answers.write_text(db, 1, TOKENS[0], "late") is Answered.CLOSED
    assert pulse_answers.noted(db, 1, TOKENS[0]) == frozenset()
    assert pulse_answers.answer(db, 99, TOKENS[0], "load", 1) is Answered.CLOSED
    assert pulses.running(db, 1) is None
    db.close()


def test_what_is_known_of_a_question(template: Path, tmp_path: Path) -> None:
    """An open round counts for all its questions, a closed one for those that were told, an old one for none."""
    db = copied(template, tmp_path / "one")
    everyone = frozenset(PEOPLE)
    assert pulses.known_groups(db, "T1", "load", OPENED) == [(OPENED, everyone)]
    assert pulses.known_groups(db, "T1", "away", OPENED) == []
    assert pulses.known_groups(db, "T2", "load", OPENED) == []
    assert pulses.known_groups(db, "T1", "load", OPENED, but=1) == []
    with db.write():
        pulse_answers.close(db, 1, PEOPLE)
        pulses.publish(db, 1, "load", {"good": 1, "poor": 2})
    assert pulses.known_groups(db, "T1", "load", OPENED) == [(OPENED, everyone)]
    assert pulses.known_groups(db, "T1", "focus", OPENED) == []
    assert pulses.known_groups(db, "T1", "load", date(2026, 3, 3)) == []
    assert pulses.last_result(db, 1, "load", 2) == (OPENED, {"good": 1, "poor": 2})
    assert pulses.expire(db, OPENED + timedelta(days=91), 91) == 0
    second = open_round(db, 1, opened=OPENED + timedelta(days=91))
    assert pulses.expire(db, OPENED + timedelta(days=100), 91) == 0  # the open round is compared with it
    with db.write():
        pulse_answers.close(db, second, PEOPLE)
    assert pulses.expire(db, OPENED + timedelta(days=100), 91) == 6
    assert pulses.invited(db, 1) == frozenset()
    db.close()
