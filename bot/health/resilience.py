"""What is left for shocks: slack, the surge that could be borne, people to spare, and how long a loss is felt."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.health.danger import square_root_staffing, surge_tolerance
from bot.health.facts import Bools, Floats
from bot.health.picture import Picture
from bot.health.plans import plan
from bot.health.results import Estimate, Resilience, Unknown, or_why
from bot.health.seen.utilization import Belief, Load
from bot.health.theory.queueing import wait_ggc
from bot.health.theory.replay import DAYS, Batch, Plan, batch, waits

LATE_SHARE = 0.2
"""Share of requests that may wait longer than the target before a surge counts as not borne."""

DAY = 86400.0

SEED = 20_210
"""The same weeks give the same report."""

COPIES = 300
FEWEST_COPIES, MOST_PLACES = 50, 6_000
"""People × copies, so that large teams take no longer."""

BUSIEST = 250.0
"""Requests a week replayed one by one in a check; of more, several are replayed as one."""

WATCHED_WEEKS = 6
"""How long after a loss the desk is followed."""

SETTLING_WEEKS = 2
"""How long it runs before, so that it does not begin empty."""

BACK = 0.1
"""Recovered: a day's mean wait within so many service times of what it would have been without the loss."""

GROWS = Unknown("more is asked for than there is capacity: the queue grows")
UNFELT = "no replay of the last complete weeks recovers within six weeks"


@dataclass(frozen=True, slots=True)
class Recovery:
    """Working days after somebody's return until waits are as without the absence; None: longer than was followed.

    Attributes:
        median: Half of the replays took no longer.
        p80: Four in five did.
    """

    median: float | None
    p80: float | None


def predicted_wait(picture: Picture, load: Load, belief: Belief) -> float | Unknown:
    """Mean wait in hours at this utilization (Whitt 1993).

    Not known where the queue grows without end, or so near to it that the wait to come is longer than the window: no
    desk keeps one load long enough to reach it.
    """
    rho = belief.all_work().value
    if not 0 <= rho < 1:
        return GROWS
    wait = float(wait_ggc(rho, load.people, belief.service, picture.arrival_scv, picture.service_scv))
    return wait if wait <= load.open_hours else GROWS


def resilience(picture: Picture, load: Load, belief: Belief, start: float) -> Resilience:
    """Slack, surge tolerance, people to spare and recovery over the window from `start` (Unix seconds) to now.

    The surge is held against the team's target wait, or one service time where it stated none.

    Args:
        picture: The team.
        load: Sums over the window.
        belief: Its utilization.
        start: Where the window begins.
    """
    now = picture.desk.now
    weeks = (now - start) / (7 * DAY)
    whole, weekly = belief.all_work(), load.capacity / weeks
    slack: Estimate | Unknown = Estimate(*(weekly * (1 - share) for share in (whole.value, whole.high, whole.low)))
    if isinstance(told := belief.told(), Unknown):
        slack = told
    tolerance = surge_tolerance(
        load.people,
        whole.value,
        picture.team.target_wait_hours or belief.service,
        LATE_SHARE,
        belief.service,
        picture.arrival_scv,
        picture.service_scv,
    )
    buffer = square_root_staffing(whole.value * load.people, LATE_SHARE) - load.people
    ahead = plan(picture, whole.value)
    felt = Recovery(None, None) if ahead is None else recovery(ahead, np.random.default_rng(SEED))
    some = Resilience(
        slack,
        buffer_people=buffer,
        recovery_days_one_away=or_why(felt.median, UNFELT),
        recovery_days_one_away_p80=or_why(felt.p80, UNFELT),
    )
    if not math.isfinite(tolerance):
        endless = Unknown("nothing was asked for that could rise")
        return replace(some, surge_tolerance=endless, surge_requests_per_day=endless)
    daily = _daily(picture, load, start)
    return replace(
        some,
        surge_tolerance=tolerance,
        surge_requests_per_day=or_why(None if daily is None else tolerance * daily, "no opening hours in the window"),
    )


def _daily(picture: Picture, load: Load, start: float) -> float | None:
    """Jobs on a day with opening hours."""
    clock = picture.desk.clock
    inside = (clock.opens >= start) & (clock.opens < picture.desk.now)
    days = len(set((clock.opens[inside] // DAY).tolist()))
    # a desk that does not close opens once for many days
    long = clock.closes - clock.opens > DAY
    open_for = np.minimum(clock.closes[long], picture.desk.now) - np.maximum(clock.opens[long], start)
    days = max(days, int(np.ceil(open_for[open_for > 0] / DAY).sum()))
    return load.jobs / days if days else None


def recovery(ahead: Plan, rng: np.random.Generator, copies: int = COPIES, *, busiest: float = BUSIEST) -> Recovery:
    """How long the loss of one person for a week is felt, after their return.

    Each copy of the desk lives through the same requests twice, once with everybody, once with one person less for a
    week. What a fluid would answer, the hours lost ÷ the slack, is nothing at all where slack exceeds one person;
    queues take longer, as chance does not wait for the return.

    Args:
        ahead: The desk; its first week is the pattern of all.
        rng: Draws.
        copies: Of the desk.
        busiest: Requests a week replayed one by one.
    """
    weeks = SETTLING_WEEKS + 1 + WATCHED_WEEKS
    usual = ahead.over(weeks).bundled(busiest)
    if usual.people < 2 or not 0 < usual.utilization < 1:
        return Recovery(None, None)
    copies = max(FEWEST_COPIES, min(copies, MOST_PLACES // usual.people))
    drawn, away = _with_absence(usual, batch(usual, copies, rng))
    both = waits(
        np.concatenate((drawn.at, drawn.at), axis=1),
        np.concatenate((np.where(away, 0.0, drawn.service), drawn.service), axis=1),
        usual.people,
    )
    days = _felt(usual, drawn, both[:, copies:] - both[:, :copies])
    found = np.quantile(days, (0.5, 0.8), method="higher").tolist()
    return Recovery(*(None if math.isinf(x) else float(x) for x in found))


def _with_absence(usual: Plan, drawn: Batch) -> tuple[Batch, Bools]:
    """A batch with somebody's absence for its third week added as a job, and which job that is."""
    begins, ends = (float(usual.length[: DAYS * week].sum()) for week in (SETTLING_WEEKS, SETTLING_WEEKS + 1))
    copies = drawn.at.shape[1]
    at = np.vstack((np.full((1, copies), begins), drawn.at))
    order = np.argsort(at, axis=0, kind="stable")

    def ordered(first: float | bool, rest: NDArray[Any]) -> NDArray[Any]:
        return np.take_along_axis(np.vstack((np.full((1, copies), first, rest.dtype), rest)), order, 0)

    added = Batch(
        np.take_along_axis(at, order, 0),
        ordered(ends - begins, drawn.service),
        ordered(0, drawn.day),
        ordered(False, drawn.counted),
    )
    return added, order == 0


def _felt(usual: Plan, drawn: Batch, later: Floats) -> Floats:
    """Working days after the return until the last day on which requests waited longer for it; infinite: to the end."""
    copies, days = later.shape[1], len(usual.length)
    cell = (drawn.day + np.arange(copies) * days)[drawn.counted]
    number = np.bincount(cell, minlength=copies * days)
    total = np.bincount(cell, later[drawn.counted], minlength=copies * days)
    mean = np.divide(total, number, out=np.zeros(copies * days), where=number > 0).reshape(copies, days)
    after = DAYS * (SETTLING_WEEKS + 1)
    longer = mean[:, after:] > BACK * usual.service
    worked = np.cumsum(usual.length[after:] > 0)
    last = longer.shape[1] - 1 - np.argmax(longer[:, ::-1], axis=1)
    felt = np.where(longer.any(axis=1), worked[last], 0).astype(np.float64)
    return np.where(worked[last] >= worked[-1] - 1, np.where(felt > 0, np.inf, 0.0), felt)
