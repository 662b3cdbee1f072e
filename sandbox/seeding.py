"""Filling a workspace in bulk: people, channels, the app, past messages; nothing is announced."""

import secrets
from dataclasses import fields, replace

from sandbox.config import Install, Json, SlackError
from sandbox.inputs import with_block_ids
from sandbox.records import Channel, Message, User
from sandbox.workspace import Workspace


def exact_ts(value: object) -> str:
    """A message timestamp in Slack's form, from a string or a number of Unix seconds."""
    try:
        microseconds = round(float(str(value)) * 1_000_000)
    except ValueError:
        raise SlackError("invalid_seed", detail=f"ts {value!r} must be Unix seconds") from None
    if isinstance(value, str) and len(value.partition(".")[2]) == 6:
        return value
    return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"


def seed(workspace: Workspace, data: Json) -> Json:
    """Add everything in `data`; see the reference in `control`.

    Returns:
        How many of each were added.

    Raises:
        SlackError: `invalid_seed` with what is wrong; what came before it stays added.
    """
    if "app" in data:
        workspace.install(_install(workspace.app, data["app"]))
    for user in data.get("users", ()):
        _user(workspace, user)
    for group in data.get("usergroups", ()):
        handle = group.get("handle", group["id"])
        workspace.usergroups[group["id"]] = {"id": group["id"], "handle": handle, "users": group["users"]}
    for channel in data.get("channels", ()):
        _channel(workspace, channel)
    for message in data.get("messages", ()):
        _message(workspace, message)
    workspace.changes.add("channel")
    kinds = ("users", "usergroups", "channels", "messages")
    return {kind: len(data.get(kind, ())) for kind in kinds}


def _install(before: Install, given: Json) -> Install:
    known = {f.name for f in fields(Install)}
    unknown = set(given) - known
    if unknown:
        raise SlackError("invalid_seed", detail=f"app has no field {sorted(unknown)}; it has {sorted(known)}")
    lists = ("scopes", "bot_events", "commands")
    values: Json = {k: tuple(v) if k in lists and v is not None else v for k, v in given.items()}
    if isinstance(given.get("shortcuts"), list):
        values["shortcuts"] = {one: one for one in given["shortcuts"]}
    return replace(before, **values)


def _user(workspace: Workspace, given: Json) -> None:
    known = {f.name for f in fields(User)}
    profile = {k: v for k, v in given.items() if k not in known}
    own = {k: v for k, v in given.items() if k in known and v is not None}
    user = User(**{"team_id": workspace.team_id, "name": str(given["id"]).lower(), **own})
    user.profile = {**profile, **user.profile}
    workspace.users[user.id] = user


def _channel(workspace: Workspace, given: Json) -> None:
    members = list(given.get("members", ()))
    unknown = [m for m in members if m not in workspace.users]
    if unknown:
        raise SlackError("invalid_seed", detail=f"channel {given['id']} has unknown members {unknown}")
    workspace.channels[given["id"]] = Channel(
        id=given["id"],
        name=given.get("name", given["id"].lower()),
        is_private=bool(given.get("is_private")),
        is_im=bool(given.get("is_im")),
        members=members,
        topic=given.get("topic") or "",
        is_archived=bool(given.get("is_archived")),
        created=int(given.get("created", 0)) or int(workspace.now()),
        creator=members[0] if members else "",
    )


def _message(workspace: Workspace, given: Json) -> None:
    channel = workspace.channels.get(given["channel"])
    if channel is None:
        raise SlackError("invalid_seed", detail=f"message in unknown channel {given['channel']!r}")
    ts = exact_ts(given["ts"])
    if ts in channel.messages:
        raise SlackError("invalid_seed", detail=f"channel {channel.id} has two messages with ts {ts}")
    thread = given.get("thread_ts")
    known = ("subtype", "username", "metadata", "bot_id", "app_id")
    message = Message(
        ts=ts,
        text=given.get("text", ""),
        user=given.get("user"),
        blocks=with_block_ids(given.get("blocks")),
        thread_ts=None if thread is None else exact_ts(thread),
        client_msg_id=None if given.get("bot_id") else secrets.token_hex(16),
        **{name: given[name] for name in known if given.get(name) is not None},
    )
    message.reactions = {r["name"]: list(r["users"]) for r in given.get("reactions", ())}
    if given.get("bot_id") == workspace.app.bot_id:
        message.app_id, message.user = workspace.app.app_id, workspace.app.bot_user_id
    channel.add(message)
    channel.seeded_ts = channel.order[-1]
