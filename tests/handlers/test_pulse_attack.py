"""Whoever answers what, the disk looks the same: two lives that differ only in who gave which answer."""

import logging
import shutil
from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.errors import BadInputError
from bot.jobs.pulses import message_key
from bot.messages import actions
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.messages.pulse import packed
from bot.slack import Slack
from handlers import pulses as heard
from handlers.answers import Answer, Instead, Wrong
from handlers.parts import Parts
from storage import outbox, pulse_answers, teams
from tests.fresh import fresh
from tests.handlers.desk import call
from tests.storage.test_pulses import dump, image

PEOPLE = ("U1ADA", "U2BEN", "U3CEM", "U4DIA", "U5EVE", "U6FAY")
TOKENS = tuple(f"token-{n:016}" for n in range(6))
CHOICES = (0, 3, 1, 3, 2, 0)
LINE = "the deploy checklist is a ritual"
NOW = 1_772_460_000.0

LIVES = (
    (0, 1, 2, 3, 4, 5),
    (5, 4, 3, 2, 1, 0),
    (1, 0, 2, 3, 4, 5),
    (2, 3, 4, 5, 0, 1),
    (0, 1, 2, 3, 5, 4),
)
"""Which person does what the n-th does in the first life; their messages' random tokens go with it."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team whose six people were sent a pulse."""
    path = tmp_path_factory.mktemp("template") / "headroom.db"
    db = fresh(path)
    record = teams.get(
        db,
        teams.save(
            db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=PEOPLE, lead=PEOPLE[0]), NOW
        ),
    )
    assert record is not None
    with db.write():
        number = pulse_answers.open_round(
            db,
            record.id,
            opened=date(2026, 3, 2),
            closes=NOW + 400_000,
            questions={"load": 4, "focus": 3},
            floor=5,
            invited=PEOPLE,
        )
        for person in PEOPLE:
            outbox.put(
                db,
                workspace="T1",
                channel=person,
                team=record.id,
                direct=True,
                kind="pulse",
                key=message_key(record, number, person),
                body={"text": ""},
            )
    while post := outbox.claim(db, NOW, "T1"):
        outbox.sent(db, post.key, "1772460000.000100")
    db.checkpoint()
    db.close()
    return path


def parts_on(template: Path, folder: Path) -> Parts:
    folder.mkdir()
    shutil.copy(template, folder / "headroom.db")
    db = fresh(folder / "headroom.db")
    return Parts(db, Slack("xoxb-none", "http://127.0.0.1:1/api/"), lambda: NOW, lambda: None, "T1", "U0BOT")


def press(user: str, token: str, question: str, choice: int, pulse: int = 1) -> Mapping[str, Any]:
    """What Slack sends of a press."""
    button = {"action_id": f"{actions.PULSE_ANSWER}_{question}_{choice}", "value": packed(pulse, token)}
    return {"user": {"id": user, "name": "some.body"}, "actions": [button]}


def answered(parts: Parts, body: Mapping[str, Any]) -> tuple[Message, bool]:
    """What a press is answered, and whether that takes the message's place; a mistake as the front says it."""
    try:
        answer = heard.answered(call(parts, body["user"]["id"], body))
    except BadInputError as strange:
        return problem(strange), False
    return (answer.message, True) if isinstance(answer, Instead) else (answer, False)


def text_sent(parts: Parts, user: str, view: Mapping[str, Any]) -> Answer:
    """What the form of the one line is answered."""
    return heard.text_sent(call(parts, user, {"view": view}))


def form(token: str, words: str) -> Mapping[str, Any]:
    values = {actions.PULSE_TEXT: {actions.PULSE_TEXT: {"value": words}}}
    return {"private_metadata": packed(1, token), "state": {"values": values}}


@pytest.mark.slow
def test_every_moment_looks_the_same_whoever_answered(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each press the file, the log and the dump are equal to the last byte in all lives; so are their backups.

    Everything random is drawn alike, and each person's token goes with the life they lead; so no view of the disk
    tells one assignment of people to answers from another.
    """
    views: list[list[tuple[object, ...]]] = []
    for n, life in enumerate(LIVES):
        places = iter(bytes([16 * n + 1] * 16) for n in range(6))
        monkeypatch.setattr("storage.pulse_answers.secrets.token_bytes", lambda _, places=places: next(places))
        parts = parts_on(template, tmp_path / str(n))
        seen: list[tuple[object, ...]] = []
        for slot, who in enumerate(life):
            for question, choice in (("load", CHOICES[slot]), ("focus", slot % 3)):
                message, replaces = answered(parts, press(PEOPLE[who], TOKENS[slot], question, choice))
                assert replaces, message.text
                backup = tmp_path / f"backup-{n}-{len(seen)}"
                with parts.db.tables.conn as connection:
                    connection.execute("vacuum into ?", (str(backup),))
                seen.append((image(parts.db.path), dump(parts.db.path), backup.read_bytes()))
            if slot % 2:
                text_sent(parts, PEOPLE[who], form(TOKENS[slot], f"{LINE} {slot}"))
                seen.append((image(parts.db.path), dump(parts.db.path)))
        views.append(seen)
        parts.db.close()
    assert len(views[0]) == 15
    assert all(view == views[0] for view in views)


def test_while_an_answer_is_written_the_disk_shows_only_before_or_after(template: Path, tmp_path: Path) -> None:
    """Copies taken between any two statements of an answer hold the state before it or the one after it."""
    parts = parts_on(template, tmp_path / "one")
    path = parts.db.path
    states: list[tuple[bytes, ...]] = []
    connection = parts.db.tables.conn
    before = image(path)
    connection.set_trace_callback(lambda _sql: states.append(image(path)))
    answered(parts, press(PEOPLE[2], TOKENS[2], "load", 1))
    connection.set_trace_callback(None)
    assert len(states) > 5
    fresh = {state for state in states if state[0] != before[0] or len(state) > 1}
    for state in fresh:  # the log holds whole pages of this one answer, and no other
        assert not [word for word in (*TOKENS, "some.body") if word.encode() in b"".join(state[1:])]
    assert len(image(path)) == 1
    parts.db.close()


def test_no_log_names_anybody(template: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Presses, double presses, a line, strangers and damaged buttons leave no id, name, token or word in any log."""
    caplog.set_level(logging.DEBUG)
    written = StringIO()
    kept = logs.handler()
    kept.stream = written  # type: ignore[attr-defined]
    logging.getLogger().addHandler(kept)
    parts = parts_on(template, tmp_path / "one")
    for user in (PEOPLE[0], PEOPLE[0], "U9GUEST"):
        answered(parts, press(user, TOKENS[0], "load", 1))
        heard.text_form(call(parts, user, press(user, TOKENS[0], "load", 1)))
        text_sent(parts, user, form(TOKENS[0], LINE))
    answered(parts, {"user": {"id": PEOPLE[1]}, "actions": [{"action_id": "x", "value": TOKENS[1]}]})
    logging.getLogger().removeHandler(kept)
    said = caplog.text + written.getvalue()
    assert not [word for word in (*PEOPLE, *TOKENS, "U9GUEST", "some.body", LINE) if word in said]
    parts.db.close()


def test_what_is_pressed_wrongly_is_answered_kindly(template: Path, tmp_path: Path) -> None:
    """A double press, a stranger's, another workspace's, a damaged and a forged button: one sentence, true state."""
    parts = parts_on(template, tmp_path / "one")
    assert answered(parts, press(PEOPLE[0], TOKENS[0], "load", 1))[1]
    again, replaces = answered(parts, press(PEOPLE[0], TOKENS[0], "load", 3))
    assert replaces
    assert "the first tap stands" in again.text
    state = dump(parts.db.path)
    for body, words in (
        (press("U9GUEST", TOKENS[1], "load", 1), "sent to somebody else"),
        (press(PEOPLE[0], TOKENS[0], "away", 0), "closed"),
        (press(PEOPLE[0], TOKENS[0], "load", 9), "no longer asked"),
        (press(PEOPLE[0], "x y", "load", 0), "damaged"),
        (press(PEOPLE[0], "{{token}}", "load", 0), "damaged"),
        (press(PEOPLE[0], TOKENS[0], "load", 0, pulse=77), "closed"),
    ):
        message, _ = answered(parts, body)
        assert words in message.text
        assert TOKENS[0] not in message.text
    elsewhere = Parts(parts.db, parts.slack, parts.clock, parts.wake, "T2", "U0BOT")
    assert "closed" in answered(elsewhere, press(PEOPLE[1], TOKENS[1], "load", 1))[0].text
    assert dump(parts.db.path) == state
    parts.db.close()


def test_a_form_that_comes_twice_or_empty(template: Path, tmp_path: Path) -> None:
    """The first line counts; a second, an empty, a stranger's and a late one are answered and change nothing."""
    parts = parts_on(template, tmp_path / "one")
    empty = text_sent(parts, PEOPLE[0], form(TOKENS[0], " \u202e "))
    assert empty == Wrong({actions.PULSE_TEXT: "Write a few words, or press Cancel."})
    assert "is noted" in str(text_sent(parts, PEOPLE[0], form(TOKENS[0], LINE)))
    assert "added a line before" in str(text_sent(parts, PEOPLE[0], form(TOKENS[0], "again")))
    assert "somebody else" in str(text_sent(parts, "U9GUEST", form(TOKENS[1], "again")))
    assert parts.db.read("select words from pulse_texts").fetchall() == [(LINE,)]
    with parts.db.write():
        pulse_answers.close(parts.db, 1, PEOPLE)
    assert "closed" in str(text_sent(parts, PEOPLE[1], form(TOKENS[1], "late")))
    message, replaces = answered(parts, press(PEOPLE[1], TOKENS[1], "load", 1))
    assert replaces
    assert "This pulse is closed" in message.text
    parts.db.close()


def test_nothing_is_taken_before_enough_people_were_asked(template: Path, tmp_path: Path) -> None:
    """While fewer than the floor have their message, a press is not counted: its time would tell whose it is."""
    parts = parts_on(template, tmp_path / "one")
    with parts.db.write() as connection:
        connection.execute("update outbox set state = 'waiting' where channel in ('U5EVE', 'U6FAY')")
    before = dump(parts.db.path)
    message, replaces = answered(parts, press(PEOPLE[0], TOKENS[0], "load", 1))
    assert not replaces
    assert "tap again tomorrow" in message.text
    assert "tap again tomorrow" in str(text_sent(parts, PEOPLE[0], form(TOKENS[0], LINE)))
    assert dump(parts.db.path) == before
    post = outbox.claim(parts.db, NOW, "T1")
    assert post is not None
    outbox.sent(parts.db, post.key, "1772460000.000200")
    assert answered(parts, press(PEOPLE[0], TOKENS[0], "load", 1))[1]
    parts.db.close()
