"""`headroom log`: everything sent, held or failed can be found, and nobody's id in it."""

import json
import os
import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.errors import BadInputError
from bot.report.sent import EMPTIED, Entry, as_json, log, text
from storage import accesses, outbox, teams
from storage.database import Database
from tests.fresh import fresh

ZONE = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 11, 12, tzinfo=ZONE).timestamp()
DAY = 86_400.0
PEOPLE = ("U0AAAA111", "U0BBBB222", "U0CCCC333")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return fresh(tmp_path / "headroom.db")


def team(db: Database, name: str = "Desk") -> int:
    draft = teams.TeamDraft(workspace="T1", name=name, queue=f"C0{name.upper()}", responders=PEOPLE, tz="Europe/Berlin")
    return teams.save(db, draft, NOON)


def put(db: Database, number: int | None, channel: str, words: str, kind: str = "digest", at: float = NOON) -> str:
    body = {"text": words, "blocks": []}
    direct = channel.startswith("U")
    return outbox.put(db, workspace="T1", channel=channel, body=body, team=number, direct=direct, kind=kind, made=at)


def send(db: Database, at: float = NOON) -> None:
    while post := outbox.claim(db, at, "T1"):
        outbox.sent(db, post.key, f"{at:.6f}")


def test_all_that_was_sent_held_or_failed_is_there(db: Database) -> None:
    """Each post is one line with when, kind, where and its fate; what waits stands at the time it may leave."""
    number = team(db)
    put(db, number, "C0TEAM", "Sent words")
    send(db)
    put(db, number, "C0TEAM", "Held words", "alert")
    held = outbox.claim(db, NOON + 60, "T1")
    assert held is not None
    outbox.again(db, held, NOON + DAY, "held: two messages a day")
    put(db, None, "C0GONE", "Refused words", "hint")
    refused = outbox.claim(db, NOON + 120, "T1")
    assert refused is not None
    outbox.close(db, refused, "failed", "channel_not_found")
    found = log(db, None, 2, lambda: NOON + 3600)
    assert found == [
        Entry("2026-03-11T12:00+01:00", "Desk", "digest", "C0TEAM", "sent", "", "Sent words"),
        Entry("2026-03-11T11:02+00:00", None, "hint", "C0GONE", "failed", "channel_not_found", "Refused words"),
        Entry("2026-03-12T12:00+01:00", "Desk", "alert", "C0TEAM", "held", "held: two messages a day", "Held words"),
    ]
    assert text(found[:1], 2) == "2026-03-11T12:00+01:00 · Desk · digest · C0TEAM · sent\n  Sent words"


def test_direct_messages_name_nobody(db: Database) -> None:
    """Copies are one line that counts people; ids, mentions and links are out of the words too."""
    number = team(db)
    for person in PEOPLE:
        put(db, number, person, "How was the week?", "pulse")
    put(db, number, PEOPLE[0], f"<@{PEOPLE[1]}> and {PEOPLE[2]} left; <https://x.example/{PEOPLE[0]}|your request>")
    send(db)
    found = log(db, "Desk", 2, lambda: NOON)
    assert {(entry.where, entry.words) for entry in found} == {
        ("direct, 1 person", "(somebody) and (somebody) left; your request"),
        ("direct, 3 people", "How was the week?"),
    }
    assert not any(person in json.dumps(as_json(found)) for person in PEOPLE)


def test_long_and_emptied_words(db: Database) -> None:
    """Two hundred characters are shown; after 90 days it says that the words are gone."""
    number = team(db)
    put(db, number, "C0TEAM", "All utilization " * 40)
    send(db)
    (shown,) = log(db, None, 2, lambda: NOON)
    assert len(shown.words) == 200
    assert shown.words.startswith("All utilization All")
    outbox.empty_before(db, NOON + 1)
    (emptied,) = log(db, None, 2, lambda: NOON)
    assert emptied.words == EMPTIED


def test_only_one_team_and_only_some_days(db: Database) -> None:
    """Another team's and older posts are left out; a team that is not there is named."""
    first, second = team(db), team(db, "Second")
    put(db, first, "C0TEAM", "Old", at=NOON - 5 * DAY)
    send(db, NOON - 5 * DAY)
    for number, words in ((first, "First"), (second, "Second")):
        put(db, number, "C0TEAM", words)
    send(db)
    assert [entry.words for entry in log(db, "Desk", 2, lambda: NOON)] == ["First"]
    assert [entry.words for entry in log(db, None, 30, lambda: NOON)] == ["Old", "First", "Second"]
    assert text(log(db, None, 0, lambda: NOON + 1), 0) == "Nothing was sent, held or refused in the last 0 days."
    with pytest.raises(BadInputError, match="there are Desk, Second"):
        log(db, "Dsek", 2, lambda: NOON)


def test_each_look_is_in_the_access_log(db: Database) -> None:
    """The operator's looks are counted by day."""
    for _ in range(2):
        log(db, None, 2, lambda: NOON)
    assert accesses.since(db, date(2026, 1, 1)) == [(date(2026, 3, 11), "log", 2)]


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`headroom log` prints text and, with --json, the same as objects; no user id in either."""
    for name in [name for name in os.environ if name.startswith(("HEADROOM_", "SLACK_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    db = fresh(tmp_path / "headroom.db")
    number = team(db)
    for place in ("C0TEAM", *PEOPLE):
        put(db, number, place, "Hello")
    db.close()
    shown = CliRunner().invoke(main, ["log", "--days", "400"])
    assert shown.exit_code == 0, shown.output
    assert "Desk · digest · direct, 3 people · waiting\n  Hello" in shown.stdout
    listed = json.loads(CliRunner().invoke(main, ["log", "--team", "Desk", "--days", "400", "--json"]).stdout)
    assert [line["where"] for line in listed] == ["C0TEAM", "direct, 3 people"]
    assert not re.search(r"U0[A-C]{4}", shown.stdout + json.dumps(listed))
    wrong = CliRunner().invoke(main, ["log", "--team", "Nobody"])
    assert (wrong.exit_code, wrong.stderr) == (
        1,
        "Error: --team is 'Nobody': there is no such team; there are Desk\n",
    )
