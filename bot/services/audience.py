"""Who may be told about a team's load: the team channel while it holds nobody else, else each one directly."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.messages.message import Message
from bot.outbox import Leave
from bot.services.work import Work
from bot.slack import SlackError
from storage import outbox, teams
from storage.database import Database
from storage.teams import TeamRecord

NO_READER, OTHERS = "nobody there may read it any more", "the channel holds others, or is gone"


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
    return record.responders_on(team_day(record, now))


def team_day(record: TeamRecord, now: float) -> date:
    """The day in the team's time zone."""
    return datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date()


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
    kind: str = "other",
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
        kind: What it is, for `bot.services.quiet`.
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
            kind=kind,
        )


class LoadGuard:
    """Who would read a post about load, asked when it leaves: it may be days after it was put down.

    Args:
        work: Parts for the jobs.
    """

    def __init__(self, work: Work) -> None:
        self._work = work

    def leave(self, post: outbox.Post) -> Leave:
        """May it go to where it was addressed?"""
        if not post.load:
            return Leave()
        record = None if post.team is None else teams.get(self._work.db, post.team)
        insiders = frozenset[str]() if record is None else circle(record, self._work.clock())
        if post.direct or record is None:
            return Leave() if post.channel in insiders else Leave(stale=True, why=NO_READER)
        if closed_circle(self._work, post.channel, insiders):
            return Leave()
        return Leave(instead=tuple(sorted(insiders)), why=OTHERS)

    def people(self, post: outbox.Post) -> tuple[str, ...]:
        """Responders and lead of today."""
        record = None if post.team is None else teams.get(self._work.db, post.team)
        return () if record is None else tuple(sorted(circle(record, self._work.clock())))
