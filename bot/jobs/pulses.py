"""The pulse goes out: who is asked, what, and when. Closing is `bot.jobs.pulse_closing`'s.

A question goes only to whom its answer may be shown for: see docs/pulse.md.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from bot.final_words import Ends
from bot.health import pulse as rules
from bot.health.asking import asking_time, quiet_hour, working_days_from
from bot.health.seen.capacity import team_clock
from bot.messages import pulse_notes as notes
from bot.messages.message import Message
from bot.messages.pulse import ask
from bot.messages.pulse_questions import QUESTIONS
from bot.services.audience import responders
from bot.services.work import Work
from bot.signal import Kind
from bot.slack import SlackError
from bot.team import Person, Team
from storage import due, mutes, outbox, pulse_answers, pulses, rhythms, said, signals, teams
from storage.database import Database
from storage.teams import TeamRecord

DAY, HOUR = 86_400.0, 3_600.0
EVERY = {"weekly": 7, "fortnightly": 14, "monthly": 28}
"""Days from one pulse to the next."""

FIRST = 14
"""Days from set-up to the first."""

LEAST = 7
"""Days between two, also when a lead asks for one."""

PATIENCE = 7 * DAY
"""Seconds within which everybody must be askable; who is away for longer is left out of the round."""

STAYS = 4
"""Working days for which a pulse stays open after the last message left."""

AT_ONCE = {"weekly": 2, "fortnightly": 2, "monthly": 3, "off": 2}
"""Questions in one round, at most."""

QUIET_WEEKS = 8
"""Weeks in which the quiet hour is looked for."""


class Why(Enum):
    """What became of a round that was to begin."""

    BEGUN = "begun"
    SMALL = "the team is smaller than the floor"
    FEW = "fewer than the floor can be asked"
    REPEATED = "no question may be asked of just these people"
    RUNNING = "one is open"
    SOON = "the last one is less than a week ago"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a round that was to begin.

    Attributes:
        why: Begun, or why not.
        day: From when on, where that is known.
        questions: How many are asked.
    """

    why: Why
    day: date | None = None
    questions: int = 0


SKIPS = (Why.SMALL, Why.FEW, Why.REPEATED)
"""What the lead is told once, for as long as it is so."""


def pulse(work: Work, team: int) -> float | None:
    """Ask a team when it is time; looked at again at least once a day."""
    record = teams.get(work.db, team)
    if record is None or record.workspace != work.me.workspace:
        return None
    now = work.clock()
    at = next_round(work.db, record)
    if at is None or now < at:
        return now + DAY if at is None else min(at, now + DAY)
    hours = team_clock(record.team, now - DAY, now + 28 * DAY)
    if not hours.is_open(now):
        later = hours.opens[hours.opens > now]
        return float(later[0]) if later.size else now + DAY
    outcome = begin(work, record)
    _tell_lead(work, record, outcome)
    return now + DAY


def next_round(db: Database, record: TeamRecord) -> float | None:
    """Unix second from which the next pulse may go out; None while it is switched off or nothing is announced."""
    often = rhythms.get(db, record.id).pulse
    if often not in EVERY or record.announced is None:
        return None
    past = pulses.rounds(db, record.id)
    if not past:
        return record.announced + FIRST * DAY
    return _midnight(record, past[0].opened + timedelta(days=EVERY[often]))


def begin(work: Work, record: TeamRecord) -> Outcome:
    """Begin a round if one may begin, whether or not it is time: question chosen, messages put down.

    Raises:
        SlackError: Slack does not say who may be written to; nothing is begun.
    """
    db, now = work.db, work.clock()
    today = _today(record, now)
    refused = _refused(db, record, today)
    if refused is not None:
        return refused
    if len(responders(record, now)) < work.pulse_floor:
        return Outcome(Why.SMALL)
    times = _times(work, record, now)
    if len(times) < work.pulse_floor:
        return Outcome(Why.FEW)
    asked = frozenset(times)
    with db.write():  # another process may have begun one meanwhile, of this team or of one that shares people
        refused = _refused(db, record, today)
        if refused is not None:
            return refused
        questions, free = _questions(work, record, asked, today)
        if not questions:
            return Outcome(Why.REPEATED, free)
        _put(work, record, times, questions, today)
        for why in SKIPS:
            said.over(db, record.id, _about(why))
    return Outcome(Why.BEGUN, questions=len(questions))


def words(record: TeamRecord, outcome: Outcome, floor: int) -> Message:
    """The outcome as one kind sentence."""
    name = record.team.name
    if outcome.why is Why.BEGUN:
        return notes.begun(name, outcome.questions)
    if outcome.why is Why.SMALL:
        return notes.too_small(name, floor)
    if outcome.why is Why.FEW:
        return notes.too_few(name, floor)
    if outcome.why is Why.SOON and outcome.day is not None:
        return notes.too_soon(name, outcome.day)
    return notes.running(name) if outcome.why is Why.RUNNING else notes.repeated(name, outcome.day)


def message_key(record: TeamRecord, round_id: int, person: str) -> str:
    """The key of one person's message of one round."""
    return outbox.key_of("pulse", record.workspace, record.id, round_id, person)


def asked_at(record: TeamRecord, person: str, hour: int, after: float) -> float | None:
    """When somebody of the team is asked next."""
    day = _today(record, after)
    entries = [one for one in record.team.people if one.id == person]
    now_there = [one for one in entries if (one.since or day) <= day <= (one.until or day)]
    return asking_time((now_there or [Person(person)])[0], record.team, hour, after)


def hour_of(db: Database, record: TeamRecord, now: float) -> int:
    """The team's quiet hour."""
    facts = signals.load(db, [queue.id for queue in record.queues], now - QUIET_WEEKS * 7 * DAY, now)
    return quiet_hour(facts.at[facts.kind == Kind.ARRIVAL].tolist(), record.team)


def closing_time(team: Team, last_asked: float) -> float:
    """Unix second up to which answers are taken when the last message left then."""
    return working_days_from(team, last_asked, STAYS)


def _refused(db: Database, record: TeamRecord, today: date) -> Outcome | None:
    if pulses.running(db, record.id) is not None:
        return Outcome(Why.RUNNING)
    past = pulses.rounds(db, record.id)
    if past and today < past[0].opened + timedelta(days=LEAST):
        return Outcome(Why.SOON, past[0].opened + timedelta(days=LEAST))
    return None


def _times(work: Work, record: TeamRecord, now: float) -> dict[str, float]:
    """Person → when they are asked, for everybody who can be asked within a week."""
    hour = hour_of(work.db, record, now)
    found = {}
    for person in sorted(_cohort(work.db, record, now)):
        if mutes.muted(work.db, record.workspace, person, "pulse") or not _may_be_written_to(work, person):
            continue
        at = asked_at(record, person, hour, now)
        if at is not None and at <= now + PATIENCE:
            found[person] = at
    return _largest_first(record, found, hour, now + PATIENCE)


def _largest_first(record: TeamRecord, times: dict[str, float], hour: int, latest: float) -> dict[str, float]:
    """The same with those who share a moment with most others first, so that the first answers may be anybody's."""
    if not times:
        return times
    shared = Counter(times.values())
    start = max(sorted(shared), key=lambda at: shared[at])
    later = {person: asked_at(record, person, hour, start) for person, at in times.items() if at < start}
    return {**times, **{person: at for person, at in later.items() if at is not None and at <= latest}}


def _cohort(db: Database, record: TeamRecord, now: float) -> frozenset[str]:
    """Today's responders who were there already when the quarter's first pulse went out."""
    today = _today(record, now)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    opened = [one.opened for one in pulses.rounds(db, record.id) if one.opened >= quarter]
    return record.responders_on(today) & record.responders_on(min([*opened, today]))


def _may_be_written_to(work: Work, person: str) -> bool:
    """Whether a person has an account here of their own: no bot, no guest, not deactivated."""
    try:
        profile = work.slack.person(person)
    except SlackError as refused:
        if refused.ends is Ends.PERSON:
            return False
        raise
    return not (profile.deleted or profile.is_bot or profile.guest)


def _questions(
    work: Work, record: TeamRecord, asked: frozenset[str], today: date
) -> tuple[tuple[str, ...], date | None]:
    """The questions that may be asked of these people; where there is none, also the day from which on one may."""
    since = today - timedelta(days=rules.WINDOW)
    earlier = pulses.highest_floor(work.db, record.workspace, since)
    free: dict[str, date | None] = {
        key: rules.free_on(pulses.known_groups(work.db, record.workspace, key, since), asked, work.pulse_floor, earlier)
        for key in QUESTIONS
    }
    last = {key: one.opened for one in reversed(pulses.rounds(work.db, record.id)) for key in one.questions}
    allowed = [key for key, day in free.items() if day is not None and day <= today]
    most = AT_ONCE[rhythms.get(work.db, record.id).pulse]
    return rules.choose(allowed, last, most), min((day for day in free.values() if day is not None), default=None)


def _put(work: Work, record: TeamRecord, times: dict[str, float], questions: tuple[str, ...], today: date) -> None:
    """Write the round and its messages down, in the transaction of the caller."""
    last = max(times.values())
    number = pulse_answers.open_round(
        work.db,
        record.id,
        opened=today,
        closes=closing_time(record.team, last),
        questions={key: len(QUESTIONS[key].answers) for key in questions},
        floor=work.pulse_floor,
        invited=times,
    )
    body = ask(record.team.name, number, questions, floor=work.pulse_floor).body()
    for person, at in times.items():
        outbox.put(
            work.db,
            key=message_key(record, number, person),
            team=record.id,
            workspace=record.workspace,
            channel=person,
            direct=True,
            body=body,
            not_before=at,
            made=at,  # it is meant for then: its age counts from there
            kind="pulse",
        )
    due.put(work.db, "pulse_close", record.id, last)


def _tell_lead(work: Work, record: TeamRecord, outcome: Outcome) -> None:
    """Say once why no round begins; a guest, a bot or nobody as lead hears nothing."""
    if outcome.why not in SKIPS or record.lead is None:
        return
    with work.db.write():
        if not said.first(work.db, record.id, _about(outcome.why), work.clock()):
            return
        tell_lead(work, record, _about(outcome.why), words(record, outcome, work.pulse_floor))


def tell_lead(work: Work, record: TeamRecord, about: str, message: Message) -> None:
    """A direct message to the lead; the same twice on a day is one."""
    if record.lead is None:
        return
    now = work.clock()
    outbox.put(
        work.db,
        key=outbox.key_of("pulse-note", record.workspace, record.id, about, _today(record, now), record.lead),
        team=record.id,
        workspace=record.workspace,
        channel=record.lead,
        direct=True,
        body=message.body(),
        made=now,
        kind="other",
    )


def _about(why: Why) -> str:
    return outbox.key_of("pulse", why.name)


def _today(record: TeamRecord, now: float) -> date:
    return datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date()


def _midnight(record: TeamRecord, day: date) -> float:
    return datetime.combine(day, time(), ZoneInfo(record.team.tz)).timestamp()
