"""«We'll do …» under an alert: one line and a day to look again. For responders and lead; no names."""

import contextlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.jobs import promises as jobs
from bot.messages import actions
from bot.messages.blocks import clean
from bot.messages.message import Block, Message
from bot.messages.problem import problem
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
from handlers.alerts import by_alert
from handlers.answers import Then, Wrong
from handlers.parts import Parts
from handlers.rows import Button, Call, Form, Row, number
from storage import due, promises, told

WEEKS = 4
"""Until the day that is offered: by then there are enough weeks to compare."""

LATEST = timedelta(days=365)


def by_place(_parts: Parts, body: Mapping[str, Any]) -> int:
    """The team whose alert a form is about.

    Raises:
        BadInputError: The form is none of ours.
    """
    return unpacked(str(body["view"].get("private_metadata", ""))).team


def opened(call: Call) -> Block | Message:
    """The form, filled with what was promised before; or why there is none."""
    alert = number(call.value)
    if alert is None:
        return problem(GONE)
    known = promises.get(call.parts.db, alert)
    if known is not None and known.followed:
        return problem(LOOKED_AT)
    place = Place(alert, call.record.id, call.channel, call.body["message"]["ts"])
    offered = team_day(call.record, call.now) + timedelta(weeks=WEEKS)
    return promise_view(place, words=known.words if known else "", review=known.review if known else offered)


def submitted(call: Call) -> Then | Wrong | Message:
    """Write the promise down, then say it under the alert; sent twice, it is one."""
    db, record, place = call.parts.db, call.record, unpacked(call.value)
    words, review = _filled(call)
    today = team_day(record, call.now)
    wrong = mistakes(words, review, today, today + LATEST)
    if wrong or review is None:
        return Wrong(wrong)
    with db.write():
        if not promises.put(db, place.alert, record.id, clean(words, LONGEST), review):
            return problem(GONE if promises.get(db, place.alert) is None else LOOKED_AT)
        for promise in promises.waiting(db, record.id)[:1]:
            due.put(db, "follow_up", record.id, jobs.opens(record, promise))
    return Then(noted_view(review), lambda: _show(call.parts, place))


ROWS: tuple[Row, ...] = (
    Button(actions.PROMISE_OPEN, opened, team=by_alert),
    Form(actions.PROMISE_VIEW, submitted, team=by_place),
)


def _show(parts: Parts, place: Place) -> None:
    """Say it under the alert; one that cannot be changed any more stays as it was."""
    known = promises.get(parts.db, place.alert)
    if known is None or known.followed:
        return
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


def _filled(call: Call) -> tuple[str, date | None]:
    words = call.values[actions.PROMISE_WORDS][actions.PROMISE_WORDS].get("value") or ""
    day = call.values[actions.PROMISE_REVIEW][actions.PROMISE_REVIEW].get("selected_date")
    try:
        return words, date.fromisoformat(day or "")
    except ValueError:
        return words, None
