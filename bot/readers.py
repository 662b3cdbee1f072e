"""How a value is read: from what was typed in a form, or from what stands in a decoded file.

A reader knows no field; `named` gives its error the name by which whoever wrote the value knows it.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from bot.errors import BadInputError

Reader = Callable[[Any], Any]
"""Raw value → value; raises BadInputError."""


def named(field: str, read: Reader, value: object) -> Any:
    """Read the value of a field.

    Raises:
        BadInputError: The reader refused it; the error names the field.
    """
    try:
        return read(value)
    except BadInputError as error:
        raise BadInputError(field, value, error.mend) from error


def line(value: Any) -> str:
    """What was typed, on one line; empty where nothing was."""
    return " ".join(str(value or "").split())


def maybe(value: Any) -> str | None:
    """The same, None where nothing was typed or chosen."""
    return line(value) or None


def one_of(options: Sequence[tuple[str, str]]) -> Reader:
    """The value of one of the options, (value, label)."""
    allowed = [value for value, _ in options]

    def read(value: Any) -> str:
        if value not in allowed:
            raise BadInputError("", value, f"pick one of {', '.join(allowed)}")
        return str(value)

    return read


def number(low: float, high: float = math.inf, *, above: bool = False, mend: str = "") -> Reader:
    """A number from `low`, or only above it, to `high`; `mend` where a file's words do not fit."""
    span = f"above {low:g} and up to {high:,g}" if above else f"from {low:g} to {high:,g}"

    def read(value: Any) -> float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not low <= value <= high or value == math.inf or (above and value == low):
            raise BadInputError("", value, mend or f"write a number {span}, or null")
        return float(value)

    return read


def typed(read: Reader, unit: float = 1.0) -> Reader:
    """A number that was typed in units of its own: 100 for percent of a share."""

    def understand(value: Any) -> float:
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan  # within no limits
        return float(read(number) / unit)

    return understand


def or_empty(read: Reader, meaning: Any = None) -> Reader:
    """A field that may be left empty, and what that means."""
    return lambda value: meaning if value in (None, "") else read(value)


def quoted(value: Any) -> str:
    """A text in a file."""
    if not isinstance(value, str) or not value.strip():
        raise BadInputError("", value, "write a text in quotes, or null")
    return value.strip()


def below_one(value: Any) -> float:
    """A share in a file, of which something must be left."""
    share = float(number(0, 1)(value))
    if share == 1:
        raise BadInputError("", value, "write a share below 1: some time must be left to see")
    return share
