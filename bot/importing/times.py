"""Moments as logs write them, read into Unix microseconds."""

import math
from datetime import UTC, datetime, tzinfo

from bot.errors import BadInputError

EARLIEST = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp())
LATEST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
_FINER = {"milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}
_MEND = "write Unix seconds or ISO 8601 with an offset, such as 2026-01-31T14:05:00+01:00"


def seconds(value: float, field: str) -> int:
    """Microseconds of Unix seconds; raises BadInputError for what is no time between 1980 and 2100."""
    if not math.isfinite(value):
        raise BadInputError(field, value, _MEND)
    if not EARLIEST <= value < LATEST:
        finer = next((unit for unit, parts in _FINER.items() if EARLIEST <= value / parts < LATEST), None)
        looks = f"that looks like {finer}; divide by {_FINER[finer]:,}" if finer else None
        raise BadInputError(field, value, looks or "a time from 1980 to 2099 is wanted")
    return round(value * 1e6)


def moment(text: str, field: str, zone: tzinfo | None = None) -> int:
    """Microseconds of a moment in text.

    Args:
        text: Unix seconds or ISO 8601.
        field: What it is called, for errors.
        zone: Where naive times were written; None refuses them. An hour that a clock change repeats is taken
            as the first of the two.

    Raises:
        BadInputError: It is no moment, or naive without a zone.
    """
    text = text.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _number(text, field)
    if len(text) < 10 or text.isdigit():  # 20260131 is a day to Python, and a number to a log
        return _number(text, field)
    if found.tzinfo is None:
        if zone is None:
            raise BadInputError(field, text, "the time has no offset from UTC; add one, or say where with --tz")
        found = found.replace(tzinfo=zone)
    whole = round(found.replace(microsecond=0).timestamp())
    return seconds(whole, field) + found.microsecond


def _number(text: str, field: str) -> int:
    try:
        return seconds(float(text), field)
    except ValueError:
        raise BadInputError(field, text, _MEND) from None
