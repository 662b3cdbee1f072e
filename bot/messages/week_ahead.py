"""The wait of the days to come in a sentence, and last week's beside what was expected of it."""

from bot.health.forecast import SHORTEST
from bot.health.results import Estimate, Missed, Unknown, WeekAhead
from bot.messages.numbers import bare_hours, hours, hours_range, known, percent

TITLE = "Next seven days"

WIDE = 12
"""Times its lower end from which the upper end of a range tells nobody anything."""


def week_ahead(found: WeekAhead | Unknown) -> str:
    """`a first answer in about 2 h on average, most likely 1–4 h (80%).`; empty where there is nothing worth saying.

    A planned peak is named, and where more is planned than can be done, that the wait grows.
    """
    if not found or not found.value > SHORTEST or not (known(found.value) and known(found.high)):
        return ""
    said = f"a first answer in about {bare_hours(found.value)} on average, {_range(found)}"
    if found.grows:
        return f"{said}; with the planned peak more comes than can be done, so the wait grows from day to day."
    peak = f", with the planned peak of {percent(found.planned)} more in these days" if found.planned >= 0.005 else ""
    return f"{said}{peak}."


def last_week(missed: Missed | None) -> str:
    """`Last week took 5 h, more than the 1–4 h expected.`; empty where none was told, or both would read the same."""
    if missed is None or not known(missed.took) or not week_ahead(missed.said):
        return ""
    more = missed.took > missed.said.high
    end, word = (missed.said.high, "more") if more else (missed.said.low, "less")
    if bare_hours(missed.took) == bare_hours(end):
        return ""
    return f"Last week took {bare_hours(missed.took)}, {word} than the {_between(missed.said)} expected."


def _range(found: WeekAhead) -> str:
    """`most likely 1–4 h (80%)`, or `hardly under 7 h (90% sure)` where the upper end is far away."""
    if 0 < found.low * WIDE < found.high:
        return f"hardly under {bare_hours(found.low)} (90% sure)"
    return f"most likely {_between(found)} (80%)"


def _between(found: Estimate) -> str:
    """`1–4 h`; `under 4 h` from zero."""
    return hours_range(found.low, found.high) if found.low > 0 else f"under {hours(found.high).removeprefix('about ')}"
