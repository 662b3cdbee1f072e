"""What a month's messages cost a team, from the outbox and the counted taps; told once a month, in the digest."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.health.burden import Burden, Reading, cost
from bot.health.results import Tier
from bot.health.seen.tier import tier
from bot.services.audience import circle
from storage import told, touches
from storage.database import Database
from storage.teams import TeamRecord

OTHERS_KINDS = frozenset({"solved"})
"""Asked of people who are not on the team: no minutes of its own."""

ARRIVED = ("sent", "unknown")


def burden(db: Database, record: TeamRecord, month: date) -> Burden:
    """What a calendar month cost a team.

    A post in a channel is read by everybody on the roster and the lead, whether or not they did: it is an upper end.

    Args:
        db: The store.
        record: The team.
        month: Any day of the month, team time.

    Raises:
        BadInputError: A team whose zone cannot be used.
    """
    first = month.replace(day=1)
    next_first = (first + timedelta(days=31)).replace(day=1)
    zone = ZoneInfo(record.team.tz)
    since, until = (datetime(day.year, day.month, 1, tzinfo=zone).timestamp() for day in (first, next_first))
    people = len(circle(record, until - 1))
    arrived = [
        row for row in told.told(db, since, until, record.id) if row.state in ARRIVED and row.kind not in OTHERS_KINDS
    ]
    readings = [Reading(_words(row.text), 1 if row.direct else people) for row in arrived]
    pressed = touches.taps(db, record.id, first, next_first)
    acted_on, alerts = told.alerts_acted_on(db, record.id, since, until)
    taps = sum(count for kind, count in pressed.items() if kind not in OTHERS_KINDS)
    if tier(record.team, since, until - 1) is Tier.REQUESTS:  # who pressed, and who acted, would be plain
        return cost(first, readings, None, people)
    return cost(first, readings, taps, people, alerts=alerts, acted_on=acted_on)


def _words(text: str | None) -> int | None:
    return None if text is None else len(text.split())
