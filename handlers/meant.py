"""Which team is meant, and may you: decided here and nowhere else.

The team of the channel you are in; if you do not belong to it, that is said and the way to your own named; in a channel
of no team your only team, or buttons to choose. Nobody ever acts on another team than the channel's; a button means the
team of the message it stands in. What within a word is the lead's alone asks `Call.needs_lead`, which refuses alike.
"""

import json

from bot.messages import refusals
from bot.messages.blocks import VALUE_LIMIT
from bot.services.audience import responders
from handlers.directory import Question
from handlers.parts import Parts
from handlers.roles import heir, insider, team_of_channel, teams_of
from handlers.rows import Button, Call, Form, May, RefusedError, Word, first_word
from storage.teams import TeamRecord

SLACK_SECONDS = 8.0
"""How long Slack may take to say whether a lead's account still is."""

OPENING_SECONDS = 1.6
"""The same where a view is still to open, within the three."""


def meant(parts: Parts, row: Word, user: str, channel: str, text: str = "") -> TeamRecord | None:
    """The team that a word is about, for whoever may; None where none has to be.

    Raises:
        RefusedError: They may not; or several teams of theirs could be meant, and the words have a button for each.
    """
    if row.may is May.PERSON or first_word(text) in row.own:
        return None
    word, record = row.command.word, team_of_channel(parts, channel)
    if record is None and row.anew:
        return None
    if record is None:
        mine = teams_of(parts, user)
        if not mine:
            raise RefusedError(refusals.no_team(word))
        if len(mine) > 1:
            raise RefusedError(refusals.which_team([_own(one, word, text) for one in mine], word))
        record = mine[0]
    allow(parts, row, record, user, word)
    return record


def allow(parts: Parts, row: Word | Button | Form, record: TeamRecord, user: str, word: str | None = None) -> None:
    """Go on for whoever may with this team, by what is stored; `STEWARD`s besides the lead are looked at later.

    Args:
        parts: What listeners may use.
        row: What is asked for.
        record: The team that is meant.
        user: Who asks.
        word: What they typed; None: they pressed.

    Raises:
        RefusedError: They may not.
    """
    if row.may in (May.PERSON, May.ANYONE):
        return
    now, name = parts.clock(), record.team.name
    if not insider(record, user, now):
        own = [] if word is None else [_own(one) for one in teams_of(parts, user)]
        raise RefusedError(refusals.not_yours(name, own, word))
    if row.may is May.RESPONDER and user not in responders(record, now):
        raise RefusedError(refusals.only_responders(name))
    if row.may is May.LEAD and user != record.lead:
        raise RefusedError(refusals.only_lead(name, row.what))


def inherits(row: Word | Button | Form, call: Call) -> None:
    """Go on with what is the lead's for somebody else only once the lead's account is gone, which Slack is asked."""
    record = call.team
    if row.may is not May.STEWARD or record is None or call.lead:
        return
    asked = [Question("person", record.lead)] if record.lead else []
    seconds = SLACK_SECONDS if isinstance(row, Form) or row.moment else OPENING_SECONDS
    lead = call.directory.answers(asked, seconds).person(record.lead or "")
    if not heir(record, call.user, lead, call.now):
        raise RefusedError(refusals.only_lead(record.team.name, row.what))


def _own(record: TeamRecord, word: str = "", text: str = "") -> refusals.Own:
    heard = next((queue.channel for queue in record.queues if queue.gone is None), "")
    return refusals.Own(record.team.name, heard, _packed(word, text, record.id))


def _packed(word: str, text: str, team: int) -> str:
    """What a button to choose a team hands back; of what was typed, as much as it can hold."""
    while len(said := json.dumps([word, text, team], ensure_ascii=False)) > VALUE_LIMIT:
        text = text[: VALUE_LIMIT - len(said)]
    return said
