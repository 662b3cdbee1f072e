"""`/headroom friction`, its shortcut and buttons: a process flaw is reported without a name, seen, looked at, fixed.

Who reports is known here only while the form is answered: it is checked, and neither kept, passed on nor logged.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadInputError, HeadroomError
from bot.messages import actions
from bot.messages.friction import unpacked
from bot.messages.friction_form import GONE, OUTSIDE, Filled, filled, friction_view, thanks_view
from bot.messages.message import Block, Message
from bot.messages.problem import problem, problem_view
from bot.services import frictions as jobs
from handlers.answering import answer
from handlers.asked import Asked, Route
from handlers.parts import Parts
from handlers.roles import insider, team_of_channel, teams_of
from storage import digests, frictions, teams, touches
from storage.teams import TeamRecord

LIST = "list"
STATES = {actions.FRICTION_LOOKING: "looking", actions.FRICTION_FIXED: "fixed"}


def routes(parts: Parts) -> dict[str, Route]:
    """The word `friction`: the form, or with `list` what was reported."""

    async def friction(asked: Asked) -> None:
        if asked.rest.lower() == LIST:
            await asked.tell(await parts.run(shown_here, parts, asked.user, asked.channel))
            return
        view = await parts.run(opened_here, parts, asked.user, asked.channel, asked.rest)
        if isinstance(view, Message):
            await asked.tell(view)
        else:
            await asked.client.views_open(trigger_id=asked.trigger, view=view)

    return {"friction": friction}


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the shortcut, the form, and the buttons of digest and list."""

    @app.shortcut(actions.FRICTION_SHORTCUT)
    async def picked(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = await parts.run(opened_anywhere, parts, body["user"]["id"])
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.action(actions.FRICTION_OPEN)
    async def pressed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        await ack()
        await answer(body, client, respond, await parts.run(opened_for, parts, body))

    @app.action(actions.FRICTION_LIST)
    async def asked_for(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message = await parts.run(shown_for, parts, body)
        await respond(**message.payload(), response_type="ephemeral", replace_original=False)

    async def marked(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message = await parts.run(mark, parts, body)
        await respond(**message.payload(), response_type="ephemeral", replace_original=True)

    for action in STATES:
        app.action(action)(marked)

    @app.view(actions.FRICTION_VIEW)
    async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        answer = await parts.run(submitted, parts, body["user"]["id"], view)
        if "type" not in answer:
            await ack(response_action="errors", errors=answer)
            return
        await ack(response_action="update", view=answer)
        # The write-ahead log has the order of all writes, and times in some: it is emptied at once.
        await parts.run(parts.db.checkpoint)


# -- plain functions, called in a thread ------------------------------------------------------


def opened_here(parts: Parts, user: str, channel: str, words: str = "") -> Block | Message:
    """The form for the channel's team, else for the person's own teams; or why there is none."""
    record = team_of_channel(parts, channel)
    if record is not None and insider(record, user, parts.clock()):
        return _form(parts, [record], words)
    return _form(parts, teams_of(parts, user), words)


def opened_anywhere(parts: Parts, user: str) -> Block:
    """The form for one of the person's teams, or a view that says why there is none: a shortcut has no channel."""
    view = _form(parts, teams_of(parts, user))
    return problem_view(_why(parts, teams_of(parts, user))) if isinstance(view, Message) else view


def opened_for(parts: Parts, body: Mapping[str, Any]) -> Block | Message:
    """The form for the team that a button names."""
    record = _own(parts, body)
    if record is None:
        return problem(OUTSIDE)
    _tapped(parts, record, body)
    return _form(parts, [record])


def _form(parts: Parts, records: list[TeamRecord], words: str = "") -> Block | Message:
    now = parts.clock()
    willing = [record for record in records if not jobs.refused(parts.db, record, now)]
    if not willing:
        return problem(_why(parts, records))
    return friction_view([(record.id, record.team.name) for record in willing], secrets.token_urlsafe(16), words)


def _why(parts: Parts, records: list[TeamRecord]) -> str:
    """Why none of these teams takes a note."""
    return jobs.refused(parts.db, records[0], parts.clock()) if records else OUTSIDE


def submitted(parts: Parts, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what the form says.

    Returns:
        A view to show in its place, or field → what is wrong there.
    """
    try:
        said = filled(view)
    except HeadroomError as strange:
        return problem_view(strange)
    if not isinstance(said, Filled):
        return said
    now = parts.clock()
    record = _team(parts, said.team)
    if record is None:
        return problem_view(GONE)
    why = jobs.refused(parts.db, record, now) if insider(record, user, now) else OUTSIDE
    if why:
        return problem_view(why)
    jobs.report(parts.db, record, said, now, secrets.randbelow)
    return thanks_view(record.team.name)


def shown_here(parts: Parts, user: str, channel: str) -> Message:
    """What was reported in the channel's team, else in the person's own; for the team alone."""
    record = team_of_channel(parts, channel)
    now = parts.clock()
    if record is not None and insider(record, user, now):
        return jobs.listed(parts.db, record, now)
    mine = teams_of(parts, user)
    if len(mine) > 1:
        names = " and ".join(one.team.name for one in mine[:4])
        return problem(f"You answer for {names}: type /headroom friction list in the channel of the team you mean.")
    return jobs.listed(parts.db, mine[0], now) if mine else problem(OUTSIDE)


def shown_for(parts: Parts, body: Mapping[str, Any]) -> Message:
    """What was reported in the team that a button names."""
    record = _own(parts, body)
    if record is None:
        return problem(OUTSIDE)
    _tapped(parts, record, body)
    return jobs.listed(parts.db, record, parts.clock())


def mark(parts: Parts, body: Mapping[str, Any]) -> Message:
    """Take a click on "Looking at it" or "Fixed"; a second one, or one on an old list, changes no later note."""
    clicked = body["actions"][0]
    try:
        number, topic, seen = unpacked(clicked.get("value", ""))
    except BadInputError as strange:
        return problem(strange)
    record, now = _team(parts, number), parts.clock()
    if record is None or not insider(record, body["user"]["id"], now):
        return problem(OUTSIDE)
    today = jobs.team_day(record, now)
    frictions.mark(parts.db, record.id, topic, STATES[clicked["action_id"]], min(seen, today), today)
    return jobs.listed(parts.db, record, now)


def _tapped(parts: Parts, record: TeamRecord, body: Mapping[str, Any]) -> None:
    """Count a tap under a digest, never whose; what only its presser sees was not posted by us."""
    if not (body.get("container") or {}).get("is_ephemeral"):
        touches.tap(parts.db, record.id, "digest", jobs.team_day(record, parts.clock()))
        digests.touched(parts.db, record.id)


def _own(parts: Parts, body: Mapping[str, Any]) -> TeamRecord | None:
    """The team that a button names, for its people alone."""
    number = body["actions"][0].get("value", "")
    record = _team(parts, int(number)) if number.isdecimal() else None
    return record if record is not None and insider(record, body["user"]["id"], parts.clock()) else None


def _team(parts: Parts, number: int) -> TeamRecord | None:
    record = teams.get(parts.db, number)
    return record if record is not None and record.workspace == parts.workspace else None
