"""One way to write results as JSON: a table of rows is walked, and each gap gets its reason."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from bot.health.results import UNTOLD, Level, Unknown

Json = dict[str, Any]
Missing = dict[str, str]
"""Key of the report → why it is null; for lists once for all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One key of a report.

    Attributes:
        key: What it is called.
        get: Where it stands: attributes of the record that the row is of, dotted, or a function of that record and of
            the whole. Empty: as the key is called.
        rows: What stands in it, of the record found there or of each of several; none: all that the record has.
        absent: Why None stands there, where that means that there is none.
        name: What a terminal calls it; empty where it has words of its own.
    """

    key: str
    get: str | Callable[[Any, Any], object] = ""
    rows: "Rows" = ()
    absent: str = UNTOLD.reason
    name: str = ""

    def of(self, record: object, whole: object) -> object:
        """What is found there; what is not known on the way stands for what lies beyond it."""
        if callable(self.get):
            return self.get(record, whole)
        for name in (self.get or self.key).split("."):
            if record is None or isinstance(record, Unknown):
                break
            record = getattr(record, name)
        return record


Rows = tuple[Row, ...]


def write(rows: Rows, record: object, whole: object, missing: Missing, path: str = "") -> Json:
    """A record as plain JSON, without NaN or infinity.

    Args:
        rows: The table.
        record: What its rows are of.
        whole: What the outermost rows are of.
        missing: Takes the reason of each null, by its key.
        path: Key of the record, with a dot; empty for the outermost.
    """
    return {row.key: _found(row.of(record, whole), row, whole, missing, path + row.key) for row in rows}


def _found(found: object, row: Row, whole: object, missing: Missing, path: str) -> Any:
    if found is None or isinstance(found, Unknown):
        missing.setdefault(path, found.reason if found is not None else row.absent)
        return None
    if not row.rows:
        return _plain(found, missing, path)
    if isinstance(found, tuple):
        return [write(row.rows, one, whole, missing, f"{path}.") for one in found]
    if isinstance(found, Mapping):
        return {key: _found(one, row, whole, missing, f"{path}.{key}") for key, one in found.items()}
    return write(row.rows, found, whole, missing, f"{path}.")


def _plain(found: object, missing: Missing, path: str) -> Any:
    """A value, or a record by the names of its fields."""
    if is_dataclass(found):
        rows = tuple(Row(field.name) for field in fields(found))
        return write(rows, found, None, missing, f"{path}.")
    if isinstance(found, float) and not math.isfinite(found):
        missing.setdefault(path, UNTOLD.reason)
        return None
    if isinstance(found, Level):
        return found.word
    if isinstance(found, date):
        return found.isoformat()
    return found.value if isinstance(found, Enum) else float(found) if isinstance(found, float) else found
