"""Which posts are one request outlasts the knowledge of who wrote them."""

import math
import sqlite3
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

COUNTED = ("queue", "request", "arrived", "answered", "claimed", "started", "first_done", "done")
ASKED = ("open", "chases", "last")


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
        name: np.nan_to_num(np.asarray(getattr(found, name), np.float64), nan=-1).tolist() for name in COUNTED + ASKED
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


def waiting(db: Database, queue: int) -> list[int]:
    requests.drain(db)
    return [request for _, request in requests.waiting(db, [queue])]


def test_posts_of_somebody_who_objects_stay_together(db: Database, queue: int) -> None:
    """What was one request stays one, a later fact about the second post counts for it, and it says of nobody who."""
    posts = [SEPTEMBER + n * 100 * SECOND for n in range(5)]  # the fifth is over five minutes after the first
    history = [Said(post, post, Kind.ARRIVAL, "UA") for post in posts]
    keep(db, queue, history)
    assert waiting(db, queue) == [posts[0], posts[4]]
    keys.opt_out(db, "T1", "UA")
    keys.opt_out(db, "T1", "UA")
    assert waiting(db, queue) == [posts[0], posts[4]]
    written = db.read("select request, message, actor, at from signals where kind = ?", (int(Kind.JOIN),)).fetchall()
    assert sorted(written) == [(posts[0], post, b"", post) for post in posts[1:4]]
    keep(db, queue, [*history, Said(posts[2], posts[2] + SECOND, Kind.REPLY, "UR")])
    assert waiting(db, queue) == [posts[4]]


@pytest.mark.parametrize("who", ["UR", "UA"])
def test_what_came_back_stays_so_without_its_people(db: Database, queue: int, who: str) -> None:
    """✅, a complaint, the ✅ taken off and set anew: as many closings and reopenings whoever is forgotten."""
    at = [SEPTEMBER + n * 3600 * SECOND for n in range(6)]
    history = [
        Said(at[0], at[0], Kind.ARRIVAL, "UA"),
        Said(at[0], at[0], Kind.DONE, "UR", at[1]),
        Said(at[0], at[2], Kind.FOLLOWUP, "UA"),
        Said(at[0], at[0], Kind.WITHDRAW, "UR", at[3], int(Kind.DONE)),
        Said(at[0], at[0], Kind.DONE, "UR", at[4]),
    ]
    keep(db, queue, history)
    before = counts(db, queue)
    assert (before["reopened"], before["open"]) == ([True], [0])
    for forget in (lambda: keys.opt_out(db, "T1", who), lambda: keys.destroy_old(db, 4e9, lambda team, month: ())):
        forget()
        requests.rebuild(db)
        assert counts(db, queue) == before


def test_nothing_is_written_about_others(db: Database, queue: int) -> None:
    """Somebody else's posts, among which the one who objects wrote, keep their author and need no writing down."""
    posts = [SEPTEMBER, SEPTEMBER + SECOND]
    keep(db, queue, [Said(post, post, Kind.ARRIVAL, "UB") for post in posts])
    keep(db, queue, [Said(posts[0], posts[0] + 9 * SECOND, Kind.FOLLOWUP, "UA")])
    keys.opt_out(db, "T1", "UA")
    assert db.read("select count(*) from signals where kind = ?", (int(Kind.JOIN),)).fetchone() == (0,)
    assert waiting(db, queue) == posts[:1]


def test_posts_together_that_no_transaction_holds_together(db: Database, queue: int) -> None:
    """Emptied in several transactions that cut through requests, and broken off between two: no count changes."""
    first = SEPTEMBER - 10 * 86_400 * SECOND
    posts = [first + n * 7 * SECOND for n in range(3 * keys.BATCH)]
    newest_first = [Said(post, post, Kind.ARRIVAL, "UA") for post in reversed(posts)]
    keep(db, queue, newest_first[::2] + newest_first[1::2])
    before = counts(db, queue)
    assert len(before["request"]) == math.ceil(len(posts) / 43)  # 43 posts in the first five minutes
    for last in (keys.BATCH + 1, 2 * keys.BATCH + 1):
        crash = (
            f"create trigger crash before update on signals when new.id = {last} begin select raise(abort, 'x'); end"
        )
        db.read(crash)
        with pytest.raises(sqlite3.IntegrityError):
            keys.destroy_old(db, NOVEMBER, lambda team, month: ())
        db.read("drop trigger crash")
        assert db.read("select count(*) from signals where actor = x'' and kind = 1").fetchone() == (last - 1,)
        assert counts(db, queue) == before
    keys.destroy_old(db, NOVEMBER, lambda team, month: ())
    assert actors(db) == {b""}
    assert counts(db, queue) == before


@pytest.mark.parametrize("who", ["UR", ""])
def test_what_was_taken_back_stays_taken_back(db: Database, queue: int, who: str) -> None:
    """Two people set ✅ and one, maybe nobody known, takes theirs back: without names the request is as closed."""
    at = SEPTEMBER - 86_400 * SECOND
    done = [Said(at, at, Kind.DONE, user) for user in (who, "US")]
    keep(db, queue, [Said(at, at, Kind.ARRIVAL, "UA"), *done])
    keep(db, queue, [Said(at, at, Kind.WITHDRAW, who, at + SECOND, int(Kind.DONE))])
    before = counts(db, queue)
    assert before["open"] == [0.0]
    keys.destroy_old(db, NOVEMBER, lambda team, month: ())
    assert actors(db) == {b""}
    assert counts(db, queue) == before
