"""The state of one workspace and what can happen in it; every happening is announced as an event.

Nothing here knows of HTTP or sockets: `announce(event, channel, recipients_fixed)` is handed in.
Source of event shapes: https://docs.slack.dev/reference/events/
"""

import uuid
from collections.abc import Callable

from sandbox.changes import Changes
from sandbox.config import Install, Json, SandboxConfig, SlackError
from sandbox.inputs import with_block_ids
from sandbox.records import Channel, Message, User, View
from sandbox.typed import rich_text

Announce = Callable[[Json, Channel | None], None]


class Workspace:
    """People, channels, messages, views of one workspace with one installed app."""

    def __init__(self, config: SandboxConfig, changes: Changes) -> None:
        self.config = config
        self.changes = changes
        self.team_id = config.workspace_id
        self.team_name = config.workspace_name
        self.app: Install = config.app
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, Json] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.announce: Announce = lambda event, channel: None
        self.install(config.app)

    def now(self) -> float:
        """Unix seconds in this workspace."""
        return self.config.now()

    def install(self, app: Install) -> None:
        """Put an app in place of the one before, with its bot user."""
        if self.app.bot_user_id != app.bot_user_id:
            self.users.pop(self.app.bot_user_id, None)
        self.app = app
        self.users[app.bot_user_id] = User(
            app.bot_user_id, app.name, app.name, tz="UTC", is_bot=True, team_id=self.team_id
        )

    # -- finding ------------------------------------------------------------------------------

    def user(self, user_id: str) -> User:
        """A person by id; `user_not_found` otherwise."""
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def channel(self, channel_id: str) -> Channel:
        """A conversation by id; `channel_not_found` otherwise."""
        if channel_id not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[channel_id]

    def visible(self, channel_id: str, viewer: str) -> Channel:
        """A conversation that the viewer may know of: public, or one of their own."""
        channel = self.channel(channel_id)
        if (channel.is_private or channel.is_im) and viewer not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def joined(self, channel_id: str, member: str) -> Channel:
        """A conversation the member is in; `not_in_channel` where it is only visible."""
        channel = self.visible(channel_id, member)
        if member not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def message(self, channel: Channel, ts: str, viewer: str | None = None) -> Message:
        """A message by timestamp; ephemeral ones exist for their one reader only."""
        found = channel.messages.get(ts)
        if found is None or (found.ephemeral_to is not None and found.ephemeral_to != viewer):
            raise SlackError("message_not_found")
        return found

    def direct(self, user_id: str) -> Channel:
        """The direct message between a person and the bot, opened when needed."""
        person = self.user(user_id)
        if person.deleted or person.is_bot:
            raise SlackError("user_disabled" if person.deleted else "cannot_dm_bot")
        channel_id = "D" + user_id[1:]
        if channel_id not in self.channels:
            members = [user_id, self.app.bot_user_id]
            self.channels[channel_id] = Channel(
                channel_id, "", is_private=True, is_im=True, members=members, created=int(self.now())
            )
            self.changes.add("channel", channel_id, audience=frozenset(members))
        return self.channels[channel_id]

    def shown(self, channel: Channel, message: Message, with_metadata: bool = False) -> Json:
        """A message as Slack's API returns it, with the fields of its thread."""
        body = self._with_team(message.api(self.team_id, with_metadata))
        if message.is_reply:
            root = channel.messages.get(message.thread_ts or "")
            return {**body, "parent_user_id": root.user if root else "USLACKBOT"}
        return {**body, **channel.thread_fields(message.ts)}

    def _with_team(self, body: Json) -> Json:
        """Name the author's own workspace on a message from outside (Slack Connect)."""
        author = self.users.get(body.get("user", ""))
        if author is None or author.team_id in ("", self.team_id):
            return body
        return {**body, "team": author.team_id, "user_team": author.team_id, "source_team": author.team_id}

    def is_shared(self, channel: Channel) -> bool:
        """Whether people of another workspace are in the channel."""
        members = [self.users[m] for m in channel.members if m in self.users]
        return any(m.team_id not in ("", self.team_id) for m in members)

    def audience(self, channel: Channel, *extra: str) -> frozenset[str] | None:
        """Who may see what happens in a channel; None is everybody."""
        return frozenset([*channel.members, *extra]) if channel.is_private or channel.is_im else None

    def mark(self, kind: str, channel: Channel, user: str | None, **detail: object) -> None:
        """Tell the pages that something in a channel changed."""
        self.changes.add(kind, channel.id, user, self.audience(channel, *([user] if user else [])), **detail)

    # -- messages -----------------------------------------------------------------------------

    def post(self, channel: Channel, message: Message) -> Message:
        """Store a message and announce it. Its `ts` must come from the channel."""
        if channel.is_archived:
            raise SlackError("is_archived")
        if message.thread_ts is not None and message.thread_ts not in channel.messages:
            raise SlackError("thread_not_found")
        message.blocks = with_block_ids(message.blocks)
        channel.add(message)
        if message.ephemeral_to is not None:
            self.changes.add(
                "ephemeral",
                channel.id,
                message.ephemeral_to,
                frozenset([message.ephemeral_to]),
                ts=message.ts,
            )
            return message
        self.mark("message", channel, message.user, ts=message.ts)
        self._announce_message(channel, self.event_body(channel, message), message.ts)
        mention = f"<@{self.app.bot_user_id}"
        if mention in message.text and message.bot_id is None and not channel.is_im:
            body = {**self.event_body(channel, message), "type": "app_mention"}
            self.announce({**body, "channel": channel.id, "event_ts": message.ts}, channel)
        return message

    def event_body(self, channel: Channel, message: Message) -> Json:
        """The message as events carry it: no counts of its thread, the parent's author instead."""
        body = self._with_team(message.api(self.team_id, with_metadata=True))
        if message.is_reply:
            root = channel.messages.get(message.thread_ts or "")
            body["parent_user_id"] = root.user if root else "USLACKBOT"
        if message.bot_id == self.app.bot_id:
            body["bot_profile"] = {
                "id": self.app.bot_id,
                "app_id": self.app.app_id,
                "user_id": self.app.bot_user_id,
                "name": self.app.name,
                "deleted": False,
                "team_id": self.team_id,
            }
        return body

    def _announce_message(self, channel: Channel, body: Json, ts: str) -> None:
        event = {**body, "channel": channel.id, "channel_type": channel.kind, "event_ts": ts}
        self.announce(event, channel)

    def person_posts(
        self,
        user_id: str,
        channel: Channel,
        text: str,
        thread_ts: str | None = None,
        blocks: list[Json] | None = None,
    ) -> Message:
        """A person writes a message in Slack's own client, or another app's bot posts one."""
        message = Message(
            ts=channel.next_ts(self.now()),
            text=text,
            user=user_id,
            blocks=blocks or ([rich_text(text)] if text else None),
            thread_ts=thread_ts,
        )
        author = self.user(user_id)
        if author.is_bot:
            message.bot_id = author.profile.get("bot_id", f"B{user_id[1:]}")
        else:
            message.client_msg_id = str(uuid.uuid4())
        return self.post(channel, message)

    def bot_message(self, channel: Channel, text: str, **fields: object) -> Message:
        """Make (not post) a message of the installed app."""
        return Message(
            ts=channel.next_ts(self.now()),
            text=text,
            user=self.app.bot_user_id,
            bot_id=self.app.bot_id,
            app_id=self.app.app_id,
            **fields,  # type: ignore[arg-type]
        )

    def edit(self, channel: Channel, message: Message, editor: str, **fields: object) -> None:
        """Change a message's content; announces `message_changed` with both versions."""
        previous = self.event_body(channel, message)
        for name, value in fields.items():
            setattr(message, name, value)
        message.blocks = with_block_ids(message.blocks)
        if message.ephemeral_to is not None:
            only = frozenset([message.ephemeral_to])
            self.changes.add("ephemeral", channel.id, message.ephemeral_to, only, ts=message.ts)
            return
        now_ts = channel.next_ts(self.now())
        message.edited = {"user": editor, "ts": now_ts}
        self.mark("message", channel, editor, ts=message.ts)
        body = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "message": self.event_body(channel, message),
            "previous_message": previous,
            "ts": now_ts,
        }
        self._announce_message(channel, body, now_ts)

    def delete(self, channel: Channel, message: Message) -> None:
        """Delete a message; a root with replies leaves Slack's tombstone."""
        previous = self.event_body(channel, message)
        channel.remove(message.ts)
        if message.ephemeral_to is not None:
            only = frozenset([message.ephemeral_to])
            self.changes.add("ephemeral", channel.id, message.ephemeral_to, only, ts=message.ts)
            return
        if channel.threads.get(message.ts):
            stone = Message(message.ts, "This message was deleted.", "USLACKBOT", subtype="tombstone")
            stone.thread_ts = message.ts
            stone.extra = {"hidden": True}
            channel.add(stone)
        ts = channel.next_ts(self.now())
        self.mark("message", channel, message.user, ts=message.ts)
        body = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": message.ts,
            "previous_message": previous,
            "ts": ts,
        }
        self._announce_message(channel, body, ts)

    def react(self, channel: Channel, message: Message, user_id: str, name: str) -> None:
        """Add a reaction; `already_reacted` when it is there."""
        users = message.reactions.get(name, [])
        if user_id in users:
            raise SlackError("already_reacted")
        message.reactions[name] = [*users, user_id]
        self._announce_reaction("reaction_added", channel, message, user_id, name)

    def unreact(self, channel: Channel, message: Message, user_id: str, name: str) -> None:
        """Take a reaction back; `no_reaction` when there is none."""
        users = message.reactions.get(name, [])
        if user_id not in users:
            raise SlackError("no_reaction")
        rest = [u for u in users if u != user_id]
        if rest:
            message.reactions[name] = rest
        else:
            del message.reactions[name]
        self._announce_reaction("reaction_removed", channel, message, user_id, name)

    def _announce_reaction(self, kind: str, channel: Channel, message: Message, user_id: str, name: str) -> None:
        self.mark("reaction", channel, user_id, ts=message.ts)
        event: Json = {
            "type": kind,
            "user": user_id,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": message.ts},
            "event_ts": channel.next_ts(self.now()),
        }
        if message.user is not None:
            event["item_user"] = message.user
        self.announce(event, channel)
