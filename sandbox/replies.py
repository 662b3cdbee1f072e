"""Direct answers: what an ack or a `response_url` shows, replaces or deletes.

Source: https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
"""

from aiohttp import web

from sandbox.api_chat import TEXT_LIMIT
from sandbox.blocks import check_blocks
from sandbox.config import Json, SlackError
from sandbox.records import Channel, Message
from sandbox.sandbox import Sandbox
from sandbox.triggers import ResponseUrl
from sandbox.webapi import read_arguments


def answer(sandbox: Sandbox, target: ResponseUrl, payload: Json) -> Json:
    """Carry out one answer.

    Returns:
        What the person now sees: `{"shown": "ephemeral|in_channel|replaced|deleted", "ts"}`.

    Raises:
        SlackError: `no_text`, `invalid_blocks`, `msg_too_long`, `message_not_found`.
    """
    workspace = sandbox.workspace
    channel = workspace.channel(target.channel)
    original = channel.messages.get(target.message_ts or "")
    if payload.get("delete_original"):
        workspace.delete(channel, _existing(original))
        return {"shown": "deleted", "ts": target.message_ts}
    text, blocks = _content(sandbox, payload)
    if payload.get("replace_original") and target.message_ts is not None:
        editor = workspace.app.bot_user_id
        workspace.edit(channel, _existing(original), editor, text=text, blocks=blocks)
        return {"shown": "replaced", "ts": target.message_ts}
    return _post(sandbox, channel, target, payload, text, blocks)


def _existing(message: Message | None) -> Message:
    if message is None:
        raise SlackError("message_not_found")
    return message


def _post(
    sandbox: Sandbox,
    channel: Channel,
    target: ResponseUrl,
    payload: Json,
    text: str,
    blocks: list[Json] | None,
) -> Json:
    public = payload.get("response_type") == "in_channel"
    workspace = sandbox.workspace
    message = workspace.bot_message(
        channel,
        text,
        blocks=blocks,
        thread_ts=payload.get("thread_ts") or target.thread_ts,
        ephemeral_to=None if public else target.user,
    )
    workspace.post(channel, message)
    if public:
        target.message_ts = message.ts
    return {"shown": "in_channel" if public else "ephemeral", "ts": message.ts}


def _content(sandbox: Sandbox, payload: Json) -> tuple[str, list[Json] | None]:
    text, blocks = str(payload.get("text") or ""), payload.get("blocks")
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > TEXT_LIMIT:
        raise SlackError("msg_too_long")
    if blocks is None:
        return text, None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    errors = check_blocks(blocks, "message")
    refused = None if errors else sandbox.faults.refused_block(blocks)
    if errors or refused:
        raise SlackError("invalid_blocks", errors=errors or [refused])
    return text, blocks


class ResponseEndpoint:
    """Serves `/response/{key}`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def serve(self, request: web.Request) -> web.Response:
        """Take one answer; Slack says `ok`, 404 for a dead URL, 400 for content it refuses."""
        payload = await read_arguments(request)
        try:
            target = self._sandbox.responses.use(request.match_info["key"])
        except SlackError as error:
            self._sandbox.calls.add("response_url", payload, error.body())
            return web.json_response(error.body(), status=404)
        try:
            result = {"ok": True, **answer(self._sandbox, target, payload)}
        except SlackError as error:
            self._sandbox.calls.add("response_url", payload, error.body())
            return web.json_response(error.body(), status=400)
        self._sandbox.calls.add("response_url", payload, result)
        return web.json_response({"ok": True})
