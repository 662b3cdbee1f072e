"""`/headroom setup`: the form opens at once, says what is wrong at the field, and makes or changes a team."""

import asyncio
import logging
from collections.abc import Mapping
from itertools import islice
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.capture import apps_in
from bot.errors import HeadroomError, StorageError
from bot.health.drift import Alerting
from bot.jobs import setup as jobs
from bot.messages import actions
from bot.messages.blocks import context
from bot.messages.message import Block, Message
from bot.messages.problem import problem, problem_view
from bot.messages.setup import SetupDraft, draft_of, saved, setup_view
from bot.report import lookback
from bot.slack import SlackError, word_in
from bot.watch import OtherApp
from handlers.directory import Directory, Question, SlowSlackError
from handlers.parts import Parts
from handlers.roles import team_of_channel
from handlers.setup_check import INVITE, ONLY_LEAD, ONLY_MEMBERS, Findings, look_at, may_begin, may_change
from handlers.setup_form import (
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
from storage.teams import TeamDraft, TeamRecord

log = logging.getLogger(__name__)

SLACK_SECONDS = 1.6
"""Of the three seconds that a view leaves us: for what Slack has to be asked."""
SAVE_SECONDS = 0.7
"""… and for the store; a save that takes longer goes on, and its outcome follows in the channel."""
APPS_SECONDS = 2.5
"""For the apps that posted: the form is shown without them after that."""
MOST_MESSAGES = 1_000
DAY = 86_400.0
GROUP_SECONDS = 0.4
"""… and for the names of user groups, which the form can do without."""

NO_GROUPS = "User groups are left out: the app lacks the scope usergroups:read. People can be chosen one by one."
GONE = "This team does not exist any more: set it up anew."


class Setup:
    """Opens, reads and answers the set-up form.

    Args:
        parts: What listeners may use.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._directory = Directory(parts.slack, parts.clock)

    def register(self, app: AsyncApp) -> None:
        """Listen to the buttons that open the form, and to the form."""
        app.action(actions.OPEN_SETUP)(self._pressed)
        app.action(actions.SETUP_MORE)(self._more)
        app.view(actions.SETUP_VIEW)(self._submitted)

    async def open(self, client: AsyncWebClient, trigger: str, user: str, channel: str) -> HeadroomError | str | None:
        """Show the form for a channel, empty or with its team in it; one sentence for who may not."""
        start, (groups, why) = await asyncio.gather(
            self._parts.run(self.start, user, channel), self._groups(client, SLACK_SECONDS)
        )
        if not isinstance(start, SetupDraft):
            return start
        await client.views_open(trigger_id=trigger, view=setup_view(start, groups=groups, problem=why))
        return None

    async def _pressed(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        channel = body["actions"][0].get("value") or (body.get("channel") or {}).get("id", "")
        refused = await self.open(client, body["trigger_id"], body["user"]["id"], channel)
        if refused is not None:
            await respond(**problem(refused).payload(), response_type="ephemeral", replace_original=False)

    async def _more(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view, more = body["view"], body["actions"][0].get("value") == "more"
        draft = await self._parts.run(self.filled, view, body["user"]["id"])
        (groups, why), seen = await asyncio.gather(self._groups(client, SLACK_SECONDS), self._apps(draft, more))
        draft = with_apps(draft, seen)
        shown = setup_view(draft, more=more, groups=groups, problem=why)
        try:
            await client.views_update(view_id=view["id"], hash=view["hash"], view=shown)
        except SlackApiError as refused:
            if word_in(refused.response) != "hash_conflict":  # a newer click has already won
                raise

    async def _submitted(
        self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient
    ) -> None:
        user = body["user"]["id"]
        try:
            examined = await self._parts.run(self.examine, user, view)
        except StorageError as error:
            await ack(response_action="errors", errors={actions.NAME: str(error)})
            return
        except HeadroomError as error:
            await ack(response_action="update", view=problem_view(error))
            return
        if isinstance(examined, Findings):
            await self._show_mistakes(ack, examined, view, client)
            return
        team, alerting = examined
        saving = asyncio.create_task(self._parts.run(self.save, team, alerting))
        done, _ = await asyncio.wait({saving}, timeout=SAVE_SECONDS)
        try:
            if done:
                saving.result()
        except HeadroomError as error:
            await ack(response_action="errors", errors={actions.NAME: str(error)})
            return
        await ack()
        await self._confirm(client, user, team, saving)

    async def _show_mistakes(
        self, ack: AsyncAck, found: Findings, view: Mapping[str, Any], client: AsyncWebClient
    ) -> None:
        """At the field where it stands in the form; a field behind `More` is shown first."""
        if set(found.wrong) <= set(view["state"]["values"]):
            await ack(response_action="errors", errors=found.wrong)
            return
        groups, _ = await self._groups(client, GROUP_SECONDS)
        said = " ".join(found.wrong.values())
        shown = setup_view(found.draft, more=True, groups=groups, problem=said)
        await ack(response_action="update", view=shown)

    async def _groups(self, client: AsyncWebClient, seconds: float) -> tuple[tuple[tuple[str, str], ...], str | None]:
        """User groups as (id, name), and why there are none where Slack does not let us read them."""
        try:
            answer = await asyncio.wait_for(client.usergroups_list(), seconds)
        except SlackApiError as refused:
            return (), NO_GROUPS if word_in(refused.response) == "missing_scope" else None
        except (SlackClientError, OSError, TimeoutError):
            return (), None
        return tuple((group["id"], group["name"]) for group in answer.get("usergroups") or ()), None

    async def _apps(self, draft: SetupDraft, more: bool) -> tuple[OtherApp, ...]:
        """Apps that posted in the last 90 days; none when that takes long, or the past may not be read.

        The queue was promised that nothing is read before it was told, so only a team's own past is looked at.
        """
        if not more or draft.team_id is None:
            return ()
        try:
            return await asyncio.wait_for(self._parts.run(self.apps_seen, draft.team_id), APPS_SECONDS)
        except TimeoutError:
            return ()

    async def _confirm(self, client: AsyncWebClient, user: str, team: TeamDraft, saving: "asyncio.Task[int]") -> None:
        """Tell whoever saved how it went, in the queue and seen by them alone."""
        try:
            await saving
            said = confirmation(team)
        except HeadroomError as error:
            said = problem(error)
        try:
            await client.chat_postEphemeral(channel=team.queue, user=user, **said.payload())
        except (SlackClientError, OSError) as refused:
            log.warning("the confirmation of a set-up was not shown: %s", type(refused).__name__)

    # -- plain functions, called in a thread --------------------------------------------------

    def start(self, user: str, channel: str) -> SetupDraft | HeadroomError | str:
        """What the form opens with for this person in this channel, or why it does not."""
        parts = self._parts
        record = team_of_channel(parts, channel)
        if record is not None:
            if not self._may_change(record, user):
                return ONLY_LEAD
            return of_record(record, channel, parts.clock(), alertings.get(parts.db, record.id))
        place = channel if channel[:1] in {"C", "G"} else ""
        about = [Question("members", place), Question("channel", place)] if place else []
        try:
            said = self._directory.answers([Question("person", user), *about], SLACK_SECONDS)
        except SlowSlackError as slow:
            return slow
        person, members, queue = said.person(user), said.members(place), said.channel(place)
        if place and (queue is None or not queue.is_member):
            return INVITE
        if not may_begin(person, members):
            return ONLY_MEMBERS
        zone = start_zone(person)
        opened = SetupDraft(queue=place, lead=user, tz=zone, country=country_of(zone))
        return fill(opened, queue, (), person, {})

    def filled(self, view: Mapping[str, Any], user: str) -> SetupDraft:
        """What stands in an open form, its gaps filled by the channel and the people chosen in it."""
        draft, _ = read(draft_of(view["private_metadata"]), view["state"]["values"])
        asked = [Question("person", person) for person in {user, *draft.responders}]
        if draft.queue:
            asked.append(Question("channel", draft.queue))
        try:
            said = self._directory.answers(asked, SLACK_SECONDS)
        except SlowSlackError:
            return draft
        people = [person for p in draft.responders if (person := said.person(p)) is not None]
        return fill(draft, said.channel(draft.queue), people, said.person(user), view["state"]["values"])

    def apps_seen(self, team: int) -> tuple[OtherApp, ...]:
        """Other apps in the newest messages of the part of a team's past that was announced."""
        parts = self._parts
        record = teams.get(parts.db, team)
        if record is None or record.workspace != parts.workspace or record.announced is None:
            return ()
        told = record.announced - record.history_days * DAY
        oldest = f"{max(told, parts.clock() - 90 * DAY):.6f}"
        try:
            heard = [parts.slack.history(queue.channel, oldest) for queue in record.queues if queue.gone is None]
            return apps_in((m for past in heard for m in islice(past, MOST_MESSAGES)), parts.bot_user)
        except SlackError:
            return ()

    def examine(self, user: str, view: Mapping[str, Any]) -> tuple[TeamDraft, Alerting] | Findings:
        """The team that a submitted form makes and how early it is warned, or its mistakes.

        Raises:
            HeadroomError: The person may not change the team, or it is gone.
        """
        parts = self._parts
        values = view["state"]["values"]
        typed, unread = read(draft_of(view["private_metadata"]), values)
        record = None if typed.team_id is None else teams.get(parts.db, typed.team_id)
        if typed.team_id is not None and (record is None or record.workspace != parts.workspace):
            raise HeadroomError(GONE)
        if record is not None and not self._may_change(record, user):
            raise HeadroomError(ONLY_LEAD)
        try:
            found = look_at(parts, self._directory, typed, values, user, record, SLACK_SECONDS)
        except SlowSlackError as slow:
            return Findings(typed, (), (), {actions.RESPONDERS: str(slow)})
        wrong = {**found.wrong, **mistakes(found.draft, parts.clock()), **unread}
        if wrong:
            return Findings(found.draft, found.responders, found.people, wrong)
        made = to_team(found.draft, parts.workspace, found.responders, found.people, record)
        return made, Alerting(found.draft.alerting)

    def save(self, team: TeamDraft, alerting: Alerting = Alerting.USUAL) -> int:
        """Keep a team, its first keys and what follows, all or nothing; returns its number."""
        parts, now = self._parts, self._parts.clock()
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

    def _may_change(self, record: TeamRecord, user: str) -> bool:
        if user == record.lead:
            return True
        lead = self._directory.answers([Question("person", record.lead or "")], SLACK_SECONDS)
        return may_change(record, user, lead.person(record.lead or ""), self._parts.clock())


def confirmation(team: TeamDraft) -> Message:
    """What was saved; of a small team, also what is left out and why."""
    said = saved(team.name, queue=team.queue, history_days=team.history_days, changed=team.team_id is not None)
    why = left_out(len(team.responders))
    blocks: list[Block] = context(why) if why else []
    return Message("\n".join([said.text, *([why] if why else [])]), (*said.blocks, *blocks))
