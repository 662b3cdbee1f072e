"""The table of requests: whatever the order, the portions and what changes in between, as if derived at once."""

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.seen.requests import derive
from bot.signal import MESSAGE_KINDS, Kind, Signal
from storage import keys, requests, retention, signals, teams
from storage.database import Database
from tests.budget import examples
from tests.fresh import fresh

MIDNIGHT = int(datetime(2025, 9, 15, tzinfo=UTC).timestamp()) * 1_000_000
THIRTEEN_MONTHS_LATER = datetime(2026, 10, 15, 12, tzinfo=UTC).timestamp()
STEP = 100_000_000  # messages this close, by one author, are one request
REACTED = 1_000_000


@contextmanager
def store() -> Iterator[tuple[Database, int]]:
    """A database of its own for each example, with one queue."""
    with tempfile.TemporaryDirectory() as folder:
        db = fresh(Path(folder) / "headroom.db")
        team = teams.save(
            db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1",)), MIDNIGHT / 1e6
        )
        yield db, teams.queue_id(db, team, "T1", "C1")
        db.close()


def table(db: Database) -> list[tuple[object, ...]]:
    return db.read("select * from requests order by queue, request").fetchall()


def at_once(db: Database, queue: int) -> list[tuple[object, ...]]:
    """What health says of all facts together, in the table's form."""
    found = derive(signals.load(db, [queue], -math.inf, math.inf), math.inf)

    def us(seconds: float) -> int | None:
        return None if math.isnan(seconds) else round(seconds * 1e6)

    return [
        (
            queue,
            int(found.request[n]),
            us(found.arrived[n]),
            us(found.answered[n]),
            us(found.started[n]),
            us(found.done[n]),
            us(found.last[n]),
            int(found.open[n]),
        )
        for n in range(len(found))
        if not math.isnan(found.arrived[n])
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, object]]:
    """Facts in portions, with draining, objections and expiry in between.

    Ten messages straddle midnight, so that expiry takes some of them.
    """
    roots = [draw(st.sampled_from([n, n, 0, n // 2])) for n in range(10)]
    roots = [root if roots[root] == root else n for n, root in enumerate(roots)]
    asker = [draw(st.sampled_from(["UA", "UB", ""])) for _ in range(10)]

    def one(n: int, kind: Kind, actor: str, knows: bool, later: int) -> tuple[int, int, Kind, str, int]:
        root = roots[n]
        if kind in MESSAGE_KINDS:
            kind = Kind.ARRIVAL if root == n else Kind.REPLY if kind is Kind.ARRIVAL else kind
            return n, root, kind, asker[n], 0
        return n, root if knows else n, kind, actor, max(later, int(kind is Kind.WITHDRAW))

    fact = st.builds(
        one,
        st.integers(0, 9),
        st.sampled_from(list(Kind)),
        st.sampled_from(["UA", "UB", ""]),
        st.booleans(),
        st.integers(0, 3),
    )
    first = st.tuples(st.just("add"), st.lists(fact, min_size=10, max_size=30))
    step = st.one_of(
        st.tuples(st.just("add"), st.lists(fact, max_size=10)),
        st.tuples(st.just("drain"), st.none()),
        st.tuples(st.just("object"), st.sampled_from(["UA", "UB"])),
        st.tuples(st.just("expire"), st.none()),
    )
    return [draw(first), *draw(st.lists(step, max_size=8))]


@pytest.mark.slow
@given(histories())
@examples(150)
def test_drained_in_portions_is_derived_at_once(history: list[tuple[str, object]]) -> None:
    """After any history the drained table is what all facts say together, and what a rebuild makes."""
    with store() as (db, queue):
        pseudonym = keys.Pseudonymizer(db, "T1")

        def signal(n: int, root: int, kind: Kind, user: str, later: int) -> Signal:
            message = MIDNIGHT + (n - 5) * STEP
            return Signal(
                queue,
                MIDNIGHT + (root - 5) * STEP,
                message,
                kind,
                pseudonym(user, message) if user else b"",
                message + later * REACTED if later else 0,
                int(Kind.CLAIM) if kind is Kind.WITHDRAW else 0,
            )

        for what, which in history:
            if what == "add":
                assert isinstance(which, list)
                signals.add(db, [signal(*fact) for fact in which])
            elif what == "drain":
                requests.drain(db)
            elif what == "object":
                keys.opt_out(db, "T1", str(which))
            else:
                retention.expire(db, THIRTEEN_MONTHS_LATER)
        requests.drain(db)
        drained = table(db)
        assert drained == at_once(db, queue)
        requests.rebuild(db)
        assert table(db) == drained
        assert requests.drain(db) == 0


def test_a_root_learned_later_counts(db: Database, queue: int) -> None:
    """A ✅ in a thread that nobody knew closes the request once history names the thread, though no fact is new."""
    in_thread = MIDNIGHT + STEP
    done = Signal(queue, in_thread, in_thread, Kind.DONE, b"respond1", in_thread + REACTED)
    signals.add(db, [Signal(queue, MIDNIGHT, MIDNIGHT, Kind.ARRIVAL), done])
    requests.drain(db)
    assert requests.waiting(db, [queue]) == [(queue, MIDNIGHT)]
    assert signals.add(db, [Signal(queue, MIDNIGHT, in_thread, Kind.DONE, b"respond1")]) == 0
    requests.drain(db)
    assert requests.waiting(db, [queue]) == []


def test_waiting(db: Database, queue: int) -> None:
    """Only open, unanswered requests of the wanted queues wait, the oldest first."""
    at = [MIDNIGHT + n * 3_600_000_000 for n in range(4)]
    facts = [Signal(queue, t, t, Kind.ARRIVAL, bytes([n]) * 8) for n, t in enumerate(at)]
    facts += [
        Signal(queue, at[1], at[1] + 5, Kind.REPLY, b"respond1"),
        Signal(queue, at[2], at[2], Kind.DONE, b"respond1", at[2] + 5),
    ]
    signals.add(db, reversed(facts))
    assert requests.waiting(db, [queue]) == []
    assert requests.drain(db) == 6
    assert requests.waiting(db, [queue]) == [(queue, at[0]), (queue, at[3])]
    assert requests.waiting(db, [queue + 1]) == []
    assert requests.waiting(db, []) == []


def test_a_new_fact_after_the_newest_went_is_not_passed_over(db: Database, queue: int) -> None:
    """Numbers of facts are never used again: a timed fact that follows its drained untimed twin is derived."""
    signals.add(db, [Signal(queue, MIDNIGHT, MIDNIGHT, Kind.ARRIVAL)])
    signals.add(db, [Signal(queue, MIDNIGHT, MIDNIGHT, Kind.ESCALATE)])
    requests.drain(db)
    with db.write() as connection:
        connection.execute("delete from signals where kind = ?", (int(Kind.ESCALATE),))
    signals.add(db, [Signal(queue, MIDNIGHT, MIDNIGHT, Kind.DONE, b"respond1", MIDNIGHT + 5)])
    requests.drain(db)
    assert table(db) == at_once(db, queue)
    assert requests.waiting(db, [queue]) == []


def test_many_batches(db: Database, queue: int) -> None:
    """More facts than one transaction takes are all derived, and each transaction takes only its portion."""
    many = [
        Signal(queue, t, t, Kind.ARRIVAL, b"12345678")
        for t in range(MIDNIGHT, MIDNIGHT + 900 * 3_600_000_000, 3_600_000_000)
    ]
    signals.add(db, many)
    assert requests.drain(db) == 900
    assert len(requests.waiting(db, [queue])) == 900


def test_indexes_are_used(db: Database) -> None:
    """What a batch looks up, it finds by index."""
    plans = {
        requests._FACTS: ("signals_request (queue=? AND request=?)", "signals_fact (queue=? AND message=?)"),
        requests._SAME_AUTHOR: ("signals_at (queue=? AND at>? AND at<?)",),
    }
    for sql, wanted in plans.items():
        places = 2 if "?2" in sql else 1
        plan = " ".join(row[3] for row in db.read(f"explain query plan {sql}", ("[]",) * places))
        for index in wanted:
            assert f"INDEX {index}" in plan
        assert "SCAN signals" not in plan
        assert "SCAN a" not in plan
        assert "SCAN b" not in plan
