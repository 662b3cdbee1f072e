"""Keeping no longer than was said: once a day, what is too old goes."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from bot.health.pulse import WINDOW
from bot.health.totals import weekly_totals
from bot.services.assessing import HISTORY_WEEKS, LEAD_WEEKS
from bot.services.work import Work
from storage import absences, outbox, pulses, signals, solved, teams
from storage.database import Database
from storage.keys import destroy_old
from storage.retention import WORDS_DAYS, expire

DAY = 86_400.0
RUN_UP = 28 * DAY
"""Facts read before a month: requests that were open when it began."""

RUN_OUT = 14 * DAY
"""… and after it: the week that its last Monday begins, and what was closed in it."""

ABSENCE_WEEKS = HISTORY_WEEKS + LEAD_WEEKS + 1
"""Weeks after which a day away is deleted: the weeks that a check looks back on, and the one that is not over."""


def retention(work: Work, _subject: int) -> float:
    """Drop what is older than was promised, and the keys of months gone by; due again tomorrow."""
    now = work.clock()
    destroy_old(work.db, now, lambda team, month: busy_weeks(work.db, team, month))
    expire(work.db, now)
    outbox.empty_before(work.db, now - WORDS_DAYS * DAY)
    solved.let_go(work.db, now)
    absences.expire(work.db, datetime.fromtimestamp(now, UTC).date() - timedelta(weeks=ABSENCE_WEEKS))
    pulses.expire(work.db, datetime.fromtimestamp(now, UTC).date(), WINDOW)
    return now + DAY


def busy_weeks(db: Database, team: int, month: date) -> Iterable[tuple[date, float, int]]:
    """(Monday, the team's busy hours, jobs closed) of each week that begins in the month of that first day."""
    record = teams.get(db, team)
    if record is None:
        return []
    next_month = (month + timedelta(days=31)).replace(day=1)
    start = datetime(month.year, month.month, 1, tzinfo=UTC).timestamp()
    end = datetime(next_month.year, next_month.month, 1, tzinfo=UTC).timestamp() + RUN_OUT
    facts = signals.load(db, [queue.id for queue in record.queues], start - RUN_UP, end)
    return [row for row in weekly_totals(facts, record.team, end) if month <= row[0] < next_month]
