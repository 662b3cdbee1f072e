"""Coordination: the reference slope, what counts, and silence where the weeks cannot say."""

import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.coordination import (
    BOUNCE,
    CHASE,
    CLARIFICATION,
    HANDOFF,
    NOTHING,
    WORK,
    exchanges,
    growth,
    loglog,
    share,
    weekly,
)
from bot.health.facts import Facts, Ints
from bot.health.results import Unknown
from bot.health.seen.corrections import tidy
from bot.signal import Kind, Signal
from storage.signals import columns, row_of

REFERENCE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "reference.json").read_text())


def test_the_slope_equals_the_reference() -> None:
    """Least squares, its interval, and Theil and Sen's."""
    known = REFERENCE["loglog_slope"]
    found = loglog(np.array(known["x"], dtype=np.float64), np.array(known["y"]))
    assert found.slope == pytest.approx(known["ols_slope"], rel=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(known["ci95"]), rel=1e-8)
    assert found.robust == pytest.approx(known["theil_sen"], rel=1e-9)
    assert found.weeks == 8


def test_growth_needs_weeks_and_a_span() -> None:
    """Seven weeks do not do, nor weeks of one size, nor weeks without coordination."""
    ten = np.array([10, 12, 14, 16, 18, 20, 22, 24.0])
    assert not isinstance(growth(ten, ten), str)
    assert "fewer than 8 weeks" in str(growth(ten[1:], ten[1:]))
    assert "too alike" in str(growth(ten + 50, ten))
    assert "fewer than 8 weeks" in str(growth(ten, np.zeros(8)))
    bare = np.concatenate((ten, np.full(3, 15.0)))
    assert "no coordination" in str(growth(bare, np.concatenate((ten, np.zeros(3)))))
    assert not isinstance(growth(bare[:-1], np.concatenate((ten, np.zeros(2)))), str)


START = 1_700_000_000_000_000
BORNE = (Kind.ARRIVAL, Kind.REPLY, Kind.CHASE, Kind.FOLLOWUP, Kind.THANKS)

Told = tuple[Kind, float] | tuple[Kind, float, bytes]
"""What happened, at which second, and by whom."""


def facts(*told: Told, queue: int = 1) -> Facts:
    """One request's facts, seconds apart from its arrival, by some actor."""
    rows = []
    for kind, seconds, *who in told:
        at, actor = START + int(seconds * 1e6), who[0] * 8 if who else b""
        borne = kind in BORNE
        rows.append(row_of(Signal(queue, START, at if borne else START, kind, actor, 0 if borne else at)))
    return columns(rows)


def parts(told: Facts, back: Ints = NOTHING) -> list[int]:
    """What each exchange is, in order of time."""
    return [int(part) for part in exchanges(tidy(told, 2e9), back).part]


def test_what_coordinates() -> None:
    """Asking back and its answer before work is taken, a chase, a hand-off; not what comes after, nor an answer."""
    asked = facts(
        (Kind.ARRIVAL, 0),
        (Kind.REPLY, 10),
        (Kind.FOLLOWUP, 20),
        (Kind.CLAIM, 30),
        (Kind.REPLY, 35),
        (Kind.FOLLOWUP, 40),
        (Kind.CHASE, 50),
        (Kind.HANDOFF, 60),
        (Kind.DONE, 70),
    )
    assert parts(asked) == [WORK, CLARIFICATION, CLARIFICATION, WORK, WORK, CHASE, HANDOFF]
    found = exchanges(tidy(asked, 2e9))
    arrivals, coordinating = weekly(found, np.array([1_700_000_000.0, 1_700_000_045.0, 1_700_000_100.0]))
    assert (arrivals.tolist(), coordinating.tolist()) == ([1, 0], [2, 2])


def test_without_a_claim_nothing_is_a_clarification() -> None:
    """Nobody sees when work starts; a thread that is no request is no work of this kind at all."""
    assert parts(facts((Kind.ARRIVAL, 0), (Kind.REPLY, 5), (Kind.FOLLOWUP, 9))) == [WORK, WORK, WORK]
    assert parts(facts((Kind.REPLY, 5), (Kind.FOLLOWUP, 9), (Kind.CHASE, 12))) == []
    assert parts(facts()) == []


def test_two_rounds_and_what_belongs_to_the_request() -> None:
    """Each question and each first answer to it count; what an asker adds at once is the request, later a chase."""
    rounds = facts(
        (Kind.ARRIVAL, 0),
        (Kind.FOLLOWUP, 60),
        (Kind.FOLLOWUP, 900),
        (Kind.REPLY, 1000),
        (Kind.FOLLOWUP, 1010),
        (Kind.FOLLOWUP, 1020),
        (Kind.REPLY, 1030),
        (Kind.FOLLOWUP, 1040),
        (Kind.REPLY, 1050),
        (Kind.CLAIM, 1060),
    )
    asked = [CLARIFICATION] * 2
    assert parts(rounds) == [WORK, WORK, CHASE, *asked, WORK, *asked, WORK]


def test_back_to_somebody_who_had_it() -> None:
    """A takeover is a hand-off, one back to an earlier holder a bounce; after ✅ and 🔁 it is a new job."""
    told: list[Told] = [
        (Kind.ARRIVAL, 0.0),
        *((Kind.CLAIM, 10.0 + n, who) for n, who in enumerate((b"A", b"B", b"A", b"A", b"C"))),
    ]
    assert parts(facts(*told)) == [WORK, HANDOFF, BOUNCE, HANDOFF]
    again: list[Told] = [
        (Kind.ARRIVAL, 0),
        (Kind.CLAIM, 1, b"A"),
        (Kind.DONE, 2, b"A"),
        (Kind.REOPEN, 3),
        (Kind.CLAIM, 4, b"B"),
    ]
    assert parts(facts(*again)) == [WORK]
    assert parts(facts((Kind.ARRIVAL, 0), (Kind.CLAIM, 1), (Kind.CLAIM, 2))) == [WORK]


def test_back_from_another_desk() -> None:
    """The desk that gives a request back hands it on in vain, and the one that gets it back has a message of it."""
    moment = START + 60_000_000
    giving = facts((Kind.ARRIVAL, 0), (Kind.HANDOFF, 60), queue=2)
    getting = facts((Kind.ARRIVAL, 0), (Kind.HANDOFF, 30), (Kind.FOLLOWUP, 60))
    assert parts(giving, np.array([moment])) == [WORK, BOUNCE]
    assert parts(getting, np.array([moment])) == [WORK, HANDOFF, BOUNCE]
    assert parts(giving) == [WORK, HANDOFF]


def test_what_was_taken_back_never_was() -> None:
    """A deleted chase and a claim clicked by mistake count for nothing."""
    told = facts((Kind.ARRIVAL, 0), (Kind.CHASE, 400), (Kind.CLAIM, 500, b"A"), (Kind.CLAIM, 510, b"B"))
    gone = Signal(1, START, START + 400_000_000, Kind.DELETE)
    undone = Signal(1, START, START, Kind.WITHDRAW, b"B" * 8, START + 520_000_000, Kind.CLAIM)
    assert parts(told) == [WORK, CHASE, HANDOFF]
    assert parts(Facts.join((told, columns([row_of(gone), row_of(undone)])))) == [WORK]


def test_a_share_of_few_messages_is_none() -> None:
    """Below twenty messages nothing is told; above, the share with its interval, and parts that add up to it."""
    few = exchanges(tidy(facts((Kind.ARRIVAL, 0), (Kind.CHASE, 1)), 2e9))
    assert share(few, 0, 2e9) == Unknown("fewer than 20 messages in the window")
    told: list[Told] = [(Kind.ARRIVAL, 0.0), (Kind.REPLY, 1.0), (Kind.FOLLOWUP, 2.0), (Kind.CLAIM, 3.0, b"A")]
    told += [(Kind.REPLY, 4.0 + n) for n in range(13)]
    told += [(Kind.CHASE, 20.0), (Kind.CHASE, 21.0), (Kind.CLAIM, 22.0, b"B"), (Kind.CLAIM, 23.0, b"A")]
    found = share(exchanges(tidy(facts(*told), 2e9)), 0, 2e9)
    assert found
    assert found.share.n == 20
    assert found.share.value == pytest.approx(6 / 20)
    assert 0 < found.share.low < found.share.value < found.share.high < 1
    assert not isinstance(found.clarifications, Unknown)
    each = (found.chases, found.handoffs, found.bounces, found.clarifications)
    assert [part.value for part in each] == pytest.approx([0.1, 0.05, 0.05, 0.1])
    assert sum(part.value for part in each) == pytest.approx(found.share.value)
    unclaimed = exchanges(tidy(facts((Kind.ARRIVAL, 0), *((Kind.REPLY, n) for n in range(1, 20))), 2e9))
    bare = share(unclaimed, 0, 2e9)
    assert bare
    assert isinstance(bare.clarifications, Unknown)


MESSAGES = st.lists(
    st.tuples(
        st.sampled_from([*BORNE, Kind.CLAIM, Kind.HANDOFF, Kind.DONE, Kind.REOPEN]),
        st.integers(0, 3000),
        st.sampled_from([b"A", b"B", b"C"]),
    ),
    max_size=30,
)


@given(MESSAGES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(told: list[tuple[Kind, float, bytes]], dice: Random) -> None:
    """Shuffled facts are told apart alike, and a coordinating exchange is never none of the messages."""
    mixed = list(told)
    dice.shuffle(mixed)
    one, other = exchanges(tidy(facts(*told), 2e9)), exchanges(tidy(facts(*mixed), 2e9))
    assert sorted(zip(one.at, one.part, strict=True)) == sorted(zip(other.at, other.part, strict=True))
    assert len(one.at) <= len(told)


def test_growth_is_the_same_in_any_order() -> None:
    """Weeks have no order in this."""
    x, y = np.array([10, 12, 14, 16, 18, 20, 22, 24.0]), np.array([1, 3, 2, 5, 4, 8, 7, 9.0])
    one, other = loglog(x, y), loglog(x[::-1], y[::-1])
    assert one.slope == pytest.approx(other.slope)
    assert one.robust == pytest.approx(other.robust)
