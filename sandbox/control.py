"""The control API under `/sandbox/`: for the page, for tests and for the demo. JSON over HTTP, loopback only.

Answers are `{"ok": true, ...}` or `{"ok": false, "error": name, "detail"?: text}`; a refused request is
still HTTP 200, as with Slack's own API. `as` is the id of the person who looks or acts.

`GET /sandbox/state?as=U1`
    `{"now", "workspace": {id, name}, "app": {name, bot_user_id, commands, ...}, "me": user, "users": [...],
    "channels": [{id, name, is_private, is_im, is_member, is_archived, topic, unread, user?}],
    "modals": [view, the visible one last], "home": view | null, "rate_limits", "connections", "seq": N}`.
    Tokens are left out. `user` is the other side of a direct message. Seeded messages count as read.

`GET /sandbox/channel/{id}?as=U1[&thread=ts][&limit=100]`
    `{"channel", "messages": [{ts, user, bot_id, username, text, blocks, thread_ts, reply_count, reactions:
    [{name, users, count}], edited, deleted, ephemeral, subtype, latest_reply, reply_users, state}],
    "members": [id]}`; oldest first, the last `limit`. Without `thread`: roots, broadcast replies and
    ephemeral messages; with it: the root and its replies. Others' ephemeral messages are never shown.
    Reading marks the channel read. `state` is what this person chose in the message's elements.

`GET /sandbox/changes?as=U1&since=SEQ`
    Server-Sent Events, each data line `{"seq", "type", "channel", "user", ...}`; `type` is `message`,
    `reaction`, `channel`, `modal`, `home`, `ephemeral`, `toast` (with `text`), `app` (it connected or left);
    without `as` also `wake` (the app called or acknowledged). With `&poll=SECONDS`: waits so long at most, then answers
    `{"seq", "changes": [...]}`.

`POST /sandbox/act {"as", "do", ...}`; `do` and its arguments:
    `message {channel, text, thread_ts?, blocks?}` -> `{ts, channel}`; a bot user id as channel opens its DM;
    typed `@name` and `#name` become mentions; `edit {channel, ts, text}`; `delete {channel, ts}`;
    `react` / `unreact {channel, ts, name}`; `invite {channel, user}` (a bot too); `join {channel}`;
    `leave {channel}`; `kick {channel, user}`; `archive` / `unarchive {channel}`; `rename {channel, name}`;
    `change_id {channel, id}`; `create {name, is_private?}` -> `{channel}`; `profile {profile: {tz, real_name,
    deleted, status_text, ...}}`;
    `command {channel, command, text}` -> `{shown: nothing|ephemeral|in_channel, ts?}`, or an error with the
    `text` that Slack shows (`operation_timeout`, `dispatch_failed`, `unknown_command`);
    `click {channel, ts, action_id, block_id?, value?}` and `select {..., value | values}`, on a message,
    or with `view_id` instead of `channel` and `ts` on a modal or App Home -> `{shown: sent|kept}`;
    `view_submit {view_id, values?: {block_id: {action_id: plain value}}}` -> `{shown: errors, errors}` or
    `{shown: closed|cleared|updated|pushed, view?}`; `view_close {view_id, all?}`;
    `home {tab?: home|messages}` -> `{home}`; `shortcut {callback_id}`.
    Acts that the app answers return after its ack; what it does later arrives through `changes`.

`POST /sandbox/seed {"users": [{id, name, real_name, tz, is_bot?, deleted?, is_stranger?, team_id?}],
"usergroups": [{id, handle, users}], "channels": [{id, name, is_private, members, topic, is_archived?}],
"app": {name, bot_user_id, bot_id, app_id, bot_token, app_token, scopes, bot_events, commands,
shortcuts: {callback_id: name}, should_escape}, "messages": [{channel, user, ts, text, thread_ts?, blocks?,
reactions?: [{name, users}], bot_id?, subtype?, metadata?}]}`
    Bulk, past timestamps welcome, nothing announced. Parts are optional; `app` fields keep their defaults.
    A bot of another app is a user with `is_bot` and `bot_id`.

`POST /sandbox/settings {"rate_limits"?: "slack" | "fast" | {method: per minute}, "ack_seconds"?,
"retry_scale"?, "trigger_seconds"?, "history_limit"?, "events_url"?, "interactivity_url"?, "commands_url"?,
"signing_secret"?}`
    URLs put the app in the HTTP form, null puts it back in Socket Mode; an events URL must answer the
    handshake at once, or the answer is `url_verification_failed`.

`GET /sandbox/calls?since=N` -> `{"calls": [{n, method, args, response, at}]}`
    Web API calls, and what came by `response_url` and `ack` (methods of these names), numbered from 1.

`POST /sandbox/faults`
    A standing order `{"kind", "next"? | "rate"?, "method"?, ...}` of the kinds in `faults`, or several as
    `{"faults": [...]}`, with `"seed": n` or `"clear": true` carried out first. Or one that acts at once:
    `{"kind": "disconnect", "reason": "warning|refresh_requested|link_disabled"}`, `{"kind": "tcp_drop"}`,
    `{"kind": "half_open"}`, `{"kind": "reconnect_allowed"}` (after link_disabled),
    `{"kind": "token_revoked"}` (uninstalls the app), `{"kind": "token_restored"}`.

`GET /sandbox/deliveries` -> `{"counts": {events, attempts, acked, pending, dropped, given_up}, "deliveries":
[{event_id, about, envelope_id, retry, sent, acked, acked_at, failure}],
"subscription": "on" | "disabled"}`, one row an attempt; `failure` is the next attempt's retry reason.

`POST /sandbox/flush {"timeout"?: 30}` -> `{"flushed": bool}` once every event was acknowledged or given up.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.acts import Acts
from sandbox.config import Json, SlackError
from sandbox.httpform import SETTINGS as HTTP_SETTINGS
from sandbox.sandbox import Sandbox
from sandbox.screen import Screen, ok
from sandbox.seeding import seed


def _enable(sandbox: Sandbox, order: Json) -> None:
    sandbox.sockets.enabled = True


def _restore(sandbox: Sandbox, order: Json) -> None:
    sandbox.revoked = False


AT_ONCE: dict[str, Callable[[Sandbox, Json], None]] = {
    "disconnect": lambda sandbox, order: sandbox.sockets.disconnect(str(order.get("reason"))),
    "tcp_drop": lambda sandbox, order: sandbox.sockets.tcp_drop(),
    "half_open": lambda sandbox, order: sandbox.sockets.half_open(),
    "reconnect_allowed": _enable,
    "token_revoked": lambda sandbox, order: sandbox.revoke(),
    "token_restored": _restore,
}
SETTINGS = (
    "rate_limits",
    "ack_seconds",
    "retry_scale",
    "trigger_seconds",
    "history_limit",
    "signing_secret",
    *HTTP_SETTINGS,
)


class Control:
    """The routes of the control API."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._workspace = sandbox.workspace
        self._acts = Acts(sandbox)
        self._screen = Screen(sandbox)

    def routes(self) -> list[web.RouteDef]:
        """All routes under `/sandbox/`."""
        return [
            web.get("/sandbox/state", self._screen.state),
            web.get("/sandbox/channel/{id}", self._screen.channel),
            web.get("/sandbox/changes", self._screen.changes),
            web.get("/sandbox/calls", self._screen.calls),
            web.get("/sandbox/deliveries", self._screen.deliveries),
            web.post("/sandbox/act", self.act),
            web.post("/sandbox/seed", self.seed),
            web.post("/sandbox/settings", self.settings),
            web.post("/sandbox/faults", self.faults),
            web.post("/sandbox/flush", self.flush),
        ]

    async def act(self, request: web.Request) -> web.Response:
        """`POST /sandbox/act`."""
        body = await _body(request)
        try:
            result = await self._acts.run(body, f"{request.scheme}://{request.host}")
        except SlackError as error:
            return web.json_response(error.body())
        return ok(result)

    async def seed(self, request: web.Request) -> web.Response:
        """`POST /sandbox/seed`."""
        body = await _body(request)
        try:
            return ok({"added": seed(self._workspace, body)})
        except SlackError as error:
            return web.json_response(error.body())
        except (KeyError, TypeError) as error:
            note = f"a seeded record lacks or misuses {error}"
            return web.json_response(SlackError("invalid_seed", detail=note).body())

    async def settings(self, request: web.Request) -> web.Response:
        """`POST /sandbox/settings`."""
        body = await _body(request)
        limits = body.get("rate_limits")
        try:
            for name in body:
                if name not in SETTINGS:
                    raise SlackError("invalid_arguments", detail=f"{name!r} is not one of {sorted(SETTINGS)}")
            await self._point(body)
            if isinstance(limits, dict):
                for method, per_minute in limits.items():
                    self._sandbox.limits.override(method, float(per_minute))
            elif limits is not None:
                self._sandbox.limits.set_mode(str(limits))
        except SlackError as error:
            return web.json_response(error.body())
        deliveries, triggers = self._sandbox.deliveries, self._sandbox.triggers
        deliveries.ack_seconds = float(body.get("ack_seconds", deliveries.ack_seconds))
        deliveries.retry_scale = float(body.get("retry_scale", deliveries.retry_scale))
        triggers.lifetime = float(body.get("trigger_seconds", triggers.lifetime))
        if "history_limit" in body:
            most = body["history_limit"]
            self._sandbox.limit_history(None if most is None else int(most))
        return ok({})

    async def _point(self, body: Json) -> None:
        """Set the request URLs that are named, shaking hands with the one for events."""
        http = self._sandbox.http
        http.secret = str(body.get("signing_secret", http.secret))
        for name in HTTP_SETTINGS:
            if name in body:
                http.point(name, body[name])
        if body.get("events_url"):
            await http.verify()
            self._sandbox.subscription.restart()

    async def faults(self, request: web.Request) -> web.Response:
        """`POST /sandbox/faults`."""
        body = await _body(request)
        faults = self._sandbox.faults
        if body.pop("clear", False):
            faults.clear()
        if "seed" in body:
            faults.seed(int(body.pop("seed")))
        orders = body.get("faults", [body] if body else [])
        try:
            for order in orders:
                if not self._at_once(order):
                    faults.add(order)
        except SlackError as error:
            return web.json_response(error.body())
        return ok({})

    def _at_once(self, order: Json) -> bool:
        """Carry out a fault that does not wait for an occasion; False for any other."""
        kind = str(order.get("kind"))
        if kind not in AT_ONCE:
            return False
        AT_ONCE[kind](self._sandbox, order)
        return True

    async def flush(self, request: web.Request) -> web.Response:
        """`POST /sandbox/flush`."""
        body = await _body(request)
        done = await self._sandbox.deliveries.flush(float(body.get("timeout", 30.0)))
        await asyncio.sleep(0)
        return ok({"flushed": done})


async def _body(request: web.Request) -> Json:
    try:
        body: Any = json.loads(await request.text() or "{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        text = json.dumps(SlackError("invalid_json").body())
        raise web.HTTPBadRequest(text=text, content_type="application/json")
    return body
