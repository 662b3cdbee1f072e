"""What of a desk's work shows in a log: signals in the import format, some of them missing."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.desks.floor import Arrivals, Visit
from benchmarks.desks.people import START, WEEKS, day_of, to_seconds
from benchmarks.desks.plan import Plan

END = START + WEEKS * 7 * 86_400.0
# Chance of an escalation for each hour of wait, and its most.
ESCALATES, ESCALATES_MOST = 0.003, 0.2
SECOND_CHASE = 0.1
MINUTE = 60.0

Row = dict[str, Any]


@dataclass(frozen=True)
class Log:
    """The signals and the roster of one desk."""

    rows: list[Row]
    team: Row


def write(team: str, plan: Plan, came: Arrivals, visits: list[Visit], rng: np.random.Generator) -> Log:
    """All that is seen until the last week is over, in order of time."""
    said = [(ts, kind, request, actor) for ts, kind, request, actor in _said(team, plan, came, visits, rng) if ts < END]
    said.sort(key=lambda s: s[0])
    rows = [
        {"ts": round(ts, 3), "kind": kind, "request": f"{team}-{request:05d}", "actor": actor, "queue": f"C{team[1:]}"}
        for ts, kind, request, actor in said
    ]
    return Log(rows, roster(team, plan))


def _said(
    team: str, plan: Plan, came: Arrivals, visits: list[Visit], rng: np.random.Generator
) -> Iterator[tuple[float, str, int, str]]:
    askers = rng.integers(plan.habits.askers, size=len(came.at))
    misses = _own_rates(plan.p_miss_claim, len(plan.people), rng)
    for request, at in enumerate(came.at.tolist()):
        yield at, "arrival", request, f"req{askers[request]:03d}"
    for visit in visits:
        asker = f"req{askers[visit.request]:03d}"
        if visit.turn:
            yield to_seconds(visit.ready), "reopen", visit.request, asker
        else:
            yield from ((ts, "chase", visit.request, asker) for ts in _chases(visit, plan, rng))
        for at, person in visit.claims:
            if rng.random() >= misses[person]:
                yield to_seconds(at), "claim", visit.request, f"{team}-u{person}"
        yield from ((ts, kind, visit.request, f"{team}-u{visit.person}") for ts, kind in _answers(visit, plan, rng))


def _own_rates(mean: float, people: int, rng: np.random.Generator) -> list[float]:
    """How often each forgets: some more than others, the mean as said."""
    return [float(rng.beta(20 * mean, 20 * (1 - mean))) if mean else 0.0 for _ in range(people)]


def _chases(visit: Visit, plan: Plan, rng: np.random.Generator) -> Iterator[float]:
    """The asker asks again, once patience is over and work has not begun; the longer the wait, the likelier."""
    habits, wait = plan.habits, visit.start - visit.ready
    if not wait > habits.patience:
        return
    if rng.random() < min(wait / habits.nagging, habits.nag_most):
        first = rng.uniform(habits.patience, wait)
        yield to_seconds(visit.ready + first)
        if rng.random() < SECOND_CHASE:
            yield to_seconds(visit.ready + rng.uniform(first, wait))


def _answers(visit: Visit, plan: Plan, rng: np.random.Generator) -> Iterator[tuple[float, str]]:
    """Replies, an escalation and the end, as far as they show."""
    if math.isnan(visit.start):
        return
    start, done = to_seconds(visit.start), math.nan
    first, last, miss, up = rng.random(4)
    told = start + rng.uniform(0.0, 4.0) * MINUTE
    if not math.isnan(visit.done):
        done = to_seconds(visit.done)
        if last < plan.habits.last_reply:
            yield max(done - rng.uniform(2.0, 6.0) * MINUTE, start + 1.0), "reply"
        wait = visit.start - visit.ready
        if up < min(plan.habits.escalates + ESCALATES * wait, ESCALATES_MOST):
            yield done - 1.0, "escalate"
        if miss >= plan.p_miss_done:
            yield done, "done"
    if not visit.turn and first < plan.habits.first_reply and not told >= done:
        yield told, "reply"


def roster(team: str, plan: Plan) -> Row:
    """The team file; when nobody updates it, those who left still stand in it."""
    return {
        "name": team,
        "tz": "UTC",
        "hours": "Mon-Fri 09:00-17:00",
        "country": None,
        "people": [
            {
                "id": f"{team}-u{n}",
                "from": str(day_of(p.first)),
                "until": str(day_of(p.gone - 1)) if p.gone is not None and plan.roster_updated else None,
                "off": [str(day_of(d)) for d in sorted(p.off) if d >= p.first and (p.gone is None or d < p.gone)],
            }
            for n, p in enumerate(plan.people)
        ],
    }
