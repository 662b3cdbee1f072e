"""`/headroom pulse` and the buttons of its messages.

Who presses is known here only while the press is answered: it is looked up in the list of those who were asked, and
neither kept nor logged, and neither is the token. Nothing in this file writes to the log.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from re import compile as pattern
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadInputError
from bot.jobs import pulses as jobs
from bot.jobs.pulse_closing import reached_few, results_message, takes_answers
from bot.messages import actions
from bot.messages import pulse as said
from bot.messages import pulse_notes as notes
from bot.messages.message import Block, Message
from bot.messages.problem import problem
from bot.services.work import Work
from bot.slack import Me
from handlers import answering
from handlers.asked import Asked, Route
from handlers.parts import Parts
from handlers.roles import insider, team_of_channel, teams_of
from storage import digests, due, mutes, pulse_answers, pulses, rhythms, teams, touches
from storage.pulse_answers import Answered
from storage.pulses import Pulse
from storage.teams import TeamRecord

WHAT = "pulse"
ANSWER = pattern(rf"{actions.PULSE_ANSWER}_\w+")


def routes(parts: Parts) -> dict[str, Route]:
    """The word `pulse` with `now`, `schedule`, `results`, `mute` and `unmute`."""

    async def pulse(asked: Asked) -> None:
        await asked.tell(await parts.run(command, parts, asked.user, asked.channel, asked.rest.lower()))

    return {"pulse": pulse}


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the buttons of a pulse and to its form."""

    @app.action(ANSWER)
    async def pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message, replaces = await parts.run(answered, parts, body)
        await respond(**message.payload(), response_type="ephemeral", replace_original=replaces)

    @app.action(actions.PULSE_TEXT)
    async def wanted(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        await ack()
        await answering.answer(body, client, respond, await parts.run(text_form, parts, body))

    @app.view(actions.PULSE_TEXT_VIEW)
    async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        answer = await parts.run(text_sent, parts, body["user"]["id"], view)
        if "type" in answer:
            await ack(response_action="update", view=answer)
        else:
            await ack(response_action="errors", errors=answer)

    async def switched(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        word = "mute" if body["actions"][0]["action_id"] == actions.PULSE_MUTE else "unmute"
        message = await parts.run(switch, parts, body["user"]["id"], word)
        await respond(**message.payload(), response_type="ephemeral", replace_original=False)

    app.action(actions.PULSE_MUTE)(switched)
    app.action(actions.PULSE_UNMUTE)(switched)

    @app.action(actions.PULSE_RESULTS)
    async def asked_for(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message = await parts.run(results_for, parts, body)
        await respond(**message.payload(), response_type="ephemeral", replace_original=False)


# -- plain functions, called in a thread ------------------------------------------------------


def command(parts: Parts, user: str, channel: str, rest: str) -> Message:
    """What `/headroom pulse …` answers."""
    word, _, more = rest.partition(" ")
    if word in ("mute", "unmute"):
        return switch(parts, user, word)
    record = _team_here(parts, user, channel)
    if isinstance(record, Message):
        return record
    if word == "now":
        return now(parts, record, user)
    if word in ("", "schedule"):
        return schedule(parts, record, user, more.strip())
    return last_results(parts, record) if word == "results" else problem(notes.UNKNOWN_WORD)


def now(parts: Parts, record: TeamRecord, user: str) -> Message:
    """The lead wishes a pulse now."""
    if user != record.lead:
        return problem(notes.ONLY_LEAD)
    me = Me(parts.workspace, "", parts.bot_user, "")
    work = Work(parts.db, parts.slack, parts.clock, me, parts.pulse_floor)
    outcome = jobs.begin(work, record)
    parts.wake()
    return jobs.words(record, outcome, parts.pulse_floor)


def schedule(parts: Parts, record: TeamRecord, user: str, often: str) -> Message:
    """How often the pulse is asked, or, for the lead, another rhythm."""
    wish = rhythms.get(parts.db, record.id)
    if often:
        if user != record.lead:
            return problem(notes.ONLY_LEAD)
        if often not in rhythms.PULSE:
            return problem(notes.UNKNOWN_RHYTHM)
        wish = replace(wish, pulse=often)
        rhythms.save(parts.db, record.id, wish)
        due.put(parts.db, "pulse", record.id, parts.clock())
        parts.wake()
    at = jobs.next_round(parts.db, record)
    day = None if at is None else datetime.fromtimestamp(max(at, parts.clock()), ZoneInfo(record.team.tz)).date()
    is_open = pulses.running(parts.db, record.id) is not None
    return said.standing(record.team.name, often=wish.pulse, next_day=day, is_open=is_open)


def last_results(parts: Parts, record: TeamRecord) -> Message:
    """What the last closed round brought, once it has been told to everyone."""
    closed = next((one for one in pulses.rounds(parts.db, record.id) if not one.is_open), None)
    if closed is None:
        return problem(notes.NO_RESULTS)
    if not pulses.told(parts.db, record.id):
        return problem(notes.STILL_TOLD)
    if reached_few(parts.db, closed, parts.clock()):
        return notes.unreached(record.team.name, closed.floor)
    return results_message(parts.db, record, closed)


def results_for(parts: Parts, body: Mapping[str, Any]) -> Message:
    """The results of the team that a button names, for its people alone."""
    number = body["actions"][0].get("value", "")
    record = teams.get(parts.db, int(number)) if number.isascii() and number.isdecimal() else None
    moment = parts.clock()
    if record is None or record.workspace != parts.workspace or not insider(record, body["user"]["id"], moment):
        return problem(notes.OUTSIDE)
    if not (body.get("container") or {}).get("is_ephemeral"):
        touches.tap(parts.db, record.id, "digest", datetime.fromtimestamp(moment, ZoneInfo(record.team.tz)).date())
        digests.touched(parts.db, record.id)
    return last_results(parts, record)


def switch(parts: Parts, user: str, word: str) -> Message:
    """No more pulses to this person, or pulses again; nobody else is told."""
    if word == "mute":
        mutes.mute(parts.db, parts.workspace, user, WHAT)
        return said.muted()
    mutes.unmute(parts.db, parts.workspace, user, WHAT)
    return said.unmuted()


def answered(parts: Parts, body: Mapping[str, Any]) -> tuple[Message, bool]:
    """Count a press, once.

    Returns:
        What to say, and whether it takes the message's place (otherwise only the person sees it).
    """
    clicked = body["actions"][0]
    try:
        button = said.pressed(clicked.get("value", ""))
        question, choice = said.chosen(clicked["action_id"])
    except BadInputError as strange:
        return problem(strange), False
    found = _open_round(parts, button.pulse, body["user"]["id"])
    if isinstance(found, str):
        return problem(found), False
    if found is None:
        return said.closed(), True
    current, record = found
    outcome = pulse_answers.answer(parts.db, current.id, button.token, question, choice)
    if outcome is Answered.CLOSED:
        return said.closed(), True
    again = said.ALREADY if outcome is Answered.ALREADY else ""
    noted = pulse_answers.noted(parts.db, current.id, button.token)
    message = said.ask(
        record.team.name,
        current.id,
        current.questions,
        floor=max(current.floor, parts.pulse_floor),
        token=button.token,
        noted=noted,
        said=again,
    )
    return message, True


def text_form(parts: Parts, body: Mapping[str, Any]) -> Block | Message:
    """The form for the one line, or why there is none."""
    try:
        button = said.pressed(body["actions"][0].get("value", ""))
    except BadInputError as strange:
        return problem(strange)
    found = _open_round(parts, button.pulse, body["user"]["id"])
    if isinstance(found, str):
        return problem(found)
    if found is None:
        return problem(said.TEXT_CLOSED)
    if said.TEXT in pulse_answers.noted(parts.db, button.pulse, button.token):
        return problem(said.TEXT_ALREADY)
    return said.text_view(button.pulse, button.token, max(found[0].floor, parts.pulse_floor))


def text_sent(parts: Parts, user: str, view: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the line.

    Returns:
        A view to show in the form's place, or field → what is wrong there.
    """
    try:
        button = said.pressed(view.get("private_metadata", ""))
    except BadInputError as strange:
        return said.text_result(str(strange))
    found = _open_round(parts, button.pulse, user)
    if isinstance(found, str):
        return said.text_result(found)
    words = said.line_of(dict(view))
    if found is not None and not words:
        return {actions.PULSE_TEXT: said.TEXT_EMPTY}
    outcome = Answered.CLOSED
    if found is not None:
        outcome = pulse_answers.write_text(parts.db, button.pulse, button.token, words)
    return said.text_result(
        {
            Answered.COUNTED: said.TEXT_NOTED,
            Answered.ALREADY: said.TEXT_ALREADY,
            Answered.CLOSED: said.TEXT_CLOSED,
        }[outcome]
    )


def _open_round(parts: Parts, number: int, user: str) -> tuple[Pulse, TeamRecord] | str | None:
    """The round of a button for somebody who was asked; None: it is closed; a sentence: it is not for them."""
    current = pulses.get(parts.db, number)
    record = None if current is None else teams.get(parts.db, current.team)
    if current is None or record is None or record.workspace != parts.workspace:
        return None
    if not current.is_open:
        return None
    if user not in pulses.invited(parts.db, number):
        return said.NOT_YOURS
    if not takes_answers(parts.db, record, current, max(current.floor, parts.pulse_floor)):
        return said.TOO_EARLY
    return current, record


def _team_here(parts: Parts, user: str, channel: str) -> TeamRecord | Message:
    """The channel's team, else the person's only one; or why there is none."""
    record = team_of_channel(parts, channel)
    if record is not None:
        return record if insider(record, user, parts.clock()) else problem(notes.OUTSIDE)
    mine = teams_of(parts, user)
    if len(mine) == 1:
        return mine[0]
    if not mine:
        return problem(notes.OUTSIDE)
    names = " and ".join(one.team.name for one in mine[:4])
    return problem(f"You answer for {names}: type /headroom pulse in the channel of the team you mean.")
