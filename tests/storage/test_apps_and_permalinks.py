"""Which other apps ask, and what the lead said of captured requests."""

import random
from dataclasses import replace

from bot.signal import Kind, Signal
from bot.watch import OtherApp
from storage import permalinks, retention, signals, teams
from storage.database import Database
from storage.teams import TeamDraft

SECOND = 1_000_000
NOW = 1_700_000_000
DRAFT = TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1", "U2"), lead="U1")


def requests(db: Database, queue: int, times: int) -> list[int]:
    """So many requests, an hour apart, the newest an hour ago; returns their keys."""
    keys = [(NOW - 3600 * (n + 1)) * SECOND for n in reversed(range(times))]
    signals.add(db, [Signal(queue, key, key, Kind.ARRIVAL, n.to_bytes(8, "big")) for n, key in enumerate(keys, 1)])
    return keys


def drawn(db: Database, queue: int, most: int = 10) -> list[int]:
    """What a round shows, of the last two days."""
    found = permalinks.sample(db, 1, [queue], NOW - 48 * 3600, NOW, most, random.Random(5))
    assert all(number == queue for number, _ in found)
    return [request for _, request in found]


def test_apps_are_kept_and_replaced(db: Database) -> None:
    """A team's decisions come back as they were made, reach capture, and later ones take their place."""
    draft = replace(DRAFT, apps=(OtherApp("B2", "Pager", False), OtherApp("B1", "Forms", True)), other_apps="request")
    team = teams.save(db, draft, NOW)
    record = teams.get(db, team)
    assert record is not None
    assert record.apps == (OtherApp("B1", "Forms", True), OtherApp("B2", "Pager", False))
    teams.set_announced(db, team, NOW)
    assert teams.watched(db)["T1", "C1"].apps == {"B1": True, "B2": False}
    teams.save(db, replace(draft, team_id=team, apps=()), NOW)
    assert teams.watched(db)["T1", "C1"].apps == {}


def test_a_round_is_drawn_from_the_last_days(db: Database, queue: int) -> None:
    """Ten at most, in order of arrival, only from the time asked for, none twice."""
    keys = requests(db, queue, 100)
    found = drawn(db, queue)
    assert len(set(found)) == 10
    assert found == sorted(found)
    assert set(found) <= set(keys[-48:])


def test_what_was_looked_at_is_not_drawn_again(db: Database, queue: int) -> None:
    """Answered requests leave the draw, until none is left."""
    keys = requests(db, queue, 12)
    for request in drawn(db, queue):
        permalinks.answer(db, 1, queue, request, wrong=False, now=NOW)
    rest = drawn(db, queue)
    assert len(rest) == 2
    assert set(rest) < set(keys)
    for request in rest:
        permalinks.answer(db, 1, queue, request, wrong=False, now=NOW)
    assert drawn(db, queue) == []


def test_answers_are_counted_once_each(db: Database, queue: int) -> None:
    """The last word on a message counts, old answers fade, and no message can be read from the table."""
    assert permalinks.tally(db, 1, 0) is None
    for n, wrong in ((1, True), (2, False), (3, True), (3, False), (3, True)):
        permalinks.answer(db, 1, queue, n, wrong=wrong, now=NOW + n)
    assert permalinks.tally(db, 1, 0) == (2, 3)
    assert permalinks.tally(db, 1, NOW + 2) == (1, 2)
    assert permalinks.tally(db, 1, NOW + 9) is None
    rows = db.read("select post from permalinks").fetchall()
    assert all(isinstance(post, bytes) and len(post) == 12 for (post,) in rows)


def test_a_forgotten_team_leaves_nothing(db: Database, queue: int) -> None:
    """Forgetting a team takes its apps and answers along."""
    teams.save(db, replace(DRAFT, team_id=1, apps=(OtherApp("B1", "Forms", True),)), NOW)
    permalinks.answer(db, 1, queue, 1, wrong=True, now=NOW)
    retention.forget_team(db, 1)
    for table in ("apps", "permalinks"):
        assert db.read(f"select count(*) from {table}").fetchone() == (0,)
