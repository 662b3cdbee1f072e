"""Utilization against desks whose load is known, and the rules it must keep whatever the data."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.facts import Facts
from bot.health.picture import Picture, look
from bot.health.results import Basis, Unknown
from bot.health.seen.basis import choose_basis
from bot.health.seen.capacity import Roster
from bot.health.seen.requests import derive
from bot.health.seen.utilization import HIGHEST, PARKED, Load, believe, believe_stated, dispersion
from bot.health.seen.work import from_claims, from_replies
from bot.signal import Kind
from tests.health.desk import DAY, START, WEEK, Desk, clock, fact, simulate, team_of


def picture(desk: Desk, basis: Basis | None = None, held: Basis | None = None) -> Picture:
    """What a check sees at the end of the simulation."""
    return look(desk.facts, desk.team, desk.now, basis=basis, held=held, history_weeks=26)


def seen(desk: Desk, basis: Basis | None = None) -> float:
    """Utilization over the whole simulation."""
    p = picture(desk, basis)
    belief = p.believe(p.load(START))
    assert belief is not None
    return belief.seen().value


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.5, 0.7, 0.85, 0.95])
@pytest.mark.parametrize("people", [3, 5, 10])
def test_claims_find_the_true_load(rho: float, people: int) -> None:
    """Over four desks of 12 weeks the mean error is within .05, at every size and load."""
    desks = [simulate(seed, people=people, rho=rho, weeks=12) for seed in range(4)]
    off = [seen(d, Basis.CLAIMS) - d.utilization for d in desks]
    assert abs(float(np.mean(off))) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.5, 0.7, 0.85])
def test_replies_alone_find_the_true_load(rho: float) -> None:
    """Without one claim or ✅ the mean error stays within .07."""
    desks = [simulate(seed, rho=rho, weeks=12, claims=False) for seed in range(4)]
    off = [seen(d) - d.utilization for d in desks]
    assert abs(float(np.mean(off))) < 0.07


@pytest.mark.slow
def test_missing_claims_and_dones_are_repaired() -> None:
    """With a quarter of claims and ✅ missing the load found moves by less than .06."""
    whole = np.mean([seen(simulate(s, weeks=12), Basis.CLAIMS) for s in range(4)])
    holes = np.mean([seen(simulate(s, weeks=12, missed=0.25), Basis.CLAIMS) for s in range(4)])
    assert abs(float(holes - whole)) < 0.06


@pytest.mark.slow
def test_the_interval_holds_the_truth() -> None:
    """Of 40 desks at least six in ten 80% intervals hold the true load."""
    inside = 0
    for seed in range(40):
        desk = simulate(seed, people=4 + seed % 5, rho=0.6 + 0.05 * (seed % 7), weeks=4)
        p = picture(desk, Basis.CLAIMS)
        belief = p.believe(p.load(START))
        assert belief is not None
        inside += belief.seen().low <= desk.utilization <= belief.seen().high
    assert inside >= 24


def hours_of(*spans: tuple[int, int, float, float]) -> float:
    """United hours of (request, actor, from, to) claims, in working hours from the first Monday 09:00."""
    unix = clock(4).at
    facts = []
    for request, actor, begin, end in spans:
        facts.append(fact(request, Kind.ARRIVAL, START))
        facts.append(fact(request, Kind.CLAIM, float(unix(max(begin, 1e-6))), actor))
        facts.append(fact(request, Kind.DONE, float(unix(end)), actor))
    now = START + 4 * WEEK
    roster = Roster.of(team_of(3), START, now)
    work = from_claims(derive(Facts.of(facts), now), clock(4), roster, now)
    return float(work.between(np.array([0.0, 160.0]))[0])


def test_one_persons_overlaps_count_once() -> None:
    """Three claims held at once by one person are as many hours as the clock shows; by two people, both count."""
    assert hours_of((1, 7, 0, 4), (2, 7, 1, 3), (3, 7, 2, 6)) == pytest.approx(6, abs=1e-4)
    assert hours_of((1, 7, 0, 4), (2, 8, 1, 3)) == pytest.approx(6, abs=1e-4)


def test_nights_do_not_count() -> None:
    """A claim held from one working hour to the next day's is worth the hours of work between."""
    assert hours_of((1, 7, 7, 9)) == pytest.approx(2, abs=1e-4)


def test_unknown_actors_are_bounded_by_the_people_there() -> None:
    """Claims whose actors are gone count ∫ min(N, c): five held at once by nobody known are three people's work."""
    assert hours_of(*((i, 0, 0, 4) for i in range(1, 6))) == pytest.approx(12, abs=1e-3)


def test_replies_are_bounded_by_the_people_there() -> None:
    """Of ten threads in work at the same time, three people work on three."""
    unix = clock(4).at
    facts = [fact(r, Kind.ARRIVAL, START) for r in range(1, 11)]
    facts += [fact(r, Kind.REPLY, float(unix(h + r / 1e6))) for r in range(1, 11) for h in (1, 5)]
    now = START + 4 * WEEK
    requests = derive(Facts.of(facts), now)
    work = from_replies(requests, clock(4), Roster.of(team_of(3), START, now), 16)
    assert work.between(np.array([0.0, 160.0]))[0] == pytest.approx(12, abs=1e-3)


def test_an_open_claim_counts_but_not_for_ever() -> None:
    """A claim without ✅ counts up to now, at most as long as nine in ten finished ones took."""
    done = [(i, i, 0.0, 2.0) for i in range(1, 11)]
    held = hours_of(*done)
    unix = clock(4).at
    facts = [fact(99, Kind.ARRIVAL, START), fact(99, Kind.CLAIM, float(unix(10.0)), 99)]
    for request, actor, begin, end in done:
        facts.append(fact(request, Kind.ARRIVAL, START))
        facts.append(fact(request, Kind.CLAIM, float(unix(max(begin, 1e-6))), actor))
        facts.append(fact(request, Kind.DONE, float(unix(end)), actor))
    roster = Roster.of(team_of(3), START, START + 5 * WEEK)
    for now, more in ((float(unix(11.0)), 1.0), (START + 4 * WEEK, 2.0)):
        work = from_claims(derive(Facts.of(facts), now), clock(4), roster, now)
        assert work.between(np.array([0.0, 160.0]))[0] == pytest.approx(held + more, abs=1e-3)


loads = st.builds(
    Load,
    jobs=st.integers(20, 2000).map(float),
    counted=st.integers(20, 2000).map(float),
    busy=st.floats(1, 4000),
    capacity=st.floats(20, 4000),
    open_hours=st.just(160.0),
    mean_wait=st.floats(0, 100) | st.just(math.nan),
).filter(lambda load: not replace(load, jobs=load.jobs * 5).impossible)


@given(loads, st.floats(0.3, 4), st.floats(1, 10))
def test_estimates_are_numbers_in_order(load: Load, scv: float, spread: float) -> None:
    """Whatever the sums: finite, never negative, low ≤ value ≤ high, a probability within 0–1."""
    belief = believe(load, Basis.CLAIMS, service_scv=scv, dispersion=spread, unseen=0.1)
    assert belief is not None
    whole = belief.all_work()
    assert 0 <= whole.low <= whole.value <= whole.high < math.inf
    assert belief.seen().value <= whole.value
    assert 0 <= belief.above(0.85) <= 1


@given(loads, st.floats(0.3, 4), st.floats(1, 10), st.floats(0, 0.8), st.floats(0.1, 5000), st.floats(0, 0.6))
def test_no_range_is_told_beyond_three_times_the_hours(
    load: Load, scv: float, spread: float, unseen: float, minutes: float, doubted: float
) -> None:
    """Whatever the sums and the basis: what is told lies in order within 0–300%, or is not known and says why."""
    for belief in (
        believe(load, Basis.CLAIMS, service_scv=scv, dispersion=spread, unseen=unseen, doubted=doubted),
        believe_stated(load, minutes, False, unseen, doubted),
    ):
        told = Unknown("") if belief is None else belief.utilization()
        if belief is not None and isinstance(told, Unknown):
            assert max(belief.all_work().high, belief.work or 0) > HIGHEST
            assert "300%" in told.reason
            assert belief.told() == told
        elif not isinstance(told, Unknown):
            assert 0 <= told.low <= told.value <= told.high <= HIGHEST


def test_strange_hours_for_what_nobody_lives_at_are_not_believed() -> None:
    """Beyond 300%, with jobs longer than the desk was open or half as many hours again as there were: nothing is.

    A flood is: five times the jobs of a desk that was full leave the hours of each as they were.
    """
    long = Load(jobs=145, counted=23, busy=10_004, capacity=16_000, open_hours=160, mean_wait=0.5)
    many = Load(jobs=1899, counted=194, busy=28_830, capacity=16_000, open_hours=160, mean_wait=0.1)
    flood = Load(jobs=1000, counted=200, busy=190, capacity=200, open_hours=160, mean_wait=math.nan)
    for load in (long, many):
        assert load.impossible
        assert believe(load, Basis.CLAIMS, service_scv=1, dispersion=1) is None
        assert not replace(load, jobs=load.counted).impossible
    known = believe(flood, Basis.CLAIMS, service_scv=1, dispersion=1)
    assert known is not None
    assert known.above(0.85) > 0.99
    assert not known.told()


@given(loads, st.floats(1.01, 5))
def test_more_load_is_never_less_utilization(load: Load, times: float) -> None:
    """More jobs of the same work and wait, or fewer hours for them, never lower the estimate."""
    before = believe(load, Basis.CLAIMS, service_scv=1.0, dispersion=1.5)
    more = believe(replace(load, jobs=load.jobs * times), Basis.CLAIMS, service_scv=1.0, dispersion=1.5)
    waits = believe(replace(load, mean_wait=load.mean_wait * times), Basis.CLAIMS, service_scv=1.0, dispersion=1.5)
    assert before is not None
    assert more is not None
    assert waits is not None
    assert more.seen().value >= before.seen().value * (1 - 1e-9)
    assert waits.seen().value >= before.seen().value * (1 - 1e-9)


def test_more_work_than_anybody_had_hours_for_is_no_utilization() -> None:
    """Up to three times the hours on duty may be seen worked (parked claims); beyond it the roster is wrong."""
    load = Load(jobs=40, counted=40, busy=59, capacity=20, open_hours=160, mean_wait=1.0)
    assert believe(load, Basis.CLAIMS, service_scv=1.0, dispersion=1.5) is not None
    assert believe(replace(load, busy=61), Basis.CLAIMS, service_scv=1.0, dispersion=1.5) is None


def test_parked_work_is_named_and_bounded() -> None:
    """Claims held far longer than the wait explains are named, and lift the estimate no more than half of .1."""
    load = Load(jobs=200, counted=200, busy=1900, capacity=2000, open_hours=160, mean_wait=0.01)
    belief = believe(load, Basis.CLAIMS, service_scv=1.0, dispersion=1.0)
    assert belief is not None
    assert belief.parked
    assert belief.wait is not None
    assert belief.seen().value <= belief.wait + PARKED / 2 + 0.01


def test_stated_minutes_carry_their_doubt() -> None:
    """The stated 80% range is ÷1.5…×1.5 when given and ÷2…×2 from a preset; P(over its median) is one half."""
    load = Load(jobs=100, counted=0, busy=0, capacity=200, open_hours=40, mean_wait=1)
    given_, preset = believe_stated(load, 60, True), believe_stated(load, 60, False)
    assert given_ is not None
    assert preset is not None
    for belief, factor in ((given_, 1.5), (preset, 2.0)):
        e = belief.seen()
        assert (e.value, e.low, e.high) == pytest.approx((0.5, 0.5 / factor, 0.5 * factor))
        assert belief.above(0.5) == pytest.approx(0.5)


def test_unseen_load_is_in_the_value_and_widens_the_range() -> None:
    """A stated unseen share adds its middle to the value and its own doubt to the range."""
    load = Load(jobs=200, counted=200, busy=100, capacity=200, open_hours=40, mean_wait=0.5)
    alone = believe(load, Basis.CLAIMS, service_scv=1, dispersion=1)
    more = believe(load, Basis.CLAIMS, service_scv=1, dispersion=1, unseen=0.2)
    assert alone is not None
    assert more is not None
    a, b = alone.told(), more.told()
    assert a
    assert b
    assert b.value == pytest.approx(a.value + 0.2)
    assert b.high - b.low == pytest.approx(a.high - a.low + 0.2)
    assert more.seen() == alone.seen()
    assert more.above(0.85) == pytest.approx(alone.above(0.65))


def test_too_little_says_nothing() -> None:
    """Below 20 jobs, without capacity, or without closings there is no estimate."""
    enough = Load(jobs=20, counted=20, busy=10, capacity=200, open_hours=40, mean_wait=0.5)
    for change in ({"jobs": 19}, {"capacity": 0}, {"counted": 19}, {"busy": 0}):
        assert believe(replace(enough, **change), Basis.CLAIMS, service_scv=1, dispersion=1) is None


def test_dispersion_of_poisson_is_about_one() -> None:
    """Poisson weeks give about 1, arrivals in threes about 3, and unequal weeks are compared per hour."""
    rng = np.random.default_rng(3)
    hours = rng.choice(np.array([120.0, 200.0]), 400)
    assert dispersion(rng.poisson(hours / 2).astype(np.float64), hours) == pytest.approx(1, abs=0.25)
    clustered = rng.poisson(hours / 6).astype(np.float64) * 3
    assert dispersion(clustered, hours) == pytest.approx(3, abs=0.6)


def cut(desk: Desk, kinds: tuple[Kind, ...], before: float, after: float = 0.0) -> Facts:
    """The desk's facts without some kinds between two moments."""
    f = desk.facts
    return f.take(~(np.isin(f.kind, kinds) & (f.at < before) & (f.at >= after)))


def test_a_basis_changes_after_four_full_weeks() -> None:
    """A desk that begins to claim changes to `claims` when four complete weeks carry it, not before."""
    desk = simulate(1, weeks=12)
    began = START + 4 * WEEK
    facts = cut(desk, (Kind.CLAIM, Kind.DONE), began)
    for weeks, expected in ((4, Basis.REPLIES), (7, Basis.REPLIES), (9, Basis.CLAIMS)):
        p = look(facts, desk.team, START + weeks * WEEK, basis=None, held=Basis.REPLIES, history_weeks=26)
        assert p.basis is expected


def test_a_basis_in_use_stays_while_anything_carries_it() -> None:
    """One week without claims changes nothing; after four of them the basis is `replies`."""
    desk = simulate(2, weeks=12)
    stopped = START + 6 * WEEK
    facts = cut(desk, (Kind.CLAIM,), START + 20 * WEEK, stopped)
    for weeks, expected in ((7, Basis.CLAIMS), (11, Basis.REPLIES)):
        p = look(facts, desk.team, START + weeks * WEEK, basis=None, held=Basis.CLAIMS, history_weeks=26)
        assert p.basis is expected


def test_without_signs_of_work_there_is_only_what_was_said() -> None:
    """Arrivals alone rest on stated minutes, or on nothing."""
    desk = simulate(3, weeks=6)
    facts = desk.facts.take(desk.facts.kind == Kind.ARRIVAL)
    requests = derive(facts, desk.now)
    mondays = np.arange(7, dtype=np.float64) * WEEK + START
    assert choose_basis(requests, mondays, None, True) is Basis.STATED
    assert choose_basis(requests, mondays, None, False) is None
    assert choose_basis(requests, mondays[:0], None, False) is None


def test_a_free_day_changes_nothing() -> None:
    """An idle weekend more at the end moves no figure of the weeks before."""
    desk = simulate(4, weeks=8)
    p = picture(desk, Basis.CLAIMS)
    later = look(desk.facts, desk.team, desk.now + 0.3 * DAY, basis=Basis.CLAIMS, held=None, history_weeks=26)
    edges = np.array([START, START + 4 * WEEK])
    assert later.desk.sums(edges, later.work) == pytest.approx(p.desk.sums(edges, p.work))
