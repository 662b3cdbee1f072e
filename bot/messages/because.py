"""Why a team stands as it does, as a clause: can it keep up, do people wait, and what is coming."""

from bot.health.results import Assessment, Ground, Level, Source, Tier
from bot.health.verdict.standing import DOWN
from bot.messages.numbers import count, known

_FULL = "more is asked than it can keep up with"
_WAIT = "people wait longer than they should"

_NOW = {
    (Level.DANGER, frozenset({Ground.LOAD, Ground.WAITS})): f"{_FULL}, and {_WAIT}",
    (Level.DANGER, frozenset({Ground.WAITS})): "people wait far longer than they should",
    (Level.WATCH, frozenset({Ground.LOAD, Ground.WAITS})): f"little room is left, and {_WAIT}",
    (Level.WATCH, frozenset({Ground.LOAD})): "little room is left for a busy week",
    (Level.WATCH, frozenset({Ground.WAITS})): _WAIT,
    (Level.WATCH, frozenset()): "it has left the danger zone, and is not calm for long enough yet",
}

_DRIFT = {
    "arrivals": "more requests arrive than in calm weeks",
    "service": "requests take longer than in calm weeks",
    "capacity": "fewer hours are there than in calm weeks",
    "reopen": "more comes back than in calm weeks",
    "chase": "more have to ask again than in calm weeks",
}
_DRIFTS = "it moves away from what is usual in calm weeks"
"""Also where fewer are seen at work, which is for the team alone: this is read by whom it shares its load with."""

_PILED = "so much waits that it takes everybody on duty a working week or more"
_SHRINKS = "what piled up is not worked off yet"


def because(a: Assessment) -> str:
    """Why it stands so; empty where nothing made a level."""
    if not a.source or a.level is Level.UNKNOWN:
        return ""
    if a.level is Level.HEALTHY:
        return _healthy(a)
    if a.source.better:
        ends = "this is over" if a.level is Level.WATCH else "the danger zone is left"
        return f"it has been better for {count(a.source.better, 'working day')}; after {DOWN[a.level]} {ends}"
    grounds = frozenset(a.source.grounds)
    if Ground.BACKLOG in grounds:
        return _backlog(a.source)
    if Ground.DRIFT in grounds and (drifts := _drifts(a.source)):
        return f"{drifts}, and {_WAIT}" if Ground.WAITS in grounds else drifts
    return _NOW.get((a.level, grounds - {Ground.DRIFT} or grounds), _DRIFTS)


def _drifts(source: Source) -> str:
    """What drifts, by name; empty where that may not be said, or nothing shows it."""
    return _DRIFT.get(source.shown.signal, "") if source.shown else ""


def _healthy(a: Assessment) -> str:
    longer = a.today and a.today.evidence.still
    if a.tier is Tier.REQUESTS:
        return "people are answered, though later than usual" if longer else "people are answered in good time"
    if longer:
        return "it keeps up, though people wait longer than usual"
    used, line = a.capacity.utilization, a.capacity.danger_line
    if used and known(used.value) and known(line) and used.value > line:
        return "it is full, and people wait no longer than usual"
    return "it keeps up, and people wait no longer than usual"


def _backlog(source: Source) -> str:
    pile = source.shown
    return _PILED if pile and known(pile.line) and pile.value >= pile.line else _SHRINKS
