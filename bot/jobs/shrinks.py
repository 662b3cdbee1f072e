"""Fewer hours for good: what the weeks before predict is written down once, and set beside what came.

Days away and public holidays do not count, nor does a place that is filled again within two weeks.
"""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import date, datetime, timedelta

import numpy as np

from bot.health.ahead import smaller
from bot.health.ledger import ordinary_hours
from bot.health.peaks import midnight
from bot.health.results import Estimate, Tier
from bot.health.seen.tier import tier
from bot.health.seen.worktime import time_zone
from bot.jobs.check import DAY
from bot.messages.dated import shrink_line
from bot.services.assessing import threads_read
from bot.services.before_after import after
from bot.services.pictures import picture
from bot.services.work import Work
from bot.team import Team
from storage import digests, shrinks, teams
from storage.database import Database
from storage.shrinks import Shrink
from storage.teams import TeamRecord

LEAST = 0.1
"""So large a share of the hours must be gone."""

FOR_GOOD, LOOKED_BACK = timedelta(days=14), timedelta(days=56)
"""It must have lasted so long; what is older was not seen in time."""

DIGESTS, WEEKS = 13, 4
"""In so many digests it is told, with the mean wait of so many weeks."""

SEED = 20_210


def watch(work: Work, team: int) -> float | None:
    """Look whether a team became smaller for good, and write down what is predicted then; due again tomorrow."""
    record, now = teams.get(work.db, team), work.clock()
    if record is None:
        return None
    if threads_read(record):
        note(work.db, record, now)
    return now + DAY


def note(db: Database, record: TeamRecord, now: float) -> None:
    """Write down what is predicted of each time the team became smaller lately that is not written down yet."""
    known = {shrink.day for shrink in shrinks.of_team(db, record.id)}
    for day, was, left in lost(record.team, _today(record, now)):
        if day not in known:
            _predict(db, record, day, was, left)


def lost(team: Team, today: date) -> Iterator[tuple[date, float, float]]:
    """Days since which a tenth of the roster's hours or more are gone for good: (day, hours a week before, after)."""
    ends = {person.until + timedelta(days=1) for person in team.people if person.until and person.until < date.max}
    starts = {person.since for person in team.people if person.since}
    for day in sorted(ends):
        if not today - LOOKED_BACK <= day <= today - FOR_GOOD:
            continue
        was = ordinary_hours(team, day - timedelta(days=1))
        since = [day, *(other for other in ends | starts if day < other <= today)]
        most = max(ordinary_hours(team, other) for other in since)
        if was > 0 and 0 < most <= was * (1 - LEAST):
            yield day, was, most


def digest(db: Database, record: TeamRecord, now: float) -> tuple[str, ...]:
    """The digest's line of the latest time the team became smaller, in the thirteen digests after it was noted."""
    found = shrinks.of_team(db, record.id)
    if not found or not threads_read(record):
        return ()
    latest = found[-1]
    told = [one for one in digests.last(db, record.id, DIGESTS + 1) if one.week > latest.day + FOR_GOOD]
    today = _today(record, now)
    back = ordinary_hours(record.team, today) > latest.before * (1 - LEAST)
    if len([one for one in told if one.week < today - timedelta(days=today.weekday())]) >= DIGESTS or back:
        return ()
    line = shrink_line(
        None if tier(record.team, now) is Tier.REQUESTS else latest.before - latest.after,
        latest.day,
        Estimate(*latest.predicted["wait"]) if latest.predicted["wait"] else None,
        latest.predicted["growth"],
        _wait(db, record, latest.day, now),
    )
    return (line,)


def _predict(db: Database, record: TeamRecord, day: date, was: float, left: float) -> None:
    """Write it down with the replay of the weeks before; nothing where those tell too little, or of a person."""
    at = midnight(record.team.tz, day)
    if tier(record.team, at - 5 * 7 * DAY, at - 1) is Tier.REQUESTS:
        return
    wait, growth = smaller(picture(db, record, at), left / was, np.random.default_rng(SEED))
    if wait is None and growth is None:
        return
    predicted = {"wait": None if wait is None else list(astuple(wait)), "growth": growth}
    shrinks.add(db, Shrink(record.id, day, was, left, predicted))


def _wait(db: Database, record: TeamRecord, day: date, now: float) -> float | None:
    """Mean wait of the last complete weeks after that day's, working hours; None before there is one."""
    weeks = after(db, record, day, now, WEEKS).weekly("wait")
    return sum(weeks.total) / sum(weeks.by) if sum(weeks.by) > 0 else None


def _today(record: TeamRecord, now: float) -> date:
    return datetime.fromtimestamp(now, time_zone(record.team.tz)).date()
