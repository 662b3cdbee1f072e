"""One check of a team: facts and roster in, all that is known of it out. Live, in reports and in backtests alike."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

import numpy as np

from bot.health import coordination
from bot.health.days import FIRST
from bot.health.effects import remedied
from bot.health.explain import Explained, explain
from bot.health.facts import Facts, Ints
from bot.health.forecast import forecast
from bot.health.guarded import guarded
from bot.health.hindrances import THREADS, no_level, no_utilization
from bot.health.notes import notes
from bot.health.other_work import unseen as unseen_load
from bot.health.peaks import Peak
from bot.health.picture import DAY, Picture, look
from bot.health.quality import old_enough, quality
from bot.health.reasons import Snapshot, drifted, reasons, remedies, snapshot
from bot.health.resilience import predicted_wait, resilience
from bot.health.results import (
    NOT_ASKED,
    OF_A_PERSON,
    UNTOLD,
    Alerting,
    Assessment,
    Basis,
    Capacity,
    Coordination,
    Flow,
    Ground,
    Growth,
    Guarded,
    Level,
    Reason,
    Resilience,
    Source,
    Tier,
    Unknown,
    Week,
    WeekAhead,
    or_none,
)
from bot.health.seen.capacity import headcount
from bot.health.seen.flow import flow, little_ratio
from bot.health.seen.tier import tier
from bot.health.seen.utilization import Belief, Load
from bot.health.seen.worktime import parse_hours, time_zone
from bot.health.tiers import within
from bot.health.verdict.evidence import SHORT
from bot.health.verdict.standing import drifting
from bot.health.verdict.told import NOTHING_TOLD, Record
from bot.health.verdict.verdict import Verdict, verdict
from bot.health.weeks import ROLLING, history, history_of_requests
from bot.team import Team

LIKELY = 0.8
"""Utilization is told as over its line from this probability on."""

JUDGED = 28
"""Days whose figures a level rests on: a pair on any of them is judged by its waits alone."""

FIRST_WEEKS = 6
"""Later weeks are held against so many of the team's first ones."""


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
    record: Record = NOTHING_TOLD,
    back: Ints = coordination.NOTHING,
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
        record: What was told on each day, which stands, and when nothing was heard.
        back: Unix microseconds of hand-overs between desks that went back (`bot.health.seen.handover.bounces`).

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
        peaks=peaks,
    )
    start = now - window_days * DAY
    shared = any(len(other) for other in elsewhere)
    judged = verdict(
        picture,
        small=tier(team, now - JUDGED * DAY, now) is Tier.REQUESTS,
        alerting=alerting,
        told=record.told,
        heard=record.heard(picture.desk.clock, picture.days.edges),
    )
    size, heard = tier(team, start, now), picture.desk.heard(start)
    check = _Check(picture, judged, headcount(team, now), heard, size, threads_read, resilient, shared, back)
    found = within(check.assessment(window_days))
    return remedied(found, parse_hours(team.hours)) if resilient else found


@dataclass(frozen=True, slots=True)
class _Check:
    """The parts of one assessment."""

    picture: Picture
    judged: Verdict
    people: int
    start: float
    tier: Tier
    threads_read: bool
    resilient: bool
    shared: bool  # its people answer at another desk as well
    back: Ints

    @property
    def small(self) -> bool:
        """Whether one or two were there on any day of the window: then its sums hold a pair's hours."""
        return self.tier is Tier.REQUESTS

    def assessment(self, window_days: int) -> Assessment:
        picture, desk = self.picture, self.picture.desk
        load = picture.load(self.start)
        belief = self._belief(load)
        capacity = self._capacity(load, belief)
        today = self.judged.today
        lacks = no_level(self.people, today, threads_read=self.threads_read, unthreaded=desk.unthreaded)
        level = Level.UNKNOWN if lacks or today is None else today.level
        # half-read threads look like open requests
        because = self._reasons(capacity) if self.threads_read else ()
        little = little_ratio(desk, self.start)
        rates = quality(desk.requests, self.start, desk.now)
        young = old_enough(desk.requests, self.start, desk.now) if rates.reopen and not self.small else None
        why = self._explained(level)
        said, grown = self._coordination(desk.now - window_days * DAY)
        return Assessment(
            as_of=desk.now,
            window_days=window_days,
            tier=self.tier,
            level=level,
            since=Unknown(lacks) if lacks else self._since(),
            source=Unknown(lacks) if lacks else self._source(because),
            today=today if today is not None and lacks == today.lacks else Unknown(lacks),
            reasons=because,
            flow=self._flow(belief),
            capacity=capacity,
            resilience=self._resilience(load, belief),
            weeks=self._weeks(),
            quality=rates,
            guarded=self._guarded(),
            little_ratio=little,
            notes=notes(picture, belief, little, self.people, self.threads_read, young, bool(capacity.unseen)),
            remedies=remedies(
                level,
                because,
                bool(capacity.utilization and capacity.utilization.parked),
                why.causes,
                why.likely,
            ),
            began=why.began,
            causes=why.causes,
            likely=why.likely,
            outlook=why.outlook,
            forecast=self._forecast(),
            coordination=said,
            growth=grown,
        )

    def _belief(self, load: Load) -> Belief | Unknown:
        """Utilization over the window, or why nothing is known of it, and of all that follows from it."""
        may = self.people and self.threads_read and not self.small
        believed = self.picture.believe(load) if may else None
        why = no_utilization(self.picture, self.people, load, small=self.small, threads_read=self.threads_read)
        return believed or Unknown(why or "utilization is not known")

    def _since(self) -> date:
        """The first day of today's level, team time."""
        return datetime.fromtimestamp(self.judged.since, time_zone(self.picture.team.tz)).date()

    def _source(self, because: tuple[Reason, ...]) -> Source:
        """What made the level, with the number that shows it, of those that are told."""
        today = self.judged.days[-1]
        drifts = tuple(reason.signal for reason in self._drifted())
        shown = {Ground.LOAD: ("utilization",), Ground.BACKLOG: ("pile",), Ground.WAITS: ("wait", "open")}
        # what changed says most, then what fills or waits
        signals = [*(drifts if Ground.DRIFT in today.grounds else ())]
        signals += [signal for ground in today.grounds for signal in shown.get(ground, ())]
        told = {reason.signal: reason for reason in because}
        return Source(today.grounds, next((told[signal] for signal in signals if signal in told), None), today.better)

    @property
    def _causes(self) -> tuple[str, ...]:
        """What drift consists of, where it is more than chance."""
        today = self.judged.today
        if today is None or today.level <= Level.HEALTHY or len(self.judged.days) <= FIRST:
            return ()
        return today.evidence.causes if Ground.DRIFT in today.grounds or drifting(today.evidence) else ()

    def _weeks(self) -> tuple[Week, ...]:
        """The complete weeks with the level at the end of each; what a pair worked in one is not told."""
        picture = self.picture
        desk, mondays, tz, pairs = picture.desk, picture.mondays, picture.team.tz, picture.pairs[:-1]
        if not len(mondays) or not self.people:
            return ()
        if Tier.of(self.people) is Tier.REQUESTS:
            weeks = history_of_requests(desk, mondays, tz)
        else:
            weeks = history(desk, mondays, tz, picture.work, picture.believe, picture.lines, pairs, picture.planned)
        levels = self.judged.at(mondays[1:])
        levelled = (replace(week, level=level) for week, level in zip(weeks, levels, strict=True))
        return tuple(
            replace(week, done=OF_A_PERSON, capacity_hours=OF_A_PERSON) if pair else week
            for week, pair in zip(levelled, pairs, strict=True)
        )

    def _explained(self, level: Level) -> Explained:
        """Only a level that calls for something is explained."""
        if level < Level.WATCH:
            return Explained()
        away = "active" in self._causes
        return explain(self.picture, away=away) if self.resilient else Explained(*[NOT_ASKED] * 4)

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
        return forecast(self.picture, self.judged) if self.threads_read else Unknown(THREADS)

    def _coordination(self, start: float) -> tuple[Coordination | Unknown, Growth | Unknown]:
        if not self.resilient:
            return UNTOLD, UNTOLD
        return coordination.measured(self.picture.stand, self.picture.team, start, self.picture.desk.now, self.back)

    def _guarded(self) -> Guarded:
        if not self.resilient:
            return Guarded()
        return guarded(self.picture) if self.threads_read else Guarded.unknown(THREADS)

    def _reasons(self, capacity: Capacity) -> tuple[Reason, ...]:
        """What stands behind the level: a backlog, then the last four weeks against the first ones."""
        used, line, p_over = capacity.utilization, or_none(capacity.danger_line), or_none(capacity.p_over_line)
        utilization = None
        if used and line is not None and p_over is not None:
            near = Level.WATCH if used.value > line - 0.1 else Level.HEALTHY
            utilization = Reason("utilization", used.value, line, "share", Level.DANGER if p_over >= LIKELY else near)
        mondays, pairs = self.picture.mondays, self.picture.pairs[:-1]
        pile = () if self.small else self._pile()
        if len(mondays) <= ROLLING + 2:  # fewer than two weeks apart from the latest four
            return pile if utilization is None else (*pile, utilization)
        first = min(FIRST_WEEKS, len(mondays) - 1 - ROLLING)
        now, before = self._snapshot(mondays[-ROLLING - 1 :]), self._snapshot(mondays[: first + 1])
        hidden = self.small or any(pairs[:first]) or any(pairs[-ROLLING:])
        found = reasons(now, before, utilization, hidden, () if hidden else self._drifted())
        return pile + tuple(reason for reason in found if not hidden or reason.signal not in ("reopen", "chase"))

    def _pile(self) -> tuple[Reason, ...]:
        """How long everybody needs for what is open, where that alone is danger."""
        today = self.judged.today
        if today is None or Ground.BACKLOG not in today.grounds:
            return ()
        return (Reason("pile", today.evidence.backlog, today.evidence.line, "hours", Level.DANGER),)

    def _drifted(self) -> tuple[Reason, ...]:
        """What drift consists of: the last fourteen days against the first weeks."""
        edges, causes = self.judged.edges, self._causes
        if not causes:
            return ()
        now = self._snapshot(edges[[-1 - SHORT, -1]])
        return drifted(causes, now, self._snapshot(edges[[0, FIRST]]), self.picture.days.active)

    def _snapshot(self, edges: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Snapshot:
        desk, work = self.picture.desk, self.picture.work
        return snapshot(desk, edges, desk.loads(edges[[0, -1]], work)[0])
