"""Before and after: no change is invented, a real one is seen, and what the volume cannot show is said."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.measured import hidden, weekly
from bot.health.picture import Picture, look
from bot.health.results import Basis
from bot.health.seen.worktime import week_starts
from bot.health.theory.compare import RATES, TIMES, UNITS, Comparison, Weekly, compare
from tests.health.desk import START, WEEK, simulate

RUNS = 150
"""Histories: a share of a tenth is known to .025, one of eight tenths to .033 (standard errors)."""


def times(rng: np.random.Generator, weeks: int, mean: float, jobs: int = 40, spread: float = 0.25) -> Weekly:
    """Weeks of hours whose weekly means differ log-normally."""
    each = mean * np.exp(rng.normal(0, spread, weeks))
    return Weekly.of(each * jobs, np.full(weeks, float(jobs)), np.full(weeks, float(jobs)))


def rates(rng: np.random.Generator, weeks: int, share: float, jobs: int = 40, clustered: float = 0.0) -> Weekly:
    """Weeks of counts; with `clustered` above 0 the share itself differs from week to week."""
    shares = np.full(weeks, share)
    if clustered:
        shares = rng.beta(share / clustered, (1 - share) / clustered, weeks)
    x = rng.binomial(jobs, shares).astype(np.float64)
    return Weekly.of(x, np.full(weeks, float(jobs)), np.full(weeks, float(jobs)))


def verdicts(found: list[Comparison]) -> dict[str, float]:
    """Share of each verdict."""
    return {v: sum(c.verdict == v for c in found) / len(found) for v in ("better", "worse", "no_clear_change")}


@pytest.mark.parametrize("weeks", [4, 8, 13])
@pytest.mark.parametrize("measure", [*TIMES, "utilization"])
def test_no_change_in_hours_is_rarely_called_better(measure: str, weeks: int) -> None:
    """Where nothing changed, at most one comparison in ten says better."""
    rng = np.random.default_rng(11)
    found = [compare(measure, times(rng, weeks, 0.7), times(rng, weeks, 0.7)) for _ in range(RUNS)]
    assert verdicts(found)["better"] <= 0.10
    assert verdicts(found)["worse"] <= 0.10


@pytest.mark.slow
@pytest.mark.parametrize("clustered", [0.0, 0.05])
@pytest.mark.parametrize("measure", RATES)
def test_no_change_in_a_rate_is_rarely_called_better(measure: str, clustered: float) -> None:
    """The same for rates, also where weeks differ by more than chance."""
    rng = np.random.default_rng(12)
    found = [
        compare(measure, rates(rng, 8, 0.15, clustered=clustered), rates(rng, 8, 0.15, clustered=clustered))
        for _ in range(RUNS)
    ]
    assert verdicts(found)["better"] <= 0.10


def test_a_fall_of_thirty_percent_is_seen_at_good_volume() -> None:
    """A true change by 30% is called better in at least eight of ten histories, for times and for rates."""
    rng = np.random.default_rng(13)
    hours = [compare("wait", times(rng, 8, 6.0, spread=0.2), times(rng, 8, 4.2, spread=0.2)) for _ in range(RUNS)]
    shares = [compare("chase", rates(rng, 8, 0.3, 120), rates(rng, 8, 0.21, 120)) for _ in range(RUNS)]
    assert verdicts(hours)["better"] >= 0.8
    assert verdicts(shares)["better"] >= 0.8


def test_the_range_holds_the_true_change_about_eight_times_in_ten() -> None:
    """An 80% range is one."""
    rng = np.random.default_rng(14)
    rate = [compare("reopen", rates(rng, 8, 0.3), rates(rng, 8, 0.2)) for _ in range(RUNS)]
    used = [compare("utilization", times(rng, 8, 0.9, spread=0.1), times(rng, 8, 0.8, spread=0.1)) for _ in range(RUNS)]
    for found, true in ((rate, -0.1), (used, -0.1)):
        inside = sum(c.low <= true <= c.high for c in found if c.low is not None and c.high is not None)
        assert 0.72 <= inside / RUNS <= 0.88


def test_the_smallest_visible_change_is_the_one_that_is_mostly_seen() -> None:
    """A fall of the size that is said to be visible is called better about eight times in ten."""
    rng = np.random.default_rng(15)
    said = [compare("utilization", *(times(rng, 8, 0.8, spread=0.1),) * 2).smallest_visible for _ in range(RUNS)]
    size = float(np.mean([s for s in said if s is not None]))
    found = [
        compare("utilization", times(rng, 8, 0.8, spread=0.1), times(rng, 8, 0.8 - size, spread=0.1))
        for _ in range(RUNS)
    ]
    assert 0.7 <= verdicts(found)["better"] <= 0.95


@pytest.mark.parametrize(
    ("weeks", "jobs", "reason"),
    [
        (0, 40, "no complete week before it tells something, 4 are needed"),
        (1, 40, "only one complete week before it tells something, 4 are needed"),
        (3, 40, "only 3 complete weeks before it tell something, 4 are needed"),
        (4, 4, "fewer than 20 requests in the weeks before it"),
    ],
)
@pytest.mark.parametrize("measure", UNITS)
def test_too_little_says_so(measure: str, weeks: int, jobs: int, reason: str) -> None:
    """Under four weeks or 20 jobs on a side nothing is said, and the reason names the side."""
    rng = np.random.default_rng(16)
    found = compare(measure, rates(rng, weeks, 0.5, jobs), rates(rng, 8, 0.5))
    assert (found.verdict, found.reason) == ("too_little", reason)
    assert found.before is found.change is found.p_better is None


def test_weeks_without_anything_do_not_count_as_weeks() -> None:
    """A week in which nothing was asked is no week with a wait of zero."""
    rng = np.random.default_rng(17)
    full = times(rng, 4, 5.0)
    holiday = Weekly((*full.total, 0.0), (*full.by, 0.0), (*full.jobs, 0.0))
    assert compare("wait", holiday, full) == compare("wait", full, full)


def test_hours_that_are_all_zero_have_no_logarithm() -> None:
    """A team that always answers at once gets a reason, not an error."""
    nothing = Weekly((0.0,) * 5, (10.0,) * 5, (10.0,) * 5)
    assert compare("wait", nothing, nothing).reason == "all its hours are 0"


def test_weeks_that_do_not_differ_leave_no_doubt() -> None:
    """Equal weeks on both sides are no change; equal weeks that moved are a sure one."""
    flat, lower = (Weekly((x,) * 5, (10.0,) * 5, (10.0,) * 5) for x in (8.0, 6.0))
    assert compare("utilization", flat, flat).verdict == "no_clear_change"
    assert compare("utilization", flat, lower).verdict == "better"
    assert compare("utilization", lower, flat).verdict == "worse"


def test_unusable_columns_are_refused() -> None:
    """Columns of different length, negative and endless figures, and unknown measures raise."""
    for columns in (((1.0,), (1.0, 2.0), (1.0,)), ((-1.0,), (1.0,), (1.0,)), ((float("nan"),), (1.0,), (1.0,))):
        with pytest.raises(ValueError, match="weekly"):
            Weekly.of(*columns)
    with pytest.raises(ValueError, match="measure 'speed'"):
        compare("speed", Weekly((), (), ()), Weekly((), (), ()))


week = st.tuples(st.floats(0.01, 100), st.integers(1, 200)).map(lambda pair: (pair[0] * pair[1], pair[1], pair[1]))
sides = st.lists(week, min_size=5, max_size=12).map(lambda rows: Weekly.of(*zip(*rows, strict=True)))


@given(sides, sides, st.sampled_from([*TIMES, "utilization"]), st.floats(0.1, 10))
def test_scaling_hours_scales_the_change(before: Weekly, after: Weekly, measure: str, by: float) -> None:
    """Minutes in place of hours say the same: change, range and smallest visible change scale, the odds do not."""

    def scaled(side: Weekly) -> Weekly:
        return replace(side, total=tuple(by * x for x in side.total))

    plain, times_by = compare(measure, before, after), compare(measure, scaled(before), scaled(after))
    if plain.verdict == "too_little":
        assert plain == times_by
        return
    for name in ("before", "after", "change", "low", "high", "smallest_visible"):
        assert getattr(times_by, name) == pytest.approx(by * getattr(plain, name), rel=1e-6, abs=1e-9), name
    assert times_by.p_better == pytest.approx(plain.p_better, abs=1e-6)


count_week = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(n)))
counted = st.lists(count_week, min_size=5, max_size=12).map(lambda rows: Weekly.of(*zip(*rows, strict=True)))


@given(st.data(), counted, counted, st.sampled_from(list(UNITS)))
def test_the_order_of_weeks_does_not_matter(data: st.DataObject, before: Weekly, after: Weekly, measure: str) -> None:
    """Rows in any order give the very same answer."""

    def shuffled(side: Weekly) -> Weekly:
        rows = data.draw(st.permutations(list(zip(side.total, side.by, side.jobs, strict=True))))
        return Weekly.of(*zip(*rows, strict=True))

    assert compare(measure, shuffled(before), shuffled(after)) == compare(measure, before, after)


@given(counted, counted, st.sampled_from(list(UNITS)))
def test_every_answer_is_whole(before: Weekly, after: Weekly, measure: str) -> None:
    """Figures are finite, the range is ordered, and better and worse turn round when the sides do."""
    found, turned = compare(measure, before, after), compare(measure, after, before)
    if found.verdict == "too_little":
        assert found.reason
        return
    assert found.low is not None
    assert found.high is not None
    assert found.p_better is not None
    assert found.low <= found.high
    assert 0 <= found.p_better <= 1
    for figure in (found.before, found.after, found.change, found.smallest_visible):
        assert figure is not None
        assert np.isfinite(figure)
    assert turned.p_better == pytest.approx(1 - found.p_better, abs=1e-6)


def picture(seed: int, weeks: int, rho: float, service: float = 1.0) -> Picture:
    """A simulated desk of five, as known when it ends."""
    desk = simulate(seed, rho=rho, service=service, weeks=weeks)
    return look(desk.facts, desk.team, desk.now, basis=Basis.CLAIMS, held=None, history_weeks=weeks)


@pytest.mark.slow
def test_queues_with_memory_are_not_called_better_either() -> None:
    """Simulated desks at 85% whose waits carry over from week to week: at most one in ten is called better."""
    found = []
    for seed in range(40):
        whole = picture(seed, 17, 0.85)
        earlier, latest = whole.mondays[:9], whole.mondays[9:]
        found.append(compare("wait", weekly(whole, "wait", earlier), weekly(whole, "wait", latest)))
    assert verdicts(found)["better"] <= 0.10


@pytest.mark.parametrize("measure", ["hands_on", "cycle", "utilization"])
def test_a_desk_that_works_thirty_percent_faster_is_seen(measure: str) -> None:
    """Requests that take 30% less work show in hands-on time, cycle and utilization."""
    slow, fast = picture(1, 9, 0.8), picture(2, 9, 0.56, 0.7)
    found = compare(measure, weekly(slow, measure, slow.mondays), weekly(fast, measure, fast.mondays))
    assert found.verdict == "better", found
    assert found.change is not None
    assert found.before is not None
    assert found.change < -0.15 * found.before


def test_weekly_sums_are_the_sums_of_the_desk() -> None:
    """Waits, closings and hours by week add up to those of the whole time, whatever the weeks."""
    whole = picture(3, 8, 0.75)
    edges = week_starts("UTC", START, START + 8 * WEEK)
    for measure in UNITS:
        parts = [weekly(whole, measure, np.array(pair)) for pair in pairwise(edges.tolist())]
        together = weekly(whole, measure, edges)
        assert [p.total[0] for p in parts] == pytest.approx(together.total)
        assert [p.by[0] for p in parts] == pytest.approx(together.by)


def test_of_one_or_two_people_only_waits_are_told() -> None:
    """In a team of two every other measure would be a person's."""
    pair = simulate(5, people=2, weeks=6)
    seen = look(pair.facts, pair.team, pair.now, basis=None, held=None, history_weeks=6)
    told = {measure: hidden(seen, measure, seen.mondays) for measure in UNITS}
    assert [measure for measure, why in told.items() if not why] == ["wait"]
    assert "one or two" in told["utilization"]
