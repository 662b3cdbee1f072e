"""Why a level, or a utilization and all that follows from it, is not known: one clause each."""

from bot.health.picture import Picture
from bot.health.results import Basis, Day
from bot.health.seen.threads import UNTHREADED
from bot.health.seen.utilization import ENOUGH_JOBS, Load
from bot.health.tiers import LOAD
from bot.health.weeks import ROLLING

THREADS = "threads are still being read"


def no_level(people: int, today: Day | None, *, threads_read: bool, unthreaded: bool) -> str:
    """Why a team has no level, one clause; empty where it has one.

    Args:
        people: On the roster today.
        today: The day as it is judged; None before a complete week has been seen.
        threads_read: Whether replies have been read back.
        unthreaded: Whether answers seem to stand outside of threads.
    """
    if not threads_read:
        return THREADS
    if people == 0:
        return "nobody is on the roster"
    if unthreaded:
        return UNTHREADED
    return "no complete week has been seen yet" if today is None else today.lacks


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
