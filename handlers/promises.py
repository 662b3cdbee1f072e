"""«We'll do …» under an alert: one line and a day to look again. For responders and lead; no names."""

import contextlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadInputError
from bot.jobs import promises as jobs
from bot.messages import actions
from bot.messages.blocks import clean
from bot.messages.message import Block, Message
from bot.messages.problem import problem, problem_view
from bot.messages.promises import (
    GONE,
    LONGEST,
    LOOKED_AT,
    Place,
    mistakes,
    noted_view,
    promise_view,
    promised,
    unpacked,
)
from bot.outbox import BLOCKS_REFUSED
from bot.services.audience import team_day
from bot.slack import SlackError
from handlers import answering
from handlers.alerts import ONLY_INSIDERS, team_in, team_of
from handlers.parts import Parts
from handlers.roles import insider
from storage import due, promises, told, touches
from storage.teams import TeamRecord

WEEKS = 4
"""Until the day that is offered: by then there are enough weeks to compare."""

LATEST = timedelta(days=365)


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the button under an alert, and to its form."""

    @app.action(actions.PROMISE_OPEN)
    async def pressed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        await ack()
        await answering.answer(body, client, respond, await parts.run(opened, parts, body))

    @app.view(actions.PROMISE_VIEW)
    async def sent(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        answer = await parts.run(submitted, parts, body["user"]["id"], view)
        if "type" not in answer:
            await ack(response_action="errors", errors=answer)
            return
        await ack(response_action="update", view=answer)
        await parts.run(show, parts, view)


def opened(parts: Parts, body: Mapping[str, Any]) -> Block | Message:
    """The form, filled with what was promised before; or why there is none."""
    now = parts.clock()
    record = team_of(parts, team_in(body))
    if record is None or not insider(record, body["user"]["id"], now):
        return problem(ONLY_INSIDERS)
    number = body["actions"][0].get("value", "")
    if not number.isdecimal():
        return problem(GONE)
    today = team_day(record, now)
    touches.tap(parts.db, record.id, "alert", today)
    known = promises.get(parts.db, int(number))
    if known is not None and known.followed:
        return problem(LOOKED_AT)
    place = Place(int(number), record.id, body["channel"]["id"], body["message"]["ts"])
    offered = today + timedelta(weeks=WEEKS)
    return promise_view(place, words=known.words if known else "", review=known.review if known else offered)


def submitted(parts: Parts, user: str, view: Mapping[str, Any]) -> Block:
    """Write the promise down; sent twice, it is one.

    Returns:
        What the form becomes, or field → what is wrong with it.
    """
    now = parts.clock()
    found = _place(parts, view)
    if found is None or not insider(found[1], user, now):
        return problem_view(ONLY_INSIDERS)
    place, record = found
    words, review = _filled(view)
    today = team_day(record, now)
    wrong = mistakes(words, review, today, today + LATEST)
    if wrong or review is None:
        return wrong
    with parts.db.write():
        if not promises.put(parts.db, place.alert, record.id, clean(words, LONGEST), review):
            return problem_view(GONE if promises.get(parts.db, place.alert) is None else LOOKED_AT)
        for promise in promises.waiting(parts.db, record.id)[:1]:
            due.put(parts.db, "follow_up", record.id, jobs.opens(record, promise))
    return noted_view(review)


def show(parts: Parts, view: Mapping[str, Any]) -> None:
    """Say it under the alert; one that cannot be changed any more stays as it was."""
    found = _place(parts, view)
    known = None if found is None else promises.get(parts.db, found[0].alert)
    if found is None or known is None or known.followed or known.team != found[1].id:
        return
    place = found[0]
    posted = told.under(parts.db, known.team, place.ts)
    if posted is None or not posted[1].get("blocks"):
        return
    body = posted[1]
    message = promised(body["blocks"], body["text"], words=known.words, review=known.review)
    with contextlib.suppress(SlackError):
        try:
            parts.slack.update(place.channel, place.ts, message.payload())
        except SlackError as refused:
            if refused.error in BLOCKS_REFUSED:
                parts.slack.update(place.channel, place.ts, message.payload(plain=True))


def _place(parts: Parts, view: Mapping[str, Any]) -> tuple[Place, TeamRecord] | None:
    """Which alert a form is about, and its team, if that is one of this workspace."""
    try:
        place = unpacked(view.get("private_metadata", ""))
    except BadInputError:
        return None
    record = team_of(parts, str(place.team))
    return None if record is None else (place, record)


def _filled(view: Mapping[str, Any]) -> tuple[str, date | None]:
    values = view["state"]["values"]
    words = values[actions.PROMISE_WORDS][actions.PROMISE_WORDS].get("value") or ""
    day = values[actions.PROMISE_REVIEW][actions.PROMISE_REVIEW].get("selected_date")
    try:
        return words, date.fromisoformat(day or "")
    except ValueError:
        return words, None
