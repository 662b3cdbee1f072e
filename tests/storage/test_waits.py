"""What the buttons of the list write: once, with the same result however often and in whatever order it is derived."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from bot.signal import Kind, Signal
from storage import requests, signals, teams, waits
from storage.database import Database

AT = 1_773_000_000_000_000
MINUTE = 60_000_000
NOW = (AT + 100 * MINUTE) / 1e6
ANNA, ASKER = b"\x01" * 8, b"\x09" * 8
ACTS = {
    "done": partial(waits.done, actor=ANNA, now=NOW),
    "elsewhere": partial(waits.answered_elsewhere, now=NOW),
    "none": partial(waits.no_request, actor=ANNA, now=NOW),
    "given up": partial(waits.given_up, actor=ASKER, now=NOW),
}


@pytest.fixture
def queue(db: Database) -> int:
    """A team's queue with a request of two posts, one that was claimed, and one that came back."""
    number = teams.save(db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1",)), NOW)
    record = teams.get(db, number)
    assert record is not None
    found = record.queues[0].id
    rows = [(AT, Kind.ARRIVAL, ASKER, 0), (AT + MINUTE, Kind.ARRIVAL, ASKER, 0)]
    claimed, back = AT + 10 * MINUTE, AT + 20 * MINUTE
    rows += [(claimed, Kind.ARRIVAL, ASKER, 0), (claimed, Kind.CLAIM, ANNA, claimed + MINUTE)]
    rows += [(back, Kind.ARRIVAL, ASKER, 0), (back, Kind.DONE, ANNA, back + MINUTE)]
    rows += [(back, Kind.REOPEN, ASKER, back + 2 * MINUTE)]
    signals.add(db, [Signal(found, key, key, kind, actor, reacted) for key, kind, actor, reacted in rows])
    return found


def table(db: Database) -> list[tuple[int | None, ...]]:
    """All requests as derived."""
    return db.read("select * from requests order by request").fetchall()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("request_", [AT, AT + 10 * MINUTE, AT + 20 * MINUTE])
def test_a_press_counts_once(db: Database, queue: int, act: str, request_: int) -> None:
    """It closes the request it is about and no other; again, it finds it closed; derived anew, all is the same."""
    assert requests.is_open(db, queue, request_)
    assert ACTS[act](db, queue, request_)
    assert not requests.is_open(db, queue, request_)
    assert requests.open_among(db, [queue]) == 2
    facts, found = signals.count(db, [queue]), table(db)
    assert not any(again(db, queue, request_) for again in ACTS.values())
    assert signals.count(db, [queue]) == facts
    requests.rebuild(db)
    assert table(db) == found


@pytest.mark.parametrize("act", ACTS)
def test_of_two_at_once_one_counts(db: Database, queue: int, act: str) -> None:
    """Several people press in the same moment: one of them closes it."""
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: ACTS[act](db, queue, AT), range(8)))
    assert sorted(said) == [False] * 7 + [True]


def test_answered_elsewhere_leaves_no_time(db: Database, queue: int) -> None:
    """It is closed without an end; one that was claimed keeps its claim and gets no end either."""
    for key in (AT, AT + 10 * MINUTE):
        assert waits.answered_elsewhere(db, queue, key, NOW)
    rows = db.read("select done, open from requests where request < ?", (AT + 15 * MINUTE,)).fetchall()
    assert rows == [(None, 0), (None, 0)]
    assert signals.count(db, [queue]) == 7 + 2


def test_what_was_never_there_is_not_closed(db: Database, queue: int) -> None:
    """A key that is no request, and a queue that is none, write nothing."""
    facts = signals.count(db, [queue])
    assert not any(act(db, queue, AT + 7) for act in ACTS.values())
    assert not any(act(db, queue + 9, AT) for act in ACTS.values())
    assert signals.count(db, [queue]) == facts


def test_whose_request_it_is(db: Database, queue: int) -> None:
    """Only under the pseudonym it was asked under is it somebody's own; what is closed is nobody's open request."""
    assert waits.asked_under(db, queue, AT, ASKER)
    assert not waits.asked_under(db, queue, AT, ANNA)
    requests.drain(db)
    assert requests.asked_by(db, [queue], [ANNA, ASKER])
    assert not requests.asked_by(db, [queue], [ANNA])
    for key in (AT, AT + 10 * MINUTE, AT + 20 * MINUTE):
        waits.done(db, queue, key, ANNA, NOW)
    assert not requests.asked_by(db, [queue], [ASKER])
