"""Interruptions: what a named channel is told first, what is counted where, and what it comes to for the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.health.results import Focus, Span, Unknown
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, escape, message, sections
from bot.messages.message import Message
from bot.messages.numbers import count, day, hours_range, number, percent

HELP = "Write `/headroom interruptions #channel`, `remove #channel` or `list`."


class Counted(Enum):
    """How it stands with a channel."""

    YES = "counted"
    SOON = "counted once the announcement stands there"
    NO = "not counted: the announcement could not be posted; name it again once Headroom may post there"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel that the team named.

    Attributes:
        channel: Slack channel id.
        stands: Whether it is counted.
    """

    channel: str
    stands: Counted


def announcement(team: str) -> Message:
    """The post in a named channel that comes before anything is counted there.

    Args:
        team: The name of the team whose mentions are counted.
    """
    name = escape(team)
    return message(
        [
            *sections(
                f"*From now on Headroom counts how often {name} is mentioned in this channel.*",
                "The team wants to know how much quiet it has for its work. Please go on asking as always.",
            ),
            *sections(
                f"• *Kept:* the five minutes in which somebody of {name}, or its group, was mentioned, and nothing "
                "else. Only working hours count, and several mentions within five minutes are one.",
                "• *Never:* who wrote, who was mentioned, the message or its text. The text is looked at in memory and "
                "dropped. Figures are the whole team's, and only with five people or more.",
                "• *How long:* 13 months. As no person is kept, there is nothing of yours to remove.",
                f"• *To object:* tell the lead of {name}, who can end it with `/headroom interruptions remove`, or "
                "take Headroom out of this channel: that ends it at once.",
            ),
            row([button("What is kept", actions.OPEN_TRUST)]),
        ]
    )


def named(channel: str, *, new: bool) -> Message:
    """The answer to the lead who named a channel.

    Args:
        channel: Slack channel id.
        new: Whether it was not named before.
    """
    where = f"<#{escape(channel)}>"
    if not new:
        return message(sections(f"Mentions of the team in {where} are counted already."))
    return message(
        sections(
            f"A post in {where} now says what is counted. From the moment it stands, mentions of the team there count, "
            "without anybody's name. First figures come after five working days."
        )
    )


def removed(channel: str, *, was: bool) -> Message:
    """The answer to the lead who took a channel off the list.

    Args:
        channel: Slack channel id.
        was: Whether it was on it.
    """
    where = f"<#{escape(channel)}>"
    if not was:
        return message(sections(f"Nothing was counted in {where}. `/headroom interruptions list` shows where."))
    return message(
        sections(
            f"Mentions in {where} are no longer counted. The figures begin anew, so that all days in them are alike."
        )
    )


def listed(team: str, places: Sequence[Place], found: Focus | Unknown, *, lead: bool) -> Message:
    """Where is counted, and what it comes to.

    Args:
        team: The team's name.
        places: Channels that the team named.
        found: What it comes to, or why that is not known.
        lead: Whether whoever asks may change it.
    """
    lines = [f"• <#{escape(one.channel)}>: {one.stands.value}." for one in places]
    none = "No channel is named, so no mention is counted anywhere."
    said = f"What it comes to is not known yet: {found.reason}." if isinstance(found, Unknown) else focus_line(found)
    return message(
        [
            *sections(f"*Where mentions of {escape(team)} are counted*", *(lines or [none])),
            *sections(said if places else ""),
            *context(HELP if lead else "The lead chooses the channels.", *(_caveat(found) if places else ())),
        ]
    )


def _caveat(found: Focus | Unknown) -> tuple[str, ...]:
    return (CAVEAT,) if found else ()


CAVEAT = (
    "How long it takes to get back into the work is known only as a range: seconds in the laboratory (Monk 2008, "
    "Altmann & Trafton 2007), often much longer in offices (Mark 2005). So hours are shown for 1 to 23 minutes each."
)


def focus_line(found: Focus) -> str:
    """How much a team is interrupted, in one line: ranges, never one number, and of no person."""
    often, low, high = found.interruptions.value, found.interruptions.low, found.interruptions.high
    return (
        f"*Focus* since {day(found.since)}: about {number(often)} interruptions in a working day for each person on "
        f"duty, averaged over the team ({number(low)}–{number(high)}). {_percents(found.quiet)} of the hours lie "
        f"in quiet stretches of an hour or more. Getting back into the work costs the team "
        f"{hours_range(found.lost_hours.low, found.lost_hours.high)} a week, "
        "depending on whether it takes 1 or 23 minutes each time."
    )


def focus_short(found: Focus) -> str:
    """The same for the digest."""
    return (
        f"*Focus*: {number(found.interruptions.low)}–{number(found.interruptions.high)} interruptions a person-day "
        f"({count(found.days, 'day')} counted), {_percents(found.quiet)} of the hours in quiet stretches of an hour "
        f"or more; getting back into the work costs {hours_range(found.lost_hours.low, found.lost_hours.high)} a week."
    )


def _percents(of: Span) -> str:
    low, high = percent(of.low), percent(of.high)
    return low if low == high else f"{low[:-1]}–{high}"


def interrupted(*, counts: bool) -> Message:
    """The answer to somebody who said they were interrupted.

    Args:
        counts: Whether mentions are counted too, so that figures come of it.
    """
    later = (
        ""
        if counts
        else " Figures come once the lead names the channels where mentions count (`/headroom interruptions #channel`)."
    )
    return message(
        sections(
            "Noted, without your name: one interruption of the team in these five minutes. "
            f"May the rest of your day be quieter.{later}"
        )
    )
