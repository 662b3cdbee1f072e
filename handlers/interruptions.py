"""`/headroom interruptions …` and `/headroom interrupted`: where mentions of a team count, and one said by hand."""

import re

from bot.health.focus import FEWEST_PEOPLE
from bot.health.seen.capacity import headcount
from bot.messages.interruptions import interrupted, named, removed
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.services import interruptions as focus
from bot.services.audience import responders
from bot.slack import SlackError
from handlers.asked import Asked, Route
from handlers.parts import Parts
from handlers.roles import insider, team_of_channel, teams_of
from storage import interruptions
from storage.teams import TeamRecord

ONLY_LEAD = "Only the team's lead can choose where mentions of the team are counted."
ONLY_INSIDERS = "Only the people who answer this team's requests, and their lead, see how often it is interrupted."
ONLY_RESPONDERS = "Only the people who answer for a team are counted here; your day is your own."
NO_TEAM = "This channel belongs to no team. Type it in a channel where requests arrive."
SMALL = (
    f"In a team of fewer than {FEWEST_PEOPLE} one could tell whose interruptions these are, so they are neither "
    "counted nor shown."
)
_INVITE = "write /invite @headroom there first, then name it again."
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]{1,30})(?:\|[^>]*)?>")
_EXAMPLE = "write for example /headroom interruptions #random, or remove #random, or list"


def routes(parts: Parts) -> dict[str, Route]:
    """The words `interruptions` and `interrupted`."""

    async def configure(asked: Asked) -> None:
        said = await parts.run(told, parts, asked.user, asked.channel, asked.rest)
        parts.wake()
        await asked.tell(said)

    async def by_hand(asked: Asked) -> None:
        await asked.tell(await parts.run(said_so, parts, asked.user, asked.channel))

    return {"interruptions": configure, "interruption": configure, "interrupted": by_hand}


def told(parts: Parts, user: str, channel: str, rest: str) -> Message:
    """`/headroom interruptions`: the list, or a channel more or fewer."""
    record = _team(parts, user, channel, "interruptions")
    if isinstance(record, str):
        return problem(record)
    now = parts.clock()
    lead = user == record.lead
    if rest.lower() in ("", "list"):
        return focus.listing(parts.db, record, now, lead=lead)
    if not lead:
        return problem(ONLY_LEAD)
    word, _, named_one = rest.partition(" ")
    dropping = word.lower() in ("remove", "stop")
    match = _CHANNEL.fullmatch(named_one.strip() if dropping else rest)
    if match is None:
        typed = named_one.strip() if dropping else rest
        what = f"“{typed[:60]}” is not a channel of this workspace" if typed else "The channel is missing"
        return problem(f"{what}: {_EXAMPLE}.")
    if dropping:
        return removed(match[1], was=interruptions.stop(parts.db, record.id, match[1], now))
    return _add(parts, record, match[1], now)


def _add(parts: Parts, record: TeamRecord, channel: str, now: float) -> Message:
    if headcount(record.team, now) < FEWEST_PEOPLE:
        return problem(SMALL)
    try:
        known = parts.slack.channel(channel)
    except SlackError:
        return problem(f"Headroom cannot see that channel: {_INVITE}")
    if known.is_archived:
        return problem(f"#{known.name} is archived, so nobody is mentioned there any more: name another channel.")
    if not known.is_member:
        return problem(f"Headroom is not in #{known.name}: {_INVITE}")
    return named(channel, new=focus.name(parts.db, record, channel, now))


def said_so(parts: Parts, user: str, channel: str) -> Message:
    """`/headroom interrupted`: one slot, now, of the team; never whose."""
    record = _team(parts, user, channel, "interrupted")
    now = parts.clock()
    if isinstance(record, str):
        return problem(ONLY_RESPONDERS if record == ONLY_INSIDERS else record)
    if user not in responders(record, now):
        return problem(ONLY_RESPONDERS)
    if headcount(record.team, now) < FEWEST_PEOPLE:
        return problem(SMALL)
    interruptions.say(parts.db, record.id, now)
    return interrupted(counts=any(one.until is None for one in interruptions.of_team(parts.db, record.id)))


def _team(parts: Parts, user: str, channel: str, word: str) -> TeamRecord | str:
    """The team that is meant, where the asker is one of it; else why not.

    Interruptions happen anywhere, so somebody's own team is meant in channels that are not its queue.
    """
    mine = teams_of(parts, user)
    here = team_of_channel(parts, channel)
    if here is not None and insider(here, user, parts.clock()):
        return here
    if len(mine) > 1:
        names = " and ".join(record.team.name for record in mine[:4])
        return f"You answer for {names}: type /headroom {word} in the channel of the team you mean."
    return mine[0] if mine else NO_TEAM if here is None else ONLY_INSIDERS
