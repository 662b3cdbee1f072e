"""What a team's figures rest on: the best basis that four complete weeks carry."""

import numpy as np

from bot.health.facts import Bools, Floats
from bot.health.results import Basis
from bot.health.seen.flow import count
from bot.health.seen.records import Requests

CLAIMED = 0.5
"""A week carries `claims` when at least this share of its closings was claimed, at a known time by a known actor."""

REPLIED = 1 / 3
"""… and `replies` when at least this share shows two replies or more, as one reply shows no work."""

WEEKS = 4
FEW = 3
"""Weeks with fewer closings (holidays) say nothing about how a team works and are passed over."""


def choose_basis(requests: Requests, mondays: Floats, held: Basis | None, stated: bool) -> Basis | None:
    """The basis to use now.

    A new one is taken when the last four weeks with closings all carry it. The one in use stays while any of them
    still carries it and no better one has all four. A team without one yet may rest on `replies` earlier, as soon as
    every week so far carries them; without either, on what it stated.

    Args:
        requests: Derived and settled.
        mondays: Edges of the complete weeks, Unix seconds.
        held: The basis in use, None for a team without one.
        stated: Whether hands-on minutes were stated.

    Returns:
        The basis, None where nothing carries any.
    """
    carried = {Basis.CLAIMS: _claims(requests, mondays), Basis.REPLIES: _replies(requests, mondays)}
    for basis, weeks in carried.items():
        if len(weeks) == WEEKS and weeks.all():
            return basis
        if basis is held and weeks.any():
            return basis
    young = carried[Basis.REPLIES]
    if held is None and len(young) and young.all():
        return Basis.REPLIES
    if stated:
        return Basis.STATED
    return Basis.REPLIES if held is not Basis.CLAIMS and young.any() else held


def _claims(requests: Requests, mondays: Floats) -> Bools:
    known = np.zeros(len(requests.jobs.opened), np.bool_)
    known[requests.spans.job[requests.spans.actor != 0]] = True
    return _carry(requests, mondays, known, CLAIMED)


def _replies(requests: Requests, mondays: Floats) -> Bools:
    said = np.bincount(requests.replies.job, minlength=len(requests.jobs.opened))
    return _carry(requests, mondays, said >= 2, REPLIED)


def _carry(requests: Requests, mondays: Floats, shown: Bools, share: float) -> Bools:
    """For each of the last weeks with closings (four at most), whether enough of these show it."""
    if len(mondays) < 2:
        return np.zeros(0, np.bool_)
    done = requests.jobs.done
    closed, good = count(done, mondays), count(done[shown], mondays)
    spoken = np.flatnonzero(closed >= FEW)[-WEEKS:]
    return np.asarray(good[spoken] >= share * closed[spoken])
