"""People on two desks, from stored teams and facts: what is split, what is promised twice, who is never named."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.services.assessing import assess_team
from bot.services.two_desks import beside, elsewhere, promised_twice
from bot.signal import Kind, Signal
from storage import permalinks, signals, teams
from storage.database import Database
from storage.teams import TeamDraft, TeamRecord
from tests.fresh import fresh

NOW = 1_795_000_000.0
DRAFT = TeamDraft(
    workspace="T1", name="Desk", queue="C1", responders=("U1", "U2", "U3"), lead="U1", hours="Mon-Thu 09:00-17:00"
)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return fresh(tmp_path / "headroom.db")


def team(db: Database, name: str, people: tuple[str, ...], share: float = 1.0, workspace: str = "T1") -> TeamRecord:
    """One more desk."""
    draft = replace(DRAFT, name=name, queue=f"C{name}", responders=people, share=share, workspace=workspace)
    record = teams.get(db, teams.save(db, draft, NOW))
    assert record is not None
    return record


def claim(record: TeamRecord, key: int, actor: bytes) -> list[Signal]:
    """A request, held for an hour."""
    at = round((NOW - 86_400 + key) * 1e6)
    queue, hour = record.queues[0].id, 3_600_000_000
    return [
        Signal(queue, at, at, Kind.ARRIVAL, b"A" * 8),
        Signal(queue, at, at, Kind.CLAIM, actor, at + 1),
        Signal(queue, at, at, Kind.DONE, actor, at + hour),
    ]


def test_desks_that_share_people_are_found(db: Database) -> None:
    """Only teams of the same workspace with somebody in common stand beside each other."""
    desk = team(db, "a", ("U1", "U2"))
    other = team(db, "b", ("U2", "U9"))
    team(db, "c", ("U8",))
    team(db, "d", ("U1",), workspace="T2")
    assert [record.id for record in beside(db, desk)] == [other.id]


def test_only_what_shared_people_hold_is_looked_at(db: Database) -> None:
    """Of the other desk come whole requests that somebody of this desk claimed, and no others."""
    desk, other = team(db, "a", ("U1", "U2")), team(db, "b", ("U2", "U9"))
    signals.add(db, [*claim(desk, 1, b"P" * 8), *claim(other, 2, b"P" * 8), *claim(other, 500, b"Q" * 8)])
    facts = signals.load(db, [desk.queues[0].id], 0, NOW)
    (there,) = elsewhere(db, [other], facts, 0, NOW)
    assert len(there) == 3
    assert len(set(there.request.tolist())) == 1
    alone = facts.take(facts.kind != Kind.CLAIM)
    assert elsewhere(db, [other], alone, 0, NOW) == []


def test_hours_promised_twice_are_said_without_names(db: Database) -> None:
    """What several people promise beyond their week is added up; in the assessment it stands among the notes."""
    desk = team(db, "a", ("U1", "U2", "U3"), 0.75)
    team(db, "b", ("U1", "U2", "U9"), 0.5)
    said = promised_twice(desk, beside(db, desk), NOW)
    assert said is not None
    assert said.startswith("16 h a week are promised twice")
    assert "U1" not in said
    assert assess_team(db, desk, NOW).notes[0] == said


def test_of_one_person_no_hours_are_told(db: Database) -> None:
    """A figure that would be one person's is left out, the fact is not."""
    desk = team(db, "a", ("U1", "U2"))
    team(db, "b", ("U1", "U9"))
    said = promised_twice(desk, beside(db, desk), NOW)
    assert said is not None
    assert not any(letter.isdigit() for letter in said)


def test_shares_that_fit_are_no_news(db: Database) -> None:
    """Halves on two desks are a whole week, and who left one of them promises nothing there."""
    desk, other = team(db, "a", ("U1", "U2"), 0.5), team(db, "b", ("U1", "U2"), 0.5)
    assert promised_twice(desk, [other], NOW) is None
    full = team(db, "c", ("U1", "U2"))
    assert promised_twice(desk, [full], NOW) is not None
    teams.save(db, replace(DRAFT, team_id=full.id, name="c", queue="Cc", responders=("U9",)), NOW + 86_400)
    assert promised_twice(desk, beside(db, desk)[-1:], NOW + 2 * 86_400) is None


def test_wrong_links_reach_the_notes(db: Database) -> None:
    """What the lead found wrong is said with the figures it touches."""
    desk = team(db, "a", ("U1", "U2", "U3"))
    signals.add(db, claim(desk, 1, b"P" * 8))
    for n in range(10):
        permalinks.answer(db, desk.id, desk.queues[0].id, n, wrong=n < 2, now=NOW)
    assert "2 of 10 requests that were looked at were none" in assess_team(db, desk, NOW).notes[0]
