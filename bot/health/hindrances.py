"""Why a level, or a utilization and all that follows from it, is not known: one clause each."""

from bot.health.picture import Picture
from bot.health.results import Basis
from bot.health.seen.threads import UNTHREADED
from bot.health.seen.utilization import ENOUGH_JOBS, Load
from bot.health.tiers import LOAD
from bot.health.verdict import Verdict, by_requests, deserted
from bot.health.weeks import ROLLING

THREADS = "threads are still being read"


def no_level(picture: Picture, people: int, found: Verdict, *, small: bool, threads_read: bool) -> str:
    """Why a team has no level; arguments as in `no_utilization`, and the verdict without one."""
    if not threads_read:
        return THREADS
    if people == 0:
        return "nobody is on the roster"
    weeks = len(found.weeks)
    if weeks < 2:
        return f"{'only one' if weeks else 'no'} complete week has been seen yet"
    if deserted(picture, people):
        return "nobody was on duty in the last four weeks"
    load = picture.load(float(picture.mondays[-min(ROLLING, weeks) - 1]))
    if load.jobs < ENOUGH_JOBS:
        return f"fewer than {ENOUGH_JOBS} requests came in the last four weeks"
    hindrance = UNTHREADED if picture.desk.unthreaded else None
    if hindrance is None and not by_requests(people):
        hindrance = no_utilization(picture, people, load, small=small, threads_read=threads_read)
    return hindrance or "the figures lie between the lines and no level stands yet"


def no_utilization(picture: Picture, people: int, load: Load, *, small: bool, threads_read: bool) -> str | None:
    """Why utilization cannot be known, None where nothing stands in its way.

    Args:
        picture: The team.
        people: On the roster today.
        load: Sums over the time it would be of.
        small: Whether it would be that of one or two people.
        threads_read: Whether replies have been read back.
    """
    basis = picture.basis
    unseen = basis is not Basis.STATED and (load.counted < ENOUGH_JOBS or load.busy <= 0)
    came, young = len(picture.desk.requests.spans.job) > 0, len(picture.mondays) <= ROLLING
    hindrances = (
        (people == 0, "nobody is on the roster"),
        (small, LOAD.reason),
        (not threads_read, THREADS),
        (load.capacity <= 0, "nobody was on duty"),
        (basis is None and came and young, "it takes four complete weeks of claims to tell how much work there is"),
        (basis is None, "no claims, replies or stated hands-on minutes tell how much work a request is"),
        (basis is not Basis.STATED and picture.desk.unthreaded, UNTHREADED),
        (load.jobs < ENOUGH_JOBS, f"fewer than {ENOUGH_JOBS} requests came"),
        (unseen, f"fewer than {ENOUGH_JOBS} closed requests show how long they took"),
        (load.impossible, "far more hours were worked than the people on the roster had"),
    )
    return next((why for hinders, why in hindrances if hinders), None)
