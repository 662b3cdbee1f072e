"""`/headroom digest …` and the form of settings: what a team is told and asked, and how often. The lead decides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadInputError
from bot.health.seen.capacity import headcount
from bot.health.seen.worktime import parse_hours
from bot.jobs.digest import compose, next_digest
from bot.messages import actions
from bot.messages.digest import ASKED_FROM, digest
from bot.messages.message import Block, Message
from bot.messages.problem import problem, problem_view
from bot.messages.rhythm import ASKING, DAYS, SWITCHES, rhythm_view, saved_view, standing
from bot.team import Team
from handlers.alerts import ONLY_INSIDERS
from handlers.answering import answer
from handlers.asked import Asked, Route
from handlers.digests import GONE, change, team_of
from handlers.parts import Parts
from handlers.roles import insider, team_of_channel, teams_of
from storage import rhythms
from storage.rhythms import DIGEST, PULSE, Rhythm
from storage.teams import TeamRecord

ONLY_LEAD = "Only the team's lead can change what the team is told and asked."
NO_TEAM = "This channel belongs to no team. Type /headroom digest in a channel where requests arrive."
SEVERAL = "You answer for several teams: type /headroom digest in the channel of the one you mean."
NOT_HEARD = "Nothing is read yet for this team, so there is nothing to tell."
_TIME = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)")
_SPELT = {"week": "weekly", "month": "monthly", "never": "off", "stop": "off"}


def routes(parts: Parts) -> dict[str, Route]:
    """The word `digest`."""

    async def route(asked: Asked) -> None:
        await asked.tell(await parts.run(told, parts, asked.user, asked.channel, asked.rest))

    return {"digest": route}


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the button that opens the form, and to the form."""

    @app.action(actions.RHYTHM_OPEN)
    async def pressed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        await ack()
        number = body["actions"][0].get("value", "")
        view = await parts.run(opened, parts, body["user"]["id"], number)
        await answer(body, client, respond, problem(view) if isinstance(view, str) else view)

    @app.view(actions.RHYTHM_VIEW)
    async def submitted(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        done = await parts.run(sent, parts, body["user"]["id"], view)
        if done.wrong:
            await ack(response_action="errors", errors=done.wrong)
        else:
            await ack(response_action="update", view=done.view)


def told(parts: Parts, user: str, channel: str, rest: str) -> Message:
    """`/headroom digest`: how it stands, `now`, or a wish."""
    record, now = _team(parts, user, channel), parts.clock()
    if isinstance(record, str):
        return problem(record)
    if rest.lower() == "now":
        return problem(NOT_HEARD) if record.announced is None else digest(compose(parts.db, record, now))
    if not rest:
        return _standing(parts, record, now)
    if user != record.lead:
        return problem(ONLY_LEAD)
    try:
        return change(parts, record, wish(rest, rhythms.get(parts.db, record.id), record.team))
    except BadInputError as wrong:
        return problem(wrong)


def _team(parts: Parts, user: str, channel: str) -> TeamRecord | str:
    """The team that is meant, where the asker may see its load; else why not."""
    record = team_of_channel(parts, channel)
    if record is not None:
        return record if insider(record, user, parts.clock()) else ONLY_INSIDERS
    mine = teams_of(parts, user)
    return mine[0] if len(mine) == 1 else SEVERAL if mine else NO_TEAM


def _standing(parts: Parts, record: TeamRecord, now: float) -> Message:
    rhythm, after = rhythms.get(parts.db, record.id), next_digest(parts.db, record, now)
    day, minute, tz = rhythm.digest_day, rhythm.digest_minute, record.team.tz
    return standing(record.team.name, record.id, rhythm.digest, day, minute, after, tz)


def wish(text: str, rhythm: Rhythm, team: Team) -> Rhythm:
    """What was typed after `digest`: `monday 09:00`, `weekly`, `monthly friday`, `off`, in any order.

    A day or a time switches a digest on that was off.

    Raises:
        BadInputError: A word that is none of these, or a day or time at which the team does not work.
    """
    wished = rhythm
    for word in (_SPELT.get(typed, typed) for typed in text.lower().replace(",", " ").split()):
        if word in DIGEST:
            wished = replace(wished, digest=word)
            continue
        wished = replace(wished, digest="weekly") if wished.digest == "off" else wished
        day = next((n for n, name in enumerate(DAYS) if len(word) > 2 and name.lower().startswith(word)), None)
        wished = replace(wished, digest_minute=minute_of(word)) if day is None else replace(wished, digest_day=day)
    check_day(wished.digest_day, team)
    check_minute(wished.digest_minute, wished.digest_day, team)
    return wished


def minute_of(text: str) -> int:
    """The minute of the day that `9:00` or `14:30` names.

    Raises:
        BadInputError: Anything else.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise BadInputError("digest", text, "write a day and a time such as monday 09:00, or weekly, monthly, off, now")
    return int(match[1]) * 60 + int(match[2])


def check_day(day: int, team: Team) -> None:
    """Refuse a weekday on which the team does not work.

    Raises:
        BadInputError: Naming it.
    """
    if day not in {weekday for weekday, _, _ in parse_hours(team.hours).spans}:
        raise BadInputError("day", DAYS[day], f"choose a day on which the team works ({team.hours})")


def check_minute(minute: int, day: int, team: Team) -> None:
    """Refuse a time outside the team's hours of that day.

    Raises:
        BadInputError: Naming it.
    """
    spans = [(opens, closes) for weekday, opens, closes in parse_hours(team.hours).spans if weekday == day]
    if not any(opens <= minute < closes for opens, closes in spans):
        at = f"{minute // 60:02}:{minute % 60:02}"
        raise BadInputError("time", at, f"choose a time at which the team works ({team.hours})")


def opened(parts: Parts, user: str, number: str) -> Block | str:
    """The form, or why it stays shut."""
    record = team_of(parts, number)
    if record is None:
        return GONE
    if user != record.lead:
        return ONLY_LEAD if insider(record, user, parts.clock()) else ONLY_INSIDERS
    rhythm = rhythms.get(parts.db, record.id)
    at = f"{rhythm.digest_minute // 60:02}:{rhythm.digest_minute % 60:02}"
    wishes = {"digest": rhythm.digest, "day": str(rhythm.digest_day), "time": at, "pulse": rhythm.pulse}
    switched = [name for name in SWITCHES if getattr(rhythm, name)]
    return rhythm_view(record.team.name, record.id, wishes, switched, asks=_asks(parts, record))


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a form: what is wrong at which field, else the view that takes its place."""

    wrong: dict[str, str]
    view: Block


def sent(parts: Parts, user: str, view: Mapping[str, Any]) -> Sent:
    """Keep what the lead chose; sent twice, it holds once. What cannot be is said at its field."""
    record = team_of(parts, view.get("private_metadata", ""))
    if record is None:
        return Sent({}, problem_view(GONE))
    if user != record.lead:
        return Sent({}, problem_view(ONLY_LEAD))
    wished, wrong = chosen(view["state"]["values"], rhythms.get(parts.db, record.id), record, _asks(parts, record))
    if wrong:
        return Sent(wrong, {})
    return Sent({}, saved_view(change(parts, record, wished)))


def chosen(values: Mapping[str, Any], rhythm: Rhythm, record: TeamRecord, asks: bool) -> tuple[Rhythm, dict[str, str]]:
    """What a form says, beside what is wrong with it: field → sentence. What it does not ask stays as it was."""
    wrong: dict[str, str] = {}
    digest_, day = _picked(values, actions.RHYTHM_DIGEST), _picked(values, actions.RHYTHM_DAY)
    pulse = _picked(values, actions.RHYTHM_PULSE)
    wished = replace(
        rhythm,
        digest=digest_ if digest_ in DIGEST else rhythm.digest,
        digest_day=int(day) if day in map(str, range(7)) else rhythm.digest_day,
        pulse=pulse if asks and pulse in PULSE else rhythm.pulse,
        **_switches(values, asks),
    )
    typed = (values.get(actions.RHYTHM_TIME, {}).get(actions.RHYTHM_TIME, {}).get("value") or "").strip()
    try:
        wished = replace(wished, digest_minute=minute_of(typed))
    except BadInputError:
        wrong[actions.RHYTHM_TIME] = f"{typed or 'Nothing'} is no time: write hours and minutes, such as 09:00."
    if wished.digest != "off":
        wrong = {**_outside(wished, record.team), **wrong}
    return wished, wrong


def _outside(wished: Rhythm, team: Team) -> dict[str, str]:
    """A day or time at which the team does not work."""
    try:
        check_day(wished.digest_day, team)
    except BadInputError as error:
        return {actions.RHYTHM_DAY: str(error)}
    try:
        check_minute(wished.digest_minute, wished.digest_day, team)
    except BadInputError as error:
        return {actions.RHYTHM_TIME: str(error)}
    return {}


def _switches(values: Mapping[str, Any], asks: bool) -> dict[str, Any]:
    field = values.get(actions.RHYTHM_SWITCHES, {}).get(actions.RHYTHM_SWITCHES, {})
    ticked = {option["value"] for option in field.get("selected_options") or ()}
    return {name: name in ticked for name in SWITCHES if asks or name not in ASKING}


def _picked(values: Mapping[str, Any], field: str) -> str:
    return str((values.get(field, {}).get(field, {}).get("selected_option") or {}).get("value", ""))


def _asks(parts: Parts, record: TeamRecord) -> bool:
    """Whether the team has the five people that asking takes."""
    return headcount(record.team, parts.clock()) >= ASKED_FROM
