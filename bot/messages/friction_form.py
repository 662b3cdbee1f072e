"""The form that takes a process flaw without a name, and why it is not shown to some."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import BadInputError
from bot.messages import actions, inputs
from bot.messages.blocks import clean, escape, plain_text, sections
from bot.messages.friction import TOPICS, WORDS
from bot.messages.gain_form import MEASURES
from bot.messages.message import Block
from bot.messages.numbers import count

LEAST = 5
"""Responders of a team below which a note without a name would still have one."""

AGAIN = "open it again with /headroom friction"
FIELD = "headroom_friction"
TEAM, TOPIC, LINE, MEASURE = (f"{FIELD}_{name}" for name in ("team", "topic", "line", "measure"))
"""Inputs of the form, as in `actions`: block and element alike."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it came back.

    Attributes:
        form: The random word of this opened form.
        team: The team's number.
        topic: A key of `TOPICS`.
        words: The note.
        measure: A key of `MEASURES`.
    """

    form: str
    team: int
    topic: str
    words: str
    measure: str


def friction_view(teams: Sequence[tuple[int, str]], form: str, words: str = "") -> Block:
    """The form.

    Args:
        teams: (Number, name) of the teams the person answers for; it asks which where there are several.
        form: A fresh random word, so that a form that is sent twice is one note.
        words: What was typed with the command.
    """
    number, team = teams[0]
    whose = f"*{escape(team)}*" if len(teams) == 1 else "your team"
    choice = [(str(id_), called) for id_, called in teams[: inputs.SELECT_LIMIT]]
    which = [inputs.field(TEAM, "Which team?", inputs.select(choice, str(number)))] if len(teams) > 1 else []
    return {
        "type": "modal",
        "callback_id": actions.FRICTION_VIEW,
        "private_metadata": json.dumps({"team": number, "form": form}),
        "title": plain_text("Report a process flaw", 24),
        "submit": plain_text("Report", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            *sections(
                f"What gets in the way of {whose}? Your name is not kept, and neither is the time. "
                "The team sees your line among others like it, from a day drawn at random within the next "
                "five working days."
            ),
            *which,
            inputs.field(
                TOPIC, "What kind of flaw is it?", inputs.select([(k, t) for k, (t, _) in TOPICS.items()], None)
            ),
            inputs.field(
                LINE,
                "What gets in the way?",
                inputs.text(clean(words), WORDS),
                hint="Describe the process, not a person. It is shown as typed: write it as anyone here could have.",
            ),
            inputs.field(
                MEASURE,
                "What should get better once it is mended?",
                inputs.select(list(MEASURES.items()), None, none="The usual one for this kind"),
                hint="The team will see it before and after. Left empty, Headroom takes the usual one for this kind.",
                optional=True,
            ),
        ],
    }


def filled(view: Mapping[str, Any]) -> Filled | dict[str, str]:
    """What a form holds, or what is wrong: field → one sentence.

    Raises:
        BadInputError: It is not a form that `friction_view` made.
    """
    team = team_in(view)
    try:
        form, values = str(json.loads(view["private_metadata"])["form"]), view["state"]["values"]
        topic, words = _choice(values, TOPIC), clean(values[LINE][LINE].get("value") or "")
        measure = _choice(values, MEASURE)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInputError("form", "?", AGAIN) from error
    if not words:
        return {LINE: "The line is empty: say in a few words what gets in the way."}
    if len(words) > WORDS:
        return {LINE: f"The line has {len(words)} characters: {WORDS} is the most."}
    if _names_somebody(words):
        return {LINE: "There is an @name in the line: describe the process, not a person."}
    if topic not in TOPICS:
        return {TOPIC: "No kind is chosen: take the nearest, or Something else."}
    return Filled(form, team, topic, words, measure if measure in MEASURES else TOPICS[topic][1])


def team_in(view: Mapping[str, Any]) -> int:
    """The number of the team that was chosen in a form, or that it is about.

    Raises:
        BadInputError: It is not a form that `friction_view` made.
    """
    try:
        return int(_choice(view["state"]["values"], TEAM) or json.loads(view["private_metadata"])["team"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInputError("form", "?", AGAIN) from error


def _choice(values: Mapping[str, Any], field: str) -> str:
    chosen = values.get(field, {}).get(field, {}).get("selected_option") or {}
    return str(chosen.get("value", ""))


_EVERYBODY = ("@channel", "@here", "@everyone")


def _names_somebody(words: str) -> bool:
    """Whether somebody is addressed: `@anna`, not `5 @ noon` and not `@channel`."""
    spoken = (word.strip("\"'()[]<>.,:;!?").lower() for word in words.split())
    return any(word.startswith("@") and len(word) > 1 and word not in _EVERYBODY for word in spoken)


def thanks_view(team: str) -> Block:
    """What the person sees once it is kept.

    Args:
        team: The team's name.
    """
    return {
        "type": "modal",
        "title": plain_text("Thank you", 24),
        "close": plain_text("Close", 24),
        "blocks": sections(
            f"*It is written down for {escape(team)}, without your name.*",
            "The team sees it from a day drawn at random within the next five working days. "
            "`/headroom friction list` shows what was reported.",
        ),
    }


def too_small(team: str, people: int) -> str:
    """Why a small team is not asked for notes without a name, and what it can do instead.

    Args:
        team: The team's name.
        people: Its responders today.
    """
    return (
        f"{clean(team, 80)} has {count(people, 'responder')}, and with fewer than {LEAST} everybody would know who "
        "wrote a note, so none is taken. Bring it up when you next meet; once it is mended, /headroom gain keeps "
        "what it freed."
    )


def switched_off(team: str) -> str:
    """What a team that wants no such notes is told, and what it can do instead."""
    return (
        f"{clean(team, 80)} has reports of process flaws switched off. Bring it up in the team's channel; "
        "the lead can switch them on again with /headroom digest, under All settings."
    )
