"""Quiet by design: one table says which kind of post may reach whom, when, and how often; held to as each leaves.

What a person just asked for (an announcement, a shared view, set-up's first report) leaves at once and is not
counted. What may not leave now waits for the reader's next working time, and what has waited too long to be true is
dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from bot.errors import BadInputError
from bot.health.seen.capacity import team_clock
from bot.health.seen.worktime import WorkClock, public_holidays, time_zone, work_clock, years_between
from bot.outbox import Leave
from bot.services import solved
from bot.services.audience import LoadGuard, responders
from bot.services.work import Work
from bot.slack import SlackError
from bot.team import Person
from storage import alerts, mutes, outbox, teams
from storage.teams import TeamRecord

DAY = 86_400.0
AHEAD = 60 * DAY
"""How far ahead the next working time is looked for; a reader who is away for longer is looked at again daily."""

MESSAGES_A_DAY = 2
"""Posts in one channel, or direct messages to one person, on one day of theirs: what nobody asked for, threads left
out."""

ALERTS_A_DAY = 1
"""Alerts among them."""

STALE = "too old to be told"
MUTED = "the reader muted it"
NOT_DONE = "the request is no longer done, or the team asks no more"
HELD_HOURS = "held until working hours"
HELD_SNOOZE = "held while alerts are snoozed"
HELD_ALERT = "held: one alert a day"
HELD_DAY = "held: two messages a day"


class Hours(Enum):
    """Whose working time a post waits for."""

    NOBODYS = "it leaves at once"
    READERS = "a person's own, by direct message; the team's, in a channel"
    TEAMS = "the team's, for everybody alike"


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one kind of post.

    Attributes:
        hours: Whose working hours, days off and public holidays it keeps.
        capped: It waits for the next working day where a channel or person had the day's messages already.
        snoozable: It waits while the team snoozes alerts.
        mute: What a person mutes to get none of these; None: it cannot be muted.
        stale: Seconds after which it would tell of another time and is dropped; None: never.
        together: All its copies leave at one moment, so that nobody knows before the others.
    """

    hours: Hours = Hours.READERS
    capped: bool = True
    snoozable: bool = False
    mute: Literal["pulse", "solved"] | None = None
    stale: float | None = None
    together: bool = False


_ASKED = Rule(Hours.NOBODYS, capped=False)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "alert": Rule(snoozable=True, stale=3 * DAY),
        "note": Rule(snoozable=True, stale=3 * DAY),
        "digest": Rule(stale=3 * DAY),
        "pulse": Rule(mute="pulse", stale=3 * DAY),
        "results": Rule(Hours.TEAMS, together=True, stale=14 * DAY),
        "friction": Rule(stale=14 * DAY),
        "gain": Rule(stale=14 * DAY),
        "follow_up": Rule(stale=14 * DAY),
        "solved": Rule(mute="solved", stale=7 * DAY),
        "lost": Rule(),
        "report": Rule(Hours.NOBODYS, capped=False, stale=3 * DAY),
        "share": Rule(Hours.NOBODYS, capped=False, stale=DAY),
        "announcement": _ASKED,
        "hint": _ASKED,
        "other": Rule(),
    }
)
"""Kind → rule; a kind that is not here is an `other`."""

CAPPED = tuple(kind for kind, rule in RULES.items() if rule.capped)


class Quiet:
    """Looks at every post as it leaves: is it still true, who would read it now, and is it a time to speak?

    Args:
        work: Parts for the jobs.
    """

    def __init__(self, work: Work) -> None:
        self._work, self._circle = work, LoadGuard(work)

    def leave(self, post: outbox.Post) -> Leave:
        """May it go now, to where it was addressed?"""
        now = self._work.clock()
        rule = RULES.get(post.kind, RULES["other"])
        unwanted = self._unwanted(post, rule, now)
        if unwanted is not None:
            return Leave(stale=True, why=unwanted)
        record = None if post.team is None else teams.get(self._work.db, post.team)
        if record is None:
            return self._circle.leave(post)
        reader = self._reader(record, post, rule, now)
        for judged in (self._hours(post, rule, reader, now), self._snoozed(record, rule, reader, now)):
            if judged != Leave():
                return judged
        who = self._circle.leave(post)
        return who if who != Leave() else self._capped(post, rule, reader, now)

    def people(self, post: outbox.Post) -> tuple[str, ...]:
        """Responders and lead of today."""
        return self._circle.people(post)

    def _unwanted(self, post: outbox.Post, rule: Rule, now: float) -> str | None:
        """Why nobody wants it any more, None when somebody does."""
        db = self._work.db
        if rule.stale is not None and post.made and now - post.made > rule.stale:
            return STALE
        if rule.mute and post.direct and mutes.muted(db, post.workspace, post.channel, rule.mute):
            return MUTED
        if post.kind == solved.KIND and not solved.wanted(db, post):
            return NOT_DONE
        return None

    @staticmethod
    def _hours(post: outbox.Post, rule: Rule, reader: "_Reader", now: float) -> Leave:
        if (rule.hours is Hours.NOBODYS and not post.hours) or reader.clock.is_open(now):
            return Leave()
        return Leave(after=reader.opening(now), why=HELD_HOURS)

    def _snoozed(self, record: TeamRecord, rule: Rule, reader: "_Reader", now: float) -> Leave:
        until = alerts.snoozed_until(self._work.db, record.id) if rule.snoozable else 0
        return Leave() if until <= now else Leave(after=reader.opening(until), why=HELD_SNOOZE)

    def _reader(self, record: TeamRecord, post: outbox.Post, rule: Rule, now: float) -> "_Reader":
        start, end = now - 2 * DAY, now + AHEAD
        team = record.team
        if not post.direct or rule.hours is Hours.TEAMS:
            return _Reader(team_clock(team, start, end), ZoneInfo(team.tz))
        today = responders(record, now)
        entries = [person for person in team.people if person.id == post.channel]
        own = entries[-1] if entries else Person(post.channel)
        zone = self._zone(own, post.channel in today) or ZoneInfo(team.tz)
        off = public_holidays(team.country, years_between(start, end)) | own.off
        return _Reader(work_clock(own.hours or team.hours, zone.key, start, end, off), zone)

    def _zone(self, person: Person, on_roster: bool) -> ZoneInfo | None:
        """A person's own time zone: the roster's, or for who is on none (a lead, somebody who asked) Slack's."""
        try:
            if person.tz is None and not on_roster:
                name = self._work.slack.person(person.id).tz
                return time_zone(name) if name else None
            return time_zone(person.tz) if person.tz else None
        except (SlackError, BadInputError):
            return None

    def _capped(self, post: outbox.Post, rule: Rule, reader: "_Reader", now: float) -> Leave:
        if not rule.capped or post.thread is not None:
            return Leave()
        since, db = reader.midnight(now), self._work.db
        readers = outbox.readers(db, post) if rule.together else (post.channel,)
        alone = not rule.together  # copies that have just left are the same message
        if any(outbox.told(db, post, one, since, CAPPED, copies=alone) >= MESSAGES_A_DAY for one in readers):
            return Leave(after=reader.opening(reader.midnight(now, days=1)), why=HELD_DAY)
        if post.kind == "alert" and outbox.told(db, post, post.channel, since, (post.kind,)) >= ALERTS_A_DAY:
            return Leave(after=reader.opening(reader.midnight(now, days=1)), why=HELD_ALERT)
        return Leave()


@dataclass(frozen=True, slots=True)
class _Reader:
    """When a channel's or a person's working time is.

    Attributes:
        clock: Their working clock.
        zone: Where their days begin.
    """

    clock: WorkClock
    zone: ZoneInfo

    def opening(self, when: float) -> float:
        """`when` itself in working time, else the next opening; a day later where none is near."""
        if self.clock.is_open(when):
            return when
        later = self.clock.opens[self.clock.opens > when]
        return float(later[0]) if later.size else when + DAY

    def midnight(self, now: float, days: int = 0) -> float:
        """Unix second at which their day began, or that many days later begins."""
        day = datetime.fromtimestamp(now, self.zone).date() + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp()
