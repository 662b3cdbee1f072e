"""The factors of the load week by week, on a log scale on which they add up, each with what chance does to it.

Load is requests per open hour × hours a request takes × (1 + rework) ÷ people on duty. Each factor is a series of its
own, since a change shows in one of them long before their product stands out. People on duty are the roster's, times
the share of them that is seen at work where a roster nobody updated shows in it. Weeks end now, so that the latest
days count. Sums over the team only: nothing here is of a person.
"""

from dataclasses import dataclass

import numpy as np

from bot.health.facts import Bools, Floats
from bot.health.forecast import SHORTEST, waits
from bot.health.picture import WEEK, Picture
from bot.health.seen.flow import count
from bot.health.seen.records import ARRIVED

NAMES = ("demand", "service", "hours", "rework")
"""In the order in which the factors are held."""

LEARNED_WEEKS = 6
"""Of people at work: later weeks are held against so many of the first that show any."""

PRESENCE = 0.05
"""Standard deviation of a week's log hours on duty that chance makes: so many days off are nothing unusual."""

LEAST_WEEKS = 5
"""Below it the weeks' own scatter is not known."""

UNKNOWN_SCATTER = 1.5
"""Times the variance of plain counts, taken where the weeks' own scatter is not known (as for dispersion)."""

QUIETEST = 0.3
"""Standard deviation of a log mean wait that no week falls below: queues are never steadier."""

SCARCE = 0.2
"""A week with less of the usual hours than this is as good as closed, and left out."""

RARE = 0.02
"""Share of jobs that come back, at least, for the variance of their number."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One factor, (weeks,), oldest first.

    Attributes:
        value: Natural logarithm, NaN where not known; only differences between weeks mean anything.
        variance: Of each, by chance.
    """

    value: Floats
    variance: Floats

    @property
    def known(self) -> Bools:
        """Weeks that count."""
        return np.isfinite(self.value)

    @classmethod
    def scattered(cls, value: Floats, variance: Floats, usable: Bools) -> "Series":
        """With the variance raised to what successive weeks show where that is more; differences leave growth out."""
        known = usable & np.isfinite(value) & np.isfinite(variance) & (variance > 0)
        x, v = value[known], variance[known]
        scatter = UNKNOWN_SCATTER
        if len(x) >= LEAST_WEEKS:
            scatter = max(float(np.mean(np.diff(x) ** 2 / (v[1:] + v[:-1]))), 1.0)
        return cls(np.where(known, value, np.nan), np.where(known, variance * scatter, np.nan))


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """What the load of each week consists of.

    Attributes:
        of: One series a name in `NAMES`; what makes the load larger makes each of them larger.
        wait: Mean wait for a first answer.
        present: People seen at work per hour on the roster, as a share of the first weeks' and at most 1; 1 unknown.
        edges: Between the weeks, Unix seconds; the last is now.
    """

    of: tuple[Series, ...]
    wait: Series
    present: Floats
    edges: Floats

    @property
    def weeks(self) -> int:
        """How many there are."""
        return len(self.present)


def factors(picture: Picture) -> Factors:
    """The factors of the weeks that end now, as far back as complete weeks are known."""
    desk, jobs = picture.desk, picture.desk.requests.jobs
    wait = waits(picture)
    edges = desk.now - WEEK * np.arange(len(wait), -1, -1.0)
    sums = desk.sums(edges, picture.work) if len(wait) else np.zeros((0, 7))
    asked, counted, busy, hours, open_hours = sums[:, :5].T
    arrived = count(jobs.opened[jobs.cause == ARRIVED], edges)[: len(wait)] if len(wait) else np.zeros(0)
    usable = (hours > SCARCE * (hours.mean() if len(hours) else 0.0)) & (open_hours > 0) & ~_planned(picture, edges)
    present = at_work(picture, edges, hours)
    back = max(float(asked.sum() - arrived.sum()) / max(float(asked.sum()), 1.0), RARE)
    ones = np.ones(len(wait))
    with np.errstate(divide="ignore", invalid="ignore"):
        of = (
            Series.scattered(np.log(arrived / open_hours), picture.dispersion / arrived, usable),
            Series.scattered(np.log(busy / counted), picture.service_scv / counted, usable),
            Series.scattered(-np.log(hours / open_hours * present), ones * PRESENCE**2, usable),
            Series.scattered(np.log((asked + 0.5) / (arrived + 0.5)), back * (1 - back) / asked, usable),
        )
        waited = Series.scattered(np.log(np.maximum(wait, SHORTEST)), ones * QUIETEST**2, usable)
    return Factors(of, waited, present, edges)


def at_work(picture: Picture, edges: Floats, hours: Floats) -> Floats:
    """People seen at work per hour on the roster between the edges, as a share of the first weeks' and at most 1.

    1 where nobody is known by a pseudonym any more, or too little was seen. More than at first is no sign of more
    people: on a busier day everybody is seen.
    """
    acting, days = picture.days.acting, picture.days.edges
    seen = count((days[:-1] + days[1:]) / 2, edges, acting) if len(acting) else np.zeros(len(hours))
    known = np.flatnonzero((seen > 0) & (hours > 0))
    first = known[:LEARNED_WEEKS]
    if len(first) < LEARNED_WEEKS:
        return np.ones(len(hours))
    usual = float(seen[first].sum() / hours[first].sum())
    share = np.divide(seen, hours * usual, out=np.ones(len(hours)), where=(hours > 0) & (seen > 0))
    return np.asarray(np.minimum(np.maximum(share, SCARCE), 1.0))


def _planned(picture: Picture, edges: Floats) -> Bools:
    """Weeks that share days with a complete week in a known peak: what is asked in it was foreseen."""
    found = np.zeros(max(len(edges) - 1, 0), np.bool_)
    for monday, peak in zip(picture.mondays, picture.planned, strict=False):
        if peak:
            found |= (edges[:-1] < monday + WEEK) & (edges[1:] > monday)
    return found
