"""Socket Mode: tickets, up to ten connections, frames in order, and the ways a connection can die.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode/
"""

import asyncio
import json
import secrets
from collections.abc import Callable

from aiohttp import WSMsgType, web

from sandbox.config import Install, Json, SlackError

MAX_CONNECTIONS = 10
PATH = "/socket"


class Connection:
    """One open WebSocket with its queue of outgoing frames."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.transport = request.transport
        self.frames: asyncio.Queue[str] = asyncio.Queue()
        self.half_open = False
        self.retired = False

    async def write(self) -> None:
        """Send queued frames one after the other, until cancelled."""
        while True:
            frame = await self.frames.get()
            if not self.half_open and not self.socket.closed:
                await self.socket.send_str(frame)


class Sockets:
    """All Socket Mode connections of the app; each payload goes to one of them in turn."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._turn = 0
        self.on_ack: Callable[[str, Json | None], None] = lambda envelope_id, payload: None
        self.app: Callable[[], Install] = Install
        self.on_change: Callable[[], None] = lambda: None
        self.enabled = True

    def open(self, origin: str) -> str:
        """Issue a URL that opens one connection.

        Raises:
            SlackError: `too_many_websockets` beyond ten, `link_disabled` when Socket Mode is off.
        """
        if not self.enabled:
            raise SlackError("link_disabled")
        if len(self._connections) >= MAX_CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_urlsafe(12)
        self._tickets.add(ticket)
        return f"{origin.replace('http', 'ws', 1)}{PATH}?ticket={ticket}"

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def send(self, envelope: Json) -> bool:
        """Queue an envelope for the next connection; False when none is open."""
        usable = [c for c in self._connections if not c.retired]
        if not usable:
            return False
        self._turn += 1
        usable[self._turn % len(usable)].frames.put_nowait(json.dumps(envelope))
        return True

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """The WebSocket endpoint: a ticket is good for one connection."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="the ticket is unknown or was used before")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, autoclose=False, max_msg_size=16 * 2**20)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self._connections.append(connection)
        connection.frames.put_nowait(json.dumps(self._hello()))
        writer = asyncio.create_task(connection.write())
        self.on_change()
        try:
            await self._read(connection)
        finally:
            writer.cancel()
            if connection in self._connections:
                self._connections.remove(connection)
            self.on_change()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "connection_info": {"app_id": self.app().app_id},
            "num_connections": len(self._connections),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 3600},
        }

    async def _read(self, connection: Connection) -> None:
        socket = connection.socket
        while True:
            frame = await socket.receive()
            if frame.type in (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR):
                return
            if connection.half_open:
                if frame.type == WSMsgType.CLOSE:
                    return
            elif frame.type == WSMsgType.PING:
                await socket.pong(frame.data)
            elif frame.type == WSMsgType.CLOSE:
                await socket.close()
                return
            elif frame.type == WSMsgType.TEXT:
                self._take(frame.data)

    def _take(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        if isinstance(frame, dict) and isinstance(frame.get("envelope_id"), str):
            payload = frame.get("payload")
            self.on_ack(frame["envelope_id"], payload if isinstance(payload, dict) else None)

    # -- faults -------------------------------------------------------------------------------

    def disconnect(self, reason: str) -> None:
        """Send Slack's `disconnect` frame to every connection.

        Args:
            reason: `warning` leaves the connection usable; `refresh_requested` gives it no more
                envelopes; `link_disabled` also refuses new connections until `enable()`.
        """
        if reason not in ("warning", "refresh_requested", "link_disabled"):
            raise SlackError("invalid_fault", detail=f"disconnect reason {reason!r} is not known")
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        for connection in self._connections:
            connection.frames.put_nowait(json.dumps(frame))
            connection.retired = reason != "warning"
        self.enabled = reason != "link_disabled"

    def tcp_drop(self) -> None:
        """Cut every connection without a closing frame."""
        for connection in list(self._connections):
            if connection.transport is not None:
                connection.transport.close()
            if connection in self._connections:
                self._connections.remove(connection)

    def half_open(self) -> None:
        """Let every connection stay open and fall silent: no frames, no pongs."""
        for connection in self._connections:
            connection.half_open = True

    async def close(self) -> None:
        """Close every connection politely."""
        for connection in list(self._connections):
            await connection.socket.close()
