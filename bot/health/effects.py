"""What one thing to do would change: the mean wait of the steady state before and after it (Whitt 1993).

All from `bot.health.theory.queueing`, at the utilization found and at both ends of its range. It says what the formula
says of a lasting change; nobody's week is a steady state, so the words for it are "would" and "in the long run".
"""

import math
from dataclasses import dataclass, replace

from bot.health.results import Assessment, Effect, Estimate
from bot.health.seen.worktime import Hours
from bot.health.theory.queueing import wait_ggc

LESS_DEMAND = LESS_WORK = 0.1
"""Share of requests that waits, and of hands-on time that is saved, in what is predicted."""

LESS_REWORK = 0.5
"""Share of what comes back that is right the first time, in what is predicted."""

WORTH_IT = 0.1
"""Half a day of cover that shortens the wait by a smaller share is not the measure to predict."""

LONGEST_WEEKS = 4
"""A steady-state wait above so many weeks of working time is never reached: the queue just grows."""


def remedied(a: Assessment, hours: Hours) -> Assessment:
    """The same with what each of its remedies would change; arguments as in `effect`."""
    return replace(a, remedies=tuple(replace(one, effect=effect(a, one.action, hours)) for one in a.remedies))


def effect(a: Assessment, action: str, hours: Hours) -> Effect | None:
    """The predicted effect of one thing to do; None where none can be predicted.

    Args:
        a: With utilization, capacity and service time known.
        action: A key of `Remedy`.
        hours: The team's weekly hours.
    """
    desk = _Desk.of(a, hours)
    if desk is None:
        return None
    if action == "add_cover":
        return _cover(desk, a, hours.a_week / hours.days / 2)
    if action == "pause_intake":
        return desk.effect("pause_intake", LESS_DEMAND, load=1 - LESS_DEMAND)
    if action == "office_hours":
        return desk.effect("office_hours", LESS_WORK, load=1 - LESS_WORK, service=1 - LESS_WORK)
    if action == "keep_slack" and a.capacity.people > 1:
        return desk.effect("keep_slack", 1.0, people=1 - 1 / a.capacity.people)
    return _rework(desk, a) if action == "look_back" else None


def _rework(desk: "_Desk", a: Assessment) -> Effect | None:
    """Half of what comes back is right the first time: so many jobs less; None where no rate is known."""
    back = a.quality.reopen
    if not back:
        return None
    return desk.effect("look_back", LESS_REWORK, load=1 - LESS_REWORK * back.value / (1 + back.value))


def _cover(desk: "_Desk", a: Assessment, half_a_day: float) -> Effect:
    """Half a day of cover a week, or, where that would change little, what it takes to reach the danger line."""
    small = desk.effect("add_cover", half_a_day, people=1 + half_a_day / desk.hours)
    line = a.capacity.danger_line
    enough = small.before is None or small.after is None or small.after.value > (1 - WORTH_IT) * small.before
    if not (enough and line and desk.rho.value > line):
        return small
    needed = Estimate(*(max(desk.hours * (rho / line - 1), 0.0) for rho in _ends(desk.rho)))
    more = desk.effect("add_cover", needed.value, people=1 + needed.value / desk.hours)
    return Effect("add_cover", needed.value, more.before, more.after, True, needed)


@dataclass(frozen=True, slots=True)
class _Desk:
    """A desk as the formula takes it: utilization, person-hours and working hours a week, service, variability."""

    rho: Estimate
    hours: float
    open_hours: float
    service: float
    ca2: float
    cs2: float

    @classmethod
    def of(cls, a: Assessment, hours: Hours) -> "_Desk | None":
        used, weekly, service = a.capacity.utilization, a.capacity.hours_per_week, a.flow.service_hours
        if not used or not weekly or not service or not hours.a_week:
            return None
        given = (used.low, used.value, used.high, weekly, service)
        if not all(math.isfinite(x) for x in given) or used.value < 0 or weekly < 0 or service < 0:
            return None
        rho = Estimate(used.value, max(used.low, 0.0), used.high)
        return cls(rho, weekly, hours.a_week, service, a.flow.arrival_scv or 1.0, a.flow.service_scv or 1.0)

    def effect(
        self, action: str, amount: float, *, load: float = 1.0, people: float = 1.0, service: float = 1.0
    ) -> Effect:
        """With demand × hands-on time, people, and hands-on time alone multiplied so."""
        waits = [self.wait(rho * load / people, people, service) for rho in _ends(self.rho)]
        before = self.wait(self.rho.value, 1.0, 1.0)
        after = Estimate(*waits) if math.isfinite(waits[0]) else None
        return Effect(action, amount, before if math.isfinite(before) else None, after)

    def wait(self, rho: float, people: float, service: float) -> float:
        """Mean wait in hours; infinite where the queue grows for longer than any load lasts."""
        c = people * self.hours / self.open_hours
        found = float(wait_ggc(rho, c, self.service * service, self.ca2, self.cs2))
        return found if found <= LONGEST_WEEKS * self.open_hours else math.inf


def _ends(of: Estimate) -> tuple[float, float, float]:
    """In the order in which `Estimate` is built."""
    return of.value, of.low, of.high
