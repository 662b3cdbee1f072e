"""Why a team stands as it does, in a sentence: an example of each thing that can make a level, at each level."""

from collections.abc import Iterator
from dataclasses import replace

from bot.health.results import UNTOLD, Effect, Estimate, Ground, Level
from bot.messages.alerts import alert
from bot.messages.load import load_view
from bot.messages.words import verdict
from tests.messages.examples import advised, better, buried, busy, calm, drifting, on, standing
from tests.messages.said import Said, said

TEAM = "Deal desk"


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "Why a team stands so", list(_verdicts())


def _verdicts() -> Iterator[Said]:
    yield said("danger, by load", verdict, busy(), TEAM)
    yield said("danger, better for four days", verdict, better(busy()), TEAM)
    nothing = Effect("pause_intake", 0.1, 0.008, Estimate(0.006, 0.0, 0.03))
    idle = advised(buried(), nothing)
    yield said("danger, as so much waits; the alert", alert, idle, "Help desk", team_id=3, alert_id=41)
    yield said("the same; `/headroom`", load_view, idle, "Help desk", team_id=3)
    yield said("danger, as what waited is worked off", verdict, buried(31), "Help desk")
    yield said("danger, of a team of two", verdict, busy(people=2), TEAM)
    yield said("danger, of a team of two that answers again", verdict, better(busy(people=2), 1), TEAM)
    yield said("watch, by load and waits", verdict, busy(Level.WATCH), TEAM)
    yield said("watch, by load", verdict, on(busy(Level.WATCH), Ground.LOAD), TEAM)
    yield said("watch, by waits", verdict, on(busy(Level.WATCH), Ground.WAITS), TEAM)
    yield said("watch, just out of danger", verdict, on(busy(Level.WATCH)), TEAM)
    yield said("watch, better for eight days", verdict, better(busy(Level.WATCH), 8), TEAM)
    yield said("watch, by drift; the alert", alert, drifting(), TEAM, team_id=3, alert_id=41)
    for signal, what in (
        ("service", "requests take longer"),
        ("capacity", "fewer hours"),
        ("reopen", "more comes back"),
        ("chase", "more is asked again"),
        ("active", "fewer are seen at work"),
    ):
        yield said(f"watch, by drift: {what}", verdict, drifting(signal), TEAM)
    yield said("watch, of a team of two", verdict, busy(Level.WATCH, people=2), TEAM)
    yield said("watch, of a team of two that answers again", verdict, better(busy(Level.WATCH, people=2)), TEAM)
    yield said("room", verdict, calm(), TEAM)
    yield said("room, and over the danger line", verdict, standing(calm(), 0.86), TEAM)
    unseen = replace(calm(), capacity=replace(calm().capacity, utilization=UNTOLD))
    yield said("room, while the load of now cannot be told", verdict, unseen, TEAM)
    yield said("room, of a team of two", verdict, calm(people=2), TEAM)
