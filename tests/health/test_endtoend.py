"""From end to end: known distributions, requests that are followed, each counted once."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.endtoend import EndToEnd, Stop, end_to_end
from bot.health.facts import Facts
from bot.health.seen.capacity import Roster
from bot.health.seen.corrections import tidy
from bot.health.seen.flow import Desk
from bot.health.seen.handover import handovers
from bot.health.seen.requests import derive
from bot.signal import Kind, Signal
from tests.budget import examples
from tests.health.desk import START, WEEK, clock, team_of

NOW = START + 8 * WEEK
WINDOW = NOW - 4 * WEEK
FROM = 165.0  # working hours on the clock, a little after the window's start

Stretch = tuple[float, float | None]
"""Working hours on the clock: arrival, done (None: open)."""


def at(hours: float) -> int:
    """Unix microseconds of a working hour."""
    return round(float(clock(8).at(hours)) * 1e6)


def request(queue: int, arrived: float, done: float | None) -> list[Signal]:
    """One request of a queue."""
    key = at(arrived)
    told = [Signal(queue, key, key, Kind.ARRIVAL, key.to_bytes(8, "big"))]
    return told if done is None else [*told, Signal(queue, key, key, Kind.DONE, b"R" * 8, at(done))]


def handed(queue: int, arrived: float, moment: float) -> Signal:
    """A request handed on."""
    return Signal(queue, at(arrived), at(arrived), Kind.HANDOFF, b"R" * 8, at(moment))


def whole(told: list[Signal], queues: int = 2, seed: int = 1) -> EndToEnd | int:
    """The chain of the queues from 1 on."""
    facts = Facts.of(told)
    roster = Roster.of(team_of(5), START, NOW)
    stops = [
        Stop(q, Desk(derive(facts.take(facts.queue == q), NOW), clock(8), roster, NOW)) for q in range(1, queues + 1)
    ]
    return end_to_end(stops, handovers(tidy(facts, math.inf)), WINDOW, np.random.default_rng(seed))


def apart(queue: int, hours: list[float], late: float = 0.0) -> list[Signal]:
    """Requests of one queue that take so long, evenly spread."""
    begun = np.linspace(FROM + late, 280, len(hours))
    return [fact for start, took in zip(begun, hours, strict=True) for fact in request(queue, start, start + took)]


def known(found: EndToEnd | int) -> EndToEnd:
    """A time that must be known."""
    assert isinstance(found, EndToEnd)
    return found


def test_two_exponential_stages() -> None:
    """Independent exponential times add up to an Erlang one: median 1.678, 90th percentile 3.890 means."""
    times = (-np.log(1 - (np.arange(400) + 0.5) / 400)).tolist()
    found = known(whole([*apart(1, times), *apart(2, times, 0.01)]))
    assert not found.followed
    assert found.p50.value == pytest.approx(1.678, rel=0.03)
    assert found.p90.value == pytest.approx(3.890, rel=0.03)
    assert found.mean == pytest.approx(2, rel=0.01)
    assert found.parts == pytest.approx((1, 1), rel=0.01)
    assert found.n == 400


def test_the_range_covers_dependence() -> None:
    """Were what is slow in one slow in both, nine of ten would take twice 2.303: within the range. So is the value."""
    times = (-np.log(1 - (np.arange(400) + 0.5) / 400)).tolist()
    found = known(whole([*apart(1, times), *apart(2, times, 0.01)]))
    assert found.p90.low < found.p90.value < 2 * math.log(10) < found.p90.high
    assert found.p50.low < 2 * math.log(2) < found.p50.value < found.p50.high


def followed(n: int, wait: float = 3.0, still: int = 0) -> list[Signal]:
    """Requests that are handed on after two hours, and done in the next queue after `wait`; the last ones are open.

    The first desk closes its own request only when the next one is done, so that its cycle holds the other's.
    """
    told = []
    for i in range(n):
        begun = FROM + i
        end = None if i >= n - still else begun + 2 + wait
        told += [*request(1, begun, end), handed(1, begun, begun + 2), *request(2, begun + 2, end)]
    return told


def test_followed_requests_tell_their_own_time() -> None:
    """Not the sum of both cycles, which would hold the second desk's time twice."""
    found = known(whole(followed(25)))
    assert found.followed
    assert found.n == 25
    assert found.p50.value == pytest.approx(5, abs=1e-6)
    assert found.parts == pytest.approx((2, 3), abs=1e-6)
    few = known(whole(followed(19) + apart(1, [5.0] * 10, 30.5) + apart(2, [3.0] * 10, 30.5)))
    assert not few.followed
    assert few.mean == pytest.approx(8, abs=1e-6)


def test_open_ones_count_with_their_age() -> None:
    """Of thirty, ten are open in the second desk: they count as long as they have been on the way."""
    found = known(whole(followed(30, still=10)))
    assert (found.followed, found.n) == (True, 30)
    assert found.p90.value > 100


def test_each_request_is_counted_once() -> None:
    """Handed on, a request arrives in two queues and is one; what comes straight to the second is another."""
    straight = [fact for i in range(8) for fact in request(2, 200.3 + i, 201.3 + i)]
    found = known(whole([*followed(24), *straight]))
    assert found.came_per_week == pytest.approx(32 / 4)
    assert found.done_per_week == pytest.approx(32 / 4)


def test_bounced_work_is_one_request() -> None:
    """There, back as a new request, and there again: one request, whose time runs until it is done at last."""
    told = followed(24)
    told += [*request(1, 240, 241), handed(1, 240, 241), *request(2, 241, 242), handed(2, 241, 242)]
    told += [*request(1, 242, 244), handed(1, 242, 244), *request(2, 244, 248)]
    found = known(whole(told))
    assert (found.followed, found.n) == (True, 25)
    assert found.came_per_week == pytest.approx(25 / 4)
    assert found.done_per_week == pytest.approx(25 / 4)
    assert found.mean == pytest.approx((24 * 5 + 8) / 25)


def test_what_left_the_chain_or_is_still_on_it() -> None:
    """Through three desks: done in the second one it went no further; open there it counts with its age."""
    told = []
    for i in range(21):
        begun = FROM + 1.37 * i
        told += [*request(1, begun, begun + 1), handed(1, begun, begun + 1)]
        told += [*request(2, begun + 1, begun + 2), handed(2, begun + 1, begun + 2), *request(3, begun + 2, begun + 4)]
    left = [*request(1, 250, 251), handed(1, 250, 251), *request(2, 251, 252)]
    found = known(whole([*told, *left], 3))
    assert (found.followed, found.n) == (True, 21)
    assert found.parts == pytest.approx((1, 1, 2), abs=1e-6)
    there = [*request(1, 260, 261), handed(1, 260, 261), *request(2, 261, None)]
    assert known(whole([*told, *there], 3)).n == 22


def test_too_few_name_the_stage() -> None:
    """Below twenty in a queue nothing is told, and it is said of which."""
    assert whole([*apart(1, [1.0] * 30), *apart(2, [1.0] * 19, 0.01)]) == 1
    assert whole(apart(2, [1.0] * 30)) == 0
    assert whole([]) == 0


@given(st.lists(st.floats(0.01, 30), min_size=20, max_size=40), st.integers(0, 2**32 - 1))
@examples(20)
def test_numbers_hold_together(hours: list[float], seed: int) -> None:
    """Whatever the times: finite, the value within its range, parts adding up, the same for the same seed."""
    told = [*apart(1, hours), *apart(2, hours[::-1], 0.01)]
    found = known(whole(told, seed=seed))
    for one in (found.p50, found.p90):
        assert 0 <= one.low <= one.value <= one.high < math.inf
    assert found.p50.value <= found.p90.value
    assert sum(found.parts) == pytest.approx(found.mean)
    assert whole(told, seed=seed) == found
