"""The buttons under an alert: seen, quiet for a while, the numbers. For responders and lead; no names."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.jobs.check import channels
from bot.messages import actions
from bot.messages.alerts import acknowledged, snoozed
from bot.messages.load import load_view
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.services.assessing import assess_team
from bot.services.audience import team_day
from handlers.parts import Parts
from handlers.roles import insider
from storage import alerts, teams, told, touches
from storage.teams import TeamRecord

DAY = 86_400.0
SNOOZE_DAYS = {actions.SNOOZE_DAY: 1, actions.SNOOZE_WEEK: 7}
ONLY_INSIDERS = "Only the people who answer this team's requests, and their lead, can do this; thank you for caring."


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the buttons of an alert."""

    async def answered(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message, replaces = await parts.run(answer, parts, body)
        await respond(**message.payload(), replace_original=replaces)

    for action in (actions.ACKNOWLEDGE, *SNOOZE_DAYS):
        app.action(action)(answered)

    @app.action(actions.SEE_NUMBERS)
    async def numbers(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message = await parts.run(see_numbers, parts, body)
        await respond(**message.payload(), response_type="ephemeral", replace_original=False)


def answer(parts: Parts, body: Mapping[str, Any]) -> tuple[Message, bool]:
    """Take a click on an alert's button; a second click changes nothing.

    Returns:
        What to say, and whether it takes the alert's place (otherwise only the person sees it).
    """
    now = parts.clock()
    record = team_of(parts, team_in(body))
    if record is None or not insider(record, body["user"]["id"], now):
        return problem(ONLY_INSIDERS), False
    clicked, shown = body["actions"][0], body["message"]
    days = SNOOZE_DAYS.get(clicked["action_id"])
    touches.tap(parts.db, record.id, "alert", team_day(record, now))
    alerts.acknowledge(parts.db, int(clicked["value"]), record.id, now)
    if days is None:
        return acknowledged(shown.get("blocks", ()), shown.get("text", "")), True
    until = now + days * DAY
    alerts.snooze(parts.db, record.id, until)
    return snoozed(shown.get("blocks", ()), shown.get("text", ""), until=until, tz=record.team.tz), True


def see_numbers(parts: Parts, body: Mapping[str, Any]) -> Message:
    """The load view, for those who may see it."""
    now = parts.clock()
    record = team_of(parts, body["actions"][0].get("value", ""))
    if record is None or not insider(record, body["user"]["id"], now):
        return problem(ONLY_INSIDERS)
    posted = told.under(parts.db, record.id, body.get("message", {}).get("ts", ""))
    if posted is not None:  # what only the person sees, in answer to a command, was asked for
        touches.tap(parts.db, record.id, posted[0], team_day(record, now))
    found = assess_team(parts.db, record, now)
    return load_view(found, record.team.name, team_id=record.id, queues=channels(record))


def team_in(body: Mapping[str, Any]) -> str:
    """The team an alert is about: its number stands in the alert's own button for the numbers."""
    for block in body["message"].get("blocks", ()):
        for element in block.get("elements", ()):
            if element.get("action_id") == actions.SEE_NUMBERS:
                return str(element["value"])
    return ""


def team_of(parts: Parts, number: str) -> TeamRecord | None:
    """The team that a button names, if it is one of this workspace."""
    record = teams.get(parts.db, int(number)) if number.isdecimal() else None
    return record if record is not None and record.workspace == parts.workspace else None
