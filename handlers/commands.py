"""`/headroom` and its words: what a person may see here, and sharing it after naming the audience."""

import html
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadInputError
from bot.jobs.check import channels
from bot.messages import actions
from bot.messages.help import help_message, unknown_command
from bot.messages.load import load_view, share_audience, share_dropped, shared
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.messages.waiting import waiting_view
from bot.messages.whatif import FOR_THE_TEAM, USAGE, whatif_message
from bot.report.whatif import what_if
from bot.services.assessing import assess_team
from bot.slack import SlackError
from handlers.asked import Asked, Route
from handlers.parts import Parts
from handlers.permalinks import begin
from handlers.roles import insider, role, team_of_channel, teams_of
from handlers.setup import Setup
from handlers.trust import open_trust
from storage import outbox, requests, teams
from storage.teams import TeamRecord

NO_TEAM = (
    "This channel belongs to no team. Type /headroom in a channel where requests arrive, "
    "or /headroom setup to set a team up here."
)
NOT_YOURS = "Only the people who answer this team's requests, and their lead, can share its load."
NOWHERE = "Headroom is not in this channel, so nothing can be shared here. Invite it with /invite @headroom."


def register(app: AsyncApp, parts: Parts, setup: Setup, more: Mapping[str, Route]) -> None:
    """Listen to the command and to the buttons of its answers.

    Args:
        app: Bolt's app.
        parts: What listeners may use.
        setup: Opens the set-up form.
        more: The words of other features.
    """
    words = {**routes(parts, setup), **more}

    @app.command("/headroom")
    async def asked(ack: AsyncAck, command: Mapping[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        typed = first_word(command.get("text", "")), after_first_word(command.get("text", ""))
        asking = Asked(command["user_id"], command["channel_id"], *typed, command["trigger_id"], respond, client)
        await words.get(asking.word, words["help" if asking.word == "?" else UNKNOWN])(asking)

    @app.action(actions.OPEN_HELP)
    async def helped(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        channel = (body.get("channel") or {}).get("id", "")
        message = help_message(await parts.run(role, parts, body["user"]["id"], channel))
        await respond(**message.payload(), response_type="ephemeral", replace_original=False)

    _register_sharing(app, parts)


def _register_sharing(app: AsyncApp, parts: Parts) -> None:
    def button(work: Callable[[Parts, Mapping[str, Any]], Message]) -> Callable[..., Awaitable[None]]:
        async def pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            message = await parts.run(work, parts, body)
            await respond(**message.payload(), response_type="ephemeral", replace_original=True)

        return pressed

    app.action(actions.SHARE)(button(ask_to_share))
    app.action(actions.SHARE_YES)(button(share))
    app.action(actions.SHARE_NO)(button(lambda _parts, _body: share_dropped()))


UNKNOWN = "\0"
"""Stands in the routes for every word that is none; nobody can type it."""


def routes(parts: Parts, setup: Setup) -> dict[str, Route]:
    """Word → what it does."""

    async def numbers_route(asked: Asked) -> None:
        await asked.tell(await parts.run(numbers, parts, asked.user, asked.channel))

    async def setup_route(asked: Asked) -> None:
        refused = await setup.open(asked.client, asked.trigger, asked.user, asked.channel)
        if refused is not None:
            await asked.tell(problem(refused))

    async def check_route(asked: Asked) -> None:
        await asked.tell(await parts.run(begin, parts, asked.user, asked.channel))

    async def whatif_route(asked: Asked) -> None:
        await asked.tell(await parts.run(suppose, parts, asked.user, asked.channel, asked.rest))

    async def trust_route(asked: Asked) -> None:
        await open_trust(parts, asked.client, asked.trigger, asked.user, asked.channel)

    async def help_route(asked: Asked) -> None:
        await asked.tell(help_message(await parts.run(role, parts, asked.user, asked.channel)))

    async def unknown_route(asked: Asked) -> None:
        who = await parts.run(role, parts, asked.user, asked.channel)
        await asked.tell(unknown_command(asked.word, who))

    return {
        "": numbers_route,
        "setup": setup_route,
        "check": check_route,
        "whatif": whatif_route,
        "trust": trust_route,
        "help": help_route,
        UNKNOWN: unknown_route,
    }


def first_word(text: str) -> str:
    """The first word after the command, in small letters, as it was typed (Slack escapes &, < and >); "" for none."""
    return html.unescape(next(iter(text.split(maxsplit=1)), "")).lower()


def after_first_word(text: str) -> str:
    """What stands after the first word, as it was typed; "" for nothing."""
    return html.unescape(text.strip().partition(" ")[2]).strip()


def numbers(parts: Parts, user: str, channel: str) -> Message:
    """Load for responders and lead, waits for everybody else, a way on where the channel says no team."""
    now = parts.clock()
    record = team_of_channel(parts, channel)
    if record is None:
        mine = teams_of(parts, user)
        if len(mine) != 1:
            return problem(_which(mine))
        alone = mine[0]
        found = assess_team(parts.db, alone, now)
        return load_view(found, alone.team.name, team_id=alone.id, queues=channels(alone))
    found = assess_team(parts.db, record, now)
    if insider(record, user, now):
        return load_view(found, record.team.name, team_id=record.id, queues=channels(record))
    waiting = requests.waiting(parts.db, [queue.id for queue in record.queues])
    return waiting_view(found, waiting=len(waiting))


def suppose(parts: Parts, user: str, channel: str, expression: str) -> Message:
    """Today beside what if, for responders and lead alone."""
    now = parts.clock()
    record = team_of_channel(parts, channel)
    if record is None:
        mine = teams_of(parts, user)
        if len(mine) != 1:
            return problem(_which(mine))
        record = mine[0]
    if not insider(record, user, now):
        return problem(FOR_THE_TEAM)
    if not expression:
        return problem(USAGE)
    try:
        answer = what_if(parts.db, record, now, expression)
    except BadInputError as error:
        return problem(error)
    return whatif_message(answer, record.team.name, expression)


def _which(mine: list[TeamRecord]) -> str:
    if not mine:
        return NO_TEAM
    names = " and ".join(record.team.name for record in mine[:4])
    return f"You answer for {names}: type /headroom in the channel of the team you mean."


def ask_to_share(parts: Parts, body: Mapping[str, Any]) -> Message:
    """The question before sharing, naming the channel and how many people are in it."""
    record = _own_team(parts, body)
    if record is None:
        return problem(NOT_YOURS)
    channel = body["channel"]["id"]
    try:
        known = parts.slack.channel(channel)
        members = parts.slack.members(channel) if known.is_member else []
    except SlackError:
        return problem(NOWHERE)
    if parts.bot_user not in members:
        return problem(NOWHERE)
    return share_audience(
        assess_team(parts.db, record, parts.clock()),
        record.team.name,
        team_id=record.id,
        channel=known.name,
        members=len(members) - 1,
    )


def share(parts: Parts, body: Mapping[str, Any]) -> Message:
    """Post the team's numbers where they were asked for; one question is one post, however often pressed."""
    record = _own_team(parts, body)
    if record is None:
        return problem(NOT_YOURS)
    channel, question = body["channel"]["id"], body["container"]["message_ts"]
    message = shared(assess_team(parts.db, record, parts.clock()), record.team.name)
    outbox.put(
        parts.db,
        key=outbox.key_of("share", record.id, channel, question),
        team=record.id,
        workspace=parts.workspace,
        channel=channel,
        kind="share",
        made=parts.clock(),
        body=message.body(),
    )
    parts.wake()
    return Message("It is shared in this channel.", ())


def _own_team(parts: Parts, body: Mapping[str, Any]) -> TeamRecord | None:
    number = body["actions"][0].get("value", "")
    record = teams.get(parts.db, int(number)) if number.isdecimal() else None
    if record is None or record.workspace != parts.workspace:
        return None
    return record if insider(record, body["user"]["id"], parts.clock()) else None
