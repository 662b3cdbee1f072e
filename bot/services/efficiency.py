"""A team's efficiency equation, worked out from the store; and what the digest says when speed is paid for."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.health.efficiency import Efficiency, efficiency
from bot.health.guarded import guarded
from bot.health.picture import Picture
from bot.health.results import Tier, Unknown
from bot.health.seen.tier import tier
from bot.messages.efficiency import efficiency_message
from bot.messages.guards import warnings
from bot.messages.message import Message
from bot.messages.words import SMALL_TEAM_WHY
from bot.services.assessing import assess_team, satisfied, threads_read
from bot.services.before_after import after
from bot.signal import Kind
from storage import equations, signals, solved
from storage.database import Database
from storage.teams import IMPORTED, TeamRecord

WEEKS = 20
"""Complete weeks that are read: twice eight, and those too young for what comes back."""


def measured(db: Database, record: TeamRecord, now: float) -> Efficiency:
    """What the team's equation comes to, as known at Unix second `now`."""
    equation = equations.get(db, record.id)
    found = efficiency(_picture(db, record, now), equation.outcome, equation.hourly_cost)
    kinds = signals.kinds(db, [queue.id for queue in record.queues])
    if record.workspace == IMPORTED and not kinds & {Kind.REOPEN, Kind.FOLLOWUP}:
        none = Unknown("the log records no reopenings")
        return replace(found, per_hour=none, cost=found.cost if equation.hourly_cost is None else none)
    return found


def hidden(record: TeamRecord, now: float) -> str:
    """Why a team has no equation; empty where it has."""
    return SMALL_TEAM_WHY if tier(record.team, now) is Tier.REQUESTS else ""


def shown(db: Database, record: TeamRecord, now: float, *, lead: bool) -> Message:
    """The equation as the team sees it: all three figures, beside the guards.

    Args:
        db: The store.
        record: The team.
        now: Unix seconds.
        lead: Whether whoever asks may change it.
    """
    found = assess_team(db, record, now)
    equation = equations.get(db, record.id)
    return efficiency_message(
        found,
        measured(db, record, now),
        record.team.name,
        team_id=record.id,
        currency=equation.currency,
        lead=lead,
    )


def digest_line(db: Database, record: TeamRecord, now: float) -> str:
    """What the digest says where speed was paid for with quality, or the load feeds itself; empty otherwise."""
    if not threads_read(record) or hidden(record, now):
        return ""
    found = guarded(_picture(db, record, now))
    return " ".join(warnings(satisfied(found, solved.weeks(db, record.id), Unknown("nobody was asked"))))


def _picture(db: Database, record: TeamRecord, now: float) -> Picture:
    """The team with the weeks that are compared."""
    since = datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date() - timedelta(weeks=WEEKS + 1)
    return after(db, record, since, now, WEEKS).picture
