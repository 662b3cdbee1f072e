"""References: what calm days teach of a team, and what every later day is held against.

The first six weeks count as calm whatever they were, as nothing else is known yet; later days join once they are four
weeks old, if the team had room then and has it now. So nothing that happened within four weeks, and nothing that
happens above `healthy`, moves what it is measured by.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bot.health.days import Days
from bot.health.facts import Bools
from bot.health.picture import Picture
from bot.health.results import Reference, Tier
from bot.health.seen.utilization import Load
from bot.health.verdict.rules import Rules

OLD = 28
"""Days from which on later days are learned from."""

MANY = 0.75
"""A day has many chases when it has more than this share of the calm days had."""

TOLD = 14
"""Calm days that have to tell what came back, before more of it is a bad sign."""

Height = Callable[[Load], tuple[float, float] | None]
"""Utilization, unseen load with it, and the danger line of a load; None where too little was seen of it."""


def learn(days: Days, calm: Bools, height: Height, rules: Rules) -> Reference:
    """The team on the days of the mask.

    Args:
        days: The history.
        calm: Days to learn from.
        height: Gives utilization and line of a load.
        rules: What the team said.
    """
    on = calm & days.there
    hours, jobs, busy, counted = (
        float(column[on].sum()) for column in (days.hours, days.jobs, days.busy, days.counted)
    )
    number, total = days.waits[on].sum(axis=0).tolist()
    acted = on & days.watched
    service = rules.stated or (busy / counted if counted > 0 else 0.0)
    chases = days.chases[on]
    many = float(np.quantile(chases, MANY)) if len(chases) else 0.0
    open_hours = float(days.open_hours[on].sum())
    people = hours / open_hours if open_hours > 0 else 0.0
    wait = total / number if number else math.nan
    known = height(Load(jobs, counted, busy, hours, open_hours, math.nan if days.at_once else wait))
    if known is None or (days.at_once and known[0] >= 1):  # what is held all the time tells no work
        known = (math.nan, math.nan)
    load, line = known
    backlog = (
        float(np.median((days.unclosed if days.at_once else days.left)[on])) * service / people
        if people > 0 and on.any()
        else 0.0
    )
    found = Reference(
        basis=rules.basis,
        at_once=days.at_once,
        days=int(on.sum()),
        hours=hours,
        jobs=jobs,
        again=_again(days, on),
        busy=busy,
        acted=float(days.acting[acted].sum()),
        acted_hours=float(days.hours[acted].sum()),
        roster=float(days.roster[on].sum()),
        waited=float(days.waited[on].sum()),
        lasted=float(days.lasted[on].sum()),
        wait=wait,
        service=service,
        many=many,
        chased=float(np.mean(chases > many)) if len(chases) else 0.0,
        backlog=backlog,
        load=load,
        line=line,
        variance=rules.variance,
    )
    pair = any(Tier.of(people) is Tier.REQUESTS for people in set(days.roster[on].astype(int).tolist()))
    return _without_work(found) if rules.small or pair else found


def _again(days: Days, on: Bools) -> float:
    """Reopenings on these days, as many as there were had all of them told it; NaN where fewer than two weeks do."""
    known = on & ~np.isnan(days.again)
    hours = float(days.hours[known].sum())
    if np.count_nonzero(known) < TOLD or hours <= 0:
        return math.nan
    return float(days.again[known].sum() * (days.hours[on].sum() / hours))


def _without_work(found: Reference) -> Reference:
    """What may be kept of one or two people: what was worked would be a person's."""
    return replace(found, busy=0.0, acted=0.0, acted_hours=0.0, service=0.0, backlog=0.0, load=math.nan, line=math.nan)


def height_of(picture: Picture) -> Height:
    """Utilization and danger line as this team's basis gives them."""

    def found(load: Load) -> tuple[float, float] | None:
        belief = picture.believe(load)
        if belief is None:
            return None
        return belief.all_work().value, picture.lines.danger(load.people, belief.service)

    return found
