"""Known peaks: said beforehand how many hours will be short, and set beside the fact once they are over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from bot.health.ahead import Ahead, Short, foresee
from bot.health.peaks import Came, Peak, came, midnight
from bot.health.results import Estimate, Tier, Unknown
from bot.health.seen.tier import tier
from bot.health.seen.worktime import time_zone
from bot.messages.message import Message
from bot.messages.plans import Entry, after_line, ahead_line, noted, plan_list
from bot.services.assessing import WEEK, peaks, threads_read
from bot.services.news import News
from bot.services.pictures import picture
from storage import plans
from storage.database import Database
from storage.plans import Plan
from storage.teams import TeamRecord

SEED = 20_210
"""The same plan gets the same forecast."""

SETTLED = 4 * WEEK
"""So long after a peak its waits are known; later facts change nothing of what is said of it."""

TOLD_FOR = timedelta(weeks=26)
"""So long plan and fact stand in the list."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a peak really was.

    Attributes:
        came: Requests that came, and how many were usual; None where too little came before it.
        wait: Mean wait of what came, working hours; None where nothing did.
    """

    came: Came | None
    wait: float | None


def note(db: Database, record: TeamRecord, since: date, until: date, demand: float, now: float) -> Message | None:
    """Keep a peak with what is predicted of it, and say that; None where another plan has one of its days.

    Args:
        db: The store.
        record: The team.
        since: First day, today or later, team time.
        until: Last day.
        demand: Share of requests that come on top.
        now: Unix seconds.
    """
    peak = Peak(since, until, demand, _today(record, now))
    found = forecast(db, record, peak, now)
    plan = Plan(0, record.id, since, until, demand, peak.made, packed(found))
    if plans.add(db, plan) is None:
        return None
    return noted(peak, found, record.team.name)


def forecast(db: Database, record: TeamRecord, peak: Peak, now: float) -> Ahead | Unknown:
    """What a peak to come will be like, or why that is not known."""
    if _of_a_pair(record, now):
        return Unknown("in a team of one or two, hours would describe a person")
    if not threads_read(record):
        return Unknown("threads are still being read")
    found = foresee(picture(db, record, now), peak, np.random.default_rng(SEED))
    return found or Unknown("too little has been seen in the last four weeks")


def fact(db: Database, record: TeamRecord, peak: Peak, now: float) -> Fact | None:
    """What a peak that is over really was; None while it lasts."""
    tz = record.team.tz
    begin, end = peak.edges(tz)
    if now < end:
        return None
    at = min(now, end + SETTLED)
    seen = picture(db, record, at, int((at - begin) // WEEK) + 6)
    row = seen.desk.sums(np.array([begin, end]), None)[0]
    wait = float(row[5] / row[6]) if row[6] > 0 else None
    return Fact(came(seen.desk, peaks(db, record.id), peak, tz), wait)


def listed(db: Database, record: TeamRecord, now: float) -> Message:
    """The plans of a team that are to come or lately over, for its people."""
    today = _today(record, now)
    shown = [plan for plan in plans.of_team(db, record.id) if plan.until > today - TOLD_FOR]
    return plan_list([_entry(db, record, plan, now) for plan in shown], record.team.name, today)


def digest(db: Database, record: TeamRecord, news: News, now: float) -> tuple[str, ...]:
    """The digest's lines: of peaks that begin before the next one but one, and of those that ended since the last."""
    lines = []
    for plan in plans.of_team(db, record.id):
        peak = _peak(plan)
        if news.coming(plan.since):
            lines.append(ahead_line(peak, forecast(db, record, peak, now) or None))
        elif news.fresh(plan.until + timedelta(days=1)):
            lines.append(after_line(_entry(db, record, plan, now)))
    return tuple(line for line in lines if line)


def packed(found: Ahead | Unknown) -> dict[str, Any]:
    """A forecast as storage keeps it; empty for none."""
    if not found:
        return {}
    weeks = [{"monday": w.monday.isoformat(), "hours": _numbers(w.hours), "there": w.there} for w in found.weeks]
    return {"weeks": weeks, "wait": _numbers(found.wait)}


def unpacked(kept: Mapping[str, Any]) -> Ahead | None:
    """The forecast that storage kept; None for none."""
    if not kept:
        return None
    weeks = (Short(date.fromisoformat(w["monday"]), Estimate(*w["hours"]), w["there"]) for w in kept["weeks"])
    return Ahead(tuple(weeks), Estimate(*kept["wait"]))


def _numbers(estimate: Estimate) -> list[float]:
    return [estimate.value, estimate.low, estimate.high]


def _peak(plan: Plan) -> Peak:
    return Peak(plan.since, plan.until, plan.demand, plan.made)


def _entry(db: Database, record: TeamRecord, plan: Plan, now: float) -> Entry:
    peak = _peak(plan)
    told = fact(db, record, peak, now) if midnight(record.team.tz, plan.until) < now and threads_read(record) else None
    return Entry(
        peak=peak,
        predicted=None if _of_a_pair(record, now) else unpacked(plan.predicted),
        over=now >= peak.edges(record.team.tz)[1],
        extra=None if told is None or told.came is None else told.came.extra,
        wait=None if told is None else told.wait,
    )


def _of_a_pair(record: TeamRecord, now: float) -> bool:
    return tier(record.team, now) is Tier.REQUESTS


def _today(record: TeamRecord, now: float) -> date:
    return datetime.fromtimestamp(now, time_zone(record.team.tz)).date()
