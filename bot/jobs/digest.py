"""The digest: once a week or month, at the team's own time, told to the responders and the lead.

Which week was told stands in the store and is written in the same transaction as the posts, so that a restart, a
second process or a late start tells no week twice. One that was missed is made up for while its week lasts.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.health.days import midnight
from bot.health.forecast import missed
from bot.health.outcomes import BEFORE, better, outcomes, worth_a_look
from bot.health.picture import Picture
from bot.health.results import Missed, Tier
from bot.health.seen.capacity import team_clock
from bot.jobs.check import next_opening
from bot.jobs.lately import lately
from bot.messages import digest as words
from bot.messages.digest import Digest
from bot.services.assessing import assess_team, threads_read
from bot.services.audience import address, audience
from bot.services.before_after import after
from bot.services.pictures import picture
from bot.services.slots import due_week, first_of_month, monday, next_slot, open_until
from bot.services.work import Work
from storage import alerts, digests, outbox, rhythms, teams
from storage.database import Database
from storage.rhythms import Rhythm
from storage.teams import TeamRecord

WEEK, DAY, HOUR = 7 * 86_400.0, 86_400.0, 3_600.0

REMEMBERED = 8
"""Digests that are looked back on."""

UNTOUCHED = 2
"""After so many in a row without a button pressed, the next offers to come monthly."""


def digest(work: Work, team: int) -> float | None:
    """Tell a team how its week went, when that is due; due again at its next time."""
    record = teams.get(work.db, team)
    if record is None or record.announced is None:
        return None
    now, rhythm, told = work.clock(), rhythms.get(work.db, team), told_weeks(work.db, team)
    later = next_slot(record.team, rhythm, now, told)
    again = now + WEEK if later is None else later
    week = due_week(record.team, rhythm, now, max(record.announced, rhythm.since), told)
    if week is None:
        return again
    if not threads_read(record):
        return now + HOUR / 6
    opening = next_opening(team_clock(record.team, now - DAY, now + WEEK), now)
    if opening > now:
        return opening if opening < open_until(record.team, rhythm, week) else again
    _tell(work, record, rhythm, week, now)
    return next_slot(record.team, rhythm, now, (week, *told)) or again


def told_weeks(db: Database, team: int) -> tuple[date, ...]:
    """Mondays of the weeks whose digests were told, the latest first."""
    return tuple(one.week for one in digests.last(db, team, REMEMBERED))


def next_digest(db: Database, record: TeamRecord, now: float) -> float | None:
    """Unix second of a team's next digest; None where it wants none, or hears nothing yet."""
    if record.announced is None:
        return None
    return next_slot(record.team, rhythms.get(db, record.id), now, told_weeks(db, record.id))


def _tell(work: Work, record: TeamRecord, rhythm: Rhythm, week: date, now: float) -> None:
    """Write down that the week is told, and the posts, in one transaction."""
    message = words.digest(compose(work.db, record, now, week))
    recipients = audience(work, record)
    key = outbox.key_of("digest", record.workspace, record.id, week.isoformat())
    with work.db.write():
        if digests.record(work.db, record.id, week, key):
            address(work.db, record, recipients, key, message, now, hours=True, kind="digest")


def compose(db: Database, record: TeamRecord, now: float, week: date | None = None) -> Digest:
    """The digest of a team as known at Unix second `now`.

    Args:
        db: The store.
        record: The team.
        now: Unix seconds.
        week: Monday of the week in which it is told; None: the one that is on.
    """
    week = week or monday(record.team.tz, now)
    rhythm, told = rhythms.get(db, record.id), told_weeks(db, record.id)
    found = assess_team(db, record, now)
    side = after(db, record, _weeks_ago(record, now, BEFORE + 2), now, BEFORE + 1)
    used = found.capacity.utilization
    shown = outcomes(side.picture, side.edges, used.value if used else None)
    new = lately(db, record, now, first=first_of_month(record.team, rhythm, week, told))
    return Digest(
        a=found,
        team=record.team.name,
        team_id=record.id,
        week=found.weeks[-1].start if found.weeks else None,
        outcomes=shown,
        better=tuple(better(shown)),
        look_at=tuple(worth_a_look(shown)),
        learning=new.learning,
        extras=new.lines,
        pulse=new.pulse,
        friction=rhythm.friction,
        gains=rhythm.gains,
        missed=_missed(db, record, found.weeks[-1].start, told, side.picture) if found.weeks else None,
        told=alerts.told_since(db, record.id, midnight(record.team.tz, now)),
        # of one or two people, whether anybody pressed would be told of a person
        offer=rhythm.digest == "weekly" and found.tier > Tier.REQUESTS and untouched(db, record.id),
    )


def _missed(db: Database, record: TeamRecord, week: date, told: tuple[date, ...], now: Picture) -> Missed | None:
    """The week of that Monday, where it was not as expected; only where a digest had told what was."""
    if week not in told or not threads_read(record):
        return None
    begin = datetime.combine(week, time(), ZoneInfo(record.team.tz)).timestamp()
    return missed(picture(db, record, begin), now)


def untouched(db: Database, team: int) -> bool:
    """Whether no button of the last digests was pressed."""
    last = digests.last(db, team, UNTOUCHED)
    return len(last) == UNTOUCHED and not any(one.touched for one in last)


def _weeks_ago(record: TeamRecord, now: float, weeks: int) -> date:
    return datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date() - timedelta(weeks=weeks)
