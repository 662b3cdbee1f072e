"""One check of a team: facts and roster in, all that is known of it out. Live, in reports and in backtests alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from bot.health import quality
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
from bot.health.reasons import Snapshot, drifted, reasons, snapshot, suggestion
from bot.health.resilience import predicted_wait, resilience
from bot.health.results import (
    Assessment,
    Basis,
    Capacity,
    Flow,
    Guarded,
    Level,
    Reason,
    Resilience,
    Unseen,
    Week,
    WeekAhead,
)
from bot.health.seen.capacity import headcount, is_small, was_small
from bot.health.seen.flow import flow, little_ratio
from bot.health.seen.utilization import ENOUGH_JOBS, Belief, Load
from bot.health.weeks import ROLLING, history, history_of_requests
from bot.team import Team

FIRST_WEEKS = 6
"""Later weeks are held against so many of the team's first ones."""

PERSONS = "in a team of one or two, this would be a person's figure"


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
    small = was_small(team, start, now)
    shared = any(len(other) for other in elsewhere)
    check = _Check(picture, headcount(team, now), start, small, threads_read, resilient, shared)
    found = check.assessment(window_days)
    return _of_no_person(found) if small else found


@dataclass(frozen=True, slots=True)
class _Check:
    """The parts of one assessment."""

    picture: Picture
    people: int
    start: float
    small: bool  # on any day of the window: then its sums hold a pair's hours
    threads_read: bool
    resilient: bool
    shared: bool  # its people answer at another desk as well

    def assessment(self, window_days: int) -> Assessment:
        picture, desk = self.picture, self.picture.desk
        load = picture.load(self.start)
        belief = None if self.small or not self.threads_read else picture.believe(load)
        piled = piles(picture)
        weeks, level = self._levels(piled)
        unseen = unseen_load(picture, belief, shared=self.shared) if belief and self.resilient else None
        capacity = self._capacity(load, belief)
        if isinstance(unseen, Unseen):
            capacity = replace(capacity, unseen=unseen)
        because = (
            self._reasons(capacity, piled) if self.threads_read else ()
        )  # half-read threads look like open requests
        little = little_ratio(desk, self.start)
        reopen = quality.reopen_rate(desk.requests, self.start, desk.now)
        young = None if reopen is None else quality.old_enough(desk.requests, self.start, desk.now)
        why = self._explained(level)
        answer = Assessment(
            as_of=desk.now,
            window_days=window_days,
            level=level,
            since=_since(weeks, level) if level is not Level.UNKNOWN else None,
            unknown_because=self._unknown(weeks) if level is Level.UNKNOWN else None,
            reasons=because,
            flow=self._flow(belief),
            capacity=capacity,
            resilience=self._resilience(load, belief),
            weeks=weeks,
            reopen=reopen,
            escalation=quality.escalation_rate(desk.requests, self.start),
            chase=quality.chase_rate(desk.requests, self.start),
            guarded=self._guarded(),
            little_ratio=little,
            notes=notes(picture, belief, little, self.people, self.threads_read, young, isinstance(unseen, Unseen)),
            suggestion=suggestion(
                level, because, bool(capacity.utilization and capacity.utilization.parked), why.causes, why.likely
            ),
            began=why.began,
            causes=why.causes,
            likely=why.likely,
            outlook=why.outlook,
            forecast=self._forecast(),
        )
        answer.missing.update(self._missing(answer, load))
        answer.missing.update(why.missing)
        if isinstance(unseen, str):
            answer.missing["capacity.unseen"] = unseen
        return answer

    def _explained(self, level: Level) -> Explained:
        """Only a level that calls for something is explained."""
        if level < Level.WATCH or not self.resilient:
            return Explained()
        return explain(self.picture)

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
        if is_small(self.people):
            return weeks, weeks[-1].level
        ends = drift.at(self.picture.mondays[1:])
        levels = [buried(raised(w.level, w, on), pile) for w, on, pile in zip(weeks, ends, piled.ends, strict=True)]
        told = tuple(replace(week, level=level) for week, level in zip(weeks, levels, strict=True))
        return told, buried(raised(weeks[-1].level, weeks[-1], drift.now), piled.now)

    def _weeks(self) -> tuple[Week, ...]:
        picture = self.picture
        if not len(picture.mondays):
            return ()
        if is_small(self.people):
            target = picture.team.target_wait_hours
            return history_of_requests(picture.desk, picture.mondays, picture.team.tz, target, picture.planned)
        edges = pairwise(picture.mondays.tolist())
        pairs = [was_small(picture.team, monday, after - 1) for monday, after in edges]
        tz, believe, lines = picture.team.tz, picture.believe, picture.lines
        return history(picture.desk, picture.mondays, tz, picture.work, believe, lines, pairs, picture.planned)

    def _flow(self, belief: Belief | None) -> Flow:
        work = self.picture.work
        service = None
        if work is not None and not self.small:
            service = work.service[work.finished >= self.start]
        return flow(self.picture.desk, self.start, service, None if belief is None else belief.service)

    def _capacity(self, load: Load, belief: Belief | None) -> Capacity:
        weekly = load.capacity / ((self.picture.desk.now - self.start) / (7 * DAY))
        if belief is None:
            return Capacity(self.people, None if self.small else weekly)
        line = self.picture.lines.danger(load.people, belief.service)
        return Capacity(
            self.people,
            weekly,
            belief.utilization(),
            line,
            belief.above(line),
            predicted_wait(self.picture, load, belief),
        )

    def _resilience(self, load: Load, belief: Belief | None) -> Resilience:
        if belief is None or not self.resilient:
            return Resilience()
        return resilience(self.picture, load, belief, self.start)

    def _forecast(self) -> WeekAhead | None:
        if not self.resilient or not self.threads_read or self.picture.desk.unanswered:
            return None
        return forecast(self.picture)

    def _guarded(self) -> Guarded | None:
        if not self.resilient:
            return None
        return guarded(self.picture) if self.threads_read else Guarded(reason="threads are still being read")

    def _reasons(self, capacity: Capacity, piled: Piles) -> tuple[Reason, ...]:
        """The last four weeks against the first ones, and utilization against its line."""
        utilization = None
        if capacity.utilization is not None and capacity.p_over_line is not None:
            over = capacity.p_over_line >= LIKELY
            near = capacity.danger_line is not None and capacity.utilization.value > capacity.danger_line - 0.1
            level = Level.DANGER if over else Level.WATCH if near else Level.HEALTHY
            utilization = Reason("utilization", capacity.utilization.value, capacity.danger_line, "share", level)
        mondays = self.picture.mondays
        pile = () if self.small else piled.reason
        if len(mondays) <= ROLLING + 2:  # fewer than two weeks apart from the latest four
            return pile if utilization is None else (*pile, utilization)
        first = mondays[: min(FIRST_WEEKS, len(mondays) - 1 - ROLLING) + 1]
        latest = mondays[-ROLLING - 1 :]
        pair = any(was_small(self.picture.team, float(e[0]), float(e[-1]) - 1) for e in (first, latest))
        now, before = self._snapshot(latest), self._snapshot(first)
        hidden = self.small or pair
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
            return "threads are still being read"
        if self.people == 0:
            return "nobody is on the roster"
        if len(weeks) < 2:
            return f"{'only one' if weeks else 'no'} complete week has been seen yet"
        if self._deserted:
            return "nobody was on duty in the last four weeks"
        load = self.picture.load(float(self.picture.mondays[-min(ROLLING, len(weeks)) - 1]))
        if load.jobs < ENOUGH_JOBS:
            return f"fewer than {ENOUGH_JOBS} requests came in the last four weeks"
        hindrance = None if is_small(self.people) else self._no_utilization(load)
        return hindrance or "the figures lie between the lines and no level stands yet"

    def _no_utilization(self, load: Load) -> str | None:
        """Why utilization cannot be known, None where nothing stands in its way."""
        basis = self.picture.basis
        unseen = basis is not Basis.STATED and (load.counted < ENOUGH_JOBS or load.busy <= 0)
        came, young = len(self.picture.desk.requests.spans.job) > 0, len(self.picture.mondays) <= ROLLING
        hindrances = (
            (self.people == 0, "nobody is on the roster"),
            (self.small, "in a team of one or two, utilization would be a person's"),
            (not self.threads_read, "threads are still being read"),
            (load.capacity <= 0, "nobody was on duty"),
            (basis is None and came and young, "it takes four complete weeks of claims to tell how much work there is"),
            (basis is None, "no claims, replies or stated hands-on minutes tell how much work a request is"),
            (load.jobs < ENOUGH_JOBS, f"fewer than {ENOUGH_JOBS} requests came"),
            (unseen, f"fewer than {ENOUGH_JOBS} closed requests show how long they took"),
            (load.impossible, "far more hours were worked than the people on the roster had"),
        )
        return next((why for hinders, why in hindrances if hinders), None)

    def _unforeseen(self) -> str:
        if not self.threads_read:
            return "threads are still being read"
        if self.picture.desk.unanswered:
            return "nobody was ever seen to begin a request"
        return "it takes four complete weeks, 20 requests in the last of them, and somebody on duty in the days to come"

    def _missing(self, answer: Assessment, load: Load) -> dict[str, str]:
        """Report key → why it is None."""
        rare, silent = "too few requests in the window", self.picture.desk.unanswered
        why = self._no_utilization(load) or "utilization is not known"
        c, s, f = answer.capacity, answer.resilience, answer.flow
        stable = why if c.utilization is None else "more is asked for than there is capacity: the queue grows"
        unfelt = stable if c.utilization is None else "no replay of the last complete weeks recovers within six weeks"
        found: dict[str, tuple[object, str]] = {
            "flow.wait_hours": (
                f.wait,
                "nobody was ever seen to begin a request" if silent else "no waits in the window",
            ),
            "flow.cycle_hours": (f.cycle, "no closed requests in the window"),
            "flow.arrival_scv": (f.arrival_scv, rare),
            "flow.service_scv": (f.service_scv, why if c.utilization is None else rare),
            "flow.service_hours": (f.service_hours, why),
            "flow.trend": (f.trend, rare),
            "flow.next_week_wait_hours": (answer.forecast, self._unforeseen()),
            "capacity.hours_per_week": (c.hours_per_week, why),
            "capacity.utilization": (c.utilization, why),
            "capacity.danger_line": (c.danger_line, why),
            "capacity.p_over_line": (c.p_over_line, why),
            "capacity.predicted_wait_hours": (c.predicted_wait_hours, stable),
            "capacity.seen_utilization": (c.utilization, why),
            "capacity.unseen": (c.unseen, why),
            "resilience.slack_hours_per_week": (s.slack_hours_per_week, why),
            "resilience.surge_tolerance": (s.surge_tolerance, why),
            "resilience.surge_requests_per_day": (s.surge_requests_per_day, why),
            "resilience.recovery_days_one_away": (s.recovery_days_one_away, unfelt),
            "resilience.recovery_days_one_away_p80": (s.recovery_days_one_away_p80, unfelt),
            "resilience.buffer_people": (s.buffer_people, why),
            "quality.reopen_rate": (answer.reopen, "fewer than 20 closings old enough to have come back"),
            "quality.escalation_rate": (answer.escalation, rare),
            "coordination.chase_share": (answer.chase, rare),
            "data_quality.little_ratio": (answer.little_ratio, rare),
        }
        return {key: because for key, (value, because) in found.items() if value is None}


_WORKED = (
    "flow.done_per_week",
    "flow.cycle_hours",
    "flow.service_hours",
    "flow.service_scv",
    "capacity.hours_per_week",
    "quality.reopen_rate",
    "quality.escalation_rate",
    "coordination.chase_share",
)


def _of_no_person(found: Assessment) -> Assessment:
    """Only what is said of requests and waits; what was closed, how fast and how well would be a person's."""
    flow = replace(found.flow, done_per_week=None, cycle=None, service_hours=None, service_scv=None)
    found.missing.update(dict.fromkeys(_WORKED, PERSONS))
    capacity = replace(found.capacity, hours_per_week=None)
    hidden = None if found.guarded is None else Guarded(reason=PERSONS)
    waits = None if found.forecast is None else replace(found.forecast, grows=False)  # that weighs hours
    kept = replace(found, flow=flow, capacity=capacity, forecast=waits, guarded=hidden)
    return replace(kept, reopen=None, escalation=None, chase=None)


def _since(weeks: tuple[Week, ...], level: Level) -> date:
    """The Monday of the first week of the level now without a break."""
    first = weeks[-1].start + timedelta(days=7)
    for week in reversed(weeks):
        if week.level is not level:
            break
        first = week.start
    return first
