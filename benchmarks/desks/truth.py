"""How long people really waited at a desk, by week, and since when twice as long as in the first weeks."""

from typing import Any

import numpy as np

from benchmarks.desks.floor import Floor, Visit, arrivals
from benchmarks.desks.people import START, WEEKS, hours_by_week
from benchmarks.desks.plan import Floats, Plan

BASE_WEEKS, IN_A_ROW = 8, 3


def mean_waits(plan: Plan, replicas: int, rng: np.random.Generator) -> Floats:
    """Mean working hours until work begins, by week of arrival, over several runs of the same desk."""
    total, count = np.zeros(WEEKS), np.zeros(WEEKS)
    for _ in range(replicas):
        came = arrivals(plan, rng)
        first = [v for v in Floor(plan, came, rng).run() if v.turn == 0]
        weeks = ((came.at - START) // (7 * 86_400.0)).astype(int)
        total += np.bincount(weeks, weights=waits(first), minlength=WEEKS)
        count += np.bincount(weeks, minlength=WEEKS)
    found: Floats = total / np.maximum(count, 1)
    return found


def waits(visits: list[Visit]) -> Floats:
    """Working hours until work begins."""
    return np.array([v.start - v.ready for v in visits])


def doubled(by_week: Floats, row: int = IN_A_ROW) -> int | None:
    """The first of so many weeks in a row in which the wait is over twice its first weeks' mean, week 8 at earliest."""
    over = by_week > 2 * by_week[:BASE_WEEKS].mean()
    return next((w for w in range(BASE_WEEKS, WEEKS - row + 1) if over[w : w + row].all()), None)


def sound(plan: Plan, by_week: Floats) -> bool:
    """Whether the wait of this desk does what its kind says: doubles after the onset, or not at all."""
    week = doubled(by_week)
    return (week is not None and week >= plan.onset) if plan.drifting else week is None


def row(team: str, plan: Plan, by_week: Floats, attempt: int) -> dict[str, Any]:
    """One line of truth.jsonl."""
    there = np.asarray(hours_by_week(list(plan.people)))
    return {
        "id": team,
        "kind": plan.kind,
        "drifting": plan.drifting,
        "c": plan.c,
        "mean_service": round(plan.mean_service, 3),
        "cs2": round(plan.cs2, 3),
        "onset": plan.onset,
        "ramp": plan.ramp,
        "p_reopen": round(plan.p_reopen, 4),
        "day_cv": round(plan.day_cv, 3),
        "burst_per_week": round(plan.burst_per_week, 3),
        "burst_size": plan.burst_size,
        "batch_claim": plan.batch_claim,
        "p_blocked": round(plan.p_blocked, 3),
        "p_miss_claim": round(plan.p_miss_claim, 3),
        "p_miss_done": round(plan.p_miss_done, 3),
        "roster_updated": plan.roster_updated,
        "attempt": attempt,
        "quiet": list(plan.quiet),
        "rho_week": (plan.work() / there).round(4).tolist(),
        "rho_smooth": plan.rho.round(4).tolist(),
        "avail_hours": there.tolist(),
        "true_mean_wait_week": by_week.round(3).tolist(),
        "baseline_wait": round(float(by_week[:BASE_WEEKS].mean()), 4),
        "week_2x": doubled(by_week) if plan.drifting else None,
        "week_2x_single": doubled(by_week, 1),
        "lam_week": plan.lam.round(2).tolist(),
    }
