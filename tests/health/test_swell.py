"""A week near or above full utilization: the curve between the steady state and the fluid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.results import Estimate
from bot.health.swell import Swell, together
from bot.health.theory.queueing import wait_ggc

RHO = st.floats(0, 3)


def desk(hours: float = 40.0, standing: float = 0.0, people: float = 5.0) -> Swell:
    """Requests of an hour's work, by chance."""
    return Swell(Estimate(0.7, 0.6, 0.8), 0.0, people, 1.0, 1.0, 1.0, hours, standing)


@pytest.mark.parametrize("rho", [0.5, 0.7, 0.9])
def test_a_long_time_at_one_load_is_the_steady_state(rho: float) -> None:
    """With ever more hours the wait is that of the M/M/c queue."""
    assert desk(hours=1e7).wait(rho) == pytest.approx(float(wait_ggc(rho, 5)), rel=0.01)


@pytest.mark.parametrize(("rho", "standing"), [(1.5, 0.0), (2.0, 0.0), (1.3, 6.0)])
def test_far_above_full_it_is_the_fluid(rho: float, standing: float) -> None:
    """Whoever comes after t hours waits for what stood there and for (ρ − 1)·t more; the mean is that at half time."""
    assert desk(standing=standing).wait(rho, standing) == pytest.approx(standing + (rho - 1) * 20, rel=0.12)


def test_what_stands_there_is_worked_off() -> None:
    """At half load ten hours of work are gone after twenty of forty: they add a mean of 10·20/2/40 = 2.5 hours."""
    assert desk().wait(0.5, 10.0) - desk().wait(0.5) == pytest.approx(2.5, rel=0.25)


@given(RHO, RHO, st.floats(0, 30), st.floats(0, 30), st.floats(0.3, 30))
def test_more_load_and_more_left_behind_never_wait_less(
    one: float, two: float, few: float, many: float, people: float
) -> None:
    """The wait rises with either, and is finite at any load."""
    less = desk(people=people).wait(min(one, two), min(few, many))
    assert 0 < less <= desk(people=people).wait(max(one, two), max(few, many)) * (1 + 1e-9) < 1e4


@given(st.floats(1, 5), st.floats(1, 5), st.floats(0, 30))
def test_more_demand_never_adds_less(one: float, two: float, standing: float) -> None:
    """Nothing is added by the usual demand alone; each end of what more adds rises with it, around its middle."""
    less, more = (desk(standing=standing).adds(demand) for demand in sorted((one, two)))
    assert desk().adds(1.0) == Estimate(0.0, 0.0, 0.0)
    assert less.low <= less.value <= less.high
    for end in ("low", "value", "high"):
        assert getattr(less, end) <= getattr(more, end) + 1e-9
    assert desk().grows(1 / 0.7 + 1e-6)
    assert not desk().grows(1 / 0.7 - 1e-6)


@pytest.mark.parametrize("people", [0.3, 5, 60, 2000])
def test_a_wait_that_is_next_to_nothing_is_not_lengthened_beyond_measure(people: float) -> None:
    """In a large team the usual wait is a split second; the factor is that of waits somebody would notice."""
    one = desk(people=people)
    assert one.times(1.0) == 1.0
    assert 1.0 <= one.times(1.2) <= one.times(1.6) < 60


def test_doubts_of_two_kinds_add_up_as_squares() -> None:
    """Without a plan the range is that of the errors; with one it is wider, and never narrower than either alone."""
    alone = together(2.0, (-0.5, 0.7), Estimate(0.0, 0.0, 0.0))
    assert alone.value == 2.0
    assert alone.high / alone.value == pytest.approx(2.0138, rel=1e-3)  # exp .7
    both = together(2.0, (-0.5, 0.7), Estimate(2.0, 1.0, 5.0))
    assert both.value == 4.0
    assert both.high / both.value > max(2.0138, 7 / 4)
    assert both.value / both.low > max(1.6487, 4 / 3)
