"""Known peaks: within the plan they are no drift, beyond it they are, and what they will be like is said before."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.ahead import foresee, smaller
from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.peaks import Peak, came, planned
from bot.health.picture import Picture, look
from bot.health.results import Level
from bot.health.seen.worktime import work_clock
from bot.signal import Kind
from bot.team import Person, Team
from tests.budget import examples
from tests.health.desk import START, WEEK, Desk, fact, simulate, team_of

FIRST = date(2024, 1, 1)


def picture(desk: Desk, **more: object) -> Picture:
    """The desk as known at its end."""
    return look(desk.facts, desk.team, desk.now, basis=None, held=None, history_weeks=26, **more)  # type: ignore[arg-type]


def day(week: int, weekday: int = 0) -> date:
    """A day of a week, both counted from 0."""
    return FIRST + timedelta(weeks=week, days=weekday)


def steady(weeks: int, more: dict[int, int], usual: int = 120, seed: int = 5) -> Facts:
    """Requests by chance, `usual` a week and `more` in some weeks, of an hour's work on average, five people there."""
    rng = np.random.default_rng(seed)
    clock = work_clock("Mon-Fri 09:00-17:00", "UTC", START, START + (weeks + 6) * WEEK)
    told: list[tuple[int, Kind, int, float]] = []
    free, number = [0.0] * 5, 0
    for week in range(weeks):
        for at in (week * 40 + np.sort(rng.random(more.get(week, usual))) * 40).tolist():
            number += 1
            who = int(np.argmin(free))
            begun = max(at, free[who])
            free[who] = begun + float(rng.exponential())
            told += [
                (number, Kind.ARRIVAL, 0, at),
                (number, Kind.CLAIM, who + 1, begun),
                (number, Kind.DONE, who + 1, free[who]),
            ]
    moments = clock.at([hours for *_, hours in told]).tolist()
    return Facts.of([fact(key, kind, at, who) for (key, kind, who, _), at in zip(told, moments, strict=True)])


def levels(facts: Facts, now: float, peaks: tuple[Peak, ...]) -> list[Level]:
    """The level of each complete week."""
    return [week.level for week in assess(facts, team_of(5), now, peaks=peaks, resilient=False).weeks]


PEAK = Peak(day(10), day(12, 4), 0.7)
BUSY = {10: 200, 11: 200, 12: 200}


def test_a_peak_within_its_plan_raises_nothing_and_beyond_it_does() -> None:
    """Three weeks without slack alarm by themselves, not when planned, and again when more came than was planned."""
    facts, now = steady(16, BUSY), START + 14 * WEEK
    assert max(levels(facts, now, ())) > Level.HEALTHY
    assert max(levels(facts, now, (PEAK,))) is Level.HEALTHY
    assert max(levels(facts, now, (replace(PEAK, demand=0.1),))) > Level.HEALTHY


def test_a_peak_noted_later_was_not_known_before() -> None:
    """On a day before the plan was noted, its weeks are judged like any others: a backtest knows no more."""
    facts, now = steady(16, BUSY), START + 13 * WEEK
    noted = replace(PEAK, made=day(13, 2))
    assert levels(facts, now, (noted,)) == levels(facts, now, ())
    assert max(levels(facts, now + 3 * 86400, (noted,))) is Level.HEALTHY


def test_a_load_that_stays_after_the_peak_is_seen() -> None:
    """What was planned for three weeks and goes on is drift: the plan hides its own days only."""
    facts = steady(20, dict.fromkeys(range(10, 20), 200))
    assert max(levels(facts, START + 20 * WEEK, (PEAK,))) > Level.HEALTHY


@examples(25)
@given(demand=st.floats(0.05, 3.0), other=st.floats(0.05, 3.0), busy=st.integers(60, 400))
def test_planning_more_never_leaves_out_fewer_days(demand: float, other: float, busy: int) -> None:
    """A higher plan covers whatever a lower one covers."""
    desk = picture(Desk(steady(12, {10: busy}), team_of(5), START + 12 * WEEK, 0.6, 0.0)).desk
    edges = START + np.arange(13, dtype=np.float64) * WEEK
    low, high = sorted((demand, other))
    lower, higher = (planned(desk, [Peak(day(10), day(10, 4), x)], "UTC", edges, 1.0) for x in (low, high))
    assert np.all(lower <= higher)


def test_what_came_is_counted_against_the_four_weeks_before() -> None:
    """200 requests where 120 are usual are two thirds more."""
    desk = picture(Desk(steady(14, BUSY), team_of(5), START + 14 * WEEK, 0.6, 0.0)).desk
    found = came(desk, [PEAK], PEAK, "UTC")
    assert found is not None
    assert found.extra == pytest.approx(2 / 3, abs=0.02)


def test_nothing_is_said_of_a_peak_with_nothing_before_it() -> None:
    """Without weeks before there is no usual; nothing is left out and nothing compared."""
    desk = picture(Desk(steady(3, {}), team_of(5), START + 3 * WEEK, 0.6, 0.0)).desk
    first = Peak(day(0), day(1), 0.5)
    assert came(desk, [first], first, "UTC") is None
    assert not planned(desk, [first], "UTC", START + np.arange(4, dtype=np.float64) * WEEK, 1.0).any()


def calm(**said: object) -> Desk:
    desk = simulate(3, people=5, rho=0.7, weeks=10)
    return replace(desk, team=replace(desk.team, **said))  # type: ignore[arg-type]


@cache
def calmly() -> Picture:
    """The calm desk as known at its end."""
    return picture(calm())


def test_hours_short_are_the_work_less_the_people_there() -> None:
    """At 70% of 200 h and 60% more, work is about 224 h: some 24 h are short, and the range holds that."""
    found = foresee(calmly(), Peak(day(11), day(12, 4), 0.6), np.random.default_rng(1))
    assert found is not None
    assert [week.week for week in found.weeks] == [12, 13]
    for week in found.weeks:
        assert week.there == pytest.approx(200)
        assert week.hours.low < 24 < week.hours.high


def test_away_and_holidays_make_a_week_shorter() -> None:
    """Two people away for a week of the peak are 80 h less there, and as many more short."""
    desk = calm()
    off = frozenset(day(11, n) for n in range(5))
    people = tuple(replace(p, off=off) if p.id in ("u0", "u1") else p for p in desk.team.people)
    peak = Peak(day(11), day(11, 4), 0.3)
    before = foresee(picture(desk), peak, np.random.default_rng(1))
    fewer = foresee(picture(replace(desk, team=replace(desk.team, people=people))), peak, np.random.default_rng(1))
    assert before is not None
    assert fewer is not None
    assert fewer.weeks[0].there == pytest.approx(120)
    assert fewer.weeks[0].hours.value - before.weeks[0].hours.value == pytest.approx(80, abs=1)
    assert fewer.wait.value > before.wait.value


def test_only_days_of_the_plan_bring_more() -> None:
    """A peak of one day makes its week a fifth as much shorter as one of five days."""
    short = [foresee(calmly(), Peak(day(11), last, 0.5), np.random.default_rng(1)) for last in (day(11), day(11, 4))]
    nothing = foresee(calmly(), Peak(day(11), day(11), 1e-9), np.random.default_rng(1))
    assert short[0] is not None
    assert short[1] is not None
    assert nothing is not None
    one, five = (f.weeks[0].hours.value - nothing.weeks[0].hours.value for f in short if f is not None)
    assert one == pytest.approx(five / 5, rel=0.15)


@examples(6)
@given(demands=st.tuples(st.floats(0.05, 1.5), st.floats(0.05, 1.5)))
def test_more_demand_never_waits_less(demands: tuple[float, float]) -> None:
    """A larger peak is never shorter of fewer hours, nor predicted a shorter wait."""
    seen = calmly()
    low, high = sorted(demands)
    less, more = (foresee(seen, Peak(day(11), day(11, 4), x), np.random.default_rng(1)) for x in (low, high))
    assert less is not None
    assert more is not None
    assert less.weeks[0].hours.value <= more.weeks[0].hours.value + 0.5
    assert less.wait.value <= more.wait.value * 1.1 + 0.05


def test_the_same_seed_gives_the_same_forecast() -> None:
    """Two answers to one plan are one answer."""
    seen, peak = calmly(), Peak(day(11), day(11, 4), 0.4)
    assert foresee(seen, peak, np.random.default_rng(7)) == foresee(seen, peak, np.random.default_rng(7))


def test_a_team_with_nothing_seen_gets_no_forecast() -> None:
    """Without requests in the last four weeks there is no number."""
    team = Team("Desk", people=(Person("u1"), Person("u2"), Person("u3")))
    seen = look(Facts.of([]), team, START + 10 * WEEK, basis=None, held=None, history_weeks=26)
    assert foresee(seen, PEAK, np.random.default_rng(1)) is None
    assert smaller(seen, 0.8, np.random.default_rng(1)) == (None, None)


def test_fewer_hours_wait_longer_until_the_queue_grows() -> None:
    """A fifth fewer hours wait longer; half of them cannot do the work, and no wait is told."""
    seen = calmly()
    as_now, less, half = (smaller(seen, share, np.random.default_rng(1)) for share in (1.0, 0.8, 0.5))
    assert as_now[0] is not None
    assert less[0] is not None
    assert as_now[0].value < less[0].value
    assert as_now[0].low < calm().mean_wait < as_now[0].high * 1.5
    assert half[0] is None
    assert half[1] is not None
    assert half[1] > 0
