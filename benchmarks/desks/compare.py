"""Figures of two folders of simulated desks beside each other, by kind: do they look alike?

usage: python -m benchmarks.desks.compare FOLDER FOLDER

Medians over the teams of a kind. Hours are working hours. `wait` is the first weeks' true mean wait, `2x` the weeks
from the onset to the doubled wait; shares of requests with a claim, a done, a reply and a chase are of the first turn;
`late%` is the share of those who asked again among requests claimed after more than five hours; `gap` the median
minutes from claim to first reply, `held` the median of claim to done in units of the mean work, `back` the median hours
until a request comes back, `people` the mean number who act on a day with signals, for each of the team at first.
"""

import gzip
import json
import math
import statistics
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.desks.people import START, WEEKS, to_hours

LATE = 5.0
Truth = dict[str, Any]


def main() -> None:
    """Print the table."""
    folders = [Path(name) for name in sys.argv[1:3]]
    seen = [figures_by_kind(folder) for folder in folders]
    names = list(seen[0]["all"])
    print(f"{'':28s}", *(f"{name:>8s}" for name in names))
    for kind in sorted(seen[0]):
        for folder, figures in zip(folders, seen, strict=True):
            if kind in figures:
                print(f"{kind:19s}{folder.name[:8]:9s}", *(f"{figures[kind][name]:8.2f}" for name in names))


def figures_by_kind(folder: Path) -> dict[str, dict[str, float]]:
    """The median of each figure over the teams of each kind, and over all."""
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for line in (folder / "truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        figures = figures_of(truth, gzip.decompress((folder / f"{truth['id']}.signals.jsonl.gz").read_bytes()))
        for kind in (truth["kind"], "all"):
            found[kind].append(figures)
    return {kind: {name: middle([f[name] for f in some]) for name in some[0]} for kind, some in found.items()}


def middle(values: list[float]) -> float:
    """The median of what is known, NaN when nothing is."""
    known = [v for v in values if not math.isnan(v)]
    return statistics.median(known) if known else float("nan")


def figures_of(truth: Truth, log: bytes) -> dict[str, float]:
    """The figures of one desk."""
    cases: dict[str, list[Any]] = defaultdict(list)
    people: dict[int, set[str]] = defaultdict(set)
    for line in log.splitlines():
        row = json.loads(line)
        cases[row["request"]].append(row)
        if "-u" in row["actor"]:
            people[int((row["ts"] - START) // 86_400)].add(row["actor"])
    turns = [first_turn(rows) for rows in cases.values()]
    late = [t for t in turns if "claim" in t and hours(t, "arrival", "claim") > LATE]
    gaps = [(t["reply"] - t["claim"]) / 60 for t in turns if "reply" in t and "claim" in t and t["reply"] > t["claim"]]
    after = [hours(t, "done", "reopen") for t in turns if "reopen" in t and "done" in t]
    return {
        "wait": truth["baseline_wait"],
        "2x": float("nan") if truth["week_2x"] is None else truth["week_2x"] - truth["onset"],
        "last wait": truth["true_mean_wait_week"][-1] / truth["baseline_wait"],
        "a week": len(cases) / WEEKS,
        **{f"{kind}%": 100 * share(turns, kind) for kind in ("claim", "done", "reply", "chase", "reopen", "escalate")},
        "late%": 100 * share(late, "chase") if late else float("nan"),
        "gap": middle(gaps),
        "held": middle([hours(t, "claim", "done") for t in turns if "claim" in t and "done" in t])
        / truth["mean_service"],
        "back": middle(after),
        "people": statistics.fmean(len(acted) for acted in people.values()) / truth["c"],
    }


def first_turn(rows: list[Any]) -> dict[str, float]:
    """When each kind of signal first came, until the request came back."""
    found: dict[str, float] = {}
    for row in rows:
        if "reopen" in found and row["kind"] != "reopen":
            continue
        found.setdefault(row["kind"], row["ts"])
    return found


def hours(turn: dict[str, float], first: str, last: str) -> float:
    """Working hours between two signals."""
    return to_hours(turn[last]) - to_hours(turn[first])


def share(turns: list[dict[str, float]], kind: str) -> float:
    """The share of requests with a signal of a kind."""
    return sum(kind in t for t in turns) / len(turns)


if __name__ == "__main__":
    main()
