"""Whether answers stand with their requests at all: some desks answer in the channel, where nobody can tell to what."""

import numpy as np

from bot.health.seen.records import Requests
from bot.health.seen.worktime import DAY

ANSWERED = 0.15
"""A desk that answers in threads, or says what is done, leaves a sign on more than this share of its requests."""

ENOUGH_ASKED = 20
"""Of fewer requests in the window nobody can tell."""

WINDOW, CHANCE = 28 * DAY, 3 * DAY
"""Requests of so long, each with so much time to be answered."""

UNTHREADED = "answers seem to stand in the channel, not in threads, so waits cannot be known"

MEND = (
    "Hardly any request is seen answered: if answers stand in the channel, answer in threads or put ✅ on what is "
    "done; until then waits, and what is open, cannot be known."
)


def unthreaded(requests: Requests, now: float) -> bool:
    """Whether hardly any request got a reply, a claim or a ✅: lately, and ever.

    A desk that used to answer and stopped is no such desk: what waits there waits.

    Args:
        requests: Derived, of the whole history at hand.
        now: Unix seconds.
    """
    r = requests
    asked = r.arrived <= now - CHANCE
    lately = asked & (r.arrived >= now - WINDOW)
    answered = ~np.isnan(r.started) | ~np.isnan(r.first_done) | ~r.open
    if np.count_nonzero(lately) < ENOUGH_ASKED:
        return False
    return bool(max(answered[asked].mean(), answered[lately].mean()) < ANSWERED)
