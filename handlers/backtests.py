"""`/headroom backtest` and `/headroom alerts`: what would have been said, and how early to be warned.

Looking back takes seconds, so it is said at once how far is looked, and the answer follows at the same `response_url`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.health.drift import Alerting
from bot.health.results import Unknown
from bot.messages import actions, alerting
from bot.messages.backtest import BUSY, FOR_THE_TEAM, backtest_message, looking, not_weeks, too_early
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.report import lookback
from bot.services.audience import team_day
from handlers.asked import Asked, Route
from handlers.parts import Parts
from handlers.roles import insider, team_of_channel, teams_of
from storage import alertings, teams, touches
from storage.teams import TeamRecord

Tell = Callable[[Message], Awaitable[None]]


class Backtests:
    """Looks back for whoever may see a team's load, one look at a time.

    Args:
        parts: What listeners may use.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._one = asyncio.Lock()
        self._asking: set[tuple[int, str]] = set()

    def routes(self) -> dict[str, Route]:
        """The words `backtest` and `alerts`."""
        return {"backtest": self._backtest, "alerts": self._alerts}

    def register(self, app: AsyncApp) -> None:
        """Listen to the button under the first report."""

        async def pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()

            async def tell(message: Message) -> None:
                await respond(**message.payload(), response_type="ephemeral", replace_original=False)

            record = await self._parts.run(offered, self._parts, body)
            await self._look(record, body["user"]["id"], lookback.USUALLY, tell)

        app.action(actions.BACKTEST)(pressed)

    async def _backtest(self, asked: Asked) -> None:
        record = await self._parts.run(own_team, self._parts, asked.user, asked.channel, "backtest", FOR_THE_TEAM)
        weeks = weeks_in(asked.rest)
        if isinstance(record, TeamRecord) and weeks is None:
            await asked.tell(not_weeks(asked.rest, lookback.LEAST, lookback.MOST))
        else:
            await self._look(record, asked.user, weeks or lookback.USUALLY, asked.tell)

    async def _look(self, record: TeamRecord | Message, user: str, weeks: int, tell: Tell) -> None:
        parts = self._parts
        if isinstance(record, Message):
            await tell(record)
            return
        span = await parts.run(lookback.span, parts.db, record, parts.clock(), weeks)
        if isinstance(span, Unknown):
            await tell(too_early(span.reason))
            return

        def look() -> Message:
            now = parts.clock()
            found = lookback.look_back(parts.db, record, now, span)
            choosable = not lookback.by_requests(record, now)
            return backtest_message(
                found,
                record.team.name,
                weeks=span.weeks,
                learning=span.learning,
                lead=user == record.lead,
                choosable=choosable,
            )

        await self._work((record.id, user), looking(span.weeks), look, tell)

    async def _alerts(self, asked: Asked) -> None:
        parts = self._parts
        made = await parts.run(alerts_here, parts, asked.user, asked.channel, asked.rest.lower())
        if isinstance(made, Message):
            await asked.tell(made)
            return
        record, span, said = made
        if isinstance(span, Unknown):
            await asked.tell(said)
            return

        def look() -> Message:
            times = lookback.preview(parts.db, record, parts.clock(), span)
            chosen = alertings.get(parts.db, record.id)
            lead = asked.user == record.lead
            return alerting.preview_message(record.team.name, chosen, times, span.weeks, lead=lead)

        await self._work((record.id, asked.user), said, look, asked.tell)

    async def _work(self, key: tuple[int, str], first: Message, look: Callable[[], Message], tell: Tell) -> None:
        """Say at once that it is looked, then what was found; who asks twice is answered once."""
        if key in self._asking:
            await tell(problem(BUSY))
            return
        self._asking.add(key)
        try:
            await tell(first)
            async with self._one:
                found = await self._parts.run(look)
            await tell(found)
        finally:
            self._asking.discard(key)


# -- plain functions, called in a thread ------------------------------------------------------


def own_team(parts: Parts, user: str, channel: str, word: str, others: str) -> TeamRecord | Message:
    """The team a command is about, or why there is none; `others` is said to whoever is not of the team."""
    record = team_of_channel(parts, channel)
    if record is not None and insider(record, user, parts.clock()):
        return record
    mine = teams_of(parts, user) if record is None else []
    if len(mine) > 1:
        names = " and ".join(one.team.name for one in mine[:4])
        return problem(f"You answer for {names}: type /headroom {word} in the channel of the team you mean.")
    return mine[0] if mine else problem(others)


def offered(parts: Parts, body: Mapping[str, Any]) -> TeamRecord | Message:
    """The team that the button names, for its own people; the tap is counted, never whose."""
    number = body["actions"][0].get("value", "")
    record = teams.get(parts.db, int(number)) if number.isdecimal() else None
    if record is None or record.workspace != parts.workspace:
        return problem(FOR_THE_TEAM)
    if not insider(record, body["user"]["id"], parts.clock()):
        return problem(FOR_THE_TEAM)
    touches.tap(parts.db, record.id, "report", team_day(record, parts.clock()))
    return record


def weeks_in(typed: str) -> int | None:
    """How many weeks were asked for, as many as there is history for where nothing was said; None: not understood."""
    if not typed:
        return lookback.USUALLY
    number = typed.lower().removesuffix("weeks").strip()
    weeks = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    return weeks if lookback.LEAST <= weeks <= lookback.MOST else None


def alerts_here(
    parts: Parts, user: str, channel: str, typed: str
) -> Message | tuple[TeamRecord, lookback.Span | Unknown, Message]:
    """Take a choice, or say what is set: the team, the days to look at for the preview, and what is said at once."""
    record = own_team(parts, user, channel, "alerts", alerting.FOR_THE_TEAM)
    if isinstance(record, Message):
        return record
    now = parts.clock()
    if lookback.by_requests(record, now):
        return problem(alerting.NO_CHOICE)
    if typed and typed not in tuple(Alerting):
        return alerting.not_a_choice(typed)
    if typed and user != record.lead:
        return problem(alerting.FOR_THE_LEAD)
    span = lookback.span(parts.db, record, now)
    weeks = span.weeks if span else None
    name = record.team.name
    if typed:
        level = lookback.choose(parts.db, record, Alerting(typed), now)
        return record, span, alerting.set_message(name, Alerting(typed), level, weeks)
    chosen = alertings.get(parts.db, record.id)
    return record, span, alerting.shown_message(name, chosen, weeks, lead=user == record.lead)
