"""conversations.* methods. Source: https://docs.slack.dev/reference/methods/conversations.history/ ."""

import base64
import binascii

from sandbox.channels import join as join_channel
from sandbox.channels import leave as leave_channel
from sandbox.config import Json, SlackError
from sandbox.ratelimits import TIER_2, TIER_3, TIER_4
from sandbox.records import Channel, Message
from sandbox.webapi import Call, Method

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_PREFIX = {"channel": "channels", "group": "groups", "im": "im"}


def encode_cursor(position: str) -> str:
    """An opaque cursor for a position."""
    return base64.b64encode(position.encode()).decode()


def decode_cursor(cursor: str) -> str:
    """The position behind a cursor; `invalid_cursor` for a made-up one."""
    try:
        return base64.b64decode(cursor, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None


def page(call: Call, items: list[Json], default: int, most: int) -> tuple[list[Json], Json]:
    """One page of a list by position, with the metadata that leads to the next."""
    size = call.number("limit", default, most)
    start = 0
    if call.text("cursor"):
        position = decode_cursor(call.text("cursor")).removeprefix("at:")
        if not position.isdigit():
            raise SlackError("invalid_cursor")
        start = int(position)
    rest = start + size < len(items)
    cursor = encode_cursor(f"at:{start + size}") if rest else ""
    return items[start : start + size], {"next_cursor": cursor}


def _found(call: Call, right: str) -> Channel:
    """The channel asked for, when the app may know of it and has the scope of its kind."""
    channel_id = call.required("channel", "channel_not_found")
    channel = call.workspace.visible(channel_id, call.app.bot_user_id)
    call.need(f"{_PREFIX[channel.kind]}:{right}")
    return channel


def _readable(call: Call) -> Channel:
    channel = _found(call, "history")
    return call.workspace.joined(channel.id, call.app.bot_user_id)


def _bound(call: Call, name: str, default: float) -> float:
    value = call.text(name)
    if not value:
        return default
    try:
        return float(value)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _in_range(call: Call, ts: str, oldest: float, latest: float) -> bool:
    at = float(ts)
    return oldest <= at <= latest if call.flag("inclusive") else oldest < at < latest


def _window(call: Call, channel: Channel, newest_first: bool, messages: list[Message]) -> Json:
    """A page of messages between `oldest` and `latest`."""
    oldest, latest = _bound(call, "oldest", 0.0), _bound(call, "latest", float("inf"))
    chosen = [m for m in messages if _in_range(call, m.ts, oldest, latest)]
    chosen.sort(key=lambda m: m.ts, reverse=newest_first)
    if call.text("cursor"):
        edge = decode_cursor(call.text("cursor")).removeprefix("next_ts:")
        chosen = [m for m in chosen if (m.ts <= edge if newest_first else m.ts >= edge)]
    size = min(call.number("limit", 100, 999), call.sandbox.history_limit or 999)
    with_metadata = call.flag("include_all_metadata")
    shown = [call.workspace.shown(channel, m, with_metadata) for m in chosen[:size]]
    body: Json = {"messages": shown, "has_more": len(chosen) > size}
    if len(chosen) > size:
        body["response_metadata"] = {"next_cursor": encode_cursor(f"next_ts:{chosen[size].ts}")}
    return body


async def history(call: Call) -> Json:
    """conversations.history: roots and broadcast replies, newest first; no reaction times."""
    channel = _readable(call)
    roots = [m for m in channel.messages.values() if m.is_root and m.ephemeral_to is None]
    return {**_window(call, channel, True, roots), "pin_count": 0}


async def replies(call: Call) -> Json:
    """conversations.replies: the root, then its replies, oldest first."""
    channel = _readable(call)
    root = channel.messages.get(call.required("ts", "thread_not_found"))
    if root is None or root.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    if root.is_reply:
        return {"messages": [call.workspace.shown(channel, root)], "has_more": False}
    under = [channel.messages[ts] for ts in channel.threads.get(root.ts, ())]
    window = _window(call, channel, False, [m for m in under if m.ephemeral_to is None])
    if not call.text("cursor"):
        first = call.workspace.shown(channel, root, call.flag("include_all_metadata"))
        window["messages"].insert(0, first)
    return window


async def info(call: Call) -> Json:
    """conversations.info."""
    channel = _found(call, "read")
    return {"channel": channel.api(call.workspace.team_id, call.app.bot_user_id)}


async def members(call: Call) -> Json:
    """conversations.members: ids only, by pages; includes bots."""
    channel = _found(call, "read")
    ids: list[Json] = [{"id": member} for member in channel.members]
    some, metadata = page(call, ids, 100, 1000)
    return {"members": [m["id"] for m in some], "response_metadata": metadata}


def _listed(call: Call, of: str | None) -> list[Json]:
    """Conversations of the wanted types that the app may know of, or those `of` a member."""
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    asked = [t.strip() for t in call.text("types", "public_channel").split(",")]
    if any(t not in kinds for t in asked):
        raise SlackError("invalid_types")
    for kind in {kinds[t] for t in asked} & set(_PREFIX):
        call.need(f"{_PREFIX[kind]}:read")
    wanted = {kinds[t] for t in asked}
    bot, team = call.app.bot_user_id, call.workspace.team_id
    found: list[Json] = []
    for channel in call.workspace.channels.values():
        hidden = channel.kind != "channel" and bot not in channel.members
        if channel.kind not in wanted or hidden or (of is not None and of not in channel.members):
            continue
        if channel.is_archived and call.flag("exclude_archived"):
            continue
        found.append(channel.api(team, bot))
    return found


async def list_all(call: Call) -> Json:
    """conversations.list."""
    some, metadata = page(call, _listed(call, None), 100, 1000)
    return {"channels": some, "response_metadata": metadata}


async def list_of_user(call: Call) -> Json:
    """users.conversations: the app's own unless `user` is given."""
    member = call.text("user") or call.app.bot_user_id
    some, metadata = page(call, _listed(call, member), 100, 999)
    return {"channels": some, "response_metadata": metadata}


async def join(call: Call) -> Json:
    """conversations.join: public channels only."""
    channel = call.workspace.visible(call.required("channel", "channel_not_found"), call.app.bot_user_id)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    join_channel(call.workspace, channel, call.app.bot_user_id)
    return {"channel": channel.api(call.workspace.team_id, call.app.bot_user_id)}


async def leave(call: Call) -> Json:
    """conversations.leave."""
    channel = call.workspace.visible(call.required("channel", "channel_not_found"), call.app.bot_user_id)
    if call.app.bot_user_id not in channel.members:
        return {"not_in_channel": True}
    leave_channel(call.workspace, channel, call.app.bot_user_id)
    return {}


async def open_direct(call: Call) -> Json:
    """conversations.open: a direct message with one person."""
    users = [u for u in call.text("users").split(",") if u]
    if len(users) != 1:
        raise SlackError("users_list_not_supplied" if not users else "not_enough_users")
    channel = call.workspace.direct(users[0])
    return {"channel": {"id": channel.id}}


METHODS = {
    "conversations.history": Method(history, _HISTORY, TIER_3, reads=True),
    "conversations.replies": Method(replies, _HISTORY, TIER_3, reads=True),
    "conversations.info": Method(info, _READ, TIER_3, reads=True),
    "conversations.members": Method(members, _READ, TIER_4, reads=True),
    "conversations.list": Method(list_all, _READ, TIER_2, reads=True),
    "users.conversations": Method(list_of_user, _READ, TIER_3, reads=True),
    "conversations.join": Method(join, ("channels:join",), TIER_3),
    "conversations.leave": Method(leave, ("channels:manage", "groups:write"), TIER_3),
    "conversations.open": Method(open_direct, ("im:write", "mpim:write"), TIER_3),
}
