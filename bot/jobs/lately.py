"""What the digest adds to the queue's figures: pulse, learning, gains, flaws, and Headroom's own cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.health.pulse import Part
from bot.jobs import gains as ledger
from bot.jobs import shrinks
from bot.jobs.pulse_closing import found_of, reached_few
from bot.messages.burden import burden_line
from bot.messages.interruptions import focus_short
from bot.messages.lately import LEARNED, learning_line, pulse_line
from bot.services import changes, plans
from bot.services import frictions as friction
from bot.services import links as chain
from bot.services.burden import burden
from bot.services.efficiency import digest_line
from bot.services.interruptions import focus_of
from bot.services.news import news
from storage import gains, pulses, rhythms
from storage.database import Database
from storage.teams import TeamRecord

DAY = 86_400.0
FRESH = {"weekly": 7 * DAY, "monthly": 35 * DAY}
"""How often the digest comes → seconds for which a closed pulse is news in it."""

LEARNED_FOR = timedelta(weeks=13)
"""What was said of learning is told for so long: the question comes round about once in that time."""

LATEST = 2**62
"""Above every number of a round."""


@dataclass(frozen=True, slots=True)
class Lately:
    """Lines for a digest; empty where there is nothing.

    Attributes:
        learning: Of the outcome learning.
        lines: On pulse, gains, flaws, focus, linked queues, peaks, changes, fewer hours, speed paid for with quality
            and Headroom's own cost, in that order.
        pulse: The results of a pulse are news, so that a button may lead to them.
    """

    learning: str
    lines: tuple[str, ...]
    pulse: bool


def lately(db: Database, record: TeamRecord, now: float, *, first: bool) -> Lately:
    """What is new with a team.

    Args:
        db: The store.
        record: The team.
        now: Unix seconds.
        first: It is the month's first digest, which tells what the month before cost.
    """
    pulse = _pulse(db, record, now)
    lines = (pulse, ledger.digest(db, record, now), friction.digest_line(db, record, now), *_flow(db, record, now))
    cost = _cost(db, record, now) if first else ""
    told = (*lines, *_foresight(db, record, now), cost)
    return Lately(_learning(db, record, now), tuple(line for line in told if line), bool(pulse))


def _foresight(db: Database, record: TeamRecord, now: float) -> tuple[str, ...]:
    """Peaks to come and over, changes that can be compared, and fewer hours beside their prediction."""
    fresh = news(db, record, now)
    return (
        *plans.digest(db, record, fresh, now),
        *changes.digest(db, record, fresh, now),
        *shrinks.digest(db, record, now),
        digest_line(db, record, now),
    )


def _pulse(db: Database, record: TeamRecord, now: float) -> str:
    """A round that closed lately, once its results have been told to everyone."""
    rhythm = rhythms.get(db, record.id)
    latest = next((one for one in pulses.rounds(db, record.id) if not one.is_open), None)
    if latest is None or rhythm.pulse == "off" or not pulses.told(db, record.id):
        return ""
    if reached_few(db, latest, now):
        return ""
    fresh = now - FRESH.get(rhythm.digest, FRESH["weekly"]) < latest.closes <= now
    return pulse_line(found_of(db, latest), latest.opened) if fresh else ""


def _learning(db: Database, record: TeamRecord, now: float) -> str:
    """From the pulse of the last weeks, and from the gains that stand."""
    rhythm = rhythms.get(db, record.id)
    asked, good = None, None
    last = pulses.last_result(db, record.id, LEARNED, LATEST)
    today = datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date()
    if last is not None and last[0] > today - LEARNED_FOR and pulses.told(db, record.id):
        asked, good = last[0], Part(last[1]["good"])
    standing = [g for g in gains.of_team(db, record.id) if g.goes == "learning" and g.ended is None]
    freeing = [g for g in standing if g.hours > 0] if rhythm.gains else []
    return learning_line(good, asked, sum(g.hours for g in freeing), len(freeing))


def _flow(db: Database, record: TeamRecord, now: float) -> tuple[str, str]:
    """How much the team is interrupted, and a bottleneck that moved, where these are known."""
    found = focus_of(db, record, now)
    return focus_short(found) if found else "", chain.digest(db, record, now)


def _cost(db: Database, record: TeamRecord, now: float) -> str:
    """What Headroom cost last month; nothing for a month in which it was silent."""
    today = datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date()
    found = burden(db, record, today.replace(day=1) - timedelta(days=1))
    return burden_line(found) if found.posts else ""
