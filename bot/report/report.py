"""The report: an assessment as one JSON object, every gap with its reason. Keys stand in docs/report.md."""

import math
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.errors import BadInputError
from bot.health.efficiency import Efficiency
from bot.health.guard import with_guard
from bot.health.results import UNTOLD, Assessment, Level, Unknown
from bot.report.layout import GAPS_FIRST, REPORT, Whole
from bot.report.serialize import Json, Missing, write
from bot.services.assessing import DAY, HISTORY_WEEKS, assess_team
from bot.services.efficiency import measured
from bot.signal import Kind
from bot.team import Team
from storage import accesses, equations, signals, teams
from storage.database import Database
from storage.equations import Equation
from storage.teams import IMPORTED, TeamRecord


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
    whole = Whole(found, team, queues or {}, *(equation or (None, None)))
    missing: Missing = {}
    shown = write(REPORT, whole, whole, missing)
    if found.level is Level.UNKNOWN:
        missing["level"] = found.since.reason if isinstance(found.since, Unknown) else UNTOLD.reason
    shown["data_quality"]["missing"] = {key: missing[key] for key in sorted(missing, key=_rank)}
    return shown


def _rank(key: str) -> int:
    """Where the reason of a gap stands among the others."""
    names = (key, f"{key.rpartition('.')[0]}.*")
    return next((GAPS_FIRST.index(name) for name in names if name in GAPS_FIRST), len(GAPS_FIRST))


def _recorded(found: Assessment, kinds: Set[Kind]) -> Assessment:
    """Without shares of what a log never records: no escalation in it does not mean that there was none."""
    guarded, rates = found.guarded, found.quality
    if Kind.ESCALATE not in kinds:
        none = Unknown("the log records no escalations")
        rates, guarded = replace(rates, escalation=none), with_guard(guarded, "escalation", none)
    if not kinds & {Kind.CHASE, Kind.FOLLOWUP}:
        none = Unknown("the log does not record who asked again")
        found = replace(found, coordination=none, growth=none)
        rates, guarded = replace(rates, chase=none), replace(guarded, loop=none)
    if not kinds & {Kind.REOPEN, Kind.FOLLOWUP}:
        none = Unknown("the log records no reopenings")
        rates, guarded = replace(rates, reopen=none), with_guard(guarded, "reopen", none)
    return replace(found, guarded=guarded, quality=rates)


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
