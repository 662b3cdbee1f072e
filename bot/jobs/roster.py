"""A team's user group followed: once a day its members come to the roster, and who left the group leaves it.

The days before stay as they were, so past figures do. Bots, guests and deactivated people do not answer, as at
set-up. Where the group cannot be read or nobody is in it, the roster stays, and the lead is told once.
Source: https://docs.slack.dev/reference/methods/usergroups.users.list
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from bot.errors import BadInputError
from bot.final_words import Ends
from bot.health.seen.worktime import time_zone
from bot.jobs.membership import Teller, has_account, some_queue
from bot.messages.away import GroupLoss, group_lost
from bot.messages.message import Message
from bot.services.audience import responders
from bot.services.work import Work
from bot.slack import Profile, SlackBusyError, SlackError, SlackUnknownError
from storage import roster as rosters
from storage import teams
from storage.teams import TeamRecord

DAY = 86_400.0

MOST_RESPONDERS = 200
"""A larger group is no team: capacity and figures of so many would say nothing."""

LOST = {Ends.SCOPE: GroupLoss.UNREADABLE, Ends.GROUP: GroupLoss.REMOVED}
"""What ends that keeps a group from being followed; nothing else that Slack says tells of the group."""


def roster(work: Work, team: int) -> float | None:
    """Bring a roster in line with the team's user group; due again tomorrow, never where it follows none."""
    record = teams.get(work.db, team)
    if record is None or record.workspace != work.me.workspace or record.user_group is None:
        return None
    try:
        found = _members(work, record, record.user_group)
        amiss = found if isinstance(found, GroupLoss) else None
        to = _whom(work, record) if amiss else ()
    except (SlackBusyError, SlackUnknownError) as later:
        return work.clock() + later.after
    except SlackError:
        return work.clock() + DAY
    if not isinstance(found, GroupLoss):
        _follow(work, record, found)
    _tell(Teller(work, record, to), record.user_group, amiss)
    return work.clock() + DAY


def _members(work: Work, record: TeamRecord, group: str) -> dict[str, Profile | None] | GroupLoss:
    """Members who can answer (with a profile where Slack was asked), or why there are none."""
    try:
        members = work.slack.group_members(group)
    except SlackError as refused:
        if refused.ends in LOST:
            return LOST[refused.ends]
        raise
    if len(members) > MOST_RESPONDERS:
        return GroupLoss.LARGE
    fit = _fit(work, members, responders(record, work.clock()))
    return fit or GroupLoss.EMPTY


def _fit(work: Work, members: Collection[str], standing: Collection[str]) -> dict[str, Profile | None]:
    """Those who can answer; newcomers are looked at first, and who stands already stays while Slack is busy."""
    fit: dict[str, Profile | None] = {}
    for person in sorted(members, key=lambda person: person in standing):
        if person == work.me.user:
            continue
        try:
            profile = work.slack.person(person)
        except (SlackBusyError, SlackUnknownError):
            if person not in standing:
                raise
            fit[person] = None
            continue
        except SlackError as refused:
            if refused.ends is not Ends.PERSON:
                raise
            continue
        if not (profile.is_bot or profile.guest or profile.deleted):
            fit[person] = profile
    return fit


def _follow(work: Work, record: TeamRecord, members: dict[str, Profile | None]) -> None:
    today = datetime.fromtimestamp(work.clock(), time_zone(record.team.tz)).date()
    with work.db.write() as connection:
        new = rosters.follow(connection, record.id, members, today)
        zones = {person: tz for person in new if (tz := own_zone(members[person], record.team.tz))}
        rosters.set_zones(connection, record.id, zones)


def own_zone(profile: Profile | None, team: str) -> str | None:
    """A newcomer's own time zone, where Slack knows one and it is not the team's."""
    if profile is None or not profile.tz or profile.tz == team:
        return None
    try:
        time_zone(profile.tz)
    except BadInputError:
        return None
    return profile.tz


def _whom(work: Work, record: TeamRecord) -> Collection[str]:
    """The lead; those who answer where the lead is gone."""
    if record.lead and has_account(work, record.lead):
        return (record.lead,)
    return responders(record, work.clock())


def _tell(teller: Teller, group: str, amiss: GroupLoss | None) -> None:
    """Say once what keeps the group from being followed; what is mended may be said again."""
    record = teller.record
    for why in GroupLoss:
        words = partial(_words, record, why)
        teller.tell({(f"group {why.value}", group): why is amiss}, words)


def _words(record: TeamRecord, why: GroupLoss, _number: int) -> Message:
    return group_lost(record.team.name, why, some_queue(record))
