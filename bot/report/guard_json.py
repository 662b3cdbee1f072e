"""The report's part on speed beside its guards, and on the team's efficiency equation. Keys stand in docs/report.md."""

from typing import Any

from bot.health.efficiency import Efficiency, Figure
from bot.health.results import Guard, Guarded, Loop, Rate, Ratio, Throughput
from storage.equations import Equation

Json = dict[str, Any]

NOT_ASKED = "it was not worked out"
RATES = "no guard can be compared, or throughput cannot"


def guarded_json(found: Guarded | None) -> Json:
    """Throughput, its guards, whether it was paid for with quality, and the self-feeding loop."""
    found = found or Guarded()
    return {
        "compared": None
        if found.start is None or found.middle is None or found.end is None
        else {
            "weeks": found.weeks,
            "before": found.start.isoformat(),
            "now": found.middle.isoformat(),
            "until": found.end.isoformat(),
        },
        "throughput": _throughput(found.throughput),
        "guards": {guard.measure: _guard(guard) for guard in found.guards} or None,
        "false_efficiency": found.false_efficiency,
        "loop": _loop(found.loop),
    }


def guarded_missing(found: Guarded | None) -> dict[str, str]:
    """Report key → why it is null."""
    found = found or Guarded(reason=NOT_ASKED)
    why = found.reason or NOT_ASKED
    said = {f"quality.guards.{guard.measure}": guard.reason for guard in found.guards if guard.reason}
    if found.start is None:
        said |= dict.fromkeys(("quality.compared", "quality.guards"), why)
    if found.throughput is None:
        said["quality.throughput"] = why
    if found.false_efficiency is None:
        said["quality.false_efficiency"] = found.reason or RATES
    if found.loop is None:
        said["quality.loop"] = found.loop_reason or why
    if found.throughput is not None and found.throughput.size is None:
        said["quality.throughput.size_ratio"] = "no claims or replies show how long requests are worked on"
    return said


def _throughput(found: Throughput | None) -> Json | None:
    return (
        None
        if found is None
        else {
            "now_per_week": found.now,
            "before_per_week": found.before,
            "ratio": _ratio(found.ratio),
            "size_ratio": _ratio(found.size),
            "split": found.split,
            "rose": found.rose,
        }
    )


def _guard(guard: Guard) -> Json | None:
    if guard.p_worse is None:
        return None
    return {
        "now": _rate(guard.now),
        "before": _rate(guard.before),
        "p_worse": guard.p_worse,
        "p_worse_alone": guard.p_single,
        "fisher_p": guard.fisher,
        "worse": guard.worse,
    }


def _loop(found: Loop | None) -> Json | None:
    if found is None:
        return None
    p_wait, p_chase, p_jobs = found.p
    return {
        "there": found.there,
        "wait_hours": {"before": found.wait_before, "now": found.wait_now, "p_rose": p_wait},
        "chase_share": {"before": _rate(found.chase_before), "now": _rate(found.chase_now), "p_rose": p_chase},
        "jobs_per_request": {"before": found.jobs_before, "now": found.jobs_now, "p_rose": p_jobs},
    }


def efficiency_json(equation: Equation, found: Efficiency) -> Json:
    """The team's equation: always all three figures, beside the guards above it."""
    return {
        "outcome": equation.outcome,
        "good_per_person_hour": _figure(found.per_hour),
        "cost_per_good_outcome": _figure(found.cost),
        "currency": equation.currency if equation.hourly_cost is not None else None,
        "cycle_hours": _figure(found.cycle),
    }


def efficiency_missing(equation: Equation, found: Efficiency) -> dict[str, str]:
    """Report key → why it is null."""
    said: dict[str, str] = {}
    if found.per_hour is None:
        said["good_per_person_hour"] = found.reason
    if equation.hourly_cost is None:
        said |= dict.fromkeys(("cost_per_good_outcome", "currency"), "the team gave no hourly cost")
    elif found.cost is None:
        said["cost_per_good_outcome"] = found.reason
    if found.cycle is None:
        said["cycle_hours"] = found.cycle_reason
    return {f"quality.efficiency.{key}": why for key, why in said.items()}


def _figure(found: Figure | None) -> Json | None:
    return (
        None
        if found is None
        else {"value": found.value, "low": found.low, "high": found.high, "change": _ratio(found.change)}
    )


def _ratio(found: Ratio | None) -> Json | None:
    return (
        None
        if found is None
        else {"value": found.value, "low": found.low, "high": found.high, "p_rose": found.p_greater}
    )


def _rate(found: Rate | None) -> Json | None:
    return None if found is None else {"value": found.value, "low": found.low, "high": found.high, "n": found.n}
