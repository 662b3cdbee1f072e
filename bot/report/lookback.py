"""The backtest as a team reads it in Slack, and what another choice of how early to warn would have said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.health.hindsight import Backtest
from bot.health.results import Alerting, Level, Tier, Unknown
from bot.health.seen.tier import tier
from bot.health.seen.worktime import week_starts
from bot.report.backtest import replay
from bot.services.assessing import DAY, HISTORY_WEEKS, LEAD_WEEKS, WEEK, assess_team, peaks, threads_read
from storage import alertings, coverage, requests, signals
from storage.database import Database
from storage.teams import TeamRecord

LEAST, USUALLY, MOST = 6, HISTORY_WEEKS, 52
"""Complete weeks: what is usual is learned from the first six; a year ago there may be no signals any more."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days to look at.

    Attributes:
        weeks: Complete weeks among them.
        first: A Monday, team time.
        last: Yesterday, team time.
        learning: Whether the first weeks ever known are among them, in which it learned what is usual.
    """

    weeks: int
    first: date
    last: date
    learning: bool


def span(db: Database, record: TeamRecord, now: float, weeks: int = USUALLY) -> Span | Unknown:
    """The latest complete weeks that are known, `weeks` of them at most, and the days since; else why not."""
    if not threads_read(record):
        return Unknown("threads are still being read")
    zone = ZoneInfo(record.team.tz)
    heard = signals.span(db, [queue.id for queue in record.queues])
    mondays = [] if heard is None else week_starts(record.team.tz, heard[0] - DAY, now).tolist()
    complete = max(len(mondays) - 1, 0)
    if complete < LEAST:
        known = {0: "no complete week is known", 1: "one complete week is known"}.get(complete)
        return Unknown(f"{known or f'{complete} complete weeks are known'}, and {LEAST} are needed")
    taken = min(weeks, complete)
    first = datetime.fromtimestamp(mondays[-taken - 1], zone).date()
    last = datetime.fromtimestamp(now, zone).date() - timedelta(days=1)
    return Span(taken, first, last, learning=taken > complete - LEAST)


def look_back(db: Database, record: TeamRecord, now: float, wanted: Span, alerting: Alerting | None = None) -> Backtest:
    """What would have been told on these days; takes seconds.

    Args:
        db: The store.
        record: The team.
        now: Unix seconds.
        wanted: The days.
        alerting: How early to warn; None as the team chose.
    """
    requests.drain(db)
    opens = datetime.combine(wanted.first, datetime.min.time(), ZoneInfo(record.team.tz)).timestamp()
    since = opens - (HISTORY_WEEKS + LEAD_WEEKS) * WEEK
    facts = signals.load(db, [queue.id for queue in record.queues], since, now)
    chosen = alerting or alertings.get(db, record.id)
    known = peaks(db, record.id)
    gaps = tuple(coverage.gaps(db, record.workspace, since, now))
    return replay(facts, record.team, wanted.first, wanted.last, alerting=chosen, known_peaks=known, gaps=gaps)


def preview(db: Database, record: TeamRecord, now: float, wanted: Span) -> Mapping[Alerting, int]:
    """How often each choice would have warned on these days; takes three times as long."""
    return {choice: len(look_back(db, record, now, wanted, choice).rises) for choice in Alerting}


def choose(db: Database, record: TeamRecord, choice: Alerting, now: float) -> Level:
    """Keep a choice; returns the level of today, which stands: the choice decides what is told from now on."""
    alertings.put(db, record.id, choice)
    return assess_team(db, record, now, resilient=False).level


def by_requests(record: TeamRecord, now: float) -> bool:
    """Whether a team is so small that its level rests on requests alone, so that there is nothing to choose."""
    return tier(record.team, now) is Tier.REQUESTS
