"""What one person may see in the Home tab: their teams, requests that wait, and how long others' queues take.

Plain functions, called in a thread; `handlers.home` publishes what they make.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.health.results import Assessment
from bot.health.seen.capacity import team_clock
from bot.health.seen.worktime import time_zone
from bot.health.waiting import Open, Turn, Waiting
from bot.jobs.digest import next_digest
from bot.jobs.membership import UNNAMED
from bot.jobs.pulses import next_round
from bot.messages.absences import few
from bot.messages.digest import ASKED_FROM
from bot.messages.home import MOST_QUEUES, MOST_REQUESTS, OpenRequest, OwnTeam, QueueWait, home_view
from bot.messages.message import Block
from bot.messages.waits import Line
from bot.services import waits
from bot.services.assessing import assess_team
from bot.services.audience import responders
from bot.slack import SlackError
from handlers.absences import own_teams
from handlers.directory import Answers, Directory, Question, SlowSlackError
from handlers.parts import Parts
from handlers.roles import insider
from storage import absences, alerts, digests, pulses, requests, rhythms, teams
from storage.teams import Queue, TeamRecord

SLACK_SECONDS = 2.0
"""For what Slack has to be asked: which queues a person may know of."""

FRESH = 60.0
"""Seconds for which an assessment serves everybody who opens the tab."""

SLOW = "Slack did not answer in time, so the waits of other teams are left out here. Please open this page again."

State = tuple[Any, ...]
"""What a page depends on; another state, another page."""


class HomePage:
    """Makes pages.

    Args:
        parts: What listeners may use.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._directory = Directory(parts.slack, parts.clock)
        self._found: dict[int, tuple[float, State, Assessment]] = {}
        self._waits: dict[int, tuple[float, State, Waiting]] = {}
        self._address: str | None = None

    def state(self) -> State:
        """What all pages rest on: the teams as stored, what was told and asked last, and what waits."""
        db = self._parts.db
        requests.drain(db)
        return tuple(
            (
                self._state_of(record),
                rhythms.get(db, record.id),
                digests.last(db, record.id, 1),
                [one.id for one in pulses.rounds(db, record.id)[:1]],
            )
            for record in self._teams()
        )

    def page(self, user: str) -> Block:
        """The tab as one person (Slack user id) may see it."""
        parts, now = self._parts, self._parts.clock()
        requests.drain(parts.db)
        records = self._teams()
        own = [record for record in records if insider(record, user, now)]
        others = [record for record in records if record not in own and record.announced is not None]
        offered = [(record, queue) for record in others for queue in record.queues if queue.gone is None]
        try:
            seen, note = self._visible(user, [queue for _, queue in offered][: 2 * MOST_QUEUES]), ""
        except SlowSlackError:
            seen, note = frozenset(), SLOW
        others_wait = [
            QueueWait(queue.channel, record.team.name, self._assessed(record, now), self._waiting(queue))
            for record, queue in offered
            if queue.id in seen
        ]
        rosters, today = own_teams(parts, user)
        quiet, asked = self._quiet(own, user, now), self._asked(records, user, now)
        return home_view(
            [self._own(record, user, now) for record in own],
            others_wait,
            waiting=self._open(own, now),
            quiet=quiet,
            asked=asked,
            away=bool(rosters),
            days_away=few(absences.of_person(parts.db, [record.id for record in rosters], user, today), today),
            note=note,
        )

    def _own(self, record: TeamRecord, user: str, now: float) -> OwnTeam:
        named = sorted((q for q in record.queues if q.gone != UNNAMED), key=lambda q: q.gone is not None)
        db, size, wish = self._parts.db, len(responders(record, now)), rhythms.get(self._parts.db, record.id)
        return OwnTeam(
            name=record.team.name,
            found=self._assessed(record, now),
            waiting=self._waiting(*record.queues),
            queue=named[0].channel if named else "",
            lead=user == record.lead,
            unheard=tuple(queue.channel for queue in named if queue.gone is not None),
            team_id=record.id,
            digest=_moment(next_digest(db, record, now), record, now, clock=True),
            pulse=_moment(next_round(db, record), record, now) if size >= self._parts.pulse_floor else "",
            flaws=wish.friction and size >= ASKED_FROM,
            gains=wish.gains,
        )

    def _open(self, own: Sequence[TeamRecord], now: float) -> list[OpenRequest]:
        """Requests of these teams that nobody has taken, those that arrived first first; never whose they are."""
        open_ones = [(one, record) for record in own for one in self._waits_of(record, now).of(Turn.NOBODY)]
        found = sorted(open_ones, key=lambda each: each[0].arrived)[:MOST_REQUESTS]
        if not found:
            return []
        clocks = {record.id: team_clock(record.team, found[0][0].arrived, now) for _, record in found}
        address = self._web_address()
        return [
            OpenRequest(
                channel=record.channels[one.queue],
                link=waits.link(address, record.channels[one.queue], one.request),
                waited=float(clocks[record.id].between(one.arrived, now)),
            )
            for one, record in found
        ]

    def _quiet(self, own: Sequence[TeamRecord], user: str, now: float) -> list[Line]:
        """What this person took and is quiet, oldest first."""
        found = [
            self._liner(record, now)(one)
            for record in own
            for one in waits.own_quiet(self._parts.db, record, self._waits_of(record, now), user)
        ]
        return sorted(found, key=lambda line: line.posted)

    def _asked(self, records: Sequence[TeamRecord], user: str, now: float) -> list[Line]:
        """What this person asked for and is open, oldest first."""
        db = self._parts.db
        found = [
            self._liner(record, now)(one)
            for record in records
            if waits.has_asked(db, record, user)
            for one in waits.own_asked(db, record, self._waits_of(record, now), user)
        ]
        return sorted(found, key=lambda line: line.posted)

    def _liner(self, record: TeamRecord, now: float) -> Callable[[Open], Line]:
        return waits.liner(record, now, self._web_address(), placed=True)

    def _web_address(self) -> str | None:
        """The workspace's web address, asked for once; without an answer there are no links for now."""
        if self._address is None:
            try:
                self._address = self._parts.slack.address()
            except SlackError:
                return None
        return self._address

    def _visible(self, user: str, queues: Sequence[Queue]) -> frozenset[int]:
        """Which queues a person may know of: public ones, but guests only those they are in; private ones likewise.

        Raises:
            SlowSlackError: Slack took too long.
        """
        if not queues:
            return frozenset()
        about = [Question("channel", queue.channel) for queue in queues]
        said = self._directory.answers([Question("person", user), *about], SLACK_SECONDS)
        person = said.person(user)
        full = person is not None and not person.guest
        closed = [queue for queue in queues if not (full and _is_public(said, queue))]
        members = self._directory.answers([Question("members", queue.channel) for queue in closed], SLACK_SECONDS)
        inside = {queue.id for queue in closed if user in (members.members(queue.channel) or ())}
        return frozenset({queue.id for queue in queues if queue not in closed} | inside)

    def _teams(self) -> list[TeamRecord]:
        return [record for record in teams.all(self._parts.db) if record.workspace == self._parts.workspace]

    def _waiting(self, *queues: Queue) -> int:
        return len(requests.waiting(self._parts.db, _numbers(queues)))

    def _state_of(self, record: TeamRecord) -> State:
        db, queues = self._parts.db, _numbers(record.queues)
        return record, alerts.last(db, record.id), self._waiting(*record.queues), requests.open_among(db, queues)

    def _waits_of(self, record: TeamRecord, now: float) -> Waiting:
        """What is open at a team, as fresh as its figures."""
        state = self._state_of(record)
        held = self._waits.get(record.id)
        if held is None or now - held[0] > FRESH or held[1] != state:
            held = now, state, waits.found(self._parts.db, record, now)
            self._waits[record.id] = held
        return held[2]

    def _assessed(self, record: TeamRecord, now: float) -> Assessment:
        """A team's figures, at most a minute old and never older than a change."""
        state = self._state_of(record)
        held = self._found.get(record.id)
        if held is None or now - held[0] > FRESH or held[1] != state:
            held = now, state, assess_team(self._parts.db, record, now)
            self._found[record.id] = held
        return held[2]


def _numbers(queues: Sequence[Queue]) -> list[int]:
    return [queue.id for queue in queues]


def _is_public(said: Answers, queue: Queue) -> bool:
    channel = said.channel(queue.channel)
    return channel is not None and not channel.is_private


def _moment(at: float | None, record: TeamRecord, now: float, *, clock: bool = False) -> str:
    """`Mon 30 Nov, 09:00` in team time; a day alone where the hour is everybody's own; empty for None."""
    if at is None:
        return ""
    local = datetime.fromtimestamp(max(at, now), time_zone(record.team.tz))
    day = f"{local:%a} {local.day} {local:%b}"
    return f"{day}, {local:%H:%M} ({record.team.tz})" if clock else day
