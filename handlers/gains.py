"""`/headroom gain`, `/headroom pledge` and their buttons: what a team improved, and where the freed hours go."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import HeadroomError
from bot.health.ledger import ordinary_hours
from bot.health.measured import tellable
from bot.health.seen.worktime import time_zone
from bot.jobs import gains as jobs
from bot.messages import actions
from bot.messages.gain_form import (
    MEASURES,
    Filled,
    Pledged,
    filled,
    gain_view,
    kept_sentence,
    pledge_view,
    pledged,
    pledged_sentence,
    team_in,
    thanks_view,
)
from bot.messages.gains import answered
from bot.messages.message import Block, Message
from bot.messages.problem import problem, problem_view
from handlers import answering
from handlers.asked import Asked, Route
from handlers.parts import Parts
from handlers.roles import insider, team_of_channel, teams_of
from storage import digests, gains, rhythms, teams, touches
from storage.teams import TeamRecord

LIST = "list"
OUTSIDE = (
    "Gains are written down by the people who answer a team's requests, and their lead; they are the team's own. "
    "If you had a hand in one, tell them: they will be glad to hear it."
)
OFF = "The ledger of gains is switched off for this team; its lead can switch it on in the settings."
GONE = "This gain does not exist any more, so there is nothing to answer."


def routes(parts: Parts) -> dict[str, Route]:
    """The words `gain` (with `list`: the ledger) and `pledge`."""

    async def gain(asked: Asked) -> None:
        made = listed_here if asked.rest.lower() == LIST else opened_here
        await _answer(asked, await parts.run(made, parts, asked.user, asked.channel))

    async def pledge(asked: Asked) -> None:
        await _answer(asked, await parts.run(pledge_here, parts, asked.user, asked.channel))

    return {"gain": gain, "gains": gain, "pledge": pledge}


async def _answer(asked: Asked, said: Block | Message) -> None:
    if isinstance(said, Message):
        await asked.tell(said)
    else:
        await asked.client.views_open(trigger_id=asked.trigger, view=said)


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the buttons and the two forms."""

    def button(made: Callable[[Parts, Mapping[str, Any]], Block | Message]) -> Callable[..., Awaitable[None]]:
        async def pressed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
            await ack()
            await answering.answer(body, client, respond, await parts.run(made, parts, body))

        return pressed

    app.action(actions.GAIN_OPEN)(button(opened_for))
    app.action(actions.GAIN_LIST)(button(listed_for))
    app.action(actions.PLEDGE_OPEN)(button(pledge_for))
    app.action(actions.GAIN_STANDS)(button(answer))
    app.action(actions.GAIN_ENDED)(button(answer))

    def form(taken: Callable[[Parts, str, Mapping[str, Any]], dict[str, Any]]) -> Callable[..., Awaitable[None]]:
        async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
            said = await parts.run(taken, parts, body["user"]["id"], view)
            if "type" in said:
                await ack(response_action="update", view=said)
                parts.wake()
            else:
                await ack(response_action="errors", errors=said)

        return sent

    app.view(actions.GAIN_VIEW)(form(submitted))
    app.view(actions.PLEDGE_VIEW)(form(pledge_submitted))


# -- plain functions, called in a thread ------------------------------------------------------


def opened_here(parts: Parts, user: str, channel: str) -> Block | Message:
    """The form of a gain for the channel's team, else for the person's own."""
    record = _here(parts, user, channel, "gain")
    return record if isinstance(record, Message) else _form(parts, record)


def opened_for(parts: Parts, body: Mapping[str, Any]) -> Block | Message:
    """The form of a gain for the team that a button names."""
    record = _pressed(parts, body)
    return record if isinstance(record, Message) else _form(parts, record)


def listed_here(parts: Parts, user: str, channel: str) -> Message:
    """The ledger of the channel's team, else of the person's own."""
    record = _here(parts, user, channel, "gain list")
    return record if isinstance(record, Message) else jobs.listed(parts.db, record, parts.clock())


def listed_for(parts: Parts, body: Mapping[str, Any]) -> Message:
    """The ledger of the team that a button names."""
    record = _pressed(parts, body)
    return record if isinstance(record, Message) else jobs.listed(parts.db, record, parts.clock())


def pledge_here(parts: Parts, user: str, channel: str) -> Block | Message:
    """The form of the pledge for the channel's team, else for the person's own."""
    record = _here(parts, user, channel, "pledge")
    return record if isinstance(record, Message) else _pledge_form(parts, record)


def pledge_for(parts: Parts, body: Mapping[str, Any]) -> Block | Message:
    """The form of the pledge for the team that a button names."""
    record = _pressed(parts, body)
    return record if isinstance(record, Message) else _pledge_form(parts, record)


def answer(parts: Parts, body: Mapping[str, Any]) -> Message:
    """Take a click on "It still stands" or "It no longer does"; what was ended stays ended."""
    clicked = body["actions"][0]
    value = clicked.get("value", "")
    gain = gains.get(parts.db, int(value)) if value.isdecimal() else None
    if gain is None:
        return problem(GONE)
    record = _allowed(parts, teams.get(parts.db, gain.team), body["user"]["id"])
    if isinstance(record, Message):
        return record
    today, stands = _today(parts, record), clicked["action_id"] == actions.GAIN_STANDS
    _tapped(parts, record, body)
    if stands and not gains.stands(parts.db, gain.id, today):
        said = f"“{gain.title}” was said to have ended on {gain.ended}: if it is back, write it down as a new gain"
        return problem(f"{said} with /headroom gain.")
    if not stands:
        gains.end(parts.db, gain.id, today)
    again = jobs.next_look(record, gain, parts.clock()) if stands else None
    return answered(gain.title, stands=stands, asked_again=again)


def submitted(parts: Parts, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the gain that a form holds.

    Returns:
        A view to show in its place, or field → what is wrong there.
    """
    now = parts.clock()
    try:
        record = _allowed(parts, teams.get(parts.db, team_in(view)), user)
        if isinstance(record, Message):
            return problem_view(record.text)
        today = _today(parts, record)
        told = jobs.roster_hours(record, today) is not None
        said = filled(view, today, ordinary_hours(record.team, today), told=told)
    except HeadroomError as strange:
        return problem_view(strange)
    if not isinstance(said, Filled):
        return said
    allowed = tellable(record.team, now)
    gain = gains.Gain(
        id=0,
        team=record.id,
        title=said.title,
        hours=said.hours,
        goes=said.goes,
        depends=said.depends,
        measure=said.measure if allowed is None or said.measure in allowed else allowed[0],
        began=said.since,
        people=jobs.roster_hours(record, said.since),
    )
    jobs.begin(parts.db, record, said.form, gain, now)
    return thanks_view(kept_sentence(record.team.name, jobs.next_look(record, gain, now)))


def pledge_submitted(parts: Parts, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the pledge that a form holds; returns as `submitted`."""
    try:
        record = _allowed(parts, teams.get(parts.db, team_in(view)), user)
        said = pledged(view)
    except HeadroomError as strange:
        return problem_view(strange)
    if isinstance(record, Message):
        return problem_view(record.text)
    if not isinstance(said, Pledged):
        return said
    gains.set_pledge(parts.db, record.id, gains.Pledge(said.goes, said.words, _today(parts, record)))
    return thanks_view(pledged_sentence(record.team.name, said.goes))


def _form(parts: Parts, record: TeamRecord) -> Block:
    pledge = gains.pledge(parts.db, record.id)
    return gain_view(
        record.team.name,
        team_id=record.id,
        form=secrets.token_urlsafe(16),
        today=_today(parts, record),
        measures=tellable(record.team, parts.clock()) or tuple(MEASURES),
        goes=None if pledge is None else pledge.goes,
    )


def _pledge_form(parts: Parts, record: TeamRecord) -> Block:
    pledge = gains.pledge(parts.db, record.id)
    goes, words = (None, "") if pledge is None else (pledge.goes, pledge.words)
    return pledge_view(record.team.name, team_id=record.id, goes=goes, words=words)


def _here(parts: Parts, user: str, channel: str, word: str) -> TeamRecord | Message:
    """The team a command is about, or why there is none."""
    record = team_of_channel(parts, channel)
    mine = teams_of(parts, user)
    if record is not None and insider(record, user, parts.clock()):
        return _allowed(parts, record, user)
    if len(mine) > 1:
        names = " and ".join(one.team.name for one in mine[:4])
        return problem(f"You answer for {names}: type /headroom {word} in the channel of the team you mean.")
    return _allowed(parts, mine[0] if mine else None, user)


def _pressed(parts: Parts, body: Mapping[str, Any]) -> TeamRecord | Message:
    """The team that a button names, or why it may not be pressed."""
    number = body["actions"][0].get("value", "")
    record = _allowed(parts, teams.get(parts.db, int(number)) if number.isdecimal() else None, body["user"]["id"])
    if not isinstance(record, Message):
        _tapped(parts, record, body)
        if not (body.get("container") or {}).get("is_ephemeral"):
            digests.touched(parts.db, record.id)  # it stands under the digest
    return record


def _allowed(parts: Parts, record: TeamRecord | None, user: str) -> TeamRecord | Message:
    """The team itself, for its own people while it keeps a ledger; one sentence otherwise."""
    if record is None or record.workspace != parts.workspace or not insider(record, user, parts.clock()):
        return problem(OUTSIDE)
    return record if rhythms.get(parts.db, record.id).gains else problem(OFF)


def _tapped(parts: Parts, record: TeamRecord, body: Mapping[str, Any]) -> None:
    """Count a tap under a post, never whose; what only its presser sees was not posted by us."""
    if not (body.get("container") or {}).get("is_ephemeral"):
        touches.tap(parts.db, record.id, "gain", _today(parts, record))


def _today(parts: Parts, record: TeamRecord) -> date:
    return datetime.fromtimestamp(parts.clock(), time_zone(record.team.tz)).date()
