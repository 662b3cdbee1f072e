"""Who is asked how often, and answers that count once and lead to nobody."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from storage import keys, mutes, outbox, solved, teams
from storage.database import Database
from tests.unsent import unsent

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC).timestamp()
DAY = 86_400.0


@pytest.fixture
def team(db: Database) -> int:
    """A team in workspace T1."""
    keys.make_first(db, "T1", NOW)
    return teams.save(
        db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1", "U2", "U3"), lead="U1"), NOW
    )


def asked(db: Database, team: int, ts: str = "1773000000.000001", **changes: Any) -> bool:
    """Put a question down."""
    said = {
        "workspace": "T1",
        "team": team,
        "channel": "C1",
        "ts": ts,
        "asked_at": float(ts),
        "person": "U9",
        "body": {"text": "?"},
        "not_before": NOW + DAY,
    }
    now = changes.pop("now", NOW)
    return solved.ask(db, solved.Question(**{**said, **changes}), now)


def test_the_same_request_is_asked_about_once(db: Database, team: int) -> None:
    """A second ✅, a redelivery or a second process adds no second message, and uses up nothing."""
    assert asked(db, team)
    assert not asked(db, team)
    assert unsent(db) == 1
    assert solved.times_asked(db, "T1", "U9") == [("2026-03", 1)]


def test_nobody_is_asked_more_than_twice_a_month(db: Database, team: int) -> None:
    """The third question of a month is not asked; other people and the next month are."""
    assert [asked(db, team, f"177300000{n}.000000") for n in range(3)] == [True, True, False]
    assert asked(db, team, "1773000005.000000", person="U8")
    april = datetime(2026, 4, 2, tzinfo=UTC).timestamp()
    assert asked(db, team, "1773000006.000000", now=april)


def test_a_team_asks_twenty_a_week(db: Database, team: int) -> None:
    """The twenty-first question of seven days is not asked; a week later they go on."""
    done = [asked(db, team, f"17730000{n:02}.000000", person=f"U{n}X") for n in range(21)]
    assert done == [True] * 20 + [False]
    assert asked(db, team, "1773000099.000000", person="U99X", now=NOW + 8 * DAY)


def test_the_key_of_a_question_says_nothing_once_the_secret_is_gone(db: Database, team: int) -> None:
    """Neither the request nor the person can be told from what stays in the outbox."""
    asked(db, team)
    outbox.close(db, _claimed(db), "failed", "x")
    solved.let_go(db, NOW + 6 * DAY)
    row = db.read("select * from outbox").fetchone()
    assert "U9" not in str(tuple(row))
    assert "1773000000" not in str(tuple(row))
    assert db.read("select key from outbox").fetchone()[0] != outbox.key_of("solved", "C1", "1773000000.000001")
    assert not asked(db, team), "it is still known that this request was asked about"


def _claimed(db: Database) -> outbox.Post:
    post = outbox.claim(db, NOW + 3 * DAY, "T1")
    assert post is not None
    return post


def test_a_month_without_a_secret_is_not_asked_about(db: Database, team: int) -> None:
    """A request from before the months that are kept leads to no question."""
    assert not asked(db, team, "1600000000.000000")


def test_a_token_counts_once(db: Database, team: int) -> None:
    """The first press counts; another one, of any button of that message, changes nothing."""
    day = date(2026, 3, 11)
    assert solved.answer(db, team, 0, "token", day)
    assert not solved.answer(db, team, 2, "token", day)
    assert solved.answer(db, team, 2, "other", day)
    assert solved.weeks(db, team) == [(date(2026, 3, 9), (1, 0, 1))]


def test_the_file_does_not_hold_the_token(db: Database, team: int) -> None:
    """With the whole file in hand, log included, the token of an answer is not there."""
    solved.answer(db, team, 0, "sesame-sesame-sesame", date(2026, 3, 11))
    held = b"".join(path.read_bytes() for path in db.path.parent.glob(f"{db.path.name}*"))
    assert b"sesame" not in held


def test_old_marks_go_and_young_ones_stay(db: Database, team: int) -> None:
    """Two months after its month a used token and a count of questions are forgotten."""
    asked(db, team)
    solved.answer(db, team, 0, "token", date(2026, 3, 11))
    solved.let_go(db, datetime(2026, 5, 31, tzinfo=UTC).timestamp())
    assert solved.times_asked(db, "T1", "U9") == [("2026-03", 1)]
    assert not solved.answer(db, team, 0, "token", date(2026, 5, 31))
    solved.let_go(db, datetime(2026, 6, 1, tzinfo=UTC).timestamp())
    assert db.read("select count(*) from solved_asked").fetchone() == (0,)
    assert db.read("select count(*) from solved_used").fetchone() == (0,)
    assert len(solved.weeks(db, team)) == 1, "the counts stay"


def test_a_wish_and_a_removal_both_mute(db: Database, team: int) -> None:
    """Whoever muted a question, or had their traces removed, is not to be asked; taken back, only the wish goes."""
    mutes.mute(db, "T1", "U9", "solved")
    mutes.mute(db, "T1", "U9", "solved")
    assert mutes.muted(db, "T1", "U9", "solved")
    assert not mutes.muted(db, "T1", "U9", "pulse")
    assert mutes.of(db, "T1", "U9") == ("solved",)
    mutes.unmute(db, "T1", "U9", "solved")
    assert not mutes.muted(db, "T1", "U9", "solved")
    keys.opt_out(db, "T1", "U9")
    mutes.unmute(db, "T1", "U9", "solved")
    assert mutes.muted(db, "T1", "U9", "solved")
    assert mutes.muted(db, "T1", "U9", "pulse")
