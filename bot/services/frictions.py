"""Process flaws: when the team sees a note, what stands by kind, and what mending one moved."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.health.seen.worktime import parse_hours, public_holidays
from bot.messages.compare import compared
from bot.messages.friction import FIXED, SHOWN, Group, Mended, digest_sentence, friction_list, mended_sentence
from bot.messages.friction_form import LEAST, Filled, switched_off, too_small
from bot.messages.message import Message
from bot.services.audience import responders
from bot.services.before_after import before_after
from storage import frictions, rhythms
from storage.database import Database
from storage.frictions import Note
from storage.teams import TeamRecord

DELAY_DAYS = 5
"""Working days within which a note becomes visible."""

WEEKS_AFTER = 4
"""Complete weeks after the week of a fix before its measure is looked at."""

KEPT_WEEKS = 26
"""Weeks for which a fixed kind stays in the list."""

DIGEST_DAYS = 7
"""Days for which a digest tells of what a fix moved."""


def team_day(record: TeamRecord, now: float) -> date:
    """The day it is, team time."""
    return datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date()


def refused(db: Database, record: TeamRecord, now: float) -> str:
    """Why no note is taken from this team now, one sentence; empty where one is."""
    if not rhythms.get(db, record.id).friction:
        return switched_off(record.team.name)
    people = len(responders(record, now))
    return too_small(record.team.name, people) if people < LEAST else ""


def report(db: Database, record: TeamRecord, said: Filled, now: float, draw: Callable[[int], int]) -> bool:
    """Keep a note, to be seen from a day drawn at random; one form is one note.

    Args:
        db: The store.
        record: The team.
        said: The form.
        now: Unix seconds.
        draw: n → a whole number from 0 to n − 1, each as likely; `secrets.randbelow` but in tests.

    Returns:
        Whether it is new.
    """
    shown = working_day_after(record, team_day(record, now), 1 + draw(DELAY_DAYS))
    return frictions.add(db, said.form, record.id, Note(said.topic, said.words, said.measure, shown))


def working_day_after(record: TeamRecord, day: date, n: int) -> date:
    """The n-th day after `day` on which the team works: its weekdays, without public holidays."""
    weekdays = {weekday for weekday, _, _ in parse_hours(record.team.hours).spans}
    off = public_holidays(record.team.country, (day.year, day.year + 1))
    while n:
        day += timedelta(days=1)
        n -= day.weekday() in weekdays and day not in off
    return day


def listed(db: Database, record: TeamRecord, now: float) -> Message:
    """What the team sees: the notes that stand, by kind, and what was fixed with its before and after."""
    today = team_day(record, now)
    notes = frictions.seen(db, record.id, today)
    return friction_list(
        record.team.name,
        record.id,
        standing(notes),
        mended(db, record, notes, now, today - timedelta(weeks=KEPT_WEEKS)),
        today,
        may_report=not refused(db, record, now),
    )


def standing(notes: Sequence[Note]) -> list[Group]:
    """Notes that are not fixed, by kind, the kind with the newest note first; their order within a kind is kept."""
    groups = []
    for topic in sorted({note.topic for note in notes if note.state != "fixed"}):
        own = [note for note in notes if note.topic == topic and note.state != "fixed"]
        newest = sorted(range(len(own)), key=lambda place: own[place].shown, reverse=True)[:SHOWN]
        words = tuple(own[place].words for place in sorted(newest))
        waiting = sum(note.state == "open" for note in own)
        groups.append(Group(topic, words, len(own), waiting, max(note.shown for note in own)))
    return sorted(groups, key=lambda group: group.newest, reverse=True)


def comparable_from(on: date) -> date:
    """The first day on which `WEEKS_AFTER` complete weeks have passed since a fix; the week of the fix is left out."""
    return on + timedelta(days=7 - on.weekday(), weeks=WEEKS_AFTER)


def mended(db: Database, record: TeamRecord, notes: Sequence[Note], now: float, since: date) -> list[Mended]:
    """What was fixed from a day on, latest first, with what it moved where that can be said already."""
    fixed: dict[tuple[date, str], list[Note]] = {}
    for note in notes:
        if note.state == "fixed" and note.changed and note.changed >= since:
            fixed.setdefault((note.changed, note.topic), []).append(note)
    return [
        Mended(topic, len(own), on, _moved(db, record, own, on, now), comparable_from(on))
        for (on, topic), own in sorted(fixed.items(), key=lambda item: item[0], reverse=True)[:FIXED]
    ]


def _moved(db: Database, record: TeamRecord, notes: Sequence[Note], on: date, now: float) -> str:
    """What the measure that most notes named did since the fix; empty while it is too early."""
    if team_day(record, now) < comparable_from(on):
        return ""
    ((measure, _),) = Counter(sorted(note.measure for note in notes)).most_common(1)
    return compared(before_after(db, record, measure, on, now))


def digest_line(db: Database, record: TeamRecord, now: float) -> str:
    """What a digest says of process flaws: kinds that nobody looks at yet, and what a fix moved once that can be told.

    Returns:
        Mrkdwn sentences; empty where there is nothing to say, or the team wants no such notes.
    """
    if not rhythms.get(db, record.id).friction:
        return ""
    today = team_day(record, now)
    notes = frictions.seen(db, record.id, today)
    waiting = [(group.topic, group.waiting) for group in standing(notes) if group.waiting]
    told_now = [
        one
        for one in mended(db, record, notes, now, today - timedelta(weeks=WEEKS_AFTER + 2))
        if one.moved and (today - one.again).days < DIGEST_DAYS
    ]
    return " ".join(filter(None, [digest_sentence(waiting), *map(mended_sentence, told_now)]))
