"""What becomes of the wait if it goes on so: whether it has doubled, by which day it does, and how surely.

All from the ramps that the weeks leave likely (`bot.health.ramps`): in each the wait at any week ahead follows from the
load then. "Doubled" is against the usual wait, that before the load began to climb, as people feel it, and of the mean
wait, not of one week's, which chance may double.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from bot.health.facts import Floats
from bot.health.ramps import Ramps, quantiles
from bot.health.results import Estimate, Outlook

AHEAD = 8
"""Weeks looked ahead."""

USUALLY = 0.7
"""Of simulated teams that were warned before their wait had doubled, so many saw it double within `AHEAD` weeks."""


def outlook(found: Ramps, today: date) -> Outlook:
    """What the ramps say of the weeks ahead.

    Args:
        found: Ramps with their weights.
        today: The day on which the weeks seen end.
    """
    ahead = np.arange(AHEAD + 1.0)
    weight = found.weight.sum(axis=0)
    doubled = np.maximum.accumulate(found.waits(ahead) >= np.log(2), axis=1)
    chance = np.maximum.accumulate(np.minimum(weight @ doubled, 1.0))
    pace = found.usual * np.diff(np.exp(found.climbed(np.array([0.0, 1.0]))), axis=1)[:, 0]
    low, middle, high = quantiles(np.append(pace, 0.0), np.append(weight, found.none), (0.1, 0.5, 0.9))
    return Outlook(
        _halfway(chance, today),
        float(chance[-1]),
        today + timedelta(weeks=AHEAD),
        Estimate(middle, low, high),
        float(chance[0]),
    )


def tempered(found: Outlook) -> Outlook:
    """The same with its chance for the weeks ahead halfway between the ramps' and what usually follows a warning.

    The ramps' own is too sure at both ends; a mean of two forecasts errs less than either where they err apart
    (Bates & Granger 1969, Operational Research Quarterly 20). What has happened by now they do know, and where no day
    is said nothing is changed.
    """
    if found.doubles is None or found.already >= 1:
        return found
    still = 1 - found.already
    return replace(found, p=found.already + still * ((found.p - found.already) / still + USUALLY) / 2)


def _halfway(chance: Floats, today: date) -> date | None:
    """The day by which it is as likely as not; today where it is so already."""
    if chance[-1] < 0.5:
        return None
    week = int(np.argmax(chance >= 0.5))
    if week == 0:
        return today
    below, above = float(chance[week - 1]), float(chance[week])
    return today + timedelta(days=round(7 * (week - 1 + (0.5 - below) / (above - below))))
