"""The ledger of a gain: did its measure move, has it lasted, and where did the freed hours go?

Hours freed are the team's own estimate. What became of them is read from the queue: the work asked for a week
before and after, the requests that came, and the hours on the roster. Where the weeks differ among themselves by
more than the hours in question, the answer is that this cannot be told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from bot.health.facts import Floats
from bot.health.measured import PERSONS
from bot.health.seen.capacity import Roster
from bot.health.theory.compare import LEAST_JOBS, LEAST_WEEKS, Comparison, Difference, Weekly
from bot.team import Team

LOOKS = (4, 8, 13, 26, 52)
"""Weeks after which a gain is looked at."""

SURE = 0.95
"""What became of the hours is said when it is so with this probability."""

HALF = 0.5
"""Of the freed hours that must be seen somewhere before it is said that they are there."""

VISIBLE = 2.0
"""Where only a change of more than so many times the freed hours could be seen, nothing is read into what is seen."""


class Went(StrEnum):
    """Where freed hours went."""

    KEPT = "kept"  # as agreed
    EATEN = "eaten"  # by new requests
    FEWER = "fewer"  # the roster has fewer hours
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hours:
    """What became of the freed hours; hours a week.

    Attributes:
        went: Where they went.
        seen: By how much the work asked for fell, None unknown.
        back: What utilization took back of them (0 to the freed hours), None unknown.
        more: Work that additional requests bring, None unknown.
        fewer: Hours by which the roster shrank; 0 for none, None where that would be a person's.
        visible: The smallest fall of work that would mostly be seen, None unknown.
        reason: Why it cannot be told, one clause; else empty.
    """

    went: Went
    seen: float | None = None
    back: float | None = None
    more: float | None = None
    fewer: float | None = 0.0
    visible: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one look at a gain found.

    Attributes:
        moved: Its measure before and after.
        hours: What became of the freed hours.
    """

    moved: Comparison
    hours: Hours

    def packed(self) -> dict[str, Any]:
        """As storage keeps it."""
        return {"moved": asdict(self.moved), "hours": asdict(self.hours)}

    @classmethod
    def unpacked(cls, kept: Mapping[str, Any]) -> "Found":
        """What `packed` made."""
        hours = Hours(**kept["hours"])
        return cls(Comparison(**kept["moved"]), replace(hours, went=Went(hours.went)))


class Lasting(StrEnum):
    """How a gain stands after the latest of its looks."""

    BETTER = "better"  # the measure is better than before
    LOST = "lost"  # it was, and is no longer
    WORSE = "worse"
    UNCLEAR = "unclear"  # no clear change yet
    TOO_LITTLE = "too_little"


def lasting(moved: Sequence[Comparison]) -> Lasting:
    """How a gain stands, from what its looks found of its measure, earliest first; one at least."""
    latest = moved[-1].verdict
    if latest in ("better", "worse", "too_little"):
        return Lasting(latest)
    return Lasting.LOST if any(c.verdict == "better" for c in moved[:-1]) else Lasting.UNCLEAR


def changed(before: Sequence[Found], now: Found) -> bool:
    """Whether a look found something else than the looks before it said: worth telling. The first look always is."""
    if not before:
        return True
    earlier = [found.moved for found in before]
    return (lasting(earlier), before[-1].hours.went) != (lasting([*earlier, now.moved]), now.hours.went)


def where(
    freed: float,
    goes: str,
    before: Weekly,
    after: Weekly,
    *,
    people: tuple[float | None, float | None],
    unseen: float = 0.0,
    hidden: str = "",
) -> Hours:
    """What became of freed hours.

    In this order: the roster shrank by as many hours or more (`FEWER`); the work asked for fell by at least half of
    them (`KEPT`); more requests came that bring at least half of them (`EATEN`, or `KEPT` where they were to go into
    more volume); else it cannot be told.

    Args:
        freed: Hours a week, as the team estimates.
        goes: Where they were to go.
        before: The measure `utilization` in the weeks before.
        after: The same after.
        people: The roster's hours in an ordinary week, then and now; None in a team of one or two.
        unseen: Share of capacity that goes to work the queue does not show.
        hidden: Why utilization cannot be told; empty where it can.
    """
    then, now = people
    if then is None or now is None:
        return Hours(Went.UNKNOWN, fewer=None, reason=PERSONS)
    fewer = max(then - now, 0.0)
    if freed > 0 and fewer >= freed:
        return Hours(Went.FEWER, fewer=fewer)
    reason = hidden or _too_little(before, after)
    if reason:
        return Hours(Went.UNKNOWN, fewer=fewer, reason=reason)
    if freed <= 0:
        return Hours(Went.UNKNOWN, fewer=fewer, reason="no hours were named")
    return _judged(freed, goes, _Load.of(before, then, unseen), _Load.of(after, now, unseen), fewer)


def _too_little(before: Weekly, after: Weekly) -> str:
    if any(np.count_nonzero(side.by) < LEAST_WEEKS for side in (before, after)):
        return f"fewer than {LEAST_WEEKS} weeks on one side show how much work there was"
    if any(sum(side.jobs) < LEAST_JOBS for side in (before, after)):
        return f"fewer than {LEAST_JOBS} requests came on one side"
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class _Load:
    """Weeks, as if each had the roster's ordinary hours: so that holidays are no gain.

    Attributes:
        work: Hours of work asked for.
        jobs: Requests.
        service: Hours of work of one request.
    """

    work: Floats
    jobs: Floats
    service: float

    @classmethod
    def of(cls, weekly: Weekly, people: float, unseen: float) -> "_Load":
        total, by, jobs = (np.array(column, np.float64) for column in (weekly.total, weekly.by, weekly.jobs))
        total, by, jobs = total[by > 0], by[by > 0], jobs[by > 0]
        seen = float(total.sum() - unseen * by.sum())
        return cls(total / by * people, jobs / by * people, max(seen, 0.0) / float(jobs.sum()))


def _judged(freed: float, goes: str, before: _Load, after: _Load, fewer: float) -> Hours:
    work, jobs = Difference.of(before.work, after.work), Difference.of(before.jobs, after.jobs)
    more = jobs.mean * after.service
    seen = -work.mean
    told = Hours(
        Went.UNKNOWN,
        seen=seen,
        back=float(np.clip(freed - seen, 0.0, freed)),
        more=more,
        fewer=fewer,
        visible=work.visible(),
    )
    grew = 1 - jobs.p_below() >= SURE and more >= HALF * freed
    if grew and goes == "more_volume":
        return replace(told, went=Went.KEPT)
    if work.visible() > VISIBLE * freed and not grew:
        return replace(told, reason="weeks differ among themselves by more than that")
    if work.p_below(-HALF * freed) >= SURE:
        return replace(told, went=Went.KEPT)
    if grew and seen < HALF * freed:
        return replace(told, went=Went.EATEN)
    return replace(told, reason="neither less work nor more requests show clearly enough")


def ordinary_hours(team: Team, day: date) -> float:
    """Person-hours in a week of those on the roster that day, without days away and holidays.

    Raises:
        BadInputError: Hours or a time zone that do not exist.
    """
    people = tuple(
        replace(person, since=None, until=None, off=frozenset())
        for person in team.people
        if (person.since or date.min) <= day <= (person.until or date.max)
    )
    start = float(np.datetime64(day, "s").astype(np.int64))
    roster = Roster.of(replace(team, people=people, country=None), start - 86_400.0, start + 9 * 86_400.0)
    return float(roster.hours([start, start + 7 * 86_400.0])[0])
