"""What a team may see of what a check found: the rest becomes unknown here, once, for words, report and jobs alike."""

from dataclasses import fields, replace
from typing import TypeVar

from bot.health.explain import OF_HOURS
from bot.health.results import (
    OF_A_PERSON,
    Assessment,
    Capacity,
    Day,
    Flow,
    Ground,
    Guarded,
    Quality,
    Resilience,
    Source,
    Tier,
    Unknown,
)

T = TypeVar("T")

LOAD = Unknown("in a team of one or two, utilization would be a person's")

OF_WORK = frozenset({"utilization", "capacity", "service", "active", "pile"})
"""Reasons that tell of hours worked or there."""


def within(found: Assessment) -> Assessment:
    """What the team itself may see: of one or two people requests and waits alone.

    What was closed, how fast and how well, and what hours there were, would be a person's.
    """
    if found.tier is not Tier.REQUESTS:
        return found
    return replace(
        found,
        flow=_flow(found.flow),
        capacity=_capacity(found.capacity),
        resilience=Resilience(*(_hidden(getattr(found.resilience, f.name), LOAD) for f in fields(Resilience))),
        weeks=tuple(replace(week, done=OF_A_PERSON, capacity_hours=OF_A_PERSON) for week in found.weeks),
        source=_source(found.source),
        today=_today(found.today),
        reasons=tuple(reason for reason in found.reasons if reason.signal not in OF_WORK),
        quality=Quality(*[OF_A_PERSON] * len(fields(Quality))),
        guarded=Guarded.unknown(OF_A_PERSON.reason),
        forecast=replace(found.forecast, grows=False) if found.forecast else found.forecast,  # that weighs hours
        causes=_hidden(found.causes, OF_HOURS),
        likely=_hidden(found.likely, OF_HOURS),
        outlook=_hidden(found.outlook, OF_HOURS),
    )


def _source(found: Source | Unknown) -> Source | Unknown:
    """Of one or two people waits alone are named."""
    return Source((Ground.WAITS,) if found.grounds else (), None, found.better) if found else found


def _today(found: Day | Unknown) -> Day | Unknown:
    """A level that rests on more than waits is not taken apart."""
    return found if found and set(found.grounds) <= {Ground.WAITS} else LOAD


def _flow(found: Flow) -> Flow:
    no = OF_A_PERSON
    return replace(found, done_per_week=no, cycle=no, service_hours=no, service_scv=no)


def _capacity(found: Capacity) -> Capacity:
    told = (getattr(found, f.name) for f in fields(Capacity)[2:])
    return Capacity(found.people, OF_A_PERSON, *(_hidden(figure, LOAD) for figure in told))


def _hidden(figure: T | Unknown, why: Unknown) -> Unknown:
    """Not told; what was not known anyway keeps its own reason."""
    return figure if isinstance(figure, Unknown) else why
