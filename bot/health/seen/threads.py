"""Whether answers stand with their requests at all: some desks answer in the channel, where nobody can tell to what."""

import numpy as np

from bot.health.seen.records import Requests
from bot.health.seen.worktime import DAY

WEEK = 7 * DAY

ANSWERED, EVER = 0.15, 0.3
"""A desk that answers in threads, or says what is done, leaves a sign on more than the first share of its requests;
one that did so on the second in any four weeks knows how to, and is silent now."""

ENOUGH_ASKED, FEW = 20, 3
"""Of fewer requests in four weeks nobody can tell; weeks with fewer say nothing of how a desk answers."""

BLOCK = 4
"""Weeks looked at together."""

CHANCE = 3 * DAY
"""Time to be answered; younger requests are not asked of."""

UNTHREADED = "answers seem to stand in the channel, not in threads, so waits cannot be known"

MEND = (
    "Hardly any request is seen answered: if answers stand in the channel, answer in threads or put ✅ on what is "
    "done; until then waits, and what is open, cannot be known."
)


def unthreaded(requests: Requests, now: float) -> bool:
    """Whether hardly any request got a reply, a claim or a ✅, lately and ever.

    Weeks count alike, however much came in them: a flood that nobody can answer is no such desk, nor is one that used
    to answer and stopped. What waits there waits.

    Args:
        requests: Derived, of the whole history at hand.
        now: Unix seconds.
    """
    r = requests
    asked = r.arrived <= now - CHANCE
    week = ((now - r.arrived[asked]) // WEEK).astype(np.int64)
    if np.count_nonzero(week < BLOCK) < ENOUGH_ASKED:
        return False
    answered = ~np.isnan(r.started) | ~np.isnan(r.first_done) | ~r.open
    came, signs = np.bincount(week), np.bincount(week, answered[asked])
    at = np.flatnonzero(came >= FEW)
    share = signs[at] / came[at]
    month = at // BLOCK
    shares = np.bincount(month, share) / np.maximum(np.bincount(month), 1)
    return bool(shares[0] < ANSWERED and shares.max() < EVER)
