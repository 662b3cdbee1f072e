"""The digest's own buttons: details for who may see load, and the lead's answer to the offer of monthly."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.jobs.digest import compose, next_digest
from bot.messages import actions
from bot.messages.digest import details
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.messages.rhythm import saved
from handlers.alerts import ONLY_INSIDERS
from handlers.parts import Parts
from handlers.roles import insider
from storage import digests, due, rhythms, teams, touches
from storage.rhythms import Rhythm
from storage.teams import TeamRecord

KIND = "digest"
GONE = "This team does not exist any more, so there is nothing to show."
ONLY_LEAD = "Only the team's lead can change how often the digest comes; you could ask."
OFF = "The digest is off, and stays so. Type /headroom digest weekly to get it again."


def register(app: AsyncApp, parts: Parts) -> None:
    """Listen to the buttons."""

    def button(work: Callable[[Parts, TeamRecord, str], Message]) -> Callable[..., Awaitable[None]]:
        async def pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            message = await parts.run(answered, parts, body, work)
            await respond(**message.payload(), response_type="ephemeral", replace_original=False)

        return pressed

    app.action(actions.DIGEST_DETAILS)(button(show))
    app.action(actions.DIGEST_MONTHLY)(button(monthly))
    app.action(actions.DIGEST_KEEP)(button(keep))


def answered(parts: Parts, body: Mapping[str, Any], work: Callable[[Parts, TeamRecord, str], Message]) -> Message:
    """Take a click on a digest, for responders and lead; that somebody pressed is counted, never who."""
    record = team_of(parts, body["actions"][0].get("value", ""))
    user, now = body["user"]["id"], parts.clock()
    if record is None:
        return problem(GONE)
    if not insider(record, user, now):
        return problem(ONLY_INSIDERS)
    touches.tap(parts.db, record.id, KIND, datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date())
    digests.touched(parts.db, record.id)
    return work(parts, record, user)


def team_of(parts: Parts, number: str) -> TeamRecord | None:
    """The team a button names, where it is one of this workspace."""
    record = teams.get(parts.db, int(number)) if number.isdecimal() else None
    return record if record is not None and record.workspace == parts.workspace else None


def show(parts: Parts, record: TeamRecord, _user: str) -> Message:
    """The figures behind the digest, as they are now."""
    return details(compose(parts.db, record, parts.clock()))


def monthly(parts: Parts, record: TeamRecord, user: str) -> Message:
    """From now on once a month; pressed again, it stays so."""
    return _choose(parts, record, user, "monthly")


def keep(parts: Parts, record: TeamRecord, user: str) -> Message:
    """It stays weekly, also when an old button says so."""
    return _choose(parts, record, user, None)


def _choose(parts: Parts, record: TeamRecord, user: str, how_often: str | None) -> Message:
    rhythm = rhythms.get(parts.db, record.id)
    if rhythm.digest == "off":
        return problem(OFF)
    if how_often and user != record.lead:
        return problem(ONLY_LEAD)
    wished = replace(rhythm, digest=how_often or rhythm.digest)
    return change(parts, record, wished)


def change(parts: Parts, record: TeamRecord, wished: Rhythm) -> Message:
    """Keep what a team wishes, plan its next digest by it, and say what holds."""
    now = parts.clock()
    keep_rhythm(parts, record, wished, now)
    after = next_digest(parts.db, record, now)
    name, tz = record.team.name, record.team.tz
    return saved(name, wished.digest, wished.digest_day, wished.digest_minute, after, tz)


def keep_rhythm(parts: Parts, record: TeamRecord, wished: Rhythm, now: float) -> None:
    """Write wishes down; a digest that the old ones would have sent, or that lies before the new ones, is not made up.

    Nothing changes where they are the same, so that a second click is none.
    """
    standing = rhythms.get(parts.db, record.id)
    if _digest_of(standing) != _digest_of(wished):
        wished = replace(wished, since=int(now))
    with parts.db.write():
        rhythms.save(parts.db, record.id, wished)
        for job in ("digest", "pulse"):
            due.put(parts.db, job, record.id, now)
    parts.wake()


def _digest_of(rhythm: Rhythm) -> tuple[str, int, int]:
    return rhythm.digest, rhythm.digest_day, rhythm.digest_minute
