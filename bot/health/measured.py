"""The weeks of one measure, out of a picture of the team: what a comparison is made of."""

from collections.abc import Callable, Mapping

import numpy as np

from bot.health.facts import Floats
from bot.health.picture import Picture
from bot.health.quality import back_untimed, comparable
from bot.health.results import OF_A_PERSON, Tier
from bot.health.seen.flow import count
from bot.health.seen.records import REOPENED
from bot.health.seen.tier import tier
from bot.health.theory.compare import Weekly
from bot.team import Team

OF_NO_PERSON = ("wait",)
"""All that is compared in a team of one or two: anything else would be a person's figure."""

PERSONS = OF_A_PERSON.reason
NOT_SEEN = "no claims or replies show how long requests are worked on"


def tellable(team: Team, now: float) -> tuple[str, ...] | None:
    """Measures that may be compared of a team as it is at a Unix second; None: all."""
    return OF_NO_PERSON if tier(team, now) is Tier.REQUESTS else None


def hidden(picture: Picture, measure: str, edges: Floats) -> str:
    """Why this measure may not, or cannot, be told of the weeks between these Mondays; empty where it can.

    Args:
        picture: The team.
        measure: A key of `bot.health.theory.compare.UNITS`.
        edges: Unix seconds, ascending.
    """
    first, last = (float(edges[0]), float(edges[-1]) - 1) if len(edges) else (picture.desk.now,) * 2
    if measure not in OF_NO_PERSON and tier(picture.team, first, last) is Tier.REQUESTS:
        return PERSONS
    return NOT_SEEN if measure in ("hands_on", "utilization") and picture.work is None else ""


def weekly(picture: Picture, measure: str, edges: Floats) -> Weekly:
    """A measure in each week between neighbouring Mondays.

    A wait belongs to the week in which it began, as does a cycle, open ones with their age; work to the week in
    which it was done; a reopening to the week of the closing that did not last.

    Args:
        picture: The team, as known at a moment.
        measure: A key of `bot.health.theory.compare.UNITS`.
        edges: Unix seconds, ascending; fewer than two are no week.
    """
    return _MEASURES[measure](picture, edges) if len(edges) > 1 else Weekly((), (), ())


def _wait(picture: Picture, edges: Floats) -> Weekly:
    sums = picture.desk.sums(edges, None)
    return Weekly.of(sums[:, 5], sums[:, 6], sums[:, 6])


def _cycle(picture: Picture, edges: Floats) -> Weekly:
    r, clock = picture.desk.requests, picture.desk.clock
    took = clock.between(r.arrived, r.done)
    closed = took[~r.open & ~np.isnan(took)]
    # one that nobody closes tells of oversight, not of how long things take
    longest = float(np.quantile(closed, 0.99)) if len(closed) else np.inf
    took = np.where(r.open, np.fmin(clock.between(r.arrived, picture.desk.now), longest), took)
    known = ~np.isnan(took)
    n = count(r.arrived[known], edges)
    return Weekly.of(count(r.arrived[known], edges, np.maximum(took[known], 0.0)), n, n)


def _hands_on(picture: Picture, edges: Floats) -> Weekly:
    sums = picture.desk.sums(edges, picture.work)
    return Weekly.of(sums[:, 2], sums[:, 1], sums[:, 1])


def _utilization(picture: Picture, edges: Floats) -> Weekly:
    """Hours of work asked for ÷ hours there were; a week in which no work was seen tells nothing."""
    sums = picture.desk.sums(edges, picture.work)
    jobs, counted, busy, capacity = sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 3]
    seen = counted > 0
    asked = np.divide(busy * jobs, counted, out=np.zeros(len(jobs)), where=seen)
    return Weekly.of(asked + picture.team.unseen_share * capacity, np.where(seen, capacity, 0.0), jobs)


def _reopen(picture: Picture, edges: Floats) -> Weekly:
    jobs = picture.desk.requests.jobs
    back = np.zeros(len(jobs.done), np.bool_)
    back[:-1] = (jobs.cause[1:] == REOPENED) & (jobs.request[1:] == jobs.request[:-1])
    back |= back_untimed(picture.desk.requests)
    known = comparable(picture.desk.requests, jobs.done, jobs.request, edges)
    n = count(jobs.done[known], edges)
    return Weekly.of(count(jobs.done[back & known], edges), n, n)


def _chase(picture: Picture, edges: Floats) -> Weekly:
    return _share(picture, edges, picture.desk.requests.chases > 0)


def _escalation(picture: Picture, edges: Floats) -> Weekly:
    return _share(picture, edges, picture.desk.requests.escalations > 0)


def _share(picture: Picture, edges: Floats, hit: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Weekly:
    arrived = picture.desk.requests.arrived
    n = count(arrived, edges)
    return Weekly.of(count(arrived[hit], edges), n, n)


_MEASURES: Mapping[str, Callable[[Picture, Floats], Weekly]] = {
    "wait": _wait,
    "cycle": _cycle,
    "hands_on": _hands_on,
    "utilization": _utilization,
    "reopen": _reopen,
    "chase": _chase,
    "escalation": _escalation,
}
