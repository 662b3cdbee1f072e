"""After set-up: announce, then read, then report. Each step is a due row, so a restart goes on where it was."""

import contextlib

from bot.jobs.check import HOUR
from bot.messages.announcement import announcement, hint_answered
from bot.messages.report import first_report
from bot.services.assessing import assess_team, threads_read
from bot.services.audience import address, audience
from bot.services.work import Work
from bot.slack import SlackError
from storage import due, outbox, said, teams
from storage.database import Database
from storage.teams import Queue, TeamRecord

SOON = 0.2
"""Seconds until a step asks again whether the one before it is through: a request posted meanwhile is not heard."""

MICROSECONDS = 1_000_000


def begin(db: Database, team: int, now: float) -> None:
    """Put everything on its way that follows a new team; harmless for one that already runs."""
    record = teams.get(db, team)
    if record is None or record.announced is not None:
        return
    with db.write():
        for queue in _named(record):
            message = announcement(
                record.team.name,
                history_days=record.history_days,
                other_apps=record.other_apps == "request",
                emoji=record.emoji,
            )
            outbox.put(
                db,
                key=announcement_key(queue.workspace, queue.channel),
                team=team,
                workspace=queue.workspace,
                channel=queue.channel,
                kind="announcement",
                body=message.body(),
            )
        due.put(db, "announce", team, now)


def announced(work: Work, team: int) -> float | None:
    """Once the announcement stands in all queues of the team's: begin to listen, and to read what was before."""
    record = teams.get(work.db, team)
    if record is None or record.announced is not None:
        return None
    now = work.clock()
    queues = _named(record)
    if not queues:
        return now + HOUR
    for queue in queues:
        key = announcement_key(queue.workspace, queue.channel)
        post = outbox.found(work.db, key)
        if post is not None and post[0] in ("failed", "unknown"):
            outbox.retry(work.db, key, now, "the announcement must stand before anything is read")
            return now + HOUR
        if post is None or post[0] != "sent":
            return now + SOON
    with work.db.write():
        teams.set_announced(work.db, team, int(now))
        for queue in queues:
            start = now - record.history_days * 24 * HOUR
            teams.set_watermark(work.db, queue.id, int(start * MICROSECONDS))
            if record.history_days:
                teams.set_threads(work.db, queue.id, "reading", int(now * MICROSECONDS))
                due.put(work.db, "history", queue.id, now)
            due.put(work.db, "gaps", queue.id, now + HOUR)
        due.put(work.db, "first-report", team, now)
        due.put(work.db, "digest", team, now)
    _answer_hints(work, record)
    return None


def _named(record: TeamRecord) -> tuple[Queue, ...]:
    """The queues that the team answers and the bot is in; another choice at set-up gives the former ones up."""
    return tuple(queue for queue in record.queues if queue.gone is None)


def _answer_hints(work: Work, record: TeamRecord) -> None:
    """The hints that asked for set-up say that it is done; one that cannot be changed stays as it was."""
    for channel in (*(queue.channel for queue in record.queues), record.team_channel):
        post = outbox.found(work.db, outbox.key_of("hint", record.workspace, channel))
        if post is not None and post[1] is not None:
            with contextlib.suppress(SlackError):
                work.slack.update(post[2], post[1], hint_answered(record.team.name).payload())


def report_first(work: Work, team: int) -> float | None:
    """The first report to the team, once the past is read; from then on the team is checked."""
    record = teams.get(work.db, team)
    if record is None:
        return None
    now = work.clock()
    if not threads_read(record):
        return now + SOON
    found = assess_team(work.db, record, now)
    days, emoji = record.history_days, record.emoji
    message = first_report(found, record.team.name, team_id=team, history_days=days, emoji=emoji)
    key = outbox.key_of("first-report", record.workspace, team)
    recipients = audience(work, record)
    with work.db.write():
        if said.first(work.db, team, key, now):
            address(work.db, record, recipients, key, message, now, hours=False, kind="report")
        due.put(work.db, "check", team, now)
    return None


def announcement_key(workspace: str, channel: str) -> str:
    """The key of the post that tells a queue what is kept."""
    return outbox.key_of("announcement", workspace, channel)
