"""Desks that answer in the channel: their waits cannot be known, and that is said instead of a flood."""

import numpy as np

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.results import Basis, Unknown
from bot.health.seen.requests import derive
from bot.health.seen.threads import MEND, UNTHREADED, unthreaded
from bot.messages.words import flow as flow_words
from bot.signal import Kind, Signal
from tests.health.desk import DAY, START, WEEK, fact, team_of

NOW = START + 8 * WEEK
HOUR = 3600.0


def asked(weeks: range, every: int) -> list[Signal]:
    """Ten requests a week, one in `every` of them answered in its thread; 0 is none."""
    told = []
    for i in range(10 * len(weeks)):
        came = START + (weeks[0] + i // 10) * WEEK + (i % 5) * DAY + (10 + i % 10 // 5) * HOUR
        key = weeks[0] * 1000 + i + 1
        told.append(fact(key, Kind.ARRIVAL, came, 99))
        if every and i % every == 0:
            told += [fact(key, Kind.REPLY, came + HOUR * later, 1) for later in (1, 2)]
    return told


def found(*parts: list[Signal]) -> bool:
    """Whether such a desk is one."""
    return unthreaded(derive(Facts.of([one for part in parts for one in part]), NOW), NOW)


def test_a_desk_that_leaves_hardly_a_sign_is_one() -> None:
    """One in ten answered is one, none answered too, one in five is not; below twenty lately nobody can tell."""
    assert found(asked(range(8), 10))
    assert found(asked(range(8), 0))
    assert not found(asked(range(8), 5))
    assert not found(asked(range(2), 10))


def test_a_desk_that_stopped_answering_is_none() -> None:
    """Four answered weeks, then silence, is a queue that waits; and threads that are taken up count at once."""
    assert not found(asked(range(4), 1), asked(range(4, 8), 0))
    assert not found(asked(range(4), 0), asked(range(4, 8), 2))


def test_waits_and_what_is_open_are_not_told() -> None:
    """No wait, cycle or open count, each with the reason; no utilization from signals; one sentence says what to do."""
    facts = Facts.of(asked(range(8), 10))
    for basis in (Basis.REPLIES, None):
        seen = assess(facts, team_of(5), NOW, basis=basis)
        for figure in (seen.flow.wait, seen.flow.cycle, seen.flow.open, seen.flow.done_per_week, seen.forecast):
            assert figure == Unknown(UNTHREADED)
        assert seen.capacity.utilization == Unknown(UNTHREADED) or basis is None
        assert not seen.capacity.utilization
        assert MEND in seen.notes
        assert flow_words(seen) == "10 requests arrive a week."


def test_stated_minutes_need_no_answers() -> None:
    """What a team said of its hands-on time still tells its load."""
    team = team_of(5, hands_on_minutes=120.0, hands_on_given=True)
    used = assess(Facts.of(asked(range(8), 0)), team, NOW, resilient=False).capacity.utilization
    assert used
    assert np.isclose(used.value, 10 * 2 / 200)
