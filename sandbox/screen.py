"""What a person sees: the looking half of the control API, which `control` describes."""

import json
from contextlib import suppress
from dataclasses import asdict

from aiohttp import web

from sandbox import views
from sandbox.config import Json, SlackError
from sandbox.records import Channel, Message
from sandbox.sandbox import Sandbox

_POLL_MOST = 60.0


def ok(body: Json) -> web.Response:
    """A good answer."""
    return web.json_response({"ok": True, **body})


class Screen:
    """The `GET` routes under `/sandbox/`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._workspace = sandbox.workspace
        self._read: dict[tuple[str, str], str] = {}

    async def state(self, request: web.Request) -> web.Response:
        """`GET /sandbox/state`."""
        viewer = request.query.get("as", "")
        now = self._workspace.now()
        app = asdict(self._workspace.app)
        shown_app = {k: v for k, v in app.items() if not k.endswith("_token")}
        body: Json = {
            "now": now,
            "workspace": {"id": self._workspace.team_id, "name": self._workspace.team_name},
            "app": shown_app,
            "users": [u.api(now) for u in self._workspace.users.values()],
            "rate_limits": self._sandbox.limits.mode,
            "connections": self._sandbox.sockets.count,
            "seq": self._sandbox.changes.seq,
        }
        mine = self._workspace.users.get(viewer)
        home = self._workspace.homes.get(viewer)
        body["me"] = mine.api(now) if mine else None
        body["channels"] = [self._channel_line(c, viewer) for c in self._seen_by(viewer)]
        body["modals"] = [views.shown(self._sandbox, v) for v in views.stack_of(self._sandbox, viewer)]
        body["home"] = views.shown(self._sandbox, self._workspace.views[home]) if home else None
        return ok(body)

    def _seen_by(self, viewer: str) -> list[Channel]:
        everything = self._workspace.channels.values()
        return [c for c in everything if c.kind == "channel" or viewer in c.members]

    def _channel_line(self, channel: Channel, viewer: str) -> Json:
        read = self._read.get((viewer, channel.id), channel.seeded_ts)
        line: Json = {
            "id": channel.id,
            "name": channel.name,
            "is_private": channel.is_private,
            "is_im": channel.is_im,
            "is_member": viewer in channel.members,
            "is_archived": channel.is_archived,
            "topic": channel.topic,
            "unread": sum(1 for m in self._later(channel, read) if self._new_for(m, viewer)),
        }
        if channel.is_im:
            line["user"] = next((m for m in channel.members if m != viewer), viewer)
        return line

    @staticmethod
    def _later(channel: Channel, ts: str) -> list[Message]:
        found = []
        for one in reversed(channel.order):
            if one <= ts:
                break
            found.append(channel.messages[one])
        return found

    def _new_for(self, message: Message, viewer: str) -> bool:
        return message.is_root and message.user != viewer and self._for(message, viewer)

    @staticmethod
    def _for(message: Message, viewer: str) -> bool:
        return message.ephemeral_to in (None, viewer)

    async def channel(self, request: web.Request) -> web.Response:
        """`GET /sandbox/channel/{id}`."""
        viewer, thread = request.query.get("as", ""), request.query.get("thread")
        try:
            limit = int(request.query.get("limit", "100"))
            channel = self._workspace.visible(request.match_info["id"], viewer)
        except SlackError as error:
            return web.json_response(error.body())
        except ValueError:
            return web.json_response(SlackError("invalid_limit").body())
        messages = [channel.messages[ts] for ts in channel.order if self._for(channel.messages[ts], viewer)]
        if thread is not None:
            messages = [m for m in messages if thread in (m.ts, m.thread_ts)]
        else:
            messages = [m for m in messages if m.is_root]
        if channel.order:
            self._read[viewer, channel.id] = channel.order[-1]
        shown = [self._message_line(channel, m, viewer) for m in messages[-limit:]]
        line = self._channel_line(channel, viewer)
        return ok({"channel": line, "messages": shown, "members": channel.members})

    def _message_line(self, channel: Channel, message: Message, viewer: str) -> Json:
        line = {
            "user": None,
            "bot_id": None,
            "username": None,
            "blocks": None,
            "thread_ts": None,
            "reply_count": 0,
            "reactions": [],
            "edited": None,
            "subtype": None,
            **self._workspace.shown(channel, message, with_metadata=True),
        }
        line["deleted"] = message.subtype == "tombstone"
        line["ephemeral"] = message.ephemeral_to is not None
        line["state"] = message.states.get(viewer, {})
        return line

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """`GET /sandbox/changes`, streamed or by long poll."""
        viewer = request.query.get("as") or None
        feed = self._sandbox.changes
        try:
            seq = int(request.query.get("since", feed.seq))
            poll = request.query.get("poll")
            seconds = None if poll is None else min(float(poll), _POLL_MOST)
        except ValueError:
            return web.json_response(SlackError("invalid_arguments").body())
        if seconds is not None:
            await feed.wait(seq, seconds)
            return ok({"changes": feed.after(seq, viewer), "seq": feed.seq})
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        # A tab that is closed is no error.
        with suppress(ConnectionResetError):
            await self._stream(response, seq, viewer)
        return response

    async def _stream(self, response: web.StreamResponse, seq: int, viewer: str | None) -> None:
        feed = self._sandbox.changes
        await response.write(b": connected\n\n")
        while True:
            for change in feed.after(seq, viewer):
                await response.write(f"id: {change['seq']}\ndata: {json.dumps(change)}\n\n".encode())
            seq = feed.seq
            await feed.wait(seq, 15.0)
            if feed.seq == seq:
                # A comment line shows a browser that has gone away.
                await response.write(b": still here\n\n")

    async def calls(self, request: web.Request) -> web.Response:
        """`GET /sandbox/calls`."""
        since = request.query.get("since", "0")
        return ok({"calls": self._sandbox.calls.since(int(since) if since.isdigit() else 0)})

    async def deliveries(self, request: web.Request) -> web.Response:
        """`GET /sandbox/deliveries`."""
        return ok(self._sandbox.deliveries.report())
