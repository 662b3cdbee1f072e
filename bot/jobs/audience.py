"""Who may be told about a team's load: the team channel while it holds nobody else, else each one directly."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.jobs.work import Work
from bot.messages.message import Message
from bot.slack import SlackError
from storage import outbox
from storage.database import Database
from storage.teams import TeamRecord


def audience(work: Work, record: TeamRecord) -> list[tuple[str, bool]]:
    """Where to post about load: `[(channel or user id, direct?)]`, looked at anew before each post.

    Slack is asked who is in the team channel; when it cannot say, or somebody else is in it, the post goes to
    the responders and the lead by direct message.
    """
    insiders = responders(record, work.clock())
    if record.lead:
        insiders |= {record.lead}
    if record.team_channel and closed_circle(work, record.team_channel, insiders):
        return [(record.team_channel, False)]
    return [(person, True) for person in sorted(insiders)]


def responders(record: TeamRecord, now: float) -> frozenset[str]:
    """The roster today, in team time."""
    return record.responders_on(datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date())


def closed_circle(work: Work, channel: str, insiders: frozenset[str]) -> bool:
    """Whether a channel holds none but `insiders` and the bot."""
    try:
        return set(work.slack.members(channel)) <= insiders | {work.me.user}
    except SlackError:
        return False


def address(db: Database, record: TeamRecord, recipients: list[tuple[str, bool]], key: str, message: Message) -> None:
    """Put one message into the outbox for each recipient; the first copy carries `key` itself."""
    for place, (channel, direct) in enumerate(recipients):
        outbox.put(
            db,
            key=key if place == 0 else outbox.key_of(key, channel),
            team=record.id,
            workspace=record.workspace,
            channel=channel,
            direct=direct,
            body=message.body(),
        )
