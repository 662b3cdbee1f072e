"""The HTTP form: events, commands and interactions as signed requests to the app's own URLs.

An envelope is one request here: a 2xx answer within `seconds()` is its ack, anything else its failure, named
as Slack's `x-slack-retry-reason` names it.
Source: https://docs.slack.dev/apis/events-api/, https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import ssl
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

import aiohttp
from yarl import URL

from sandbox.config import Json, SandboxConfig, SlackError
from sandbox.loopback import is_loopback

AT_ONCE = 100  # requests under way together, so that a burst waits here and not in the app's own backlog
MAX_REDIRECTS = 2
_FORM = "application/x-www-form-urlencoded"
EVENTS, COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"
SETTINGS = {"events_url": EVENTS, "commands_url": COMMANDS, "interactivity_url": INTERACTIVE}


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's `x-slack-signature`: HMAC-SHA256 over `v0:timestamp:body`."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What came back: `reason` is None for a good one; `again` is False after `x-slack-no-retry: 1`."""

    reason: str | None
    again: bool = True
    text: str = ""
    is_json: bool = False

    def payload(self) -> Json | None:
        """What the app says by its ack: a JSON object, or plain text to show to the person."""
        if not self.text.strip():
            return None
        if not self.is_json:
            return {"text": self.text}
        try:
            body = json.loads(self.text)
        except ValueError:
            return None
        return body if isinstance(body, dict) else None


class HttpForm:
    """Carries envelopes to request URLs.

    Args:
        config: The URLs to start with, and the signing secret.
        seconds: Real seconds an app has to answer (Slack: 3).
    """

    def __init__(self, config: SandboxConfig, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self.secret = config.signing_secret
        self._urls: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._checking = asyncio.Lock()
        self.verified = False
        self.on_ack: Callable[[str, Json | None], None] = lambda envelope_id, payload: None
        self.on_failure: Callable[[str, str, bool], None] = lambda envelope_id, reason, again: None
        for name in SETTINGS:
            self.point(name, getattr(config, name))

    def point(self, name: str, url: str | None) -> None:
        """Set `events_url`, `commands_url` or `interactivity_url`; None goes back to Socket Mode.

        Raises:
            SlackError: `invalid_arguments` for an address that is not on this machine.
        """
        kind = SETTINGS[name]
        if not url:
            self._urls.pop(kind, None)
            return
        if not is_loopback(URL(url).host):
            raise SlackError("invalid_arguments", detail=f"{name} {url!r} must be an address on this machine")
        self._urls[kind] = url
        if kind == EVENTS:
            self.verified = False

    def takes(self, kind: str) -> bool:
        """Whether envelopes of this kind go to a URL."""
        return kind in self._urls

    def send(self, envelope: Json) -> bool:
        """Start one request; its outcome comes by `on_ack` or `on_failure`."""
        self._start(self._deliver(envelope))
        return True

    def notify(self, body: Json) -> None:
        """Send an outer event that nobody waits for, such as `app_rate_limited`."""
        self._start(self._once(body))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _once(self, body: Json) -> None:
        await self._post(EVENTS, json.dumps(body).encode(), {"Content-Type": "application/json"})

    async def _deliver(self, envelope: Json) -> None:
        kind, envelope_id = envelope["type"], envelope["envelope_id"]
        async with self._slots:
            answer = await self._exchange(kind, envelope)
        if answer.reason is None:
            self.on_ack(envelope_id, None if kind == EVENTS else answer.payload())
        else:
            self.on_failure(envelope_id, answer.reason, answer.again)

    async def _exchange(self, kind: str, envelope: Json) -> Answer:
        if kind != EVENTS:
            form = envelope["payload"] if kind == COMMANDS else {"payload": json.dumps(envelope["payload"])}
            return await self._post(kind, urlencode(form).encode(), {"Content-Type": _FORM})
        # The app may have been started after the sandbox, so the handshake waits for the first event.
        refused = None if self.verified else await self._handshake()
        if refused is not None:
            return refused
        headers = {"Content-Type": "application/json"}
        if envelope["retry_attempt"]:
            headers["X-Slack-Retry-Num"] = str(envelope["retry_attempt"])
            headers["X-Slack-Retry-Reason"] = envelope["retry_reason"]
        return await self._post(kind, json.dumps(envelope["payload"]).encode(), headers)

    async def verify(self) -> None:
        """Shake hands with the events URL now.

        Raises:
            SlackError: `url_verification_failed` with what came instead of the challenge.
        """
        refused = await self._handshake()
        if refused is not None:
            raise SlackError("url_verification_failed", detail=f"{self._urls[EVENTS]}: {refused.reason}")

    async def _handshake(self) -> Answer | None:
        """Send `url_verification`; None once the URL gave back the challenge."""
        async with self._checking:
            if self.verified:
                return None
            challenge = secrets.token_hex(26)
            body = {"token": "sandbox-verification-token", "challenge": challenge, "type": "url_verification"}
            answer = await self._post(EVENTS, json.dumps(body).encode(), {"Content-Type": "application/json"})
            if answer.reason is not None:
                return answer
            self.verified = challenge in _challenges(answer)
            return None if self.verified else Answer("http_error")

    async def _post(self, kind: str, body: bytes, headers: dict[str, str]) -> Answer:
        timestamp = str(int(time.time()))
        signed = {
            **headers,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self.secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=AT_ONCE)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=False)
        limit = aiohttp.ClientTimeout(total=self._seconds())
        try:
            url = self._urls[kind]  # gone when the app went back to Socket Mode meanwhile
            asking = self._session.post(url, data=body, headers=signed, timeout=limit, max_redirects=MAX_REDIRECTS)
            async with asking as response:
                return await _read(response)
        except Exception as error:  # whatever went wrong has one of Slack's names
            return Answer(_reason(error))

    async def close(self) -> None:
        """End all requests under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()


async def _read(response: aiohttp.ClientResponse) -> Answer:
    text = await response.text()
    is_json = response.content_type == "application/json"
    if 200 <= response.status < 300:
        return Answer(None, text=text, is_json=is_json)
    return Answer("http_error", again=response.headers.get("X-Slack-No-Retry") != "1")


def _reason(error: Exception) -> str:
    """Slack's word for a failed request."""
    names: tuple[tuple[type[BaseException], str], ...] = (
        (TimeoutError, "http_timeout"),
        (aiohttp.TooManyRedirects, "too_many_redirects"),
        (aiohttp.ClientSSLError, "ssl_error"),
        (ssl.SSLError, "ssl_error"),
        (aiohttp.ClientConnectionError, "connection_failed"),
        (OSError, "connection_failed"),
    )
    return next((name for kind, name in names if isinstance(error, kind)), "unknown_error")


def _challenges(answer: Answer) -> list[str]:
    """The challenge as plain text, form field or JSON field: Slack takes all three."""
    found = [answer.text.strip(), *parse_qs(answer.text).get("challenge", [])]
    body = answer.payload() if answer.is_json else None
    return [*found, str(body["challenge"])] if body and "challenge" in body else found
