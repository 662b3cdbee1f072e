"""Drift: early evidence that more is asked of a team than in its own first weeks, or that fewer are there to answer.

Five things are watched over the last fourteen days and held against the first six weeks of the history: people who
act per hour of capacity (a roster nobody updated shows here first), people on the roster (where it is kept), hours
asked for per hour of capacity, jobs that come back, and days on which many askers ask again. Each is put on a scale on
which chance moves it by a few tenths, and their sum is held against a line. Hours asked for and reopenings are counted
in standard deviations, so that a small desk, whose figures swing, is not taken for one that drifts; counts of
reopenings as square roots, whose variance does not depend on their size (Anscombe 1948, Biometrika 35). Chases come in
heaps when a desk is late for a day, so their days are counted: a heap is one day, however high, and one bad day or a
week of surge cannot alarm alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from bot.health.facts import Bools, Facts, Floats
from bot.health.results import Level, Week, or_none
from bot.health.seen.flow import Desk, count
from bot.health.seen.work import Work
from bot.health.seen.worktime import Hours, shifts
from bot.signal import Kind

_EVERY_DAY = Hours(tuple((day, 0, 1440) for day in range(7)))

LEARNED, WINDOW = 42, 14
"""Days that the team is learned from, and days that are held against them."""

ENOUGH = 20
"""Jobs of the first weeks; fewer tell nothing."""

USUAL_ABSENCE = 0.05
"""So much fewer people acting (log ratio) is chance."""

WEIGHTS = (16.0, 0.2, 0.2, 1.5, 10.0)
"""Of one log unit of people missing, one standard deviation of load, one of reopenings, all days being such with many
chases, and one log unit of people who left the roster. What spreads least by chance weighs most. A logistic regression
on teams of a simulator of our own and one on those of docs/backtest.md gave about these, and any within a quarter of
them warn as many teams as early."""

MOST = 4.0
"""Standard deviations of load that count, so that no surge alarms alone in a log with chases; less load is no evidence
against what askers feel."""

ALWAYS = 0.03
"""Load moves by so much (log ratio) where nothing changed, however many jobs are counted."""

ASKED_LESS = 1.5
"""Standard deviations by which fewer jobs must be asked for before people who left are not missed."""

MANY = 0.75
"""A day has many chases when it has more than this share of the first weeks' days had."""

LOAD_ALONE = 0.5
"""Weight of the load in a log that has no chases: what they would tell must come from it; three standard deviations
are enough."""

ENTER, LEAVE, DAYS = 1.4, 0.95, 2
"""Drift begins after so many working days running at `ENTER` or more and ends after as many below `LEAVE`. `ENTER` is
where simulated teams without drift alarm about once in two years."""

STILL_WAIT, SHORT = 2.0, 0.1
STILL_OPEN, FEW = 1.5, 3.0
"""Drift does not end either while requests wait more than `STILL_WAIT` times as long as in the first weeks, counting
from `SHORT` hours, or more than `STILL_OPEN` times as many are open, counting from `FEW`: what caused it may be over,
but it is not worked off. Both are asked, as those who wait longest are not among the waits yet."""


class Alerting(StrEnum):
    """How early a team wants to be told of drift; earlier is also more often in vain."""

    EARLIER = "earlier"
    USUAL = "usual"
    QUIETER = "quieter"


LINES: Mapping[Alerting, float] = MappingProxyType(
    {Alerting.EARLIER: 1.15, Alerting.USUAL: ENTER, Alerting.QUIETER: 1.55}
)
"""Where drift begins by each choice, from the operating curve of docs/backtest.md: at 1.15 a warning is in vain once a
year, the most that is borne; beyond 1.55 warnings in time are lost faster than those in vain. Drift ends at the same
share of its line as in use."""

NEAR_ENOUGH = 0.3
"""A team further below its danger line than this may grow without a warning."""


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """Evidence day by day.

    Attributes:
        edges: Unix seconds; day i lies between edge i and i + 1, the last ends now.
        parts: One row a day: people, load, reopenings, chases, roster, on the common scale; NaN before enough was seen.
        standing: Whether drift stands at the end of each day.
        active: People who acted per hour on duty over the last days, as a share of those then learned from; and 1.
        acting: How many people of the desk were seen to act each day; none where too little was seen.
        eased: Whether waits let it end on each day; none where too little was seen.
    """

    edges: Floats
    parts: Floats
    standing: Bools
    active: tuple[float, float] = (0.0, 0.0)
    acting: Floats = field(default_factory=lambda: np.zeros(0))
    eased: Bools = field(default_factory=lambda: np.zeros(0, np.bool_))

    @property
    def now(self) -> bool:
        """Whether it stands now."""
        return bool(len(self.standing) and self.standing[-1])

    def at(self, times: Floats) -> list[bool]:
        """Whether it stood at the end of the day that ended last at each time (Unix seconds)."""
        day = np.searchsorted(self.edges[1:], times, "right") - 1
        return [bool(i >= 0 and self.standing[i]) for i in day]

    @property
    def causes(self) -> tuple[str, ...]:
        """Which parts make up a quarter or more of the evidence now, weightiest first."""
        if not self.now:
            return ()
        last = np.maximum(np.nan_to_num(self.parts[-1]), 0.0)
        names = ("active", "load", "reopen", "chase", "roster")
        order = np.argsort(-last, kind="stable")
        return tuple(names[i] for i in order if last[i] >= last.sum() / 4 > 0)


def days(tz: str, start: float, now: float) -> Floats:
    """Midnights there from start on, and now as the end of the last day (Unix seconds); empty where start is later."""
    table = shifts(_EVERY_DAY, tz, start - 2 * 86400, now)
    _, first = np.unique(table.days, return_index=True)  # a clock change may have cut a day in two
    opens = table.opens[first]
    past = opens[(opens >= start) & (opens < now)]
    return np.append(past, now) if len(past) else past


def drift(
    desk: Desk,
    work: Work | None,
    facts: Facts,
    edges: Floats,
    alerting: Alerting = Alerting.USUAL,
    planned: Bools | None = None,
    roster: Floats | None = None,
    varies: tuple[float, float] = (1.0, 1.0),
) -> Drift:
    """Evidence for the days between the edges (Unix seconds), of which the first begin the history.

    Args:
        desk: The requests.
        work: The hours seen; None where nothing tells them, then load is counted in jobs.
        facts: What was heard, for who acted and who asked again.
        edges: Midnights of the team, the last edge being now.
        alerting: How early the team wants to be told.
        planned: Days of known peaks (`bot.health.peaks.planned`), which are looked at as if they had not been.
        roster: People on the roster each day, at work or away; None leaves who left it out.
        varies: Index of dispersion of jobs, and cs² of service times.
    """
    n = max(len(edges) - 1, 0)
    if n <= LEARNED:
        return Drift(edges, np.full((n, len(WEIGHTS)), np.nan), np.zeros(n, np.bool_))
    sums = desk.sums(edges, work)
    there = sums[:, 3] > 0
    acting = np.where(there, _acting(facts, edges, desk.now), 0.0)
    seen = acting.copy()
    arrived = count(desk.requests.arrived, edges)
    again = count(desk.requests.jobs.opened[desk.requests.jobs.cause > 0], edges)
    chased = _chases(facts, desk, edges)
    if planned is not None:
        for column in (sums, there, acting, arrived, again, chased):
            column[planned] = 0
    jobs, counted, busy, hours, opened = sums[:, :5].T
    if jobs[:LEARNED].sum() < ENOUGH or hours[:LEARNED].sum() <= 0:
        return Drift(edges, np.full((n, len(WEIGHTS)), np.nan), np.zeros(n, np.bool_))
    asked = np.sqrt(varies[0]) * _error(jobs)
    load = _log_ratio(jobs, hours, LEARNED) + _log_ratio(busy, counted, LEARNED)
    error = np.sqrt(asked**2 + varies[1] * _error(counted) ** 2 + ALWAYS**2)
    fewer = np.minimum(_log_ratio(jobs, opened, LEARNED) + ASKED_LESS * asked, 0.0)
    parts = np.column_stack(
        (
            np.maximum(-_people(acting, hours) - USUAL_ABSENCE, 0.0),
            np.clip(load / error, 0.0, MOST),
            _more(again, arrived),
            _bad_days(chased, there),
            np.maximum(_left(roster, there) + fewer, 0.0),
        )
    ) * np.array(WEIGHTS)
    if not chased.any():
        parts[:, 1] *= LOAD_ALONE / WEIGHTS[1]
    usable = (_last(hours) > 0) & (np.arange(n) >= LEARNED)
    parts[~usable] = np.nan
    left = np.where(there, desk.open_at(edges[1:]), 0.0)
    eased = _eased(sums[:, 5], sums[:, 6], STILL_WAIT, SHORT)
    eased &= _eased(left, there.astype(np.float64), STILL_OPEN, FEW)
    stands = _standing(parts.sum(axis=1), there, LINES[alerting], eased)
    return Drift(edges, parts, stands, _active(acting, hours), seen, eased)


def raised(level: Level, week: Week, drifting: bool) -> Level:
    """The level by utilization in the latest week, or `watch` where drift stands and nothing worse is known."""
    line = or_none(week.danger_line)
    if not drifting or not week.utilization or line is None:
        return level
    return max(level, Level.WATCH) if week.utilization.value > line - NEAR_ENOUGH else level


def _last(values: Floats) -> Floats:
    """Sums of the `WINDOW` days ending with each day."""
    total = np.concatenate((np.zeros(1), np.cumsum(values)))
    end = np.arange(1, len(total))
    return total[end] - total[np.maximum(end - WINDOW, 0)]


def _log_ratio(above: Floats, below: Floats, learned: int, first: int = 0) -> Floats:
    """Log of (above ÷ below) over the window against the days learned from; 0 where one of them is unknown."""
    a, b = _last(above), _last(below)
    base_a, base_b = above[first : first + learned].sum(), below[first : first + learned].sum()
    known = (a > 0) & (b > 0) & (base_a > 0) & (base_b > 0)
    ratio = np.divide(a * base_b, b * base_a, out=np.ones(len(a)), where=known)
    return np.asarray(np.log(ratio))


def _error(counts: Floats) -> Floats:
    """Standard deviation by chance of the log ratio of the window's count to the first weeks'; 0 where one is none."""
    now, before = _last(counts), float(counts[:LEARNED].sum())
    known = (now > 0) & (before > 0)
    inverse = np.divide(1.0, now, out=np.zeros(len(now)), where=known)
    return np.asarray(np.sqrt(np.where(known, inverse + 1 / max(before, 1.0), 0.0)))


def _left(roster: Floats | None, there: Bools) -> Floats:
    """Log of people on the roster in the first weeks ÷ over the window; 0 where more have come, or nothing is known."""
    if roster is None:
        return np.zeros(len(there))
    return np.maximum(-_log_ratio(np.where(there, roster, 0.0), there.astype(np.float64), LEARNED), 0.0)


def _people(acting: Floats, hours: Floats) -> Floats:
    """Log ratio of people who act per hour of capacity; 0 until six weeks with known actors were seen.

    Actors are forgotten after some months, so what this is held against begins with the first day that has any.
    """
    known = np.flatnonzero(acting)
    if not len(known):
        return np.zeros(len(acting))
    first = int(known[0])
    ratio = _log_ratio(acting, hours, LEARNED, first)
    ratio[: first + LEARNED] = 0.0
    return ratio


def _active(acting: Floats, hours: Floats) -> tuple[float, float]:
    """People who acted per hour on duty, as a share of the first weeks'; and 1. Zeros where unknown."""
    known = np.flatnonzero(acting)
    if not len(known):
        return 0.0, 0.0
    first = slice(int(known[0]), int(known[0]) + LEARNED)
    before, now = acting[first].sum() / max(hours[first].sum(), 1e-9), acting[-WINDOW:].sum()
    return (float(now / max(hours[-WINDOW:].sum(), 1e-9) / before), 1.0) if before > 0 else (0.0, 0.0)


def _more(events: Floats, arrived: Floats) -> Floats:
    """How many standard deviations more events than the first weeks' share of the requests that came.

    That share is itself an estimate, so the deviation is that of the window and of what it is held against.
    """
    part = _last(arrived) / max(arrived[:LEARNED].sum(), 1.0)
    expected = events[:LEARNED].sum() * part
    return np.asarray(2 * (np.sqrt(_last(events) + 0.4) - np.sqrt(expected + 0.4)) / np.sqrt(1 + part))


def _bad_days(events: Floats, there: Bools) -> Floats:
    """Share of days with many events over the window, less that share of the days learned from."""
    first = there[:LEARNED]
    bad = there & (events > np.quantile(events[:LEARNED][first], MANY))
    usual = np.count_nonzero(bad[:LEARNED]) / np.count_nonzero(first)
    open_days = _last(there.astype(np.float64))
    return np.asarray(_last(bad.astype(np.float64)) / np.maximum(open_days, 1.0) - usual)


def _acting(facts: Facts, edges: Floats, now: float) -> Floats:
    """How many people of the desk were seen to act each day."""
    acts = (facts.kind == Kind.REPLY) | (facts.kind == Kind.CLAIM) | (facts.kind == Kind.DONE)
    rows = acts & (facts.actor != 0) & facts.timed
    rows &= facts.at <= now
    day = np.searchsorted(edges, facts.at[rows], "right") - 1
    if not len(day):
        return np.zeros(len(edges) - 1)
    people = np.unique(facts.actor[rows])
    who = np.searchsorted(people, facts.actor[rows])
    acted = np.minimum(np.unique(day * len(people) + who) // len(people), len(edges) - 2)
    return np.asarray(np.bincount(acted[acted >= 0], minlength=len(edges) - 1), np.float64)


def _chases(facts: Facts, desk: Desk, edges: Floats) -> Floats:
    """How often askers asked again each day, about requests that count."""
    rows = np.flatnonzero((facts.kind == Kind.CHASE) & (facts.at <= desk.now))
    if not len(rows):
        return np.zeros(len(edges) - 1)
    rows = rows[np.isin(facts.request[rows], desk.requests.request)]
    told = np.unique(np.column_stack((facts.request[rows].astype(np.float64), facts.at[rows])), axis=0)
    return count(told[:, 1], edges)


def _eased(total: Floats, number: Floats, times: float, least: float) -> Bools:
    """Whether the mean over the window is below so many times that of the first weeks; also where nothing tells.

    Args:
        total: Of each day: hours waited, or requests open at its end.
        number: How many requests these are of; or 1 on days that count.
        times: How many times.
        least: A smaller mean of the first weeks counts as this.
    """
    before = total[:LEARNED].sum() / max(number[:LEARNED].sum(), 1.0)
    known = _last(number)
    now = np.divide(_last(total), known, out=np.zeros(len(total)), where=known > 0)
    return np.asarray(now < times * max(before, least))


def _standing(evidence: Floats, there: Bools, enter: float = ENTER, eased: Bools | None = None) -> Bools:
    """Whether drift stands at the end of each day; days without anybody on duty change nothing.

    Args:
        evidence: At the end of each day; NaN unknown.
        there: Whether somebody was on duty.
        enter: The line at which it begins.
        eased: Whether it may end on that day; None: on any.
    """
    found = np.zeros(len(evidence), np.bool_)
    leave = enter * LEAVE / ENTER
    on, high, low = False, 0, 0
    for i, value in enumerate(evidence.tolist()):
        if there[i] and not np.isnan(value):
            high = high + 1 if value >= enter else 0
            low = low + 1 if value < leave and (eased is None or eased[i]) else 0
            on = low < DAYS if on else high >= DAYS
        found[i] = on
    return found
