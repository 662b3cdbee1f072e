"""A measure before and after a day: the facts of both sides loaded once each, and compared by the week.

The week of the change itself is left out. Each side is seen as it was known equally long after its own end, so
that what is still open, not yet chased or not yet come back weighs on both alike.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.health.facts import Floats
from bot.health.measured import hidden, weekly
from bot.health.picture import Picture, look
from bot.health.results import Basis
from bot.health.seen.worktime import time_zone
from bot.health.theory.compare import Comparison, Weekly, compare, too_little
from bot.services.assessing import LEAD_WEEKS, WEEK, threads_read
from bot.services.two_desks import beside, elsewhere
from storage import requests, signals
from storage.database import Database
from storage.teams import TeamRecord

WEEKS = 8
"""Weeks on each side, as far as there are so many."""

STILL_READING = "threads are still being read"


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of a change.

    Attributes:
        picture: The team, as it was known equally long after the side's end.
        edges: Mondays of its complete weeks, Unix seconds.
    """

    picture: Picture
    edges: Floats

    def weekly(self, measure: str) -> Weekly:
        """The weeks of a measure."""
        return weekly(self.picture, measure, self.edges)

    def hidden(self, measure: str) -> str:
        """Why it cannot be told of this side; empty where it can."""
        return hidden(self.picture, measure, self.edges)


def before_after(
    db: Database, record: TeamRecord, measure: str, day: date, now: float, weeks: int = WEEKS
) -> Comparison:
    """A measure in the weeks before a day's week, and in the latest weeks after it.

    Args:
        db: The store.
        record: The team.
        measure: A key of `bot.health.theory.compare.UNITS`.
        day: The day of the change, team time.
        now: Unix seconds: nothing later is used.
        weeks: Complete weeks on each side, at most.

    Raises:
        BadInputError: A team whose hours, zone or country cannot be used.
        ValueError: A measure that does not exist.
    """
    if not threads_read(record):
        return too_little(measure, STILL_READING)
    latest = after(db, record, day, now, weeks)
    earlier = before(db, record, day, now, weeks, latest.picture.basis)
    return compared(measure, earlier, latest)


def compared(measure: str, earlier: Side, latest: Side) -> Comparison:
    """The comparison of two sides, or why there is none."""
    reason = latest.hidden(measure) or earlier.hidden(measure)
    if reason:
        return too_little(measure, reason)
    return compare(measure, earlier.weekly(measure), latest.weekly(measure))


def after(
    db: Database, record: TeamRecord, day: date, now: float, weeks: int = WEEKS, basis: Basis | None = None
) -> Side:
    """The latest complete weeks after the one of that day; arguments as in `before_after`, with a basis to rest on."""
    begin = monday(record.team.tz, day, 1)
    since = max(begin, now - (weeks + 1) * WEEK)
    picture = _look(db, record, since, now, weeks, basis)
    return Side(picture, picture.mondays[picture.mondays >= begin])


def before(
    db: Database, record: TeamRecord, day: date, now: float, weeks: int = WEEKS, basis: Basis | None = None
) -> Side:
    """The complete weeks before the one of that day; arguments as in `before_after`, with a basis to rest on.

    They are seen as they were known as long after their end as `now` lies after its Monday.
    """
    end = monday(record.team.tz, day, 0)
    known = end + now - monday_of(record.team.tz, now)
    picture = _look(db, record, end - weeks * WEEK, min(known, now), weeks, basis)
    return Side(picture, picture.mondays[picture.mondays <= end])


def monday_of(tz: str, now: float) -> float:
    """Unix second at which the Monday of that moment's week began there."""
    return monday(tz, datetime.fromtimestamp(now, time_zone(tz)).date(), 0)


def monday(tz: str, day: date, later: int) -> float:
    """Unix second at which the Monday of that day's week begins there, or that of `later` weeks after."""
    first = day - timedelta(days=day.weekday() - 7 * later)
    return datetime.combine(first, time(), time_zone(tz)).timestamp()


def _look(db: Database, record: TeamRecord, since: float, until: float, weeks: int, basis: Basis | None) -> Picture:
    requests.drain(db)
    since -= LEAD_WEEKS * WEEK  # requests that were already open when the side began
    facts = signals.load(db, [queue.id for queue in record.queues], since, until)
    others = elsewhere(db, beside(db, record), facts, since, until)
    held = Basis(record.basis) if record.basis else None
    return look(facts, record.team, until, basis=basis, held=held, history_weeks=weeks, elsewhere=others)
