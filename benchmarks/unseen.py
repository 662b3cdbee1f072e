"""How well the share of unseen work is found from waits: `python -m benchmarks.unseen [SEEDS] [FOLDER]`.

Desks whose people have calendars of their own: each person's meetings come at random, and begin when the request in
hand is done. Only requests are told. For each true share: how often anything was said, and of what was said, how often
the truth lay in the 80% range, its mean width, and the mean error of its middle. The simulator follows every person one
by one and shares no code with the replay that is judged.

With FOLDER, as for `benchmarks.scenarios` (there is no unseen work in them), also: every fourth week from the sixth
on, how often anything was said, and for how many teams it ever was.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.scenarios import KINDS, START, WEEK, read_facts, read_team
from benchmarks.scenarios import WEEKS as END
from bot.health.assess import assess
from bot.health.facts import Floats, Ints
from bot.health.unseen import LEAST_WEEKS, SEED, Fitted, Watched, fit

WEEKS, DAYS, HOURS = 8, 5, 8.0
EVERY = 4
SHARES = (0.0, 0.1, 0.2, 0.3)
PEOPLE = (3, 4, 5, 8)
SEEN = (0.5, 0.6, 0.7)


@dataclass(frozen=True)
class Life:
    """How a desk lives.

    Attributes:
        people: Who answer.
        seen: Utilization by requests.
        unseen: Share of everybody's hours in meetings.
        service: Mean hours of a request.
        meeting: Mean hours of a meeting.
        look: Somebody free looks into the channel within so many hours.
        overnight: Share of requests that come while the desk is closed.
    """

    people: int
    seen: float
    unseen: float
    service: float = 1.0
    meeting: float = 0.5
    look: float = 0.25
    overnight: float = 0.2


@dataclass(frozen=True, eq=False)
class Lived:
    """What happened, on the working clock; every array is (requests,).

    Attributes:
        came: When each was asked, ascending.
        begun: When somebody took it.
        work: Hours it took.
        who: Number of that person.
    """

    came: Floats
    begun: Floats
    work: Floats
    who: Ints


class Diary:
    """One person: when they are free, and the meetings that are still to come."""

    def __init__(self, meetings: list[tuple[float, float]]) -> None:
        self.free = 0.0
        self.meetings = meetings[::-1]

    def ready(self, at: float) -> float:
        """When they could begin something that came at this hour; meetings due until then are held first."""
        while self.meetings and self.meetings[-1][0] <= max(self.free, at):
            due, length = self.meetings.pop()
            self.free = max(self.free, due) + length
        return max(self.free, at)


def meetings(life: Life, total: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """(when due, hours) of one person's meetings."""
    if life.unseen <= 0:
        return []
    found, at = [], float(rng.exponential(life.meeting))
    while at < total:
        length = float(rng.lognormal(np.log(life.meeting) - 0.25, 0.7))
        found.append((at, length))
        at += length + float(rng.exponential(life.meeting * (1 - life.unseen) / life.unseen))
    return found


def live(life: Life, seed: int, weeks: int = WEEKS) -> Lived:
    """Weeks of a desk: first come first served by whoever can begin first."""
    rng = np.random.default_rng(seed)
    came = arrivals(life, weeks, rng)
    work = rng.lognormal(np.log(life.service) - np.log(2) / 2, np.sqrt(np.log(2)), len(came))
    people = [Diary(meetings(life, weeks * DAYS * HOURS, rng)) for _ in range(life.people)]
    begun, who = np.empty(len(came)), np.empty(len(came), np.int64)
    for i, at in enumerate(came.tolist()):
        ready = [person.ready(at) for person in people]
        first = int(np.argmin(ready))
        # whoever is free sees it when they look; whoever finishes takes the next at once
        begun[i] = at + rng.uniform(0, life.look) if ready[first] == at else ready[first]
        who[i] = first
        people[first].free = float(begun[i] + work[i])
    return Lived(came, begun, work, who)


def watched(life: Life, lived: Lived, weeks: int = WEEKS) -> Watched:
    """What can be seen of it: requests, claims and closings."""
    came, work = lived.came, lived.work
    begun, ended = np.sort(lived.begun), np.sort(lived.begun + work)
    taken = np.searchsorted(begun, came, "right")
    held = taken - np.searchsorted(ended, came, "right")
    waiting = np.arange(len(came)) - taken
    return Watched(
        came,
        lived.begun - came,
        (np.mod(came, HOURS) > 0) & (waiting <= 0) & (held <= life.people / 2),
        (came // (DAYS * HOURS)).astype(np.int64),
        np.full(weeks * DAYS, HOURS),
        np.full(weeks * DAYS, HOURS * life.people),
        float(work.mean()),
        float(work.var() / work.mean() ** 2),
        0.0,
    )


def arrivals(life: Life, weeks: int, rng: np.random.Generator) -> Floats:
    """When requests come, on the working clock: those of the night at the next opening."""
    total = weeks * DAYS * HOURS
    number = rng.poisson(life.people * life.seen / life.service * total)
    at = rng.uniform(0, total, number)
    night = rng.random(number) < life.overnight
    return np.sort(np.where(night, np.floor(at / HOURS) * HOURS, at))


def some_life(share: float, seed: int) -> tuple[Life, int]:
    """One of the desks of the table, and the seed of its dice."""
    rng = np.random.default_rng([seed, round(share * 100)])
    life = Life(
        int(rng.choice(PEOPLE)),
        float(rng.choice(SEEN)),
        share,
        float(rng.uniform(0.5, 2)),
        float(rng.uniform(0.3, 1)),
        float(rng.choice([0.0, 0.25, 0.5])),
        float(rng.uniform(0, 0.3)),
    )
    return life, int(rng.integers(2**31))


def judged(share: float, seeds: range) -> list[tuple[Life, Fitted]]:
    """What was said of so many desks."""
    found = []
    for seed in seeds:
        life, dice = some_life(share, seed)
        found.append((life, fit(watched(life, live(life, dice)), np.random.default_rng(SEED))))
    return found


def main() -> None:
    """Print the table, and what is said of the teams in the folder where one is named."""
    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    print(f"{'true share':>10s}{'desks':>7s}{'spoke':>8s}{'in 80%':>8s}{'width':>8s}{'bias':>8s}")
    for share in SHARES:
        every = judged(share, seeds)
        said = [found.share for _, found in every if found.share]
        spoke = len(said) / len(every)
        line = f"{share:10.1f}{len(every):7d}{spoke:8.1%}"
        if said:
            inside = np.mean([one.low <= share <= one.high for one in said])
            width = np.mean([one.high - one.low for one in said])
            line += f"{inside:8.1%}{width:8.3f}{np.mean([one.value - share for one in said]):+8.3f}"
        print(line, flush=True)
    if len(sys.argv) > 2:
        teams(Path(sys.argv[2]))


def teams(folder: Path) -> None:
    """How often anything is said of teams without unseen work."""
    checks: Counter[str] = Counter()
    spoke: Counter[str] = Counter()
    ever: dict[str, set[str]] = {}
    for line in (folder / "truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        kind = next(name for name, belongs in KINDS if belongs(truth))
        facts = read_facts(folder / f"{truth['id']}.signals.jsonl.gz", frozenset())
        team = read_team(folder / f"{truth['id']}.team.json")
        for week in range(LEAST_WEEKS, END + 1, EVERY):
            found = assess(facts, team, START + week * WEEK, history_weeks=END).capacity.unseen
            checks[kind] += 1
            spoke[kind] += bool(found)
            ever.setdefault(kind, set()).update({truth["id"]} if found else ())
    for kind, number in checks.items():
        print(f"{kind:32s}{number:5d} checks, spoke {spoke[kind]:3d}, of {len(ever[kind])} teams")


if __name__ == "__main__":
    main()
