"""A team's last complete weeks as a plan that can be replayed."""

import numpy as np

from bot.health.facts import Floats
from bot.health.picture import DAY, Picture
from bot.health.theory.replay import DAYS, Plan

PAST_WEEKS = 4
"""Weeks whose days are drawn."""

FEWEST = 20
"""Fewer jobs in them say too little about when requests come."""


def plan(picture: Picture, utilization: float) -> Plan | None:
    """The week ahead as the last complete ones were: their arrivals, opening hours and people.

    Hands-on time is what makes the offered load this share of capacity, so unseen work is spread over the requests.
    None where too little came or nobody was there.

    Args:
        picture: The team.
        utilization: Offered load ÷ capacity, above 0.
    """
    mondays = picture.mondays[-PAST_WEEKS - 1 :]
    if len(mondays) < 2 or not utilization > 0:
        return None
    edges = _days(mondays)
    clock, roster = picture.desk.clock, picture.desk.roster
    shape = (len(mondays) - 1, DAYS)
    length = np.diff(clock.elapsed(edges)).reshape(shape)
    capacity = roster.hours(edges).reshape(shape)
    opened = picture.desk.requests.jobs.opened
    opened = np.sort(opened[(opened >= edges[0]) & (opened < edges[-1])])
    first = np.searchsorted(opened, edges)
    count = np.diff(first)
    if len(opened) < FEWEST or capacity.sum() <= 0:
        return None
    offset = clock.elapsed(opened) - np.repeat(clock.elapsed(edges[:-1]), count)
    weeks = shape[0]
    service = utilization * float(capacity.sum()) / len(opened)
    return Plan(
        # a holiday makes its weekday shorter on average, and its people fewer
        length.mean(axis=0),
        capacity.mean(axis=0),
        offset,
        first[:-1].reshape(shape),
        count.reshape(shape),
        service,
        picture.service_scv,
    ).over(weeks)


def _days(mondays: Floats) -> Floats:
    """The edges of all days between these Mondays (Unix seconds); a week of 167 or 169 hours keeps 24 in each."""
    starts = mondays[:-1, None] + np.arange(DAYS) * DAY
    return np.append(starts.ravel(), mondays[-1])
