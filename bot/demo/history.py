"""Eight weeks of a desk's life, as Slack would have kept it: requests, replies in threads, reactions.

A desk is simulated as people serving one queue in order of arrival: requests come at random in working hours (a
Poisson process whose rate follows the desk's planned load), the hands-on time is lognormal.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np

from bot.demo import cast
from bot.demo.cast import Desk
from bot.health.seen.worktime import WorkClock, work_clock

SERVICE_SCV = 0.6
DAY = 86_400.0

Seeded = dict[str, Any]
"""One message as the sandbox is seeded with it: channel, user, ts, text, thread_ts, reactions."""


def now() -> float:
    """The Unix second at which the demo plays."""
    return datetime.fromisoformat(cast.NOW).timestamp()


def messages(desk: Desk, rng: np.random.Generator) -> list[Seeded]:
    """All that was written in the desk's queue before now, in order of time."""
    until = now()
    start = until - (cast.WEEKS * 7 + 3) * DAY  # from a Sunday, so that the first of the weeks is complete
    clock = work_clock(cast.HOURS, cast.TZ, start, until + 60 * DAY)
    found = [message for request in _requests(desk, rng, clock, until) for message in request]
    found = [message for message in found if float(message["ts"]) < until]
    return sorted(found, key=lambda message: float(message["ts"]))


def _requests(desk: Desk, rng: np.random.Generator, clock: WorkClock, until: float) -> Iterator[list[Seeded]]:
    free = [(0.0, person) for person in desk.people]
    heapq.heapify(free)
    for arrived in _arrivals(desk, rng, clock, until):
        at, person = heapq.heappop(free)
        began = max(at, arrived)
        spread = np.log(1 + SERVICE_SCV)
        hours = desk.service_hours * float(rng.lognormal(-spread / 2, np.sqrt(spread)))
        heapq.heappush(free, (began + hours, person))
        yield _thread(desk, rng, clock, arrived, began, began + hours, person)


def _arrivals(desk: Desk, rng: np.random.Generator, clock: WorkClock, until: float) -> Iterator[float]:
    """Arrival times in working hours since the clock's start."""
    last = float(clock.elapsed(until))
    week_hours, at = 40.0, 0.0
    while True:
        week = min(int(at / week_hours), len(desk.load) - 1)
        rate = desk.load[week] * len(desk.people) / desk.service_hours
        at += float(rng.exponential(1 / rate))
        if at >= last:
            return
        yield at


def _thread(
    desk: Desk,
    rng: np.random.Generator,
    clock: WorkClock,
    arrived: float,
    began: float,
    ended: float,
    person: str,
) -> list[Seeded]:
    asker = str(rng.choice(list(cast.SELLERS)))
    root = _ts(clock, arrived, rng)

    def reply(user: str, at: float, words: tuple[str, ...]) -> Seeded:
        return {
            "channel": desk.queue[0],
            "user": user,
            "ts": _ts(clock, at, rng),
            "thread_ts": root,
            "text": str(rng.choice(words)),
        }

    reactions: list[dict[str, Any]] = []
    thread: list[Seeded] = [
        {
            "channel": desk.queue[0],
            "user": asker,
            "ts": root,
            "text": str(rng.choice(desk.asks)),
            "reactions": reactions,
        }
    ]
    if began - arrived > 6:  # a wait that long makes people ask again
        thread.append(reply(asker, arrived + 5, cast.CHASES))
    thread.append(reply(person, began + 0.01, cast.BEGINNINGS))
    if ended - began > 1.5:
        thread.append(reply(person, (began + ended) / 2, cast.MIDDLES))
    thread.append(reply(person, ended, cast.ENDS))
    if rng.random() < 0.5:
        thread.append(reply(asker, ended + 0.2, cast.THANKS))
    here = clock.elapsed(now())
    if began < here:
        reactions.append({"name": "eyes", "users": [person]})
    if ended < here:
        reactions.append({"name": "white_check_mark", "users": [person]})
    return thread


def _ts(clock: WorkClock, at: float, rng: np.random.Generator) -> str:
    """A Slack `ts` for a moment of working time; the fraction keeps messages apart."""
    return f"{int(clock.at(at))}.{int(rng.integers(1, 999_999)):06d}"
