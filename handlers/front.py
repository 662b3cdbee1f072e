"""The front: what the tables of the features say is heard here, worked out in a thread and answered.

Which team is meant, and whether they may, is asked of `handlers.meant` before anything is done.

Slack gives three seconds (https://docs.slack.dev/interactivity/handling-user-interaction/#acknowledgment_response).
Words and presses are acknowledged at once, and may be answered for half an hour. A view must open within the three
seconds: one that only reads the store does, one that needs more opens as "one moment" and is updated. A form's
mistakes *are* its ack, so they are found without asking Slack; what has to ask it comes after.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import HeadroomError, StorageError
from bot.messages import actions, refusals
from bot.messages.help import unknown_command
from bot.messages.message import Block, Message
from bot.messages.problem import message_view, problem
from bot.services.audience import team_day
from handlers import failures
from handlers.answers import Answer, Instead, Place, Then, Wrong, settled
from handlers.directory import Directory
from handlers.meant import allow, inherits, meant
from handlers.parts import Parts
from handlers.rows import (
    Button,
    Call,
    Form,
    May,
    Plain,
    RefusedError,
    Row,
    Shortcut,
    Word,
    after_first_word,
    channel_of,
    first_word,
)
from storage import digests, teams, told, touches
from storage.teams import TeamRecord

FORM_SECONDS = 2.5
"""Of the three that a form leaves us; what takes longer is said in the form, and its outcome follows there."""


class Front:
    """Hears what the tables say, and answers.

    Args:
        app: Bolt's app.
        parts: What plain functions may use.
        directory: Asks Slack about people and channels.
        rows: The tables of all features; words in help's order.
        renew: Publishes somebody's Home anew.
    """

    def __init__(
        self,
        app: AsyncApp,
        parts: Parts,
        directory: Directory,
        rows: Sequence[Row],
        renew: Callable[[str], Awaitable[None]],
    ) -> None:
        self._parts, self._directory, self._renew = parts, directory, renew
        self._words = {spelt: row for row in rows if isinstance(row, Word) for spelt in row.command.spellings}
        self._commands = tuple(row.command for row in rows if isinstance(row, Word))
        self._alone = asyncio.Lock()
        self._asking: set[str] = set()
        app.command("/headroom")(self._typed)
        app.action(re.compile(rf"^{actions.CHOOSE_TEAM}_\d+$"))(self._chosen)
        for row in rows:
            if isinstance(row, Button):
                app.action(row.action)(self._pressed(row))
            elif isinstance(row, Form):
                app.view(row.view)(self._sent(row))
            elif isinstance(row, Shortcut):
                app.shortcut(row.callback)(self._picked(row))

    # -- heard ------------------------------------------------------------------------------------

    async def _typed(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        word, text = first_word(body.get("text", "")), after_first_word(body.get("text", ""))
        call, place = self._call(body["user_id"], body["channel_id"], body, text=text), Place(body, respond, client)
        row = self._words.get(word)
        if row is None:
            await self._tell(place, await self._work(call, lambda c: unknown_command(word, c.role, c.commands)))
            return
        await self._answer(place, row, call, lambda: meant(self._parts, row, call.user, call.channel, text))

    async def _chosen(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        """Which of their teams was meant: the word is answered as in that team's channel."""
        await ack()
        word, text, chosen = json.loads(body["actions"][0]["value"])
        call, row = self._call(body["user"]["id"], channel_of(body), body, text=text), self._words[word]

        def find() -> TeamRecord:
            record = self._team(chosen)
            allow(self._parts, row, record, call.user, word)
            return record

        def do(call: Call) -> Answer:
            answer = row.do(call)
            if isinstance(answer, Then) and isinstance(answer.first, Message):
                return replace(answer, first=Instead(answer.first))
            return Instead(answer) if isinstance(answer, Message) else answer

        await self._answer(Place(body, respond, client), replace(row, do=do), call, find)

    def _pressed(self, row: Button) -> Callable[..., Awaitable[None]]:
        async def pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
            await ack()
            value = str(body["actions"][0].get("value") or "")
            call = self._call(body["user"]["id"], channel_of(body), body, value=value)

            def find() -> TeamRecord | None:
                record = self._found(row, call)
                if record is not None:
                    self._count(record, body)
                return record

            await self._answer(Place(body, respond, client), row, call, find)
            if row.renews and call.view.get("type") == "home":
                await self._renew(call.user)

        return pressed

    def _picked(self, row: Shortcut) -> Callable[..., Awaitable[None]]:
        async def picked(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
            await ack()
            answer = await self._work(self._call(body["user"]["id"], "", body), row.do)
            view = message_view(answer) if isinstance(answer, Message) else answer
            await self._tell(Place(body, respond, client), view)

        return picked

    def _sent(self, row: Form) -> Callable[..., Awaitable[None]]:
        async def sent(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
            call = self._call(body["user"]["id"], "", body, value=str(body["view"].get("private_metadata") or ""))
            checked = asyncio.create_task(self._work(call, self._form(row, row.first or row.do)))
            if await settled(checked, FORM_SECONDS) and not (row.first and checked.result() is None):
                await self._acknowledge(ack, checked.result())
                return
            place = Place(body, respond, client)
            await ack(response_action="update", view=place.moment())

            async def late() -> Answer:
                answer = await checked
                return (
                    await self._work(call, self._form(row, row.do, late=True)) if row.first and not answer else answer
                )

            await self._tell(place, await _surely(late()))

        return sent

    # -- worked out -------------------------------------------------------------------------------

    def _call(self, user: str, channel: str, body: Mapping[str, Any], *, text: str = "", value: str = "") -> Call:
        loop = asyncio.get_running_loop()

        def settle() -> None:
            async def heard() -> None:
                await self._parts.settled()

            asyncio.run_coroutine_threadsafe(heard(), loop).result()

        return Call(self._parts, self._directory, user, channel, body, None, text, value, self._commands, settle)

    async def _answer(
        self, place: Place, row: Word | Button, call: Call, find: Callable[[], TeamRecord | None]
    ) -> None:
        """Decide which team and whether they may, then work it out, and tell."""
        try:
            record = await self._parts.run(find)
        except HeadroomError as refused:
            await self._tell(place, _said(refused))
            return
        if row.moment:
            await place.one_moment()

        def do(call: Call) -> Answer:
            inherits(row, call)
            return row.do(call)

        work = self._work(replace(call, team=record), do)
        await self._tell(place, await _surely(work) if row.moment else await work)

    def _form(self, row: Form, do: Plain, *, late: bool = False) -> Plain:
        """The function of a form, once it is decided which team and whether they may."""

        def work(call: Call) -> Answer:
            call = replace(call, team=self._found(row, call))
            if late or row.first is None:
                inherits(row, call)
            elif row.may is May.STEWARD and call.team is not None and not call.lead:
                return None  # whether they may, Slack is asked first
            return do(call)

        return work

    async def _work(self, call: Call, do: Plain) -> Answer:
        """Do it in a thread; what is refused becomes its sentence."""
        return await self._parts.run(_sentence, call, do)

    def _found(self, row: Button | Form, call: Call) -> TeamRecord | None:
        """The team that a button or form is about, for whoever may."""
        found = None if row.may is May.PERSON else row.team(self._parts, call.body)
        if found is None and (row.anew or row.may in (May.PERSON, May.ANYONE)):
            return None
        record = self._team(found)
        allow(self._parts, row, record, call.user)
        return record

    def _team(self, number: int | None) -> TeamRecord:
        record = None if number is None else teams.get(self._parts.db, number)
        if record is None or record.workspace != self._parts.workspace:
            raise RefusedError(refusals.gone())
        return record

    def _count(self, record: TeamRecord, body: Mapping[str, Any]) -> None:
        """That a button under a post of ours was pressed, never by whom. What one person alone sees is no post."""
        ts = (body.get("container") or {}).get("message_ts") or (body.get("message") or {}).get("ts")
        posted = told.under(self._parts.db, record.id, str(ts)) if ts else None
        if posted is not None:
            touches.tap(self._parts.db, record.id, posted[0], team_day(record, self._parts.clock()))
            if posted[0] == "digest":
                digests.touched(self._parts.db, record.id)

    # -- told -------------------------------------------------------------------------------------

    async def _tell(self, place: Place, answer: Answer) -> None:
        if isinstance(answer, Then):
            await self._tell_both(place, answer)
        elif isinstance(answer, Wrong):
            await place.give(problem(" ".join(answer.fields.values())))
        elif answer is not None:
            await place.give(answer)

    async def _tell_both(self, place: Place, answer: Then) -> None:
        if not answer.alone:
            try:
                await self._tell(place, answer.first)
            finally:  # it is part of what was asked, shown or not
                found = await self._parts.run(answer.work)
            await self._tell(place, found)
            return
        if answer.alone in self._asking:
            if answer.kept:
                await self._tell(place, answer.first)
            await place.give(problem(refusals.BUSY))
            return
        self._asking.add(answer.alone)
        try:
            await self._tell(place, answer.first)
            async with self._alone:
                found = await self._parts.run(answer.work)
            await self._tell(place, found)
        finally:
            self._asking.discard(answer.alone)

    async def _acknowledge(self, ack: AsyncAck, answer: Answer) -> None:
        """A form's answer is its ack: what is wrong with it, what takes its place, or that it closes."""
        first, then = (answer.first, answer.work) if isinstance(answer, Then) else (answer, None)
        if isinstance(first, Wrong):
            await ack(response_action="errors", errors=dict(first.fields))
        elif first is None:
            await ack()
        else:
            await ack(response_action="update", view=_as_view(first))
        if then is not None:
            await self._parts.run(then)


async def _surely(work: Awaitable[Answer]) -> Answer:
    """Whatever happens, "one moment" ends in an answer."""
    try:
        return await work
    except Exception as error:
        return problem(failures.noted(error))


def _sentence(call: Call, do: Plain) -> Answer:
    try:
        return do(call)
    except StorageError as error:
        fields = list((call.view.get("state") or {}).get("values") or ())
        sent = call.body.get("type") == "view_submission"
        return Wrong({fields[0]: str(error)}) if sent and fields else problem(error)
    except HeadroomError as error:
        return _said(error)


def _said(error: HeadroomError) -> Message:
    return error.said if isinstance(error, RefusedError) else problem(error)


def _as_view(answer: Answer) -> Block:
    if isinstance(answer, (Instead, Message)):
        return message_view(answer.message if isinstance(answer, Instead) else answer)
    if isinstance(answer, dict):
        return answer
    raise TypeError(f"{type(answer).__name__} cannot take the place of a form")
