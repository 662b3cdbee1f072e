"""Whether whoever asked is asked "did this solve it?": seldom, later, and only while the request stays done."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.health.results import Tier
from bot.health.seen.capacity import team_clock
from bot.health.seen.tier import tier
from bot.health.seen.worktime import WorkClock
from bot.messages.numbers import day as day_of_year
from bot.messages.solved import question
from bot.services.audience import circle
from bot.services.work import Work
from bot.signal import microseconds
from bot.slack import SlackError
from storage import mutes, outbox, rhythms, solved, teams
from storage.database import Database
from storage.teams import TeamRecord

KIND = solved.KIND
"""Of these posts in the outbox."""

Draw = Callable[[int], int]
"""n → a number from 0 to n − 1, drawn evenly, as `secrets.randbelow` does."""

ONE_IN = 3
"""Requests of which one is asked about."""

DAY, HOUR = 86_400.0, 3_600.0
AHEAD = 60 * DAY
WEEK_DAYS = 6
"""Days for which a weekday alone says which day is meant."""


def ask(work: Work, channel: str, ts: str, author: str) -> bool:
    """Put the question about one request down for the team's next working day, where it may be asked.

    It is not asked about a team of one or two (the answers would be about a person); of bots, of people who
    left, muted it or had their traces removed, or who answer for that team; and not too often.

    Args:
        work: Parts for the jobs.
        channel: Slack channel id.
        ts: Slack's `ts` of the message that was marked done.
        author: Slack user id of whoever wrote it; kept nowhere but in the message's address.

    Returns:
        Whether it was put down.
    """
    now = work.clock()
    record = teams.by_queue(work.db, work.me.workspace, channel)
    if record is None or not _may_ask(work, record, author, now):
        return False
    asked_at = microseconds(ts)
    queue = next(queue for queue in record.queues if queue.channel == channel)
    if not solved.is_done(work.db, queue.id, asked_at):
        return False
    link = _link(work, author, channel, ts)
    if link is None:
        return False
    zone = ZoneInfo(record.team.tz)
    day = _day(datetime.fromtimestamp(asked_at / 1e6, zone), datetime.fromtimestamp(now, zone))
    said = question(record.team.name, team_id=record.id, channel=channel, day=day, link=link)
    body = {**said.body(), "about": {"queue": queue.id, "request": asked_at}}
    when = next_morning(team_clock(record.team, now - DAY, now + AHEAD), zone, now)
    if when is None:
        return False
    asking = solved.Question(work.me.workspace, record.id, channel, ts, asked_at / 1e6, author, body, when)
    return solved.ask(work.db, asking, now)


def wanted(db: Database, post: outbox.Post) -> bool:
    """Whether a question that is about to leave is still one: its request is done, and the team still asks."""
    about = post.body.get("about")
    if post.team is not None and not rhythms.get(db, post.team).solved:
        return False
    return about is None or solved.is_done(db, int(about["queue"]), int(about["request"]))


def next_morning(clock: WorkClock, zone: ZoneInfo, now: float) -> float | None:
    """An hour into the next working day after today, once the first rush is over; None where none is near.

    Args:
        clock: The team's working clock from now on.
        zone: The team's.
        now: Unix seconds.
    """
    today = datetime.fromtimestamp(now, zone).date()
    opens = (float(at) for at in clock.opens if datetime.fromtimestamp(float(at), zone).date() > today)
    first = next(opens, None)
    if first is None:
        return None
    return first + HOUR if clock.is_open(first + HOUR) else first


def _may_ask(work: Work, record: TeamRecord, author: str, now: float) -> bool:
    return (
        record.announced is not None
        and rhythms.get(work.db, record.id).solved
        and author not in circle(record, now)
        and author != work.me.user
        and tier(record.team, now) > Tier.REQUESTS
        and not mutes.muted(work.db, work.me.workspace, author, solved.KIND)
    )


def _link(work: Work, author: str, channel: str, ts: str) -> str | None:
    """The request's permalink, None for a message that is gone and for an author who is no person (any more)."""
    try:
        profile = work.slack.person(author)
        return None if profile.is_bot or profile.deleted else work.slack.permalink(channel, ts)
    except SlackError:
        return None


def _day(asked: datetime, now: datetime) -> str:
    days = (now.date() - asked.date()).days
    return f"{asked:%A}" if days < WEEK_DAYS else day_of_year(asked.date())
