"""When a listener fails: the log learns the kind and the place, the person one clear sentence."""

import asyncio
import logging
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import HeadroomError
from bot.messages.problem import problem, problem_view
from bot.slack import SlackError, word_in

log = logging.getLogger(__name__)

UNEXPECTED = "Something went wrong, and nothing was changed. Please try again; if it stays so, tell the operator."
TOO_LATE = "Slack gave Headroom three seconds to open this, and they were over. Please try again."
SLACK_REFUSED = "Slack did not answer as expected, and nothing was changed. Please try again in a minute."

ACK_SEEN = 0.05
"""Seconds until Bolt has surely passed an ack on: its runner looks every 0.01 s, and forgets an ack when the
listener fails before the next look (slack_bolt/listener/asyncio_runner.py), so a failure must not end sooner."""

HOUSE = Path(__file__).resolve().parent.parent
"""Our own code: the innermost frame inside it is the place worth naming."""


def register(app: AsyncApp) -> None:
    """Answer every failure of a listener or middleware here."""
    app.error(failed)


async def failed(
    error: Exception,
    body: Mapping[str, Any],
    respond: AsyncRespond,
    client: AsyncWebClient,
    response: BoltResponse | None,
) -> BoltResponse | None:
    """Log kind and place (never a payload, which holds words of people), and answer whoever waits.

    Args:
        error: What was raised.
        body: Slack's payload, read only to find out where to answer.
        respond: Answers at the payload's `response_url`.
        client: Slack's Web API.
        response: What Slack would be told; None once it was acknowledged.
    """
    said = noted(error)
    if body.get("type") == "view_submission" and response is not None:
        return BoltResponse(status=200, body={"response_action": "update", "view": problem_view(said)})
    if response is None:
        await asyncio.sleep(ACK_SEEN)
    try:
        await _answer(body, said, respond, client)
    except (SlackClientError, OSError) as lost:
        log.warning("the person could not be told: %s", type(lost).__name__)
    return None


async def _answer(
    body: Mapping[str, Any], said: HeadroomError | str, respond: AsyncRespond, client: AsyncWebClient
) -> None:
    view = body.get("view")
    if body.get("response_url"):
        await respond(**problem(said).payload(), response_type="ephemeral", replace_original=False)
    elif view and body.get("type") == "block_actions":
        await client.views_update(view_id=view["id"], view=problem_view(said))
    elif view:  # a form that has closed: its outcome can only follow directly
        await client.chat_postMessage(channel=body["user"]["id"], **problem(said).payload())


def noted(error: Exception) -> HeadroomError | str:
    """Log kind and place of an error; what a person may read of it."""
    log.error("%s at %s", type(error).__name__, place(error))
    return sentence(error)


def sentence(error: Exception) -> HeadroomError | str:
    """What a person may read of an error."""
    if isinstance(error, HeadroomError):
        return error
    if isinstance(error, SlackApiError) and word_in(error.response) in {
        "expired_trigger_id",
        "exchanged_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
    }:
        return TOO_LATE
    return SLACK_REFUSED if isinstance(error, (SlackClientError, SlackError)) else UNEXPECTED


def place(error: Exception) -> str:
    """File, line and function of the innermost frame in our own code, else of the innermost of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(HOUSE) and "site-packages" not in f.filename]
    if not frames:
        return "an unknown place"
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"
