"""Facts are kept once, in whatever order they come."""

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.seen.requests import Facts
from bot.signal import MESSAGE_KINDS, Kind, Signal
from storage import signals, teams
from storage.database import Database
from tests.budget import examples
from tests.fresh import fresh

AT = 1_700_000_000_000_000
ANNA, BEN = b"anna\0\0\0\0", b"benbenbe"
REACTIONS = sorted(set(Kind) - MESSAGE_KINDS - {Kind.WITHDRAW})


@contextmanager
def store() -> Iterator[tuple[Database, int]]:
    """A database of its own for each example, with one queue."""
    with tempfile.TemporaryDirectory() as folder:
        db = fresh(Path(folder) / "headroom.db")
        team = teams.save(db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1",)), AT / 1e6)
        yield db, teams.queue_id(db, team, "T1", "C1")
        db.close()


@st.composite
def facts(draw: st.DrawFn) -> list[Signal]:
    """Facts about eight messages, a few of them roots; reactions know the root or only the message."""
    times = [AT + n * 100_000_000 for n in range(8)]
    roots = [times[draw(st.sampled_from([n, 0, n // 2]))] for n in range(8)]
    roots = [root if root == roots[times.index(root)] else times[n] for n, root in enumerate(roots)]
    actors = st.sampled_from([b"", ANNA, BEN])

    def one(n: int, kind: Kind, actor: bytes, knows: bool, later: int, undoes: Kind) -> Signal:
        message, root = times[n], roots[n]
        if kind in MESSAGE_KINDS:
            kind = Kind.ARRIVAL if root == message else Kind.REPLY if kind is Kind.ARRIVAL else kind
            return Signal(1, root, message, kind, actor)
        reacted = message + later * 1_000_000 if later or kind is Kind.WITHDRAW else 0
        return Signal(
            1,
            root if knows else message,
            message,
            kind,
            actor,
            reacted,
            int(undoes) if kind is Kind.WITHDRAW else 0,
        )

    return draw(
        st.lists(
            st.builds(
                one,
                st.integers(0, 7),
                st.sampled_from(list(Kind)),
                actors,
                st.booleans(),
                st.integers(0, 3),
                st.sampled_from([Kind.CLAIM, Kind.DONE]),
            ),
            max_size=40,
        )
    )


def rows(db: Database) -> set[tuple[object, ...]]:
    """All facts but their numbers."""
    return set(db.read("select queue, request, message, kind, actor, reacted, at, undoes from signals").fetchall())


@given(st.data())
@examples(60)
def test_order_and_repetition_do_not_matter(data: st.DataObject) -> None:
    """The same facts, in another order, in other portions and partly twice, are the same store."""
    given_facts = data.draw(facts())
    again = data.draw(st.permutations([*given_facts, *given_facts[::2]]))
    cut = data.draw(st.integers(0, len(again)))
    with store() as (db, queue), store() as (other, _):
        assert queue == 1
        for fact in given_facts:
            signals.add(db, [fact])
        signals.add(other, again[:cut])
        signals.add(other, again[cut:])
        assert rows(db) == rows(other)
        before = rows(db)
        signals.add(db, given_facts)
        assert rows(db) == before


@given(facts())
@examples(40)
def test_what_is_loaded_is_what_was_given(given_facts: list[Signal]) -> None:
    """Timed facts come back as health would have made them from memory."""
    with store() as (db, queue):
        only = [s for s in given_facts if s.timed and s.request == s.message]
        signals.add(db, only)
        loaded, wanted = signals.load(db, [queue], 0, math.inf), Facts.of(set(only))
        for name in ("request", "message", "kind", "actor", "at", "timed", "undoes", "queue"):
            got, want = getattr(loaded, name), getattr(wanted, name)
            assert got.dtype == want.dtype
        key = ("undoes", "actor", "kind", "at", "message")
        a = loaded.take(np.lexsort([getattr(loaded, k) for k in key]))
        b = wanted.take(np.lexsort([getattr(wanted, k) for k in key]))
        for name in ("request", "message", "kind", "actor", "at", "timed", "undoes", "queue"):
            assert np.array_equal(getattr(a, name), getattr(b, name)), name


@pytest.mark.parametrize("kind", REACTIONS)
def test_a_timed_fact_takes_the_place_of_its_untimed_twin(db: Database, queue: int, kind: Kind) -> None:
    """Live after back-filled, or back-filled after live: only the timed one stays, under the root one of them knew."""
    untimed = Signal(queue, AT, AT + 5, kind, ANNA)
    timed = Signal(queue, AT + 5, AT + 5, kind, ANNA, AT + 9)
    other = Signal(queue, AT, AT + 5, kind, BEN)
    signals.add(db, [untimed, other])
    signals.add(db, [timed])
    wanted = {(queue, AT, AT + 5, kind, ANNA, AT + 9, AT + 9, 0), (queue, AT, AT + 5, kind, BEN, 0, AT + 5, 0)}
    assert rows(db) == wanted
    assert signals.add(db, [untimed]) == 0
    assert rows(db) == wanted


def test_a_later_equal_reaction_counts_again(db: Database, queue: int) -> None:
    """Two claims by one person at two times are two facts."""
    claims = [Signal(queue, AT, AT, Kind.CLAIM, ANNA, AT + n) for n in (1, 2)]
    assert signals.add(db, claims) == 2


def test_window_and_queues(db: Database, queue: int) -> None:
    """Only the wanted queues and times are loaded, both ends included; span and count see all."""
    team = teams.by_queue(db, "T1", "C1")
    assert team is not None
    second = teams.queue_id(db, team.id, "T1", "C2")
    signals.add(db, [Signal(q, m, m, Kind.ARRIVAL) for q in (queue, second) for m in range(AT, AT + 5_000_000, 10**6)])
    start = AT / 1e6
    assert signals.load(db, [queue], start + 1, start + 3).at.tolist() == [start + 1, start + 2, start + 3]
    assert len(signals.load(db, [queue, second, queue], start + 1, start + 3)) == 6
    assert len(signals.load(db, [], 0, math.inf)) == 0
    assert signals.span(db, [queue, second]) == (start, start + 4)
    assert signals.span(db, []) is None
    assert signals.span(db, [queue + 999]) is None
    assert signals.count(db, [queue]) == 5


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (signals.WINDOW, "signals_at (queue=? AND at>? AND at<?)"),
        (signals._INSERT_REACTION, "signals_fact (queue=? AND message=?)"),
        (signals._INSERT_REACTION, "signals_fact (queue=? AND message=? AND kind=? AND actor=?)"),
        (signals._DROP_TWIN, "signals_fact (queue=? AND message=? AND kind=? AND actor=? AND reacted=?)"),
    ],
)
def test_indexes_are_used(db: Database, sql: str, index: str) -> None:
    """No statement of the hot paths walks through a queue."""
    places = 8 if "?8" in sql else sql.count("?")
    plan = " ".join(row[3] for row in db.read(f"explain query plan {sql}", (1,) * places))
    assert f"INDEX {index}" in plan
    assert "SCAN signals" not in plan
