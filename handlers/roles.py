"""Who asks, by the roster of today: what a person may see and do follows from it."""

from bot.messages.help import Role
from bot.services.audience import circle, responders
from bot.slack import Profile
from handlers.parts import Parts
from storage import teams
from storage.teams import TeamRecord


def insider(record: TeamRecord, user: str, now: float) -> bool:
    """Whether a person may see a team's load: its lead, and whoever is a responder today."""
    return user in circle(record, now)


def heir(record: TeamRecord, user: str, lead: Profile | None, now: float) -> bool:
    """Whether somebody may change a team in its lead's place: whoever answers, once the lead's account is gone.

    Args:
        record: The team.
        user: Who asks.
        lead: The lead's profile; None where Slack knows no such person.
        now: Unix seconds.
    """
    return (lead is None or lead.deleted) and user in responders(record, now)


def teams_of(parts: Parts, user: str) -> list[TeamRecord]:
    """Teams of this workspace that a person leads or answers for today."""
    now = parts.clock()
    return [r for r in teams.all(parts.db) if r.workspace == parts.workspace and insider(r, user, now)]


def team_of_channel(parts: Parts, channel: str) -> TeamRecord | None:
    """The team whose queue or team channel this is, even one that cannot be read any more."""
    found = teams.by_channel(parts.db, parts.workspace, channel)
    if found is not None:
        return found[0]
    ours = (record for record in teams.all(parts.db) if record.workspace == parts.workspace)
    return next((r for r in ours if any(queue.channel == channel for queue in r.queues)), None)


def teams_at(parts: Parts, channel: str) -> list[TeamRecord]:
    """Every team that has a channel as its queue, heard or not, or as its team channel."""
    ours = (record for record in teams.all(parts.db) if record.workspace == parts.workspace)
    return [r for r in ours if channel == r.team_channel or any(queue.channel == channel for queue in r.queues)]


def role(parts: Parts, user: str, channel: str) -> Role:
    """What a person is in a channel."""
    record = team_of_channel(parts, channel)
    if record is None:
        return Role.OUTSIDER
    if user == record.lead:
        return Role.LEAD
    return Role.RESPONDER if user in responders(record, parts.clock()) else Role.REQUESTER
