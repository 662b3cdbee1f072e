"""A team's picture from the store, as known at a moment: for what looks ahead, or back at one span of days."""

from bot.health.picture import Picture, look
from bot.health.results import Basis
from bot.services.assessing import HISTORY_WEEKS, LEAD_WEEKS, WEEK, peaks
from bot.services.two_desks import beside, elsewhere
from storage import permalinks, requests, signals
from storage.database import Database
from storage.teams import TeamRecord


def picture(db: Database, record: TeamRecord, now: float, weeks: int = HISTORY_WEEKS) -> Picture:
    """The team as of Unix second `now`, with so many weeks of history.

    Raises:
        BadInputError: A team whose hours, zone or country cannot be used.
    """
    requests.drain(db)
    since = now - (weeks + LEAD_WEEKS) * WEEK
    facts = signals.load(db, [queue.id for queue in record.queues], since, now)
    return look(
        facts,
        record.team,
        now,
        basis=None,
        held=Basis(record.basis) if record.basis else None,
        history_weeks=weeks,
        wrong=permalinks.tally(db, record.id, since),
        elsewhere=elsewhere(db, beside(db, record), facts, since, now),
        peaks=peaks(db, record.id),
    )
