"""How early drift is seen, and how often it is seen where there is none, on simulated teams.

usage: python -m benchmarks.detection FOLDER SCORER [full|half|replies]

FOLDER as in `benchmarks.scenarios`; SCORER is a Python file with `score(truth, alarms)`, where alarms are the alarmed
weeks of each team by id. `half` drops half of all claims and dones, `replies` all of them. Every working day is judged
at its closing, with the facts up to then. Printed: the operating curve over the line at which drift begins; then,
beside the figures of the line in use, those of five folds, stratified by kind, in each of which the lowest line is
taken that alarms in vain at most once in two years on the other four (.125 a team-quarter; control charts of weekly
figures are set to an average run length of 104 weeks). Danger is left out: it speaks later than drift.
"""

import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scenarios import NO_MARKS, START, WEEKS, read_facts, read_team
from bot.health.drift import DAYS, ENTER, LEARNED, LEAVE
from bot.health.facts import Bools, Floats
from bot.health.picture import look
from bot.signal import Kind

DAY, CLOSING = 86_400.0, 17 * 3_600.0
LINES = [float(line) for line in np.arange(0.8, 2.0, 0.05).round(2)]
FOLDS, WANTED = 5, 0.125

Truth = dict[str, Any]
Score = Callable[[list[Truth], dict[str, list[int]]], dict[str, Any]]


def main() -> None:
    """Print the curve and the folds for the folder named on the command line."""
    folder, mode = Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else "full"
    truths = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    score = scorer(Path(sys.argv[2]))
    with ProcessPoolExecutor(2) as pool:
        seen = dict(pool.map(partial(evidence, folder, mode), [t["id"] for t in truths]))
    alarms = {line: {team: alarmed(days, line) for team, days in seen.items()} for line in LINES}
    for line in LINES:
        show(f"line {line:4.2f}{' (in use)' if line == ENTER else ''}", score(truths, alarms[line]))
    fold = folds(truths)
    chosen: dict[str, list[int]] = {}
    for number in range(FOLDS):
        others = [t for t in truths if fold[t["id"]] != number]
        line = next(x for x in LINES if score(others, alarms[x])["fa"] <= WANTED)
        print(f"fold {number}: line {line}")
        chosen |= {team: weeks for team, weeks in alarms[line].items() if fold[team] == number}
    for name, found in (("line in use", score(truths, alarms[ENTER])), ("cross-validated", score(truths, chosen))):
        show(name, found)
        print(f"{name}: right by kind", found["right_by_kind"])


def scorer(path: Path) -> Score:
    """The function `score` of a Python file."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Score = module.score
    return found


def evidence(folder: Path, mode: str, team: str) -> tuple[str, dict[int, float]]:
    """The evidence of drift at the closing of each working day after the first weeks, by number of the day."""
    facts = read_facts(folder / f"{team}.signals.jsonl.gz", NO_MARKS if mode == "replies" else frozenset())
    if mode == "half":
        lost: Bools = np.random.default_rng(int(team.strip("S"))).random(len(facts)) < 0.5
        facts = facts.take(~(lost & np.isin(facts.kind, (Kind.CLAIM, Kind.DONE))))
    roster, found = read_team(folder / f"{team}.team.json"), {}
    for day in range(LEARNED, WEEKS * 7):
        if day % 7 < 5:
            now = START + day * DAY + CLOSING
            parts: Floats = look(
                facts.take(facts.at < now), roster, now, basis=None, held=None, history_weeks=WEEKS
            ).drift.parts
            found[day] = float(parts[-1].sum()) if len(parts) else float("nan")
    return team, found


def alarmed(days: dict[int, float], line: float) -> list[int]:
    """Weeks in which drift stood, had it begun at another line."""
    weeks, on, high, low = set(), False, 0, 0
    for day, value in sorted(days.items()):
        high = high + 1 if value >= line else 0
        low = low + 1 if value < line * LEAVE / ENTER else 0
        on = low < DAYS if on else high >= DAYS
        if on:
            weeks.add(day // 7)
    return sorted(weeks)


def folds(truths: list[Truth]) -> dict[str, int]:
    """The fold of each team, the teams of each kind spread evenly."""
    met: Counter[str] = Counter()
    found = {}
    for truth in truths:
        found[truth["id"]] = met[truth["kind"]] % FOLDS
        met[truth["kind"]] += 1
    return found


def show(name: str, figures: dict[str, Any]) -> None:
    """One line of figures."""
    print(f"{name:20s}", *(f"{key} {figures[key]}" for key in ("fa", "ahead_2x", "ahead_85", "lead_2x", "ever")))


if __name__ == "__main__":
    main()
