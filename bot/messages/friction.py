"""Process flaws that were reported: what the team sees of them, and what mending them moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, divider, escape, message, plain_text, sections
from bot.messages.message import Block, Message
from bot.messages.numbers import count, day

WORDS = 150
"""Longest note, in characters: one line."""

SHOWN = 10
"""Notes of one kind that are written out; so many of every kind stay within a message."""

FIXED = 9
"""Mended kinds that are written out."""

TOPICS: Mapping[str, tuple[str, str]] = {
    "approvals": ("Waiting for approvals", "cycle"),
    "unclear": ("Unclear requests", "reopen"),
    "missing": ("Missing information", "cycle"),
    "tools": ("Tools and access", "hands_on"),
    "twice": ("Work done twice", "hands_on"),
    "proving": ("Proving and reporting work", "utilization"),
    "handoffs": ("Hand-offs between people or teams", "cycle"),
    "interruptions": ("Interruptions", "wait"),
    "other": ("Something else", "wait"),
}
"""Kind of flaw → its name, and the measure that mending it usually moves."""


@dataclass(frozen=True, slots=True)
class Group:
    """Notes of one kind that still stand.

    Attributes:
        topic: A key of `TOPICS`.
        words: Those written out, at most `SHOWN`, in an order that says nothing.
        notes: How many there are.
        waiting: How many of them nobody looks at yet.
        newest: The latest day on which one of them became visible.
    """

    topic: str
    words: tuple[str, ...]
    notes: int
    waiting: int
    newest: date


@dataclass(frozen=True, slots=True)
class Mended:
    """Notes of one kind that were fixed on one day.

    Attributes:
        topic: A key of `TOPICS`.
        notes: How many there were.
        on: The day.
        moved: What the measure did since, one sentence; empty while it is too early.
        again: From which day on it can be said.
    """

    topic: str
    notes: int
    on: date
    moved: str
    again: date


def name(topic: str) -> str:
    """What a kind of flaw is called."""
    return TOPICS.get(topic, TOPICS["other"])[0]


def friction_list(
    team: str, team_id: int, groups: Sequence[Group], mended: Sequence[Mended], today: date, *, may_report: bool
) -> Message:
    """What was reported, by kind, newest kind first, and what mending moved; for the team alone.

    Args:
        team: The team's name.
        team_id: Its number.
        groups: What still stands.
        mended: What was fixed, latest first.
        today: Up to which day notes are shown.
        may_report: Whether a note can be taken from this team.
    """
    blocks = [*sections(_heading(team, groups))]
    for group in groups:
        blocks += [*sections(*_group(group)), row(_buttons(group, team_id, today))]
    if mended:
        blocks += [divider(), *sections("*Fixed*", *(f"• {mended_sentence(one)}" for one in mended[:FIXED]))]
    if may_report:
        blocks += [row([button("Report a flaw", actions.FRICTION_OPEN, str(team_id))])]
    return message([*blocks, *context(_small_print(groups, may_report))])


def _small_print(groups: Sequence[Group], may_report: bool) -> str:
    if groups:
        return (
            "Only the team sees this. A note shows from a day drawn at random, "
            "so neither order nor time tells who wrote it."
        )
    if may_report:
        return "`/headroom friction` takes a line about what gets in the way, without a name."
    return "`/headroom help` lists what you can type."


def _heading(team: str, groups: Sequence[Group]) -> str:
    if not groups:
        return f"*No process flaw is open for {escape(team)}.*"
    notes = count(sum(group.notes for group in groups), "note")
    return f"*What gets in the way of {escape(team)}: {notes}, by kind*"


def _group(group: Group) -> list[str]:
    newest = f", the {len(group.words)} newest" if len(group.words) < group.notes else ""
    state = _looked_at(group)
    return [
        f"*{name(group.topic)}* ({count(group.notes, 'note')}{newest}){state}",
        *(f"• {escape(words, WORDS)}" for words in group.words),
    ]


def _looked_at(group: Group) -> str:
    if group.waiting == group.notes:
        return ""
    return ": being looked at" if not group.waiting else f": being looked at, {group.waiting} not yet"


def _buttons(group: Group, team_id: int, today: date) -> list[Block]:
    value = packed(team_id, group.topic, today)
    looking = [button("Looking at it", actions.FRICTION_LOOKING, value)] if group.waiting else []
    fixed = button("Fixed", actions.FRICTION_FIXED, value)
    measured = "From today Headroom compares the measures before and after."
    fixed["confirm"] = {
        "title": plain_text("Fixed?", 100),
        "text": plain_text(f"{name(group.topic)} counts as mended for all of the team. {measured}", 300),
        "confirm": plain_text("Fixed", 30),
        "deny": plain_text("Not yet", 30),
    }
    return [*looking, fixed]


def mended_sentence(mended: Mended) -> str:
    """What was fixed, and what it moved or when that can be told."""
    what = f"{name(mended.topic)} ({count(mended.notes, 'note')}) was fixed on {day(mended.on)}"
    if mended.moved:
        return f"{what}. {mended.moved}"
    return f"{what}: too early to compare, look again on {day(mended.again)}."


def packed(team: int, topic: str, seen: date) -> str:
    """A kind of flaw as a button carries it: whose, which, and up to which day the notes were seen."""
    return f"{team} {topic} {seen.isoformat()}"


def unpacked(value: str) -> tuple[int, str, date]:
    """(Team, topic, day) that a button carried.

    Raises:
        BadInputError: It is not what `packed` wrote.
    """
    try:
        team, topic, seen = value.split(" ")
        return int(team), topic, date.fromisoformat(seen)
    except ValueError as error:
        raise BadInputError("button", value[:40], "type /headroom friction list for a fresh one") from error


_SMALL = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def digest_sentence(kinds: Sequence[tuple[str, int]]) -> str:
    """One line for the digest: which kinds wait for somebody to look, with how many notes.

    Args:
        kinds: (Topic, notes), newest first.
    """
    if not kinds:
        return ""
    first, *rest = kinds
    what = f"{_SMALL[len(kinds)]} {'kind' if len(kinds) == 1 else 'kinds'} of process flaw"
    were = "was" if len(kinds) == 1 else "were"
    said = [f"{name(first[0]).lower()} ({count(first[1], 'note')})", *(f"{name(t).lower()} ({n})" for t, n in rest)]
    return f"{what} {were} reported: {', '.join(said)}. `/headroom friction list` shows them."
