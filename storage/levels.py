"""How a team stood, as it was told: one row a day and change, appended, never rewritten."""

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

from bot.health.results import Day, Ground, Level, Reference
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Row:
    """One level that was told.

    Attributes:
        at: Unix second of the check.
        level: The level.
        began: Unix second of the first day of that level without a break.
        grounds: What it rested on.
        calm: What it was held against; None where a newer version keeps other figures.
    """

    at: int
    level: Level
    began: int
    grounds: tuple[Ground, ...]
    calm: Reference | None


def note(db: Database, team: int, now: float, day: Day, *, today: float, began: float) -> None:
    """Write down how a team stands, unless its latest row of today says so.

    Args:
        db: The store.
        team: Its number.
        now: Unix seconds.
        day: The day as it is judged.
        today: Unix second at which it began, team time.
        began: Unix second of the first day of that level without a break.
    """
    with db.write() as connection:
        last = connection.execute(
            "select level from levels where team = ? and at >= ? order by at desc limit 1", (team, int(today))
        ).fetchone()
        if last is not None and last[0] == int(day.level):
            return
        connection.execute(
            "insert into levels values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            (
                team,
                int(now),
                int(day.level),
                int(began),
                " ".join(day.grounds),
                _json(asdict(day.evidence)),
                _json(asdict(day.calm)),
            ),
        )


def since(db: Database, team: int, start: float, end: float) -> list[Row]:
    """What was told from one Unix second up to, but without, another; oldest first."""
    rows = db.read(
        "select at, level, began, grounds, calm from levels where team = ? and at >= ? and at < ? order by at",
        (team, int(start), int(end)),
    )
    return [
        Row(at, Level(level), began, tuple(Ground(word) for word in grounds.split()), _reference(calm))
        for at, level, began, grounds, calm in rows
    ]


def _json(figures: dict[str, Any]) -> str:
    """Figures as JSON, which has no infinities."""
    return json.dumps({name: _finite(value) for name, value in figures.items()}, separators=(",", ":"))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return [_finite(one) for one in value] if isinstance(value, tuple) else value


def _reference(text: str) -> Reference | None:
    """A reference as it was kept; a figure that was not known is NaN again."""
    kept: dict[str, Any] = json.loads(text)
    if set(kept) != set(Reference.__dataclass_fields__):
        return None
    figures: dict[str, Any] = {name: math.nan if value is None else value for name, value in kept.items()}
    return Reference(**figures)
