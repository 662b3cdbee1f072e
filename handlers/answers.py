"""How an answer reaches whoever asked: words, a view, or a change of the open one. What Slack says to it is read.

A native chart is new in Slack, and where a client or a workspace refuses it the whole answer would vanish: it is given
once more without its charts.
"""

import asyncio
import json
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.message import Block, Message
from bot.messages.problem import message_view, problem_view
from bot.messages.refusals import moment_view
from bot.outbox import BLOCKS_REFUSED
from bot.slack import word_in

log = logging.getLogger(__name__)

LATER = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds before each look for a view that an ack shows; Bolt passes an ack on within the first."""

NOT_SHOWN = "Slack did not take what should stand here. Please try again; if it stays so, tell the operator."

_WORD = re.compile(r"[a-z_]{1,60}")


@dataclass(frozen=True, slots=True)
class Instead:
    """Words that take the place of the message whose button was pressed, for everybody who saw it."""

    message: Message


@dataclass(frozen=True, slots=True)
class Push:
    """A view on top of the one that is open, which stays below."""

    view: Block


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a form: field → sentence. In time for the ack, nothing that was typed is lost."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Then:
    """An answer, and what is done once it is given.

    Attributes:
        first: Said at once.
        work: Called in a thread; what it returns is the next answer, None is none.
        alone: Where it is not empty, such works are done one after another, and whoever asks for one of the same name
            meanwhile is told to wait.
        kept: `first` tells of something that was changed, so it is said also to whoever is told to wait.
    """

    first: "Answer"
    work: Callable[[], "Answer"]
    alone: str = ""
    kept: bool = False


Answer = Message | Block | Instead | Push | Wrong | Then | None
"""A `dict` is a view."""


class Place:
    """Where somebody is: in a channel, under a message, in a view or at Home; knows how to answer there.

    Args:
        body: What Slack sent: a command, a press, a shortcut or a submitted form.
        respond: Answers where it was typed or pressed.
        client: Slack's Web API.
    """

    def __init__(self, body: Mapping[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        self._respond, self._client = respond, client
        self._trigger = str(body.get("trigger_id", ""))
        self._view: Mapping[str, Any] = body.get("view") or {}
        self._waits = ""

    async def one_moment(self) -> None:
        """Open a view that says so: Slack gives three seconds to open one, and what comes into it needs longer."""
        view = self.moment()
        if self._view.get("type") == "modal":
            await self._client.views_update(view_id=self._view["id"], hash=self._view["hash"], view=view)
        else:
            await self._client.views_open(trigger_id=self._trigger, view=view)

    def moment(self) -> Block:
        """A view that says so, for whoever shows it; the answer will look for it by its name."""
        self._waits = secrets.token_urlsafe(16)
        return moment_view(self._waits)

    async def give(self, answer: Message | Block | Instead | Push) -> None:
        """Show an answer.

        Raises:
            SlackApiError: Slack refuses the view.
        """
        if isinstance(answer, Instead) and self._view:
            await self._put(message_view(answer.message), new=False)
        elif isinstance(answer, Instead):
            await _say(self._respond, answer.message, replace_original=True)
        elif isinstance(answer, Push):
            await self._client.views_push(trigger_id=self._trigger, view=answer.view)
        elif isinstance(answer, Message) and not self._view and not self._waits:
            await _say(self._respond, answer, response_type="ephemeral", replace_original=False)
        else:
            await self._show(answer)

    async def _show(self, answer: Message | Block) -> None:
        """In a view: the one that waits for it, the modal in which was pressed, or a new one."""
        view = message_view(answer) if isinstance(answer, Message) else answer
        try:
            await self._put(view, new=isinstance(answer, Message))
        except SlackApiError as refused:
            if word_in(refused.response) == "hash_conflict":
                return  # a newer click has already won
            plain = answer.fallback if isinstance(answer, Message) else None
            # of a view, Slack says `invalid_arguments` for blocks it does not take
            if plain is not None and word_in(refused.response) in {*BLOCKS_REFUSED, "invalid_arguments"}:
                await self._put({**view, "blocks": list(plain)}, new=True)
            elif self._waits:  # or "one moment" would stand there for ever
                log.warning("Slack did not take a view: %s", word_in(refused.response))
                await self._put(problem_view(NOT_SHOWN), new=True)
            else:
                raise

    async def _put(self, view: Block, *, new: bool) -> None:
        if self._waits:
            await self._update_waiting(view)
        elif self._view.get("type") != "modal":
            await self._client.views_open(trigger_id=self._trigger, view=view)
        elif new:
            await self._client.views_push(trigger_id=self._trigger, view=view)
        else:
            await self._client.views_update(view_id=self._view["id"], hash=self._view["hash"], view=view)

    async def _update_waiting(self, view: Block) -> None:
        """Put the answer where "one moment" stands. A form's ack may reach Slack after this call: then once more."""
        for seconds in LATER:
            await asyncio.sleep(seconds)
            try:
                await self._client.views_update(external_id=self._waits, view=view)
            except SlackApiError as refused:
                if word_in(refused.response) != "not_found":
                    raise
            else:
                return
        log.warning("an answer found its view closed")


async def _say(respond: AsyncRespond, message: Message, **how: Any) -> None:
    refused = await _tried(respond, message.payload(), how)
    if refused in BLOCKS_REFUSED and message.fallback is not None:
        refused = await _tried(respond, message.payload(plain=True), how)
    if refused:
        log.warning("Slack did not take an answer: %s", refused)


async def _tried(respond: AsyncRespond, payload: Mapping[str, Any], how: Mapping[str, Any]) -> str:
    """Slack's word for why it refused; empty where it did not. Nothing else of what it says is kept.

    A `response_url` answers `ok`, JSON, or a word with status 400 or 404
    (https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses).
    """
    said = await respond(**payload, **how)
    try:
        read = json.loads(said.body)
    except ValueError:
        read = said.body
    if isinstance(read, Mapping):
        word = "" if read.get("ok") else str(read.get("error", ""))
        fine = bool(read.get("ok"))
    else:
        word, fine = str(read), said.status_code == 200
    return "" if fine else word if _WORD.fullmatch(word) else f"status {said.status_code}"


async def settled(task: "asyncio.Task[Answer]", seconds: float) -> bool:
    """Whether a task is done within so many seconds; it goes on where it is not."""
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(done)
