"""Why a team stands as it does, as a clause: by what made its level, and only what its own figures bear out."""

from bot.health.level import DOUBTFUL, NEAR
from bot.health.results import Assessment, Evidence, Level, Source, Unknown, or_none
from bot.messages.numbers import known

_OVER, _CLOSE, _ROOM, _UNTOLD = "over", "close", "room", "untold"
"""Where utilization lies: over the danger line, less than .1 below it, further below; or not known."""

_REACHED = "its danger line is reached, and two sure weeks over it are danger"

_LOAD = {
    (Level.DANGER, _OVER): "it is so full that waits grow fast",
    (Level.WATCH, _OVER): _REACHED,
    (Level.WATCH, _CLOSE): "little room is left for a busy week",
    (Level.HEALTHY, _OVER): "its danger line is reached, but that may be chance",
    (Level.HEALTHY, _CLOSE): "little room is left, but that may be chance",
    (Level.HEALTHY, _ROOM): "it has room for a busy week",
    (Level.HEALTHY, _UNTOLD): "it had room when that could be told last",
}
_STANDING = {
    Level.DANGER: "it was over its danger line, and is not surely below it for two weeks yet",
    Level.WATCH: "it was close to its danger line, and is not surely away from it for two weeks yet",
}
"""Where the load that made the level is gone, and the level still stands."""

_DRIFT = {
    "arrivals": "more requests arrive than in its first weeks",
    "service": "requests take longer than in its first weeks",
    "capacity": "fewer hours are there than in its first weeks",
    "reopen": "more comes back than in its first weeks",
    "chase": "more have to ask again than in its first weeks",
}
_DRIFTS = "it moves away from what was usual in its first weeks"
"""Also where fewer are seen at work, which is for the team alone: this is read by whom it shares its load with."""

_PILED = "so much waits that it takes everybody on duty a working week or more"
_SHRINKS = "what piled up is not worked off yet"

_WAITS = {
    Level.DANGER: ("waits and open requests say so", "requests waited too long, and two calm weeks are still to come"),
    Level.WATCH: ("requests begin to wait", "requests had to wait, and two calm weeks are still to come"),
    Level.HEALTHY: ("requests are answered in good time", "requests are answered in good time"),
}
"""Now, and where what made the level is over."""


def because(a: Assessment) -> str:
    """Why it stands so; empty where nothing made a level."""
    if isinstance(a.source, Unknown) or a.level is Level.UNKNOWN:
        return ""
    return {
        Evidence.LOAD: _by_load,
        Evidence.BACKLOG: _by_backlog,
        Evidence.DRIFT: _by_drift,
        Evidence.WAITS: _by_waits,
    }[a.source.evidence](a, a.source)


def _by_load(a: Assessment, _: Source) -> str:
    return _LOAD.get((a.level, _where(a))) or _STANDING[a.level]


def _where(a: Assessment) -> str:
    used, line = a.capacity.utilization, a.capacity.danger_line
    if not used or not known(used.value) or not known(line):
        return _UNTOLD
    return _OVER if used.value > line else _CLOSE if used.value > line - NEAR else _ROOM


def _by_backlog(_: Assessment, source: Source) -> str:
    pile = source.shown
    return _PILED if pile and known(pile.line) and pile.value >= pile.line else _SHRINKS


def _by_drift(a: Assessment, source: Source) -> str:
    said = _DRIFT.get(source.shown.signal, _DRIFTS) if source.shown else _DRIFTS
    return f"{said}; {_REACHED}" if _where(a) == _OVER else said


def _by_waits(a: Assessment, _: Source) -> str:
    now, over = _WAITS[a.level]
    if not a.weeks:
        return now
    odds = or_none(a.weeks[-1].p_over if a.level is Level.DANGER else a.weeks[-1].p_near)
    return over if odds is not None and odds <= DOUBTFUL else now
