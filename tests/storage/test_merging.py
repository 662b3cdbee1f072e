"""Which posts are one request outlasts the knowledge of who wrote them."""

import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.seen.requests import derive
from bot.signal import MESSAGE_KINDS, Kind, Signal
from storage import keys, requests, signals, teams
from storage.database import Database
from tests.budget import examples
from tests.fresh import fresh

SECOND = 1_000_000
SEPTEMBER = int(datetime(2025, 9, 1, tzinfo=UTC).timestamp()) * SECOND
NOVEMBER = datetime(2025, 11, 3, tzinfo=UTC).timestamp()
"""August's secret goes, September's stays."""

COUNTED = ("queue", "request", "arrived", "answered", "claimed", "started", "first_done", "done", "open")
COUNTED += ("chases", "last")


@contextmanager
def store() -> Iterator[tuple[Database, int]]:
    """A database of its own for each example, with one queue."""
    with tempfile.TemporaryDirectory() as folder:
        db = fresh(Path(folder) / "headroom.db")
        draft = teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("UR",))
        yield db, teams.queue_id(db, teams.save(db, draft, SEPTEMBER / 1e6), "T1", "C1")
        db.close()


@dataclass(frozen=True)
class Said:
    """A fact before its author is a pseudonym."""

    request: int
    message: int
    kind: Kind
    user: str
    reacted: int = 0
    undoes: int = 0


def keep(db: Database, queue: int, history: Sequence[Said]) -> None:
    """What capture would make of these facts now."""
    pseudonym = keys.Pseudonymizer(db, "T1")
    pseudonym("UR", SEPTEMBER + 14 * 86_400 * SECOND)  # September's secret, and those of the two months before
    signals.add(
        db,
        [
            Signal(
                queue,
                fact.request,
                fact.message,
                fact.kind,
                pseudonym(fact.user, fact.message) if fact.user else b"",
                fact.reacted,
                fact.undoes,
            )
            for fact in history
        ],
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Said]:
    """Posts of three people and of nobody across the turn of a month, many within minutes, and what became of them."""
    apart = st.sampled_from([1, 60, 120, 299, 300, 301, 900])
    posts: list[tuple[int, str]] = []
    at = SEPTEMBER - 1500 * SECOND + draw(st.integers(0, 10**6))
    for step in draw(st.lists(apart, min_size=2, max_size=25)):
        posts.append((at, draw(st.sampled_from(["UA", "UA", "UB", "UC", ""]))))
        at += step * SECOND
    history = [Said(post, post, Kind.ARRIVAL, user) for post, user in posts]
    for post, user in draw(st.lists(st.sampled_from(posts), max_size=20)):
        kind = draw(st.sampled_from([kind for kind in Kind if kind not in (Kind.ARRIVAL, Kind.JOIN, Kind.WITHDRAW)]))
        later = draw(st.integers(1, 2000)) * SECOND + 7
        if kind in MESSAGE_KINDS:
            by = "UR" if kind is Kind.REPLY else user
            history.append(Said(post, post + later, kind, by))
        else:
            reacted = post + later if draw(st.booleans()) else 0
            by = draw(st.sampled_from(["UR", "US", user]))
            history.append(Said(post, post, kind, by, reacted))
            back = draw(st.sampled_from([0, 0, 1, 59, 61, 500])) * SECOND
            if back:
                history.append(Said(post, post, Kind.WITHDRAW, by, (reacted or post) + back, int(kind)))
    return draw(st.permutations(history))


def read_again(history: Sequence[Said]) -> list[Said]:
    """What Slack's history says later: no times of reactions, and none that was taken back."""
    back = {(fact.message, fact.undoes, fact.user) for fact in history if fact.kind is Kind.WITHDRAW}
    stands = [fact for fact in history if (fact.message, int(fact.kind), fact.user) not in back and not fact.undoes]
    return [replace(fact, reacted=0) for fact in stands if fact.kind is not Kind.DELETE]


def counts(db: Database, queue: int) -> dict[str, list[object]]:
    """What the table says, and each column of requests that health derives from the facts."""
    requests.drain(db)
    found = derive(signals.load(db, [queue], -math.inf, math.inf), math.inf)
    columns: dict[str, list[object]] = {
        name: np.nan_to_num(np.asarray(getattr(found, name), np.float64), nan=-1).tolist() for name in COUNTED
    }
    # two people's 🔁 at a time that nobody can tell are one without their authors: figures ask whether, not how often
    columns["reopened"], columns["escalated"] = (found.reopens > 0).tolist(), (found.escalations > 0).tolist()
    columns["table"] = db.read("select * from requests order by queue, request").fetchall()
    return columns


def actors(db: Database) -> set[bytes]:
    return {actor for (actor,) in db.read("select distinct actor from signals")}


@pytest.mark.slow
@given(histories(), st.permutations(["destroyed", "removed", "rebuilt", "read again", "read again"]))
@examples(150)
def test_no_count_changes_when_authors_are_forgotten(history: list[Said], order: list[str]) -> None:
    """A month's secret destroyed, a person's traces removed, derived anew, read again: each count stands as it was."""
    with store() as (db, queue):
        keep(db, queue, history)
        before = counts(db, queue)
        for what in order:
            if what == "destroyed":
                keys.destroy_old(db, NOVEMBER, lambda team, month: ())
            elif what == "removed":
                keys.opt_out(db, "T1", "UA")
            elif what == "rebuilt":
                requests.rebuild(db)
            else:
                keep(db, queue, read_again(history))
            assert counts(db, queue) == before, what
        assert keys.facts_of(db, "T1", "UA") == []
