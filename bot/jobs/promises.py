"""On the review day of "We'll do …": what was said, what moved, one thing to do; once, to the alert's audience."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.health.seen.capacity import team_clock
from bot.messages.promises import follow_up as look_back
from bot.services.audience import address, audience
from bot.services.before_after import before_after
from bot.services.work import Work
from storage import outbox, promises, teams
from storage.promises import Promise
from storage.teams import TeamRecord

DAY = 86_400.0
AHEAD = 60 * DAY
MEASURES = ("wait", "utilization")


def follow_up(work: Work, team: int) -> float | None:
    """Tell of every promise whose day has come; due again on the day of the next one, or never."""
    record = teams.get(work.db, team)
    if record is None:
        return None
    for promise in promises.waiting(work.db, team):
        due = opens(record, promise)
        if due > work.clock():
            return due
        _tell(work, record, promise)
    return None


def opens(record: TeamRecord, promise: Promise) -> float:
    """Unix second of the team's first working moment on the review day, or after it."""
    zone = ZoneInfo(record.team.tz)
    midnight = datetime.combine(promise.review, time(), zone).timestamp()
    later = team_clock(record.team, midnight, midnight + AHEAD).opens
    return float(later[0]) if later.size else midnight


def _tell(work: Work, record: TeamRecord, promise: Promise) -> None:
    now = work.clock()
    told = datetime.fromtimestamp(promise.told, ZoneInfo(record.team.tz)).date()
    message = look_back(
        record.team.name,
        team_id=record.id,
        told=told,
        words=promise.words,
        comparisons=[before_after(work.db, record, measure, told, now) for measure in MEASURES],
    )
    recipients = audience(work, record)
    key = outbox.key_of("follow_up", record.workspace, promise.alert)
    with work.db.write():
        if promises.follow(work.db, promise.alert):
            address(work.db, record, recipients, key, message, now, hours=True, kind="follow_up")
