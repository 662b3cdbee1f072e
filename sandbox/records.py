"""The nouns of a workspace: person, channel, message, view; each can show itself as Slack's API does.

Source: https://docs.slack.dev/reference/objects/
"""

import secrets
from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.config import Json


@dataclass
class User:
    """A person or a bot user; `is_stranger` and another `team_id` make a Slack Connect guest, an empty `tz` no zone."""

    id: str
    name: str
    real_name: str = ""
    tz: str = "Europe/Berlin"
    is_bot: bool = False
    deleted: bool = False
    is_stranger: bool = False
    team_id: str = ""
    profile: Json = field(default_factory=dict)

    def api(self, now: float) -> Json:
        """The user object, with the time-zone offset that holds at `now`."""
        shown = self.real_name or self.name
        body: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": shown,
            **self._zone(now),
            "profile": {
                "real_name": shown,
                "display_name": self.name,
                "status_text": "",
                "status_emoji": "",
                "status_expiration": 0,
                "team": self.team_id,
                **self.profile,
            },
            "is_admin": False,
            "is_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": int(now),
        }
        if self.is_stranger:
            body["is_stranger"] = True
        return body

    def _zone(self, now: float) -> Json:
        """The time zone; Slack leaves it out where it knows none, as of accounts that nobody ever opened."""
        if not self.tz:
            return {}
        offset = datetime.fromtimestamp(now, ZoneInfo(self.tz)).utcoffset()
        return {"tz": self.tz, "tz_label": self.tz, "tz_offset": int(offset.total_seconds()) if offset else 0}


@dataclass
class Message:
    """One message as stored; what depends on its thread is added by the channel."""

    ts: str
    text: str
    user: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    blocks: list[Json] | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    client_msg_id: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    extra: Json = field(default_factory=dict)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    ephemeral_to: str | None = None
    states: dict[str, dict[str, dict[str, Json]]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether the message hangs under another one."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_root(self) -> bool:
        """Whether the channel itself shows it (a broadcast reply is shown there too)."""
        return not self.is_reply or self.subtype == "thread_broadcast"

    def api(self, team_id: str, with_metadata: bool = False) -> Json:
        """The message object, without what its thread adds."""
        body: Json = {"type": "message", "ts": self.ts, "text": self.text, "team": team_id}
        for name in ("user", "subtype", "bot_id", "app_id", "username", "blocks", "client_msg_id", "edited"):
            value = getattr(self, name)
            if value is not None:
                body[name] = value
        if self.thread_ts is not None:
            body["thread_ts"] = self.thread_ts
        if self.metadata is not None and with_metadata:
            body["metadata"] = self.metadata
        if self.reactions:
            body["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ]
        return {**body, **self.extra}


@dataclass
class Channel:
    """A conversation of any kind with its members and messages."""

    id: str
    name: str
    is_private: bool = False
    is_im: bool = False
    members: list[str] = field(default_factory=list)
    topic: str = ""
    is_archived: bool = False
    created: int = 0
    creator: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)
    last_ts_us: int = 0
    seeded_ts: str = ""

    @property
    def kind(self) -> str:
        """`channel`, `group` or `im`, as events and scopes name it."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    def next_ts(self, now: float) -> str:
        """A timestamp later than every other of this channel."""
        self.last_ts_us = max(self.last_ts_us + 1, int(now * 1_000_000))
        return f"{self.last_ts_us // 1_000_000}.{self.last_ts_us % 1_000_000:06d}"

    def add(self, message: Message) -> None:
        """Keep a message in time order and under its thread."""
        self.messages[message.ts] = message
        insort(self.order, message.ts)
        self.last_ts_us = max(self.last_ts_us, int(message.ts.replace(".", "")))
        if message.is_reply and message.thread_ts is not None:
            insort(self.threads.setdefault(message.thread_ts, []), message.ts)

    def remove(self, ts: str) -> Message:
        """Forget a message; the caller keeps a tombstone if replies hang under it."""
        message = self.messages.pop(ts)
        del self.order[bisect_left(self.order, ts)]
        if message.is_reply and message.thread_ts in self.threads:
            self.threads[message.thread_ts].remove(ts)
        return message

    def thread_fields(self, root_ts: str) -> Json:
        """What a root carries about its replies; empty without any."""
        replies = [self.messages[ts] for ts in self.threads.get(root_ts, ()) if ts in self.messages]
        shown = [m for m in replies if m.ephemeral_to is None]
        if not shown:
            return {}
        users = list(dict.fromkeys(m.user for m in shown if m.user))
        return {
            "thread_ts": root_ts,
            "reply_count": len(shown),
            "reply_users_count": len(users),
            "latest_reply": shown[-1].ts,
            "reply_users": users[:5],
            "is_locked": False,
        }

    def api(self, team_id: str, bot_user: str) -> Json:
        """The conversation object as the bot sees it."""
        body: Json = {
            "id": self.id,
            "created": self.created,
            "creator": self.creator,
            "is_archived": self.is_archived,
            "is_im": self.is_im,
            "context_team_id": team_id,
            "updated": self.created * 1000,
        }
        if self.is_im:
            other = next((m for m in self.members if m != bot_user), bot_user)
            return {**body, "user": other, "is_user_deleted": False, "is_open": True}
        return {
            **body,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_member": bot_user in self.members,
            "is_general": False,
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "num_members": len(self.members),
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass
class View:
    """A modal or App Home of one person, with what has been filled in so far."""

    id: str
    user: str
    body: Json
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    hash: str = ""
    root_id: str = ""
    previous_id: str | None = None

    def touch(self, now: float) -> None:
        """Give the view a new hash after a change."""
        self.hash = f"{int(now)}.{secrets.token_hex(4)}"

    def api(self, team_id: str, app_id: str, bot_id: str) -> Json:
        """The view object of Web API answers and interaction payloads."""
        kept = {"title": None, "close": None, "submit": None, "callback_id": "", "private_metadata": ""}
        flags = {"clear_on_close": False, "notify_on_close": False, "external_id": ""}
        return {
            **kept,
            **flags,
            **self.body,
            "id": self.id,
            "team_id": team_id,
            "state": {"values": self.state},
            "hash": self.hash,
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": app_id,
            "app_installed_team_id": team_id,
            "bot_id": bot_id,
        }
