"""Why a team stands as it does: figures of now against their line or their first weeks, and one thing to do."""

from dataclasses import dataclass

import numpy as np

from bot.health.facts import Floats
from bot.health.quality import told_back
from bot.health.results import UNTOLD, Causes, Level, Likely, Reason, Remedy, Unknown
from bot.health.seen.flow import Desk, count
from bot.health.seen.utilization import Load

WORTH_SAYING, SPEAKS_FOR_WATCH, SPEAKS_FOR_DANGER = 1.2, 1.4, 2.0
"""Times the earlier value (for capacity: the earlier ÷ now)."""

_UNITS = {
    "wait": "hours",
    "open": "requests",
    "arrivals": "requests/week",
    "service": "hours",
    "capacity": "hours/week",
    "reopen": "share",
    "chase": "share",
}
_REMEDY = {
    "pile": "pause_intake",
    "active": "add_cover",
    "capacity": "add_cover",
    "arrivals": "pause_intake",
    "service": "office_hours",
}
_FITS = {
    "mix": "pause_intake",
    "demand": "pause_intake",
    "service": "office_hours",
    "hours": "add_cover",
    "rework": "look_back",
}
_MEASURED = {"load": ("arrivals", "service", "capacity"), "roster": ("capacity",)}
_ENOUGH = 20

SOME = 0.1
"""Share of the change in load from which a cause beside the main one is worth doing something about."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Figures of some weeks that can be held against those of others; NaN where not known.

    Attributes:
        wait: Mean wait, hours.
        open: Requests open, on average at the ends of the weeks.
        arrivals: A week.
        service: Hours worked for a job.
        capacity: Person-hours a week.
        reopen: Share of requests reopened, by arrival.
        chase: Share of requests whose asker had to ask again.
    """

    wait: float
    open: float
    arrivals: float
    service: float
    capacity: float
    reopen: float
    chase: float


def snapshot(desk: Desk, edges: Floats, load: Load) -> Snapshot:
    """Figures of the weeks between the edges (Unix seconds), whose sums are `load`."""
    r = desk.requests
    weeks = (edges[-1] - edges[0]) / (7 * 86400)
    ends = edges[[0, -1]]
    arrived = float(count(r.arrived, ends)[0])
    again = float(count(r.arrived[r.reopens > 0], ends)[0])
    chased = float(count(r.arrived[r.chases > 0], ends)[0])
    enough = arrived >= _ENOUGH
    return Snapshot(
        wait=load.mean_wait,
        open=float(np.mean(desk.open_at(edges[1:]))),
        arrivals=arrived / weeks,
        service=load.service if load.counted >= _ENOUGH else np.nan,
        capacity=load.capacity / weeks,
        reopen=again / arrived if enough and told_back(r, ends).all() else np.nan,
        chase=chased / arrived if enough else np.nan,
    )


def reasons(
    now: Snapshot,
    before: Snapshot | None,
    utilization: Reason | None,
    small: bool = False,
    causes: tuple[Reason, ...] = (),
) -> tuple[Reason, ...]:
    """The figures worth saying, weightiest first: by the level each speaks for, then by how far it moved.

    Args:
        now: The latest weeks.
        before: The team's first weeks; None while there are none apart from the latest.
        utilization: The utilization against its danger line, None where it is not known.
        small: A team of one or two: nothing is said of its hours.
        causes: What drift consists of; these stand for the same figures over the weeks.
    """
    found = [] if utilization is None else [(utilization, _ratio(utilization))]
    found += [(cause, _moved(cause)) for cause in causes]
    told = {cause.signal for cause in causes}
    for signal, unit in _UNITS.items():
        value, earlier = getattr(now, signal), np.nan if before is None else getattr(before, signal)
        if signal in told or (small and signal in ("service", "capacity")) or np.isnan(value) or np.isnan(earlier):
            continue
        worse = _worse(signal, value, earlier)
        if worse >= WORTH_SAYING:
            level = Level.DANGER if worse >= SPEAKS_FOR_DANGER else Level.HEALTHY
            level = Level.WATCH if SPEAKS_FOR_WATCH <= worse < SPEAKS_FOR_DANGER else level
            found.append((Reason(signal, float(value), float(earlier), unit, level), worse))
    found.sort(key=lambda item: (-item[0].level, item[0].signal != "utilization", -item[1]))
    return tuple(reason for reason, _ in found)


def drifted(causes: tuple[str, ...], now: Snapshot, before: Snapshot, active: float | None) -> tuple[Reason, ...]:
    """The figures behind what drift consists of, as reasons that speak for `watch`.

    Args:
        causes: Of `active`, `roster`, `load`, `reopen`, `chase`.
        now: The last days.
        before: The first weeks.
        active: People who act per hour on duty, now as a share of the first weeks'; None unknown.
    """
    found = []
    for cause in causes:
        if cause == "active":
            if active is not None:
                found.append(Reason("active", active, 1.0, "share", Level.WATCH))
            continue
        names = _MEASURED.get(cause, (cause,))
        worst = max(names, key=lambda name: _change(name, now, before))
        value, earlier = getattr(now, worst), getattr(before, worst)
        told = any(reason.signal == worst for reason in found)
        if not told and not np.isnan(value) and not np.isnan(earlier) and _change(worst, now, before) > 1:
            found.append(Reason(worst, float(value), float(earlier), _UNITS[worst], Level.WATCH))
    return tuple(found)


def _change(signal: str, now: Snapshot, before: Snapshot) -> float:
    value, earlier = getattr(now, signal), getattr(before, signal)
    worse = _worse(signal, value, earlier)
    return -np.inf if np.isnan(worse) else worse


def _moved(reason: Reason) -> float:
    """How far a cause moved, either way."""
    low, high = sorted((abs(reason.value), abs(reason.line or reason.value)))
    return high / low if low > 0 else 2.0


def _ratio(reason: Reason) -> float:
    return reason.value / reason.line if reason.line else 1.0


def _worse(signal: str, value: float, earlier: float) -> float:
    """How many times worse than before; small numbers are held against a floor, so that 1 → 3 open is no alarm."""
    if signal == "capacity":
        return earlier / max(value, 1e-9) if earlier > 0 else 1.0
    floor = {"arrivals": 5.0, "open": 3.0, "wait": 0.1, "reopen": 0.05, "chase": 0.05}.get(signal, 1e-9)
    return float(max(value, floor) / max(earlier, floor))


def _denies_slack(reason: Reason) -> bool:
    """Whether a figure says that there is no slack to keep: a load over its line, or a wait or queue twice as long."""
    if reason.signal == "utilization":
        return reason.line is not None and reason.value >= reason.line
    return reason.signal in ("wait", "open") and reason.level is Level.DANGER


def remedies(
    level: Level,
    because: tuple[Reason, ...],
    parked: bool,
    causes: Causes | Unknown = UNTOLD,
    likely: Likely | Unknown = UNTOLD,
) -> tuple[Remedy, ...]:
    """What to do, first what fits the weightiest cause; never fewer people.

    Args:
        level: How the team stands.
        because: The numbers behind it.
        parked: Claims are held while nothing is done on them.
        causes: What the change in load consists of, where that is known: it says more than single numbers.
        likely: What most likely changed, where the shares are not known yet.
    """
    if level is Level.HEALTHY:
        return () if any(map(_denies_slack, because)) else (Remedy("keep_slack"),)
    if level is Level.UNKNOWN:
        return ()
    main = _raised(causes) if causes else [likely.name] if likely else []
    signals = [reason.signal for reason in because]
    fitting = [_FITS[name] for name in main]
    fitting += [_REMEDY[signal] for signal in signals if signal in _REMEDY]  # causes before symptoms
    fitting += ["park_openly"] if parked else []
    fitting += ["office_hours"] if {"chase", "reopen"} & set(signals) else []  # askers chase because they wait
    return tuple(Remedy(action) for action in dict.fromkeys((*fitting, "add_cover")))


def _raised(causes: Causes) -> list[str]:
    """The main cause, and the others that brought some of the load."""
    return [cause.name for i, cause in enumerate(causes.of) if i == 0 or cause.share.value >= SOME]
