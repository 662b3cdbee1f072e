"""Forecast: the mean wait for a first answer in the week to come, with the range in which it will be seen.

A week's mean wait says little by itself: one bad hour doubles it. So past weeks are averaged as logarithms, each first
taken to the usual capacity and demand, recent ones weighing more (Brown 1959, exponential smoothing). That mean is
drawn towards what a desk of this size would show at ordinary load, but never by more than a little, so that a desk
which truly differs keeps its own (limited translation: Efron & Morris 1972, J. Amer. Statist. Assoc. 67). Then it is
moved to the capacity that the roster has for the week to come, and up where drift is under way, as a mean of past
weeks trails behind it. It is never shorter than what a queue longer than usual takes to be worked off. A replay at the
estimated utilization (`bot.health.theory.replay`) was tried in its place: near a full desk it turns an error of .05 in
utilization into a third of the wait, and it ranked weeks worse.

The range comes from the errors that such forecasts, made each week with what was known then, had on this team, with a
few of other teams among them while there are not many (split conformal prediction: Vovk, Gammerman & Shafer 2005;
its level follows what was missed, as in Gibbs & Candès 2021, NeurIPS 34).
"""

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from bot.health.facts import Floats
from bot.health.peaks import demand
from bot.health.picture import WEEK, Picture
from bot.health.results import Estimate, Missed, Unknown, WeekAhead
from bot.health.seen.flow import UNANSWERED, count
from bot.health.seen.threads import UNTHREADED
from bot.health.seen.utilization import ENOUGH_JOBS
from bot.health.swell import Swell, swell, together
from bot.health.verdict.verdict import Verdict, verdict

LEAST = 4
"""Weeks that must have been seen before a forecast is made."""

MEMORY = 0.7
"""What a week weighs against the next one; they speak for 3.3 weeks together."""

USUAL_LOAD = 0.75
"""Utilization at which desks are run mostly; sets the two figures below."""

STEEP = 1 / (1 - USUAL_LOAD)
"""By how much a percent less capacity lengthens the wait, in percent: waits go about as 1/(1 − ρ)."""

USUAL_WAIT = 0.5 / (1 - USUAL_LOAD) * USUAL_LOAD
"""The wait at that load, in gaps between arrivals: C·(E[S]/c)/(1 − ρ) with half of all waiting (C = ½) and E[S]/c = ρ
gaps (M/M/c)."""

HALF_EMPTY = 0.5
"""A desk seen to be less loaded than this is held against the wait at its own load instead."""

PRIOR_WEEKS = 4.0
"""Weight of that usual wait, in weeks: a week's wait spreads about twice as widely by chance as desks differ."""

MOST_DRAWN = 0.3
"""No more than a third is taken from or given to a desk's own mean (natural logarithm)."""

BEHIND = 0.33
"""How far the mean trails under full drift: its mean age, .7/.3 weeks, times a growth of a doubling in five weeks."""

FULL_DRIFT = 1.4
"""Pressure over two weeks (`bot.health.results.Evidence.coming`) that counts as full drift."""

SHORTEST = 0.05
"""Hours; shorter mean waits are told as none, and count as this where logarithms are taken."""

SCARCE = 0.2
"""Less of the usual capacity than this is treated as this much: the desk is as good as closed."""

COVERAGE = 0.8
STEP = 0.02
"""By how much the level moves after a miss (Gibbs & Candès 2021): small, as there are few weeks."""

POOLED = (-1.3, -0.95, -0.7, -0.45, -0.25, 0.0, 0.15, 0.35, 0.6, 1.0, 1.5)
"""Errors (logarithms) that stand for other teams: of simulated ones, in steps of a tenth of them, rounded. Bad weeks
are further off than good ones."""

WORKED_OFF = 0.6
"""The part of a queue at the week's beginning that those who come later still meet, on average over the week."""

NOTHING = Estimate(0.0, 0.0, 0.0)

TOO_LITTLE = Unknown(
    "it takes four complete weeks, 20 requests in the last of them, and somebody on duty in the days to come"
)

MEAN_OF_LOGS = 0.28
"""What is expected of waits is above the mean of their logarithms by half the variance of these (lognormal), which
spread by .75 from week to week."""


@dataclass(frozen=True, slots=True, eq=False)
class Weekly:
    """Weeks up to now, oldest first; every array is (weeks,).

    Attributes:
        wait: Mean wait of what was asked in them, hours; NaN where nothing tells it.
        jobs: How many were asked.
        capacity: Person-hours on duty.
        open_hours: Working hours.
        drift: Evidence of drift at their beginning, and now, 0–1: (weeks + 1,).
        planned: What was to be asked by the known peaks, as a multiple of the usual; 1 where there was none.
        queued: Hours of everybody on duty that the work waiting at their beginning takes, and that waiting now:
            (weeks + 1,).
        typical: What such a desk would show, in gaps between arrivals.
    """

    wait: Floats
    jobs: Floats
    capacity: Floats
    open_hours: Floats
    drift: Floats
    planned: Floats
    queued: Floats
    typical: float = USUAL_WAIT

    def came(self) -> Floats:
        """What was asked as a multiple of the usual, as far as it was planned: between 1 and `planned`, (weeks,)."""
        plain = self.planned <= 1
        hours = float(self.open_hours[plain].sum())
        if hours <= 0:
            return self.planned
        usual = float(self.jobs[plain].sum()) / hours * self.open_hours
        found = np.divide(self.jobs, usual, out=self.planned.copy(), where=usual > 0)
        return np.asarray(np.clip(found, 1.0, self.planned))


def forecast(picture: Picture, judged: Verdict | None = None) -> WeekAhead | Unknown:
    """Mean wait for a first answer of what will be asked in the seven days from now, hours, with its 80% range.

    More planned demand in these days never shortens it. Not known where fewer than four weeks or too few requests
    were seen, where nobody was seen to begin one, and where nobody is on duty in these days.

    Args:
        picture: The team now.
        judged: Its days as they were judged, for what drifts; judged here where none is given.
    """
    if picture.desk.unanswered:
        return Unknown(UNANSWERED)
    if picture.desk.unthreaded:
        return Unknown(UNTHREADED)
    now = picture.desk.now
    ahead = float(picture.desk.roster.hours([now, now + WEEK])[0])
    seen = weekly(picture, judged)
    if len(seen.wait) < LEAST or seen.jobs[-LEAST:].sum() < ENOUGH_JOBS or ahead <= 0:
        return TOO_LITTLE
    asked = demand(picture.desk.clock, picture.peaks, picture.team.tz, now, now + WEEK)
    came = seen.came()
    tide = swell(picture, left=bool(came[-1] > 1)) if asked > 1 or (came > 1).any() else None
    if tide is not None:
        seen = as_usual(seen, came, tide)
    middle = expected(seen, len(seen.wait), ahead, float(seen.drift[-1]))
    if math.isnan(middle):
        return TOO_LITTLE
    found = together(math.exp(middle), spread(errors(seen)), NOTHING if tide is None else tide.adds(asked))
    low = found.low if found.low > SHORTEST else 0.0
    return WeekAhead(found.value, low, found.high, asked - 1, asked > 1 and tide is not None and tide.grows(asked))


def missed(then: Picture, now: Picture) -> Missed | None:
    """What was forecast for the week from `then` on, where what came lies outside of it; None elsewhere.

    Args:
        then: The team at the week's beginning, with what was known then.
        now: The same team once it is over.
    """
    begin, said = then.desk.now, forecast(then)
    opened, wait = _answers(now)
    came = wait[(opened >= begin) & (opened < begin + WEEK)]
    if not said or not len(came):
        return None
    took = float(came.mean())
    return None if said.low <= took <= said.high else Missed(said, took)


def as_usual(seen: Weekly, came: Floats, tide: Swell) -> Weekly:
    """The weeks as they would have been without the peaks, by what came of these."""
    times = np.array([1.0 if more <= 1 else tide.times(more) for more in came.tolist()])
    return replace(seen, wait=seen.wait / times, jobs=seen.jobs / came)


def waits(picture: Picture) -> Floats:
    """Mean wait of what was asked in each complete week that ends now, hours; NaN where nothing tells it."""
    edges = _edges(picture)
    if len(edges) < 2:
        return np.zeros(0)
    opened, wait = _answers(picture)
    number, total = count(opened, edges), count(opened, edges, wait)
    return np.asarray(np.divide(total, number, out=np.full(len(number), np.nan), where=number > 0))


def _edges(picture: Picture) -> Floats:
    """Of the complete weeks that end now, as far back as requests are known (26 at most)."""
    weeks = max(min(len(picture.mondays) - 1, 26), 0)
    return np.asarray(picture.desk.now - WEEK * np.arange(weeks, -1, -1.0))


def weekly(picture: Picture, judged: Verdict | None = None) -> Weekly:
    """The complete weeks that end now."""
    desk, edges = picture.desk, _edges(picture)
    sums = desk.sums(edges, None) if len(edges) > 1 else np.zeros((0, 7))
    return Weekly(
        waits(picture),
        sums[:, 0],
        sums[:, 3],
        sums[:, 4],
        _evidence(judged or verdict(picture), edges),
        np.array([demand(desk.clock, picture.peaks, picture.team.tz, *ends) for ends in pairwise(edges.tolist())]),
        queued(picture, edges),
        _typical(picture),
    )


def _typical(picture: Picture) -> float:
    """The wait at ordinary load, in gaps between arrivals; at the desk's own where that is far below."""
    belief = picture.believe(picture.load(picture.desk.now - 4 * WEEK))
    rho = USUAL_LOAD if belief is None else belief.all_work().value
    return USUAL_WAIT if rho >= HALF_EMPTY else 0.5 / (1 - rho) * max(rho, 0.05)


def queued(picture: Picture, times: Floats) -> Floats:
    """Hours of everybody on duty that the work waiting at each time (Unix seconds) takes; zeros where work is unknown.

    Requests that wait for more than a week, and longer than 99 in 100 that were answered, were passed over and do not
    count.
    """
    desk, jobs = picture.desk, picture.desk.requests.jobs
    load = picture.load(float(times[0])) if picture.work is not None and len(times) else None
    if load is None or not load.counted or not load.people > 0:
        return np.zeros(len(times))
    wait, waiting = desk.waits
    week = float(desk.clock.between(desk.now - WEEK, desk.now))
    known = ~np.isnan(wait) & ~(waiting & (wait > max(desk.longest, week)))
    came, begun = np.sort(jobs.opened[known]), np.sort(jobs.started[known & ~waiting])
    left = np.searchsorted(came, times, "left") - np.searchsorted(begun, times, "left")
    return np.asarray(left * load.service / load.people)


def _answers(picture: Picture) -> tuple[Floats, Floats]:
    """When each job was opened, and how many working hours until its first reply, or its start where none is known.

    Those that still wait count with their age, unless they were passed over (`Desk.sums`).
    """
    desk, jobs = picture.desk, picture.desk.requests.jobs
    said = desk.requests.replies
    replied = np.full(len(jobs.opened), np.nan)
    replied[said.job[::-1]] = said.at[::-1]  # the earliest is written last
    first = np.where(np.isnan(replied), jobs.started, replied)
    waiting = np.isnan(first) & jobs.open
    until = np.where(waiting, desk.clock.elapsed(desk.now), desk.clock.elapsed(first))
    wait = np.maximum(until - desk.clock.elapsed(jobs.opened), 0.0)
    known = ~np.isnan(wait) & ~(waiting & (wait > desk.longest))
    return jobs.opened[known], wait[known]


def _evidence(found: Verdict, times: Floats) -> Floats:
    """Drift as it stood at these times (Unix seconds), 0–1."""
    if not found.days:
        return np.zeros(len(times))
    day = np.searchsorted(found.edges[1:], times, "right") - 1
    return np.where(day >= 0, np.clip(found.coming[np.maximum(day, 0)] / FULL_DRIFT, 0.0, 1.0), 0.0)


def expected(seen: Weekly, upto: int, ahead: float, drift: float) -> float:
    """Logarithm of the mean wait expected with `ahead` person-hours, from the first `upto` weeks; NaN unknown.

    More capacity ahead never lengthens it, more drift never shortens it.
    """
    wait, jobs, capacity = seen.wait[:upto], seen.jobs[:upto], seen.capacity[:upto]
    weight = MEMORY ** np.arange(upto - 1, -1, -1.0)
    usual = float(capacity.mean()) if upto else 0.0
    fit = ~np.isnan(wait) & (jobs > 0) & (capacity > SCARCE * usual)
    if not fit.any() or usual <= 0:
        return math.nan
    asked = float((jobs * weight).sum() / weight.sum())
    level = np.maximum(wait[fit], SHORTEST) * (capacity[fit] / usual) ** STEEP * asked / jobs[fit]
    own, known = float(np.log(level) @ weight[fit]), float(weight[fit].sum())
    gap = float(seen.open_hours[:upto].sum() / jobs.sum())
    drawn = (own + PRIOR_WEEKS * math.log(seen.typical * gap)) / (known + PRIOR_WEEKS) - own / known
    middle = own / known + min(max(drawn, -MOST_DRAWN), MOST_DRAWN)
    middle += BEHIND * drift + MEAN_OF_LOGS - STEEP * math.log(max(ahead / usual, SCARCE))
    more = WORKED_OFF * float(seen.queued[upto] - np.median(seen.queued[:upto]))
    return max(middle, math.log(more)) if more > 0 else middle


def errors(seen: Weekly) -> Floats:
    """By how much each week's wait exceeded what was forecast at its beginning (logarithms), oldest first."""
    found = []
    for i in range(LEAST, len(seen.wait)):
        said = expected(seen, i, float(seen.capacity[i]), float(seen.drift[i])) if seen.capacity[i] > 0 else math.nan
        found.append(math.log(max(seen.wait[i], SHORTEST)) - said if not math.isnan(seen.wait[i]) else math.nan)
    kept = np.array(found, np.float64)
    return kept[~np.isnan(kept)]


def spread(past: Floats) -> tuple[float, float]:
    """Ends of the range around a forecast (logarithms), from past errors, oldest first."""
    missed = 1 - COVERAGE
    for i in range(len(past)):
        low, high = _ends(past[:i], missed)
        missed += STEP * (1 - COVERAGE - float(not low <= past[i] <= high))
        missed = min(max(missed, 0.05), 0.5)
    return _ends(past, missed)


def _ends(past: Floats, missed: float) -> tuple[float, float]:
    low, high = np.quantile(np.concatenate((POOLED, past)), (missed / 2, 1 - missed / 2)).tolist()
    return min(low, 0.0), max(high, 0.0)
