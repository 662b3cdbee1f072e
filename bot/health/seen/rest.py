"""Quiet hours: how long a desk lets a thread rest before it may be taken as finished, learned from its own threads."""

from dataclasses import replace

import numpy as np

from bot.health.facts import Floats
from bot.health.seen.records import Requests
from bot.health.seen.worktime import WorkClock

SHORTEST, USUAL, LONGEST = 8.0, 16.0, 80.0
"""Working hours: a day at least, ten days at most, two days while fewer than 20 gaps are known."""


def quiet_hours(requests: Requests, clock: WorkClock) -> float:
    """Working hours of silence after a desk's reply that mean the request is done.

    Three times the 90th percentile of the gaps inside open jobs (reply to reply, last reply to ✅), so that a
    rest three times as long as nine in ten is taken as the end; within 8–80.
    """
    said, jobs = requests.replies, requests.jobs
    at = clock.elapsed(said.at)
    same = said.job[1:] == said.job[:-1]
    last = _last_reply(requests)
    to_done = clock.between(last, jobs.done)
    gaps = np.concatenate(((at[1:] - at[:-1])[same], to_done[to_done > 0]))
    if len(gaps) < 20:
        return USUAL
    return float(np.clip(3 * np.quantile(gaps, 0.9), SHORTEST, LONGEST))


def settle(requests: Requests, clock: WorkClock, now: float, hours: float) -> Requests:
    """Requests with those counted done that the desk answered and that then stayed quiet, at its last reply.

    Args:
        requests: As derived.
        clock: The team's working clock.
        now: Unix seconds.
        hours: Working hours without any fact, as `quiet_hours` gives them.
    """
    jobs, spans = requests.jobs, requests.spans
    last = _last_reply(requests)
    rested = clock.between(requests.last, now)[jobs.request] > hours
    ends = jobs.open & ~np.isnan(last) & rested
    if not ends.any():
        return requests
    done = np.where(ends, last, jobs.done)
    settled = replace(jobs, done=done, open=jobs.open & ~ends)
    held = spans.open & ends[spans.job]
    spans = replace(
        spans, end=np.where(held, np.fmax(last[spans.job], spans.start), spans.end), open=spans.open & ~held
    )
    closed_now = jobs.request[ends]  # only a request's last job can be open
    last_done, first_done, still = requests.done.copy(), requests.first_done.copy(), requests.open.copy()
    last_done[closed_now] = done[ends]
    first_done[closed_now] = np.where(np.isnan(first_done[closed_now]), done[ends], first_done[closed_now])
    still[closed_now] = False
    return replace(requests, jobs=settled, spans=spans, done=last_done, first_done=first_done, open=still)


def _last_reply(requests: Requests) -> Floats:
    """The desk's last reply in each job, NaN where none."""
    last = np.full(len(requests.jobs.opened), np.nan)
    last[requests.replies.job] = requests.replies.at  # ordered by time, so the last one stands
    return last
