"""The HTTP door: what Slack sends, signature and age checked; and a readiness page for whoever runs us.

The check stands before Bolt's own, which writes the whole body of a refused request into the log and answers a
timestamp that is no number with 500. Rules: https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.errors import BadInputError
from bot.manifest import EVENTS_PATH

log = logging.getLogger(__name__)

HEALTH_PATH = "/health"

OLDEST = 300
"""Seconds: a request signed longer ago, or further ahead, may be a replay."""

GRACE = 5.0
"""Seconds that requests under way get to end when we are told to stop."""

FAILING = 60.0
"""Seconds for which a failure shows on the readiness page; Slack has tried again by then."""

Ready = Callable[[], Awaitable[str | None]]
"""Why we are not ready, in a word or two; None when we are."""


class Bolt(Protocol):
    """What we need of a Bolt app."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request."""
        ...


def refusal(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> str | None:
    """Why a request is not Slack's, or comes too late; None when it is good.

    Args:
        secret: The app's signing secret.
        timestamp: Header `X-Slack-Request-Timestamp`.
        signature: Header `X-Slack-Signature`.
        body: As it came.
        now: Unix seconds.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return "its timestamp is no whole number"
    expected = "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        return "its signature does not fit the signing secret"
    if abs(now - int(timestamp)) > OLDEST:
        # told only of what Slack did sign: then it is either a replay or our clock
        return f"its time is {now - int(timestamp):+.0f} s from ours; set this machine's clock"
    return None


class Door:
    """The two routes.

    Args:
        bolt: Answers what passes the check.
        secret: The app's signing secret.
        clock: Unix seconds, as on Slack's side.
        ready: Asked for the readiness page.
    """

    def __init__(self, bolt: Bolt, secret: str, clock: Callable[[], float], ready: Ready) -> None:
        self._bolt, self._secret, self._clock, self._ready = bolt, secret, clock, ready
        self._failed: float | None = None

    def application(self) -> web.Application:
        """An aiohttp application with the routes."""
        app = web.Application()
        app.add_routes([web.post(EVENTS_PATH, self.events), web.get(HEALTH_PATH, self.health)])
        return app

    async def events(self, request: web.Request) -> web.Response:
        """Everything that Slack sends: events, commands, interactions."""
        body = await request.read()
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        why = refusal(self._secret, timestamp, signature, body, self._clock())
        if why is not None:
            log.warning("a request was refused: %s", why)
            raise web.HTTPUnauthorized(text="not a fresh request signed by Slack")
        answer = await self._bolt.async_dispatch(await to_bolt_request(request))
        if answer.status >= 500:
            self._failed = self._clock()
        return await to_aiohttp_response(answer)

    async def health(self, _request: web.Request) -> web.Response:
        """200 while all is well, 503 with the reason in a few words; no figures."""
        why = await self._ready()
        if why is None and self._failed is not None and self._clock() - self._failed < FAILING:
            why = "what Slack sent last could not be taken; the log says why"
        if why is None:
            return web.Response(text="ready\n")
        return web.Response(status=503, text=f"not ready: {why}\n")


async def listen(app: web.Application, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Serve; returns the runner, whose `cleanup()` lets requests under way end, and the address.

    Raises:
        BadInputError: The address cannot be opened.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        mend = f"it cannot be opened ({error.strerror}); choose another with HEADROOM_HOST and HEADROOM_PORT"
        raise BadInputError("the address", f"{host}:{port}", mend) from error
    bound = runner.addresses[0][1]
    return runner, f"http://{f'[{host}]' if ':' in host else host}:{bound}"
