"""What a change in load consists of: shares that add up, desks whose true cause is known, thin data."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.health.causes import Side, log_mean, split
from bot.health.results import Cause, Causes


def side(
    jobs: tuple[float, ...] = (200.0, 100.0),
    *,
    rework: float = 0.1,
    each: tuple[float, ...] = (1.0, 1.0),
    people: float = 5.0,
    open_hours: float = 160.0,
) -> Side:
    """A side where all closed jobs were seen."""
    n, times = np.array(jobs), np.array(each)
    service = float((n * times).sum() / n.sum()) if n.sum() else math.nan
    return Side(n, float(n.sum()) / (1 + rework), n, n * times, service, people * open_hours, open_hours)


def causes(before: Side, now: Side, **more: float) -> dict[str, Cause]:
    """By name; there must be some."""
    found = split(before, now, [7, 9], **more)  # type: ignore[arg-type]
    assert found is not None
    return {cause.name: cause for cause in found.of}


def main(before: Side, now: Side) -> tuple[str, int | None]:
    """The cause named first, and its queue."""
    found = split(before, now, [7, 9])
    assert found is not None
    return found.of[0].name, found.of[0].queue


counts = st.floats(20, 5_000)
sides = st.builds(
    side,
    st.tuples(counts, counts),
    rework=st.floats(0, 2),
    each=st.tuples(st.floats(0.05, 40), st.floats(0.05, 40)),
    people=st.floats(0.2, 50),
    open_hours=st.floats(20, 400),
)


@given(sides, sides)
def test_shares_add_up(before: Side, now: Side) -> None:
    """Shares sum to 1, what causes did alone multiplies to the change of the load, and every range holds its value."""
    found = split(before, now, [7, 9])
    assume(found is not None)
    assert isinstance(found, Causes)
    assert sum(cause.share.value for cause in found.of) == pytest.approx(1)
    assert math.prod(1 + cause.change.value for cause in found.of) == pytest.approx(1 + found.change.value)
    rho = [s.jobs.sum() * s.service / s.hours for s in (before, now)]
    assert 1 + found.change.value == pytest.approx(rho[1] / rho[0])
    for of in (found.change, *(part for cause in found.of for part in (cause.share, cause.change))):
        assert all(map(math.isfinite, (of.low, of.value, of.high)))
        assert of.low <= of.value <= of.high


@given(sides, sides)
def test_the_order_of_queues_does_not_matter(before: Side, now: Side) -> None:
    """Queues the other way round give the same shares and the same queue."""

    def turned(s: Side) -> Side:
        return replace(s, jobs=s.jobs[::-1], served=s.served[::-1], held=s.held[::-1])

    one, other = split(before, now, [7, 9]), split(turned(before), turned(now), [9, 7])
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        shares = {c.name: c.share.value for c in one.of}
        assert {c.name: c.share.value for c in other.of} == pytest.approx(shares, abs=1e-6)


def test_each_cause_is_found_alone() -> None:
    """Where one factor grew by half and nothing else, it has the whole share."""
    base = side()
    grown = {
        "demand": side((300.0, 150.0)),
        "service": side(each=(1.5, 1.5)),
        "hours": side(people=5 / 1.5),
        "rework": side((300.0, 150.0), rework=0.65),
    }
    for name, now in grown.items():
        found = causes(base, now)
        assert found[name].share.value == pytest.approx(1), name
        assert found[name].change.value == pytest.approx(0.5), name
        assert all(abs(other.share.value) < 1e-9 for key, other in found.items() if key != name), name


def test_another_mix_is_named_before_anything_else() -> None:
    """As many requests, but more of the queue that takes long: that is no slower work."""
    before = side((250.0, 50.0), each=(0.5, 3.0))
    now = side((170.0, 130.0), each=(0.5, 3.0))
    found = causes(before, now)
    assert found["mix"].share.value == pytest.approx(1)
    assert found["service"].share.value == pytest.approx(0, abs=1e-9)
    more = side((255.0, 195.0), each=(0.5, 3.0))  # the same mix, and half as many requests again
    assert main(before, more) == ("mix", 9)


def test_a_queue_is_named_where_most_lies_in_it() -> None:
    """Growth in one of two queues names it; growth in both alike names none."""
    assert main(side(), side((200.0, 220.0))) == ("demand", 9)
    assert main(side((150.0, 150.0)), side((250.0, 250.0))) == ("demand", None)
    assert main(side(), side(each=(2.0, 1.0))) == ("service", 7)


def test_a_new_queue_of_ordinary_requests_is_demand() -> None:
    """A queue that nothing came to before is more demand, and no other mix, where it takes as long."""
    found = causes(side((200.0, 0.0)), side((200.0, 150.0)))
    assert found["demand"].share.value == pytest.approx(1, abs=1e-6)
    assert found["demand"].queue == 9


def test_a_holiday_is_no_cause() -> None:
    """Half the open hours with half the requests change nothing, so nothing is split."""
    assert split(side((400.0, 200.0)), side((200.0, 100.0), open_hours=80.0), [7, 9]) is None


def test_what_took_load_away_is_below_zero() -> None:
    """More people and yet more demand: demand has more than the whole rise."""
    found = causes(side(), side((500.0, 250.0), people=6.0))
    assert found["demand"].share.value > 1
    assert found["hours"].share.value < 0


@pytest.mark.parametrize(
    "now",
    [
        side(people=0.0),
        side((9.0, 5.0)),
        side((0.0, 0.0)),
        replace(side(), service=math.nan),
        replace(side(), open_hours=0.0, hours=0.0),
        side((180.0, 100.0)),
        side((205.0, 105.0)),
    ],
    ids=["nobody on duty", "thin", "nothing", "no work seen", "never open", "less", "by chance"],
)
def test_unknown_where_nothing_can_be_said(now: Side) -> None:
    """No capacity, thin data, no work seen, or no clear rise: nothing is split, either way round."""
    assert split(side(), now, [7, 9]) is None
    assert split(now, now, [7, 9]) is None


names = ("demand", "service", "hours", "rework")
chances = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(
    lambda p: {name: x / max(sum(p), 1.0) for name, x in zip(names, p, strict=True)}
)


@given(sides, sides, chances, st.floats(0, 1))
def test_drawn_shares_add_up_too(before: Side, now: Side, chance: dict[str, float], variance: float) -> None:
    """Whatever is likely: shares sum to 1, parts multiply to the whole, and every range holds its value."""
    found = split(before, now, [7, 9], chances=chance, hours_variance=variance)
    assume(found is not None)
    assert isinstance(found, Causes)
    assert sum(cause.share.value for cause in found.of) == pytest.approx(1)
    assert math.prod(1 + cause.change.value for cause in found.of) == pytest.approx(1 + found.change.value)
    for of in (found.change, *(part for cause in found.of for part in (cause.share, cause.change))):
        assert all(map(math.isfinite, (of.low, of.value, of.high)))
        assert of.low <= of.value <= of.high


def test_what_chance_may_have_moved_is_drawn_to_nothing() -> None:
    """A few more requests and many more that come back, of which only the latter surely changed: rework leads."""
    before, now = side((60.0, 30.0), rework=0.05), side((85.0, 40.0), rework=0.25)
    surely = {"demand": 0.0, "service": 0.0, "hours": 0.0, "rework": 1.0}
    alone, drawn = split(before, now, [7, 9]), split(before, now, [7, 9], chances=surely)
    assert alone is not None
    assert drawn is not None
    first = {c.name: c.share.value for c in alone.of}
    then = {c.name: c.share.value for c in drawn.of}
    assert then["rework"] > first["rework"]
    assert drawn.of[0].name == "rework"


def test_many_requests_are_believed_against_all_odds() -> None:
    """With thousands of requests what was counted stands, however unlikely it was held."""
    before, now = side((2e6, 1e6)), side((3e6, 1.5e6))
    found = split(before, now, [7, 9], chances=dict.fromkeys(names, 0.0))
    assert found is not None
    assert {c.name: c.share.value for c in found.of}["demand"] == pytest.approx(1, abs=1e-3)


def test_hours_counted_by_those_at_work_have_an_error() -> None:
    """Hours known from the roster are exact; counted by people at work they have a range."""
    exact, counted = (split(side(), side(people=3.0), [7, 9], hours_variance=variance) for variance in (0.0, 0.05**2))
    assert exact is not None
    assert counted is not None
    hours = [next(c for c in found.of if c.name == "hours").change for found in (exact, counted)]
    assert hours[0].low == hours[0].high
    assert hours[1].low < hours[1].value < hours[1].high


def test_ranges_cover_the_truth() -> None:
    """Over simulated counts and times, the 80% ranges of demand and service hold the truth about that often."""
    rng = np.random.default_rng(5)
    held = {"demand": 0, "service": 0, "total": 0}
    runs = 400
    for _ in range(runs):
        both = []
        for rate, time in ((200.0, 1.0), (300.0, 1.2)):
            n = rng.poisson([rate, rate / 2]).astype(np.float64)
            hours = np.array([rng.exponential(time, int(k)).sum() for k in n])
            both.append(Side(n, float(n.sum()), n, hours, float(hours.sum() / n.sum()), 800.0, 160.0))
        found = split(both[0], both[1], [7, 9])
        assert found is not None
        parts = {cause.name: cause.change for cause in found.of} | {"total": found.change}
        for name, truth in (("demand", 0.5), ("service", 0.2), ("total", 0.8)):
            held[name] += parts[name].low <= truth <= parts[name].high
    assert all(0.74 <= n / runs <= 0.86 for n in held.values()), held


@given(st.floats(1e-9, 1e9), st.floats(1e-9, 1e9))
def test_the_logarithmic_mean_lies_between(a: float, b: float) -> None:
    """Between both, and above their geometric mean."""
    found = float(log_mean(np.array([a]), np.array([b]))[0])
    assert min(a, b) * (1 - 1e-6) <= found <= max(a, b) * (1 + 1e-6)
    assert found >= math.sqrt(a * b) * (1 - 1e-6)
