"""`/headroom pulse` and the buttons of its messages.

Who presses is known here only while the press is answered: it is looked up in the list of those who were asked, and
neither kept nor logged, and neither is the token. Nothing in this file writes to the log.
"""

from dataclasses import replace
from datetime import datetime
from re import compile as pattern
from zoneinfo import ZoneInfo

from bot.jobs import pulses as jobs
from bot.jobs.pulse_closing import reached_few, results_message, takes_answers
from bot.messages import actions
from bot.messages import pulse as said
from bot.messages import pulse_notes as notes
from bot.messages.help import Command, Role
from bot.messages.message import Block, Message
from bot.messages.problem import problem
from bot.services.work import Work
from bot.slack import Me
from handlers.answers import Instead, Wrong
from handlers.parts import Parts
from handlers.rows import Button, Call, Form, May, Row, Word, split_word
from storage import due, mutes, pulse_answers, pulses, rhythms, teams
from storage.pulse_answers import Answered
from storage.pulses import Pulse
from storage.teams import TeamRecord

WHAT = "pulse"
MUTE, UNMUTE = "mute", "unmute"
ANSWER = pattern(rf"{actions.PULSE_ANSWER}_\w+")


def command(call: Call) -> Message:
    """What `/headroom pulse …` answers."""
    word, more = split_word(call.text.lower())
    if word in (MUTE, UNMUTE):
        return switch(call, word)
    if word == "now":
        return now(call)
    if word in ("", "schedule"):
        return schedule(call, more)
    return results(call) if word == "results" else problem(notes.UNKNOWN_WORD)


def now(call: Call) -> Message:
    """The lead wishes a pulse now."""
    call.needs_lead("ask for a pulse")
    parts = call.parts
    work = Work(parts.db, parts.slack, parts.clock, Me(parts.workspace, "", parts.bot_user, ""), parts.pulse_floor)
    outcome = jobs.begin(work, call.record)
    parts.wake()
    return jobs.words(call.record, outcome, parts.pulse_floor)


def schedule(call: Call, often: str) -> Message:
    """How often the pulse is asked, or, for the lead, another rhythm."""
    db, record = call.parts.db, call.record
    wish = rhythms.get(db, record.id)
    if often:
        call.needs_lead("choose how often the pulse is asked")
        if often not in rhythms.PULSE:
            return problem(notes.UNKNOWN_RHYTHM)
        wish = replace(wish, pulse=often)
        rhythms.save(db, record.id, wish)
        due.put(db, "pulse", record.id, call.now)
        call.parts.wake()
    at = jobs.next_round(db, record)
    day = None if at is None else datetime.fromtimestamp(max(at, call.now), ZoneInfo(record.team.tz)).date()
    is_open = pulses.running(db, record.id) is not None
    return said.standing(record.team.name, often=wish.pulse, next_day=day, is_open=is_open)


def results(call: Call) -> Message:
    """What the last closed round brought, once it has been told to everyone."""
    db, record = call.parts.db, call.record
    closed = next((one for one in pulses.rounds(db, record.id) if not one.is_open), None)
    if closed is None:
        return problem(notes.NO_RESULTS)
    if not pulses.told(db, record.id):
        return problem(notes.STILL_TOLD)
    if reached_few(db, closed, call.now):
        return notes.unreached(record.team.name, closed.floor)
    return results_message(db, record, closed)


def switch(call: Call, word: str) -> Message:
    """No more pulses to this person, or pulses again; nobody else is told."""
    if word == MUTE:
        mutes.mute(call.parts.db, call.parts.workspace, call.user, WHAT)
        return said.muted()
    mutes.unmute(call.parts.db, call.parts.workspace, call.user, WHAT)
    return said.unmuted()


def answered(call: Call) -> Instead | Message:
    """Count a press, once; what is said takes the message's place, unless it was pressed in vain."""
    parts, button = call.parts, said.pressed(call.value)
    question, choice = said.chosen(call.action)
    found = _open_round(parts, button.pulse, call.user)
    if isinstance(found, str):
        return problem(found)
    if found is None:
        return Instead(said.closed())
    current, record = found
    outcome = pulse_answers.answer(parts.db, current.id, button.token, question, choice)
    if outcome is Answered.CLOSED:
        return Instead(said.closed())
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
    return Instead(message)


def text_form(call: Call) -> Block | Message:
    """The form for the one line, or why there is none."""
    parts, button = call.parts, said.pressed(call.value)
    found = _open_round(parts, button.pulse, call.user)
    if isinstance(found, str):
        return problem(found)
    if found is None:
        return problem(said.TEXT_CLOSED)
    if said.TEXT in pulse_answers.noted(parts.db, button.pulse, button.token):
        return problem(said.TEXT_ALREADY)
    return said.text_view(button.pulse, button.token, max(found[0].floor, parts.pulse_floor))


def text_sent(call: Call) -> Block | Wrong:
    """Keep the line."""
    parts, button = call.parts, said.pressed(call.value)
    found = _open_round(parts, button.pulse, call.user)
    if isinstance(found, str):
        return said.text_result(found)
    words = said.line_of(dict(call.view))
    if found is not None and not words:
        return Wrong({actions.PULSE_TEXT: said.TEXT_EMPTY})
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


ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "pulse",
            {
                Role.LEAD: "how often the team is asked how it goes; `now`, `schedule`, `results`, `mute`.",
                Role.RESPONDER: "how often the team is asked how it goes; `results`, `mute`, `unmute`.",
            },
            near=("survey", "mood", MUTE, UNMUTE),
        ),
        command,
        own=(MUTE, UNMUTE),
    ),
    Button(ANSWER, answered, May.PERSON),
    Button(actions.PULSE_TEXT, text_form, May.PERSON),
    Form(actions.PULSE_TEXT_VIEW, text_sent, May.PERSON),
    Button(actions.PULSE_MUTE, lambda call: switch(call, MUTE), May.PERSON),
    Button(actions.PULSE_UNMUTE, lambda call: switch(call, UNMUTE), May.PERSON),
    Button(actions.PULSE_RESULTS, results),
)
"""What is answered is for those who were asked, which `_open_round` looks up: no press of theirs is counted."""


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
