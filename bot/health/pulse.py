"""The arithmetic of the pulse: which questions may be asked, and what of the answers may be said.

Answers are told in five coarse words, and only for the good and the poor end of a question: three words beside a
known total would betray single answers (at five answers, "about half, few or none, few or none" can only be 3, 1, 1).
The rule on differences follows the idea of complementary suppression in official statistics: Hundepool et al.,
"Statistical Disclosure Control", Wiley 2012, chapter 4.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum, IntEnum
from itertools import product

import numpy as np

WINDOW = 91
"""Days within which published figures of one question are compared with each other."""

MOST_SETS = 8
"""Different groups of people in one comparison; with more, the question rests: 3**8 combinations take 10 ms."""


class Group(Enum):
    """Which end of a question an answer stands for."""

    GOOD = "good"
    MIDDLE = "middle"
    POOR = "poor"


class Part(IntEnum):
    """How many gave an answer, as coarsely as it is told."""

    FEW = 0  # none, one, or under 15%
    SOME = 1
    HALF = 2  # 40–60%
    MOST = 3
    NEARLY_ALL = 4  # all, all but one, or over 85%


def part(some: int, of: int) -> Part:
    """The word for `some` of `of` answers; none and one read alike, and so do all and all but one.

    Args:
        some: Answers of one end.
        of: All answers, 3 at least.
    """
    share = some / of
    if some <= 1 or share < 0.15:
        return Part.FEW
    if some >= of - 1 or share > 0.85:
        return Part.NEARLY_ALL
    if 0.4 <= share <= 0.6:
        return Part.HALF
    return Part.SOME if share < 0.4 else Part.MOST


def coarse(counts: Sequence[int], groups: Sequence[Group]) -> tuple[Part, Part]:
    """(The good end, the poor end) of one question's answers, as coarsely as they may be told.

    Args:
        counts: How many chose each answer.
        groups: The end that each answer stands for.
    """
    total = sum(counts)
    good, poor = (
        sum(n for n, group in zip(counts, groups, strict=True) if group is end) for end in (Group.GOOD, Group.POOR)
    )
    return part(good, total), part(poor, total)


def isolates(known: Iterable[frozenset[str]], asked: frozenset[str], floor: int, earlier: int = 0) -> bool:
    """Whether a figure about `asked`, added to or taken from figures that are known, would be about too few people.

    Every sum and difference of the groups is looked at (each group added, taken away or left out), which contains
    the difference of each pair, and "both teams, less the whole department".

    Args:
        known: The people behind each figure of the same question that is published or may be.
        asked: The people behind the new one.
        floor: Fewest people that a figure may be about.
        earlier: The highest floor promised to those behind the known figures; it holds for what is had from them.
    """
    others = sorted({group for group in known if group != asked}, key=sorted)
    near = _reaching(others, asked)
    if len(asked) < floor:
        return True
    if len(near) > MOST_SETS:
        return True
    everyone = sorted(asked.union(*near))
    table = np.array([[person in group for person in everyone] for group in (*near, asked)], dtype=np.int64)
    signs = np.array([(*some, 1) for some in product((-1, 0, 1), repeat=len(near))], dtype=np.int64)
    left = np.count_nonzero(signs @ table, axis=1)
    least = np.where(np.any(signs[:, :-1], axis=1), max(floor, earlier), floor)
    return bool(np.any((left > 0) & (left < least)))


def _reaching(groups: Sequence[frozenset[str]], asked: frozenset[str]) -> list[frozenset[str]]:
    """The groups that share somebody with `asked`, directly or through others."""
    near: list[frozenset[str]] = []
    reach, grew = set(asked), True
    while grew:
        fresh = [group for group in groups if group not in near and not reach.isdisjoint(group)]
        near += fresh
        reach.update(*fresh)
        grew = bool(fresh)
    return near


def free_on(
    rounds: Sequence[tuple[date, frozenset[str]]], asked: frozenset[str], floor: int, earlier: int = 0
) -> date | None:
    """The first day on which a question may be asked of these people; None where it never may.

    Args:
        rounds: (Day it was asked, people) of the figures that are published or may be.
        asked: The people who would be asked.
        floor: Fewest people that a figure may be about.
        earlier: As in `isolates`.
    """
    days = sorted({day for day, _ in rounds})
    for gone in (None, *days):
        left = [group for day, group in rounds if gone is None or day > gone]
        if not isolates(left, asked, floor, earlier):
            return date.min if gone is None else gone + timedelta(days=WINDOW + 1)
    return None


def choose(allowed: Iterable[str], last_asked: Mapping[str, date], most: int) -> tuple[str, ...]:
    """The questions of the next round: those never asked first, then those whose turn lies longest back.

    Args:
        allowed: Questions that may be asked, in the order of the catalogue.
        last_asked: Question → the day it was last asked.
        most: How many at most.
    """
    return tuple(sorted(allowed, key=lambda question: last_asked.get(question, date.min))[:most])
