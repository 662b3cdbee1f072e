"""What follows from a level that was found: live and in a backtest alike."""

from enum import Enum

from bot.health.results import Level


class Step(Enum):
    """What follows from one check."""

    NOTHING = "nothing"
    NOTE = "write the level down, say nothing"
    POST = "write it down and tell"


def decide(found: Level, known: Level | None, *, basis_changed: bool, quiet: bool) -> Step:
    """What a check does about the level it found.

    Args:
        found: The level now.
        known: The last one written down; None before the first, which then counts as healthy.
        basis_changed: The figures rest on something else than last time, so a change says nothing of the team.
        quiet: The team snoozed alerts, or was already told something today.
    """
    if found is Level.UNKNOWN or found is known:
        return Step.NOTHING
    if basis_changed or (known is None and found is Level.HEALTHY):
        return Step.NOTE
    return Step.NOTHING if quiet else Step.POST
