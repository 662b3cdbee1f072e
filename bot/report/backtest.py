"""The backtest: history replayed day by day through the check that runs live, with what was known on each day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.errors import BadInputError
from bot.health.assess import assess
from bot.health.days import midnight
from bot.health.facts import Facts
from bot.health.hindsight import Alert, Backtest, Day
from bot.health.peaks import Peak
from bot.health.results import Alerting, Assessment, Basis, Level, or_none
from bot.health.seen.capacity import team_clock
from bot.health.seen.worktime import time_zone
from bot.health.verdict.told import NOTHING_TOLD, Record, Told
from bot.importing import run as imports
from bot.importing.source import Source
from bot.importing.tally import Tally, signal
from bot.report.layout import reason_json
from bot.report.report import locate
from bot.report.serialize import Json
from bot.services.assessing import DAY, HISTORY_WEEKS, LEAD_WEEKS, WEEK, peaks
from bot.services.decide import Step, decide
from bot.team import Team
from storage import accesses, alertings, coverage, levels, requests, signals
from storage.database import Database
from storage.teams import TeamRecord

MOST_DAYS = 3_660
"""Ten years; more is a typing error."""


def of_file(
    path: Path,
    team: Team,
    since: str | None = None,
    until: str | None = None,
    alerting: Alerting = Alerting.USUAL,
) -> Backtest:
    """The backtest of a file of signals; touches no database.

    Raises:
        BadInputError: The file, a date or the team cannot be used.
    """
    tally = Tally(path.name)
    people: dict[str, bytes] = {}
    queues: dict[str | None, int] = {}
    numbers: dict[str, int] = {}

    def pseudonym(name: str) -> bytes:
        return people.setdefault(name, (len(people) + 1).to_bytes(8, "big"))

    def number(request: str) -> int:
        """In order of time, as Slack's keys are and those of stored logs are not: sums over time are then faster."""
        return numbers.setdefault(request, len(numbers) + 1)

    with Source(path) as source:
        told = imports.facts(source, tally, None)
        facts = Facts.of(
            signal(fact, queues.setdefault(fact.queue, len(queues) + 1), pseudonym, number) for fact in told
        )
    if not len(facts):
        raise BadInputError("FILE", path.name, "no row in it can be used" + "".join(f"; {s}" for s in tally.shown[:1]))
    notes = (f"{tally.bad:,} bad rows were left out.",) if tally.bad else ()
    return replay(facts, team, *_days(facts, team, since, until), notes=notes, alerting=alerting)


def of_team(
    db: Database,
    name: str,
    since: str | None,
    until: str | None,
    clock: Callable[[], float],
    alerting: Alerting | None = None,
) -> Backtest:
    """The backtest of a team that is stored, by its own choice of alerts; noted in the access log at the clock's day.

    Raises:
        BadInputError: No such team, or a date that cannot be read.
    """
    record, _ = locate(db, name, None, clock)
    accesses.note(db, datetime.fromtimestamp(clock(), UTC).date(), "backtest")
    requests.drain(db)
    return of_record(db, record, since, until, alerting)


def of_record(
    db: Database, record: TeamRecord, since: str | None, until: str | None, alerting: Alerting | None = None
) -> Backtest:
    """The same for a team at hand."""
    queues = [queue.id for queue in record.queues]
    span = signals.span(db, queues)
    if span is None:
        raise BadInputError("--team", record.team.name, "nothing was heard of it yet; import a log first")
    facts = signals.load(db, queues, span[0], span[1] + 1)
    chosen = alerting or alertings.get(db, record.id)
    days = _days(facts, record.team, since, until)
    gaps = tuple(coverage.gaps(db, record.workspace, *span))
    found = replay(facts, record.team, *days, alerting=chosen, known_peaks=peaks(db, record.id), gaps=gaps)
    zone = time_zone(record.team.tz)
    told = {
        datetime.fromtimestamp(row.at, zone).date(): row.level
        for row in levels.since(db, record.id, span[0], span[1] + DAY)
    }
    return replace(found, days=tuple(replace(day, told=told.get(day.date)) for day in found.days))


def replay(
    facts: Facts,
    team: Team,
    first: date,
    last: date,
    notes: Sequence[str] = (),
    alerting: Alerting = Alerting.USUAL,
    known_peaks: Sequence[Peak] = (),
    gaps: tuple[tuple[float, float], ...] = (),
) -> Backtest:
    """Judge each day at the end of its working time, and decide as live what would have been told.

    Args:
        facts: All facts, in any order.
        team: The roster as it is known now: who was there when is taken from it.
        first: First day.
        last: Last day.
        notes: Handed on.
        alerting: How early the team wants to be told.
        known_peaks: As the team noted them; each counts from the day on which it did.
        gaps: Unix seconds between which nothing was heard.
    """
    facts = facts.take(np.lexsort((facts.at, facts.request)))  # once; every day's check wants them so
    days: list[Day] = []
    alerts: list[Alert] = []
    known: Level | None = None
    held: Basis | None = None
    found: Assessment | None = None
    told: dict[int, Told] = {}
    for today, now in _closings(team, first, last):
        if now is None:
            days.append(Day(today, *_standing(days)))
            continue
        found = judge(facts, team, now, held, alerting, known_peaks, Record(told, gaps))
        if found.today:
            begun = int(midnight(team.tz, now - 1))  # a day may end at midnight
            told[begun] = Told(found.today.level, found.today.grounds, found.today.calm)
        used = found.capacity.utilization or None
        changed = used is not None and held is not None and used.basis is not held
        step = decide(found.level, known, basis_changed=changed, quiet=False)
        if step is Step.POST:
            alerts.append(Alert(today, found.level, known or Level.HEALTHY, found))
        if step is not Step.NOTHING:
            known = found.level
        held = used.basis if used is not None and (changed or held is None) else held
        days.append(Day(today, found.level, None if used is None else used.value, or_none(found.capacity.p_over_line)))
    return Backtest(tuple(days), tuple(alerts), tuple(notes), found)


def judge(
    facts: Facts,
    team: Team,
    now: float,
    held: Basis | None,
    alerting: Alerting = Alerting.USUAL,
    known_peaks: Sequence[Peak] = (),
    record: Record = NOTHING_TOLD,
) -> Assessment:
    """What a live check at `now` would have found; it is fastest with facts in order of request and time."""
    seen = facts.take((facts.at >= now - (HISTORY_WEEKS + LEAD_WEEKS) * WEEK) & (facts.at < now))
    return assess(
        seen,
        team,
        now,
        history_weeks=HISTORY_WEEKS,
        held=held,
        resilient=False,
        alerting=alerting,
        peaks=known_peaks,
        record=record,
    )


def as_json(found: Backtest) -> Json:
    """As `headroom backtest --json` prints it; docs/backtest.md has the keys."""
    return {
        "days": [
            {
                "date": day.date.isoformat(),
                "level": day.level.word,
                "utilization": day.utilization,
                "p_over_line": day.p_over_line,
                "told": None if day.told is None else day.told.word,
            }
            for day in found.days
        ],
        "alerts": [
            {
                "date": alert.date.isoformat(),
                "level": alert.level.word,
                "before": alert.before.word,
                "reasons": [reason_json(reason) for reason in alert.reasons],
            }
            for alert in found.alerts
        ],
        "notes": list(found.notes),
    }


def text(found: Backtest, name: str) -> str:
    """For people: on which days it would have spoken, and for which reasons."""
    rises = found.rises
    span = f"{found.days[0].date:%-d %b %Y} to {found.days[-1].date:%-d %b %Y}"
    times = "once" if len(rises) == 1 else "twice" if len(rises) == 2 else f"{len(rises)} times"
    said = f"would have warned {times}" if rises else "would never have warned"
    lines = [f"{name}, {span}: had Headroom been here, it {said}."]
    for alert in found.alerts:
        said = "warning" if alert.rise else "all clear"
        lines.append(f"{alert.date:%a %-d %b %Y}  {said}: {alert.before.word} → {alert.level.word}")
        if alert.rise:
            lines += [f"    {reason_json(reason)['text']}" for reason in alert.reasons[:3]]
    counts = {level: sum(day.level is level for day in found.days) for level in Level}
    lines.append("Days: " + ", ".join(f"{counts[level]} {level.word}" for level in reversed(Level)) + ".")
    told = [day.told for day in found.days if day.told is not None]
    if told:
        said = ", ".join(f"{told.count(level)} {level.word}" for level in reversed(Level))
        lines.append(f"Told on {len(told)} of these days, while Headroom was there: {said}.")
    return "\n".join([*lines, *found.notes])


def _standing(days: Sequence[Day]) -> tuple[Level, float | None, float | None]:
    return (days[-1].level, days[-1].utilization, days[-1].p_over_line) if days else (Level.UNKNOWN, None, None)


def _closings(team: Team, first: date, last: date) -> Iterator[tuple[date, float | None]]:
    """Each day with the moment its last working time ends, midnight where it goes on; None on days without any."""
    zone = time_zone(team.tz)
    start = datetime(first.year, first.month, first.day, tzinfo=zone).timestamp()
    length = (last - first).days + 1
    clock = team_clock(team, start - DAY, start + (length + 2) * DAY)
    ends = {datetime.fromtimestamp(end - 1, zone).date(): end for end in clock.closes.tolist()}
    for day in (first + timedelta(n) for n in range(length)):
        after = day + timedelta(1)
        midnight = datetime(after.year, after.month, after.day, tzinfo=zone).timestamp()
        yield day, ends.get(day, midnight if clock.is_open(midnight - 1) else None)


def _days(facts: Facts, team: Team, since: str | None, until: str | None) -> tuple[date, date]:
    """First and last day: as said, else those of the facts."""
    zone = time_zone(team.tz)
    span = [datetime.fromtimestamp(float(at), zone).date() for at in (facts.at.min(), facts.at.max())]
    first, last = (
        _date(text, option) or day
        for text, option, day in zip((since, until), ("--from", "--until"), span, strict=True)
    )
    if last < first:
        raise BadInputError("--until", last.isoformat(), f"it comes before the first day, {first}")
    if (last - first).days > MOST_DAYS:
        mend = f"that is more than {MOST_DAYS:,} days before {last}; say a later --from or an earlier --until"
        raise BadInputError("--from", first.isoformat(), mend)
    return first, last


def _date(text: str | None, option: str) -> date | None:
    try:
        found = None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BadInputError(option, text, "write a day such as 2026-01-31") from None
    if found is not None and not 1980 <= found.year < 2100:
        raise BadInputError(option, text, "write a day from 1980 to 2099")
    return found
