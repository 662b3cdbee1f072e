"""The forms of the ledger: an improvement with its hours, and the pledge where freed hours go."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.errors import BadInputError
from bot.messages import actions, inputs
from bot.messages.blocks import clean, escape, plain_text, sections
from bot.messages.gains import GOES, LINE
from bot.messages.message import Block
from bot.messages.numbers import number

LONGEST = LINE
"""Characters of a title, a dependency or a pledge."""

OLDEST = timedelta(weeks=52)
"""Nothing is left to watch of a gain that began earlier."""

MOST_HOURS = 10_000.0

CHOICES: Mapping[str, str] = {
    "buffer": "Buffer: room for busy days",
    "learning": "Learning",
    "better_work": "Better work",
    "more_volume": "More requests",
}
"""Where freed hours go → its name in the form."""

MEASURES: Mapping[str, str] = {
    "wait": "How long requests wait until work starts",
    "cycle": "How long requests take until done",
    "hands_on": "Hands-on time of a request",
    "utilization": "Utilization: how full the team is",
    "reopen": "Finished requests that come back",
    "chase": "Requests that are asked for again",
    "escalation": "Requests that are escalated",
}
"""Measure → its name in the form."""

TITLE, HOURS, WHERE, DEPENDS, MEASURE, SINCE, WORDS = (
    f"headroom_gain_{name}" for name in ("title", "hours", "goes", "depends", "measure", "since", "words")
)
"""Inputs of the forms, as in `actions`: block and element alike."""

_NAME = re.compile(r"(?<!\w)@\w|<@")

AGAIN = "open it again with /headroom gain"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form of a gain as it came back.

    Attributes:
        form: The random word of this opened form.
        team: The team's number.
        title: What was improved.
        hours: Freed a week.
        goes: A key of `CHOICES`.
        depends: What it stands on; may be empty.
        measure: A key of `MEASURES`.
        since: The day it began.
    """

    form: str
    team: int
    title: str
    hours: float
    goes: str
    depends: str
    measure: str
    since: date


@dataclass(frozen=True, slots=True)
class Pledged:
    """A form of a pledge as it came back.

    Attributes:
        team: The team's number.
        goes: A key of `CHOICES`.
        words: The team's own sentence; may be empty.
    """

    team: int
    goes: str
    words: str


def gain_view(team: str, *, team_id: int, form: str, today: date, measures: Sequence[str], goes: str | None) -> Block:
    """The form of a gain.

    Args:
        team: The team's name.
        team_id: Storage's number of the team.
        form: A fresh random word, so that a form that is sent twice is one gain.
        today: The team's day.
        measures: Keys of `MEASURES` that may be named.
        goes: Where the pledge lets freed hours go; None without one.
    """
    offered = [(key, MEASURES[key]) for key in measures]
    return {
        "type": "modal",
        "callback_id": actions.GAIN_VIEW,
        "private_metadata": json.dumps({"team": team_id, "form": form}),
        "title": plain_text("Write down a gain", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            *sections(
                f"An improvement of *{escape(team)}*. Headroom watches for a year whether it lasts and what becomes "
                "of the freed hours. It is the team's gain: who wrote it down is not kept."
            ),
            inputs.field(TITLE, "What got better?", inputs.text("", LONGEST), hint="Say it without naming a person."),
            inputs.field(
                HOURS,
                "Hours a week it frees, for the whole team",
                inputs.number(None, 0, MOST_HOURS),
                hint="An estimate is fine. 0 where it frees no time.",
            ),
            inputs.field(WHERE, "Where do the hours go?", inputs.select(list(CHOICES.items()), goes)),
            inputs.field(
                DEPENDS,
                "What does it depend on?",
                inputs.text("", LONGEST),
                hint="For example a template, a tool, an agreement. After 13, 26 and 52 weeks you are asked whether "
                "it still stands.",
                optional=True,
            ),
            inputs.field(MEASURE, "Which number should it move?", inputs.select(offered, measures[0])),
            inputs.field(SINCE, "Since when?", inputs.day(today)),
        ],
    }


def pledge_view(team: str, *, team_id: int, goes: str | None, words: str) -> Block:
    """The form of a pledge, with what stands in it.

    Args:
        team: The team's name.
        team_id: Storage's number of the team.
        goes: A key of `CHOICES`, None for none yet.
        words: The team's own sentence.
    """
    return {
        "type": "modal",
        "callback_id": actions.PLEDGE_VIEW,
        "private_metadata": json.dumps({"team": team_id}),
        "title": plain_text("Where freed hours go", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            *sections(
                f"Agree it together in *{escape(team)}*, before the first hour is freed: whoever makes work lighter "
                "should know what becomes of the time."
            ),
            inputs.field(WHERE, "Freed hours go to", inputs.select(list(CHOICES.items()), goes or "buffer")),
            inputs.field(
                WORDS,
                "In your own words",
                inputs.text(words, LONGEST),
                hint="For example: half of each freed hour is ours for learning. It stands above your gains.",
                optional=True,
            ),
        ],
    }


def thanks_view(said: str) -> Block:
    """What a form becomes once it is kept."""
    return {
        "type": "modal",
        "title": plain_text("Thank you", 24),
        "close": plain_text("Close", 24),
        "blocks": sections(said),
    }


def kept_sentence(team: str, next_look: date | None) -> str:
    """The answer to a gain that was written down."""
    when = f" The first look is on {next_look:%A}, {next_look.day} {next_look:%B %Y}." if next_look else ""
    return f"It is in the ledger of *{escape(team)}*.{when} `/headroom gain list` shows all."


def pledged_sentence(team: str, goes: str) -> str:
    """The answer to a pledge."""
    return f"The pledge of *{escape(team)}*: freed hours go to {GOES[goes]}. It stands above your gains."


def filled(view: Mapping[str, Any], today: date, capacity: float, *, told: bool = True) -> Filled | dict[str, str]:
    """What the form of a gain holds, or what is wrong: field → one sentence.

    Args:
        view: As Slack sent it.
        today: The team's day.
        capacity: The roster's hours in an ordinary week.
        told: Whether they may be told: not those of a team of one or two.

    Raises:
        BadInputError: It is not a form that `gain_view` made.
    """
    carried, values = _carried(view)
    title, depends = _words(values, TITLE), _words(values, DEPENDS)
    goes, measure = _choice(values, WHERE), _choice(values, MEASURE)
    hours, since = _number(values), _day(values)
    wrong = _wrong_hours(hours, capacity, told) | _wrong_day(since, today)
    if not title:
        wrong[TITLE] = "Nothing is written here: say in a few words what got better."
    for field, words in ((TITLE, title), (DEPENDS, depends)):
        wrong |= _wrong_words(field, words)
    if goes not in CHOICES:
        wrong[WHERE] = "No choice was made: choose where the hours go."
    if measure not in MEASURES:
        wrong[MEASURE] = "No number was chosen: choose the one it should move most."
    if wrong or hours is None or since is None:
        return wrong
    return Filled(str(carried["form"]), int(carried["team"]), title, hours, goes, depends, measure, since)


def pledged(view: Mapping[str, Any]) -> Pledged | dict[str, str]:
    """What the form of a pledge holds, or what is wrong: field → one sentence.

    Raises:
        BadInputError: It is not a form that `pledge_view` made.
    """
    carried, values = _carried(view)
    goes, words = _choice(values, WHERE), _words(values, WORDS)
    if goes not in CHOICES:
        return {WHERE: "No choice was made: choose where freed hours go."}
    return _wrong_words(WORDS, words) or Pledged(int(carried["team"]), goes, words)


def team_in(view: Mapping[str, Any]) -> int:
    """The number of the team that a form is about.

    Raises:
        BadInputError: It is none of these forms.
    """
    return int(_carried(view)[0]["team"])


def _carried(view: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    try:
        carried = json.loads(view["private_metadata"])
        int(carried["team"])
        return carried, view["state"]["values"]
    except (KeyError, TypeError, ValueError) as error:
        raise BadInputError("form", "?", AGAIN) from error


def _wrong_words(field: str, words: str) -> dict[str, str]:
    if len(words) > LONGEST:
        return {field: f"This has {len(words)} characters: {LONGEST} is the most."}
    if _NAME.search(words):
        return {field: "There is an @name in it: a gain is the whole team's, so say it without one."}
    return {}


def _wrong_hours(hours: float | None, capacity: float, told: bool) -> dict[str, str]:
    if hours is None or not 0 <= hours <= MOST_HOURS:
        return {HOURS: "Hours cannot be below 0: write a number such as 4 or 2.5, or 0 where it frees no time."}
    if hours > capacity:
        most = f"the {number(capacity)} h the team works" if told else "the team works"
        return {HOURS: f"{number(hours)} h is more than {most} in a week: write fewer."}
    return {}


def _wrong_day(since: date | None, today: date) -> dict[str, str]:
    if since is None:
        return {SINCE: "No day is chosen: choose the day it began."}
    if since > today:
        return {SINCE: f"{since.isoformat()} is still to come: choose today or an earlier day."}
    if since < today - OLDEST:
        return {SINCE: f"{since.isoformat()} is more than a year ago: choose a later day, as gains are watched a year."}
    return {}


def _number(values: Mapping[str, Any]) -> float | None:
    try:
        hours = float(_element(values, HOURS).get("value") or "nan")
    except ValueError:
        return None
    return hours if math.isfinite(hours) else None


def _day(values: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(_element(values, SINCE).get("selected_date") or "")
    except ValueError:
        return None


def _words(values: Mapping[str, Any], field: str) -> str:
    return clean(_element(values, field).get("value") or "")


def _choice(values: Mapping[str, Any], field: str) -> str:
    return str((_element(values, field).get("selected_option") or {}).get("value", ""))


def _element(values: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    found = values.get(field, {}).get(field, {})
    return found if isinstance(found, Mapping) else {}
