"""How right an alert's explanation is: where the wait leads, what the cause is, and since when, on simulated teams.

usage: python -m benchmarks.explained FOLDER

FOLDER as in `benchmarks.scenarios`; of `truth.jsonl` also kind, drifting, onset and week_2x are read: the first of at
least three weeks whose true mean wait is over twice the usual one. Each team's 26 weeks are replayed day by day as
`headroom backtest` does; every rise to watch or danger is looked at, with what was known on that day.

Printed: what was said of the wait; the stated chances that it has doubled, and that it does within eight weeks, in
groups beside how often it was so, and their Brier score beside that of always saying how often it is so; the error of
the day in weeks, where the wait had not doubled; for each kind of drift how often the right cause was named, none, and
a wrong one, by the shares, by the likeliest change and by what an alert says first; how often the one thing to do fits
the true cause and comes with its predicted effect; and the error of the beginning.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.scenarios import START, WEEKS, Truth, read_facts, read_team
from bot.health.assess import assess
from bot.health.outlook import AHEAD
from bot.health.results import Assessment, Effect
from bot.messages.explained import SURE_ENOUGH
from bot.report.backtest import replay

FIRST = datetime.fromtimestamp(START, UTC).date()
RIGHT = {"demand": "demand", "service_time": "service", "staff_loss": "hours", "rework": "rework"}
FITS = {"demand": "pause_intake", "service": "office_hours", "hours": "add_cover", "rework": "look_back"}
GROUPS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Look:
    """One rise of the level: what was said, beside the truth."""

    truth: Truth
    day: date
    said: Assessment
    effect: Effect | None

    @property
    def week(self) -> int:
        """Counted from the first one."""
        return (self.day - FIRST).days // 7

    @property
    def doubles(self) -> int:
        """Week in which the wait truly doubles; far away where it never does."""
        return WEEKS * 10 if self.truth["week_2x"] is None else int(self.truth["week_2x"])


def main() -> None:
    """Print the figures for the folder named on the command line."""
    folder = Path(sys.argv[1])
    truths = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    found = [one for truth in truths for one in looks(folder, truth)]
    told = [one for one in found if one.said.outlook]
    print(f"{len(found)} looks at {len(truths)} teams, an outlook at {len(told)}")
    spoken(told)
    already = [(one.said.outlook.already, one.doubles <= one.week) for one in told if one.said.outlook]
    within = [(one.said.outlook.p, one.doubles <= one.week + AHEAD) for one in told if one.said.outlook]
    still = [pair for pair, (_, so) in zip(within, already, strict=True) if not so]
    reliability("the wait has doubled", already)
    reliability(f"it has within {AHEAD} weeks", within)
    reliability("the same where it has not yet", still)
    dates([one for one in told if one.week < one.doubles < WEEKS])
    causes(found)
    to_do(found)
    beginnings(found)


def looks(folder: Path, truth: Truth) -> Iterator[Look]:
    """The rises of one team's level, each explained with what was known then."""
    facts = read_facts(folder / f"{truth['id']}.signals.jsonl.gz", frozenset())
    team = read_team(folder / f"{truth['id']}.team.json")
    for rise in replay(facts, team, FIRST, FIRST + timedelta(days=7 * WEEKS - 1)).rises:
        now = rise.found.as_of
        found = assess(facts.take(facts.at < now), team, now)
        yield Look(truth, rise.date, found, found.remedies[0].effect)


def spoken(told: Sequence[Look]) -> None:
    """What an alert says of the wait, by whether it has doubled."""
    for name, some in (
        ("had doubled", [one for one in told if one.doubles <= one.week]),
        ("had not yet", [one for one in told if one.week < one.doubles < WEEKS]),
        ("never does", [one for one in told if one.doubles >= WEEKS]),
    ):
        said = Counter(_said(one) for one in some)
        print(f"  the wait {name:12s}", *(f"{key} {said[key]}" for key in ("has doubled", "a day", "nothing")))


def _said(one: Look) -> str:
    ahead = one.said.outlook
    if not ahead or ahead.doubles is None:
        return "nothing"
    return "has doubled" if ahead.already >= SURE_ENOUGH else "a day"


def reliability(name: str, stated: Sequence[tuple[float, bool]]) -> None:
    """Groups of the stated chance beside how often it was so, and the Brier score beside the base rate's."""
    if not stated:
        print(f"{name}: nothing stated")
        return
    p, so = np.array([x for x, _ in stated]), np.array([float(y) for _, y in stated])
    base = float(so.mean())
    print(f"{name}: Brier {np.mean((p - so) ** 2):.3f}, always saying {base:.2f}: {base * (1 - base):.3f} (n={len(p)})")
    for low, high in pairwise(GROUPS):
        inside = (p >= low) & ((p < high) | (high >= 1.0))
        if inside.any():
            group = f"{low:.1f}–{high:.1f}: n {inside.sum():3d}"
            print(f"    {group}  {p[inside].mean():.2f} said  {so[inside].mean():.2f} so")


def dates(some: Sequence[Look]) -> None:
    """Weeks between the day said and the middle of the week in which the wait truly doubled."""
    off = []
    for one in some:
        if one.said.outlook and one.said.outlook.doubles and one.said.outlook.already < SURE_ENOUGH:
            truly = FIRST + timedelta(days=7 * one.doubles + 3)
            off.append((one.said.outlook.doubles - truly).days / 7)
    if off:
        print(
            f"the day: n {len(off)}, median error {np.median(off):+.1f} weeks, median size {np.median(np.abs(off)):.1f}"
        )


def causes(found: Sequence[Look]) -> None:
    """For each kind that drifts, in its drift: right, unknown and wrong by each way of naming a cause."""
    print(f"{'main cause':14s}{'looks':>6s}{'by shares':>20s}{'likeliest':>20s}{'told first':>20s}")
    for kind, right in RIGHT.items():
        some = [one for one in found if one.truth["kind"] == kind and one.week >= one.truth["onset"]]
        columns = [
            Counter(_verdict(name, right) for name in names)
            for names in zip(*((_shares(one), _likeliest(one), _first(one)) for one in some), strict=True)
        ]
        cells = [" · ".join(str(c[key]) for key in ("right", "unknown", "wrong")) for c in columns]
        print(f"{kind:14s}{len(some):6d}" + "".join(f"{cell:>20s}" for cell in cells))
    print("(right · unknown · wrong)")


def _verdict(name: str | None, right: str) -> str:
    return "unknown" if name is None else "right" if name == right else "wrong"


def _shares(one: Look) -> str | None:
    return one.said.causes.of[0].name if one.said.causes else None


def _likeliest(one: Look) -> str | None:
    return one.said.likely.name if one.said.likely else None


def _first(one: Look) -> str | None:
    return _shares(one) or _likeliest(one)


def to_do(found: Sequence[Look]) -> None:
    """How often the one thing to do fits the true cause, and comes with what it would change and the range of that."""
    some = [one for one in found if one.truth["kind"] in RIGHT and one.week >= one.truth["onset"]]
    fits = sum(one.said.suggestion == FITS[RIGHT[one.truth["kind"]]] for one in some)
    predicted = sum(one.effect is not None for one in some)
    ranged = sum(one.effect is not None and one.effect.after is not None for one in some)
    print(
        f"one thing to do: of {len(some)} fits the true cause {fits}; its effect is told {predicted}, a wait {ranged}"
    )


def beginnings(found: Sequence[Look]) -> None:
    """Weeks between the beginning said and the true one, and how often its range holds it."""
    off, held = [], []
    for one in found:
        if one.truth["drifting"] and one.week >= one.truth["onset"] and one.said.began:
            truly = FIRST + timedelta(weeks=one.truth["onset"])
            off.append((one.said.began.week - truly).days / 7)
            held.append(one.said.began.low <= truly <= one.said.began.high)
    if off:
        error = f"median error {np.median(off):+.1f} weeks, median size {np.median(np.abs(off)):.1f}"
        print(f"the beginning: n {len(off)}, {error}, in range {np.mean(held):.0%}")


if __name__ == "__main__":
    main()
