"""Intervals at moments: how many are open, how long they have lasted, what remains of them, how many are late.

All times are working-clock hours; an end that is NaN has not come yet.
"""

import numpy as np

from bot.health.facts import Floats


def lived(come: Floats, gone: Floats, at: Floats) -> Floats:
    """Total hours between starts and ends (both ascending; fewer may have ended) up to each moment."""
    i, k = np.searchsorted(come, at, "right"), np.searchsorted(gone, at, "right")
    came, went = (np.concatenate((np.zeros(1), np.cumsum(v))) for v in (come, gone))
    return np.asarray((i * at - came[i]) - (k * at - went[k]))


def late(opened: Floats, begun: Floats, target: float | None, at: Floats) -> Floats:
    """Late and in time, as in `bot.health.days.Days.late`: (days, 4)."""
    if not target:
        return np.zeros((len(at) - 1, 4))
    since = opened + target
    good = begun <= since
    over = ~good & ~np.isnan(begun)  # who still waits is late once the time has come
    became, were, met = (np.sort(times) for times in (since[~good], begun[over], begun[good]))
    by_end = [np.searchsorted(times, at[1:], "right") for times in (became, met)]
    by_start = [np.searchsorted(times, at[:-1], "left") for times in (were, met)]
    return np.column_stack((by_end[0], by_start[0], by_end[1], by_start[1])).astype(np.float64)


def present(come: Floats, gone: Floats, at: Floats) -> Floats:
    """How many have started and not ended at each moment, of starts and ends that ascend."""
    found = np.searchsorted(come, at, "right") - np.searchsorted(gone, at, "right")
    return found.astype(np.float64)


def remaining(begun: Floats, closed: Floats, service: float, at: Floats) -> Floats:
    """Hours that remain of begun work at each moment, if each piece takes `service` hours."""
    start = begun[~np.isnan(begun)]
    end = np.fmin(closed[~np.isnan(begun)], start + service)
    came, gone = np.sort(start), np.argsort(end)
    active = present(came, end[gone], at)
    sums = np.concatenate((np.zeros(1), np.cumsum(came)))[np.searchsorted(came, at, "right")]
    left = np.concatenate((np.zeros(1), np.cumsum(start[gone])))[np.searchsorted(end[gone], at, "right")]
    return np.asarray(np.maximum(active * (service - at) + sums - left, 0.0))
