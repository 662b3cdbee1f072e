"""The buttons under an alert: seen, quiet for a while, the numbers. For responders and lead; no names."""

from collections.abc import Mapping
from typing import Any

from bot.messages import actions
from bot.messages.alerts import acknowledged, snoozed
from bot.messages.load import load_view
from bot.messages.message import Message
from bot.services.assessing import assess_team
from handlers.answers import Instead
from handlers.parts import Parts
from handlers.rows import Button, Call, Row, number
from storage import alerts

DAY = 86_400.0
SNOOZE_DAYS = {actions.SNOOZE_DAY: 1, actions.SNOOZE_WEEK: 7}


def by_alert(_parts: Parts, body: Mapping[str, Any]) -> int | None:
    """The team an alert is about: its number stands in the alert's own button for the numbers."""
    for block in body["message"].get("blocks", ()):
        for element in block.get("elements", ()):
            if element.get("action_id") == actions.SEE_NUMBERS:
                return number(str(element["value"]))
    return None


def answer(call: Call) -> Instead:
    """Take a press on an alert's button; a second one changes nothing."""
    shown, days = call.body["message"], SNOOZE_DAYS.get(call.action)
    alerts.acknowledge(call.parts.db, int(call.value), call.record.id, call.now)
    blocks, text = shown.get("blocks", ()), shown.get("text", "")
    if days is None:
        return Instead(acknowledged(blocks, text))
    until = call.now + days * DAY
    alerts.snooze(call.parts.db, call.record.id, until)
    return Instead(snoozed(blocks, text, until=until, tz=call.record.team.tz))


def see_numbers(call: Call) -> Message:
    """How the team stands."""
    found = assess_team(call.parts.db, call.record, call.now)
    return load_view(found, call.record.team.name, team_id=call.record.id, queues=call.record.channels)


ROWS: tuple[Row, ...] = (
    *(Button(action, answer, team=by_alert) for action in (actions.ACKNOWLEDGE, *SNOOZE_DAYS)),
    Button(actions.SEE_NUMBERS, see_numbers),
)
