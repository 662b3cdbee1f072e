"""What was told, which stands, and when nothing was heard: what a verdict takes over from earlier days."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bot.health.facts import Bools, Floats
from bot.health.results import Ground, Level, Reference
from bot.health.seen.worktime import WorkClock

DEAF_HOURS = 1.0
"""Working hours without a connection from which on a day was not heard: what came is read back, marks without times."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told on a day.

    Attributes:
        level: The level; `unknown` where none was.
        grounds: What it rested on.
        calm: What the day was held against; None where that was not kept.
        began: Unix second since which it stood then; None where that was not kept.
    """

    level: Level
    grounds: tuple[Ground, ...] = ()
    calm: Reference | None = None
    began: float | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What is written of earlier days.

    Attributes:
        told: By the day's first moment (whole Unix seconds, team time).
        gaps: Unix seconds between which nothing was heard.
    """

    told: Mapping[int, Told] = field(default_factory=dict)
    gaps: tuple[tuple[float, float], ...] = ()

    def heard(self, clock: WorkClock, edges: Floats) -> Bools | None:
        """For each day between the edges whether hardly any of its working time was missed; None: nothing was."""
        if not self.gaps:
            return None
        missed = np.zeros(max(len(edges) - 1, 0))
        for start, end in self.gaps:
            inside = clock.elapsed(np.clip(edges, start, max(start, end)))
            missed += np.diff(inside)
        return np.asarray(missed < DEAF_HOURS)


NOTHING_TOLD = Record()
