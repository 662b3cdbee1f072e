"""`/headroom roster`: the lead says who answers, from when to when, with what share of their time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadInputError, HeadroomError
from bot.health.seen.worktime import parse_hours, time_zone
from bot.jobs.roster import MOST_RESPONDERS, own_zone
from bot.messages import actions
from bot.messages.absences import HALF, THERE, spans
from bot.messages.message import Block
from bot.messages.problem import problem, problem_view
from bot.messages.roster import ADD, CHANGE, END, roster_view, unpacked
from bot.slack import Profile, word_in
from bot.team import Person
from handlers.absences import picked
from handlers.asked import Asked, Route
from handlers.away_words import AHEAD, LAST_DAY, LOOK_BACK, spread
from handlers.directory import Directory, Question, SlowSlackError
from handlers.parts import Parts
from handlers.roles import team_of_channel, teams_of
from handlers.setup_check import FULL, full_member, may_change
from handlers.setup_form import Values, typed
from storage import absences, teams
from storage import roster as rosters
from storage.teams import TeamRecord

SLACK_SECONDS = 1.6
"""Of the three seconds that a view leaves us."""

ONLY_LEAD = "Only the team's lead keeps its roster; your own days away you note with /headroom away."
NO_TEAM = "This channel belongs to no team: type /headroom roster in a channel where requests arrive."
GONE = "This team does not exist any more."
CHOOSE = "Choose what changes, and save once the fields for it are shown."


class WrongFieldError(HeadroomError):
    """Something in one field of the form."""

    def __init__(self, field: str, said: str) -> None:
        self.field = field
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class _Form:
    """A submitted form: the team, what is to change, and what was typed."""

    record: TeamRecord
    what: str
    today: date
    values: Values

    def of(self, field: str) -> Any:
        return typed(self.values.get(field, {}).get(field, {}))

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


class Roster:
    """Opens the roster, and takes one change at a time.

    Args:
        parts: What listeners may use.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._directory = Directory(parts.slack, parts.clock)

    def routes(self) -> dict[str, Route]:
        """The word of this feature."""

        async def roster(asked: Asked) -> None:
            view = await self._parts.run(self.in_channel, asked.user, asked.channel)
            if isinstance(view, str):
                await asked.tell(problem(view))
            else:
                await asked.client.views_open(trigger_id=asked.trigger, view=view)

        return {"roster": roster}

    def register(self, app: AsyncApp) -> None:
        """Listen to the button that opens it, to its menu, and to the form."""
        app.action(actions.ROSTER_OPEN)(self._opened)
        app.action(actions.ROSTER_WHAT)(self._chosen)
        app.view(actions.ROSTER_VIEW)(self._submitted)

    async def _opened(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        value = body["actions"][0].get("value", "")
        view = await self._parts.run(self.of_team, body["user"]["id"], value)
        shown = problem_view(view) if isinstance(view, str) else view
        if (body.get("view") or {}).get("type") == "modal":  # the button under what was just saved
            await self._update(client, body["view"], shown)
        else:
            await client.views_open(trigger_id=body["trigger_id"], view=shown)

    async def _chosen(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view, what = body["view"], typed(body["actions"][0])
        number, _ = unpacked(view["private_metadata"])
        shown = await self._parts.run(self.of_team, body["user"]["id"], str(number), what)
        await self._update(client, view, problem_view(shown) if isinstance(shown, str) else shown)

    async def _update(self, client: AsyncWebClient, view: Mapping[str, Any], shown: Block) -> None:
        try:
            await client.views_update(view_id=view["id"], hash=view["hash"], view=shown)
        except SlackApiError as refused:
            if word_in(refused.response) != "hash_conflict":  # a newer choice has already won
                raise

    async def _submitted(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        try:
            shown = await self._parts.run(self.save, body["user"]["id"], view)
        except WrongFieldError as wrong:
            await ack(response_action="errors", errors={wrong.field: str(wrong)})
        except HeadroomError as error:
            await ack(response_action="update", view=problem_view(error))
        else:
            await ack(response_action="update", view=shown)

    # -- plain functions, called in a thread --------------------------------------------------

    def in_channel(self, user: str, channel: str) -> Block | str:
        """The roster of a channel's team, or of the only one that the person leads; else why not."""
        record = team_of_channel(self._parts, channel)
        if record is None:
            led = [r for r in teams_of(self._parts, user) if r.lead == user]
            if len(led) != 1:
                return NO_TEAM
            record = led[0]
        return self._shown(user, record)

    def of_team(self, user: str, number: str, what: str | None = None) -> Block | str:
        """The roster of the team with that number, asking for one kind of change; else why not."""
        record = self._team(number)
        return GONE if record is None else self._shown(user, record, what)

    def save(self, user: str, view: Mapping[str, Any]) -> Block:
        """Make one change; returns the roster as it is then.

        Raises:
            WrongFieldError: Something in a field; nothing was changed.
            HeadroomError: The person may not, or the team is gone.
        """
        number, what = unpacked(view["private_metadata"])
        record = self._team(str(number))
        if record is None:
            raise HeadroomError(GONE)
        if not self._may(user, record):
            raise HeadroomError(ONLY_LEAD)
        values: Values = view["state"]["values"]
        chosen = typed(values.get(actions.ROSTER_WHAT, {}).get(actions.ROSTER_WHAT, {}))
        if what is None or chosen != what:  # saved before the fields for the choice were shown
            raise WrongFieldError(actions.ROSTER_WHAT, CHOOSE)
        form = _Form(record, what, self._today(record), values)
        said = self._change(form, str(form.of(actions.ROSTER_PERSON)))
        self._parts.wake()
        fresh = self._team(str(record.id)) or record
        return self._view(fresh, None, said)

    def _change(self, form: _Form, person: str) -> str:
        try:
            if form.what == ADD:
                return self._add(form, person)
            if form.what == END:
                return self._end(form, person)
            if form.what == CHANGE:
                return self._details(form, person)
            return self._away(form, person)
        except BadInputError as error:
            raise WrongFieldError(_field_of(error, form), str(error)) from error

    def _add(self, form: _Form, person: str) -> str:
        profile = self._profile(person)
        if not full_member(profile):
            raise WrongFieldError(actions.ROSTER_PERSON, f"This person cannot answer. Choose full members only: {FULL}")
        if len(form.record.responders_on(form.today) | {person}) > MOST_RESPONDERS:
            raise WrongFieldError(actions.ROSTER_PERSON, f"A team has at most {MOST_RESPONDERS} people who answer.")
        entry = Person(
            person,
            since=form.day(actions.ROSTER_FROM) or form.today,
            until=form.day(actions.ROSTER_UNTIL),
            tz=_zone(form) or own_zone(profile, form.record.team.tz),
            hours=_hours(form),
            share=form.record.share if (share := _share(form)) is None else share,
        )
        with self._parts.db.write() as connection:
            rosters.add(connection, form.record.id, entry)
        return f"Saved: <@{person}> answers from {entry.since} on{f', until {entry.until}' if entry.until else ''}."

    def _end(self, form: _Form, person: str) -> str:
        last = form.day(actions.ROSTER_UNTIL) or form.today
        if person in rosters.grouped(self._parts.db, form.record.id) and form.record.user_group:
            said = "This person is here because the team's user group has them: take them out of the group."
            raise WrongFieldError(actions.ROSTER_PERSON, said)
        day = last + timedelta(days=1)
        others = (p for p in form.record.team.people if p.id != person)
        if not any(p.until is None or p.until >= day for p in others):
            said = "Nobody would answer after that day: add somebody else first."
            raise WrongFieldError(actions.ROSTER_PERSON, said)
        with self._parts.db.write() as connection:
            rosters.end(connection, form.record.id, person, last)
        return f"Saved: the last day of <@{person}> is {last}."

    def _details(self, form: _Form, person: str) -> str:
        day = form.day(actions.ROSTER_FROM) or form.today
        share, hours, tz = _share(form), _hours(form), _zone(form)
        if share is None and hours is None and tz is None:
            raise WrongFieldError(actions.ROSTER_SHARE, "Write a share, hours or a time zone that changes.")
        with self._parts.db.write() as connection:
            rosters.change_from(connection, form.record.id, person, day, share=share, hours=hours, tz=tz)
        return f"Saved: it holds for <@{person}> from {day} on."

    def _away(self, form: _Form, person: str) -> str:
        if all(p.id != person for p in form.record.team.people):
            raise WrongFieldError(actions.ROSTER_PERSON, "This person is not on the roster: add them first.")
        first, last, how = picked(form.values, actions.AWAY_FROM, actions.AWAY_UNTIL, form.today)
        part = absences.HALF if how == HALF else absences.WHOLE
        days = spread(first, last, (part, part, part), form.today)
        if how == THERE:
            absences.cancel(self._parts.db, [form.record.id], person, days)
            return f"Saved: <@{person}> is there {', '.join(spans(dict.fromkeys(days, 1.0), form.today))}."
        absences.put(self._parts.db, [form.record.id], person, days)
        return f"Saved: <@{person}> is away {', '.join(spans(days, form.today))}."

    def _shown(self, user: str, record: TeamRecord, what: str | None = None) -> Block | str:
        try:
            return self._view(record, what) if self._may(user, record) else ONLY_LEAD
        except SlowSlackError as slow:
            return str(slow)

    def _view(self, record: TeamRecord, what: str | None, said: str = "") -> Block:
        people, today = record.team.people, self._today(record)
        follows = record.user_group is not None
        return roster_view(record.id, record.team.name, people, today, what=what, follows=follows, said=said)

    def _may(self, user: str, record: TeamRecord) -> bool:
        """The lead; any responder once the lead's account is gone."""
        if user == record.lead:
            return True
        lead = self._profile(record.lead) if record.lead else None
        return may_change(record, user, lead, self._parts.clock())

    def _profile(self, person: str) -> Profile | None:
        return self._directory.answers([Question("person", person)], SLACK_SECONDS).person(person)

    def _team(self, number: str) -> TeamRecord | None:
        record = teams.get(self._parts.db, int(number)) if number.isdecimal() else None
        return record if record is not None and record.workspace == self._parts.workspace else None

    def _today(self, record: TeamRecord) -> date:
        return datetime.fromtimestamp(self._parts.clock(), time_zone(record.team.tz)).date()


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
