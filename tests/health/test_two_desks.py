"""People on two desks, requests that change hands, and what wrong requests do to the range."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.results import Assessment, Basis, Unknown, Utilization
from bot.health.seen.capacity import Roster
from bot.health.seen.requests import derive
from bot.health.seen.utilization import Load, believe, doubt
from bot.health.seen.work import from_claims
from bot.signal import Kind, Signal
from tests.budget import examples
from tests.health.desk import START, WEEK, clock, fact, simulate, team_of

Stretch = tuple[int, float, float]


def desk(*held: Stretch) -> Facts:
    """A desk of requests, each held by an actor from one working hour to another."""
    told = []
    for key, (actor, start, end) in enumerate(held, 1):
        since, until = clock(4).at(np.array([start, end])).tolist()
        told += [
            fact(key, Kind.ARRIVAL, since, 99),
            fact(key, Kind.CLAIM, since, actor),
            fact(key, Kind.DONE, until, actor),
        ]
    return Facts.of(told)


def busy(own: Facts, *others: Facts) -> float:
    """Person-hours worked on one desk beside others."""
    now, hours = START + 5 * WEEK, clock(4)
    roster = Roster.of(team_of(3), START, now)
    work = from_claims(derive(own, now), hours, roster, now, [derive(other, now) for other in others])
    return float(work.between(np.array([0.0, 200.0])).sum())


def test_what_is_held_on_two_desks_is_split() -> None:
    """Of the hours in which one person holds something on both desks, each desk gets half."""
    here, there = desk((1, 1, 5)), desk((1, 3, 9))
    assert busy(here) == pytest.approx(4)
    assert busy(here, there) == pytest.approx(3)
    assert busy(there, here) == pytest.approx(5)


def test_other_people_s_hours_stay() -> None:
    """Somebody else's claims on the other desk, or at another time, take nothing away."""
    here = desk((1, 1, 5))
    assert busy(here, desk((2, 1, 5))) == pytest.approx(4)
    assert busy(here, desk((1, 5, 9))) == pytest.approx(4)
    assert busy(here, desk()) == pytest.approx(4)


def test_three_desks_get_a_third_each() -> None:
    """Several requests held on one other desk count once, a third desk counts too."""
    here = desk((1, 1, 4))
    assert busy(here, desk((1, 1, 4), (1, 2, 4)), desk((1, 1, 4))) == pytest.approx(1)


stretches = st.lists(
    st.tuples(st.integers(1, 4), st.floats(0.5, 60), st.floats(0.1, 30)).map(lambda s: (s[0], s[1], s[1] + s[2])),
    max_size=6,
)


@given(stretches, stretches)
@examples(60)
def test_the_parts_add_up_to_the_whole(here: list[Stretch], there: list[Stretch]) -> None:
    """Both desks together work as long as one desk with the requests of both would."""
    both = busy(desk(*here, *there))
    assert busy(desk(*here), desk(*there)) + busy(desk(*there), desk(*here)) == pytest.approx(both, abs=1e-3)


def test_a_desk_beside_another_is_less_full() -> None:
    """In a whole check, work held elsewhere at the same time lowers utilization and nothing else."""
    made = simulate(4, people=5, rho=0.7, weeks=8)
    alone, beside = check(made.facts), check(made.facts, elsewhere=(replace_queue(made.facts),))
    first, second = used(alone), used(beside)
    assert not isinstance(first.work, Unknown)
    assert second.work == pytest.approx(first.work / 2, rel=0.01)
    assert beside.flow.arrivals_per_week == alone.flow.arrivals_per_week


def replace_queue(facts: Facts) -> Facts:
    """The same claims on another desk."""
    return replace(facts, queue=facts.queue + 1)


def check(facts: Facts, **said: object) -> Assessment:
    """A desk of five after eight weeks."""
    return assess(facts, team_of(5), START + 8 * WEEK, **said)  # type: ignore[arg-type]


def used(found: Assessment) -> Utilization:
    """Its utilization, which must be known."""
    assert not isinstance(found.capacity.utilization, Unknown)
    return found.capacity.utilization


@pytest.mark.slow
@pytest.mark.parametrize("basis", [Basis.CLAIMS, Basis.STATED])
def test_wrong_requests_widen_the_range(basis: Basis) -> None:
    """The more of the requests looked at were none, the wider the range; the value stays; a note says it."""
    facts = simulate(5, rho=0.7).facts
    team = team_of(5, hands_on_minutes=60.0, hands_on_given=True)
    found = [
        assess(facts, team, START + 8 * WEEK, basis=basis, wrong=wrong) for wrong in (None, (0, 10), (1, 10), (4, 10))
    ]
    ranges = [used(a).high - used(a).low for a in found]
    assert ranges[0] == ranges[1] < ranges[2] < ranges[3]
    assert [used(a).value for a in found] == pytest.approx([used(found[0]).value] * 4)
    assert "1 of 10 requests that were looked at was none" in found[2].notes[0]
    assert "4 of 10 requests that were looked at were none" in found[3].notes[0]
    assert found[0].notes == found[1].notes


def test_doubt_is_the_share_that_may_be_none() -> None:
    """None wrong is no doubt; of ten, one is a tenth and four a quarter; more right ones doubt less."""
    assert doubt(None) == doubt((0, 10)) == 0
    assert doubt((1, 10)) == pytest.approx(0.0945, abs=0.0001)
    assert doubt((4, 10)) == pytest.approx(0.2428, abs=0.0001)
    assert doubt((1, 10)) > doubt((1, 20)) > doubt((1, 50))


def test_a_half_done_look_is_no_flood_of_doubt() -> None:
    """One right and one wrong of ten widens as one wrong of ten does: 76–90% becomes no more than 71–97%."""
    assert doubt((1, 2)) == doubt((1, 5)) == doubt((1, 10))
    load = Load(jobs=800, counted=800, busy=1328, capacity=1600, open_hours=320, mean_wait=math.nan)
    plain, half = (
        believe(load, Basis.CLAIMS, service_scv=1, dispersion=1.5, doubted=doubt(wrong)) for wrong in (None, (1, 2))
    )
    assert plain
    assert half
    a, b = plain.seen(), half.seen()
    assert (a.low, a.high) == pytest.approx((0.76, 0.90), abs=0.015)
    assert 0.71 < b.low < a.low < a.high < b.high < 0.97


def test_changing_hands_is_a_handoff() -> None:
    """Claims by somebody else count as handed on, claims by the same person or by nobody known do not."""
    told = [fact(1, Kind.ARRIVAL, START + 10, 9)]
    told += [fact(1, Kind.CLAIM, START + 20 + n, actor) for n, actor in enumerate((1, 1, 2, 0, 1))]
    found = derive(Facts.of(told), START + 100)
    assert found.handoffs.tolist() == [1]


def test_a_handed_over_request_is_no_longer_held() -> None:
    """Posting it in another desk's queue ends the hours of whoever held it, and leaves it open."""
    told = [
        fact(1, Kind.ARRIVAL, START + 10, 9),
        fact(1, Kind.CLAIM, START + 20, 1),
        Signal(1, 1, 1, Kind.HANDOFF, b"\1" * 8, round((START + 50) * 1e6)),
    ]
    found = derive(Facts.of(told), START + 100)
    assert found.spans.end.tolist() == [START + 50]
    assert found.handoffs.tolist() == [1]
    assert found.open.tolist() == [True]
