"""Something went away: a channel, the lead, a responder. Said once, to whoever can mend it; nobody is named."""

from enum import StrEnum

from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, message, sections
from bot.messages.message import Message
from bot.messages.numbers import count


class Loss(StrEnum):
    """Why a channel cannot be used as it was."""

    REMOVED = "removed"
    ARCHIVED = "archived"
    UNREADABLE = "unreadable"
    OTHERS = "others"  # somebody besides responders, lead and bot is in the team channel


class GroupLoss(StrEnum):
    """Why a roster cannot follow its user group."""

    REMOVED = "removed"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    LARGE = "large"


_KEPT = "What was counted so far stays as it is."

_QUEUE = {
    Loss.REMOVED: (
        "Headroom is no longer in {channel}, so requests to {team} are not counted now.",
        "To go on, type `/invite @headroom` there: what was missed is then read. "
        "If it is meant to be so, there is nothing to do.",
    ),
    Loss.ARCHIVED: (
        "{channel} was archived, so requests to {team} are not counted now.",
        "To go on, unarchive it and type `/invite @headroom` there: what was missed is then read. "
        "If requests arrive elsewhere now, set up a team for that channel.",
    ),
    Loss.UNREADABLE: (
        "Slack no longer lets Headroom read {channel}, so requests to {team} are not counted now.",
        "It may have been made private: then whoever runs Headroom adds the permissions `groups:read` and "
        "`groups:history`. After that, open the settings and save them once.",
    ),
}

_TEAM_CHANNEL = {
    Loss.REMOVED: (
        "Headroom is no longer in {channel}.",
        "To have it told there again, type `/invite @headroom` in it, or choose another channel in the settings.",
    ),
    Loss.ARCHIVED: (
        "{channel} was archived.",
        "To have it told in a channel again, unarchive it, or choose another one in the settings.",
    ),
    Loss.UNREADABLE: (
        "Slack does not let Headroom see who is in {channel}.",
        "Whoever runs Headroom can add the permission `groups:read`, or choose another channel in the settings.",
    ),
    Loss.OTHERS: (
        "{channel} holds somebody besides those who answer, their lead and Headroom.",
        "To have it told there again, let the channel hold only them, or add to the team who belongs to it.",
    ),
}


def queue_lost(team: str, channel: str, why: Loss) -> Message:
    """Requests in a channel cannot be heard any more: for the lead.

    Args:
        team: The team's name.
        channel: Slack's id of the channel.
        why: What happened; not `OTHERS`.
    """
    what, mend = _QUEUE[why]
    said = what.format(channel=_link(channel), team=escape(team))
    return _message(f"*{said}* {_KEPT}", f"One thing to do: {_lower(mend)}", channel)


def team_channel_lost(team: str, channel: str, why: Loss, queue: str) -> Message:
    """Load cannot be told in the team channel any more: for the lead.

    Args:
        team: The team's name.
        channel: Slack's id of the team channel.
        why: What happened.
        queue: Slack's id of the team's queue, for the settings button.
    """
    what, mend = _TEAM_CHANNEL[why]
    said = f"*The load of {escape(team)} is told by direct message for now, to those who answer and their lead.*"
    return _message(f"{said} {what.format(channel=_link(channel))}", f"One thing to do: {_lower(mend)}", queue)


def lead_left(team: str, queue: str) -> Message:
    """The lead's account is gone: for the responders.

    Args:
        team: The team's name.
        queue: Slack's id of the team's queue, for the settings button.
    """
    said = f"*{escape(team)} has no lead any more: that account was deactivated.* Everything goes on as it was."
    mend = "any of you may take over: open the settings, choose the new lead and save. `/headroom setup` does the same."
    return _message(said, f"One thing to do: {mend}", queue)


def responders_left(team: str, number: int, queue: str) -> Message:
    """Accounts on the roster were deactivated: for the lead, who alone changes the roster.

    Args:
        team: The team's name.
        number: How many, newly seen.
        queue: Slack's id of the team's queue, for the settings button.
    """
    gone = "account was" if number == 1 else "accounts were"
    said = f"*{count(number, gone, gone)} deactivated among those who answer for {escape(team)}.*"
    capacity = "Until the list is changed, capacity is counted as if they were there."
    return _message(f"{said} {capacity}", "One thing to do: open the settings and say who answers now.", queue)


_GROUP = {
    GroupLoss.REMOVED: (
        "The user group that the roster of {team} follows is there no more.",
        "open the settings and choose another group, or say who answers.",
    ),
    GroupLoss.UNREADABLE: (
        "Slack does not let Headroom read the user group that the roster of {team} follows.",
        "whoever runs Headroom can add the permission `usergroups:read`, or say in the settings who answers.",
    ),
    GroupLoss.EMPTY: (
        "Nobody who can answer is in the user group that the roster of {team} follows.",
        "add people to the group, or say in the settings who answers.",
    ),
    GroupLoss.LARGE: (
        "The user group that the roster of {team} follows has become too large for a team.",
        "open the settings and choose a smaller group, or say who answers.",
    ),
}


def group_lost(team: str, why: GroupLoss, queue: str) -> Message:
    """The roster cannot follow its user group: for the lead.

    Args:
        team: The team's name.
        why: What happened.
        queue: Slack's id of the team's queue, for the settings button.
    """
    what, mend = _GROUP[why]
    said = f"*{what.format(team=escape(team))}* The roster stays as it was."
    return _message(said, f"One thing to do: {mend}", queue)


def _link(channel: str) -> str:
    return f"<#{escape(channel)}>"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _message(said: str, mend: str, queue: str) -> Message:
    return message(
        [
            *sections(said, mend),
            *context("Said once. It is said again only if it is mended and comes back."),
            row([button("Settings", actions.OPEN_SETUP, queue), button("What is kept", actions.OPEN_TRUST)]),
        ]
    )
