"""The verdict of every day of a history in one pass, each with what was known by its end.

A live check and a backtest call the same function on the picture of their day and read the last day; levels that were
told before go in as `told` and stand, whatever is now known of their days. So a backtest that looks at every day anew
costs one pass a day, and needs no second way to compute anything. Days that were never told (a history read back) are
*looked back* on: the pass gives them all at once.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bot.health.days import FIRST, Days
from bot.health.facts import Bools, Floats
from bot.health.picture import Picture
from bot.health.results import Alerting, Day, Level, Reference
from bot.health.results.standing import LEAST_JOBS
from bot.health.verdict.elsewhere import Elsewhere
from bot.health.verdict.evidence import Sums, evidence
from bot.health.verdict.references import OLD, Height, height_of, learn
from bot.health.verdict.rules import Rules
from bot.health.verdict.standing import Standing, step
from bot.health.verdict.told import Told

YOUNG = 14
"""Days that must have been seen before there is any level."""

AFRESH = 5
"""References are learned anew once so many more days can be learned from; today always."""


UNTOLD_THEN = "no level was known on that day"


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """The days of a history, oldest first.

    Attributes:
        edges: Unix seconds; day i lies between edge i and i + 1.
        days: One each.
        since: Unix second at which the first day of the last known level began, as it was told; days of which nothing
            is known break nothing. NaN where no level is known.
    """

    edges: Floats
    days: tuple[Day, ...]
    since: float = math.nan

    @property
    def today(self) -> Day | None:
        """The last day; None without a complete week."""
        return self.days[-1] if self.days else None

    @property
    def coming(self) -> Floats:
        """Pressure over the two weeks before each day's end."""
        return np.array([day.evidence.coming for day in self.days])

    def at(self, times: Floats) -> list[Level]:
        """The level at the end of the day that ended last at each time (Unix seconds)."""
        day = np.searchsorted(self.edges[1:], times, "right") - 1
        return [self.days[i].level if i >= 0 else Level.UNKNOWN for i in day.tolist()]


def verdict(
    picture: Picture,
    *,
    small: bool = False,
    alerting: Alerting = Alerting.USUAL,
    told: Mapping[int, Told] | None = None,
    heard: Bools | None = None,
) -> Verdict:
    """The level of every day of a picture's history.

    Args:
        picture: A team at a moment.
        small: Whether one or two people were on the roster in the last four weeks.
        alerting: How early the team wants to be told of drift.
        told: What was told, by the day's first moment (whole Unix seconds, as in `Days.edges`); it stands.
        heard: For each day whether nothing of it was missed; None: all was heard.
    """
    rules = Rules.of(picture, small=small, alerting=alerting)
    return judge(picture.days, rules, height_of(picture), told=told, heard=heard)


def judge(
    seen: Days,
    rules: Rules,
    height: Height,
    *,
    told: Mapping[int, Told] | None = None,
    heard: Bools | None = None,
    held: Mapping[int, Reference] | None = None,
) -> Verdict:
    """The same from the sums of days.

    Args:
        seen: The history.
        rules: What the team said.
        height: Utilization and danger line of a load.
        told: As in `verdict`.
        heard: As in `verdict`.
        held: References to hold, by the number of the day; learned where none is given.
    """
    found: list[Day] = []
    sums, now = Sums(seen), Standing()
    before = [(told or {}).get(int(edge)) for edge in seen.edges[:-1].tolist()]
    known_before = any(was is not None and was.level is not Level.UNKNOWN for was in before[:YOUNG])
    lessons = _Lessons(seen, rules, height, young=not known_before)
    elsewhere, more = Elsewhere(seen), [0.0] * (len(seen) + 1)
    last, since, known = len(seen) - 1, math.nan, Level.UNKNOWN
    for day, was in enumerate(before):
        healthy = now.level is Level.HEALTHY
        calm = (held or {}).get(day) or lessons.at(day, healthy, was.calm if was else None, today=day == last)
        lacks = _lacks(seen, day, calm, rules, heard is None or bool(heard[day]), lessons.young)
        if was is not None and day < last:  # what is found missing later does not take back what was told
            lacks = (lacks or UNTOLD_THEN) if was.level is Level.UNKNOWN else ""
        more[day : day + 2] = elsewhere.end(day, healthy)
        figures = evidence(seen, sums, day, calm, rules, more[: day + 2], young=lessons.young and day < FIRST)
        more[day + 1] = 0.0
        if not lacks and seen.there[day]:
            now = step(now, figures, rules)
        if was is not None and was.level is not Level.UNKNOWN:
            now = _stands(now, was, ended=day < last)
        lessons.note(day, calm=now.level is Level.HEALTHY and not lacks)
        level = Level.UNKNOWN if lacks else now.level
        if level not in (known, Level.UNKNOWN):
            since, known = float(seen.edges[day]), level
        if was is not None and was.level is level and was.began is not None:
            since = was.began
        found.append(Day(level, () if lacks else now.grounds, figures, calm, now.without, lacks))
    return Verdict(seen.edges, tuple(found), since)


def _stands(now: Standing, was: Told, *, ended: bool) -> Standing:
    """What was told on a day is its level; of the day that is not over, what was told may still rise."""
    if was.level is now.level or (not ended and now.level > was.level):
        return now
    return replace(now, level=was.level, grounds=was.grounds, danger=0, watch=0, without=0)


def _lacks(seen: Days, day: int, calm: Reference, rules: Rules, heard: bool, young: bool) -> str:
    """What keeps a day's level unknown, one clause; empty where nothing does."""
    if young and day < YOUNG:
        return "fewer than two complete weeks have been seen yet"
    if not heard:
        return "not all of this day was heard"
    if not seen.hours[max(day + 1 - OLD, 0) : day + 1].any():
        return "nobody was on duty in the last four weeks"
    if not calm.enough:
        return f"fewer than {LEAST_JOBS} requests came, too few to know what is usual"
    if rules.guessed and math.isnan(calm.wait):
        return "no claims, replies or stated hands-on minutes tell how much work there is, and no wait was seen"
    return ""


class _Lessons:
    """What is learned as days go by."""

    def __init__(self, seen: Days, rules: Rules, height: Height, *, young: bool) -> None:
        self._seen, self._rules, self._height = seen, rules, height
        self._calm = np.zeros(len(seen), np.bool_)
        self._learned = np.zeros(len(seen), np.bool_)
        self._fresh = 0
        self._latest: Reference | None = None
        self.young = young
        """Whether nothing was told before the first day: then the first days are all that is known."""

    def note(self, day: int, *, calm: bool) -> None:
        """Remember whether the team had room on that day."""
        self._calm[day] = calm

    def at(self, day: int, calm: bool, kept: Reference | None, *, today: bool) -> Reference:
        """What the end of a day is held against; learned anew while the team had room before.

        Args:
            day: Its number.
            calm: Whether the team had room the day before.
            kept: What it was held against when it was told, if that was kept.
            today: Whether it is the last.
        """
        self._remember(day, calm)
        if kept is not None and kept.basis == self._rules.basis:
            self._latest, self._fresh = kept, 0
            return kept
        enough = self.young or int(self._learned.sum()) >= FIRST
        due = self._fresh >= AFRESH or day == FIRST - 1 or (today and calm and self._fresh > 0)
        if self._latest is None or (due and enough):
            self._fresh = 0
            self._latest = learn(self._seen, self._learned if enough else self._best(), self._height, self._rules)
        return self._latest

    def _best(self) -> Bools:
        """Where hardly any calm day is a month old (what hours rest on has just changed): the calm ones there are."""
        return self._calm if self._calm.any() else np.arange(len(self._seen)) < FIRST

    def _remember(self, day: int, calm: bool) -> None:
        """One more day to learn from: each as it comes until enough is known, then those a month old that were calm."""
        if (self.young and day < FIRST) or (self._latest is not None and not self._latest.enough):
            self._learned[day] = True
            self._fresh += 1
        elif calm and day >= OLD and self._calm[day - OLD] and not self._learned[day - OLD]:
            self._learned[day - OLD] = True
            self._fresh += 1
