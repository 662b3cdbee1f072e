"""Write simulated desks into a folder; see the package."""

import argparse
import gzip
import json
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.desks.families import FAMILIES, PLAIN, Family
from benchmarks.desks.floor import Floor, arrivals
from benchmarks.desks.log import Log, write
from benchmarks.desks.plan import draw, kinds
from benchmarks.desks.truth import mean_waits, row, sound


def main() -> None:
    """Read the command line and write the desks."""
    ask = argparse.ArgumentParser(prog="python -m benchmarks.desks")
    ask.add_argument("out", type=Path)
    ask.add_argument("--teams", type=int, default=120)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--replicas", type=int, default=16)
    ask.add_argument("--families", nargs="*", choices=sorted(FAMILIES), default=[], help="instead of plain desks")
    said = ask.parse_args()
    said.out.mkdir(parents=True, exist_ok=True)
    with (said.out / "truth.jsonl").open("w") as truths:
        for place, family in enumerate(said.families or [None]):
            for number, kind in enumerate(kinds(said.teams), start=place * said.teams):
                name = f"S{said.seed}{number:04d}"
                truth, log = desk(name, kind, (said.seed, number), said.replicas, FAMILIES.get(family, PLAIN))
                save(said.out, name, log)
                truths.write(json.dumps(truth | ({"family": family} if family else {})) + "\n")


def desk(
    name: str, kind: str, seed: tuple[int, int], replicas: int, family: Family = PLAIN
) -> tuple[dict[str, Any], Log]:
    """One desk, drawn anew until its wait does what its kind says."""
    for attempt in count():
        rng = np.random.default_rng((*seed, attempt))
        plan = family.plan(draw(kind, rng), rng)
        by_week = mean_waits(plan, replicas, rng)
        if sound(plan, by_week):
            came = arrivals(plan, rng)
            log = write(name, plan, came, Floor(plan, came, rng).run(), rng)
            return row(name, plan, by_week, attempt), family.log(log, plan, rng)
    raise AssertionError


def save(out: Path, name: str, log: Log) -> None:
    """Write the signals, the same bytes for the same log, and the team."""
    text = "".join(json.dumps(r) + "\n" for r in log.rows)
    (out / f"{name}.signals.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    (out / f"{name}.team.json").write_text(json.dumps(log.team))


if __name__ == "__main__":
    main()
