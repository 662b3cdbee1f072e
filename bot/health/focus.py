"""Focus: how often a team is interrupted, how much quiet is left, and between which bounds its cost must lie.

How long a mind needs to find back after an interruption is not known as one number. In the laboratory people were back
after seconds: about 15 s to full pace (Altmann & Trafton, Psychonomic Bulletin & Review 14, 2007; Monk, Trafton &
Boehm-Davis, J. Exp. Psychology: Applied 14, 2008). In offices 57% of working spheres were interrupted, and people did
more than two other things before they came back, mostly the same day (Mark, Gonzalez & Harris, CHI 2005); the 23
minutes often quoted come from interviews. So the loss is a range, for 1 to 23 minutes, and a second interruption within
that time begins it anew instead of adding to it. With interruptions at rate l, independent of each other, H hours lose
H(1 − e^(−lr)), and the share of time in gaps of b or more is e^(−lb)(1 + lb).
"""

from datetime import datetime

import numpy as np
from scipy.special import gammaincinv

from bot.health.results import Estimate, Focus, Span, Unknown
from bot.health.seen.capacity import Roster, team_clock
from bot.health.seen.tier import fewest
from bot.health.seen.worktime import FloatArray, IntArray, WorkClock, parse_hours, time_zone
from bot.team import Team

SLOT = 300.0
"""Seconds in which mentions are one interruption."""

FEWEST_PEOPLE = 5
"""In a smaller team, who was interrupted could be told."""

FEWEST_DAYS = 5
"""Working days counted, below which nothing is said."""

RESUMED = (1.0, 23.0)
"""Minutes to find back: shortest and longest assumed."""

STRETCH = 60.0
"""Minutes that make a quiet stretch."""

PEOPLE = Unknown(f"figures on interruptions need {FEWEST_PEOPLE} people or more on the roster all the time")
DAYS = Unknown(f"fewer than {FEWEST_DAYS} working days have been counted")
NOBODY = Unknown("nobody was on duty in the team's hours")


def minutes_lost(minutes: float, rate: float, resumed: float) -> float:
    """Of so many minutes, those spent on finding back.

    Args:
        minutes: Working time H.
        rate: Interruptions a minute, 0 or more.
        resumed: Minutes r that finding back takes.
    """
    return float(-minutes * np.expm1(-rate * resumed))


def share_in_gaps(rate: float, minutes: float) -> float:
    """Share of working time in gaps of so many minutes or more, where interruptions come like chance.

    Args:
        rate: Interruptions a minute, 0 or more.
        minutes: The shortest gap that counts.
    """
    return float(np.exp(-rate * minutes) * (1 + rate * minutes))


def focus(slots: IntArray, team: Team, since: float, until: float) -> Focus | Unknown:
    """How much a team was interrupted, or why that is not said.

    Args:
        slots: Unix seconds // 300 of interruptions, in any order; repeated ones and those off hours do not count.
        team: Whose.
        since: Unix second from which they were counted.
        until: … and to which.

    Raises:
        BadInputError: A team whose hours, zone or country cannot be used.
    """
    if until <= since:
        return DAYS
    if fewest(team, since, until) < FEWEST_PEOPLE:
        return PEOPLE
    clock = team_clock(team, since, until)
    hours = parse_hours(team.hours)
    day = hours.a_week / hours.days  # hours
    if clock.total < FEWEST_DAYS * day:
        return DAYS
    person_hours = _person_hours(team, clock)
    if person_hours <= 0:
        return NOBODY
    moments = np.unique(slots).astype(np.float64) * SLOT
    moments = moments[clock.is_open(moments)]
    weekly = person_hours / clock.total * hours.a_week * 60  # minutes
    rate = moments.size / (person_hours * 60)
    quiet = _quiet(clock, moments)
    return Focus(
        since=datetime.fromtimestamp(float(clock.opens[0]), time_zone(team.tz)).date(),
        days=round(clock.total / day),
        interruptions=_per(moments.size, person_hours / day),
        quiet=Span(quiet, max(quiet, share_in_gaps(rate, STRETCH))),
        lost_hours=Span(*(minutes_lost(weekly, rate, minutes) / 60 for minutes in RESUMED)),
    )


def _person_hours(team: Team, clock: WorkClock) -> float:
    """Person-hours on duty within the team's own hours: outside of these nothing is counted."""
    roster = Roster.of(team, float(clock.opens[0]), float(clock.closes[-1]))
    edges = np.column_stack([clock.opens, clock.closes]).ravel()
    return float(roster.hours(edges)[::2].sum())


def _per(events: int, days: float) -> Estimate:
    """Events a person-day with their 80% interval: Gamma(n + ½) over the time watched, as for any Poisson rate."""
    low, high = (float(gammaincinv(events + 0.5, p)) / days for p in (0.1, 0.9))
    value = events / days
    return Estimate(value, min(low, value), max(high, value))


def _quiet(clock: WorkClock, moments: FloatArray) -> float:
    """Share of core hours in stretches of `STRETCH` minutes or more in which nobody of the team was interrupted."""
    closing = clock.closes[np.searchsorted(clock.opens, moments, side="right") - 1]
    begins = np.sort(np.concatenate([clock.opens, np.minimum(moments + SLOT, closing)]))
    ends = np.sort(np.concatenate([clock.closes, moments]))
    gaps = ends - begins
    return float(gaps[gaps >= STRETCH * 60].sum() / (clock.closes - clock.opens).sum())
