"""The report's layout: its keys in order, and where each stands in what a check found. docs/report.md tells of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.health.efficiency import NO_COST, Efficiency
from bot.health.results import Assessment, Capacity, Cause, Reason, Unknown, or_none
from bot.report.serialize import Json, Row, Rows, write
from bot.team import Team
from storage.equations import Equation


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a report tells of.

    Attributes:
        found: What the check found.
        team: Whose.
        queues: Names of its queues by storage's number.
        equation: Its efficiency equation.
        efficiency: What that comes to.
    """

    found: Assessment
    team: Team
    queues: Mapping[int, str] = field(default_factory=dict)
    equation: Equation | None = None
    efficiency: Efficiency | None = None


SIGNALS = {
    "utilization": "Utilization",
    "wait": "The wait",
    "open": "Open requests",
    "pile": "What waits now, in hours of everybody on duty",
    "arrivals": "Arrivals",
    "service": "Hands-on time for one request",
    "capacity": "Capacity",
    "active": "People seen at work, against the first weeks",
    "reopen": "The share that came back",
    "chase": "The share that had to ask again",
}
UNITS = {
    "share": "{:.0%}",
    "hours": "{:.1f} h",
    "requests": "{:.0f}",
    "requests/week": "{:.1f} a week",
    "hours/week": "{:.1f} h a week",
}


def _text(reason: Reason, _: object) -> str:
    """One number behind a level, as a sentence."""
    unit = UNITS.get(reason.unit, "{:.2f}")
    value, line = (None if x is None or not math.isfinite(x) else unit.format(x) for x in (reason.value, reason.line))
    against = "" if line is None else f", held against {line}"
    return f"{SIGNALS.get(reason.signal, reason.signal)}: {value or 'not known'}{against}"


def _as_of(whole: Whole, _: object) -> str:
    return datetime.fromtimestamp(whole.found.as_of, ZoneInfo(whole.team.tz)).isoformat(timespec="seconds")


def _queue(cause: Cause, whole: Whole) -> str | None:
    return None if cause.queue is None else whole.queues.get(cause.queue)


def _seen_alone(capacity: Capacity, _: object) -> float | Unknown:
    """Utilization by the work seen alone."""
    if capacity.unseen:
        return capacity.unseen.seen
    used = capacity.utilization
    if isinstance(used, Unknown):
        return used
    work = or_none(used.work)
    return used.seen.value if work is None else work


def _currency(whole: Whole, _: object) -> str | Unknown:
    given = whole.equation is not None and whole.equation.hourly_cost is not None
    return whole.equation.currency if whole.equation is not None and given else NO_COST


REASON: Rows = (
    Row("signal"),
    Row("level"),
    Row("value"),
    Row("unit"),
    Row("line", absent="that number is held against nothing"),
    Row("text", _text),
)


def reason_json(reason: Reason) -> Json:
    """One number behind a level, with a sentence."""
    return write(REASON, reason, None, {})


PRESENT = "as many are seen at work as the roster says, near enough"
CAUSE: Rows = (
    Row("name"),
    Row("share"),
    Row("change"),
    Row("queue", _queue, absent="that cause lies in no single queue"),
)
DRIFT: Rows = (
    Row("began", rows=(Row("week"), Row("low"), Row("high"), Row("p", "sure"))),
    Row(
        "causes",
        rows=(
            Row("change"),
            Row("weeks_before"),
            Row("weeks_now"),
            Row("of", rows=CAUSE),
            Row("present", absent=PRESENT),
        ),
    ),
    Row("likely", rows=(Row("name"), Row("p"), Row("present", absent=PRESENT))),
    Row(
        "outlook",
        rows=(
            Row("doubles", absent="that is less likely than not within eight weeks"),
            Row("already"),
            Row("p"),
            Row("until"),
            Row("utilization_per_week", "per_week"),
        ),
    ),
)
FLOW: Rows = (
    Row("arrivals_per_week"),
    Row("done_per_week"),
    Row("open"),
    Row("wait_hours", "wait"),
    Row("cycle_hours", "cycle"),
    Row("arrival_scv"),
    Row("service_scv"),
    Row("service_hours"),
    Row("trend"),
    Row("next_week_wait_hours", lambda _, whole: whole.found.forecast),
)
UTILIZATION: Rows = (
    Row("value"),
    Row("low"),
    Row("high"),
    Row("basis"),
    Row("seen"),
    Row("from_work", "work"),
    Row("from_wait", "wait"),
    Row("parked_work", "parked"),
)
UNSEEN: Rows = (
    Row("value", "share.value"),
    Row("low", "share.low"),
    Row("high", "share.high"),
    Row("basis"),
    Row("weeks"),
    Row("with_seen", "whole"),
)
CAPACITY: Rows = (
    Row("people"),
    Row("hours_per_week"),
    Row("utilization", rows=UTILIZATION),
    Row("danger_line"),
    Row("p_over_line"),
    Row("predicted_wait_hours"),
    Row("seen_utilization", _seen_alone),
    Row("unseen", rows=UNSEEN),
)
RESILIENCE: Rows = (
    Row("slack_hours_per_week", "slack_hours_per_week.value"),
    Row("slack_hours_per_week_low", "slack_hours_per_week.low"),
    Row("slack_hours_per_week_high", "slack_hours_per_week.high"),
    Row("surge_tolerance"),
    Row("surge_requests_per_day"),
    Row("recovery_days_one_away"),
    Row("recovery_days_one_away_p80"),
    Row("buffer_people"),
)
RATIO: Rows = (Row("value"), Row("low"), Row("high"), Row("p_rose", "p_greater"))
THROUGHPUT: Rows = (
    Row("now_per_week", "now"),
    Row("before_per_week", "before"),
    Row("ratio", rows=RATIO),
    Row("size_ratio", "size", RATIO),
    Row("split"),
    Row("rose"),
)
GUARD: Rows = (
    Row("now"),
    Row("before"),
    Row("p_worse"),
    Row("p_worse_alone", "p_single"),
    Row("fisher_p", "fisher"),
    Row("worse"),
)


def _rose(of: str, place: int) -> Rows:
    """What rose in a loop: before, now, and how sure that is."""
    return (Row("before", f"{of}_before"), Row("now", f"{of}_now"), Row("p_rose", lambda loop, _: loop.p[place]))


LOOP: Rows = (
    Row("there"),
    Row("wait_hours", lambda loop, _: loop, _rose("wait", 0)),
    Row("chase_share", lambda loop, _: loop, _rose("chase", 1)),
    Row("jobs_per_request", lambda loop, _: loop, _rose("jobs", 2)),
)
FIGURE: Rows = (Row("value"), Row("low"), Row("high"), Row("change", rows=RATIO))
EFFICIENCY: Rows = (
    Row("outcome", "equation.outcome"),
    Row("good_per_person_hour", "efficiency.per_hour", FIGURE),
    Row("cost_per_good_outcome", "efficiency.cost", FIGURE),
    Row("currency", _currency),
    Row("cycle_hours", "efficiency.cycle", FIGURE),
)
RATES: Rows = (
    Row("reopen_rate", "found.quality.reopen", name="Came back"),
    Row("escalation_rate", "found.quality.escalation", name="Escalated"),
    Row("satisfaction", "found.quality.satisfaction", name="Solved, they say"),
)
QUALITY: Rows = (
    *RATES,
    Row("compared", "found.guarded.compared"),
    Row("throughput", "found.guarded.throughput", THROUGHPUT),
    Row("guards", "found.guarded.guards", GUARD),
    Row("false_efficiency", "found.guarded.false_efficiency"),
    Row("loop", "found.guarded.loop", LOOP),
    Row("efficiency", lambda whole, _: None if whole.equation is None else whole, EFFICIENCY),
)
FOCUS: Rows = (
    Row("since"),
    Row("days"),
    Row("interruptions_per_person_day", "interruptions"),
    Row("quiet_share", "quiet"),
    Row("lost_hours_per_week", "lost_hours"),
)
PARTS: Rows = (
    Row("status_questions", "chases", name="Status questions"),
    Row("hand_offs", "handoffs", name="Hand-offs"),
    Row("bounces", name="Bounces back"),
    Row("clarifications", name="Asking back"),
)
COORDINATION: Rows = (
    Row("chase_share", "quality.chase"),
    Row("message_share", "coordination.share"),
    Row("parts", "coordination", PARTS),
    Row("growth"),
)
WEEK: Rows = (
    Row("week", "start"),
    Row("arrivals"),
    Row("done"),
    Row("capacity_hours"),
    Row("mean_wait_hours", "mean_wait"),
    Row("utilization"),
    Row("danger_line"),
    Row("p_over_line", "p_over"),
    Row("level"),
)
REPORT: Rows = (
    Row("team", "team.name"),
    Row("as_of", _as_of),
    Row("window_days", "found.window_days"),
    Row("level", "found.level"),
    Row("since", "found.since"),
    Row("reasons", "found.reasons", REASON),
    Row("drift", "found", DRIFT),
    Row("flow", "found.flow", FLOW),
    Row("capacity", "found.capacity", CAPACITY),
    Row("resilience", "found.resilience", RESILIENCE),
    Row("quality", lambda whole, _: whole, QUALITY),
    Row("focus", "found.focus", FOCUS),
    Row("coordination", "found", COORDINATION),
    Row("suggestion", "found.suggestion"),
    Row("weeks", "found.weeks", WEEK),
    Row("data_quality", "found", (Row("little_ratio"), Row("notes", lambda found, _: list(found.notes)))),
)
GAPS_FIRST = (
    "weeks.done",
    "weeks.capacity_hours",
    "quality.guards.*",
    "quality.compared",
    "quality.guards",
    "quality.throughput",
    "quality.false_efficiency",
    "quality.loop",
    "quality.throughput.size_ratio",
    "quality.efficiency.*",
)
"""Keys whose reasons are told before the others, which stand in the report's order."""
