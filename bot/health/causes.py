"""What a change in load consists of: another mix of queues, more demand, longer requests, fewer hours, more rework.

Load is requests × (1 + rework) × hours a request takes ÷ hours on duty. Its change is split on the logarithm, so that
factors add up, and hours a request takes are split further into those within each queue and the mix of queues, by the
logarithmic mean Divisia index with normalised weights (LMDI-II: Ang 2004, Energy Policy 32; Ang, Liu & Chew 2003,
Energy Policy 31). It leaves no residual: the shares sum to 1. Demand is counted per open hour and hours on duty are
people on duty, so that a holiday, on which nobody asks and nobody works, is no cause of anything.

Each part's error is that of counts with the team's dispersion and of service times (delta method); hours on duty are
known from the roster. Where fewer people are seen at work than a roster says that nobody updated, hours are the
roster's times the share seen, with its error. Nothing here is of a person: the parts are sums over the team.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from bot.health.facts import Floats, Ints
from bot.health.quality import told_back
from bot.health.results import Cause, Causes, Estimate
from bot.health.seen.flow import Desk, count
from bot.health.seen.records import ARRIVED
from bot.health.seen.work import Work

ENOUGH = 20
"""Requests on each side; with fewer nothing is split."""

ENOUGH_SERVED = 5
"""Closed requests of a queue on one side; with fewer its hours a request are taken as those of both sides."""

SURE = 1.2816
"""Standard errors on each side of an 80% interval; and by which the load must have risen to be split."""

MAIN = 0.25
"""A mix with at least this share of the change is named before anything else."""

LEADS = 0.8
"""A factor that changed with this probability is named before others, which moved by chance or not for long."""

MOST = 0.5
"""A cause lies in one queue that holds more than this share of it."""

ALWAYS, RISE = 0.05, 0.3
"""Standard deviations of a factor's log change: of any factor over some weeks, and of the one that changed, which
four in five times stays below half as much again."""

_NEXT_TO_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Sums over some weeks, queues in the same order on both sides.

    Attributes:
        jobs: Of each queue, reopenings counted.
        arrivals: Requests.
        served: Closed jobs of each queue whose work was seen.
        held: Hours they were held, by queue.
        service: Hours a job takes, as utilization knows them.
        hours: On duty.
        open_hours: Of the desk.
    """

    jobs: Floats
    arrivals: float
    served: Floats
    held: Floats
    service: float
    hours: float
    open_hours: float


def sides(
    desk: Desk, work: Work | None, before: Floats, now: Floats, present: tuple[float, float] = (1.0, 1.0)
) -> tuple[tuple[Side, Side], list[int]]:
    """Both sides and the queues' numbers. Without `work` a job takes the same on both.

    Args:
        desk: The requests.
        work: Hours seen.
        before: First and last edge of the weeks held against, Unix seconds.
        now: Those of the latest.
        present: On each side the share of the roster's hours that counts.
    """
    jobs = desk.requests.jobs
    heard = all(told_back(desk.requests, edges[[0, -1]]).all() for edges in (before, now))
    counts = heard | (jobs.cause == ARRIVED)  # what came back of weeks read back is not known, so it is no cause
    queue = desk.requests.queue[jobs.request]
    names = np.unique(queue)
    found = []
    for edges, share in zip((before, now), present, strict=True):
        load = desk.loads(edges, work)[0]
        inside = counts & (jobs.opened >= edges[0]) & (jobs.opened < edges[-1])
        served = held = np.zeros(len(names))
        if work is not None:
            closed = (work.finished >= edges[0]) & (work.finished < edges[-1])
            served = _by(names, work.queue[closed])
            held = _by(names, work.queue[closed], work.service[closed])
        arrivals = float(count(jobs.opened[jobs.cause == ARRIVED], edges)[0])
        service = 1.0 if work is None else load.busy / load.counted if load.counted else math.nan
        hours = load.capacity * share
        found.append(Side(_by(names, queue[inside]), arrivals, served, held, service, hours, load.open_hours))
    return (found[0], found[1]), [int(name) for name in names]


def split(
    before: Side,
    now: Side,
    queues: list[int],
    *,
    dispersion: float = 1.0,
    service_scv: float = 1.0,
    weeks: tuple[int, int] = (0, 0),
    hours_variance: float = 0.0,
    chances: Mapping[str, float] | None = None,
) -> Causes | None:
    """The causes of a rise in load; None where too little was seen, or the load has not clearly risen.

    Args:
        before: The weeks held against.
        now: The latest weeks.
        queues: Storage's numbers of the queues.
        dispersion: Variance ÷ mean of weekly counts.
        service_scv: cs² of the hours a job takes.
        weeks: How many weeks each side has.
        hours_variance: Of the logarithm of hours on duty now ÷ before; 0: known from the roster.
        chances: P(it is this factor that changed), by name, from all the weeks one by one (`bot.health.ramps`). What
            chance alone may have moved is then drawn towards no change, the more so the less likely the factor is.
    """
    if min(_usable(side) for side in (before, now)) < ENOUGH:
        return None
    lines = _Mix.of(before, now)
    spread = max(dispersion, 1.0)
    jobs = [float(side.jobs.sum()) for side in (before, now)]
    came = [side.arrivals / side.open_hours for side in (before, now)]
    again = [j / side.arrivals for j, side in zip(jobs, (before, now), strict=True)]
    people = [side.hours / side.open_hours for side in (before, now)]
    parts = {
        "mix": (lines.structure, lines.structure_variance(spread)),
        "demand": (math.log(came[1] / came[0]), spread * sum(1 / side.arrivals for side in (before, now))),
        "service": (lines.intensity, _service_variance(before, now, service_scv)),
        "hours": (math.log(people[0] / people[1]), hours_variance),
        "rework": (
            math.log(again[1] / again[0]),
            spread * sum(max(j - s.arrivals, 0.0) / j**2 for j, s in zip(jobs, (before, now), strict=True)),
        ),
    }
    if chances is not None:
        parts = {name: _drawn(x, v, chances["service" if name == "mix" else name]) for name, (x, v) in parts.items()}
    total, variance = sum(x for x, _ in parts.values()), sum(v for _, v in parts.values())
    if total <= 0 or total < SURE * math.sqrt(variance):
        return None
    where = lines.where(queues, tuple(side.open_hours for side in (before, now)))
    found = [
        Cause(name, _share(x, v, total, variance), _factor(x, v), where.get(name)) for name, (x, v) in parts.items()
    ]
    sure = {name for name, chance in (chances or {}).items() if chance >= LEADS}
    found.sort(key=lambda cause: (_rank(cause, sure), -cause.share.value))
    return Causes(tuple(found), _factor(total, variance), *weeks)


def _rank(cause: Cause, sure: Collection[str]) -> int:
    """A main cause comes first where it is the mix, then where it surely changed; the others follow by share."""
    if cause.share.value < MAIN:
        return 2
    return 0 if cause.name == "mix" else 1 if cause.name in sure else 2


def _drawn(x: float, variance: float, chance: float) -> tuple[float, float]:
    """Mean and variance of a part that moves by `ALWAYS` at all times and by `RISE` where it is what changed."""
    kept = (ALWAYS**2 + chance * RISE**2) / (ALWAYS**2 + chance * RISE**2 + variance)
    return x * kept, variance * kept


def _usable(side: Side) -> float:
    """Arrivals, or 0 where something of the quotient is missing or nothing."""
    known = (side.service, side.hours, side.open_hours, float(side.jobs.sum()))
    return side.arrivals if all(math.isfinite(x) and x > 0 for x in known) else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Mix:
    """Jobs and hours a job by queue, one row before and one now, that multiply up to the load on each side."""

    jobs: Floats
    service: Floats

    @classmethod
    def of(cls, before: Side, now: Side) -> "_Mix":
        both = np.vstack((before.jobs, now.jobs))
        # a queue that is new, or gone, has next to nothing there: the logarithmic mean then leaves what is lost
        jobs = np.maximum(both, _NEXT_TO_NOTHING * both.sum(axis=1, keepdims=True))
        jobs *= both.sum(axis=1, keepdims=True) / jobs.sum(axis=1, keepdims=True)
        served, held = np.vstack((before.served, now.served)), np.vstack((before.held, now.held))
        total = served.sum(axis=0)
        seen = (total > 0) & (held.sum(axis=0) > 0)
        overall = float(held.sum() / total.sum()) if seen.any() else 1.0
        usual = np.where(seen, held.sum(axis=0) / np.maximum(total, 1.0), overall)
        each = np.where(
            (served >= ENOUGH_SERVED).all(axis=0) & (held > 0).all(axis=0), held / np.maximum(served, 1), usual
        )
        # what jobs were held for says how queues differ; how long one takes, utilization knows
        scale = np.array([before.service, now.service]) * jobs.sum(axis=1) / (jobs * each).sum(axis=1)
        return cls(jobs, each * scale[:, None])

    @property
    def parts(self) -> Floats:
        """Each queue's part of the jobs, rows as above."""
        return np.asarray(self.jobs / self.jobs.sum(axis=1, keepdims=True))

    @property
    def weights(self) -> Floats:
        """Logarithmic means of each queue's part of the hours, normalised."""
        hours = self.jobs * self.service
        part = hours / hours.sum(axis=1, keepdims=True)
        mean = log_mean(part[0], part[1])
        return np.asarray(mean / mean.sum())

    @property
    def structure(self) -> float:
        """Log change by the mix of queues."""
        return float((self.weights * np.log(self.parts[1] / self.parts[0])).sum())

    @property
    def intensity(self) -> float:
        """Log change by hours a job takes, within queues."""
        return float((self.weights * np.log(self.service[1] / self.service[0])).sum())

    def structure_variance(self, spread: float) -> float:
        """Of `structure`, with multinomial counts of jobs times the spread, weights held."""
        w, found = self.weights, 0.0
        for part, jobs in zip(self.parts, self.jobs.sum(axis=1), strict=True):
            found += float((w**2 / np.maximum(part, 1 / jobs)).sum() - w.sum() ** 2) / float(jobs)
        return spread * max(found, 0.0)

    def where(self, queues: list[int], hours: tuple[float, ...]) -> dict[str, int]:
        """The queue that most of a cause lies in, where there are several and one does."""
        if len(queues) < 2:
            return {}
        rate = self.jobs / np.array(hours)[:, None]
        of_hours = self.jobs * self.service
        part = of_hours / of_hours.sum(axis=1, keepdims=True)
        moved = {
            "demand": rate[1] - rate[0],
            "service": self.weights * np.log(self.service[1] / self.service[0]),
            "mix": np.maximum(part[1] - part[0], 0.0),
        }
        found = {}
        for name, change in moved.items():
            top = int(np.argmax(change))
            if change[top] > MOST * float(np.maximum(change, 0.0).sum()) > 0:
                found[name] = queues[top]
        return found


def log_mean(a: Floats, b: Floats) -> Floats:
    """(a − b) ÷ ln(a ÷ b), and a where both are equal; both above 0."""
    r = np.log(a / b)
    near = np.abs(r) < 1e-6  # there the quotient loses its digits; the geometric mean is off by r²/24
    return np.asarray(np.where(near, np.sqrt(a * b), (a - b) / np.where(near, 1.0, r)))


def _service_variance(before: Side, now: Side, scv: float) -> float:
    return sum(scv / n for side in (before, now) if (n := float(side.served.sum())) > 0)


def _share(x: float, variance: float, total: float, whole: float) -> Estimate:
    """A part's share of the total, with the delta method's interval; the parts err independently."""
    share = x / total
    error = math.sqrt(variance * (1 - share) ** 2 + share**2 * max(whole - variance, 0.0)) / total
    return Estimate(share, share - SURE * error, share + SURE * error)


def _factor(x: float, variance: float) -> Estimate:
    half = SURE * math.sqrt(variance)
    return Estimate(math.expm1(x), math.expm1(x - half), math.expm1(x + half))


def _by(names: Ints, queue: Ints, weights: Floats | None = None) -> Floats:
    """Sums by queue."""
    return np.bincount(np.searchsorted(names, queue), weights, len(names)).astype(np.float64)
