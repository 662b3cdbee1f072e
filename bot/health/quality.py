"""Quality as rates with Wilson intervals: what came back, what was escalated, who had to ask again."""

import numpy as np

from bot.health.facts import Bools, Floats, Ints
from bot.health.results import Quality, Rate, Unknown
from bot.health.seen.flow import RARE, count
from bot.health.seen.records import ARRIVED, REOPENED, Requests
from bot.health.theory.posterior import wilson

ENOUGH = 20
"""A rate over fewer is not shown."""

DAY = 86400.0
USUAL_LAG = 5 * DAY
UNDATED = "requests came back after closings whose time nobody knows"
UNSURE = "read back, ✅ has no time: whether askers wrote on before or after it is not known"


def quality(requests: Requests, start: float, now: float) -> Quality:
    """What requests since `start` (Unix seconds) tell of quality; what askers say of it is for whoever asked them."""
    return Quality(
        reopen_rate(requests, start, now),
        escalation_rate(requests, start),
        chase_rate(requests, start),
    )


def reopen_rate(requests: Requests, start: float, now: float) -> Rate | Unknown:
    """Share of closings since `start` that came back, leaving out those too young to have.

    A reopening belongs to when the job was *closed*. Closings younger than the reopen lag (the time within which nine
    in ten reopenings come, five days while fewer than ten are known, 14 at most) are left out: they still may.
    Closings of which nobody knows whether they came back (`Requests.unsure`) count on neither side. Not known below 20,
    nor where all that came back did so after closings without a time, nor where those left out would, had they come
    back, put it beyond its own range: that is no 0%.
    """
    lags = reopen_lags(requests)
    counted = _counted(requests, lags, start, now)
    unsure = counted & requests.unsure[requests.jobs.request]
    counted &= ~unsure
    n, left_out = int(np.count_nonzero(counted)), int(np.count_nonzero(unsure))
    if n < ENOUGH:
        few = n + left_out < ENOUGH
        return Unknown(f"fewer than {ENOUGH} closings old enough to have come back" if few else UNSURE)
    back = int(np.count_nonzero(counted & (~np.isnan(lags) | back_untimed(requests))))
    undated = (requests.reopens > 0) & np.isnan(requests.first_done) & ~(requests.arrived < start)
    if not back and undated.any():
        return Unknown(UNDATED)
    found = wilson(float(back), n)
    return found if (back + left_out) / (n + left_out) <= found.high else Unknown(UNSURE)


def heard_from(requests: Requests) -> float:
    """Since when what comes back is heard as it happens, Unix seconds: the first ✅ or 🔁 with a time.

    Infinite where all of them were read back without one; −∞ at a desk that never used either.
    """
    at = requests.first_done[requests.ticked > 0]
    if not requests.ticked.any():
        return -np.inf
    return float(np.fmin.reduce(at, initial=np.inf))


def told_back(requests: Requests, edges: Floats) -> Bools:
    """Which windows between neighbouring edges tell what came back, so that they may be held against each other.

    Those in which as many ✅ and 🔁 were heard as they came as were read back later, none before the first one heard.
    History gives them without times, and then nobody knows what came back: every week heard live would be worse.
    """
    at, ticked = requests.first_done, requests.ticked
    heard, read = count(at[ticked > 0], edges), count(at[ticked < 0], edges)
    return np.asarray((heard >= read) & (edges[1:] > heard_from(requests)))


def comparable(requests: Requests, at: Floats, of: Ints, edges: Floats) -> Bools:
    """Which rows, each of a request and at a time, lie in a window that tells what came back and are known to.

    Args:
        requests: All.
        at: Unix seconds.
        of: Rows in `requests`.
        edges: Of the windows, as in `told_back`.
    """
    window = np.searchsorted(edges, at, "right") - 1
    inside = (window >= 0) & (window < len(edges) - 1)
    known = told_back(requests, edges)[np.clip(window, 0, len(edges) - 2)]
    return np.asarray(inside & known & ~requests.unsure[of])


def old_enough(requests: Requests, start: float, now: float) -> tuple[int, int]:
    """How many closings since `start` `reopen_rate` counts, and how many there are."""
    counted = _counted(requests, reopen_lags(requests), start, now)
    return int(np.count_nonzero(counted)), int(np.count_nonzero(requests.jobs.done >= start))


def _counted(requests: Requests, lags: Floats, start: float, now: float) -> Bools:
    done = requests.jobs.done
    return np.asarray((done >= start) & (done <= now - reopen_lag(lags)))


def reopen_lags(requests: Requests) -> Floats:
    """Seconds from each job's closing until it was reopened; NaN where it was not (or the closing has no time)."""
    jobs = requests.jobs
    back = (jobs.cause[1:] == REOPENED) & (jobs.request[1:] == jobs.request[:-1])
    return np.append(np.where(back, jobs.opened[1:] - jobs.done[:-1], np.nan), np.nan)[: len(jobs.done)]


def back_untimed(requests: Requests) -> Bools:
    """Which jobs' closings came back nobody knows when.

    History tells 🔁 without its time, so it opens no job and stands in no order with the ✅ beside it. But it did
    happen, after some closing: of a request that was reopened so, the first one came back.
    """
    jobs = requests.jobs
    timed = np.bincount(jobs.request[jobs.cause == REOPENED], minlength=len(requests))
    untimed = (requests.reopens > timed)[jobs.request]
    return np.asarray(untimed & (jobs.cause == ARRIVED) & np.isnan(reopen_lags(requests)))


def reopen_lag(lags: Floats) -> float:
    """Seconds within which nine in ten reopenings come; `lags` as `reopen_lags` returns them."""
    known = lags[~np.isnan(lags)]
    return min(float(np.quantile(known, 0.9)), 14 * DAY) if len(known) >= 10 else USUAL_LAG


def escalation_rate(requests: Requests, start: float) -> Rate | Unknown:
    """Share of requests that arrived since `start` and were escalated; not known below 20."""
    return _share(requests.escalations[requests.arrived >= start] > 0)


def chase_rate(requests: Requests, start: float) -> Rate | Unknown:
    """Share of requests that arrived since `start` whose asker had to ask again; not known below 20."""
    return _share(requests.chases[requests.arrived >= start] > 0)


def _share(hit: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Rate | Unknown:
    return wilson(float(np.count_nonzero(hit)), len(hit)) if len(hit) >= ENOUGH else Unknown(RARE)
