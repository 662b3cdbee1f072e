"""A team's own efficiency equation: good outcomes for an hour on duty, what one costs, and how long requests take.

A good outcome is a request that was finished and did not come back within the time in which nine in ten that do are
back; a team may ask more of it. Hours are those on duty, slack included: they are what the team gives, and leaving
slack out would make a team look better the fuller it is. No figure stands alone: whoever shows one shows all three
beside the guards (`bot.health.guard`).
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import gammaincinv, stdtrit

from bot.health.facts import Bools, Floats
from bot.health.guard import ENOUGH, SURE, rate_ratio
from bot.health.guarded import LEAST, Sides, day_of, factor, logs, sides
from bot.health.picture import Picture
from bot.health.quality import UNSURE, back_untimed, reopen_lag, reopen_lags, told_back
from bot.health.results import NOT_ASKED, Ratio, Unknown
from bot.health.seen.flow import count
from bot.health.seen.records import ASKED_AGAIN

NOT_REOPENED, NOT_ESCALATED, IN_TARGET = "done_not_reopened", "done_not_escalated", "done_in_target"
OUTCOMES = (NOT_REOPENED, NOT_ESCALATED, IN_TARGET)
"""What counts as a good outcome: finished and not come back; nor escalated; and begun within the target wait."""

TOLD = 0.5
"""Share of the weeks on a side that have to tell what came back, before an outcome is called good."""

NO_COST = Unknown("the team gave no hourly cost")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the latest weeks with its 95% interval, and how it changed.

    Attributes:
        value: Now.
        low: Lower end.
        high: Upper end.
        change: Now ÷ the weeks before; None where too little was seen.
    """

    value: float
    low: float
    high: float
    change: Ratio | None


@dataclass(frozen=True, slots=True)
class Efficiency:
    """What a team's equation comes to.

    Attributes:
        outcome: One of `OUTCOMES`.
        weeks: So many on each side; 0 where there are too few to compare.
        start: Monday of the first of the latest weeks; None with no weeks.
        end: Monday after the last; likewise.
        good: Good outcomes in the latest weeks.
        hours: Person-hours on duty in them.
        per_hour: Good outcomes for a person-hour on duty.
        cost: Of a good outcome, in the currency of the hourly cost.
        cycle: Arrival until done, working hours: geometric mean of weekly means.
    """

    outcome: str
    weeks: int = 0
    start: date | None = None
    end: date | None = None
    good: int = 0
    hours: float = 0.0
    per_hour: Figure | Unknown = NOT_ASKED
    cost: Figure | Unknown = NOT_ASKED
    cycle: Figure | Unknown = NOT_ASKED


def efficiency(picture: Picture, outcome: str, hourly_cost: float | None) -> Efficiency:
    """The equation of a team, over the weeks its guards are judged on.

    Args:
        picture: The team.
        outcome: One of `OUTCOMES`.
        hourly_cost: Of a person-hour, above 0; None: not given.

    Raises:
        ValueError: An outcome that does not exist, or a cost that is no amount.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome {outcome!r} is none of {', '.join(OUTCOMES)}")
    if hourly_cost is not None and not 0 < hourly_cost < math.inf:
        raise ValueError("an hourly cost must be above 0")
    of = sides(picture)
    if isinstance(of, Unknown):
        return Efficiency(outcome, per_hour=of, cost=NO_COST if hourly_cost is None else of, cycle=of)
    good = _good(picture, outcome)
    now, before = (int(count(good, edges[[0, -1]])[0]) for edges in (of.now, of.before))
    hours_now, hours_before = (float(picture.desk.roster.hours(edges[[0, -1]])[0]) for edges in (of.now, of.before))
    per_hour = _per_hour((now, hours_now), (before, hours_before), max(picture.dispersion, 1.0))
    if min(told_back(picture.desk.requests, edges).mean() for edges in (of.now, of.before)) < TOLD:
        per_hour = Unknown(UNSURE)
    finished = min(int(count(picture.desk.requests.first_done, edges[[0, -1]])[0]) for edges in (of.now, of.before))
    return Efficiency(
        outcome,
        len(of.now) - 1,
        day_of(picture, of.now[0]),
        day_of(picture, of.now[-1]),
        now,
        hours_now,
        per_hour,
        NO_COST if hourly_cost is None else _cost(per_hour, hourly_cost),
        _cycle(picture, of) if finished >= ENOUGH else _few(finished, "finished requests"),
    )


def _per_hour(now: tuple[int, float], before: tuple[int, float], spread: float) -> Figure | Unknown:
    """Good outcomes for an hour on duty, of (outcomes, hours) on each side."""
    if min(now[1], before[1]) <= 0:
        return Unknown("nobody was on duty on one side")
    if min(now[0], before[0]) < ENOUGH:
        return _few(min(now[0], before[0]), "good outcomes")
    return Figure(now[0] / now[1], *_rate(*now, spread), rate_ratio(now, before, spread))


def _few(number: int, of: str) -> Unknown:
    return Unknown(f"not enough data: {number} {of} on one side, {ENOUGH} are needed")


def _good(picture: Picture, outcome: str) -> Floats:
    """When requests were finished for good, Unix seconds."""
    requests, jobs = picture.desk.requests, picture.desk.requests.jobs
    lags = reopen_lags(requests)
    good: Bools = ~(lags <= reopen_lag(lags)) & ~back_untimed(requests) & (jobs.cause != ASKED_AGAIN)
    if outcome == NOT_ESCALATED:
        good = good & (requests.escalations == 0)[jobs.request]
    if outcome == IN_TARGET:
        # without a target there is nothing to miss
        wait = picture.desk.clock.between(requests.arrived, requests.started)
        good = good & (wait <= (picture.team.target_wait_hours or math.inf))[jobs.request]
    return jobs.done[good]


def _rate(n: int, hours: float, dispersion: float) -> tuple[float, float]:
    """Interval of a rate as Gamma(n + ½) over the hours (Jeffreys' prior), counts divided by their dispersion."""
    low, high = (float(gammaincinv(n / dispersion + 0.5, p)) for p in ((1 - SURE) / 2, (1 + SURE) / 2))
    return low * dispersion / hours, high * dispersion / hours


def _cost(per_hour: Figure | Unknown, hourly: float) -> Figure | Unknown:
    if isinstance(per_hour, Unknown):
        return per_hour
    change = per_hour.change
    turned = change and Ratio(1 / change.value, 1 / change.high, 1 / change.low, 1 - change.p_greater)
    return Figure(hourly / per_hour.value, hourly / per_hour.high, hourly / per_hour.low, turned)


def _cycle(picture: Picture, of: Sides) -> Figure | Unknown:
    before, now = logs(picture, "cycle", of)
    change = factor(before, now)
    if change is None:
        return Unknown(f"fewer than {LEAST} weeks on a side tell how long requests take")
    half = float(stdtrit(len(now) - 1, (1 + SURE) / 2)) * float(now.std(ddof=1)) / math.sqrt(len(now))
    low, mean, high = (float(np.exp(now.mean() + by)) for by in (-half, 0.0, half))
    return Figure(mean, low, high, change)
