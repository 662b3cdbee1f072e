"""Flow, quality and what is left for shocks, on desks small enough to count by hand and large enough for theory."""

import math
from dataclasses import replace

import numpy as np
import pytest

from bot.health.facts import Facts
from bot.health.picture import look
from bot.health.quality import UNDATED, chase_rate, escalation_rate, reopen_rate
from bot.health.resilience import GROWS, predicted_wait, resilience
from bot.health.results import UNTOLD, Basis, Unknown
from bot.health.seen.capacity import Roster
from bot.health.seen.flow import RARE, Desk, arrival_scv, count, flow, little_ratio, service_scv, spread
from bot.health.seen.requests import derive
from bot.signal import Kind, Signal
from tests.health.desk import DAY, START, WEEK, clock, fact, simulate, team_of


def desk(signals: list[Signal], now: float) -> Desk:
    """A desk of three with these facts."""
    return Desk(derive(Facts.of(signals), now), clock(12), Roster.of(team_of(3), START, now), now)


def at(hours: float) -> float:
    """Unix seconds after so many working hours from the first Monday."""
    return float(clock(12).at(max(hours, 1e-6)))


def test_counts_fall_into_their_windows() -> None:
    """A time on an edge belongs to the later window; what is outside or unknown to none."""
    times = np.array([0.0, 1.0, 1.5, 2.0, 3.0, math.nan, -1.0])
    assert count(times, np.array([0.0, 1.0, 2.0])).tolist() == [1, 2]
    assert count(times, np.array([0.0, 1.0, 2.0]), np.arange(7.0)).tolist() == [0, 3]


def test_waits_count_working_hours_and_open_requests() -> None:
    """Off-hours arrivals wait from the next opening, and who still waits counts with the age so far."""
    friday_night = START + 4 * DAY + 22 * 3600
    signals = [fact(1, Kind.ARRIVAL, friday_night), fact(1, Kind.CLAIM, START + WEEK + 10 * 3600, 5)]
    signals += [fact(2, Kind.ARRIVAL, START + WEEK + 9 * 3600)]
    found = flow(desk(signals, START + WEEK + 11 * 3600), START, None, UNTOLD)
    assert found.open == 2
    assert not isinstance(found.wait, Unknown)
    assert found.wait.n == 2
    assert found.wait.mean == pytest.approx((1 + 1) / 2)  # who still waits: as long as the longest seen
    assert not isinstance(found.cycle, Unknown)
    assert found.cycle.mean == pytest.approx(2)


def test_who_was_passed_over_does_not_speak_of_load() -> None:
    """One request forgotten for weeks leaves the mean wait of a busy desk as it was."""
    busy = simulate(5, rho=0.8, weeks=6)
    forgotten = Facts.join([busy.facts, Facts.of([fact(10**6, Kind.ARRIVAL, START + WEEK)])])
    for facts in (busy.facts, forgotten):
        p = look(facts, busy.team, busy.now, basis=Basis.CLAIMS, held=None, history_weeks=26)
        assert p.load(START).mean_wait == pytest.approx(busy.mean_wait, rel=0.02)


def test_arrival_variability_does_not_see_the_night() -> None:
    """Poisson arrivals around the clock have ca² about 1, though a quarter of them piles up at every opening."""
    rng = np.random.default_rng(1)
    arrived = START + np.sort(rng.random(6000)) * 12 * WEEK
    assert arrival_scv(arrived, clock(12)) == pytest.approx(1, abs=0.15)
    regular = np.array([at(h) for h in np.arange(0.25, 200, 0.5)])
    assert arrival_scv(regular, clock(12)) == 0.3
    assert arrival_scv(arrived[:5], clock(12)) is None


def test_service_variability_is_kept_within_reason() -> None:
    """Exponential service has cs² about 1; one giant does not make it more than 4; a few say nothing."""
    rng = np.random.default_rng(2)
    held = rng.exponential(1, 5000)
    assert service_scv(held) == pytest.approx(1, abs=0.1)
    assert service_scv(np.append(held, 1000.0)) == 4
    assert service_scv(held[:10]) is None


def test_littles_law_holds_and_notices_missing_closings() -> None:
    """On a whole record the ratio is 1; where a third of the ✅ is missing it is off by more than 15%."""
    whole = simulate(3, rho=0.8, weeks=8)
    for facts, sound in ((whole.facts, True), (without_dones(whole.facts), False)):
        d = Desk(derive(facts, whole.now), clock(12), Roster.of(whole.team, START, whole.now), whole.now)
        ratio = little_ratio(d, START)
        assert not isinstance(ratio, Unknown)
        assert (abs(ratio - 1) < 0.15) is sound


def without_dones(facts: Facts) -> Facts:
    """The facts without every third request's ✅."""
    return facts.take(~((facts.kind == Kind.DONE) & (facts.request % 3 == 0)))


def test_open_now_is_arrivals_less_closings() -> None:
    """The number open at a time counts reopened requests again."""
    signals = [fact(1, Kind.ARRIVAL, at(1)), fact(1, Kind.DONE, at(3)), fact(1, Kind.REOPEN, at(5))]
    d = desk([*signals, fact(2, Kind.ARRIVAL, at(2))], at(9))
    assert d.open_at(np.array([at(0.5), at(1.5), at(2.5), at(4), at(6)])).tolist() == [0, 1, 2, 1, 2]


def test_reopenings_belong_to_the_week_of_the_done_and_wait_for_the_lag() -> None:
    """Of 40 closed weeks ago 10 came back; those closed yesterday do not count yet."""
    signals = []
    for i in range(1, 61):
        closed = at(10 + i / 10) if i <= 40 else at(230)
        signals += [fact(i, Kind.ARRIVAL, at(1)), fact(i, Kind.DONE, closed)]
        if i <= 10:
            signals.append(fact(i, Kind.REOPEN, closed + 2 * DAY))
    requests = derive(Facts.of(signals), at(232))
    rate = reopen_rate(requests, START, at(232))
    assert rate
    assert (rate.n, rate.value) == (40, 0.25)
    assert rate.low == pytest.approx(0.1419, abs=1e-4)  # Wilson 10 of 40
    assert reopen_rate(requests, at(229), at(232)) == Unknown("fewer than 20 closings old enough to have come back")


def read_back(n: int, *, again: int, replied: bool = True) -> list[Signal]:
    """So many requests as history tells them, ✅ and, on the first ones, 🔁 without times; answered or only marked."""
    told: list[Signal] = []
    for i in range(1, n + 1):
        asked = round(at(i) * 1e6)
        root = [Signal(1, asked, asked, Kind.ARRIVAL), Signal(1, asked, asked, Kind.DONE)]
        reply = [Signal(1, asked, round(at(i + 0.5) * 1e6), Kind.REPLY)] if replied else []
        told += [*root, *reply, *([Signal(1, asked, asked, Kind.REOPEN)] if i <= again else [])]
    return told


def test_reopenings_that_history_tells_without_a_time_did_happen() -> None:
    """Of 40 closed at the desk's last reply 10 carry a 🔁 of unknown time: a quarter came back; no job is invented."""
    requests = derive(Facts.of(read_back(40, again=10)), at(200))
    rate = reopen_rate(requests, START, at(200))
    assert rate
    assert (rate.n, rate.value) == (40, 0.25)
    assert len(requests.jobs.opened) == 40
    none = reopen_rate(derive(Facts.of(read_back(40, again=0)), at(200)), START, at(200))
    assert none
    assert none.value == 0


def test_the_same_reopening_heard_live_counts_once() -> None:
    """🔁 by two people, one read back and one heard live, is the one coming back of that closing."""
    told = [s for s in read_back(40, again=10) if s.kind is not Kind.DONE]
    told += [Signal(1, s.request, s.message, Kind.DONE, b"", s.message + 10**9) for s in told if s.kind is Kind.ARRIVAL]
    told += [
        Signal(1, s.request, s.message, Kind.REOPEN, b"somebody", s.message + 2 * 10**10)
        for s in told
        if s.kind is Kind.REOPEN
    ]
    rate = reopen_rate(derive(Facts.of(told), at(200)), START, at(200))
    assert rate
    assert (rate.n, rate.value) == (40, 0.25)


def test_what_came_back_after_a_closing_without_a_time_is_no_zero() -> None:
    """Where all that is known to have come back cannot be dated, the rate is not known; one that can be is told."""
    dated = [fact(i, kind, at(i)) for i in range(1, 31) for kind in (Kind.ARRIVAL, Kind.DONE)]
    undated = read_back(5, again=5, replied=False)
    assert reopen_rate(derive(Facts.of([*dated, *undated]), at(200)), START, at(200)) == Unknown(UNDATED)
    rate = reopen_rate(derive(Facts.of([*dated, *undated, fact(1, Kind.REOPEN, at(9))]), at(200)), START, at(200))
    assert rate
    assert rate.value == pytest.approx(1 / 30)


def test_rates_of_requests_by_arrival() -> None:
    """Escalated and chased requests count once each, over those that arrived; below 20 there is no rate."""
    signals = [fact(i, Kind.ARRIVAL, at(i)) for i in range(1, 26)]
    signals += [fact(1, Kind.ESCALATE, at(40)), fact(1, Kind.ESCALATE, at(41)), fact(2, Kind.CHASE, at(42))]
    requests = derive(Facts.of(signals), at(50))
    escalated, chased = escalation_rate(requests, START), chase_rate(requests, START)
    assert escalated
    assert chased
    assert (escalated.n, escalated.value, chased.value) == (25, 0.04, 0.04)
    assert escalation_rate(requests, at(10)) == Unknown(RARE)


def test_spread_of_nothing_is_none() -> None:
    """Unknown times make no spread."""
    assert spread(np.array([math.nan])) is None


def test_slack_is_what_is_left_and_a_surge_fits_into_it() -> None:
    """Slack hours are capacity × (1 − ρ), in order; a busier desk bears less, a failing one less than nothing."""
    bearable = []
    for rho in (0.5, 0.8, 1.2):
        busy = simulate(6, rho=rho, weeks=8)
        p = look(busy.facts, busy.team, busy.now, basis=Basis.CLAIMS, held=None, history_weeks=26)
        load = p.load(START)
        belief = p.believe(load)
        assert belief is not None
        left = resilience(p, load, belief, START)
        assert not isinstance(left.slack_hours_per_week, Unknown)
        assert not isinstance(left.surge_tolerance, Unknown)
        assert not isinstance(left.surge_requests_per_day, Unknown)
        slack = left.slack_hours_per_week
        assert slack.low <= slack.value <= slack.high
        assert slack.value == pytest.approx(200 * (1 - belief.all_work().value), rel=0.02)
        assert left.surge_requests_per_day == pytest.approx(left.surge_tolerance * load.jobs / 40)
        bearable.append(left.surge_tolerance)
        assert (predicted_wait(p, load, belief) == GROWS) is (rho > 1)
    assert bearable[0] > bearable[1] > 0 > bearable[2]


def test_unseen_load_takes_from_the_slack() -> None:
    """A team that says a fifth of its time goes elsewhere has that much less slack."""
    busy = simulate(6, rho=0.5, weeks=8)
    slack = []
    for team in (busy.team, replace(busy.team, unseen_share=0.2)):
        p = look(busy.facts, team, busy.now, basis=Basis.CLAIMS, held=None, history_weeks=26)
        load = p.load(START)
        belief = p.believe(load)
        assert belief is not None
        left = resilience(p, load, belief, START).slack_hours_per_week
        assert left
        slack.append(left.value)
    assert slack[0] - slack[1] == pytest.approx(40, rel=0.01)


def test_a_week_counts_over_the_days_heard() -> None:
    """Heard for ten days of 28, thirty requests are 21 a week; heard longer, seven and a half; young, what came."""
    told = [fact(i + 1, Kind.ARRIVAL, at(i * 2)) for i in range(30)]
    told += [fact(i + 1, Kind.DONE, at(i * 2 + 1), 1) for i in range(20)]
    first = float(clock(12).opens[0])
    now = first + 10 * DAY
    young = flow(desk(told, now), now - 28 * DAY, None, UNTOLD)
    assert young.arrivals_per_week == pytest.approx(30 / 10 * 7)
    assert young.done_per_week == pytest.approx(20 / 10 * 7)
    older = flow(desk([*told, fact(99, Kind.ARRIVAL, START - 5 * WEEK)], now), now - 28 * DAY, None, UNTOLD)
    assert older.arrivals_per_week == pytest.approx(30 / 4)
    begun = flow(desk(told[:5], first + 1.5 * DAY), first - 27 * DAY, None, UNTOLD)
    assert begun.arrivals_per_week == pytest.approx(5)


def test_hours_on_duty_count_from_when_the_desk_was_heard() -> None:
    """Ten days of a desk that is half full read half full, not a fifth."""
    facts = simulate(1, rho=0.5, weeks=2).facts
    team = team_of(5, hands_on_minutes=60.0, hands_on_given=True)
    p = look(facts, team, START + 11 * DAY + 17 * 3600, basis=Basis.STATED, held=None, history_weeks=26)
    load = p.load(p.desk.now - 28 * DAY)
    assert load.capacity == pytest.approx(5 * 8 * 10)
    belief = p.believe(load)
    assert belief is not None
    assert belief.seen().value == pytest.approx(0.5, abs=0.1)
