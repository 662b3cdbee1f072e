"""The check: judge a team's load, and tell of a change of level.

What is told of a day is kept and stands, whatever becomes known of that day; what is kept of posts is the last one, so
that a restart, a second process or an hourly repetition tells nothing twice.
"""

from bot.health import peaks
from bot.health.days import midnight
from bot.health.results import Assessment, Level
from bot.health.seen.capacity import team_clock
from bot.health.seen.worktime import WorkClock
from bot.messages.alerts import alert, all_clear
from bot.messages.message import Message
from bot.services.assessing import assess_team, threads_read
from bot.services.audience import address, audience
from bot.services.decide import Step, decide
from bot.services.quiet import STALE
from bot.services.work import Work
from storage import alerts, due, levels, outbox, teams
from storage.alerts import Alert
from storage.database import Database
from storage.teams import TeamRecord

DAY, WEEK, HOUR = 86_400.0, 7 * 86_400.0, 3_600.0

BESIDE = ("lost", "pulse", "digest", "shrinks")
"""Jobs that every team has that is checked, also one that was set up before they existed."""


def check(work: Work, team: int) -> float | None:
    """Judge a team and tell of a change; due again in an hour, in the team's working hours."""
    record = teams.get(work.db, team)
    if record is None:
        return None
    now = work.clock()
    for job in BESIDE:
        if not due.planned(work.db, job, team):
            due.put(work.db, job, team, now)
    if record.user_group is not None and not due.planned(work.db, "roster", team):
        due.put(work.db, "roster", team, now)
    hours = team_clock(record.team, now - WEEK, now + 4 * WEEK)
    if hours.is_open(now):
        if not threads_read(record):
            return now + HOUR / 6
        tell(work, record, _judged(work, record, now), now)
    return next_opening(hours, now + HOUR)


def _judged(work: Work, record: TeamRecord, now: float) -> Assessment:
    """The team now; replays, which only a post shows, are paid for where the level is another than the team knows."""
    found = assess_team(work.db, record, now, resilient=False)
    known = _known(work, alerts.last(work.db, record.id)) or Level.HEALTHY
    return found if found.level in (Level.UNKNOWN, known) else assess_team(work.db, record, now)


def next_opening(hours: WorkClock, when: float) -> float:
    """`when` itself in working time, else the next opening (a day later where none is near)."""
    if hours.is_open(when):
        return when
    later = hours.opens[hours.opens > when]
    return float(later[0]) if later.size else when + DAY


def tell(work: Work, record: TeamRecord, found: Assessment, now: float) -> Step:
    """Write down a change of level and the post about it, in one transaction."""
    last = alerts.last(work.db, record.id)
    known = _known(work, last)
    basis_changed = _basis_changed(record, found)
    begun = midnight(record.team.tz, now)
    quiet = now < alerts.snoozed_until(work.db, record.id) or alerts.told_since(work.db, record.id, begun)
    step = decide(found.level, known, basis_changed=basis_changed, quiet=quiet)
    recipients = audience(work, record) if step is Step.POST else []
    before = known or Level.HEALTHY
    with work.db.write():
        if alerts.last(work.db, record.id) != last:
            return Step.NOTHING  # another process was quicker, and has told
        if found.today:
            began = peaks.midnight(record.team.tz, found.since) if found.since else begun
            levels.note(work.db, record.id, now, found.today, today=begun, began=began)
        if basis_changed or record.basis is None:
            _keep_basis(work.db, record, found)
        if step is Step.NOTE:
            alerts.record(work.db, record.id, now, found.level, before, None)
        if step is Step.POST:
            key = outbox.key_of("alert", record.workspace, record.id, int(now))
            number = alerts.record(work.db, record.id, now, found.level, before, key)
            said = _words(found, before, record, number)
            kind = "alert" if found.level > before else "note"
            address(work.db, record, recipients, key, said, now, hours=True, kind=kind)
    return step


def _known(work: Work, last: Alert | None) -> Level | None:
    """The level the team knows: what was dropped unread, because it could not leave for days, was never told."""
    if last is None:
        return None
    unread = last.outbox is not None and outbox.dropped(work.db, last.team, last.at, STALE)
    return Level(last.before if unread else last.level)


def _basis_changed(record: TeamRecord, found: Assessment) -> bool:
    used = found.capacity.utilization
    return bool(used and record.basis is not None and used.basis.value != record.basis)


def _keep_basis(db: Database, record: TeamRecord, found: Assessment) -> None:
    if found.capacity.utilization:
        teams.set_basis(db, record.id, found.capacity.utilization.basis.value)


def channels(record: TeamRecord) -> dict[int, str]:
    """Slack's ids of a team's queues, by storage's number."""
    return {queue.id: queue.channel for queue in record.queues}


def _words(found: Assessment, before: Level, record: TeamRecord, number: int) -> Message:
    """The alert for a rise, the note for a fall."""
    if found.level > before:
        return alert(
            found,
            record.team.name,
            team_id=record.id,
            alert_id=number,
            queues=channels(record),
        )
    return all_clear(found, record.team.name, before=before, team_id=record.id)
