"""How far estimated utilization is from the truth, on simulated teams.

usage: python -m benchmarks.scenarios FOLDER

FOLDER holds `truth.jsonl` (one team a line: id, roster_updated, p_blocked, and by week rho_week, avail_hours; weeks
count from Monday 2024-01-01 UTC), ID.signals.jsonl.gz and ID.team.json in the import format. Each window of four weeks
is compared with the true utilization of these weeks, weighted by available hours. Printed for each kind of team and
basis: windows that could be estimated, of how many; root mean square error; mean error; the share of windows whose
truth lies in the 80% and in the 90% interval; and the error of a plain sum of claim-to-done times ÷ capacity as the
baseline.
"""

import gzip
import hashlib
import json
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bot.health.facts import Facts
from bot.health.picture import look
from bot.health.results import Basis
from bot.health.weeks import ROLLING, rolling
from bot.signal import Kind, Signal
from bot.team import Person, Team

START = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
WEEK = 7 * 86400.0
WEEKS = 26
NO_MARKS = frozenset({"claim", "done"})

Truth = dict[str, Any]
KINDS: tuple[tuple[str, Callable[[Truth], bool]], ...] = (
    ("roster true, work not parked", lambda t: t["roster_updated"] and not t["p_blocked"]),
    ("roster true, work parked", lambda t: t["roster_updated"] and t["p_blocked"]),
    ("roster stale, work not parked", lambda t: not t["roster_updated"] and not t["p_blocked"]),
    ("roster stale, work parked", lambda t: not t["roster_updated"] and t["p_blocked"]),
    ("all", lambda t: True),
)


@dataclass(frozen=True)
class Window:
    """One estimate beside its truth."""

    truth: float
    value: float
    covered: bool
    in90: bool
    summed: float


def main() -> None:
    """Print the table for the folder named on the command line."""
    folder = Path(sys.argv[1])
    truths = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    print(f"{'':31s}{'basis':9s}{'windows':>11s}{'rmse':>8s}{'bias':>8s}{'in 80%':>8s}{'in 90%':>8s}{'summed':>8s}")
    for basis, dropped in ((Basis.CLAIMS, frozenset()), (Basis.REPLIES, NO_MARKS)):
        found = {t["id"]: list(windows(folder, t, basis, dropped)) for t in truths}
        for name, belongs in KINDS:
            some = [w for t in truths if belongs(t) for w in found[t["id"]]]
            report(name, basis, some, (WEEKS - ROLLING + 1) * sum(map(bool, map(belongs, truths))))


def windows(folder: Path, truth: Truth, basis: Basis, dropped: frozenset[str]) -> Iterator[Window]:
    """Every four-week window of one team that could be estimated, seen from the end of its history."""
    facts = read_facts(folder / f"{truth['id']}.signals.jsonl.gz", dropped)
    team = read_team(folder / f"{truth['id']}.team.json")
    now = START + WEEKS * WEEK
    picture = look(facts, team, now, basis=basis, held=None, history_weeks=WEEKS)
    edges = np.arange(WEEKS + 1, dtype=np.float64) * WEEK + START
    desk, spans = picture.desk, picture.desk.requests.spans
    loads = rolling(desk.sums(edges, picture.work))
    for last in range(ROLLING - 1, WEEKS):
        load, past = loads[last], slice(last - ROLLING + 1, last + 1)
        belief = None if load is None else picture.believe(load)
        if load is None or belief is None:
            continue
        true = float(np.average(truth["rho_week"][past], weights=truth["avail_hours"][past]))
        inside = (spans.start >= edges[past.start]) & (spans.start < edges[last + 1])
        held = float(np.nansum(desk.clock.between(spans.start, spans.end)[inside]))
        seen = belief.seen()
        spread = belief.posterior
        in90 = spread is not None and spread.quantile(0.05) <= true <= spread.quantile(0.95)
        yield Window(true, seen.value, seen.low <= true <= seen.high, in90, held / load.capacity)


def report(name: str, basis: Basis, some: list[Window], possible: int) -> None:
    """One line of the table."""
    off = np.array([w.value - w.truth for w in some])
    summed = math.sqrt(np.mean([(w.summed - w.truth) ** 2 for w in some]))
    shown = f"{summed:8.3f}" if basis is Basis.CLAIMS else f"{'–':>8s}"
    print(
        f"{name:31s}{basis:9s}{f'{len(some)}/{possible}':>11s}{math.sqrt(np.mean(off**2)):8.3f}{off.mean():+8.3f}"
        f"{np.mean([w.covered for w in some]):8.1%}{np.mean([w.in90 for w in some]):8.1%}{shown}"
    )


def read_facts(path: Path, dropped: frozenset[str]) -> Facts:
    """Signals of one team, without the kinds named."""
    signals = []
    for line in gzip.decompress(path.read_bytes()).splitlines():
        row = json.loads(line)
        if row["kind"] in dropped:
            continue
        key = int.from_bytes(_hash(row["request"])) >> 1
        actor = _hash(row["actor"]) if "actor" in row else b""
        signals.append(Signal(0, key, key, Kind[row["kind"].upper()], actor, round(row["ts"] * 1e6)))
    return Facts.of(signals)


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def read_team(path: Path) -> Team:
    """The roster as it was said."""
    said = json.loads(path.read_text())
    people = tuple(
        Person(
            p["id"],
            _day(p.get("from")),
            _day(p.get("until")),
            frozenset(date.fromisoformat(day) for day in p.get("off", ())),
        )
        for p in said["people"]
    )
    return Team(said["name"], said["tz"], said["hours"], said["country"], people)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


if __name__ == "__main__":
    main()
