"""What is left for shocks: slack, and the surge that could still be borne."""

import math

from bot.health.danger import surge_tolerance
from bot.health.picture import Picture
from bot.health.queueing import wait_ggc
from bot.health.results import Estimate, Resilience
from bot.health.utilization import Belief, Load

LATE_SHARE = 0.2
"""Share of requests that may wait longer than the target before a surge counts as not borne."""

DAY = 86400.0


def predicted_wait(picture: Picture, load: Load, belief: Belief) -> float | None:
    """Mean wait in hours at this utilization (Whitt 1993).

    None where the queue grows without end, or so near to it that the wait to come is longer than the window: no
    desk keeps one load long enough to reach it.
    """
    rho = belief.all_work().value
    if not 0 <= rho < 1:
        return None
    wait = float(wait_ggc(rho, load.people, belief.service, picture.arrival_scv, picture.service_scv))
    return wait if wait <= load.open_hours else None


def resilience(picture: Picture, load: Load, belief: Belief, start: float) -> Resilience:
    """Slack and surge tolerance over the window from `start` (Unix seconds) to now.

    The surge is held against the team's target wait, or one service time where it stated none. Recovery is not
    computed here.
    """
    now = picture.desk.now
    weeks = (now - start) / (7 * DAY)
    whole, weekly = belief.all_work(), load.capacity / weeks
    slack = Estimate(weekly * (1 - whole.value), weekly * (1 - whole.high), weekly * (1 - whole.low))
    tolerance = surge_tolerance(
        load.people,
        whole.value,
        picture.team.target_wait_hours or belief.service,
        LATE_SHARE,
        belief.service,
        picture.arrival_scv,
        picture.service_scv,
    )
    if not math.isfinite(tolerance):
        return Resilience(slack)
    clock = picture.desk.clock
    inside = (clock.opens >= start) & (clock.opens < now)
    days = len(set((clock.opens[inside] // DAY).tolist()))
    daily = load.jobs / days if days else math.nan
    return Resilience(slack, tolerance, tolerance * daily if days else None)
