"""Asking whoever asked: after a live ✅, off the way of the ack; and the buttons of that question."""

import asyncio
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.messages.solved import LATEST_DAYS, again, closed, not_again, pressed, thanks
from bot.services.solved import ONE_IN, Draw, ask
from bot.services.work import Work
from handlers.parts import Parts
from storage import mutes, solved, teams, touches
from storage.teams import TeamRecord

log = logging.getLogger(__name__)

DAY = 86_400.0

MOST_WAITING = 20
"""Questions that are decided at one time; any more are not asked, which does no harm."""


class Asker:
    """Decides after a ✅ that is kept whether its requester is asked; what fails here is not asked, and that is all.

    Args:
        work: Parts for the jobs.
        draw: Chooses one in `ONE_IN`.
    """

    def __init__(self, work: Work, draw: Draw) -> None:
        self._work, self._draw = work, draw
        self._deciding: set[asyncio.Task[None]] = set()

    def __call__(self, event: Mapping[str, Any]) -> None:
        """Take up a reaction that means done; returns at once. Posts of apps have no `item_user`."""
        author, item = event.get("item_user"), event.get("item") or {}
        if not isinstance(author, str) or not author or len(self._deciding) >= MOST_WAITING:
            return
        if self._draw(ONE_IN) == 0:
            task = asyncio.get_running_loop().create_task(self._decide(item["channel"], item["ts"], author))
            self._deciding.add(task)
            task.add_done_callback(self._deciding.discard)

    async def idle(self) -> None:
        """Return once nothing is being decided."""
        while self._deciding:
            await asyncio.gather(*self._deciding)

    async def _decide(self, channel: str, ts: str, author: str) -> None:
        try:
            await asyncio.to_thread(ask, self._work, channel, ts, author)
        except Exception as error:  # whatever it is: nobody is waiting, and the fact itself is kept
            log.warning("whether to ask a requester could not be decided: %s", type(error).__name__)
            log.debug("asking a requester", exc_info=True)


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the buttons of the question."""

    async def answered(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message = await parts.run(answer, parts, body)
        await respond(**message.payload(), replace_original=True)

    app.action(re.compile(f"^{actions.SOLVED}_(yes|partly|no)$"))(answered)

    @app.action(actions.SOLVED_MUTE)
    async def muted(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message = await parts.run(mute, parts, body)
        await respond(**message.payload(), replace_original=True)


def answer(parts: Parts, body: Mapping[str, Any]) -> Message:
    """Count an answer, once; nothing of who pressed goes further than here."""
    try:
        said = pressed(str(body["actions"][0].get("value", "")))
    except BadInputError as strange:
        return problem(strange)
    record = _team(parts, said.team)
    if record is None or parts.clock() - _asked(body) > LATEST_DAYS * DAY:
        return closed()
    day = datetime.fromtimestamp(parts.clock(), ZoneInfo(record.team.tz)).date()
    touches.tap(parts.db, record.id, solved.KIND, day)
    first = solved.answer(parts.db, record.id, solved.CHOICES.index(said.choice), said.token, day)
    return thanks(said.choice) if first else again()


def mute(parts: Parts, body: Mapping[str, Any]) -> Message:
    """Ask this person no more."""
    mutes.mute(parts.db, parts.workspace, body["user"]["id"], solved.KIND)
    value = str(body["actions"][0].get("value", ""))
    record = _team(parts, int(value)) if value.isascii() and value.isdecimal() else None
    if record is not None:
        day = datetime.fromtimestamp(parts.clock(), ZoneInfo(record.team.tz)).date()
        touches.tap(parts.db, record.id, solved.KIND, day)
    return not_again()


def _team(parts: Parts, number: int) -> TeamRecord | None:
    record = teams.get(parts.db, number)
    return record if record is not None and record.workspace == parts.workspace else None


def _asked(body: Mapping[str, Any]) -> float:
    """Unix second at which the question was sent, by the message's own `ts`; 0 where Slack does not say."""
    ts = (body.get("container") or {}).get("message_ts") or (body.get("message") or {}).get("ts") or "0"
    try:
        return float(ts)
    except (TypeError, ValueError):
        return 0.0
