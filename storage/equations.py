"""What efficiency means to a team: which outcome counts, and what an hour costs, as its lead said."""

from dataclasses import dataclass

from bot.presets import PRESETS
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Equation:
    """A team's efficiency equation.

    Attributes:
        outcome: A key of `bot.health.efficiency.OUTCOMES`.
        hourly_cost: Of a person-hour, in `currency`; None: not given.
        currency: As it was typed, such as `EUR`; may be empty.
    """

    outcome: str
    hourly_cost: float | None = None
    currency: str = ""


_BY_PRESET = {preset.key: preset.outcome for preset in PRESETS}


def get(db: Database, team: int) -> Equation:
    """A team's equation; while nobody has changed it, the one of its preset, without a cost."""
    row = db.read("select outcome, hourly_cost, currency from equations where team = ?", (int(team),)).fetchone()
    if row is not None:
        return Equation(*row)
    kind = db.read("select preset from teams where id = ?", (int(team),)).fetchone()
    return Equation(_BY_PRESET.get("" if kind is None else kind[0], "done_not_reopened"))


def put(db: Database, team: int, equation: Equation) -> None:
    """Keep a team's equation, in place of the one before."""
    with db.write() as connection:
        connection.execute(
            "insert or replace into equations (team, outcome, hourly_cost, currency) values (?, ?, ?, ?)",
            (int(team), equation.outcome, equation.hourly_cost, equation.currency),
        )
