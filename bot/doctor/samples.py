"""One of each message and view, about an invented desk, to be held against Slack's rules. Nothing real is sent."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.health.results import (
    Assessment,
    Basis,
    Capacity,
    Estimate,
    Flow,
    Ground,
    Level,
    Quality,
    Rate,
    Reason,
    Remedy,
    Resilience,
    Source,
    Spread,
    Utilization,
    Week,
)
from bot.messages.alerts import alert, all_clear
from bot.messages.announcement import announcement, hint
from bot.messages.help import Command, Role, help_message
from bot.messages.load import load_view
from bot.messages.message import Message
from bot.messages.report import first_report
from bot.messages.setup import SetupDraft, setup_view
from bot.messages.trust import trust_view
from bot.messages.waiting import waiting_view

TEAM, QUEUE = "Example desk", "C0EXAMPLE"
_MONDAY = date(2026, 3, 2)


def messages() -> Mapping[str, Message]:
    """Messages by name; those with a chart also without it, as they are sent where Slack refuses charts."""
    busy = _busy()
    made = {
        "hint": hint(QUEUE),
        "announcement": announcement(TEAM, history_days=90),
        "first report": first_report(busy, TEAM, team_id=1, history_days=90),
        "warning": alert(busy, TEAM, team_id=1, alert_id=1),
        "all-clear": all_clear(busy, TEAM, team_id=1, before=Level.DANGER),
        "load": load_view(busy, TEAM, team_id=1),
        "waits": waiting_view(busy, waiting=7, yours=True),
        "help": help_message(Role.LEAD, [Command("setup", {Role.LEAD: "change the team: people, hours, channels."})]),
    }
    plain = {f"{name}, plain": Message(m.text, m.fallback) for name, m in made.items() if m.fallback is not None}
    return {**made, **plain}


def views() -> Mapping[str, Mapping[str, Any]]:
    """Modal views by name."""
    draft = SetupDraft(queue=QUEUE, name=TEAM, responders=("U0EXAMPLE",), lead="U0EXAMPLE")
    return {
        "set-up": setup_view(draft),
        "set-up, more": setup_view(draft, more=True),
        "set-up, emoji": setup_view(draft, emoji=True),
        "trust": trust_view(on_roster=True, history_days=90),
    }


def broken() -> Mapping[str, list[dict[str, Any]]]:
    """Blocks that Slack refuses, by what is wrong with them."""
    button = {"type": "button", "text": {"type": "plain_text", "text": "Press"}}
    return {
        "unknown block": [{"type": "nonsense"}],
        "empty section": [{"type": "section"}],
        "long header": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        "26 buttons": [{"type": "actions", "elements": [{**button, "action_id": f"b{n}"} for n in range(26)]}],
    }


def _busy() -> Assessment:
    return Assessment(
        as_of=1_780_000_000.0,
        window_days=28,
        level=Level.DANGER,
        since=date(2026, 5, 4),
        reasons=(
            Reason("utilization", 0.91, 0.84, "share", Level.DANGER),
            Reason("wait", 5.5, 4.0, "hours", Level.DANGER),
        ),
        flow=Flow(52, 47.5, 42, Spread(5.5, 14.2, 6.1, 208), Spread(8, 30, 11, 190), 1.3, 1.1, 1.25, 0.28),
        capacity=Capacity(6, 190, Utilization(0.91, 0.84, 0.98, Basis.CLAIMS, Estimate(0.9, 0.8, 1.0)), 0.84, 0.93, 6),
        resilience=Resilience(Estimate(17, -4, 38), -0.06, -1.2, 9.0),
        weeks=tuple(_week(n) for n in range(16)),
        quality=Quality(reopen=Rate(0.12, 0.08, 0.17, 180), chase=Rate(0.22, 0.17, 0.28, 208)),
        remedies=(Remedy("add_cover"),),
        source=Source((Ground.LOAD, Ground.WAITS)),
    )


def _week(n: int) -> Week:
    seen = 0.6 + n / 50
    load = Estimate(seen, seen - 0.08, seen + 0.07)
    return Week(_MONDAY + timedelta(weeks=n), 40 + n, 38, 190.0, 1.5 + n / 4, load, 0.84, 0.9, Level.DANGER)
