"""Job · when · function. Wakes, never decides: what is due stands in the database, and each job asks it."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from bot.jobs.check import check
from bot.jobs.digest import digest
from bot.jobs.gains import watch
from bot.jobs.membership import lost
from bot.jobs.promises import follow_up
from bot.jobs.pulse_closing import pulse_close, pulse_remind
from bot.jobs.pulses import pulse
from bot.jobs.reading import gaps, history, threads
from bot.jobs.retention import retention
from bot.jobs.roster import roster
from bot.jobs.setup import announced, report_first
from bot.jobs.shrinks import watch as shrinks
from bot.outbox import Outbox
from bot.services.work import Job, Work
from storage import due

log = logging.getLogger(__name__)

READING: Mapping[str, Job] = {"history": history, "threads": threads, "gaps": gaps}
JUDGING: Mapping[str, Job] = {
    "announce": announced,
    "first-report": report_first,
    "check": check,
    "digest": digest,
    "lost": lost,
    "roster": roster,
    "pulse": pulse,
    "pulse_close": pulse_close,
    "pulse_remind": pulse_remind,
    "retention": retention,
    "gains": watch,
    "shrinks": shrinks,
    "follow_up": follow_up,
}

LEASE = 600.0
"""Seconds for which a taken job is kept from other processes; a crashed one is taken again after that."""

READING_LEASE = 3_600.0
"""The same for reading: ninety days of a busy queue take longer than `LEASE` under Slack's rate limits."""

AFTER_ERROR = 300.0
"""Seconds until a job that failed is tried again."""

EVERY = 15
"""Seconds between two wake-ups, for what other processes put down."""

SHORTEST = 0.2
"""Seconds a lane rests at least, so that a job whose time has just come is not asked for in a tight loop."""


def run_due(
    work: Work, jobs: Mapping[str, Job], lease: float = LEASE, then: Callable[[], None] = lambda: None
) -> float | None:
    """Do all of `jobs` that are due now in our workspace, one after another; a failing one is due again later.

    Args:
        work: Parts for the jobs.
        jobs: By name.
        lease: Seconds for which a taken job is kept from others.
        then: Called once any was done: it may have put down something for somebody else.

    Returns:
        The Unix second at which the next of them is due, or None.
    """
    done = False
    while taken := due.claim(work.db, jobs.keys(), work.clock(), lease, work.me.workspace):
        try:
            again = jobs[taken.job](work, taken.subject)
        except Exception as error:
            # The type only: an error's text could carry what somebody wrote.
            log.error("job %s failed: %s", taken.job, type(error).__name__)
            log.debug("job %s", taken.job, exc_info=True)
            again = work.clock() + AFTER_ERROR
        due.finish(work.db, taken, again)
        done = True
    if done:
        then()
    return due.next_at(work.db, jobs.keys(), work.me.workspace)


class Timetable:
    """Three lanes, so that a long read keeps neither a check nor a post waiting; APScheduler wakes them.

    Args:
        work: Parts for the jobs.
        outbox: Sends what jobs put down.
        heartbeat: Called at each wake-up, before posts are sent (to look anew at what is watched).
    """

    def __init__(self, work: Work, outbox: Outbox, heartbeat: Callable[[], None]) -> None:
        def post() -> float | None:
            heartbeat()
            return outbox.run()

        posting = _Lane("posting", work.clock, post)
        judging = _Lane("judging", work.clock, lambda: run_due(work, JUDGING, LEASE, self.wake))
        reading = _Lane("reading", work.clock, lambda: run_due(work, READING, READING_LEASE, self.wake))
        self._lanes = (posting, judging, reading)
        self._scheduler: Any = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(
            self.wake, "interval", seconds=EVERY, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin, with everything that fell due while nobody was there."""
        for lane in self._lanes:
            lane.start()
        self._scheduler.start()
        self.wake()

    def wake(self) -> None:
        """Something may be due: look at once. Returns immediately."""
        for lane in self._lanes:
            lane.wake()

    def stop(self) -> None:
        """Let running jobs end, then stop."""
        self._scheduler.shutdown(wait=False)
        for lane in self._lanes:
            lane.stop()


class _Lane:
    """A thread that works when it is woken, or when its own next work is due."""

    def __init__(self, name: str, clock: Callable[[], float], work: Callable[[], float | None]) -> None:
        self._clock, self._work = clock, work
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"headroom-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        self._stopping.set()
        self._woken.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        patience: float | None = None
        while True:
            self._woken.wait(patience)
            self._woken.clear()
            if self._stopping.is_set():
                return
            patience = self._turn()

    def _turn(self) -> float | None:
        """Work once; returns the seconds until there is more, None for nothing planned."""
        try:
            again = self._work()
        except Exception as error:
            log.error("%s failed: %s", self._thread.name, type(error).__name__)
            log.debug("%s", self._thread.name, exc_info=True)
            return AFTER_ERROR
        return None if again is None else max(SHORTEST, again - self._clock())
