"""The ledger of gains: each is looked at 4, 8, 13, 26 and 52 weeks after it began, once, and told when there is news.

How it was before is put down when the gain is written, so that a year later nothing that was let go meanwhile
changes it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from bot.health.ledger import LOOKS, Found, Hours, Went, changed, ordinary_hours, where
from bot.health.measured import PERSONS
from bot.health.results import Basis, Tier
from bot.health.seen.tier import tier
from bot.health.seen.worktime import time_zone
from bot.health.theory.compare import Weekly, compare, too_little
from bot.jobs.check import HOUR
from bot.messages.gains import Entry, digest_line, gain_list, pledge_sentence, result
from bot.messages.message import Message
from bot.services.assessing import WEEK, threads_read
from bot.services.audience import address, audience
from bot.services.before_after import Side, after, before, monday, monday_of
from bot.services.work import Work
from storage import due, gains, outbox, rhythms, teams
from storage.database import Database
from storage.gains import BEFORE, Gain
from storage.teams import TeamRecord

JOB = "gains"
MORNING = 9 * HOUR
"""After midnight of a Monday."""

ASKED_AT = (13, 26, 52)
"""Weeks after which the team is asked whether what a gain depends on still stands."""

ROSTER_WEEKS = 26
"""A roster that shrinks later than so many weeks after a gain began is not held against it."""


def begin(db: Database, record: TeamRecord, form: str, gain: Gain, now: float) -> bool:
    """Keep a gain and begin to watch it; False where that form was kept before.

    Args:
        db: The store.
        record: The team.
        form: The random word of the opened form.
        gain: What was written.
        now: Unix seconds.
    """
    with db.write():
        number = gains.add(db, form, gain)
        if number is not None:
            due.put(db, JOB, record.id, now)
    return number is not None


def roster_hours(record: TeamRecord, day: date) -> float | None:
    """The roster's person-hours in an ordinary week of that day; None in a team of one or two."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=time_zone(record.team.tz)).timestamp()
    return None if tier(record.team, noon) is Tier.REQUESTS else ordinary_hours(record.team, day)


def watch(work: Work, team: int) -> float | None:
    """Take the looks that fall due, tell what is new; due again with the next look, None when there is none."""
    record, now = teams.get(work.db, team), work.clock()
    if record is None:
        return None
    if not rhythms.get(work.db, team).gains:
        return now + WEEK
    if record.announced is None or not threads_read(record):
        return now + HOUR
    coming = []
    for gain in gains.of_team(work.db, team):
        if gain.ended is None:
            _look(work, record, gain, now)
            coming += [at for weeks in LOOKS if (at := moment(record, gain, weeks)) > now][:1]
    return min(coming, default=None)


def moment(record: TeamRecord, gain: Gain, weeks: int) -> float:
    """Unix second from which so many complete weeks after the one in which a gain began are over."""
    return monday(record.team.tz, gain.began, weeks + 1) + MORNING


def _look(work: Work, record: TeamRecord, gain: Gain, now: float) -> None:
    """The latest look that is due and was not taken; looks that were missed meanwhile are left out."""
    taken = {look.weeks: look for look in gains.looks(work.db, gain.id)}
    if BEFORE not in taken:
        gains.look(work.db, gain.id, BEFORE, _today(record, now), _before(work.db, record, gain, now))
        taken = {look.weeks: look for look in gains.looks(work.db, gain.id)}
    weeks = max((weeks for weeks in LOOKS if moment(record, gain, weeks) <= now), default=None)
    if weeks is None or weeks <= max(taken):
        return
    found = examine(work.db, record, gain, taken[BEFORE].found, now)
    _tell(work, record, gain, weeks, found, now)


def _tell(work: Work, record: TeamRecord, gain: Gain, weeks: int, found: Found, now: float) -> None:
    """Write a look down and, where there is news or a question, the post about it, in one transaction."""
    earlier = _found(work.db, gain)
    ask = weeks in ASKED_AT and bool(gain.depends)
    recipients = audience(work, record) if ask or changed([one for _, one in earlier], found) else []
    with work.db.write():
        if not gains.look(work.db, gain.id, weeks, _today(record, now), found.packed()):
            return  # another process was quicker
        if recipients:
            told = _entry(work.db, record, gain, now)
            said = result(told, record.team.name, team_id=record.id, ask=ask)
            key = outbox.key_of("gain", record.workspace, record.id, gain.id, weeks)
            address(work.db, record, recipients, key, said, now, hours=True, kind="gain")


def _before(db: Database, record: TeamRecord, gain: Gain, now: float) -> dict[str, Any]:
    """How it was, for all later looks."""
    side = before(db, record, gain.began, _morning(record, now))
    basis = side.picture.basis
    return {
        "basis": None if basis is None else basis.value,
        **{measure: _kept(side, measure) for measure in {gain.measure, "utilization"}},
    }


def _kept(side: Side, measure: str) -> dict[str, Any]:
    hidden = side.hidden(measure)
    return {"hidden": hidden, **asdict(Weekly((), (), ()) if hidden else side.weekly(measure))}


def examine(db: Database, record: TeamRecord, gain: Gain, was: Mapping[str, Any], now: float) -> Found:
    """What a look at a gain finds.

    Args:
        db: The store.
        record: The team.
        gain: The gain.
        was: How it was before, as it was put down.
        now: Unix seconds.
    """
    basis = None if was["basis"] is None else Basis(was["basis"])
    side = after(db, record, gain.began, _morning(record, now), basis=basis)
    hidden = was[gain.measure]["hidden"] or side.hidden(gain.measure)
    if hidden:
        moved = too_little(gain.measure, hidden)
    else:
        moved = compare(gain.measure, _weekly(was[gain.measure]), side.weekly(gain.measure))
    return Found(moved, _hours(record, gain, was["utilization"], side, now))


def _hours(record: TeamRecord, gain: Gain, was: Mapping[str, Any], side: Side, now: float) -> Hours:
    day = min(_today(record, now), gain.began + timedelta(weeks=ROSTER_WEEKS))
    hidden = was["hidden"] or side.hidden("utilization")
    if hidden == PERSONS:
        return Hours(Went.UNKNOWN, fewer=None, reason=PERSONS)
    return where(
        gain.hours,
        gain.goes,
        _weekly(was),
        Weekly((), (), ()) if hidden else side.weekly("utilization"),
        people=(gain.people, roster_hours(record, day)),
        unseen=record.team.unseen_share,
        hidden=hidden,
    )


def _morning(record: TeamRecord, now: float) -> float:
    """The latest Monday morning: all sides are seen as they were known equally long after their end."""
    at = monday_of(record.team.tz, now) + MORNING
    return at if at <= now else at - WEEK


def _weekly(kept: Mapping[str, Any]) -> Weekly:
    return Weekly.of(kept["total"], kept["by"], kept["jobs"])


def listed(db: Database, record: TeamRecord, now: float) -> Message:
    """The ledger of a team, for its people."""
    entries = [_entry(db, record, gain, now) for gain in gains.of_team(db, record.id)]
    pledge = gains.pledge(db, record.id)
    said = "" if pledge is None else pledge_sentence(pledge.goes, pledge.words, pledge.since)
    return gain_list(entries, said, record.team.name, team_id=record.id)


def digest(db: Database, record: TeamRecord, now: float) -> str:
    """The digest's line about gains looked at since the one before; empty for none or where the ledger is off."""
    rhythm = rhythms.get(db, record.id)
    if not rhythm.gains:
        return ""
    since = _today(record, now) - timedelta(days=35 if rhythm.digest == "monthly" else 7)
    fresh = [
        gain
        for gain in gains.of_team(db, record.id)
        if any(look.weeks != BEFORE and look.day > since for look in gains.looks(db, gain.id))
    ]
    return digest_line([_entry(db, record, gain, now) for gain in fresh])


def next_look(record: TeamRecord, gain: Gain, now: float) -> date | None:
    """The day of a gain's next look, None for none."""
    if gain.ended is not None:
        return None
    coming = (at for weeks in LOOKS if (at := moment(record, gain, weeks)) > now)
    return next((datetime.fromtimestamp(at, time_zone(record.team.tz)).date() for at in coming), None)


def _entry(db: Database, record: TeamRecord, gain: Gain, now: float) -> Entry:
    return Entry(
        id=gain.id,
        title=gain.title,
        hours=gain.hours,
        goes=gain.goes,
        depends=gain.depends,
        began=gain.began,
        ended=gain.ended,
        looks=tuple(_found(db, gain)),
        next_look=next_look(record, gain, now),
    )


def _found(db: Database, gain: Gain) -> list[tuple[int, Found]]:
    return [(look.weeks, Found.unpacked(look.found)) for look in gains.looks(db, gain.id) if look.weeks != BEFORE]


def _today(record: TeamRecord, now: float) -> date:
    return datetime.fromtimestamp(now, time_zone(record.team.tz)).date()
