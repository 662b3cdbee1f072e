"""Evidence: the figures of one day that decide, each held against calm days.

With the references held, no bad fact lowers any of them: they are counts and hours over hours on duty, against fixed
bars. One more request, reopening, chase or escalation, a longer wait or longer work, a ✅ taken back, or an hour less
on duty raises them or leaves them; but for a late request that waits on until it may be answered elsewhere. What could
dilute a mean is never divided by.
"""

import math
from collections.abc import Sequence

import numpy as np

from bot.health.days import Days
from bot.health.results import Evidence, Reference
from bot.health.verdict.rules import Rules

SHORT, LONG = 14, 28
"""Days that *is it coming?* and *is it so?* look back on: their middle is one week and two weeks old."""

PEOPLE, LEFT, LOAD, AGAIN, CHASED = 16.0, 10.0, 0.2, 0.3, 1.5
"""Of one log unit of people missing and of people who left the roster, one standard deviation of load, one of
reopenings, and all days being such with many chases. What spreads least by chance weighs most."""

USUAL_ABSENCE, ALWAYS, MOST = 0.05, 0.1, 4.0
"""So many fewer people acting (log) is chance; load moves by so much (log) where nothing changed; so many standard
deviations of load count."""

LESS, NEW = 0.3, 0.1
"""Beyond so much less that is asked for, and so many more on duty (log), fewer people acting are none missing."""

LONGER, CHANCE, CHANCE_ALONE = 1.4, 2.5, 4.0
"""Times as long as in calm from request to ✅, work and wait together, is what twice the wait is alone; where few ask,
what is so many standard deviations away, and more of them where nothing else is asked."""

FEW = 3
"""Late requests below which nothing is said of their share."""

IDLE = 0.1
"""Requests waiting for each person on duty that are nothing, in ratios of waits."""


class Sums:
    """Sums over the days before a day, from running totals."""

    def __init__(self, days: Days) -> None:
        columns = (
            days.hours,
            days.jobs,
            np.nan_to_num(days.again),
            days.busy,
            days.there.astype(np.float64),
            days.acting,
            np.where(days.watched, days.hours, 0.0),
            days.roster,
            days.waited,
            days.open_hours,
            days.lasted,
        )
        shown = np.column_stack(columns) * days.there[:, None]
        self._total = np.concatenate((np.zeros((1, len(columns))), np.cumsum(shown, axis=0)))
        self._chases = np.where(days.there, days.chases, -1.0)

    def before(self, day: int, window: int) -> list[float]:
        """Sums of the days of the window that ends with this day."""
        row: list[float] = (self._total[day + 1] - self._total[max(day + 1 - window, 0)]).tolist()
        return row

    def chased(self, day: int, window: int, many: float) -> float:
        """How many of these days had more chases than that."""
        return float(np.count_nonzero(self._chases[max(day + 1 - window, 0) : day + 1] > many))


def evidence(
    days: Days, sums: Sums, day: int, calm: Reference, rules: Rules, more: Sequence[float], *, young: bool
) -> Evidence:
    """What a day's end tells.

    Args:
        days: The history.
        sums: Of the same.
        day: Which.
        calm: What it is held against.
        rules: What the team said: its target, and whether only waits are looked at.
        more: Hours waited on each day by requests that were not set apart, though they might be answered elsewhere;
            the last of them is how many wait: (days + 1,).
        young: Whether it is among the days that tell what is usual: then what is usual is what is.
    """
    last = sums.before(day, LONG)
    hours, opened = last[0], last[9]
    wait, waits = _waits(sums, day, LONG, calm, rules, more)
    lately, before = (_waits(sums, at, SHORT, calm, rules, more)[1] for at in (day, max(day - SHORT, 0)))
    if rules.target:
        waits = max(waits, _late(days, day, LONG))
        lately, before = (
            max(times, _late(days, at, SHORT)) for times, at in ((lately, day), (before, max(day - SHORT, 0)))
        )
    if young and not rules.target:
        waits = lately = before = 0.0
    usual = calm.wait / rules.target if rules.target and calm.wait >= 0 else 0.5
    people_wait = (wait, waits, usual, lately, min(lately, before))
    if rules.small:
        return Evidence(0.0, 0.0, math.nan, -math.inf, math.nan, *people_wait, 0.0, math.inf)
    coming, lasting = ((0.0,) if young else _pressure(sums, day, window, calm) for window in (SHORT, LONG))
    load = _load(last, calm)
    people = hours / opened if opened > 0 else 0.0
    backlog, line = _backlog(days, day, people, calm, more[-1])
    over = load - calm.line if not math.isnan(load) else -math.inf
    grown = load / calm.load if calm.load > 0 and not young else math.nan
    return Evidence(sum(coming), sum(lasting), load, over, grown, *people_wait, backlog, line, coming)


def _waits(
    sums: Sums, day: int, window: int, calm: Reference, rules: Rules, more: Sequence[float]
) -> tuple[float, float]:
    """What a request waits, hours, and that as a multiple of what is bearable.

    Both from how many wait at a time for each person on duty (Little 1961): a mean over requests would fall with every
    new one. Where all is begun as it comes, how many are open at a time is held against calm as well.
    """
    found = sums.before(day, window)
    hours, passed = found[0], sum(more[max(day + 1 - window, 0) : day + 1])
    waited, lasted = found[8] + passed, found[10] + passed
    if calm.hours <= 0 or calm.jobs <= 0 or hours <= 0:
        return math.nan, 0.0
    wait = waited / hours * calm.hours / calm.jobs
    times = wait / rules.target if rules.target else (waited / hours + IDLE) / (calm.usual + IDLE) / 2
    if calm.at_once:
        longer = (lasted / hours + IDLE) / (calm.lasted / calm.hours + IDLE)
        bar = max(LONGER, math.exp(min((CHANCE_ALONE if rules.small else CHANCE) * calm.error(found[4]), 10.0)))
        times = max(times, 0.5 + 0.5 * (longer - 1) / (bar - 1))
    return wait, times


def _late(days: Days, day: int, window: int) -> float:
    """Late requests for each that was begun in time; 1 is half of them.

    Hours per usual request say nothing where few ask. One more request is no answer in time, so it never lowers this.
    """
    first = max(day + 1 - window, 0)
    late = float(days.late[day, 0] - days.late[first, 1])
    good = float(days.late[day, 2] - days.late[first, 3])
    return late / max(good, 1.0) if late >= FEW else 0.0


def _pressure(sums: Sums, day: int, window: int, calm: Reference) -> tuple[float, ...]:
    """How much more is asked, or how many fewer answer, than in calm, on a scale on which chance moves it by tenths.

    By part, as in `Evidence.parts`.
    """
    hours, jobs, again, busy, there, acting, acted, roster, *_ = sums.before(day, window)
    if not calm.enough or hours <= 0 or there <= 0:
        return (0.0,) * 5
    part = hours / calm.hours
    error = math.hypot(calm.error(there), ALWAYS)
    known = calm.busy > 0
    rate = (busy / calm.busy if known else jobs / calm.jobs) / part
    load = min(max(math.log(max(rate, 1e-9)) / error, 0.0), MOST) * LOAD
    usual = again if math.isnan(calm.again) else calm.again * part
    more = max(2 * (math.sqrt(again + 0.4) - math.sqrt(usual + 0.4)) / math.sqrt(1 + part), 0.0)
    missing = 0.0
    if acted > 0 and calm.acted > 0:
        missing = -math.log(max(acting, 0.5) / acted * calm.acted_hours / calm.acted) - USUAL_ABSENCE
        fewer = -math.log(max(jobs, 0.5) / part / calm.jobs) - LESS  # where less is asked, fewer have to act
        hired = math.log(acted / there * calm.days / calm.acted_hours) - NEW  # and who is new may not act yet
        missing = max(missing - max(fewer, 0.0) - max(hired, 0.0), 0.0)
    left = 0.0
    if roster > 0 and calm.roster > 0:
        left = max(math.log(calm.roster / calm.days * there / roster), 0.0)
    bad = max(sums.chased(day, window, calm.many) / max(there, 1.0) - calm.chased, 0.0)
    return PEOPLE * missing, LEFT * left, load, AGAIN * more, CHASED * bad


def _load(last: list[float], calm: Reference) -> float:
    """Utilization now: that of calm, times what is worked (or asked, where no work is seen) for an hour on duty."""
    hours, jobs, _, busy, *_ = last
    if math.isnan(calm.load) or hours <= 0:
        return math.nan
    rate = busy / hours * calm.hours / calm.busy if calm.busy > 0 else jobs / hours * calm.hours / calm.jobs
    return calm.load * rate


def _backlog(days: Days, day: int, people: float, calm: Reference, more: float) -> tuple[float, float]:
    """Hours of everybody that what is open takes, and the line; nothing where work or people are unknown."""
    if not people > 0 or not calm.service > 0:
        return 0.0, math.inf
    waiting, remains = float(days.left[day]) + more, float(days.remains[day])
    if calm.at_once:
        waiting, remains = max(float(days.unclosed[day]) + more - people, 0.0), 0.0
    week = float(days.open_hours[max(day - 27, 0) : day + 1].sum()) / min(day + 1, 28) * 7
    return (waiting * calm.service + remains) / people, max(week, 3 * calm.backlog)
