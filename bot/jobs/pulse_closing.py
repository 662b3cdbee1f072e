"""The pulse comes in: nothing is looked at before it closes, then all that may be told is told to everyone at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.health.asking import working_days_from
from bot.health.pulse import WINDOW, Part, coarse, isolates
from bot.health.seen.capacity import team_clock
from bot.jobs.pulses import DAY, HOUR, asked_at, closing_time, hour_of, message_key, tell_lead
from bot.messages import pulse_notes as notes
from bot.messages.message import Message
from bot.messages.pulse import reminder
from bot.messages.pulse_questions import QUESTIONS
from bot.messages.pulse_results import Found, lines, results
from bot.services.audience import address, audience
from bot.services.quiet import MUTED, STALE
from bot.services.work import Work
from storage import due, mutes, outbox, pulse_answers, pulses, rhythms, teams, touches
from storage.database import Database
from storage.pulses import Pulse
from storage.teams import TeamRecord

LONGEST = 14 * DAY
"""Seconds after which a message that could still not leave is no longer waited for."""

REMIND_BEFORE = 2
"""Working days from the reminder to closing."""

OWN_WISH = (MUTED, STALE)
"""Why a message may not have left though Slack would have taken it: nothing for anybody to mend."""

REMOVED = "removed "
"""Begins the random name that stands for whoever had their traces removed."""


@dataclass(frozen=True, slots=True)
class _Delivery:
    """How the messages of a round fared.

    Attributes:
        waiting: Some have not left yet.
        reached: Whom one may have reached.
        last: Unix second of the last attempt, None before any.
        refused: Slack refused some.
    """

    waiting: bool
    reached: frozenset[str]
    last: int | None
    refused: bool


def pulse_close(work: Work, team: int) -> float | None:
    """Close a team's round when its time is over, in the team's working hours; until then, see when that will be."""
    record, current = teams.get(work.db, team), pulses.running(work.db, team)
    if record is None or current is None or record.workspace != work.me.workspace:
        return None
    now = work.clock()
    sent = _delivery(work.db, record, current)
    begun = datetime.combine(current.opened, datetime.min.time(), ZoneInfo(record.team.tz)).timestamp()
    if sent.waiting and now < begun + LONGEST:
        return now + HOUR
    floor = max(current.floor, work.pulse_floor)
    if len(sent.reached) >= floor and sent.last is not None:
        closes = closing_time(record.team, sent.last)
        if closes != current.closes:
            pulses.set_closes(work.db, current.id, closes)
        if rhythms.get(work.db, team).pulse_reminder:
            due.put(work.db, "pulse_remind", team, working_days_from(record.team, closes, -REMIND_BEFORE))
        if now < closes:
            return closes
        hours = team_clock(record.team, now - DAY, now + 28 * DAY)
        if not hours.is_open(now):
            later = hours.opens[hours.opens > now]
            return float(later[0]) if later.size else now + DAY
    finish(work, record, current)
    return None


def pulse_remind(work: Work, team: int) -> float | None:
    """Remind everyone who was asked, alike and once, where the team wishes it."""
    record, current = teams.get(work.db, team), pulses.running(work.db, team)
    if record is None or current is None or record.workspace != work.me.workspace:
        return None
    now = work.clock()
    if not rhythms.get(work.db, team).pulse_reminder or now >= current.closes:
        return None
    hour = hour_of(work.db, record, now)
    message = reminder(record.team.name)
    for person in sorted(_delivery(work.db, record, current).reached):
        at = asked_at(record, person, hour, now)
        if at is None or at >= current.closes or person.startswith(REMOVED):
            continue
        if mutes.muted(work.db, record.workspace, person, "pulse"):
            continue
        outbox.put(
            work.db,
            key=outbox.key_of("pulse-remind", record.workspace, team, current.id, person),
            team=team,
            workspace=record.workspace,
            channel=person,
            direct=True,
            body=message.body(),
            not_before=at,
            made=at,
            kind="pulse",
        )
    return None


def finish(work: Work, record: TeamRecord, current: Pulse) -> None:
    """Close a round: what may be told is put down for everyone, the rest is deleted unseen, in one transaction."""
    db, now = work.db, work.clock()
    recipients = audience(work, record)
    floor = max(current.floor, work.pulse_floor)
    with db.write():
        sent = _delivery(db, record, current)
        collected = pulse_answers.close(db, current.id, sent.reached)
        if collected is None:
            return  # another process was quicker
        if sent.refused:
            tell_lead(work, record, "undelivered", notes.undelivered(record.team.name))
        if len(sent.reached) < floor:
            tell_lead(work, record, "unreached", notes.unreached(record.team.name, floor))
        else:
            found = _publish(db, record, current, sent.reached, collected.counts, floor)
            hidden = len(current.questions) - len(found)
            said = results(
                record.team.name,
                found,
                floor=floor,
                asked=len(sent.reached),
                opened=current.opened,
                hidden=hidden,
            )
            key = outbox.key_of("pulse-results", record.workspace, record.id, current.id)
            address(db, record, recipients, key, said, now, hours=True, kind="results")
            if len(collected.texts) >= floor:
                more = outbox.key_of("pulse-lines", record.workspace, record.id, current.id)
                added = lines(record.team.name, collected.texts)
                address(db, record, recipients, more, added, now, hours=True, kind="results")
        # Its burden is booked as if everybody had tapped, since how many did is not told.
        today = datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date()
        for _ in range(len(sent.reached) * len(current.questions)):
            touches.tap(db, record.id, "pulse", today)
    db.checkpoint()


def takes_answers(db: Database, record: TeamRecord, current: Pulse, floor: int) -> bool:
    """Whether enough people were asked by now that an answer may be anybody's, whenever the file is looked at."""
    return len(_delivery(db, record, current).reached) >= floor


def reached_few(db: Database, current: Pulse, now: float) -> bool:
    """Whether a closed round's question reached fewer people than answers were needed, as long as that is known."""
    today = datetime.fromtimestamp(now, UTC).date()
    if current.is_open or today - current.opened >= timedelta(days=WINDOW) or pulses.results(db, current.id):
        return False
    return len(pulses.invited(db, current.id)) < current.floor


def found_of(db: Database, current: Pulse) -> list[Found]:
    """What was told of a closed round, question by question."""
    told = pulses.results(db, current.id)
    return [
        Found(key, Part(told[key]["good"]), Part(told[key]["poor"]), _before(db, current, key))
        for key in current.questions
        if key in told
    ]


def results_message(db: Database, record: TeamRecord, current: Pulse) -> Message:
    """What was told of a closed round, once more."""
    told = pulses.results(db, current.id)
    one = next(iter(told.values()), {"floor": current.floor, "asked": 0})
    return results(
        record.team.name,
        found_of(db, current),
        floor=one["floor"],
        asked=one["asked"],
        opened=current.opened,
        hidden=len(current.questions) - len(told),
    )


def _publish(
    db: Database,
    record: TeamRecord,
    current: Pulse,
    reached: frozenset[str],
    counts: Mapping[str, tuple[int, ...]],
    floor: int,
) -> list[Found]:
    """Keep and return what may be told: enough answers, and no difference to another figure that is about a few."""
    since = current.opened - timedelta(days=WINDOW)
    earlier = pulses.highest_floor(db, record.workspace, since)
    for key in current.questions:
        if sum(counts[key]) < floor:
            continue
        known = [group for _, group in pulses.known_groups(db, record.workspace, key, since, but=current.id)]
        if isolates(known, reached, floor, earlier):
            continue  # fewer were reached than were to be asked
        good, poor = coarse(counts[key], QUESTIONS[key].groups)
        told = {"good": int(good), "poor": int(poor), "asked": len(reached), "floor": floor}
        pulses.publish(db, current.id, key, told)
    return found_of(db, current)


def _before(db: Database, current: Pulse, question: str) -> tuple[Part, Part, date] | None:
    last = pulses.last_result(db, current.team, question, current.id)
    return None if last is None else (Part(last[1]["good"]), Part(last[1]["poor"]), last[0])


def _delivery(db: Database, record: TeamRecord, current: Pulse) -> _Delivery:
    invited = pulses.invited(db, current.id)
    found = pulses.outcomes(db, {message_key(record, current.id, person): person for person in invited})
    gone = {person for person in invited if person.startswith(REMOVED)}
    arrived = {person for person, sent in found.items() if sent.state in ("sent", "unknown")}
    attempts = [found[person].attempted or 0 for person in arrived]
    return _Delivery(
        waiting=any(sent.state in ("waiting", "sending") for sent in found.values()),
        reached=frozenset(arrived | gone),
        last=max(attempts, default=None),
        refused=any(sent.state == "failed" and sent.error not in OWN_WISH for sent in found.values()),
    )
