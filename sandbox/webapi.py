"""The Web API's front desk: token, scope, rate limit, faults, record, then the method itself.

Methods stand in tables of the `api_*` files. Source: https://docs.slack.dev/apis/web-api/
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from sandbox.config import Install, Json, SlackError
from sandbox.faults import Fault
from sandbox.sandbox import Sandbox
from sandbox.workspace import Workspace


@dataclass
class Call:
    """One call of a method with its arguments, whichever way they came."""

    sandbox: Sandbox
    method: str
    args: Json
    origin: str

    @property
    def workspace(self) -> Workspace:
        """The workspace called into."""
        return self.sandbox.workspace

    @property
    def app(self) -> Install:
        """The calling app."""
        return self.sandbox.workspace.app

    def text(self, name: str, default: str = "") -> str:
        """A string argument."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        """A string argument that must be there; `error` otherwise."""
        value = self.text(name)
        if value:
            return value
        if error == "invalid_arguments":
            note = f"[ERROR] missing required field: {name}"
            raise SlackError(error, response_metadata={"messages": [note]})
        raise SlackError(error)

    def flag(self, name: str, default: bool = False) -> bool:
        """A yes-or-no argument: true, 1 or their strings."""
        value = self.args.get(name)
        return default if value is None else str(value).lower() in ("1", "true", "t")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`; `invalid_limit` otherwise."""
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            number = int(str(value))
        except ValueError:
            raise SlackError("invalid_limit") from None
        if not 0 < number <= most:
            raise SlackError("invalid_limit")
        return number

    def structure(self, name: str, error: str) -> object:
        """A JSON argument, given as a string or as a structure; `error` when it is not JSON."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def need(self, scope: str) -> None:
        """Refuse with `missing_scope` unless the app has the scope."""
        if scope not in self.app.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(self.app.scopes))


Run = Callable[[Call], Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """What a method needs: any of `scopes`, calls per minute, and which token.

    `reads` marks the methods that take query or form arguments only: a JSON body is not looked at, so
    `users.info` with one answers `user_not_found`. Source: "Accepted content types" on each method's page.
    """

    run: Run
    scopes: tuple[str, ...]
    per_minute: float
    token: str = "bot"  # noqa: S105 - a kind of token
    per_channel: bool = False
    reads: bool = False


class WebApi:
    """Serves `/api/{method}`.

    Args:
        sandbox: The sandbox called into.
        methods: All known methods by name.
    """

    def __init__(self, sandbox: Sandbox, methods: dict[str, Method]) -> None:
        self._sandbox = sandbox
        self._methods = methods

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP request, or drop its connection when a fault says so."""
        name = request.match_info["method"]
        known = self._methods.get(name)
        args = await read_arguments(request, json_body=known is None or not known.reads)
        faults = self._sandbox.faults
        if faults.strike("hold", name):
            await faults.held()
        if faults.strike("lost_request", name):
            return _drop(request)
        fault = faults.strike("rate_limited", name)
        if fault is not None:
            return self._limited(name, args, int(fault.options.get("retry_after", 1)))
        page = faults.strike("html", name)
        if page is not None:
            return self._page(name, args, page)
        try:
            body = await self._answer(request, name, args)
        except SlackError as error:
            if error.code == "ratelimited":
                return self._limited(name, args, int(error.fields["retry_after"]))
            body = error.body()
        self._sandbox.calls.add(name, args, body)
        if faults.strike("lost_answer", name):
            return _drop(request)
        scopes = ",".join(self._sandbox.workspace.app.scopes)
        text, cut = json.dumps(body), faults.strike("cut", name)
        return web.json_response(
            text=text if cut is None else text[: int(cut.options.get("bytes", 100))],
            headers={"X-OAuth-Scopes": scopes, "X-Slack-Req-Id": "sandbox"},
        )

    async def _answer(self, request: web.Request, name: str, args: Json) -> Json:
        method = self._methods.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        if name != "api.test":
            self._check_token(method, _token(request, args))
        app, limits = self._sandbox.workspace.app, self._sandbox.limits
        if method.scopes and not set(method.scopes) & set(app.scopes):
            raise SlackError("missing_scope", needed=",".join(method.scopes), provided=",".join(app.scopes))
        channel = str(args.get("channel", "")) if method.per_channel else None
        wait = limits.spend(name, method.per_minute, channel)
        if wait is not None:
            raise SlackError("ratelimited", retry_after=wait)
        fault = self._sandbox.faults.strike("error", name)
        if fault is not None:
            raise SlackError(str(fault.options.get("error", "internal_error")))
        call = Call(self._sandbox, name, args, f"{request.scheme}://{request.host}")
        result = await method.run(call)
        if self._sandbox.faults.strike("internal_error_after_post", name):
            raise SlackError("internal_error")
        return {"ok": True, **result}

    def _check_token(self, method: Method, token: str) -> None:
        app = self._sandbox.workspace.app
        if not token:
            raise SlackError("not_authed")
        if token not in (app.bot_token, app.app_token):
            raise SlackError("invalid_auth")
        if self._sandbox.revoked:
            raise SlackError("token_revoked")
        wanted = app.app_token if method.token == "app" else app.bot_token  # noqa: S105
        if token != wanted:
            raise SlackError("not_allowed_token_type")

    def _page(self, name: str, args: Json, fault: Fault) -> web.Response:
        """What a proxy or a page of maintenance puts in Slack's place."""
        self._sandbox.calls.add(name, args, {"ok": False, "error": "html"})
        text = f"<!DOCTYPE html><html><body>{fault.options.get('text', 'Be right back')}</body></html>"
        return web.Response(text=text, content_type="text/html", status=int(fault.options.get("status", 200)))

    def _limited(self, name: str, args: Json, seconds: int) -> web.Response:
        body: Json = {"ok": False, "error": "ratelimited"}
        self._sandbox.calls.add(name, args, body)
        return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})


async def read_arguments(request: web.Request, json_body: bool = True) -> Json:
    """All arguments of a request: query string, then form fields or, unless it is ignored, a JSON object."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        if not json_body:
            return args
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise web.HTTPOk(text='{"ok":false,"error":"invalid_json"}', content_type="application/json")
        return {**args, **body}
    form = await request.post()
    return {**args, **{key: str(value) for key, value in form.items()}}


def _token(request: web.Request, args: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(args.get("token", ""))


def _drop(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return web.Response()
