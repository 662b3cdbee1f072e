"""How well the wait of the week to come is forecast, on simulated teams.

usage: python -m benchmarks.forecast FOLDER

FOLDER is as for `benchmarks.scenarios`; of `truth.jsonl` also kind, drifting, onset and true_mean_wait_week are read.
At the end of each week from the fourth on (midnight after Sunday), the next week is forecast from what was known then.
Printed, over all team-weeks together: the rank correlation (Spearman) of the forecast with the true mean wait, which is
the mean of many runs of the same week; with the mean wait of the one run that was seen; and the share of weeks whose
seen mean, and whose true mean, lies in the 80% range. Every second team of each kind helped to choose the method; they
and the others are told apart.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from benchmarks.scenarios import START, WEEK, WEEKS, Truth, read_facts, read_team
from bot.health.forecast import LEAST, forecast, weekly
from bot.health.picture import look
from bot.health.results import Estimate

SETTLED = 6
"""From so many weeks on the second group of lines counts."""


@dataclass(frozen=True)
class Told:
    """One forecast beside what came."""

    chosen_on: bool
    drifted: bool
    weeks: int
    said: Estimate
    true: float
    seen: float


def main() -> None:
    """Print the table for the folder named on the command line."""
    folder = Path(sys.argv[1])
    told, asked = [], 0
    of_kind: Counter[str] = Counter()
    for line in (folder / "truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        told += list(forecasts(folder, truth, of_kind[truth["kind"]] % 2 == 0))
        of_kind[truth["kind"]] += 1
        asked += WEEKS - LEAST
    print(f"{len(told)} forecasts of {asked} team-weeks")
    print(f"{'':40s}{'weeks':>7s}{'rank, true':>12s}{'rank, seen':>12s}{'seen in 80%':>13s}{'true in 80%':>13s}")
    report("all", told)
    report("teams the method was chosen on", [one for one in told if one.chosen_on])
    report("teams it was not chosen on", [one for one in told if not one.chosen_on])
    report("without drift", [one for one in told if not one.drifted])
    report("in drift", [one for one in told if one.drifted])
    report(f"{SETTLED} weeks known or more", [one for one in told if one.weeks >= SETTLED])


def forecasts(folder: Path, truth: Truth, chosen_on: bool) -> Iterator[Told]:
    """Each week of one team that could be forecast."""
    facts = read_facts(folder / f"{truth['id']}.signals.jsonl.gz", frozenset())
    team = read_team(folder / f"{truth['id']}.team.json")
    hindsight = look(facts, team, START + WEEKS * WEEK, basis=None, held=None, history_weeks=WEEKS)
    came = weekly(hindsight).wait[-WEEKS:]
    for week in range(LEAST, WEEKS):
        known = look(facts, team, START + week * WEEK, basis=None, held=None, history_weeks=WEEKS)
        said = forecast(known)
        if said and len(came) == WEEKS and not np.isnan(came[week]):
            drifted = bool(truth["drifting"] and week > truth["onset"])
            yield Told(chosen_on, drifted, week, said, truth["true_mean_wait_week"][week], float(came[week]))


def report(name: str, some: list[Told]) -> None:
    """One line of the table."""
    said = [one.said.value for one in some]
    ranks = [spearmanr(said, [getattr(one, which) for one in some]).statistic for which in ("true", "seen")]
    inside = [
        np.mean([one.said.low <= getattr(one, which) <= one.said.high for one in some]) for which in ("seen", "true")
    ]
    print(f"{name:40s}{len(some):>7d}{ranks[0]:12.3f}{ranks[1]:12.3f}{inside[0]:13.1%}{inside[1]:13.1%}")


if __name__ == "__main__":
    main()
