"""Who may be told about a team's load: the team channel while it holds nobody else, else each one directly."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.health.capacity import team_clock
from bot.jobs.work import Work
from bot.messages.message import Message
from bot.outbox import Leave
from bot.slack import SlackError
from storage import outbox, teams
from storage.database import Database
from storage.teams import TeamRecord

DAY = 86_400.0
STALE = 3 * DAY
"""A post about load that could not leave for so long tells of another time: the next check knows better."""


def audience(work: Work, record: TeamRecord) -> list[tuple[str, bool]]:
    """Where to post about load: `[(channel or user id, direct?)]`, looked at anew before each post.

    Slack is asked who is in the team channel; when it cannot say, or somebody else is in it, the post goes to
    the responders and the lead by direct message.
    """
    insiders = circle(record, work.clock())
    if record.team_channel and closed_circle(work, record.team_channel, insiders):
        return [(record.team_channel, False)]
    return [(person, True) for person in sorted(insiders)]


def responders(record: TeamRecord, now: float) -> frozenset[str]:
    """The roster today, in team time."""
    return record.responders_on(datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date())


def circle(record: TeamRecord, now: float) -> frozenset[str]:
    """Who may read a team's load: its responders today, and its lead."""
    return responders(record, now) | ({record.lead} if record.lead else frozenset())


def closed_circle(work: Work, channel: str, insiders: frozenset[str]) -> bool:
    """Whether a channel can be posted in and holds none but `insiders` and the bot."""
    try:
        if work.slack.channel(channel).is_archived:
            return False
        return set(work.slack.members(channel)) <= insiders | {work.me.user}
    except SlackError:
        return False


def address(
    db: Database,
    record: TeamRecord,
    recipients: list[tuple[str, bool]],
    key: str,
    message: Message,
    now: float,
    *,
    hours: bool,
) -> None:
    """Put one message about load into the outbox for each recipient, each under a key of its own.

    Args:
        db: The store.
        record: The team.
        recipients: From `audience`.
        key: What the copies' keys are made from.
        message: What is told.
        now: Unix seconds.
        hours: Whether it may leave only in working hours.
    """
    for channel, direct in recipients:
        outbox.put(
            db,
            key=outbox.key_of(key, channel),
            team=record.id,
            workspace=record.workspace,
            channel=channel,
            direct=direct,
            body=message.body(),
            load=True,
            hours=hours,
            made=now,
        )


class LoadGuard:
    """Looks at posts about load when they leave: it may be days after they were put down.

    Args:
        work: Parts for the jobs.
    """

    def __init__(self, work: Work) -> None:
        self._work = work

    def leave(self, post: outbox.Post) -> Leave:
        """May it go now, to where it was addressed?"""
        record = None if post.team is None else teams.get(self._work.db, post.team)
        now = self._work.clock()
        if record is None or now - post.made > STALE:
            return Leave(stale=True)
        clock = team_clock(record.team, now - DAY, now + 28 * DAY)
        if post.hours and not clock.is_open(now):
            later = clock.opens[clock.opens > now]
            return Leave(after=float(later[0]) if later.size else now + DAY)
        insiders = circle(record, now)
        if post.direct:
            return Leave(stale=post.channel not in insiders)
        return Leave() if closed_circle(self._work, post.channel, insiders) else Leave(instead=tuple(sorted(insiders)))

    def people(self, post: outbox.Post) -> tuple[str, ...]:
        """Responders and lead of today."""
        record = None if post.team is None else teams.get(self._work.db, post.team)
        return () if record is None else tuple(sorted(circle(record, self._work.clock())))
