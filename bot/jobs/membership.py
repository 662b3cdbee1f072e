"""What went away: channels, the lead, responders. Looked at when Slack tells of it, and once a day.

The look asks Slack how things stand rather than trusting events, which may have been missed. Each thing that is
amiss is said once, by direct message, to the lead (to the responders where the lead is gone); roster and facts
stay as they are. What is mended is heard again at once, and the gap is read.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from bot.final_words import Ends
from bot.jobs import setup
from bot.messages.away import Loss, lead_left, queue_lost, responders_left, team_channel_lost
from bot.messages.message import Message
from bot.services.audience import responders
from bot.services.work import Work
from bot.signal import slack_ts
from bot.slack import SlackBusyError, SlackError, SlackUnknownError
from bot.watch import Gone
from storage import due, outbox, said, teams
from storage import roster as rosters
from storage.database import Database
from storage.teams import Queue, TeamRecord

DAY = 86_400.0

TAKEN_OUT, CLOSED, UNNAMED = Gone.TAKEN_OUT, Gone.CLOSED, Gone.UNNAMED

GONE = {Loss.REMOVED: Gone.TAKEN_OUT, Loss.ARCHIVED: Gone.CLOSED, Loss.UNREADABLE: Gone.UNREADABLE}


def lost(work: Work, team: int) -> float | None:
    """Look at a team's channels and people, and say what is newly amiss; due again tomorrow."""
    record = teams.get(work.db, team)
    if record is None or record.workspace != work.me.workspace:
        return None
    try:
        _look(work, record)
    except (SlackBusyError, SlackUnknownError) as later:
        return work.clock() + later.after
    except SlackError:
        # Slack refuses for a reason of its own (a revoked token, say), which tells nothing of this team.
        return work.clock() + DAY
    return work.clock() + DAY


def heard_again(db: Database, queue: Queue, now: float) -> None:
    """A queue can be read again: listen, and read what was missed; what was never announced is announced first."""
    record = teams.get(db, queue.team_id)
    with db.write():
        teams.mark_gone(db, queue.id, None)
        if record is not None and record.announced is not None:
            due.put(db, "gaps", queue.id, now)
            _read_on(db, queue, now)
            return
        setup.begin(db, queue.team_id, now)
        key = setup.announcement_key(queue.workspace, queue.channel)
        post = outbox.found(db, key)
        if post is not None and post[0] == "failed":
            outbox.retry(db, key, now, "the bot is in the channel again")


def _read_on(db: Database, queue: Queue, now: float) -> None:
    """Plan the rest of a past whose reading was cut short."""
    if queue.threads == "reading" and not any(due.planned(db, job, queue.id) for job in ("history", "threads")):
        due.put(db, "history", queue.id, now)


def _look(work: Work, record: TeamRecord) -> None:
    # The queues first: whatever Slack says of people, a queue that can be heard again is.
    queues = {queue: _queue(work, record, queue) for queue in record.queues if not (queue.gone and queue.gone.ours)}
    roster = responders(record, work.clock())
    lead = {record.lead} if record.lead else set()
    active = {person for person in roster | lead if has_account(work, person)}
    teller = Teller(work, record, (lead & active) or (roster & active))
    _people(teller, record, roster, active)
    for queue, why in queues.items():
        words = partial(_queue_words, record, queue, why or Loss.REMOVED)
        teller.tell({("queue", queue.channel): why is not None}, words)
    if record.team_channel:
        _team_channel(teller, work, record, record.team_channel, roster | lead)


@dataclass(frozen=True, slots=True)
class Teller:
    """Says once what is amiss.

    Attributes:
        work: Parts for the job.
        record: The team.
        to: Whom to tell, by direct message.
    """

    work: Work
    record: TeamRecord
    to: Collection[str]

    def tell(self, amiss: Mapping[tuple[str, str], bool], words: Callable[[int], Message]) -> None:
        """Say what is newly amiss, and forget what is mended, in one transaction.

        Args:
            amiss: What was looked at → whether something is wrong with it.
            words: How many are new → the message.
        """
        db, team, now = self.work.db, self.record.id, self.work.clock()
        abouts = {outbox.key_of(*what): wrong for what, wrong in amiss.items()}
        with db.write():
            for about in (about for about, wrong in abouts.items() if not wrong):
                said.over(db, team, about)
            wrong_now = sorted(about for about, wrong in abouts.items() if wrong and self.to)
            new = [about for about in wrong_now if said.first(db, team, about, now)]
            for person in self.to if new else ():
                outbox.put(
                    db,
                    key=outbox.key_of("lost", self.record.workspace, team, now, *new, person),
                    team=team,
                    workspace=self.record.workspace,
                    channel=person,
                    direct=True,
                    kind="lost",
                    made=now,
                    body=words(len(new)).body(),
                )


def _people(teller: Teller, record: TeamRecord, roster: Collection[str], active: Collection[str]) -> None:
    name, queue = record.team.name, some_queue(record)
    if record.lead:
        teller.tell({("lead", record.lead): record.lead not in active}, lambda _: lead_left(name, queue))
    followed = rosters.grouped(teller.work.db, record.id) if record.user_group else ()  # `roster` takes these off
    asked = [person for person in roster if person != record.lead and person not in followed]
    gone = {("responder", person): person not in active for person in asked}
    teller.tell(gone, lambda number: responders_left(name, number, queue))


def _queue(work: Work, record: TeamRecord, queue: Queue) -> Loss | None:
    """Why a queue cannot be heard, None where it can; noted, and one that is heard again is read on."""
    now = work.clock()
    why = _channel_loss(work, queue.channel)
    if why is None and queue.gone is not None:
        why = _history_loss(work, queue.channel)
        if why is None:
            heard_again(work.db, queue, now)
    elif why is None and record.announced is not None:
        if not due.planned(work.db, "gaps", queue.id):
            due.put(work.db, "gaps", queue.id, now)
        _read_on(work.db, queue, now)
    if why is not None and queue.gone is None:
        teams.mark_gone(work.db, queue.id, GONE[why])
    return why


def _queue_words(record: TeamRecord, queue: Queue, why: Loss, _: int) -> Message:
    return queue_lost(record.team.name, queue.channel, why)


def _team_channel(teller: Teller, work: Work, record: TeamRecord, channel: str, insiders: frozenset[str]) -> None:
    why = _channel_loss(work, channel)
    if why is None and not set(work.slack.members(channel)) <= insiders | {work.me.user}:
        why = Loss.OTHERS
    words = why or Loss.OTHERS
    teller.tell(
        {("team channel", channel): why is not None},
        lambda _: team_channel_lost(record.team.name, channel, words, some_queue(record)),
    )


def _channel_loss(work: Work, channel: str) -> Loss | None:
    """Why a channel cannot be used, None where it can; raises SlackError where Slack does not say."""
    try:
        found = work.slack.channel(channel)
    except SlackError as refused:
        if refused.ends is Ends.CHANNEL:
            return Loss.REMOVED
        if refused.ends is Ends.SCOPE:
            return Loss.UNREADABLE
        raise
    if found.is_archived:
        return Loss.ARCHIVED
    return None if found.is_member else Loss.REMOVED


def _history_loss(work: Work, channel: str) -> Loss | None:
    """Whether Slack, which shows a channel, denies its history; a token without that scope still hears reactions."""
    try:
        next(work.slack.history(channel, oldest=slack_ts(int(work.clock() * 1e6))), None)
    except SlackError as refused:
        if refused.ends is Ends.CHANNEL:
            return Loss.UNREADABLE
        if refused.ends is not Ends.SCOPE:
            raise
    return None


def has_account(work: Work, person: str) -> bool:
    """Whether a person is there and not deactivated; raises SlackError where Slack does not say."""
    try:
        return not work.slack.person(person).deleted
    except SlackError as refused:
        if refused.ends is Ends.PERSON:
            return False
        raise


def some_queue(record: TeamRecord) -> str:
    """A queue that the settings button may name, preferably one that is heard."""
    named = sorted((q for q in record.queues if q.gone is not UNNAMED), key=lambda q: q.gone is not None)
    return named[0].channel if named else ""
