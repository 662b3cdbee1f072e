"""Coming, going and change of channels and people, announced as Slack announces them.

A removed bot gets `channel_left` or `group_left`, not `member_left_channel`: it is no member any more
(https://github.com/slackapi/bolt-js/issues/1847).
"""

import secrets
from dataclasses import asdict, replace

from sandbox.config import Json, SlackError
from sandbox.records import Channel, Message
from sandbox.workspace import Workspace


def _note(workspace: Workspace, channel: Channel, subtype: str, user: str, text: str, extra: Json) -> None:
    message = Message(channel.next_ts(workspace.now()), text, user, subtype=subtype, extra=extra)
    workspace.post(channel, message)


def join(workspace: Workspace, channel: Channel, user_id: str, inviter: str | None = None) -> None:
    """Make a person or bot a member; nothing happens when they are one already.

    Raises:
        SlackError: `is_archived`, `user_not_found`, or `method_not_supported_for_channel_type`.
    """
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    workspace.user(user_id)
    if user_id in channel.members:
        return
    channel.members.append(user_id)
    extra = {"inviter": inviter} if inviter else {}
    _note(workspace, channel, "channel_join", user_id, f"<@{user_id}> has joined the channel", extra)
    workspace.mark("channel", channel, user_id)
    event = {
        "type": "member_joined_channel",
        "user": user_id,
        "channel": channel.id,
        "channel_type": channel.id[0],
        "team": workspace.team_id,
        "event_ts": channel.next_ts(workspace.now()),
        **extra,
    }
    workspace.announce(event, channel)


def leave(workspace: Workspace, channel: Channel, user_id: str) -> None:
    """End a membership, by one's own will or by being removed."""
    if user_id not in channel.members:
        raise SlackError("not_in_channel")
    channel.members.remove(user_id)
    if not channel.is_archived:
        text = f"<@{user_id}> has left the channel"
        _note(workspace, channel, "channel_leave", user_id, text, {})
    workspace.mark("channel", channel, user_id)
    ts = channel.next_ts(workspace.now())
    if user_id == workspace.app.bot_user_id:
        kind = "group_left" if channel.is_private else "channel_left"
        workspace.announce({"type": kind, "channel": channel.id, "event_ts": ts}, None)
        return
    event = {
        "type": "member_left_channel",
        "user": user_id,
        "channel": channel.id,
        "channel_type": channel.id[0],
        "team": workspace.team_id,
        "event_ts": ts,
    }
    workspace.announce(event, channel)


def archive(workspace: Workspace, channel: Channel, user_id: str, archived: bool) -> None:
    """Archive a channel or bring it back."""
    if channel.is_archived == archived:
        raise SlackError("already_archived" if archived else "not_archived")
    channel.is_archived = archived
    workspace.mark("channel", channel, user_id)
    prefix = "group" if channel.is_private else "channel"
    kind = f"{prefix}_archive" if archived else f"{prefix}_unarchive"
    event = {"type": kind, "channel": channel.id, "user": user_id}
    workspace.announce({**event, "event_ts": channel.next_ts(workspace.now())}, channel)


def rename(workspace: Workspace, channel: Channel, name: str, user_id: str) -> None:
    """Give a channel another name."""
    if any(c.name == name for c in workspace.channels.values()):
        raise SlackError("name_taken")
    channel.name = name
    workspace.mark("channel", channel, user_id)
    kind = "group_rename" if channel.is_private else "channel_rename"
    about = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
    event = {"type": kind, "channel": about, "event_ts": channel.next_ts(workspace.now())}
    workspace.announce(event, channel)


def change_id(workspace: Workspace, channel: Channel, new_id: str) -> None:
    """Move a channel to another id, as happens when sharing with another workspace starts."""
    if new_id in workspace.channels:
        raise SlackError("name_taken")
    old = channel.id
    workspace.channels[new_id] = workspace.channels.pop(old)
    channel.id = new_id
    workspace.mark("channel", channel, None)
    event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new_id}
    workspace.announce({**event, "event_ts": channel.next_ts(workspace.now())}, channel)


def change_profile(workspace: Workspace, user_id: str, fields: Json) -> None:
    """Change a person's record (`tz`, `real_name`, `deleted`) or profile (any other field)."""
    user = workspace.user(user_id)
    own = {name: value for name, value in fields.items() if name in asdict(user)}
    profile = {name: value for name, value in fields.items() if name not in own}
    workspace.users[user_id] = changed = replace(user, **own, profile={**user.profile, **profile})
    now = workspace.now()
    workspace.changes.add("channel", user=user_id)
    event = {"type": "user_change", "user": changed.api(now), "event_ts": f"{now:.6f}"}
    workspace.announce(event, None)


def create(workspace: Workspace, name: str, user_id: str, private: bool) -> Channel:
    """Open a channel with its creator as the only member."""
    if any(c.name == name for c in workspace.channels.values()):
        raise SlackError("name_taken")
    now = int(workspace.now())
    channel = Channel(f"C{secrets.token_hex(4).upper()}", name, private, created=now, creator=user_id)
    channel.members.append(user_id)
    workspace.channels[channel.id] = channel
    workspace.mark("channel", channel, user_id)
    return channel
