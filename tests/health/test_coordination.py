"""Coordination: the reference slope, what counts, and silence where the weeks cannot say."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.health.coordination import growth, loglog, marked, share, weekly
from bot.health.facts import Facts
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


def facts(*kinds: tuple[Kind, float]) -> Facts:
    """One request's facts, seconds apart from its arrival."""
    start = 1_700_000_000_000_000
    rows = []
    for kind, seconds in kinds:
        at = start + int(seconds * 1e6)
        borne = kind not in (Kind.CLAIM, Kind.HANDOFF, Kind.DONE)
        rows.append(row_of(Signal(1, start, at if borne else start, kind, b"", 0 if borne else at)))
    return columns(rows)


def test_what_coordinates() -> None:
    """A chase, a hand-off, and what an asker adds before work is taken; not what comes after, nor an answer."""
    asked = facts(
        (Kind.ARRIVAL, 0),
        (Kind.REPLY, 10),
        (Kind.FOLLOWUP, 20),
        (Kind.CLAIM, 30),
        (Kind.FOLLOWUP, 40),
        (Kind.CHASE, 50),
        (Kind.HANDOFF, 60),
        (Kind.DONE, 70),
    )
    kinds = asked.kind[marked(asked)].tolist()
    assert sorted(kinds) == sorted([int(Kind.FOLLOWUP), int(Kind.CHASE), int(Kind.HANDOFF)])
    assert not marked(facts((Kind.ARRIVAL, 0), (Kind.FOLLOWUP, 5))).any()
    assert not marked(facts()).size
    arrivals, coordinating = weekly(asked, np.array([1_700_000_000.0, 1_700_000_045.0, 1_700_000_100.0]))
    assert (arrivals.tolist(), coordinating.tolist()) == ([1, 0], [1, 2])


def test_a_share_of_few_messages_is_none() -> None:
    """Below twenty messages nothing is told; above, the share with its interval."""
    few = facts((Kind.ARRIVAL, 0), (Kind.CHASE, 1))
    assert share(few, 0, 2e9) is None
    many = facts((Kind.ARRIVAL, 0), *((Kind.REPLY, n) for n in range(1, 16)), *((Kind.CHASE, n) for n in range(20, 24)))
    found = share(many, 0, 2e9)
    assert found is not None
    assert found.value == pytest.approx(4 / 20)
    assert found.n == 20
    assert 0 < found.low < found.value < found.high < 1


def test_growth_is_the_same_in_any_order() -> None:
    """Weeks have no order in this."""
    x, y = np.array([10, 12, 14, 16, 18, 20, 22, 24.0]), np.array([1, 3, 2, 5, 4, 8, 7, 9.0])
    one, other = loglog(x, y), loglog(x[::-1], y[::-1])
    assert one.slope == pytest.approx(other.slope)
    assert one.robust == pytest.approx(other.robust)
