"""`/headroom roster`: the lead says who answers, from when to when, with what share of their time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.errors import BadInputError, HeadroomError
from bot.health.seen.worktime import parse_hours, time_zone
from bot.jobs.roster import MOST_RESPONDERS, own_zone
from bot.messages import actions
from bot.messages.absences import HALF, THERE, spans
from bot.messages.help import Command, Role
from bot.messages.message import Block
from bot.messages.roster import ADD, CHANGE, END, roster_view, unpacked
from bot.services.audience import team_day
from bot.team import Person
from handlers.absences import picked
from handlers.answers import Wrong
from handlers.away_words import AHEAD, LAST_DAY, LOOK_BACK, spread
from handlers.directory import Question
from handlers.parts import Parts
from handlers.rows import Button, Call, Form, May, Row, Word
from handlers.setup_check import FULL, full_member
from handlers.setup_form import Values, typed
from storage import absences, teams
from storage import roster as rosters
from storage.teams import TeamRecord

SLACK_SECONDS = 8.0
"""For the profile of somebody who joins; the form says "one moment" meanwhile."""

CHOOSE = "Choose what changes."


class WrongFieldError(HeadroomError):
    """Something in one field of the form."""

    def __init__(self, field: str, said: str) -> None:
        self.field = field
        super().__init__(said)


class _TrialError(Exception):
    """Ends a trial, so that nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A submitted form: the team, which change its fields are for, and what was typed."""

    record: TeamRecord
    what: str | None
    today: date
    values: Values

    def of(self, field: str) -> Any:
        return typed(self.values.get(field, {}).get(field, {}))

    @property
    def person(self) -> str:
        return str(self.of(actions.ROSTER_PERSON))

    def day(self, field: str) -> date | None:
        """A picked day, within reach.

        Raises:
            WrongFieldError: Too long ago or too far ahead.
        """
        found = self.of(field)
        if not found:
            return None
        day = date.fromisoformat(found)
        if day < self.today - timedelta(days=LOOK_BACK):
            raise WrongFieldError(field, f"{day} lies more than {LOOK_BACK} days back, and stays as it was.")
        if day > self.today + timedelta(days=AHEAD):
            raise WrongFieldError(field, f"{day} is more than a year ahead: write it when it is nearer.")
        return day


def show(call: Call) -> Block:
    """The roster, and a menu of what can change."""
    return _view(call, call.record)


def ask(call: Call) -> Block:
    """The fields for what was chosen in the menu."""
    return _view(call, call.record, typed(call.body["actions"][0]))


def look(call: Call) -> Wrong | Block | None:
    """What is wrong with the form as far as Slack need not be asked, or the fields for what was chosen meanwhile.

    The change is made on trial, so that there is one place which knows what is wrong with it.
    """
    form = _read(call)
    try:
        if (chosen := _gone_on(call, form)) is not None:
            return chosen
        with call.parts.db.write():
            _change(call, form, None)
            raise _TrialError
    except WrongFieldError as wrong:
        return Wrong({wrong.field: str(wrong)})
    except _TrialError:
        return None


def save(call: Call) -> Block:
    """Make one change; the roster as it is then, or the form again with what is wrong at its top."""
    form = _read(call)
    try:
        if (chosen := _gone_on(call, form)) is not None:
            return chosen
        said = _change(call, form, _newcomers_zone(call, form) if form.what == ADD else None)
    except HeadroomError as wrong:
        return _view(call, form.record, form.what, kept=form, wrong=str(wrong))
    call.parts.wake()
    return _view(call, teams.get(call.parts.db, form.record.id) or form.record, said=said)


def by_form(_parts: Parts, body: Mapping[str, Any]) -> int:
    """The team whose roster the view shows."""
    return unpacked(str(body["view"].get("private_metadata") or ""))[0]


WHAT = "change its roster"

ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "roster",
            {Role.LEAD: "who answers, from when to when, with what share of their time; the past stays as it was."},
            near=("people", "team", "members"),
        ),
        show,
        May.STEWARD,
        WHAT,
    ),
    Button(actions.ROSTER_OPEN, show, May.STEWARD, WHAT),
    Button(actions.ROSTER_WHAT, ask, May.STEWARD, WHAT, by_form),
    Form(actions.ROSTER_VIEW, save, May.STEWARD, WHAT, by_form, first=look),
)


def _read(call: Call) -> _Form:
    _, what = unpacked(call.value)
    return _Form(call.record, what, team_day(call.record, call.now), call.values)


def _gone_on(call: Call, form: _Form) -> Block | None:
    """The fields for what was chosen, where the form was sent before they were shown; what was typed stays.

    Raises:
        WrongFieldError: Nothing is chosen.
    """
    chosen = form.of(actions.ROSTER_WHAT)
    if chosen is None:
        raise WrongFieldError(actions.ROSTER_WHAT, CHOOSE)
    return None if chosen == form.what else _view(call, form.record, chosen, kept=form)


def _newcomers_zone(call: Call, form: _Form) -> str | None:
    """The time zone that Slack knows of somebody who joins, where it is not the team's.

    Raises:
        WrongFieldError: They cannot answer.
        SlowSlackError: Slack has not said so yet.
    """
    asked = [Question("person", form.person)]
    profile = call.directory.answers(asked, SLACK_SECONDS).person(form.person)
    if not full_member(profile):
        raise WrongFieldError(actions.ROSTER_PERSON, f"This person cannot answer. Choose full members only: {FULL}")
    return own_zone(profile, form.record.team.tz)


def _change(call: Call, form: _Form, newcomers_zone: str | None) -> str:
    """Make the change; what to say of it.

    Raises:
        WrongFieldError: Something in a field; nothing was changed.
    """
    try:
        if form.what == ADD:
            return _add(call, form, newcomers_zone)
        if form.what == END:
            return _end(call, form)
        if form.what == CHANGE:
            return _details(call, form)
        return _away(call, form)
    except BadInputError as error:
        raise WrongFieldError(_field_of(error, form), str(error)) from error


def _add(call: Call, form: _Form, zone: str | None) -> str:
    if len(form.record.responders_on(form.today) | {form.person}) > MOST_RESPONDERS:
        raise WrongFieldError(actions.ROSTER_PERSON, f"A team has at most {MOST_RESPONDERS} people who answer.")
    entry = Person(
        form.person,
        since=form.day(actions.ROSTER_FROM) or form.today,
        until=form.day(actions.ROSTER_UNTIL),
        tz=_zone(form) or zone,
        hours=_hours(form),
        share=form.record.share if (share := _share(form)) is None else share,
    )
    with call.parts.db.write() as connection:
        rosters.add(connection, form.record.id, entry)
    until = f", until {entry.until}" if entry.until else ""
    return f"Saved: <@{form.person}> answers from {entry.since} on{until}."


def _end(call: Call, form: _Form) -> str:
    last = form.day(actions.ROSTER_UNTIL) or form.today
    if form.person in rosters.grouped(call.parts.db, form.record.id) and form.record.user_group:
        said = "This person is here because the team's user group has them: take them out of the group."
        raise WrongFieldError(actions.ROSTER_PERSON, said)
    day = last + timedelta(days=1)
    others = (p for p in form.record.team.people if p.id != form.person)
    if not any(p.until is None or p.until >= day for p in others):
        raise WrongFieldError(actions.ROSTER_PERSON, "Nobody would answer after that day: add somebody else first.")
    with call.parts.db.write() as connection:
        rosters.end(connection, form.record.id, form.person, last)
    return f"Saved: the last day of <@{form.person}> is {last}."


def _details(call: Call, form: _Form) -> str:
    day = form.day(actions.ROSTER_FROM) or form.today
    share, hours, tz = _share(form), _hours(form), _zone(form)
    if share is None and hours is None and tz is None:
        raise WrongFieldError(actions.ROSTER_SHARE, "Write a share, hours or a time zone that changes.")
    with call.parts.db.write() as connection:
        rosters.change_from(connection, form.record.id, form.person, day, share=share, hours=hours, tz=tz)
    return f"Saved: it holds for <@{form.person}> from {day} on."


def _away(call: Call, form: _Form) -> str:
    if all(p.id != form.person for p in form.record.team.people):
        raise WrongFieldError(actions.ROSTER_PERSON, "This person is not on the roster: add them first.")
    first, last, how = picked(form.values, actions.AWAY_FROM, actions.AWAY_UNTIL, form.today)
    part = absences.HALF if how == HALF else absences.WHOLE
    days = spread(first, last, (part, part, part), form.today)
    if how == THERE:
        absences.cancel(call.parts.db, [form.record.id], form.person, days)
        return f"Saved: <@{form.person}> is there {', '.join(spans(dict.fromkeys(days, 1.0), form.today))}."
    absences.put(call.parts.db, [form.record.id], form.person, days)
    return f"Saved: <@{form.person}> is away {', '.join(spans(days, form.today))}."


def _view(
    call: Call,
    record: TeamRecord,
    what: str | None = None,
    *,
    kept: _Form | None = None,
    said: str = "",
    wrong: str = "",
) -> Block:
    return roster_view(
        record.id,
        record.team.name,
        record.team.people,
        team_day(record, call.now),
        what=what,
        follows=record.user_group is not None,
        said=said,
        wrong=wrong,
        typed={} if kept is None else {field: kept.of(field) for field in kept.values},
    )


def _field_of(error: BadInputError, form: _Form) -> str:
    """Where an error stands: an end at the last day, everything else at the first there is."""
    away = actions.AWAY_FROM in form.values
    first, last = (actions.AWAY_FROM, actions.AWAY_UNTIL) if away else (actions.ROSTER_FROM, actions.ROSTER_UNTIL)
    return last if error.field == LAST_DAY or first not in form.values else first


def _share(form: _Form) -> float | None:
    said = form.of(actions.ROSTER_SHARE)
    if said in (None, ""):
        return None
    try:
        percent = float(str(said))
    except ValueError:
        percent = 0.0
    if not 1 <= percent <= 100:
        raise WrongFieldError(actions.ROSTER_SHARE, "Write a percentage from 1 to 100.")
    return percent / 100


def _hours(form: _Form) -> str | None:
    said = " ".join(str(form.of(actions.ROSTER_HOURS) or "").split())
    try:
        return said if said and parse_hours(said) else None
    except BadInputError as error:
        raise WrongFieldError(actions.ROSTER_HOURS, str(error)) from error


def _zone(form: _Form) -> str | None:
    said = str(form.of(actions.ROSTER_TZ) or "").strip()
    try:
        return said if said and time_zone(said) else None
    except BadInputError as error:
        raise WrongFieldError(actions.ROSTER_TZ, str(error)) from error
