"""A team at a moment, put together once: its desk, the basis, the work seen, and what is measured over its history."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from bot.health.days import Days, days, midnights
from bot.health.facts import Facts, Floats
from bot.health.peaks import Peak, known_at, planned
from bot.health.results import Basis, Tier
from bot.health.seen.basis import choose_basis
from bot.health.seen.capacity import Roster, team_clock
from bot.health.seen.corrections import tidy
from bot.health.seen.flow import Desk, arrival_scv, service_scv
from bot.health.seen.requests import derive, derived
from bot.health.seen.rest import quiet_hours, settle
from bot.health.seen.tier import tier
from bot.health.seen.utilization import Belief, Load, believe, believe_stated, dispersion, doubt
from bot.health.seen.work import Work, from_claims, from_replies
from bot.health.seen.worktime import WorkClock, united, week_starts
from bot.health.weeks import Lines
from bot.team import Team

DAY, WEEK = 86400.0, 7 * 86400.0
_SUMS = tuple(each.name for each in fields(Load))


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What the figures of one check are sums of.

    Attributes:
        team: As it said.
        desk: Requests on the working clock.
        basis: What utilization rests on, None where nothing tells the work.
        work: The hours seen; None on basis `stated` or none.
        mondays: Edges of the complete weeks, Unix seconds, oldest first.
        arrival_scv: ca² over the whole history; 1 while too few.
        service_scv: cs² likewise.
        dispersion: Index of dispersion of weekly jobs.
        stand: The facts that stand, in order.
        days: What each day adds up to, from the first Monday on.
        wrong: Of requests somebody looked at, how many were none: (x, n).
        planned: For each complete week whether it lies in a known peak that brought no more than was planned.
        peaks: Known at its moment.
        pairs: For each complete week whether one or two people were on the roster on any of its days; and, as its
            last, for the days since. Before a week is complete, for all that was heard of.
    """

    team: Team
    desk: Desk
    basis: Basis | None
    work: Work | None
    mondays: Floats
    arrival_scv: float
    service_scv: float
    dispersion: float
    stand: Facts
    days: Days
    wrong: tuple[int, int] | None = None
    planned: tuple[bool, ...] = ()
    peaks: tuple[Peak, ...] = ()
    pairs: tuple[bool, ...] = ()

    @property
    def lines(self) -> Lines:
        """What decides the danger line."""
        return Lines((self.arrival_scv + self.service_scv) / 2, self.team.target_wait_hours)

    def load(self, start: float) -> Load:
        """Sums from `start` (Unix seconds) to now, or from when the desk was first heard."""
        return self.desk.loads(np.array([self.desk.heard(start), self.desk.now]), self.work)[0]

    def believe(self, load: Load) -> Belief | None:
        """Utilization of such a load on this team's basis; None where too little was seen."""
        unseen, doubted = self.team.unseen_share, doubt(self.wrong)
        if self.basis is Basis.STATED:
            minutes = self.team.hands_on_minutes or 0.0
            return believe_stated(load, minutes, self.team.hands_on_given, unseen, doubted)
        if self.basis is None or self.desk.unthreaded:
            return None
        same = Load(
            *(round(getattr(load, name), 6) for name in _SUMS)
        )  # sums of one week, whenever taken, are then equal
        if self.desk.at_once:
            same = replace(same, mean_wait=math.nan)  # no wait for work was seen
        return _believed(same, self.basis, self.service_scv, self.dispersion, unseen, doubted)


@lru_cache(maxsize=4096)
def _believed(
    load: Load, basis: Basis, service_scv: float, dispersion: float, unseen: float, doubted: float
) -> Belief | None:
    """Weeks of the past are asked for at every check of a backtest, and stay what they were."""
    return believe(load, basis, service_scv=service_scv, dispersion=dispersion, unseen=unseen, doubted=doubted)


def look(
    facts: Facts,
    team: Team,
    now: float,
    *,
    basis: Basis | None,
    held: Basis | None,
    history_weeks: int,
    wrong: tuple[int, int] | None = None,
    elsewhere: Sequence[Facts] = (),
    peaks: Sequence[Peak] = (),
) -> Picture:
    """Put the picture together; arguments as in `assess`.

    Raises:
        BadInputError: A team whose hours, zone or country cannot be used.
    """
    stand = tidy(facts, now)
    requests = derived(stand)
    came = requests.arrived[~np.isnan(requests.arrived)]
    first = float(came.min()) if len(came) else now
    start = min(first, now - history_weeks * WEEK) - WEEK
    roster = Roster.of(team, start, now + WEEK)
    clock = _desk_clock(team, roster, start, now + WEEK)
    quiet = quiet_hours(requests, clock)
    desk = Desk(settle(requests, clock, now, quiet), clock, roster, now)
    # a week counts as watched from its beginning when its Monday brought the first request
    mondays = week_starts(team.tz, first - DAY, now)[-(history_weeks + 1) :]
    if basis is None:
        basis = choose_basis(desk.requests, mondays, held, team.hands_on_minutes is not None)
    work, others = None, [derive(other, now) for other in elsewhere]
    if basis is Basis.CLAIMS:
        work = from_claims(desk.requests, clock, roster, now, others, at_once=desk.at_once)
    elif basis is Basis.REPLIES:
        work = from_replies(desk.requests, clock, roster, quiet)
    if len(mondays) < 2:
        mondays = mondays[:0]
    sums = desk.sums(mondays, None) if len(mondays) else np.zeros((0, 7))
    clustered = round(dispersion(sums[:, 0], sums[:, 3]), 2)
    edges = midnights(team.tz, float(mondays[0]), now) if len(mondays) else mondays
    # rounded, so that a day's new closings leave what is believed of earlier weeks as it was
    served = round((None if work is None else service_scv(work.service)) or 1.0, 2)
    in_plan = planned(desk, peaks, team.tz, edges, clustered)
    return Picture(
        team,
        desk,
        basis,
        work,
        mondays,
        arrival_scv(came, clock) or 1.0,
        served,
        clustered,
        stand,
        days(desk, team, facts, edges, basis, work, in_plan, others),
        wrong,
        tuple(planned(desk, peaks, team.tz, mondays, clustered).tolist()),
        tuple(known_at(peaks, team.tz, now)),
        _pairs(team, mondays, min(first, now), now),
    )


def _pairs(team: Team, mondays: Floats, first: float, now: float) -> tuple[bool, ...]:
    """For each complete week, and the days since."""
    begins = mondays.tolist() or [first]
    ends = [*(monday - 1 for monday in begins[1:]), now]
    return tuple(tier(team, *edges) is Tier.REQUESTS for edges in zip(begins, ends, strict=True))


def _desk_clock(team: Team, roster: Roster, start: float, end: float) -> WorkClock:
    """The team's hours, and those of people with hours or a zone of their own."""
    clock = team_clock(team, start, end)
    if not any(person.tz or person.hours for person in team.people):
        return clock
    there = np.flatnonzero(roster.people[:-1] > 0)
    opens = np.concatenate((clock.opens, roster.times[there]))
    closes = np.concatenate((clock.closes, roster.times[there + 1]))
    order = np.argsort(opens, kind="stable")
    return WorkClock(*united(opens[order], closes[order]))
