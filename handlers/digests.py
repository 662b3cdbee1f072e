"""The digest's own buttons: details for who may see load, and the lead's answer to the offer of monthly."""

from dataclasses import replace

from bot.jobs.digest import compose, next_digest
from bot.messages import actions
from bot.messages.digest import details
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.messages.rhythm import saved
from handlers.rows import Button, Call, Row
from storage import due, rhythms
from storage.rhythms import Rhythm

CHANGE = "change how often the digest comes"
OFF = "The digest is off, and stays so. Type /headroom digest weekly to get it again."


def show(call: Call) -> Message:
    """The figures behind the digest, as they are now."""
    return details(compose(call.parts.db, call.record, call.now))


def choose(call: Call) -> Message:
    """From now on once a month, or weekly as before; pressed again, it stays so."""
    rhythm = rhythms.get(call.parts.db, call.record.id)
    if rhythm.digest == "off":
        return problem(OFF)
    if call.action == actions.DIGEST_KEEP:
        return change(call, rhythm)
    call.needs_lead(CHANGE)
    return change(call, replace(rhythm, digest="monthly"))


ROWS: tuple[Row, ...] = (
    Button(actions.DIGEST_DETAILS, show),
    Button(actions.DIGEST_MONTHLY, choose),
    Button(actions.DIGEST_KEEP, choose),
)


def change(call: Call, wished: Rhythm) -> Message:
    """Keep what a team wishes, plan its next digest by it, and say what holds."""
    _keep(call, wished)
    after = next_digest(call.parts.db, call.record, call.now)
    name, tz = call.record.team.name, call.record.team.tz
    return saved(name, wished.digest, wished.digest_day, wished.digest_minute, after, tz)


def _keep(call: Call, wished: Rhythm) -> None:
    """Write wishes down; a digest that the old ones would have sent, or that lies before the new ones, is not made up.

    Nothing changes where they are the same, so that a second press is none.
    """
    db, team = call.parts.db, call.record.id
    if _digest_of(rhythms.get(db, team)) != _digest_of(wished):
        wished = replace(wished, since=int(call.now))
    with db.write():
        rhythms.save(db, team, wished)
        for job in ("digest", "pulse"):
            due.put(db, job, team, call.now)
    call.parts.wake()


def _digest_of(rhythm: Rhythm) -> tuple[str, int, int]:
    return rhythm.digest, rhythm.digest_day, rhythm.digest_minute
