"""`/headroom efficiency`: the team's own equation beside its guards; the lead changes it in a form."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import HeadroomError
from bot.messages import actions
from bot.messages.efficiency import Filled, efficiency_view, filled, kept_view
from bot.messages.message import Block, Message
from bot.messages.problem import problem, problem_view
from bot.services.efficiency import hidden, shown
from handlers.alerts import ONLY_INSIDERS
from handlers.answering import answer
from handlers.asked import Asked, Route
from handlers.parts import Parts
from handlers.roles import insider, team_of_channel, teams_of
from storage import equations, teams
from storage.equations import Equation
from storage.teams import TeamRecord

ONLY_LEAD = "Only the team's lead can change what efficiency means to the team; /headroom efficiency shows it."
NO_TEAM = "This channel belongs to no team. Type /headroom efficiency in a channel where requests arrive."
SEVERAL = "You answer for several teams: type /headroom efficiency in the channel of the one you mean."
EDIT = ("edit", "change", "set")


def routes(parts: Parts) -> dict[str, Route]:
    """The word `efficiency`; with `edit` after it: the form."""

    async def route(asked: Asked) -> None:
        made = await parts.run(asked_for, parts, asked.user, asked.channel, asked.rest)
        if isinstance(made, Message):
            await asked.tell(made)
        else:
            await asked.client.views_open(trigger_id=asked.trigger, view=made)

    return {"efficiency": route}


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the button that opens the form, and to the form."""

    @app.action(actions.EFFICIENCY_OPEN)
    async def pressed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        await ack()
        number = body["actions"][0].get("value", "")
        await answer(body, client, respond, await parts.run(opened, parts, body["user"]["id"], number))

    @app.view(actions.EFFICIENCY_VIEW)
    async def submitted(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = await parts.run(sent, parts, body["user"]["id"], view)
        if "type" in said:
            await ack(response_action="update", view=said)
        else:
            await ack(response_action="errors", errors=said)


def asked_for(parts: Parts, user: str, channel: str, rest: str) -> Block | Message:
    """What was typed after `/headroom efficiency`: nothing, or `edit`."""
    record = _team(parts, user, channel)
    if isinstance(record, str):
        return problem(record)
    word = rest.strip().lower()
    if word in EDIT:
        return _form(parts, record, user)
    if word:
        return problem(
            f"“{rest.strip()[:60]}” after efficiency was not understood: /headroom efficiency shows the figures, "
            "/headroom efficiency edit opens the form for the lead."
        )
    return shown(parts.db, record, parts.clock(), lead=user == record.lead)


def opened(parts: Parts, user: str, number: str) -> Block | Message:
    """The form for the team that a button names, or why it stays shut."""
    record = _of(parts, number)
    return problem(NO_TEAM) if record is None else _form(parts, record, user)


def _form(parts: Parts, record: TeamRecord, user: str) -> Block | Message:
    refused = _refused(parts, record, user)
    if refused:
        return problem(refused)
    equation = equations.get(parts.db, record.id)
    return efficiency_view(
        record.team.name,
        team_id=record.id,
        outcome=equation.outcome,
        cost=equation.hourly_cost,
        currency=equation.currency,
    )


def sent(parts: Parts, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what the lead chose; sent twice, it holds once.

    Returns:
        A view to show in its place, or field → what is wrong there.
    """
    record = _of(parts, str(view.get("private_metadata", "")))
    refused = NO_TEAM if record is None else _refused(parts, record, user)
    if record is None or refused:
        return problem_view(refused)
    try:
        said = filled(view)
    except HeadroomError as strange:
        return problem_view(strange)
    if not isinstance(said, Filled):
        return dict(said)
    equations.put(parts.db, record.id, Equation(said.outcome, said.cost, said.currency))
    return kept_view(record.team.name, said.outcome)


def _refused(parts: Parts, record: TeamRecord, user: str) -> str:
    """Why a person may not change the equation; empty where they may."""
    if user != record.lead:
        return ONLY_LEAD if insider(record, user, parts.clock()) else ONLY_INSIDERS
    return hidden(record, parts.clock())


def _team(parts: Parts, user: str, channel: str) -> TeamRecord | str:
    """The team that is meant, where the asker may see its load; else why not."""
    record = team_of_channel(parts, channel)
    if record is not None:
        return record if insider(record, user, parts.clock()) else ONLY_INSIDERS
    mine = teams_of(parts, user)
    return mine[0] if len(mine) == 1 else SEVERAL if mine else NO_TEAM


def _of(parts: Parts, number: str) -> TeamRecord | None:
    record = teams.get(parts.db, int(number)) if number.isdecimal() else None
    return record if record is not None and record.workspace == parts.workspace else None
