"""Dated changes: the weeks before and after are compared, quality always among it, and told once."""

from datetime import date, timedelta

from bot.health.measured import tellable
from bot.health.theory.compare import Comparison, too_little
from bot.messages.dated import Entry, change_line, change_list
from bot.messages.message import Message
from bot.services.assessing import threads_read
from bot.services.before_after import STILL_READING, after, before, compared, monday
from bot.services.news import News
from storage import changes
from storage.changes import Change
from storage.database import Database
from storage.teams import TeamRecord

MEASURES = ("wait", "utilization", "reopen", "escalation", "chase")

WEEKS, MOST_WEEKS = 4, 8
"""Complete weeks after the one of the change, from which it is compared, and from which on nothing changes any more."""

SHOWN = 5
"""The latest are compared in the list."""

MORNING = 9 * 3_600.0


def ready(change: Change) -> date:
    """The day from which a change is compared: the Monday after four complete weeks."""
    return change.day - timedelta(days=change.day.weekday()) + timedelta(weeks=WEEKS + 1)


def examine(db: Database, record: TeamRecord, change: Change, now: float) -> tuple[Comparison, ...]:
    """Every measure before and after; what cannot be told says why."""
    measures = tellable(record.team, now) or MEASURES
    if not threads_read(record):
        return tuple(too_little(measure, STILL_READING) for measure in measures)
    at = min(now, monday(record.team.tz, change.day, MOST_WEEKS + 1) + MORNING)
    latest = after(db, record, change.day, at, MOST_WEEKS)
    earlier = before(db, record, change.day, at, MOST_WEEKS, latest.picture.basis)
    return tuple(compared(measure, earlier, latest) for measure in measures)


def listed(db: Database, record: TeamRecord, today: date, now: float) -> Message:
    """The latest changes of a team, for its people."""
    every = changes.of_team(db, record.id)
    entries = [_entry(db, record, change, today, now) for change in reversed(every[-SHOWN:])]
    return change_list(entries, record.team.name, older=max(len(every) - SHOWN, 0))


def digest(db: Database, record: TeamRecord, news: News, now: float) -> tuple[str, ...]:
    """The digest's lines of changes that can be compared since the last one."""
    fresh = [change for change in changes.of_team(db, record.id) if news.fresh(ready(change))]
    return tuple(change_line(_entry(db, record, change, news.week, now)) for change in fresh)


def _entry(db: Database, record: TeamRecord, change: Change, today: date, now: float) -> Entry:
    due = ready(change)
    found = examine(db, record, change, now) if due <= today else ()
    return Entry(change.title, change.day, due, found)
