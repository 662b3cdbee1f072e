"""People on several desks of one workspace: what they hold on several at once is split, what they promise is added up.

Pseudonyms are equal across the desks of a workspace, so that arrays tell which claims overlap without any name.
Nothing here returns a figure about a person.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from bot.health.facts import Facts
from bot.health.seen.worktime import parse_hours
from bot.signal import Kind
from bot.team import NAMELESS
from storage import signals, teams
from storage.database import Database
from storage.teams import TeamRecord

WHOLE = 1.01
"""Shares that add up to more are more than a week; a hundredth for rounding."""


def beside(db: Database, record: TeamRecord) -> list[TeamRecord]:
    """Other teams of the workspace that somebody of this team was or is on, too."""
    own = {person.id for person in record.team.people if not person.id.startswith(NAMELESS)}
    return [
        other
        for other in teams.all(db)
        if other.id != record.id
        and other.workspace == record.workspace
        and any(person.id in own for person in other.team.people)
    ]


def elsewhere(db: Database, others: Sequence[TeamRecord], facts: Facts, since: float, now: float) -> list[Facts]:
    """Facts of other desks' requests that people who claim here have claimed there, one entry a desk.

    Args:
        db: The database.
        others: The other teams.
        facts: This team's.
        since: Unix seconds, as for this team's.
        now: Unix seconds.
    """
    claims = facts.actor[(facts.kind == Kind.CLAIM) & (facts.actor != 0)]
    if not len(claims):
        return []
    found = []
    for other in others:
        theirs = signals.load(db, [queue.id for queue in other.queues], since, now)
        shared = (theirs.kind == Kind.CLAIM) & np.isin(theirs.actor, claims)
        if shared.any():
            found.append(theirs.take(np.isin(theirs.request, theirs.request[shared])))
    return found


def promised_twice(record: TeamRecord, others: Sequence[TeamRecord], now: float) -> str | None:
    """One sentence when the shares of people on several rosters add up to more than their week; None otherwise.

    It rests on what the teams said, never on what anybody did. Of a single person no hours are told.
    """
    ours, rest = _shares(record, now), [_shares(other, now) for other in others]
    over = [
        total - 1
        for person, share in ours.items()
        if (total := share + sum(shares.get(person, 0.0) for shares in rest)) > WHOLE
        and any(person in shares for shares in rest)
    ]
    if not over:
        return None
    if len(over) == 1:
        return "Working time is promised twice: shares on several rosters add up to more than a whole week."
    hours = sum(over) * parse_hours(record.team.hours).a_week
    return f"{hours:.0f} h a week are promised twice: shares on several rosters add up to more than whole weeks."


def _shares(record: TeamRecord, now: float) -> dict[str, float]:
    """Shares of the people on a roster today, team time."""
    here = record.responders_on(datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date())
    return {person.id: person.share for person in record.team.people if person.id in here}
