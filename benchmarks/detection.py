"""How early a team is warned, and how often in vain, on simulated teams whose true load is known.

usage: python -m benchmarks.detection FOLDER SCORER [full|half|replies]

FOLDER as in `benchmarks.scenarios`; SCORER is a Python file with `weeks_of(result)`, the alarmed weeks of what
`headroom backtest --json` prints, and `score(truth, alarms)`, where alarms are the alarmed weeks of each team by id.
`half` drops half of all claims and dones, `replies` all of them. Every working day is judged at its closing, with the
facts up to then, by the rule that is live: level by utilization, raised where drift stands. Printed: the operating
curve over the line at which drift begins; then, beside the figures of the line in use, those of five folds, stratified
by kind, in each of which the lowest line is taken that alarms in vain at most once in two years on the other four
(.125 a team-quarter; control charts of weekly figures are set to an average run length of 104 weeks).
"""

import importlib.util
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.scenarios import NO_MARKS, START, WEEKS, read_facts, read_team
from bot.health.drift import DAYS, ENTER, LEARNED, LEAVE, raised
from bot.health.facts import Bools
from bot.health.picture import Picture, look
from bot.health.pile import buried, piles
from bot.health.results import Level, Week
from bot.health.weeks import history
from bot.services.decide import Step, decide
from bot.signal import Kind

DAY, CLOSING = 86_400.0, 17 * 3_600.0
FIRST = date(2024, 1, 1)
LINES = [float(line) for line in np.arange(0.8, 2.0, 0.05).round(2)]
FOLDS, WANTED = 5, 0.125

Truth = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known at one closing.

    Attributes:
        day: Number of the day.
        level: By utilization alone.
        week: The last complete week; None before there is one.
        evidence: Of drift; NaN before enough was seen.
        eased: Whether waits let drift end.
    """

    day: int
    level: Level
    week: Week | None
    evidence: float
    eased: bool


def main() -> None:
    """Print the curve and the folds for the folder named on the command line."""
    folder, mode = Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else "full"
    truths = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    scorer = module(Path(sys.argv[2]))
    with ProcessPoolExecutor(2) as pool:
        seen = dict(pool.map(partial(watched, folder, mode), [t["id"] for t in truths]))
    alarms = {
        line: {team: scorer.weeks_of(result(days, line)) for team, days in seen.items()} for line in [*LINES, np.inf]
    }
    show("without drift", scorer.score(truths, alarms[np.inf]))
    for line in LINES:
        show(f"line {line:4.2f}{' (in use)' if line == ENTER else ''}", scorer.score(truths, alarms[line]))
    fold = folds(truths)
    chosen: dict[str, list[int]] = {}
    for number in range(FOLDS):
        others = [t for t in truths if fold[t["id"]] != number]
        line = next((x for x in LINES if scorer.score(others, alarms[x])["fa"] <= WANTED), LINES[-1])
        print(f"fold {number}: line {line}")
        chosen |= {team: weeks for team, weeks in alarms[line].items() if fold[team] == number}
    for name, alarmed in (("line in use", alarms[ENTER]), ("cross-validated", chosen)):
        found = scorer.score(truths, alarmed)
        show(name, found)
        print(f"{name}: right by kind", found["right_by_kind"])


def module(path: Path) -> ModuleType:
    """A Python file as a module."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def watched(folder: Path, mode: str, team: str) -> tuple[str, list[Seen]]:
    """What is known at the closing of each working day."""
    facts = read_facts(folder / f"{team}.signals.jsonl.gz", NO_MARKS if mode == "replies" else frozenset())
    if mode == "half":
        lost: Bools = np.random.default_rng(int(team.strip("S"))).random(len(facts)) < 0.5
        facts = facts.take(~(lost & np.isin(facts.kind, (Kind.CLAIM, Kind.DONE))))
    roster, found, held = read_team(folder / f"{team}.team.json"), [], None
    for day in range(WEEKS * 7):
        if day % 7 < 5:
            now = START + day * DAY + CLOSING
            picture = look(facts.take(facts.at < now), roster, now, basis=None, held=held, history_weeks=WEEKS)
            held = held or picture.basis
            found.append(at_closing(day, picture))
    return team, found


def at_closing(day: int, picture: Picture) -> Seen:
    """Level by utilization and evidence of drift, as one picture has them."""
    if not len(picture.mondays):
        return Seen(day, Level.UNKNOWN, None, float("nan"), True)
    past = history(picture.desk, picture.mondays, picture.team.tz, picture.work, picture.believe, picture.lines)
    drift = picture.drift
    evidence = float(drift.parts[-1].sum()) if len(drift.parts) and day >= LEARNED else float("nan")
    level = buried(past[-1].level, piles(picture).now)
    return Seen(day, level, past[-1], evidence, bool(drift.eased[-1]) if len(drift.eased) else True)


def result(days: list[Seen], line: float) -> dict[str, list[dict[str, str]]]:
    """What the backtest would print, had drift begun at another line."""
    told: Level | None = None
    levels, alerts = [], []
    on, high, low = False, 0, 0
    for seen in days:
        high = high + 1 if seen.evidence >= line else 0
        low = low + 1 if seen.eased and seen.evidence < line * LEAVE / ENTER else 0
        on = low < DAYS if on else high >= DAYS
        level = seen.level if seen.week is None else raised(seen.level, seen.week, on)
        when = (FIRST + timedelta(days=seen.day)).isoformat()
        step = decide(level, told, basis_changed=False, quiet=False)
        if step is Step.POST:
            alerts.append({"date": when, "level": level.word})
        if step is not Step.NOTHING:
            told = level
        levels.append({"date": when, "level": level.word})
    return {"days": levels, "alerts": alerts}


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
