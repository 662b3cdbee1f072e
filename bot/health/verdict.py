"""The verdict: how a team stands, since when, and what made it. All that moves a level meets here."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.health.drift import raised
from bot.health.level import DOUBTFUL
from bot.health.picture import DAY, Picture
from bot.health.pile import Piles, buried
from bot.health.results import OF_A_PERSON, Evidence, Level, Reason, Source, Tier, Week, or_none
from bot.health.weeks import ROLLING, history, history_of_requests

_SHOWN = {
    Evidence.LOAD: ("utilization",),
    Evidence.BACKLOG: ("pile",),
    Evidence.WAITS: ("wait", "open"),
}
"""Signals that show what made a level; drift has its own."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a team stands.

    Attributes:
        level: Now.
        weeks: Its weeks with their levels, oldest first.
        evidence: What made the level of now.
    """

    level: Level
    weeks: tuple[Week, ...]
    evidence: Evidence = Evidence.LOAD

    @property
    def since(self) -> date:
        """The Monday of the first week of that level without a break."""
        first = self.weeks[-1].start + timedelta(days=7)
        for week in reversed(self.weeks):
            if week.level is not self.level:
                break
            first = week.start
        return first

    def source(self, because: tuple[Reason, ...], drifts: tuple[Reason, ...]) -> Source:
        """What made the level, with the number that shows it, of those that are told.

        Args:
            because: The numbers behind the level.
            drifts: Those of drift, weightiest first.
        """
        signals = _SHOWN.get(self.evidence) or tuple(reason.signal for reason in drifts)
        told = {reason.signal: reason for reason in because}
        return Source(self.evidence, next((told[signal] for signal in signals if signal in told), None))


def by_requests(people: int) -> bool:
    """Whether so few are there today that the level rests on requests alone."""
    return Tier.of(people) is Tier.REQUESTS


def deserted(picture: Picture, people: int) -> bool:
    """Whether nobody is on the roster, or nobody was on duty in four weeks: then nothing stands of a level."""
    now = picture.desk.now
    there = picture.desk.roster.hours([now - ROLLING * 7 * DAY, now])[0]
    return people == 0 or bool(there <= 0)


def verdict(picture: Picture, people: int, piled: Piles, *, threads_read: bool) -> Verdict:
    """How the team stands: by utilization, raised to `watch` by drift and to `danger` by a pile.

    Args:
        picture: The team.
        people: On the roster today.
        piled: Where a pile stood and stands.
        threads_read: Whether replies have been read back; without them there is no level.
    """
    weeks, drift = _weeks(picture, people), picture.drift
    if not weeks or not threads_read or deserted(picture, people):
        return Verdict(Level.UNKNOWN, weeks)
    by_load = weeks[-1].level
    if by_requests(people):
        return Verdict(by_load, weeks, Evidence.WAITS)
    ends = drift.at(picture.mondays[1:])
    levels = [buried(raised(w.level, w, on), pile) for w, on, pile in zip(weeks, ends, piled.ends, strict=True)]
    told = tuple(replace(week, level=level) for week, level in zip(weeks, levels, strict=True))
    drifting = raised(by_load, weeks[-1], drift.now)
    level = buried(drifting, piled.now)
    evidence = Evidence.DRIFT if drifting > by_load else Evidence.LOAD
    # a danger by a load that is going only stands: then the pile is what is now
    full = by_load is Level.DANGER and (or_none(weeks[-1].p_over) or 0.0) > DOUBTFUL
    return Verdict(level, told, Evidence.BACKLOG if piled.now and not full else evidence)


def _weeks(picture: Picture, people: int) -> tuple[Week, ...]:
    """The complete weeks, each judged by itself; what a pair worked in one is not told."""
    if not len(picture.mondays):
        return ()
    tz, planned, pairs = picture.team.tz, picture.planned, picture.pairs[:-1]
    if by_requests(people):
        weeks = history_of_requests(picture.desk, picture.mondays, tz, picture.team.target_wait_hours, planned)
    else:
        believe, lines = picture.believe, picture.lines
        weeks = history(picture.desk, picture.mondays, tz, picture.work, believe, lines, pairs, planned)
    return tuple(
        replace(week, done=OF_A_PERSON, capacity_hours=OF_A_PERSON) if pair else week
        for week, pair in zip(weeks, pairs, strict=True)
    )
