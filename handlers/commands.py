"""`/headroom` alone: how the team stands, or how long its answers take; sharing, what if, and help."""

from bot.messages import actions
from bot.messages.help import Command, Role, help_message
from bot.messages.load import load_view, share_audience, share_dropped, shared
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.messages.waiting import waiting_view
from bot.messages.whatif import USAGE, whatif_message
from bot.report.whatif import what_if
from bot.services.assessing import assess_team
from bot.slack import SlackError
from handlers.answers import Instead
from handlers.rows import Button, Call, May, Word
from storage import outbox, requests

NOWHERE = "Headroom is not in this channel, so nothing can be shared here. Invite it with /invite @headroom."


def numbers(call: Call) -> Message:
    """Load for responders and lead, waits for everybody else."""
    record = call.record
    found = assess_team(call.parts.db, record, call.now)
    if call.inside:
        return load_view(found, record.team.name, team_id=record.id, queues=record.channels)
    waiting = requests.waiting(call.parts.db, [queue.id for queue in record.queues])
    return waiting_view(found, waiting=len(waiting))


def suppose(call: Call) -> Message:
    """Today beside what if."""
    if not call.text:
        return problem(USAGE)
    return whatif_message(what_if(call.parts.db, call.record, call.now, call.text), call.record.team.name, call.text)


def help_(call: Call) -> Message:
    """What this person can do here."""
    return help_message(call.role, call.commands, *((call.here.emoji,) if call.here else ()))


def ask_to_share(call: Call) -> Instead:
    """The question before sharing, naming the channel and how many people are in it."""
    parts, record = call.parts, call.record
    try:
        known = parts.slack.channel(call.channel)
        members = parts.slack.members(call.channel) if known.is_member else []
    except SlackError:
        return Instead(problem(NOWHERE))
    if parts.bot_user not in members:
        return Instead(problem(NOWHERE))
    found = assess_team(parts.db, record, call.now)
    name, people = record.team.name, len(members) - 1
    return Instead(share_audience(found, name, team_id=record.id, channel=known.name, members=people))


def share(call: Call) -> Instead:
    """Post the team's numbers where they were asked for; one question is one post, however often pressed."""
    parts, record = call.parts, call.record
    question = call.body["container"]["message_ts"]
    message = shared(assess_team(parts.db, record, call.now), record.team.name)
    outbox.put(
        parts.db,
        key=outbox.key_of("share", record.id, call.channel, question),
        team=record.id,
        workspace=parts.workspace,
        channel=call.channel,
        kind="share",
        made=call.now,
        body=message.body(),
    )
    parts.wake()
    return Instead(Message("It is shared in this channel.", ()))


def keep(_call: Call) -> Instead:
    """Share nothing."""
    return Instead(share_dropped())


_LOAD = "how the team stands: level, utilization, waits, slack, and one thing to do. Only you see it."
_WHATIF = "today beside another demand or team, such as `+20% demand, -1 person`. Only you see it."
_REQUESTER = "how long answers usually take here, and how many requests wait."

FIRST = (
    Word(
        Command(
            "",
            {Role.LEAD: _LOAD, Role.RESPONDER: _LOAD, Role.REQUESTER: _REQUESTER},
            near=("status", "load", "numbers", "report", "show", "wait"),
        ),
        numbers,
        May.ANYONE,
    ),
    Button(actions.SHARE, ask_to_share),
    Button(actions.SHARE_YES, share),
    Button(actions.SHARE_NO, keep, May.PERSON),
)
"""The front of the help."""

WHATIF = (
    Word(
        Command(
            "whatif",
            dict.fromkeys((Role.LEAD, Role.RESPONDER), _WHATIF),
            near=("what-if", "what", "simulate"),
        ),
        suppose,
    ),
)

LAST = (
    Word(
        Command("help", dict.fromkeys(Role, "this list."), also=("?",), near=("commands", "hilfe")),
        help_,
        May.PERSON,
    ),
    Button(actions.OPEN_HELP, help_, May.PERSON),
)
"""The end of the help."""
