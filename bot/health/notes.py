"""What people should know about the data behind the figures, in sentences."""

from itertools import pairwise

import numpy as np

from bot.health.picture import Picture
from bot.health.results import Unknown
from bot.health.seen.threads import MEND
from bot.health.seen.utilization import Belief
from bot.health.seen.work import Work

LITTLE_GAP = 0.15
"""Little's law may be off by so much before it is said (time at the edges, changing load)."""


FAR_FEWER = 0.75
FEWER = "Far fewer people claimed requests than the roster has: it may be out of date."


AT_ONCE = (
    "Nearly everything is taken or answered the moment it comes: that wait tells nothing of the load, so utilization "
    "rests on the hours in hand alone."
)

LONGER = (
    "Requests wait longer than the work seen explains: work that rests, a roster out of date, or work nobody sees here."
)


def notes(
    picture: Picture,
    belief: Belief | Unknown,
    little: float | Unknown,
    people: int,
    threads_read: bool,
    young: tuple[int, int] | None = None,
    unseen: bool = False,
) -> tuple[str, ...]:
    """Sentences on data quality, the weightiest first.

    Args:
        picture: The team.
        belief: Its utilization.
        little: Little's law, observed ÷ expected.
        people: On the roster.
        threads_read: Whether replies have been read back.
        young: Closings old enough to tell whether they come back, of how many (`bot.health.quality.old_enough`).
        unseen: Whether work nobody sees is told of elsewhere.
    """
    r, desk = picture.desk.requests, picture.desk
    found = []
    if picture.wrong is not None and picture.wrong[0]:
        x, n = picture.wrong
        found.append(
            f"{x} of {_several(n, 'request')} that were looked at {'was' if x == 1 else 'were'} none: "
            "the range of utilization is wider for it."
        )
    if not threads_read:
        found.append("Threads are still being read, so waits count from claims or replies seen so far.")
    elif desk.unthreaded:
        found.append(MEND)
    if not isinstance(little, Unknown) and abs(little - 1) > LITTLE_GAP:
        found.append(
            f"Arrivals, closings and open requests do not add up (Little's law off by {abs(little - 1):.0%}): "
            "some closings are probably missing."
        )
    if belief and desk.at_once:
        found.append(AT_ONCE)
    if belief and belief.parked:
        found.append("Some requests are taken and then stand still (parked work); that time is not counted as work.")
    if belief and belief.slow and not unseen:
        found.append(LONGER)
    if young is not None and young[0] < young[1] / 2:
        found.append(
            f"Only {young[0]} of {_several(young[1], 'closing')} are old enough to tell whether they come back: "
            "the share of all may be quite another."
        )
    wait, waiting = desk.waits
    passed = int(np.count_nonzero(waiting & (wait > desk.longest)))
    if passed:
        found.append(f"{_several(passed, 'open request')} waited longer than 99 in 100 that were answered.")
    undated = int(np.count_nonzero(~r.jobs.open & np.isnan(r.jobs.done) & np.isnan(r.jobs.gave_up)))
    if undated:
        found.append(
            f"{_several(undated, 'request')} closed at an unknown or impossible time; left out of cycle times."
        )
    unknown = int(np.count_nonzero(np.isnan(r.arrived)))
    if unknown:
        found.append(
            f"{_several(unknown, 'request')} worked on whose arrival is not in the weeks read; left out of waits."
        )
    if people >= 5 and picture.work is not None:
        found += _roster(picture, picture.work, people)
    return tuple(found)


def _several(n: int, thing: str) -> str:
    return f"{n} {thing}{'' if n == 1 else 's'}"


def _roster(picture: Picture, work: Work, people: int) -> list[str]:
    """Whether more or far fewer people claim in a usual week than the roster says; said of teams of five or more."""
    spans, weeks = picture.desk.requests.spans, picture.mondays[-5:]
    if len(weeks) < 5 or not len(work.finished):
        return []
    active = []
    for a, b in pairwise(weeks):
        there = (spans.start >= a) & (spans.start < b) & (spans.actor != 0)
        if np.count_nonzero(there) >= 4 * people:  # too few claims to see everybody
            active.append(len(np.unique(spans.actor[there])))
    if len(active) < 3:
        together = (spans.start >= weeks[0]) & (spans.start < weeks[-1]) & (spans.actor != 0)
        seen = len(np.unique(spans.actor[together]))  # a pseudonym a month: this counts too many rather than too few
        return [FEWER] if np.count_nonzero(together) >= 4 * people and seen <= FAR_FEWER * people else []
    usual = float(np.median(active))
    if usual > people:
        return ["More people claimed requests than the roster has: it may be out of date."]
    return [FEWER] if usual <= FAR_FEWER * people else []
