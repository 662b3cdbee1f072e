"""A past read back, whose reactions have no times, beside weeks heard live: nothing comes back more for that."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from bot.health.assess import assess
from bot.health.efficiency import OUTCOMES, efficiency
from bot.health.facts import Facts
from bot.health.guarded import guarded
from bot.health.measured import weekly
from bot.health.outcomes import Outcome, outcomes
from bot.health.picture import Picture, look
from bot.health.quality import UNSURE, heard_from, reopen_rate, told_back
from bot.health.results import Assessment, Rate, Unknown
from bot.health.verdict.references import TOLD, learn
from bot.health.verdict.rules import Rules
from bot.health.whatif import rework_today
from bot.signal import Kind, Signal
from tests.health.desk import START, WEEK, clock, fact, team_of

BY_REACTION = {Kind.CLAIM, Kind.DONE, Kind.REOPEN}


@lru_cache(maxsize=16)
def desk(
    weeks: int, *, live: int = 0, back: float = 0.06, ticked: bool = True, seed: int = 1, jobs: int = 40
) -> tuple[Signal, ...]:
    """Forty requests a week; of them a share comes back a day after its ✅, as the asker writes again.

    Args:
        weeks: How many.
        live: The week from which reactions were heard at their times; those before were read back.
        back: That share.
        ticked: Whether the desk gave ✅ before it was heard live.
        seed: Of the dice.
        jobs: Requests a week.
    """
    rng, at = np.random.default_rng(seed), clock(weeks)
    told: list[Signal] = []
    key = 0
    for week in range(weeks):
        for came in np.sort(rng.uniform(0, 36, jobs)) + 40 * week:
            key += 1
            who, begun = int(rng.integers(1, 6)), came + rng.uniform(0.2, 1.0)
            done = begun + rng.uniform(0.6, 1.4)
            rows = [
                (Kind.ARRIVAL, came, 0),
                (Kind.CLAIM, begun, who),
                (Kind.REPLY, begun + 0.1, who),
                (Kind.REPLY, done - 0.1, who),
                (Kind.DONE, done, who),
            ]
            if rng.random() < back:
                rows += [(Kind.FOLLOWUP, done + 8, 0), (Kind.REPLY, done + 9, who)]
                rows.append((Kind.DONE, done + 9.1, 1 + who % 5))
            signals = [fact(key, kind, float(at.at(max(hour, 1e-6))), actor) for kind, hour, actor in rows]
            if week < live:
                signals = [replace(s, reacted=0) if s.kind in BY_REACTION else s for s in signals]
                signals = [s for s in signals if ticked or s.kind not in BY_REACTION]
            told += signals
    return tuple(told)


def seen(told: tuple[Signal, ...], weeks: int) -> Picture:
    return look(Facts.of(told), team_of(5), START + weeks * WEEK, basis=None, held=None, history_weeks=26)


def check(told: tuple[Signal, ...], weeks: int) -> Assessment:
    return assess(Facts.of(told), team_of(5), START + weeks * WEEK)


def came_back(picture: Picture) -> Outcome:
    return next(o for o in outcomes(picture, picture.mondays) if o.measure == "reopen")


def test_what_askers_write_is_what_came_back() -> None:
    """Heard live, without one 🔁, the rate is the true one."""
    found = check(desk(12), 12).quality.reopen
    assert isinstance(found, Rate)
    assert found.low < 0.06 < found.high


def test_a_past_that_was_read_back_is_not_known_and_never_zero() -> None:
    """At first contact nobody knows how many came back, and it is said why."""
    assert check(desk(12, live=12), 12).quality.reopen == Unknown(UNSURE)


def test_few_that_are_not_known_leave_the_rate_standing() -> None:
    """An hour's gap in which two ✅ lost their times is left out of both sides; the rest tells."""
    told, gap = [], [s.request for s in desk(8) if s.kind is Kind.FOLLOWUP][:2]
    for signal in desk(8):
        untimed = signal.request in gap and signal.kind in BY_REACTION
        told.append(replace(signal, reacted=0) if untimed else signal)
    whole, less = (seen(tuple(facts), 8).desk for facts in (desk(8), told))
    rates = [reopen_rate(d.requests, START, d.now) for d in (whole, less)]
    assert all(isinstance(rate, Rate) for rate in rates)
    assert rates[1].n < rates[0].n  # type: ignore[union-attr]
    assert rates[1].value < rates[0].value  # type: ignore[union-attr]


@pytest.mark.parametrize("ticked", [True, False])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lived", [1, 2, 3, 5, 8])
def test_no_live_week_brings_more_back_than_weeks_read_back(seed: int, lived: int, ticked: bool) -> None:
    """Twelve weeks read back, with ✅ or by a desk that gave none before, then live ones at the very same rate."""
    weeks = 12 + lived
    told = desk(weeks, live=12, ticked=ticked, seed=seed, back=0.12)
    picture = seen(told, weeks)
    outcome = came_back(picture)
    assert outcome.change is None or outcome.change.weeks <= lived - 1
    guards = guarded(picture).guards
    reopen = guards["reopen"] if guards else Unknown("")
    assert isinstance(reopen, Unknown) or not reopen.worse
    found = check(told, weeks)
    assert "reopen" not in [reason.signal for reason in found.reasons]
    assert not found.today or found.today.evidence.parts[3] == 0


def test_a_rise_among_live_weeks_is_still_seen() -> None:
    """Once there are enough of them, live weeks are held against each other as ever."""
    calm, bad = desk(18, live=6, back=0.02), desk(18, live=6, back=0.4)
    late = {s.request for s in bad if s.kind is Kind.ARRIVAL and s.at >= (START + 17 * WEEK) * 1e6}
    told = (*(s for s in calm if s.request not in late), *(s for s in bad if s.request in late))
    assert came_back(seen(told, 18)).worse


def test_calm_days_teach_only_what_they_tell() -> None:
    """Read back days teach no share of reopenings; two weeks of days heard live do, for all the hours there are."""
    read, part, whole = (seen(desk(12, live=live), 12).days for live in (12, 6, 0))
    found = [learn(d, np.ones(len(d), np.bool_), lambda _: None, Rules()).again for d in (read, part, whole)]
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(found[2], rel=0.5)
    assert found[2] > 0
    assert TOLD == 14


def test_since_when_it_is_heard() -> None:
    """From the first ✅ with a time; never where all were read back, always where there are none."""
    edges = np.arange(13, dtype=np.float64) * WEEK + START
    for live, first in ((12, 12), (6, 6), (0, 0)):
        requests = seen(desk(12, live=live), 12).desk.requests
        assert told_back(requests, edges).tolist() == [week >= first for week in range(12)]
    assert heard_from(seen(desk(12, live=12), 12).desk.requests) == np.inf
    assert heard_from(seen(desk(12, live=12, ticked=False), 12).desk.requests) == -np.inf


def test_what_rests_on_it_keeps_to_weeks_that_tell() -> None:
    """Gains get no share of weeks read back, good outcomes are not known, what-if takes the rework that was heard."""
    half = seen(desk(16, live=8), 16)
    weeks = weekly(half, "reopen", half.mondays[-13:])
    assert [by > 0 for by in weeks.by] == [week >= 4 for week in range(12)]
    whole = seen(desk(16), 16)
    assert rework_today(half) == pytest.approx(rework_today(whole), rel=0.5)
    assert rework_today(half) > 0.03
    assert efficiency(seen(desk(16, live=16), 16), OUTCOMES[0], None).per_hour == Unknown(UNSURE)
    assert not isinstance(efficiency(whole, OUTCOMES[0], None).per_hour, Unknown)


def test_everything_reopened() -> None:
    """Where each request comes back, the rate says so: all first closings did, none of the second ones."""
    found = check(desk(12, back=1.0), 12).quality.reopen
    assert isinstance(found, Rate)
    assert found.value == pytest.approx(0.5, abs=0.03)
