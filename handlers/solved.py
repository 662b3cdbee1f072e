"""Asking whoever asked: after a live ✅, off the way of the ack; and the buttons of that question."""

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import Any

from bot.messages import actions
from bot.messages.solved import LATEST_DAYS, again, closed, not_again, pressed, thanks
from bot.services.audience import team_day
from bot.services.solved import ONE_IN, Draw, ask
from bot.services.work import Work
from handlers.answers import Instead
from handlers.rows import Button, Call, May, Row, number
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


def answer(call: Call) -> Instead:
    """Count an answer, once; nothing of who pressed goes further than here."""
    said = pressed(call.value)
    record = _team(call, said.team)
    if record is None or call.now - _asked(call.body) > LATEST_DAYS * DAY:
        return Instead(closed())
    _tapped(call, record)
    choice, day = solved.CHOICES.index(said.choice), team_day(record, call.now)
    first = solved.answer(call.parts.db, record.id, choice, said.token, day)
    return Instead(thanks(said.choice) if first else again())


def mute(call: Call) -> Instead:
    """Ask this person no more."""
    mutes.mute(call.parts.db, call.parts.workspace, call.user, solved.KIND)
    record = _team(call, number(call.value))
    if record is not None:
        _tapped(call, record)
    return Instead(not_again())


ROWS: tuple[Row, ...] = (
    Button(re.compile(f"^{actions.SOLVED}_(yes|partly|no)$"), answer, May.PERSON),
    Button(actions.SOLVED_MUTE, mute, May.PERSON),
)
"""For whoever was asked, who is none of the team's people: they learn nothing of it."""


def _team(call: Call, team: int | None) -> TeamRecord | None:
    """The team that is answered about; None where it is gone, which changes nothing for whoever answers."""
    record = None if team is None else teams.get(call.parts.db, team)
    return record if record is not None and record.workspace == call.parts.workspace else None


def _tapped(call: Call, record: TeamRecord) -> None:
    touches.tap(call.parts.db, record.id, solved.KIND, team_day(record, call.now))


def _asked(body: Mapping[str, Any]) -> float:
    """Unix second at which the question was sent, by the message's own `ts`; 0 where Slack does not say."""
    ts = (body.get("container") or {}).get("message_ts") or (body.get("message") or {}).get("ts") or "0"
    try:
        return float(ts)
    except (TypeError, ValueError):
        return 0.0
