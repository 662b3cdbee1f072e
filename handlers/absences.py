"""`/headroom away`: days that somebody is away, noted by themselves; no reason is asked or kept."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadInputError, StorageError
from bot.health.seen.worktime import time_zone
from bot.messages import actions
from bot.messages.absences import HALF, NO_TEAM, THERE, away_view, cancelled, done_view, listed, noted
from bot.messages.message import Block, Message
from bot.messages.problem import problem, problem_view
from handlers.asked import Asked, Route
from handlers.away_words import AHEAD, LAST_DAY, LOOK_BACK, read_days, spread
from handlers.parts import Parts
from handlers.setup_form import typed
from storage import absences, teams
from storage.teams import TeamRecord

CANCEL = frozenset({"cancel", "remove", "delete", "undo"})
ALL = frozenset({"all", "everything"})
WHICH = "Say which days: for example /headroom away cancel 3-5 Dec, or /headroom away cancel all."


def routes(parts: Parts) -> dict[str, Route]:
    """The word of this feature."""

    async def away(asked: Asked) -> None:
        if asked.rest:
            await asked.tell(await parts.run(answer, parts, asked.user, asked.rest))
            return
        view = await parts.run(form, parts, asked.user)
        if isinstance(view, Message):
            await asked.tell(view)
        else:
            await asked.client.views_open(trigger_id=asked.trigger, view=view)

    return {"away": away}


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the buttons that open the form, and to the form."""

    @app.action(actions.AWAY_OPEN)
    async def opened(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = await parts.run(form, parts, body["user"]["id"])
        shown = problem_view(NO_TEAM) if isinstance(view, Message) else view
        await client.views_open(trigger_id=body["trigger_id"], view=shown)

    @app.view(actions.AWAY_VIEW)
    async def submitted(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        try:
            said = await parts.run(save, parts, body["user"]["id"], view["state"]["values"])
        except (BadInputError, StorageError) as error:
            ends = isinstance(error, BadInputError) and error.field == LAST_DAY
            field = actions.AWAY_UNTIL if ends else actions.AWAY_FROM
            await ack(response_action="errors", errors={field: str(error)})
            return
        await ack(response_action="update", view=done_view(said))


def answer(parts: Parts, user: str, text: str) -> Message:
    """Note, take back or list the days in a line; one sentence where that cannot be done."""
    mine, today = own_teams(parts, user)
    if not mine:
        return problem(NO_TEAM)
    first, _, rest = text.strip().partition(" ")
    verb = first.lower()
    try:
        if verb == "list" and not rest.strip():
            return listed(_noted(parts, mine, user, today), _names(mine), today)
        if verb in CANCEL:
            if not rest.strip():
                return problem(WHICH)
            return _cancel(parts, mine, user, rest.strip(), today)
        return _note(parts, mine, user, read_days(text, today), today)
    except BadInputError as error:
        return problem(error)


def form(parts: Parts, user: str) -> Block | Message:
    """The form for this person, or why there is none."""
    mine, today = own_teams(parts, user)
    return away_view(_noted(parts, mine, user, today), _names(mine), today) if mine else problem(NO_TEAM)


def save(parts: Parts, user: str, values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Message:
    """Do what a submitted form says; done again, it changes nothing.

    Raises:
        BadInputError: The last day comes first, or a day is too far away.
    """
    mine, today = own_teams(parts, user)
    if not mine:
        return problem(NO_TEAM)
    first, last, how = picked(values, actions.AWAY_FROM, actions.AWAY_UNTIL, today)
    part = absences.HALF if how == HALF else absences.WHOLE
    days = spread(first, last, (part, part, part), today)
    if how == THERE:
        gone = absences.cancel(parts.db, [record.id for record in mine], user, days)
        parts.wake()
        return cancelled(dict.fromkeys(gone, absences.WHOLE), _names(mine), today)
    return _note(parts, mine, user, days, today)


def picked(
    values: Mapping[str, Mapping[str, Mapping[str, Any]]], first_field: str, last_field: str, today: date
) -> tuple[date, date, str | None]:
    """First and last day of a form (the last is the first where it is empty), and how much of them."""

    def day(field: str) -> date | None:
        found = typed(values.get(field, {}).get(field, {}))
        return date.fromisoformat(found) if found else None

    first = day(first_field) or today
    return first, day(last_field) or first, typed(values.get(actions.AWAY_HOW, {}).get(actions.AWAY_HOW, {}))


def own_teams(parts: Parts, user: str) -> tuple[list[TeamRecord], date]:
    """The teams whose roster has this person now, lately or soon, and the day it is where they are.

    Their time zone is that on the roster, by which capacity counts their days, else the first team's: somebody
    in no time zone is where their team is.
    """
    now = parts.clock()
    mine: list[TeamRecord] = []
    today = None
    for record in teams.all(parts.db):
        if record.workspace != parts.workspace:
            continue
        here = datetime.fromtimestamp(now, time_zone(record.team.tz)).date()
        own = [p for p in record.team.people if p.id == user and _near(p.until, here)]
        if own:
            mine.append(record)
            zone = next((p.tz for p in own if p.tz), record.team.tz)
            today = today or datetime.fromtimestamp(now, time_zone(zone)).date()
    return mine, today or datetime.fromtimestamp(now, UTC).date()


def _near(until: date | None, today: date) -> bool:
    return until is None or until >= today - timedelta(days=LOOK_BACK)


def _names(mine: list[TeamRecord]) -> list[str]:
    return [record.team.name for record in mine]


def _noted(parts: Parts, mine: list[TeamRecord], user: str, today: date) -> dict[date, float]:
    return absences.of_person(parts.db, [record.id for record in mine], user, today)


def _note(parts: Parts, mine: list[TeamRecord], user: str, days: Mapping[date, float], today: date) -> Message:
    absences.put(parts.db, [record.id for record in mine], user, days)
    parts.wake()
    return noted(days, _names(mine), today)


def _cancel(parts: Parts, mine: list[TeamRecord], user: str, text: str, today: date) -> Message:
    everything = text.lower() in ALL
    ahead = [today + timedelta(days=n) for n in range(AHEAD + 1)]
    days = ahead if everything else list(read_days(text, today))
    gone = absences.cancel(parts.db, [record.id for record in mine], user, days)
    parts.wake()
    return cancelled(dict.fromkeys(gone, absences.WHOLE), _names(mine), today)
