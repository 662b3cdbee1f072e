"""Whether whoever asked says it was solved: the share of yes, which no single answer can be read from."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from bot.health.results import Rate
from bot.health.theory.posterior import wilson

FLOOR = 5
"""Fewer answers are not shown."""

Week = tuple[date, Sequence[int]]
"""Its Monday, and how many answered yes, partly and no."""


def satisfaction(weeks: Iterable[Week], since: date, today: date) -> Rate | None:
    """The share of yes among the answers of a time, with its 95% range; None while fewer than `FLOOR` are in.

    Whole weeks that are over are put together, oldest first, until at least `FLOOR` answers are in, and only such
    groups are counted or left out: whatever two figures somebody holds side by side, they differ by a whole group,
    so nobody's answer can be had by subtraction. The groups do not depend on which time is looked at.

    Args:
        weeks: Every week with answers, oldest first.
        since: The first day of the time; a group counts if it ends on or after it.
        today: Weeks that are not over on it do not count.
    """
    groups = [counts for last, counts in _groups(weeks, today) if last >= since]
    n = sum(sum(counts) for counts in groups)
    return wilson(sum(counts[0] for counts in groups), n) if n else None


def _groups(weeks: Iterable[Week], today: date) -> Iterator[tuple[date, list[int]]]:
    """(Last day, yes · partly · no) of each group; a last one of fewer than `FLOOR` answers waits for more."""
    held = [0, 0, 0]
    for monday, counts in weeks:
        last = monday + timedelta(days=6)
        if last >= today:
            return
        held = [a + b for a, b in zip(held, counts, strict=True)]
        if sum(held) >= FLOOR:
            yield last, held
            held = [0, 0, 0]
