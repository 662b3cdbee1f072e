"""One check of a team: facts and roster in, all that is known of it out. Live, in reports and in backtests alike."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

import numpy as np

from bot.health.drift import LEARNED, WINDOW, Alerting, raised
from bot.health.explain import Explained, explain
from bot.health.facts import Facts
from bot.health.forecast import forecast
from bot.health.guarded import guarded
from bot.health.level import LIKELY
from bot.health.notes import notes
from bot.health.other_work import unseen as unseen_load
from bot.health.peaks import Peak
from bot.health.picture import DAY, Picture, look
from bot.health.pile import Piles, buried, piles
from bot.health.quality import old_enough, quality
from bot.health.reasons import Snapshot, drifted, reasons, snapshot, suggestion
from bot.health.resilience import predicted_wait, resilience
from bot.health.results import (
    NOT_ASKED,
    OF_A_PERSON,
    Assessment,
    Basis,
    Capacity,
    Flow,
    Guarded,
    Level,
    Reason,
    Resilience,
    Tier,
    Unknown,
    Week,
    WeekAhead,
    or_none,
)
from bot.health.seen.capacity import headcount
from bot.health.seen.flow import flow, little_ratio
from bot.health.seen.tier import tier
from bot.health.seen.utilization import ENOUGH_JOBS, Belief, Load
from bot.health.tiers import LOAD, within
from bot.health.weeks import ROLLING, history, history_of_requests
from bot.team import Team

FIRST_WEEKS = 6
"""Later weeks are held against so many of the team's first ones."""

THREADS = "threads are still being read"


def assess(
    facts: Facts,
    team: Team,
    now: float,
    *,
    window_days: int = 28,
    basis: Basis | None = None,
    history_weeks: int = 26,
    threads_read: bool = True,
    held: Basis | None = None,
    wrong: tuple[int, int] | None = None,
    elsewhere: Sequence[Facts] = (),
    resilient: bool = True,
    alerting: Alerting = Alerting.USUAL,
    peaks: Sequence[Peak] = (),
) -> Assessment:
    """All that is known of a team at a moment.

    Args:
        facts: The team's facts, in any order; those after `now` are not used.
        team: The roster and what the team said.
        now: Unix seconds.
        window_days: Days that flow, capacity and quality look back on.
        basis: Rest the figures on this one, whatever the facts carry.
        history_weeks: Complete weeks to judge.
        threads_read: Whether replies have been read back; without them no utilization and no level is given.
        held: The basis in use so far.
        wrong: Of n requests that somebody looked at, x were none, as (x, n): with x above 0 the range is wider
            (`bot.health.seen.utilization.doubt`) and a note says so.
        elsewhere: Facts of other desks on which people of this one hold requests too, one entry a desk, under the
            same pseudonyms: what is held on several at once is split among them.
        resilient: Whether resilience is worked out, which replays many weeks, what explains a rise, and the forecast;
            leave it out where many days are judged and only their level is told.
        alerting: How early the team wants to be told of drift; teams of one or two are judged by requests alone.
        peaks: Known beforehand: no drift while no more comes than was planned.

    Raises:
        BadInputError: A team whose hours, zone or country cannot be used.
    """
    now = float(now)
    picture = look(
        facts,
        team,
        now,
        basis=basis,
        held=held,
        history_weeks=history_weeks,
        wrong=wrong,
        elsewhere=elsewhere,
        alerting=alerting,
        peaks=peaks,
    )
    start = now - window_days * DAY
    shared = any(len(other) for other in elsewhere)
    check = _Check(picture, headcount(team, now), start, tier(team, start, now), threads_read, resilient, shared)
    return within(check.assessment(window_days))


@dataclass(frozen=True, slots=True)
class _Check:
    """The parts of one assessment."""

    picture: Picture
    people: int
    start: float
    tier: Tier
    threads_read: bool
    resilient: bool
    shared: bool  # its people answer at another desk as well

    @property
    def small(self) -> bool:
        """Whether one or two were there on any day of the window: then its sums hold a pair's hours."""
        return self.tier is Tier.REQUESTS

    @property
    def by_requests(self) -> bool:
        """Whether so few are there today that the level rests on requests alone."""
        return Tier.of(self.people) is Tier.REQUESTS

    def assessment(self, window_days: int) -> Assessment:
        picture, desk = self.picture, self.picture.desk
        load = picture.load(self.start)
        belief = self._belief(load)
        piled = piles(picture)
        weeks, level = self._levels(piled)
        capacity = self._capacity(load, belief)
        because = (
            self._reasons(capacity, piled) if self.threads_read else ()
        )  # half-read threads look like open requests
        little = little_ratio(desk, self.start)
        rates = quality(desk.requests, self.start, desk.now)
        young = old_enough(desk.requests, self.start, desk.now) if rates.reopen and not self.small else None
        why = self._explained(level)
        return Assessment(
            as_of=desk.now,
            window_days=window_days,
            tier=self.tier,
            level=level,
            since=Unknown(self._unknown(weeks)) if level is Level.UNKNOWN else _since(weeks, level),
            reasons=because,
            flow=self._flow(belief),
            capacity=capacity,
            resilience=self._resilience(load, belief),
            weeks=weeks,
            quality=rates,
            guarded=self._guarded(),
            little_ratio=little,
            notes=notes(picture, belief, little, self.people, self.threads_read, young, bool(capacity.unseen)),
            suggestion=suggestion(
                level, because, bool(capacity.utilization and capacity.utilization.parked), why.causes, why.likely
            ),
            began=why.began,
            causes=why.causes,
            likely=why.likely,
            outlook=why.outlook,
            forecast=self._forecast(),
        )

    def _belief(self, load: Load) -> Belief | Unknown:
        """Utilization over the window, or why nothing is known of it, and of all that follows from it."""
        may = self.people and self.threads_read and not self.small
        believed = self.picture.believe(load) if may else None
        return believed or Unknown(self._no_utilization(load) or "utilization is not known")

    def _explained(self, level: Level) -> Explained:
        """Only a level that calls for something is explained."""
        if level < Level.WATCH:
            return Explained()
        return explain(self.picture) if self.resilient else Explained(*[NOT_ASKED] * 4)

    @property
    def _deserted(self) -> bool:
        """Whether nobody is on the roster, or nobody was on duty in four weeks: then nothing stands of a level."""
        now = self.picture.desk.now
        there = self.picture.desk.roster.hours([now - ROLLING * 7 * DAY, now])[0]
        return self.people == 0 or bool(there <= 0)

    def _levels(self, piled: Piles) -> tuple[tuple[Week, ...], Level]:
        """The weeks and the level now: by utilization, raised to `watch` by drift and to `danger` by a pile."""
        weeks, drift = self._weeks(), self.picture.drift
        if not weeks or not self.threads_read or self._deserted:
            return weeks, Level.UNKNOWN
        if self.by_requests:
            return weeks, weeks[-1].level
        ends = drift.at(self.picture.mondays[1:])
        levels = [buried(raised(w.level, w, on), pile) for w, on, pile in zip(weeks, ends, piled.ends, strict=True)]
        told = tuple(replace(week, level=level) for week, level in zip(weeks, levels, strict=True))
        return told, buried(raised(weeks[-1].level, weeks[-1], drift.now), piled.now)

    def _weeks(self) -> tuple[Week, ...]:
        picture = self.picture
        if not len(picture.mondays):
            return ()
        tz, believe, lines, pairs = picture.team.tz, picture.believe, picture.lines, picture.pairs[:-1]
        if self.by_requests:
            target = picture.team.target_wait_hours
            weeks = history_of_requests(picture.desk, picture.mondays, tz, target, picture.planned)
        else:
            planned = picture.planned
            weeks = history(picture.desk, picture.mondays, tz, picture.work, believe, lines, pairs, planned)
        return tuple(
            replace(week, done=OF_A_PERSON, capacity_hours=OF_A_PERSON) if pair else week
            for week, pair in zip(weeks, pairs, strict=True)
        )

    def _flow(self, belief: Belief | Unknown) -> Flow:
        work = self.picture.work
        service = None
        if work is not None and not self.small:
            service = work.service[work.finished >= self.start]
        return flow(self.picture.desk, self.start, service, belief)

    def _capacity(self, load: Load, belief: Belief | Unknown) -> Capacity:
        weekly = load.capacity / ((self.picture.desk.now - self.start) / (7 * DAY))
        if isinstance(belief, Unknown):
            return Capacity(self.people, weekly, *[belief] * 5)
        line = self.picture.lines.danger(load.people, belief.service)
        return Capacity(
            self.people,
            weekly,
            belief.utilization(),
            line,
            belief.above(line),
            predicted_wait(self.picture, load, belief),
            unseen_load(self.picture, belief, shared=self.shared) if self.resilient else NOT_ASKED,
        )

    def _resilience(self, load: Load, belief: Belief | Unknown) -> Resilience:
        if isinstance(belief, Unknown):
            return Resilience(*[belief] * len(fields(Resilience)))
        if not self.resilient:
            return Resilience()
        return resilience(self.picture, load, belief, self.start)

    def _forecast(self) -> WeekAhead | Unknown:
        if not self.resilient:
            return NOT_ASKED
        return forecast(self.picture) if self.threads_read else Unknown(THREADS)

    def _guarded(self) -> Guarded:
        if not self.resilient:
            return Guarded()
        return guarded(self.picture) if self.threads_read else Guarded.unknown(THREADS)

    def _reasons(self, capacity: Capacity, piled: Piles) -> tuple[Reason, ...]:
        """The last four weeks against the first ones, and utilization against its line."""
        used, line, p_over = capacity.utilization, or_none(capacity.danger_line), or_none(capacity.p_over_line)
        utilization = None
        if used and line is not None and p_over is not None:
            near = Level.WATCH if used.value > line - 0.1 else Level.HEALTHY
            utilization = Reason("utilization", used.value, line, "share", Level.DANGER if p_over >= LIKELY else near)
        mondays, pairs = self.picture.mondays, self.picture.pairs[:-1]
        pile = () if self.small else piled.reason
        if len(mondays) <= ROLLING + 2:  # fewer than two weeks apart from the latest four
            return pile if utilization is None else (*pile, utilization)
        first = min(FIRST_WEEKS, len(mondays) - 1 - ROLLING)
        now, before = self._snapshot(mondays[-ROLLING - 1 :]), self._snapshot(mondays[: first + 1])
        hidden = self.small or any(pairs[:first]) or any(pairs[-ROLLING:])
        found = reasons(now, before, utilization, hidden, () if hidden else self._drifted())
        return pile + tuple(reason for reason in found if not hidden or reason.signal not in ("reopen", "chase"))

    def _drifted(self) -> tuple[Reason, ...]:
        """What drift consists of: the last fourteen days against the first weeks."""
        edges, picture = self.picture.drift.edges, self.picture
        causes = picture.drift.causes
        if not causes:
            return ()
        now = self._snapshot(edges[[-1 - WINDOW, -1]])
        return drifted(causes, now, self._snapshot(edges[[0, LEARNED]]), picture.drift.active)

    def _snapshot(self, edges: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Snapshot:
        desk, work = self.picture.desk, self.picture.work
        return snapshot(desk, edges, desk.loads(edges[[0, -1]], work)[0])

    def _unknown(self, weeks: tuple[Week, ...]) -> str:
        """One clause saying why there is no level."""
        if not self.threads_read:
            return THREADS
        if self.people == 0:
            return "nobody is on the roster"
        if len(weeks) < 2:
            return f"{'only one' if weeks else 'no'} complete week has been seen yet"
        if self._deserted:
            return "nobody was on duty in the last four weeks"
        load = self.picture.load(float(self.picture.mondays[-min(ROLLING, len(weeks)) - 1]))
        if load.jobs < ENOUGH_JOBS:
            return f"fewer than {ENOUGH_JOBS} requests came in the last four weeks"
        hindrance = None if self.by_requests else self._no_utilization(load)
        return hindrance or "the figures lie between the lines and no level stands yet"

    def _no_utilization(self, load: Load) -> str | None:
        """Why utilization cannot be known, None where nothing stands in its way."""
        basis = self.picture.basis
        unseen = basis is not Basis.STATED and (load.counted < ENOUGH_JOBS or load.busy <= 0)
        came, young = len(self.picture.desk.requests.spans.job) > 0, len(self.picture.mondays) <= ROLLING
        hindrances = (
            (self.people == 0, "nobody is on the roster"),
            (self.small, LOAD.reason),
            (not self.threads_read, THREADS),
            (load.capacity <= 0, "nobody was on duty"),
            (basis is None and came and young, "it takes four complete weeks of claims to tell how much work there is"),
            (basis is None, "no claims, replies or stated hands-on minutes tell how much work a request is"),
            (load.jobs < ENOUGH_JOBS, f"fewer than {ENOUGH_JOBS} requests came"),
            (unseen, f"fewer than {ENOUGH_JOBS} closed requests show how long they took"),
            (load.impossible, "far more hours were worked than the people on the roster had"),
        )
        return next((why for hinders, why in hindrances if hinders), None)


def _since(weeks: tuple[Week, ...], level: Level) -> date:
    """The Monday of the first week of the level now without a break."""
    first = weeks[-1].start + timedelta(days=7)
    for week in reversed(weeks):
        if week.level is not level:
            break
        first = week.start
    return first
