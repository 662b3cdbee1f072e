"""The worked example of docs/levels.md: a desk made of fixed dice, judged by the code that judges live.

`python tests/levels_example.py` puts its numbers into the page anew.
"""

import heapq
import math
import random
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.picture import look
from bot.health.results import Day, Unknown, Week
from bot.health.seen.capacity import team_clock
from bot.health.verdict.standing import strain
from bot.health.verdict.verdict import verdict
from bot.health.weeks import rolling
from bot.signal import Kind, Signal
from bot.team import Person, Team

PAGE = Path(__file__).parents[1] / "docs" / "levels.md"
START = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
"""A Monday."""
END = "<!-- end -->"
WEEK = 7 * 86_400.0
WEEKS = 16
TEAM = Team(
    "Deal desk",
    people=tuple(Person(f"p{i}", since=date(2026, 1, 1)) for i in range(4)),
    target_wait_hours=1.0,
    unseen_share=0.1,
)
HOURS_A_WEEK = 40.0
MEAN_SERVICE = 1.0
QUIET, BUSY, BUSY_WEEKS = 80.0, 130.0, range(5, 11)
"""Requests in a usual week, in a busy one, and which weeks are busy."""


def facts() -> Facts:
    """Sixteen weeks: requests by chance, four people who take them in turn, 👀 when they begin and ✅ at the end."""
    dice = random.Random(4)

    def gap(mean: float) -> float:
        return -mean * math.log(1 - dice.random())

    told: list[tuple[int, Kind, float, int]] = []
    free = [(0.0, person) for person in range(1, 5)]
    at, request = 0.0, 0
    while True:
        rate = BUSY if int(at // HOURS_A_WEEK) + 1 in BUSY_WEEKS else QUIET
        at += gap(HOURS_A_WEEK / rate)
        if at >= WEEKS * HOURS_A_WEEK:
            break
        request += 1
        ready, person = heapq.heappop(free)
        begin = max(ready, at)
        end = begin + gap(MEAN_SERVICE)
        heapq.heappush(free, (end, person))
        told += [
            (request, Kind.ARRIVAL, at, 0),
            (request, Kind.CLAIM, begin, person),
            (request, Kind.DONE, end, person),
        ]
    clock = team_clock(TEAM, START, START + 2 * WEEKS * WEEK)
    moments = clock.at(np.maximum([hours for _, _, hours, _ in told], 1e-6)).tolist()
    return Facts.of(
        Signal(1, key, key, kind, who.to_bytes(8, "big") if who else b"", round(moment * 1e6))
        for (key, kind, _, who), moment in zip(told, moments, strict=True)
    )


def history() -> list[tuple[Week, Day]]:
    """Each week with how its last day was judged."""
    found = assess(facts(), TEAM, START + WEEKS * WEEK)
    days = verdict(look(facts(), TEAM, START + WEEKS * WEEK, basis=None, held=None, history_weeks=26)).days
    return [(week, days[number * 7 - 1]) for number, week in enumerate(found.weeks, 1)]


def weeks() -> str:
    """The weekly history as a table."""
    head = ("week", "arrived", "utilization, 80% range", "danger line", "strain", "waits", "level")
    rows = [_row(number, *seen) for number, seen in enumerate(history(), 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def _row(number: int, week: Week, day: Day) -> tuple[str, ...]:
    used = "–"
    if not isinstance(week.utilization, Unknown):
        used = f"{week.utilization.value:.2f} ({week.utilization.low:.2f}–{week.utilization.high:.2f})"
    line = "–" if isinstance(week.danger_line, Unknown) else f"{week.danger_line:.2f}"
    figures = (f"{strain(day.evidence):.1f}", f"{min(day.evidence.waits, day.evidence.lately):.1f}")
    return (str(number), str(week.arrivals), used, line, *(figures if not day.lacks else "––"), day.level.word)


def steps(week: int = 8) -> str:
    """One week's judgement, step by step."""
    picture = look(facts(), TEAM, START + WEEKS * WEEK, basis=None, held=None, history_weeks=26)
    load = rolling(picture.desk.sums(picture.mondays, picture.work))[week - 1]
    belief = picture.believe(load) if load else None
    assert load is not None
    assert belief is not None
    assert belief.posterior is not None
    assert belief.work is not None
    assert belief.wait is not None
    line, seen, whole = picture.lines.danger(load.people, belief.service), belief.seen(), belief.all_work()
    rows = [
        ("basis", "", belief.basis.value),
        ("jobs (arrivals and reopenings)", "n", f"{load.jobs:.0f}"),
        ("of these closed, with their work seen", "m", f"{load.counted:.0f}"),
        ("person-hours worked for those", "B", f"{load.busy:.1f}"),
        ("person-hours on duty", "K", f"{load.capacity:.0f}"),
        ("people on duty while the desk is open", "c", f"{load.people:.2f}"),
        ("hands-on time of one request, hours", "S = B ÷ m", f"{load.service:.3f}"),
        ("utilization from work", "ρ_work = n·S ÷ K", f"{belief.work:.3f}"),
        ("mean wait, working hours", "W", f"{load.mean_wait:.2f}"),
        ("variability of the work", "cs²", f"{picture.service_scv:.2f}"),
        ("utilization that explains the wait", "ρ_wait", f"{belief.wait:.3f}"),
        ("seen work: median, 80% range", "ρ_seen", f"{seen.value:.3f} ({seen.low:.3f}–{seen.high:.3f})"),
        ("unseen work, as the team stated it", "u", f"{belief.unseen:.2f}"),
        ("utilization, 80% range", "ρ", f"{whole.value:.3f} ({whole.low:.3f}–{whole.high:.3f})"),
        ("danger line", "ρ*", f"{line:.3f}"),
        ("probability of being over it", "P(ρ > ρ*)", f"{belief.above(line):.3f}"),
    ]
    head = (f"weeks {week - 3}–{week}", "symbol", "value")
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * 3, *rows))


def filled(page: str) -> str:
    """The page with both tables as they are now."""
    for name, table in {"weeks": weeks(), "steps": steps()}.items():
        start = f"<!-- example: {name} -->\n"
        before, _, rest = page.partition(start)
        page = f"{before}{start}{table}\n{END}{rest.partition(END)[2]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text()))
