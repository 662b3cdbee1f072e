"""Standing: how a level follows from the evidence of days.

Up on two working days running; down from danger after five without its evidence, and from watch after ten.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.health.results import Alerting, Evidence, Ground, Level
from bot.health.results.standing import PARTS
from bot.health.verdict.evidence import LOAD, MOST
from bot.health.verdict.rules import Rules

BARS: Mapping[Alerting, float] = MappingProxyType({Alerting.EARLIER: 1.35, Alerting.USUAL: 1.65, Alerting.QUIETER: 2.0})
"""Pressure over two weeks that is more than chance, by how early a team wants to be told."""

FULL = 2.3
"""Strain that is more than chance."""

BOTH = (Ground.LOAD, Ground.WAITS)

HEIGHT = 12.0
"""What utilization over its line adds to the pressure of four weeks, for each whole of it: a tenth over the line counts
as more than half of what is full."""

WAITED = 0.5
"""Of the logarithm of waits that lasted: where people have waited for weeks, less strain is enough."""

ROOM = 0.6
"""Of what lies between the danger line and all of a team's time, once used, is full for sure: a larger team's line lies
higher, and less is left above it."""

GROWN: Mapping[Alerting, float] = MappingProxyType({Alerting.EARLIER: 1.4, Alerting.USUAL: 1.5, Alerting.QUIETER: 1.6})
NEAR = 0.1
"""A load of so many times the calm weeks', over four weeks, is drift where it is less than so far below the line or
people wait: a week of surge is not, and a half-empty desk may grow."""

SURE = 0.99 * LOAD * MOST
"""The part of the load over two weeks where all deviations that count are reached."""

ALONE, STRAINED = 3.0, 1.4
"""Waits of so many times what is bearable, and strain of so many times its bar, speak alone."""

TWICE = 2.0
"""Where load would be a person's, waits of so many times what is bearable are danger."""

EASED, LEFT = 0.5, 0.5
"""What stands, stands until strain or pressure, and backlog, are below such a share of where it began, and people wait
no longer than usual (`Evidence.still`)."""

UP = 2
"""Working days of evidence to rise."""

DOWN: Mapping[Level, int] = MappingProxyType({Level.DANGER: 5, Level.WATCH: 10})
"""Working days without any evidence to go one step down from a level."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a team stands at a day's end.

    Attributes:
        level: Never `unknown`: the last one known.
        grounds: What it rests on.
        danger: Working days running with the evidence of danger.
        watch: The same of watch.
        without: Working days running without what keeps the level.
    """

    level: Level = Level.HEALTHY
    grounds: tuple[Ground, ...] = ()
    danger: int = 0
    watch: int = 0
    without: int = 0


def strain(e: Evidence) -> float:
    """Pressure over four weeks, how far utilization is over the danger line, and how long people have waited."""
    return e.pressure + HEIGHT * max(e.over, 0.0) + WAITED * math.log(max(e.lasting, 1.0))


def full(e: Evidence, share: float = 1.0) -> bool:
    """*Can we keep up?* No: more strain than chance makes, or most of the room above the danger line is used up."""
    return strain(e) >= FULL * share or e.over >= max(ROOM * share * (1 - e.load + e.over), 0.0)


def slow(e: Evidence) -> bool:
    """*Do people wait?* Yes: longer than is bearable over four weeks, and still over the last two."""
    return min(e.waits, e.lately) >= 1.0


def grown(e: Evidence, alerting: Alerting) -> bool:
    """Whether the load clearly grew, and room or waits show it: for four weeks, or two weeks for sure."""
    sure = dict(zip(PARTS, e.parts, strict=False)).get("load", 0.0) >= SURE and e.lately >= 1.0
    return sure or (e.grown >= GROWN[alerting] and (e.over >= -NEAR or slow(e)))


def drifting(e: Evidence, alerting: Alerting = Alerting.USUAL) -> bool:
    """Whether so much is coming that a level which stands goes on standing."""
    return e.coming >= BARS[alerting] * EASED


def flooded(e: Evidence, share: float = 1.0) -> bool:
    """Whether what is open takes everybody a working week, and three times as long as usual."""
    return e.backlog >= e.line * share


def step(before: Standing, e: Evidence, rules: Rules) -> Standing:
    """The standing after one more working day that was heard.

    Args:
        before: At the end of the one before.
        e: The day's figures.
        rules: What the team said.
    """
    small = rules.small
    both = e.waits >= TWICE if small else full(e) and slow(e)
    bar = BARS[rules.alerting]
    grounds = tuple(
        ground
        for ground, holds in (
            (Ground.LOAD, full(e, STRAINED)),
            (Ground.WAITS, e.waits >= (1.0 if small else ALONE) and e.still),
            (Ground.DRIFT, e.coming >= bar or grown(e, rules.alerting)),
        )
        if holds
    )
    now = replace(before, danger=before.danger + 1 if both else 0, watch=before.watch + 1 if both or grounds else 0)
    if flooded(e):
        return replace(now, level=Level.DANGER, grounds=(Ground.BACKLOG,), without=0)
    if now.danger >= UP:
        return replace(now, level=Level.DANGER, grounds=(Ground.WAITS,) if small else BOTH, without=0)
    if now.watch >= UP and now.level < Level.WATCH:
        return replace(now, level=Level.WATCH, grounds=grounds or BOTH, without=0)
    return _stay(now, e, grounds, rules)


def _stay(now: Standing, e: Evidence, grounds: tuple[Ground, ...], rules: Rules) -> Standing:
    """What stands goes on, or goes one step down."""
    if now.level is Level.HEALTHY:
        return replace(now, grounds=(), without=0)
    if now.level is Level.DANGER:
        both = e.waits >= 1.0 if rules.small else full(e, EASED) and e.still
        kept = both or flooded(e, LEFT)
    else:
        kept = bool(grounds) or e.still or drifting(e, rules.alerting)
    now = replace(now, without=0 if kept else now.without + 1)
    if now.without < DOWN[now.level]:
        return now
    lower = Level.WATCH if now.level is Level.DANGER else Level.HEALTHY
    return replace(now, level=lower, grounds=grounds if lower is Level.WATCH else (), without=0)
