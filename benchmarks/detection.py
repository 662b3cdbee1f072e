"""How early a team is warned, and how often in vain, on simulated teams whose true load is known.

usage: python -m benchmarks.detection FOLDER SCORER [full|half|replies]

FOLDER as in `benchmarks.scenarios`; SCORER is a Python file with `weeks_of(result)`, the alarmed weeks of what
`headroom backtest --json` prints, `score(truth, alarms)`, where alarms are the alarmed weeks of each team by id, and
`danger(truth, results)`. `half` drops half of all claims and dones, `replies` all of them. One pass over each history
judges all its days by the rule that is live, for each choice of how early to warn; printed is a line of figures for
each choice, and for families of desks (`benchmarks.desks`), where the truth names them, one for each. The figures of
record are those of `headroom backtest`, which judges every day anew; both agree on all but a few days in a hundred.
"""

import importlib.util
import json
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.scenarios import NO_MARKS, START, WEEKS, read_facts, read_team
from bot.health.facts import Bools
from bot.health.picture import look
from bot.health.results import Alerting, Level
from bot.health.seen.worktime import time_zone
from bot.health.verdict.verdict import Verdict, verdict
from bot.services.decide import Step, decide
from bot.signal import Kind

FIGURES = (
    *("danger_lag", "danger_never", "danger_fa", "withdrawn", "undone", "posts"),
    *("fa", "ahead_2x", "ahead_85", "ever"),
)

Truth = dict[str, Any]
Result = dict[str, list[dict[str, str]]]


def main() -> None:
    """Print the figures for the folder named on the command line."""
    folder, mode = Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else "full"
    truths = [json.loads(line) for line in (folder / "truth.jsonl").read_text().splitlines()]
    scorer = module(Path(sys.argv[2]))
    with ProcessPoolExecutor(2) as pool:
        judged = dict(pool.map(partial(watched, folder, mode), [t["id"] for t in truths]))
    families = defaultdict(list)
    for truth in truths:
        families[truth.get("family", "")].append(truth)
    for choice in Alerting:
        show(choice, scorer, truths, {team: by[choice] for team, by in judged.items()})
    for family, those in families.items():
        if family:
            usual = {truth["id"]: judged[truth["id"]][Alerting.USUAL] for truth in those}
            show(f"{family} ({len(those)})", scorer, those, usual)


def module(path: Path) -> ModuleType:
    """A Python file as a module."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def watched(folder: Path, mode: str, team: str) -> tuple[str, dict[Alerting, Result]]:
    """What the backtest would print by each choice."""
    facts = read_facts(folder / f"{team}.signals.jsonl.gz", NO_MARKS if mode == "replies" else frozenset())
    if mode == "half":
        seed = int("".join(filter(str.isdigit, team)))
        lost: Bools = np.random.default_rng(seed).random(len(facts)) < 0.5
        facts = facts.take(~(lost & np.isin(facts.kind, (Kind.CLAIM, Kind.DONE))))
    roster = read_team(folder / f"{team}.team.json")
    picture = look(facts, roster, START + WEEKS * 7 * 86_400.0 - 1, basis=None, held=None, history_weeks=WEEKS)
    return team, {choice: result(verdict(picture, alerting=choice), roster.tz) for choice in Alerting}


def result(found: Verdict, tz: str) -> Result:
    """Days and alerts as `headroom backtest --json` prints them."""
    told: Level | None = None
    days, alerts = [], []
    for edge, day in zip(found.edges.tolist(), found.days, strict=False):
        date = (datetime.fromtimestamp(edge, time_zone(tz)) + timedelta(hours=12)).date().isoformat()
        step = decide(day.level, told, basis_changed=False, quiet=False)
        if step is Step.POST:
            alerts.append({"date": date, "level": day.level.word, "before": (told or Level.HEALTHY).word})
        if step is not Step.NOTHING:
            told = day.level
        days.append({"date": date, "level": day.level.word})
    return {"days": days, "alerts": alerts}


def show(name: str, scorer: ModuleType, truths: list[Truth], results: dict[str, Result]) -> None:
    """One line of figures."""
    alarms = {team: scorer.weeks_of(found) for team, found in results.items()}
    figures = scorer.score(truths, alarms) | scorer.danger(truths, results)
    print(f"{name:18s}", *(f"{key} {figures[key]}" for key in FIGURES), flush=True)


if __name__ == "__main__":
    main()
