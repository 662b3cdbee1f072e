"""What waits: each open request in one group, the same requests that are told as open everywhere."""

from collections.abc import Sequence

import numpy as np
import pytest

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.picture import look
from bot.health.results import Basis
from bot.health.waiting import SHORTEST, USUAL, Turn, Waiting, silence, waiting
from bot.signal import Kind, Signal
from bot.team import Team
from tests.health.desk import DAY, START, WEEK, clock, fact, simulate, team_of

HOUR = 3600.0
MORNING = START + 7 * WEEK + 9 * HOUR
"""A Monday, at the desk's opening."""
ASKER, ANNA, BEN = 99, 1, 2
A, R, C, D, F, X = Kind.ARRIVAL, Kind.REPLY, Kind.CLAIM, Kind.DONE, Kind.FOLLOWUP, Kind.REOPEN
BACK = Kind.WITHDRAW


def seen(facts: Facts, now: float, team: Team | None = None) -> Waiting:
    """What waits at a desk of five."""
    return waiting(look(facts, team or team_of(5), now, basis=Basis.STATED, held=None, history_weeks=26))


def one(*told: tuple[Kind, float, int], now: float = 3.0) -> Waiting:
    """Of a single request: (kind, hours into Monday, who), looked at so many hours into it."""
    rows = [fact(1, A, MORNING, ASKER)]
    rows += [
        Signal(1, 1, 1, kind, who.to_bytes(8, "big"), round((MORNING + at * HOUR) * 1e6), int(C) if kind is BACK else 0)
        for kind, at, who in told
    ]
    return seen(Facts.of(rows), MORNING + now * HOUR)


@pytest.mark.parametrize(
    ("told", "turn", "holder"),
    [
        ([], Turn.NOBODY, 0),
        ([(F, 1, ASKER)], Turn.NOBODY, 0),
        ([(C, 1, ANNA)], Turn.IN_HAND, ANNA),
        ([(C, 1, ANNA), (R, 1.5, ANNA)], Turn.ASKER, ANNA),
        ([(R, 1, ANNA)], Turn.ASKER, ANNA),
        ([(R, 1, ANNA), (F, 2, ASKER)], Turn.IN_HAND, ANNA),
        ([(R, 1, ANNA), (C, 2, BEN)], Turn.IN_HAND, BEN),
        ([(C, 1, ANNA), (R, 2, BEN), (F, 2.5, ASKER)], Turn.IN_HAND, ANNA),
        ([(C, 0.5, ANNA), (BACK, 2, ANNA)], Turn.NOBODY, 0),
        ([(C, 0.5, ANNA), (C, 1, BEN), (BACK, 2, BEN)], Turn.IN_HAND, ANNA),
        ([(C, 0.5, ANNA), (D, 1, ANNA), (X, 2, ASKER)], Turn.NOBODY, 0),
        ([(C, 0.5, ANNA), (D, 1, ANNA), (X, 2, ASKER), (C, 2.5, BEN)], Turn.IN_HAND, BEN),
    ],
)
def test_whose_turn_it_is(told: Sequence[tuple[Kind, float, int]], turn: Turn, holder: int) -> None:
    """After the desk's reply it is the asker's; claims, what the asker writes and reopenings make it the desk's."""
    (found,) = one(*told).open
    assert (found.turn, found.holder, found.asker) == (turn, holder, ASKER)


@pytest.mark.parametrize("kind", [D, Kind.CANCEL, Kind.DISMISS])
def test_what_is_closed_does_not_wait(kind: Kind) -> None:
    """Done, given up and no request at all: none of them is listed."""
    assert one((C, 1, ANNA), (kind, 2, ANNA)).open == ()


def test_quiet_begins_after_a_day_where_nothing_is_known() -> None:
    """A taken request is quiet once nothing was heard for longer than a working day; a word begins it anew."""
    assert one((C, 0, ANNA), now=8.0 + 16).of(Turn.QUIET) == ()  # Tuesday at nine: the day is just over
    assert len(one((C, 0, ANNA), now=8.5 + 16).of(Turn.QUIET)) == 1
    assert one((C, 0, ANNA), (F, 25, ASKER), now=26).of(Turn.QUIET) == ()


def test_how_long_is_quiet_is_learned() -> None:
    """Nine in ten silences of the desk's own closed jobs, and never less than half a day."""
    slow = simulate(3, people=5, rho=0.6, service=20.0, weeks=20)
    quick = simulate(3, people=5, rho=0.6, service=0.5, weeks=8)
    pictures = [
        look(d.facts, d.team, d.now, basis=Basis.STATED, held=None, history_weeks=26).desk for d in (slow, quick)
    ]
    # a job's silences are about half of the work on it, which is spread as dice are: nine in ten stay under 2.3 times
    assert 0.5 * 20 < silence(pictures[0]) < 2.3 * 20
    assert silence(pictures[1]) == SHORTEST
    assert silence(look(Facts.of(()), team_of(5), MORNING, basis=None, held=None, history_weeks=26).desk) == USUAL


def test_a_claim_read_back_without_its_time_was_taken() -> None:
    """History says that somebody claimed it, not when; only a later reopening makes it nobody's."""
    key = round(MORNING * 1e6)
    rows = [Signal(1, key, key, A, b"x" * 8), Signal(1, key, key, C, b"y" * 8)]
    assert [o.turn for o in seen(Facts.of(rows), MORNING + HOUR).open] == [Turn.IN_HAND]
    done = [Signal(1, key, key, D, b"y" * 8), Signal(1, key, key, X, b"x" * 8, round((MORNING + HOUR) * 1e6))]
    assert [o.turn for o in seen(Facts.of([*rows, *done]), MORNING + 2 * HOUR).open] == [Turn.NOBODY]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rho", [0.7, 1.1])
def test_the_same_are_open_as_are_told(seed: int, rho: float) -> None:
    """At any moment the groups add up to what is told as open, oldest first, each request once."""
    desk = simulate(seed, people=3, rho=rho, weeks=10, missed=0.15)
    for now in (desk.now, desk.now - 3 * DAY, desk.now - 2 * WEEK - 5 * HOUR):
        found = seen(desk.facts, now, desk.team)
        assert len(found.open) == assess(desk.facts, desk.team, now, resilient=False).flow.open
        assert len({one.request for one in found.open}) == len(found.open)
        assert [one.arrived for one in found.open] == sorted(one.arrived for one in found.open)
        assert sum(len(found.of(turn)) for turn in Turn) == len(found.open)


def at(hours: float) -> float:
    """Unix seconds at which so many working hours of the simulated desks are over."""
    return float(clock(10).at(np.array([hours]))[0])


def apart_of(facts: Facts, now: float) -> tuple[set[int], int]:
    """Requests listed as perhaps answered elsewhere, and how many the verdict's days set apart and still open."""
    picture = look(facts, team_of(3), now, basis=Basis.STATED, held=None, history_weeks=26)
    apart, over = picture.days.apart, float(picture.desk.clock.elapsed(now))
    return {one.request for one in waiting(picture).of(Turn.ELSEWHERE)}, apart.waiting(over, apart.since <= over)


def test_answered_elsewhere_is_the_verdicts_own() -> None:
    """Those that nobody ever begins, passed over by many, are those that the days set apart; young ones are not."""
    desk = simulate(5, people=3, rho=0.6, weeks=10)
    old = [fact(9000 + n, A, at(40.0 * (3 + n) + n / 7), ASKER) for n in range(5)]
    facts = Facts.join((desk.facts, Facts.of([*old, fact(9999, A, desk.now - 3 * DAY - 8 * HOUR, ASKER)])))
    assert apart_of(facts, desk.now) == ({row.request for row in old}, 5)


def test_one_that_was_passed_over_at_once_is_not_old() -> None:
    """Thirty begun before it within half an hour make nothing of it: it has not waited longer than 99 in 100."""
    desk = simulate(5, people=3, rho=0.6, weeks=10)
    now = desk.now - 3 * DAY - 8 * HOUR
    begun = [(9000 + n, now + 60.0 * n) for n in range(1, 31)]
    quick = [fact(key, kind, when, who) for key, when in begun for kind, who in ((A, ASKER), (C, ANNA))]
    facts = Facts.join((desk.facts, Facts.of([fact(9000, A, now, ASKER), *quick])))
    assert apart_of(facts, now + 0.55 * HOUR) == (set(), 0)


def test_of_one_night_only_what_nobody_began() -> None:
    """Two came in the same night: the one in somebody's hands is not answered elsewhere, the other may be."""
    desk = simulate(5, people=3, rho=0.6, weeks=10)
    night = START + 4 * WEEK + 22 * HOUR
    rows = [fact(9001, A, night, ASKER), fact(9002, A, night + HOUR, ASKER), fact(9002, C, night + 12 * HOUR, ANNA)]
    assert apart_of(Facts.join((desk.facts, Facts.of(rows))), desk.now) == ({9001}, 1)


def test_where_all_is_begun_at_once_a_claim_says_nothing() -> None:
    """At a desk that claims whatever comes, what was claimed and never closed may be answered elsewhere."""
    rows = []
    for n in range(300):
        came = at(0.5 + n)
        rows += [fact(n + 1, A, came, ASKER), fact(n + 1, C, came + 20, ANNA)]
        rows += [fact(n + 1, D, at(1.2 + n), ANNA)] if n != 100 else []
    assert apart_of(Facts.of(rows), at(301.7)) == ({101}, 1)


def test_what_was_never_asked_does_not_wait() -> None:
    """A claim on a message whose arrival is not known is no open request, as nobody tells it as one."""
    assert seen(Facts.of([fact(1, C, MORNING, ANNA)]), MORNING + HOUR).open == ()


def test_nobody_there_and_nothing_known() -> None:
    """No facts, nobody on the roster and a pair are no mistake; of a pair it is said that it is one."""
    assert seen(Facts.of(()), MORNING).open == ()
    assert seen(Facts.of([fact(1, A, MORNING)]), MORNING + HOUR, team_of(0)).open[0].turn is Turn.NOBODY
    assert seen(Facts.of(()), MORNING, team_of(2)).small
    assert not seen(Facts.of(()), MORNING, team_of(3)).small
