"""`/headroom interruptions …` and `/headroom interrupted`: where mentions of a team count, and one said by hand."""

import re

from bot.health.focus import FEWEST_PEOPLE
from bot.health.seen.capacity import headcount
from bot.messages.help import Command, Role
from bot.messages.interruptions import interrupted, named, removed
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.services import interruptions as focus
from bot.slack import SlackError
from handlers.rows import Call, May, Row, Word, split_word
from storage import interruptions

SMALL = (
    f"In a team of fewer than {FEWEST_PEOPLE} one could tell whose interruptions these are, so they are neither "
    "counted nor shown."
)
_INVITE = "write /invite @headroom there first, then name it again."
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]{1,30})(?:\|[^>]*)?>")
_EXAMPLE = "write for example /headroom interruptions #random, or remove #random, or list"


def told(call: Call) -> Message:
    """`/headroom interruptions`: the list, or a channel more or fewer."""
    if call.text.lower() in ("", "list"):
        return focus.listing(call.parts.db, call.record, call.now, lead=call.lead)
    call.needs_lead("choose where mentions of the team are counted")
    verb, named_one = split_word(call.text)
    dropping = verb in ("remove", "stop")
    typed = named_one if dropping else call.text
    match = _CHANNEL.fullmatch(typed)
    if match is None:
        what = f"“{typed[:60]}” is not a channel of this workspace" if typed else "The channel is missing"
        return problem(f"{what}: {_EXAMPLE}.")
    said = _dropped(call, match[1]) if dropping else _added(call, match[1])
    call.parts.wake()
    return said


def said_so(call: Call) -> Message:
    """`/headroom interrupted`: one slot, now, of the team; never whose."""
    db, record = call.parts.db, call.record
    if headcount(record.team, call.now) < FEWEST_PEOPLE:
        return problem(SMALL)
    interruptions.say(db, record.id, call.now)
    return interrupted(counts=any(one.until is None for one in interruptions.of_team(db, record.id)))


_INTERRUPTED = "count an interruption of the team now, without your name."

ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "interruptions",
            {
                Role.LEAD: "where mentions of the team are counted: `#channel`, `remove #channel`, `list`. Never who.",
                Role.RESPONDER: "where mentions of the team are counted, and what they come to for the team.",
            },
            also=("interruption",),
            near=("focus", "mentions"),
        ),
        told,
    ),
    Word(
        Command(
            "interrupted",
            dict.fromkeys((Role.LEAD, Role.RESPONDER), _INTERRUPTED),
            near=("disturbed", "distracted"),
        ),
        said_so,
        May.RESPONDER,
    ),
)


def _dropped(call: Call, channel: str) -> Message:
    return removed(channel, was=interruptions.stop(call.parts.db, call.record.id, channel, call.now))


def _added(call: Call, channel: str) -> Message:
    if headcount(call.record.team, call.now) < FEWEST_PEOPLE:
        return problem(SMALL)
    try:
        known = call.parts.slack.channel(channel)
    except SlackError:
        return problem(f"Headroom cannot see that channel: {_INVITE}")
    if known.is_archived:
        return problem(f"#{known.name} is archived, so nobody is mentioned there any more: name another channel.")
    if not known.is_member:
        return problem(f"Headroom is not in #{known.name}: {_INVITE}")
    return named(channel, new=focus.name(call.parts.db, call.record, channel, call.now))
