"""The report: an assessment as one JSON object, every gap with its reason. Keys stand in docs/report.md."""

import math
from collections.abc import Callable, Mapping, Set
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import BadInputError
from bot.health.assess import PERSONS
from bot.health.efficiency import Efficiency
from bot.health.guard import with_guard
from bot.health.results import (
    Assessment,
    Capacity,
    Coordination,
    Estimate,
    Focus,
    Level,
    Rate,
    Reason,
    Spread,
    Unseen,
    Utilization,
    Week,
    WeekAhead,
)
from bot.health.seen.capacity import was_small
from bot.report.drift_report import drift_json
from bot.report.guard_json import efficiency_json, efficiency_missing, guarded_json, guarded_missing
from bot.services.assessing import DAY, HISTORY_WEEKS, assess_team
from bot.services.efficiency import measured
from bot.signal import Kind
from bot.team import Team
from storage import accesses, equations, signals, teams
from storage.database import Database
from storage.equations import Equation
from storage.teams import IMPORTED, TeamRecord

NO_REASON = "these signals do not tell"

Json = dict[str, Any]


def run(db: Database, name: str, at: str | None, window: str, clock: Callable[[], float]) -> Json:
    """The report of one team, as `report` makes it; the look itself goes into the access log.

    Args:
        db: The store.
        name: The team's name.
        at: ISO moment to report on (naive: team time); None means now, for imported teams the last signal.
        window: Days the figures look back on, or `all`.
        clock: Unix seconds.

    Raises:
        BadInputError: No such team, or a moment or window that cannot be read.
    """
    record = _team(db, name)
    queues = [queue.id for queue in record.queues]
    span = signals.span(db, queues)
    now = _moment(at, record, span, clock)
    first = span[0] if span else now
    days = _days(window, first, now)
    weeks = max(HISTORY_WEEKS, math.ceil(days / 7))
    found = assess_team(db, record, now, window_days=days, history_weeks=weeks)
    if record.workspace == IMPORTED:
        found = _recorded(found, signals.kinds(db, queues))
    accesses.note(db, datetime.fromtimestamp(clock(), UTC).date(), "report")
    names = {queue.id: queue.channel for queue in record.queues}
    return report(found, record.team, names, (equations.get(db, record.id), measured(db, record, now)))


def locate(db: Database, name: str, at: str | None, clock: Callable[[], float]) -> tuple[TeamRecord, float]:
    """A team by its name, and the moment (Unix seconds) a command about it means; arguments and errors as in `run`."""
    record = _team(db, name)
    return record, _moment(at, record, signals.span(db, [queue.id for queue in record.queues]), clock)


def report(
    found: Assessment,
    team: Team,
    queues: Mapping[int, str] | None = None,
    equation: tuple[Equation, Efficiency] | None = None,
) -> Json:
    """An assessment as plain JSON: no NaN, and for each null a reason in `data_quality.missing`.

    Args:
        found: What the check found.
        team: Whose.
        queues: Names of its queues by storage's number.
        equation: Its efficiency equation, and what that comes to.
    """
    flow, capacity, resilience = found.flow, found.capacity, found.resilience
    slack = resilience.slack_hours_per_week
    hidden = was_small(team, found.as_of - found.window_days * DAY, found.as_of)
    shown: Json = {
        "team": team.name,
        "as_of": datetime.fromtimestamp(found.as_of, ZoneInfo(team.tz)).isoformat(timespec="seconds"),
        "window_days": found.window_days,
        "level": found.level.word,
        "since": found.since.isoformat() if found.since else None,
        "reasons": [reason_json(reason) for reason in found.reasons],
        "drift": drift_json(found, queues),
        "flow": {
            "arrivals_per_week": flow.arrivals_per_week,
            "done_per_week": flow.done_per_week,
            "open": flow.open,
            "wait_hours": _spread(flow.wait),
            "cycle_hours": _spread(flow.cycle),
            "arrival_scv": flow.arrival_scv,
            "service_scv": flow.service_scv,
            "service_hours": flow.service_hours,
            "trend": flow.trend,
            "next_week_wait_hours": _week_ahead(found.forecast),
        },
        "capacity": {
            "people": capacity.people,
            "hours_per_week": capacity.hours_per_week,
            "utilization": _utilization(capacity.utilization),
            "danger_line": capacity.danger_line,
            "p_over_line": capacity.p_over_line,
            "predicted_wait_hours": capacity.predicted_wait_hours,
            "seen_utilization": _seen_alone(capacity),
            "unseen": _unseen(capacity.unseen),
        },
        "resilience": {
            "slack_hours_per_week": slack.value if slack else None,
            "slack_hours_per_week_low": slack.low if slack else None,
            "slack_hours_per_week_high": slack.high if slack else None,
            "surge_tolerance": resilience.surge_tolerance,
            "surge_requests_per_day": resilience.surge_requests_per_day,
            "recovery_days_one_away": resilience.recovery_days_one_away,
            "recovery_days_one_away_p80": resilience.recovery_days_one_away_p80,
            "buffer_people": resilience.buffer_people,
        },
        "quality": {
            "reopen_rate": _rate(found.reopen),
            "escalation_rate": _rate(found.escalation),
            "satisfaction": _rate(found.satisfaction),
            **guarded_json(found.guarded),
            "efficiency": None if equation is None else efficiency_json(*equation),
        },
        "focus": _focus(found.focus),
        "coordination": {
            "chase_share": _rate(found.chase),
            "message_share": _rate(None if found.coordination is None else found.coordination.share),
            "parts": _parts(found.coordination),
            "growth": None if found.growth is None else asdict(found.growth),
        },
        "suggestion": found.suggestion,
        "weeks": [_week(week, team, hidden) for week in found.weeks],
    }
    missing: dict[str, str] = {}
    for key in ("done", "capacity_hours"):
        if any(week[key] is None for week in shown["weeks"]):
            missing[f"weeks.{key}"] = PERSONS
    missing.update(guarded_missing(found.guarded))
    if equation is not None:
        missing.update(efficiency_missing(*equation))
    shown = _plain(shown, "", found, missing)
    quality: Json = _plain({"little_ratio": found.little_ratio}, "data_quality", found, missing)
    unknown = found.level is Level.UNKNOWN
    if unknown:
        missing["level"] = found.unknown_because or NO_REASON
    shown["data_quality"] = {**quality, "notes": list(found.notes), "missing": missing}
    return shown


def _recorded(found: Assessment, kinds: Set[Kind]) -> Assessment:
    """Without shares of what a log never records: no escalation in it does not mean that there was none."""
    guarded = found.guarded
    if Kind.ESCALATE not in kinds:
        found = replace(found, escalation=None)
        guarded = guarded and with_guard(guarded, "escalation", "the log records no escalations")
        found.missing["quality.escalation_rate"] = "the log records no escalations"
    if not kinds & {Kind.CHASE, Kind.FOLLOWUP}:
        found = replace(found, chase=None, coordination=None, growth=None)
        guarded = guarded and replace(guarded, loop=None, loop_reason="the log does not record who asked again")
        for key in ("chase_share", "message_share", "parts", "growth"):
            found.missing[f"coordination.{key}"] = "the log does not record who asked again"
    if Kind.REOPEN not in kinds:
        found = replace(found, reopen=None)
        guarded = guarded and with_guard(guarded, "reopen", "the log records no reopenings")
        found.missing["quality.reopen_rate"] = "the log records no reopenings"
    return replace(found, guarded=guarded)


def _team(db: Database, name: str) -> TeamRecord:
    record = teams.by_name(db, name)
    if record is None:
        known = ", ".join(sorted({other.team.name for other in teams.all(db)}))
        mend = f"there is no such team; there are {known}" if known else "there are no teams; import one first"
        raise BadInputError("--team", name, mend)
    return record


def _moment(at: str | None, record: TeamRecord, span: tuple[float, float] | None, clock: Callable[[], float]) -> float:
    if at is None:
        return span[1] if span and record.workspace == IMPORTED else clock()
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(record.team.tz))
        if not 1980 <= moment.astimezone(UTC).year < 2100:
            raise ValueError
        return moment.timestamp()
    except (ValueError, OverflowError):
        raise BadInputError("--at", at, "write a moment such as 2026-01-31T14:00") from None


def _days(window: str, first: float, now: float) -> int:
    if window.lower() == "all":
        return max(1, math.ceil((now - first) / DAY))
    if not (window.isascii() and window.isdigit()) or not 1 <= int(window) <= 36_500:
        raise BadInputError("--window", window, "write a number of days, such as 28, or all")
    return int(window)


NAMES = {
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


def reason_json(reason: Reason) -> Json:
    """One number behind a level, with a sentence."""
    unit = UNITS.get(reason.unit, "{:.2f}")
    value, line = (None if x is None or not math.isfinite(x) else unit.format(x) for x in (reason.value, reason.line))
    against = "" if line is None else f", held against {line}"
    return {
        "signal": reason.signal,
        "level": reason.level.word,
        "value": reason.value,
        "unit": reason.unit,
        "line": reason.line,
        "text": f"{NAMES.get(reason.signal, reason.signal)}: {value or 'not known'}{against}",
    }


def _spread(spread: Spread | None) -> Json | None:
    return None if spread is None else {"p50": spread.p50, "p90": spread.p90, "mean": spread.mean, "n": spread.n}


def _week_ahead(found: WeekAhead | None) -> Json | None:
    return None if found is None else asdict(found)


def _estimate(found: Estimate | None) -> Json | None:
    return None if found is None else {"value": found.value, "low": found.low, "high": found.high}


def _rate(rate: Rate | None) -> Json | None:
    return None if rate is None else {"value": rate.value, "low": rate.low, "high": rate.high, "n": rate.n}


def _parts(found: Coordination | None) -> Json | None:
    """The parts of coordination, which add up to its share."""
    if found is None:
        return None
    return {
        "status_questions": _rate(found.chases),
        "hand_offs": _rate(found.handoffs),
        "bounces": _rate(found.bounces),
        "clarifications": _rate(found.clarifications),
    }


def _focus(found: Focus | None) -> Json | None:
    if found is None:
        return None
    quiet, lost = found.quiet, found.lost_hours
    return {
        "since": found.since.isoformat(),
        "days": found.days,
        "interruptions_per_person_day": _estimate(found.interruptions),
        "quiet_share": {"low": quiet.low, "high": quiet.high},
        "lost_hours_per_week": {"low": lost.low, "high": lost.high},
    }


def _utilization(found: Utilization | None) -> Json | None:
    if found is None:
        return None
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "basis": found.basis.value,
        "seen": _estimate(found.seen),
        "from_work": found.work,
        "from_wait": found.wait,
        "parked_work": found.parked,
    }


def _seen_alone(capacity: Capacity) -> float | None:
    """Utilization by the work seen alone."""
    if capacity.unseen is not None:
        return capacity.unseen.seen
    use = capacity.utilization
    return None if use is None else use.seen.value if use.work is None else use.work


def _unseen(found: Unseen | None) -> Json | None:
    if found is None:
        return None
    return {
        **asdict(found.share),
        "basis": found.basis,
        "weeks": found.weeks,
        "with_seen": _estimate(found.whole),
    }


def _week(week: Week, team: Team, hidden: bool) -> Json:
    """A week; what was worked in one of one or two people is left out, and in all of them where `hidden`."""
    start = datetime.combine(week.start, time(), ZoneInfo(team.tz))
    hidden = hidden or was_small(team, start.timestamp(), (start + timedelta(days=7)).timestamp() - 1)
    return {
        "week": week.start.isoformat(),
        "arrivals": week.arrivals,
        "done": None if hidden else week.done,
        "capacity_hours": None if hidden else week.capacity_hours,
        "mean_wait_hours": week.mean_wait,
        "utilization": _estimate(week.utilization),
        "danger_line": week.danger_line,
        "p_over_line": week.p_over,
        "level": week.level.word,
    }


def _plain(value: Any, path: str, found: Assessment, missing: dict[str, str]) -> Any:
    """The same without NaN or infinity, and a reason noted for each null (for lists once for all)."""
    if isinstance(value, Mapping):
        return {key: _plain(v, f"{path}.{key}" if path else key, found, missing) for key, v in value.items()}
    if isinstance(value, list):
        return [_plain(v, path, found, missing) for v in value]
    if isinstance(value, float):
        value = float(value) if math.isfinite(value) else None
    if value is None and path not in missing:
        missing[path] = _why(path, found)
    return value


OF_DRIFT = {
    "drift.causes.of.queue": "that cause lies in no single queue",
    "drift.causes.present": "as many are seen at work as the roster says, near enough",
    "drift.likely.present": "as many are seen at work as the roster says, near enough",
    "drift.outlook.doubles": "that is less likely than not within eight weeks",
}


def _why(path: str, found: Assessment) -> str:
    """The reason for a null: its own, else that of the part or figure it belongs to."""
    if path == "since":
        return found.missing.get(path) or found.unknown_because or "that level began before the history read"
    if path == "reasons.line":
        return "that number is held against nothing"
    if path.startswith("drift.") and found.level < Level.WATCH:
        return "only a level of watch or danger is explained"
    if path in OF_DRIFT:
        return OF_DRIFT[path]
    if path.startswith("weeks."):
        return "too little was seen in the weeks up to it"
    parts = path.split(".")
    names = [path.removesuffix(end) for end in ("_low", "_high")]
    names += [".".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]
    return next((found.missing[name] for name in names if name in found.missing), NO_REASON)
