"""chat.* and reactions.* methods. Source: https://docs.slack.dev/reference/methods/ ."""

import json

from sandbox.blocks import check_blocks
from sandbox.config import Json, SlackError
from sandbox.ratelimits import POSTING, TIER_2, TIER_3, TIER_4
from sandbox.records import Channel, Message
from sandbox.webapi import Call, Method

TEXT_LIMIT = 40_000
UPDATE_TEXT_LIMIT = 4_000
METADATA_LIMIT = 16_000
BLOCK_LIMIT = 50


def read_blocks(call: Call) -> list[Json] | None:
    """The `blocks` argument, checked as Slack checks it.

    Raises:
        SlackError: `invalid_blocks_format`, `msg_blocks_too_long`, or `invalid_blocks` with the list of
            `errors`, repeated in `response_metadata.messages`.
    """
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    return checked(call, blocks)


def checked(call: Call, blocks: object) -> list[Json]:
    """Blocks of a message, refused as `read_blocks` refuses them."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if len(blocks) > BLOCK_LIMIT:
        raise SlackError("msg_blocks_too_long")
    errors = check_blocks(blocks, "message")
    if not errors:
        refused = call.sandbox.faults.refused_block(blocks)
        errors = [refused] if refused else []
    if errors:
        notes = [f"[ERROR] {line}" for line in errors]
        raise SlackError("invalid_blocks", errors=errors, response_metadata={"messages": notes})
    return blocks


def _metadata(call: Call) -> Json | None:
    value = call.structure("metadata", "invalid_metadata_format")
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if not isinstance(value.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(value).encode()) > METADATA_LIMIT:
        raise SlackError("metadata_too_large")
    return value


def _content(call: Call, limit: int) -> tuple[str, list[Json] | None]:
    text, blocks = call.text("text"), read_blocks(call)
    if not text and not blocks and not call.args.get("attachments"):
        raise SlackError("no_text")
    if len(text) > limit:
        raise SlackError("msg_too_long")
    return text, blocks


def _target(call: Call) -> Channel:
    """The channel to post in; a user id opens the direct message."""
    target = call.required("channel", "channel_not_found")
    workspace, bot = call.workspace, call.app.bot_user_id
    if target in workspace.users:
        return workspace.direct(target)
    if target.startswith("#"):
        named = [c.id for c in workspace.channels.values() if c.name == target[1:]]
        target = named[0] if named else target
    channel = workspace.visible(target, bot)
    if channel.is_archived:
        raise SlackError("is_archived")
    if bot not in channel.members and "chat:write.public" not in call.app.scopes:
        raise SlackError("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel) -> tuple[str | None, str | None]:
    """The root's ts, and the subtype of a broadcast reply; a reply's ts stands for its root."""
    thread = call.text("thread_ts") or None
    if thread is None:
        return None, None
    root = channel.messages.get(thread)
    if root is None:
        raise SlackError("thread_not_found")
    thread = root.thread_ts or root.ts
    return thread, "thread_broadcast" if call.flag("reply_broadcast") else None


async def post_message(call: Call) -> Json:
    """chat.postMessage."""
    channel = _target(call)
    text, blocks = _content(call, TEXT_LIMIT)
    thread, subtype = _thread(call, channel)
    message = call.workspace.bot_message(
        channel,
        text,
        blocks=blocks,
        thread_ts=thread,
        subtype=subtype,
        metadata=_metadata(call),
        username=call.args.get("username"),
    )
    call.workspace.post(channel, message)
    body = call.workspace.event_body(channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": body}


async def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral."""
    channel = _target(call)
    user = call.required("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = _content(call, TEXT_LIMIT)
    thread, _ = _thread(call, channel)
    message = call.workspace.bot_message(channel, text, blocks=blocks, thread_ts=thread, ephemeral_to=user)
    call.workspace.post(channel, message)
    return {"message_ts": message.ts}


def _own(call: Call, missing: str) -> tuple[Channel, Message]:
    channel = call.workspace.visible(call.required("channel", "channel_not_found"), call.app.bot_user_id)
    message = channel.messages.get(call.text("ts"))
    if message is None or message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if message.bot_id != call.app.bot_id:
        raise SlackError(missing)
    return channel, message


async def update(call: Call) -> Json:
    """chat.update: only the app's own messages; metadata stays unless given anew."""
    channel, message = _own(call, "cant_update_message")
    text, blocks = _content(call, UPDATE_TEXT_LIMIT)
    fields: Json = {"text": text or message.text, "metadata": _metadata(call) or message.metadata}
    # Blocks stay unless the field is given; an empty list removes them (the method's own page).
    fields["blocks"] = message.blocks if blocks is None else blocks
    call.workspace.edit(channel, message, call.app.bot_user_id, **fields)
    shown = call.workspace.shown(channel, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


async def delete(call: Call) -> Json:
    """chat.delete: only the app's own messages."""
    channel, message = _own(call, "cant_delete_message")
    call.workspace.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


async def permalink(call: Call) -> Json:
    """chat.getPermalink."""
    channel = call.workspace.visible(call.required("channel", "channel_not_found"), call.app.bot_user_id)
    message = call.workspace.message(channel, call.required("message_ts", "message_not_found"))
    link = f"https://sandbox.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _item(call: Call) -> tuple[Channel, Message]:
    channel = call.workspace.joined(call.required("channel", "no_item_specified"), call.app.bot_user_id)
    return channel, call.workspace.message(channel, call.required("timestamp", "no_item_specified"))


async def reactions_add(call: Call) -> Json:
    """reactions.add."""
    channel, message = _item(call)
    name = call.required("name", "invalid_name").strip(":")
    call.workspace.react(channel, message, call.app.bot_user_id, name)
    return {}


async def reactions_remove(call: Call) -> Json:
    """reactions.remove."""
    channel, message = _item(call)
    name = call.required("name", "invalid_name").strip(":")
    call.workspace.unreact(channel, message, call.app.bot_user_id, name)
    return {}


async def reactions_get(call: Call) -> Json:
    """reactions.get: who reacted, without times."""
    channel, message = _item(call)
    return {"type": "message", "channel": channel.id, "message": call.workspace.shown(channel, message)}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",), POSTING, per_channel=True),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), TIER_4),
    "chat.update": Method(update, ("chat:write",), TIER_3),
    "chat.delete": Method(delete, ("chat:write",), TIER_3),
    "chat.getPermalink": Method(permalink, (), POSTING, reads=True),
    "reactions.add": Method(reactions_add, ("reactions:write",), TIER_3),
    "reactions.remove": Method(reactions_remove, ("reactions:write",), TIER_2),
    "reactions.get": Method(reactions_get, ("reactions:read",), TIER_3, reads=True),
}
