"""Speed beside its guards, on desks whose truth is known."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import numpy as np
import pytest

from bot.health.efficiency import OUTCOMES, Efficiency, efficiency
from bot.health.facts import Facts
from bot.health.guarded import guarded, sides
from bot.health.measured import PERSONS, weekly
from bot.health.picture import Picture, look
from bot.health.results import Basis, Guarded, Unknown
from bot.signal import Kind, Signal
from bot.team import Person, Team
from tests.health.desk import START, WEEK, clock, fact, team_of

HOUR, DAY = 3_600.0, 86_400.0


def desk(
    weeks: int = 20,
    *,
    jobs: tuple[int, int] = (30, 30),
    back: tuple[float, float] = (0.1, 0.1),
    chased: tuple[float, float] = (0.1, 0.1),
    escalated: tuple[float, float] = (0.05, 0.05),
    hours: tuple[float, float] = (1.0, 1.0),
    wait: tuple[float, float] = (0.5, 0.5),
    turn: int = 10,
    seed: int = 1,
) -> list[Signal]:
    """Requests whose numbers, fate, work and waits change in one week; each comes back a day after its ✅ or never."""
    rng, at = np.random.default_rng(seed), partial(_at, clock(weeks))
    told: list[Signal] = []
    for week in range(weeks):
        late = int(week >= turn)
        for came in np.sort(rng.uniform(0, 36, jobs[late])) + 40 * week:
            key, who = len(told) + 1, int(rng.integers(1, 6))
            begun = came + wait[late] * rng.uniform(0.5, 1.5)
            done = begun + hours[late] * rng.uniform(0.8, 1.2)
            rows = [(Kind.ARRIVAL, came, 0), (Kind.CLAIM, begun, who), (Kind.DONE, done, who)]
            if rng.random() < back[late]:
                rows += [(Kind.REOPEN, done + 8, 0), (Kind.DONE, done + 9, who)]
            if rng.random() < chased[late]:
                rows.append((Kind.CHASE, (came + begun) / 2, 0))
            if rng.random() < escalated[late]:
                rows.append((Kind.ESCALATE, begun, who))
            told += [fact(key, kind, at(hour), actor) for kind, hour, actor in rows]
    return told


def _at(working: object, hour: float) -> float:
    return float(working.at(max(hour, 1e-6)))  # type: ignore[attr-defined]


def seen(told: list[Signal], team: Team | None = None, weeks: int = 20) -> Picture:
    """The team at the end of these weeks."""
    now = START + weeks * WEEK
    return look(Facts.of(told), team or team_of(5), now, basis=Basis.CLAIMS, held=None, history_weeks=26)


def guard(found: Guarded, measure: str) -> bool:
    """Whether that one got worse."""
    return measure in found.worse


def test_speed_paid_with_rework_is_false_efficiency() -> None:
    """Half as many again are finished and a quarter instead of a tenth comes back: false efficiency, by that guard."""
    found = guarded(seen(desk(jobs=(30, 45), back=(0.08, 0.25), turn=11)))
    assert found.compared
    assert found.compared.weeks == 8
    assert not isinstance(found.throughput, Unknown)
    assert found.throughput.rose
    assert found.throughput.ratio.value == pytest.approx(1.5, rel=0.15)
    assert found.false_efficiency
    assert guard(found, "reopen")
    assert not guard(found, "escalation")


def test_honest_speed_is_not_accused_nor_is_rework_without_speed() -> None:
    """More finished at the same quality, and worse quality at the same pace, are not false efficiency."""
    assert guarded(seen(desk(jobs=(30, 45), turn=11))).false_efficiency is False
    rework = guarded(seen(desk(back=(0.08, 0.25), turn=11)))
    assert guard(rework, "reopen")
    assert rework.false_efficiency is False


@pytest.mark.slow
def test_calm_desks_are_rarely_accused() -> None:
    """Of forty desks on which nothing changes, at most one is called false efficiency or a loop."""
    found = [guarded(seen(desk(seed=seed))) for seed in range(40)]
    assert sum(bool(one.false_efficiency) for one in found) <= 1
    assert sum(not isinstance(one.loop, Unknown) and one.loop.there for one in found) <= 1


def test_a_reopening_counts_for_the_week_of_its_done_and_waits_for_the_lag() -> None:
    """The latest weeks end where what comes back has had the time to; the rate there is the one that was made."""
    found = guarded(seen(desk(back=(0.2, 0.2))))
    assert found.compared
    assert found.compared.until < datetime.fromtimestamp(START + 20 * WEEK, UTC).date()
    found_back = (found.guards or {})["reopen"]
    assert found_back
    assert found_back.now.low < 0.2 / 1.2 < found_back.now.high  # of closings, the second ones among them


def test_a_reopening_without_a_time_is_no_good_outcome() -> None:
    """🔁 as history tells it counts for the closing it stands by: in the guard, by week, and against good outcomes."""
    told = desk(back=(0.2, 0.2))
    untimed = [replace(s, reacted=0) for s in told if s.kind is Kind.REOPEN]
    again = {s.request for s in untimed}
    first = [s for s in told if s.request not in again or s.kind in {Kind.ARRIVAL, Kind.CLAIM}]
    first += [next(s for s in told if s.request == r and s.kind is Kind.DONE) for r in sorted(again)]
    read, never = (seen(facts) for facts in ([*first, *untimed], first))
    rates = [(guarded(picture).guards or {})["reopen"] for picture in (read, never)]
    assert not isinstance(rates[0], Unknown)
    assert not isinstance(rates[1], Unknown)
    assert rates[0].now.low < 0.2 < rates[0].now.high
    assert rates[1].now.value == 0
    weeks = [weekly(picture, "reopen", picture.mondays[-9:]) for picture in (read, never)]
    assert 0.1 < sum(weeks[0].total) / sum(weeks[0].by) < 0.3
    assert sum(weeks[1].total) == 0
    good = [efficiency(picture, OUTCOMES[0], None).good for picture in (read, never)]
    assert good[0] < 0.9 * good[1]


def test_requests_split_in_two_are_not_throughput() -> None:
    """Twice as many of half the work each: counted, named as split, and no rise."""
    found = guarded(seen(desk(jobs=(30, 60), hours=(1.0, 0.5), turn=11)))
    assert not isinstance(found.throughput, Unknown)
    assert not isinstance(found.throughput.size, Unknown)
    assert found.throughput.size.value == pytest.approx(0.5, rel=0.15)
    assert found.throughput.split
    assert not found.throughput.rose


def test_the_loop_is_named_only_when_all_three_rose() -> None:
    """Waits, asking again and jobs for a request all up: the loop, with its evidence; two of three are none."""
    both = {"chased": (0.05, 0.3), "back": (0.05, 0.25), "turn": 11}
    there = guarded(seen(desk(wait=(0.5, 4.0), **both))).loop  # type: ignore[arg-type]
    assert not isinstance(there, Unknown)
    assert there.there
    assert there.wait_now > 4 * there.wait_before
    assert there.chase_now.value > there.chase_before.value
    assert there.jobs_now > there.jobs_before
    quick = guarded(seen(desk(**both))).loop  # type: ignore[arg-type]
    assert not isinstance(quick, Unknown)
    assert not quick.there


@pytest.mark.parametrize("weeks", [0, 1, 5])
def test_thin_history_says_not_enough_data(weeks: int) -> None:
    """No weeks, one or five: no number, and the reason."""
    found = guarded(seen(desk(max(weeks, 1)) if weeks else [], weeks=weeks))
    assert isinstance(found.throughput, Unknown)
    assert found.false_efficiency == found.throughput
    assert found.throughput.reason.startswith("not enough data")


def test_few_requests_say_not_enough_data() -> None:
    """Two requests a week are fewer than twenty a side: each guard says so."""
    found = guarded(seen(desk(jobs=(2, 2))))
    assert isinstance(found.throughput, Unknown)
    assert found.throughput.reason.startswith("not enough data")
    for one in (found.guards or {}).values():
        assert isinstance(one, Unknown)
        assert one.reason.startswith("not enough data")


def test_order_of_rows_does_not_matter() -> None:
    """The same facts in another order give the same figures."""
    told = desk()
    assert guarded(seen(told)) == guarded(seen(told[::-1]))


def test_weeks_of_a_pair_are_never_compared() -> None:
    """A team of two has none of it; one that was two until lately has too few weeks."""
    told = desk()
    assert guarded(seen(told, team_of(2))) == Guarded.unknown(PERSONS)
    grown = Team(
        "Desk",
        hours=team_of(1).hours,
        people=(
            *(Person(f"u{i}", since=date(2024, 1, 1)) for i in range(2)),
            *(Person(f"v{i}", since=date(2024, 4, 8)) for i in range(3)),
        ),
    )
    assert isinstance(sides(seen(told, grown)), Unknown)
    assert efficiency(seen(told, team_of(2)), OUTCOMES[0], 50.0).per_hour == Unknown(PERSONS)


def measured(told: list[Signal], outcome: str = OUTCOMES[0], cost: float | None = 60.0) -> Efficiency:
    """The equation of five people."""
    return efficiency(seen(told), outcome, cost)


def test_the_equation_knows_the_truth_of_a_desk() -> None:
    """27 of 30 requests a week hold, in 200 hours on duty: .135 an hour, 60 ÷ that each, and no clear change."""
    found = measured(desk())
    assert not isinstance(found.per_hour, Unknown)
    assert not isinstance(found.cost, Unknown)
    assert not isinstance(found.cycle, Unknown)
    assert found.per_hour.low < 0.15 < found.per_hour.high  # what comes back is finished again, for good
    assert found.hours == pytest.approx(8 * 200)
    assert found.cost.value == pytest.approx(60 / found.per_hour.value)
    assert found.cost.low < found.cost.value < found.cost.high
    assert found.per_hour.change
    assert found.per_hour.change.low < 1 < found.per_hour.change.high
    assert 1 < found.cycle.value < 4


def test_stricter_outcomes_are_fewer_and_rework_costs() -> None:
    """What was escalated, or begun late, is not a good outcome where the team says so; no cost where none is given."""
    told = desk(escalated=(0.3, 0.3))
    plain, strict = measured(told), measured(told, "done_not_escalated")
    assert strict.good < plain.good
    assert isinstance(measured(told, cost=None).cost, Unknown)
    with pytest.raises(ValueError, match="none of"):
        measured(told, "most_tickets")
    for cost in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="above 0"):
            measured(told, cost=cost)
