"""Focus: interruptions counted in the channels that a team named, put beside its hours."""

import numpy as np

from bot.health.facts import Facts
from bot.health.focus import focus
from bot.health.results import Focus, Unknown
from bot.messages.interruptions import Counted, Place, announcement, listed
from bot.messages.message import Message
from bot.signal import Kind
from storage import interruptions, outbox
from storage.database import Database
from storage.interruptions import SLOT, Named
from storage.teams import TeamRecord

DAY = 86_400.0
NOT_NAMED = Unknown("no channel is named in which mentions of the team are counted")
NOT_YET = Unknown("the announcement does not stand yet in the channels that the team named")
NOT_IN_LOG = Unknown("the log records no interruptions")


def focus_of(db: Database, record: TeamRecord, now: float, window_days: int = 28) -> Focus | Unknown:
    """How much a team is interrupted, or why that is not said.

    Counted is from the last time the list of channels changed, so that all days are alike.

    Args:
        db: The store.
        record: The team.
        now: Unix seconds.
        window_days: Days to look back on, at most.
    """
    named = interruptions.of_team(db, record.id)
    current = [one for one in named if one.until is None]
    if not current:
        return NOT_NAMED
    begun = [one.since for one in current if one.since is not None]
    if not begun:
        return NOT_YET
    changed = max([*begun, *(one.until for one in named if one.until is not None and one.since is not None)])
    since = max(now - window_days * DAY, float(changed))
    return focus(interruptions.slots(db, record.id, since, now), record.team, since, now)


def focus_recorded(facts: Facts, record: TeamRecord, now: float, window_days: int = 28) -> Focus | Unknown:
    """The same for an imported log that records interruptions; arguments as above.

    Args:
        facts: All that the log tells of the time.
        record: The team.
        now: Unix seconds.
        window_days: Days to look back on, at most.
    """
    moments = facts.at[facts.kind == int(Kind.INTERRUPTION)]
    if not moments.size:
        return NOT_IN_LOG
    since = max(now - window_days * DAY, float(np.min(facts.at)))
    moments = moments[(moments >= since) & (moments <= now)]
    return focus((moments // SLOT).astype(np.int64), record.team, since, now)


def name(db: Database, record: TeamRecord, channel: str, now: float) -> bool:
    """Name a channel: its announcement is on its way, and counting begins once that stands.

    Args:
        db: The store.
        record: The team.
        channel: Slack channel id, of a channel we are in.
        now: Unix seconds.

    Returns:
        False where it is counted already, or its announcement waits.
    """
    with db.write():
        if any(_holds(one) and one.channel == channel for one in interruptions.of_team(db, record.id)):
            return False
        key = outbox.key_of("interruptions", record.workspace, record.id, channel, int(now))
        outbox.put(
            db,
            key=key,
            team=record.id,
            workspace=record.workspace,
            channel=channel,
            kind="announcement",
            made=now,
            body=announcement(record.team.name).body(),
        )
        interruptions.name(db, record.id, record.workspace, channel, key)
        return True


def _holds(one: Named) -> bool:
    return one.until is None and one.state not in ("failed", "unknown")


def listing(db: Database, record: TeamRecord, now: float, *, lead: bool) -> Message:
    """What is counted where, and what it comes to."""
    states = {"sent": Counted.YES, "waiting": Counted.SOON, "sending": Counted.SOON}
    places = [
        Place(one.channel, states.get(one.state, Counted.NO))
        for one in interruptions.of_team(db, record.id)
        if one.until is None
    ]
    return listed(record.team.name, places, focus_of(db, record, now), lead=lead)
