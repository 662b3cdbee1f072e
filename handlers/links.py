"""`/headroom links …`: queues between which work goes on. A lead links; insiders see."""

import re

from bot.health.chain import leads_to
from bot.messages.help import Command, Role
from bot.messages.links import EXAMPLE, linked, unlinked
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.services import links as chain
from handlers.parts import Parts
from handlers.roles import team_of_channel
from handlers.rows import Call, Row, Word
from storage import links, teams
from storage.links import FIRST, NEXT, Link
from storage.teams import Queue, TeamRecord

ONLY_LEAD = "Only a lead of one of the two teams can link or unlink their channels."
SAME = (
    "Both channels are answered by the same team, whose figures hold all its channels together: link channels of "
    "different teams."
)
CIRCLE = "That would make a circle, and a chain needs a beginning and an end: take the link back the other way first."
ITSELF = "A channel cannot go on in itself: name two different channels."
UNREAD = "can no longer be read by Headroom: invite it back to the channel, or unarchive it, and link then."
NO_QUEUE = "is no team's channel for requests: only these can be linked."
_CHANNEL = r"<#([CG][A-Z0-9]{1,30})(?:\|[^>]*)?>"
_PAIR = re.compile(rf"{_CHANNEL}\s*(?:->|→|to|>)\s*{_CHANNEL}")


def told(call: Call) -> Message:
    """`/headroom links`: the chains, or a link more or fewer, for a lead of either of its two teams."""
    parts, rest = call.parts, call.text
    if rest.lower() in ("", "list"):
        return chain.listed(parts.db, call.record, call.now)
    removing = rest.lower().startswith(("remove ", "remove\t")) or rest.lower() == "remove"
    typed = rest[len("remove") :].strip() if removing else rest
    match = _PAIR.fullmatch(typed)
    if match is None:
        what = f"“{typed[:60]}” does not name two channels" if typed else "The two channels are missing"
        return problem(f"{what}: {EXAMPLE}.")
    first, after = _queue(parts, match[1]), _queue(parts, match[2])
    if first is None or after is None:
        return problem(f"The {'first' if first is None else 'second'} channel {NO_QUEUE}")
    leads = [call.user == first[1].lead, call.user == after[1].lead]
    if not any(leads):
        return problem(ONLY_LEAD)
    return _unlink(parts, first[0], after[0]) if removing else _link(parts, first, after, leads)


ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "links",
            {
                Role.LEAD: "where work done here goes on: `#first -> #next`, `remove #first -> #next`, `list`.",
                Role.RESPONDER: "the chain of queues that work goes through: its time, and what holds it up.",
            },
            also=("link",),
            near=("chain", "flow", "bottleneck"),
        ),
        told,
    ),
)


def _unlink(parts: Parts, up: Queue, down: Queue) -> Message:
    return unlinked(up.channel, down.channel, was=links.remove(parts.db, up.id, down.id))


def _link(parts: Parts, first: tuple[Queue, TeamRecord], after: tuple[Queue, TeamRecord], leads: list[bool]) -> Message:
    up, down = first[0], after[0]
    if up.gone or down.gone:
        return problem(f"The {'first' if up.gone else 'second'} channel {UNREAD}")
    if up.id == down.id:
        return problem(ITSELF)
    if first[1].id == after[1].id:
        return problem(SAME)
    known = links.of_workspace(parts.db, parts.workspace)
    owner = {queue.id: record.id for record in teams.all(parts.db) for queue in record.queues}
    if leads_to([(owner[link.upstream], owner[link.downstream]) for link in known], after[1].id, first[1].id):
        return problem(CIRCLE)
    new = links.add(parts.db, Link(up.id, down.id, FIRST * leads[0] | NEXT * leads[1]))
    kept = {(link.upstream, link.downstream): link for link in links.of_workspace(parts.db, parts.workspace)}
    return linked(up.channel, down.channel, new=new, shared=kept[up.id, down.id].shared)


def _queue(parts: Parts, channel: str) -> tuple[Queue, TeamRecord] | None:
    """A team's queue of this workspace, also one that can no longer be read: its links can still be taken back."""
    record = team_of_channel(parts, channel)
    found = () if record is None else (queue for queue in record.queues if queue.channel == channel)
    queue = next(iter(found), None)
    return None if record is None or queue is None else (queue, record)
