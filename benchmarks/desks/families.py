"""What real desks have and the plain ones do not, each a family of its own: left out unless asked for by name.

A family changes the plan of a desk before it is run, or what of it shows in the log; the truth is that of its plan.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.desks.log import Log, Row
from benchmarks.desks.people import START, day_of
from benchmarks.desks.plan import Plan

CLOSED_ELSEWHERE = 0.08
WEEK, OPEN_HOURS = 7 * 86_400.0, 40


def _same_plan(plan: Plan, rng: np.random.Generator) -> Plan:
    return plan


def _same_log(log: Log, plan: Plan, rng: np.random.Generator) -> Log:
    return log


@dataclass(frozen=True)
class Family:
    """How a family differs from the plain desks."""

    plan: Callable[[Plan, np.random.Generator], Plan] = _same_plan
    log: Callable[[Log, Plan, np.random.Generator], Log] = _same_log


def _at_once(log: Log, plan: Plan, rng: np.random.Generator) -> Log:
    """Whoever will work on it puts an 👀 on everything within two minutes of its coming."""
    asked = {r["request"]: r["ts"] for r in log.rows if r["kind"] == "arrival"}
    seen: set[str] = set()
    rows = []
    for row in log.rows:
        if row["kind"] == "claim" and row["request"] not in seen:
            seen.add(row["request"])
            rows.append({**row, "ts": round(asked[row["request"]] + float(rng.uniform(5.0, 120.0)), 3)})
        elif row["kind"] != "claim":
            rows.append(row)
    return replace(log, rows=sorted(rows, key=lambda r: r["ts"]))


def _replies(log: Log, plan: Plan, rng: np.random.Generator) -> Log:
    """No marks at all."""
    return replace(log, rows=[r for r in log.rows if r["kind"] not in ("claim", "done")])


def _unclosed(log: Log, plan: Plan, rng: np.random.Generator) -> Log:
    """Some are answered elsewhere: nothing shows after they came."""
    names = sorted({r["request"] for r in log.rows})
    lost = {name for name, draw in zip(names, rng.random(len(names)), strict=True) if draw < CLOSED_ELSEWHERE}
    return replace(log, rows=[r for r in log.rows if r["request"] not in lost or r["kind"] == "arrival"])


def _wrong_roster(log: Log, plan: Plan, rng: np.random.Generator) -> Log:
    """The roster lists people who never answer: a third to two thirds as many again."""
    more = max(1, round(plan.c * float(rng.uniform(0.3, 0.65))))
    ghosts: list[Row] = [{"id": f"ghost{n}", "from": str(day_of(0)), "until": None, "off": []} for n in range(more)]
    return replace(log, team={**log.team, "people": [*log.team["people"], *ghosts]})


def _late_chases(plan: Plan, rng: np.random.Generator) -> Plan:
    """Nobody asks again before a day and a half."""
    return replace(plan, habits=replace(plan.habits, patience=float(rng.uniform(10.0, 14.0))))


def _long(plan: Plan, rng: np.random.Generator) -> Plan:
    """Contracts: most of a day's work each, nearly always waiting for somebody in between, a week or two in all."""
    times = float(rng.uniform(5.0, 8.0)) / plan.mean_service
    return replace(
        plan,
        mean_service=plan.mean_service * times,
        service=plan.service * times,
        lam=plan.lam / times,
        burst_per_week=0.0,
        p_blocked=0.9,
        habits=replace(plan.habits, park_hours=float(rng.uniform(35.0, 50.0)), patience=12.0, nagging=60.0),
    )


def _always_there(plan: Plan, rng: np.random.Generator) -> Plan:
    return replace(plan, people=tuple(replace(p, off=frozenset()) for p in plan.people))


def _round_the_clock(log: Log, plan: Plan, rng: np.random.Generator) -> Log:
    """The forty hours of a week drawn out over all of it; nights and weekends of the plain log fall on one moment."""

    def moved(ts: float) -> float:
        week, second = divmod(ts - START, WEEK)
        day, second = divmod(second, 86_400.0)
        hours = min(day * 8 + min(max(second / 3_600.0 - 9.0, 0.0), 8.0), OPEN_HOURS)
        jitter = float(rng.uniform(0.0, 1.0))
        return START + week * WEEK + hours / OPEN_HOURS * (WEEK - 1.0) + jitter

    rows = sorted(({**r, "ts": round(moved(r["ts"]), 3)} for r in log.rows), key=lambda r: r["ts"])
    return Log(rows, {**log.team, "hours": "Mon-Sun 00:00-24:00"})


PLAIN = Family()

FAMILIES = {
    "at_once": Family(log=_at_once),
    "replies": Family(log=_replies),
    "late_chases": Family(plan=_late_chases),
    "unclosed": Family(log=_unclosed),
    "always": Family(_always_there, _round_the_clock),
    "wrong_roster": Family(log=_wrong_roster),
    "long_cycles": Family(plan=_long),
}
