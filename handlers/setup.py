"""`/headroom setup`: the form says what is wrong at the field, and makes or changes a team. Plain functions.

What can be told from the form and the store alone is its ack. Whether people may answer and channels fit, Slack has to
be asked: the form says "one moment" meanwhile, and stands there again, as typed, where something does not fit.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from bot.capture import apps_in, emoji_in
from bot.emoji import meant, proposed
from bot.errors import BadInputError, HeadroomError
from bot.health.results import Alerting
from bot.jobs import setup as jobs
from bot.messages import actions
from bot.messages.blocks import context
from bot.messages.help import Command, Role
from bot.messages.inputs import marked
from bot.messages.message import Block, Message
from bot.messages.setup import SetupDraft, draft_of, saved, setup_view
from bot.report import lookback
from bot.slack import SlackError
from bot.watch import OtherApp
from handlers.answers import Wrong
from handlers.directory import Question, SlowSlackError
from handlers.parts import Parts
from handlers.rows import Button, Call, Form, May, Row, Word, by_channel
from handlers.setup_check import INVITE, ONLY_MEMBERS, look_at, may_begin
from handlers.setup_form import (
    EMOJI_FIELDS,
    country_of,
    fill,
    left_out,
    mistakes,
    of_record,
    read,
    start_zone,
    to_team,
    with_apps,
)
from storage import alertings, keys, teams
from storage.teams import TeamDraft

SLACK_SECONDS = 8.0
"""For what Slack has to be asked while somebody waits before a view."""

MOST_MESSAGES = 1_000
DAY = 86_400.0

NO_GROUPS = "User groups are left out: the app lacks the scope usergroups:read. People can be chosen one by one."
WHAT = "change its settings; ask them, or ask them to hand the lead to you"


def by_draft(_parts: Parts, body: Mapping[str, Any]) -> int | None:
    """The team that the open form changes; None for a new one, or where the form is not ours."""
    try:
        return draft_of(str(body["view"].get("private_metadata", ""))).team_id
    except BadInputError:
        return None


def opened(call: Call) -> Block:
    """The form for a channel, empty or with its team in it.

    Raises:
        HeadroomError: Headroom is not in the channel, or the person may not set a team up for it.
    """
    parts, record = call.parts, call.team
    if record is not None:
        draft = of_record(record, call.channel, call.now, alertings.get(parts.db, record.id))
    else:
        draft = _begun(call, call.channel if call.channel[:1] in {"C", "G"} else "")
    return _emoji(call, draft) if call.text.strip().lower() == "emoji" else _shown(call, draft)


def more(call: Call) -> Block:
    """The open form with what has a default, with the emoji, or with neither; what was typed stays."""
    longer = call.value == "more"
    draft = filled(call)
    if call.value == "emoji":
        return _emoji(call, draft)
    return _shown(call, with_apps(draft, apps_seen(call.parts, draft.team_id)) if longer else draft, more=longer)


def first_mistakes(call: Call) -> Wrong | None:
    """What is wrong with a form by itself, where all of it can be marked on the page that is open."""
    draft, unread = read(draft_of(call.value), call.values)
    wrong = {**mistakes(draft), **unread}
    return Wrong(wrong) if wrong and set(wrong) <= set(call.values) else None


def save(call: Call) -> Block | Message:
    """Keep the team that a form makes; or the form again, each mistake under its field.

    Raises:
        HeadroomError: It could not be kept.
    """
    parts, record, values = call.parts, call.team, call.values
    typed, unread = read(draft_of(call.value), values)
    if wrong := {**mistakes(typed), **unread}:  # of somebody of whom Slack had to be asked first whether they may
        return _again(call, typed, wrong)
    try:
        found = look_at(parts, call.directory, typed, values, call.user, record, SLACK_SECONDS)
    except SlowSlackError as slow:
        return _again(call, typed, problem=str(slow))
    if found.wrong:
        return _again(call, found.draft, found.wrong)
    team = to_team(found.draft, parts.workspace, found.responders, found.people)
    try:
        keep(parts, team, Alerting(found.draft.alerting))
    except HeadroomError as error:
        return _again(call, found.draft, problem=str(error))
    return confirmation(team)


ROWS: tuple[Row, ...] = (
    Word(
        Command(
            "setup",
            {
                Role.LEAD: "change the team: people, hours, channels, emoji.",
                Role.OUTSIDER: "set up a team for a channel where requests arrive.",
            },
            near=("set-up", "settings", "config", "configure", "install", "emoji", "reactions"),
        ),
        opened,
        May.STEWARD,
        WHAT,
        moment=True,
        anew=True,
    ),
    Button(actions.OPEN_SETUP, opened, May.STEWARD, WHAT, by_channel, moment=True, anew=True),
    Button(actions.HOME_SETTINGS, opened, May.STEWARD, WHAT, by_channel, moment=True, anew=True),
    Button(actions.SETUP_MORE, more, May.STEWARD, WHAT, by_draft, anew=True),
    Button(actions.SETUP_EMOJI, more, May.STEWARD, WHAT, by_draft, anew=True),
    Form(actions.SETUP_VIEW, save, May.STEWARD, WHAT, by_draft, anew=True, first=first_mistakes),
)


def _begun(call: Call, place: str) -> SetupDraft:
    """A new team's form, for whoever may begin one in this channel."""
    about = [Question("members", place), Question("channel", place)] if place else []
    said = call.directory.answers([Question("person", call.user), *about], SLACK_SECONDS)
    person, members, queue = said.person(call.user), said.members(place), said.channel(place)
    if place and (queue is None or not queue.is_member):
        raise HeadroomError(INVITE)
    if not may_begin(person, members):
        raise HeadroomError(ONLY_MEMBERS)
    zone = start_zone(person)
    opened = SetupDraft(queue=place, lead=call.user, tz=zone, country=country_of(zone))
    return fill(opened, queue, (), person, {})


def _emoji(call: Call, draft: SetupDraft) -> Block:
    """The form with its emoji, and those proposed that were seen."""
    seen = emoji_in(past(call.parts, draft.team_id), call.parts.bot_user)
    return _shown(call, draft, emoji=True, seen=proposed(seen, meant(draft.emoji)))


def _again(call: Call, draft: SetupDraft, wrong: Mapping[str, str] | None = None, problem: str = "") -> Block:
    """The form as typed, each mistake under its field: on the page that is open, or where a hidden one stands."""
    wrong = wrong or {}
    hidden = set(wrong) - set(call.values)
    emoji = not EMOJI_FIELDS.keys().isdisjoint(hidden or call.values)
    longer = not emoji and (bool(hidden) or actions.HOURS in call.values)
    return marked(_shown(call, draft, more=longer, emoji=emoji, problem=problem), wrong)


def _shown(call: Call, draft: SetupDraft, *, problem: str = "", **page: Any) -> Block:
    """The form, with the user groups that Slack lets us read; `page` as `setup_view` takes it."""
    try:
        groups, why = call.parts.slack.groups(), None
    except SlackError as refused:
        groups, why = (), NO_GROUPS if refused.error == "missing_scope" else None
    return setup_view(draft, groups=groups, problem=problem or why, **page)


def filled(call: Call) -> SetupDraft:
    """What stands in an open form, its gaps filled by the channel and the people chosen in it."""
    draft, _ = read(draft_of(str(call.view["private_metadata"])), call.values)
    asked = [Question("person", person) for person in {call.user, *draft.responders}]
    if draft.queue:
        asked.append(Question("channel", draft.queue))
    try:
        said = call.directory.answers(asked, SLACK_SECONDS)
    except SlowSlackError:
        return draft
    people = [person for p in draft.responders if (person := said.person(p)) is not None]
    return fill(draft, said.channel(draft.queue), people, said.person(call.user), call.values)


def apps_seen(parts: Parts, team: int | None) -> tuple[OtherApp, ...]:
    """Other apps in the newest messages of the part of a team's past that was announced."""
    return apps_in(past(parts, team), parts.bot_user)


def past(parts: Parts, team: int | None) -> tuple[Mapping[str, Any], ...]:
    """The newest messages of the part of a team's past that was announced; read, counted and dropped.

    The queue was promised that nothing is read before it was told, so only a team's own past is looked at.
    """
    record = None if team is None else teams.get(parts.db, team)
    if record is None or record.announced is None:
        return ()
    told = record.announced - record.history_days * DAY
    oldest = f"{max(told, parts.clock() - 90 * DAY):.6f}"
    try:
        heard = [parts.slack.history(queue.channel, oldest) for queue in record.queues if queue.gone is None]
        return tuple(message for messages in heard for message in islice(messages, MOST_MESSAGES))
    except SlackError:
        return ()


def keep(parts: Parts, team: TeamDraft, alerting: Alerting = Alerting.USUAL) -> int:
    """Keep a team, its first keys and what follows, all or nothing; returns its number."""
    now = parts.clock()
    with parts.db.write():
        number = teams.save(parts.db, team, now)
        keys.make_first(parts.db, parts.workspace, now)
        jobs.begin(parts.db, number, now)
        if team.team_id is None:
            alertings.put(parts.db, number, alerting)
    record = teams.get(parts.db, number)
    if record is not None and alertings.get(parts.db, number) is not alerting:
        lookback.choose(parts.db, record, alerting, now)
    parts.wake()
    return number


def confirmation(team: TeamDraft) -> Message:
    """What was saved; of a small team, also what is left out and why."""
    said = saved(team.name, queue=team.queue, history_days=team.history_days, changed=team.team_id is not None)
    why = left_out(len(team.responders))
    blocks: list[Block] = context(why) if why else []
    return Message("\n".join([said.text, *([why] if why else [])]), (*said.blocks, *blocks))
