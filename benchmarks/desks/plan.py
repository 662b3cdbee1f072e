"""The numbers of one desk, drawn at random, and what each of its weeks is like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.desks.people import WEEK_DAYS, WEEKS, Person, holiday, hours_by_week, newcomer

Floats = NDArray[np.float64]

DRIFTING = ("demand", "service_time", "staff_loss", "rework")
HARMLESS = ("stable", "growth_with_hiring", "one_week_surge", "holidays", "faster_but_more", "mild")
# A request that comes back takes this share of the work of a new one.
REWORK = 0.8
AGAIN_MOST = 0.6


@dataclass(frozen=True)
class Habits:
    """How people ask and answer at one desk; hours are working hours."""

    by_day: tuple[float, ...]  # requests by day, Monday to Sunday, as shares of a week
    by_hour: tuple[float, ...]  # requests by hour of a working day, as shares of the day
    askers: int
    patience: float  # hours before anybody asks again
    nagging: float  # hours of wait in which the chance to ask again grows by one
    nag_most: float
    first_reply: float  # chance that the beginning of work is told
    last_reply: float  # chance that the result is told
    escalates: float  # chance at no wait
    park_hours: float  # mean hours that parked work waits
    back_hours: float  # mean hours until a request comes back
    put_off_days: int  # days away after which unfinished work goes to somebody else


@dataclass(frozen=True)
class Plan:
    """One desk: who is there, and requests, hours of work and chance to come back by week."""

    kind: str
    c: int
    mean_service: float
    cs2: float
    onset: int
    ramp: int
    p_reopen: float
    day_cv: float
    burst_per_week: float
    burst_size: int
    batch_claim: int
    p_blocked: float
    p_miss_claim: float
    p_miss_done: float
    roster_updated: bool
    quiet: tuple[int, ...]
    people: tuple[Person, ...]
    lam: Floats
    service: Floats
    again: Floats
    rho: Floats  # smooth: by the usual presence of those who are in the team
    habits: Habits

    @property
    def drifting(self) -> bool:
        """Whether its load really rises past what it can bear."""
        return self.kind in DRIFTING

    def work(self) -> Floats:
        """Hours of work that come in, by week, with those of requests that will come back."""
        found: Floats = self.lam * self.service * load_of(self.again)
        return found


def kinds(teams: int) -> list[str]:
    """The kind of each team: every other one drifts, and kinds take turns."""
    return [HARMLESS[n // 2 % len(HARMLESS)] if n % 2 else DRIFTING[n // 2 % len(DRIFTING)] for n in range(teams)]


def draw(kind: str, rng: np.random.Generator) -> Plan:
    """One desk of a kind."""
    c = int(rng.choice(np.arange(3, 13), p=np.array([0.5, 3, 1.6, 1.7, 2.5, 1.3, 1.2, 1.0, 0.3, 0.3]) / 13.4))
    onset, ramp = int(rng.integers(8, 15)), int(rng.integers(4, 11))
    mean = float(np.exp(rng.uniform(np.log(0.65), np.log(3.3))))
    again = float(rng.uniform(0.035, 0.1))
    rise = np.clip((np.arange(WEEKS) - onset + 1) / ramp, 0.0, 1.0)
    people, heads = staff(kind, c, onset, ramp, rng)
    staying = [p for p in people if p.gone is None]
    per_head = float(np.mean(np.asarray(hours_by_week(staying)) / heads_in(staying)))
    rho, service, back = course(kind, rise, mean, again, rng)
    lam = rho * heads * per_head / (service * load_of(back))
    if kind in ("one_week_surge", "holidays"):
        lam[onset] *= rng.uniform(1.4, 1.6) if kind == "one_week_surge" else rng.uniform(0.45, 0.65)
    return Plan(
        kind=kind,
        c=c,
        mean_service=mean,
        cs2=float(rng.choice([0.5, 1.0, 2.0]) * rng.uniform(0.8, 1.25)),
        onset=onset,
        ramp=ramp,
        p_reopen=again,
        day_cv=float(rng.uniform(0.07, 0.33)),
        burst_per_week=float(rng.choice([0.0, 0.15, 0.3]) * rng.uniform(0.8, 1.2)),
        burst_size=int(rng.integers(4, 11)),
        batch_claim=int(rng.integers(1, 4)),
        p_blocked=float(rng.uniform(0.08, 0.22) if rng.random() < 0.25 else 0.0),
        p_miss_claim=float(rng.choice([0.0, 0.1, 0.25]) * rng.uniform(0.7, 1.3)),
        p_miss_done=float(rng.choice([0.0, 0.0, 0.04]) * rng.uniform(0.7, 1.5)),
        roster_updated=bool(rng.random() < (0.35 if kind == "staff_loss" else 0.5)),
        quiet=(onset, onset + 1) if kind in ("one_week_surge", "holidays") else (),
        people=tuple(people),
        lam=lam,
        service=service,
        again=back,
        rho=rho,
        habits=habits(rng),
    )


def course(
    kind: str, rise: Floats, mean: float, again: float, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Utilization, hours of work of a request and its chance to come back, by week."""
    first = rng.uniform(0.595, 0.65) if kind == "mild" else rng.uniform(0.655, 0.745)
    last = rng.uniform(0.935, 1.005) if kind in DRIFTING else first + (0.08 if kind == "mild" else 0.0)
    rho: Floats = first + (last - first) * rise
    service, back = np.full(WEEKS, mean), np.full(WEEKS, again)
    if kind == "service_time":
        service = mean * rho / first
    if kind == "faster_but_more":
        service = mean * (1.0 - rng.uniform(0.18, 0.26) * rise)
    if kind == "rework":
        odds = (load_of(back) * rho / first - 1.0) / REWORK
        back = np.minimum(odds / (1.0 + odds), AGAIN_MOST)
    return rho, service, back


def staff(kind: str, c: int, onset: int, ramp: int, rng: np.random.Generator) -> tuple[list[Person], Floats]:
    """The people of a desk, and how many are in the team by week."""
    people = [newcomer(rng) for _ in range(c)]
    if kind == "holidays":
        people = holiday(people, onset, rng.uniform(0.4, 0.6), rng)
    if kind == "staff_loss":
        leave = max(1, round(c * rng.uniform(0.22, 0.34)))
        weeks = [onset + n * ramp // leave for n in range(leave)]
        people[c - leave :] = [Person(0, w * WEEK_DAYS, p.off) for w, p in zip(weeks, people[c - leave :], strict=True)]
    if kind == "growth_with_hiring":
        more = max(1, round(c * rng.uniform(0.27, 0.4)))
        people += [newcomer(rng, (onset + 1 + n * ramp // more) * WEEK_DAYS) for n in range(more)]
    return people, heads_in(people)


def heads_in(people: list[Person]) -> Floats:
    """How many people are in the team, by week, away or not."""
    weeks = np.arange(WEEKS) * WEEK_DAYS
    found = np.zeros(WEEKS)
    for p in people:
        found += (weeks >= p.first) & (weeks < (np.inf if p.gone is None else p.gone))
    return found


def load_of(again: Floats) -> Floats:
    """Work of a request with all its returns, in units of the first; each return may return again."""
    found: Floats = 1.0 + REWORK * again / (1.0 - again)
    return found


def habits(rng: np.random.Generator) -> Habits:
    """How people ask and answer at one desk."""
    by_day = rng.dirichlet(2000 * np.array([0.222, 0.204, 0.195, 0.183, 0.166, 0.015, 0.015]))
    shape = np.array([7, 7, 6, 7, 7, 6, 7, 21, 50, 108, 112, 100, 66, 88, 96, 92, 83, 50, 25, 21, 17, 12, 8, 7])
    by_hour = rng.dirichlet(2000 * shape / shape.sum())
    return Habits(
        by_day=tuple(map(float, by_day)),
        by_hour=tuple(map(float, by_hour)),
        askers=int(rng.integers(80, 301)),
        patience=float(rng.uniform(3.4, 4.6)),
        nagging=float(rng.uniform(16.0, 23.0)),
        nag_most=float(rng.uniform(0.52, 0.68)),
        first_reply=float(rng.uniform(0.85, 0.95)),
        last_reply=float(rng.uniform(0.87, 0.95)),
        escalates=float(rng.uniform(0.018, 0.034)),
        park_hours=float(rng.uniform(5.0, 8.5)),
        back_hours=float(rng.uniform(6.0, 10.0)),
        put_off_days=int(rng.choice([1, 1, 1, 1, 3])),
    )
