"""Envelopes on their way to the app, by Socket Mode or HTTP: sent, acknowledged, sent again, given up.

An event is retried at once, after one minute and after five (times `retry_scale`); an attempt made while no
socket is open counts as failed, so an outage under five minutes heals, as on Slack. Commands and
interactions are sent once. Source: https://docs.slack.dev/apis/events-api/#retries
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.config import Json, SandboxConfig
from sandbox.faults import Faults
from sandbox.httpform import HttpForm
from sandbox.subscription import Subscription


class Carrier(Protocol):
    """Takes an envelope to one of the app's open connections; False when there is none."""

    def send(self, envelope: Json) -> bool:
        """Queue the envelope for sending, in order."""
        ...


@dataclass
class Attempt:
    """One sending of an event, as `GET /sandbox/deliveries` shows it."""

    event_id: str
    about: str | None  # the `ts` of the message that the event tells of, where it tells of one
    envelope_id: str
    retry: int
    sent: bool
    acked: bool = False
    acked_at: float | None = None
    failure: str | None = None  # why it failed, as the next attempt's retry reason says it


@dataclass
class _Pending:
    envelope_id: str
    ack: asyncio.Future[Json | None]
    refused: asyncio.Future[str]
    attempts: list[Attempt] = field(default_factory=list)
    reason: str = ""
    again: bool = True
    over_http: bool = False


def _pending(envelope_id: str) -> _Pending:
    loop = asyncio.get_running_loop()
    return _Pending(envelope_id, loop.create_future(), loop.create_future())


class Deliveries:
    """Sends envelopes over sockets, or to request URLs where there are any, and matches acks to them."""

    def __init__(
        self, config: SandboxConfig, faults: Faults, carrier: Carrier, http: HttpForm, subscription: Subscription
    ) -> None:
        self.ack_seconds = config.ack_seconds
        self.retry_scale = config.retry_scale
        self._config = config
        self._faults = faults
        self._carrier = carrier
        self._http = http
        self._subscription = subscription
        self._pending: dict[str, _Pending] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Callable[[], None]] = []
        self.attempts: list[Attempt] = []
        self.noticed: Callable[[], None] = lambda: None
        self.events = 0
        self.dropped = 0
        self.given_up = 0

    # -- events -------------------------------------------------------------------------------

    def send_event(self, payload: Json) -> None:
        """Deliver an `event_callback`, with whatever fault is on order."""
        self.events += 1
        if self._faults.strike("drop") or not self._admitted(payload):
            self.dropped += 1
            return
        if self._faults.strike("reorder"):
            self._held.append(lambda: self._start(payload))
            asyncio.get_running_loop().call_later(self.ack_seconds, self.release)
            return
        self._start(payload)
        self.release()

    def _admitted(self, payload: Json) -> bool:
        """Whether a request URL may have the event; over the hourly cap it is told so, once a minute."""
        if not self._http.takes("events_api") or self._subscription.admit():
            return True
        if self._subscription.owes_notice():
            body = {name: payload[name] for name in ("token", "team_id", "api_app_id")}
            minute = int(time.time()) // 60 * 60
            self._http.notify({**body, "type": "app_rate_limited", "minute_rate_limited": minute})
        return False

    def release(self) -> None:
        """Send the events that a `reorder` fault held back."""
        held, self._held = self._held, []
        for start in held:
            start()

    def _start(self, payload: Json) -> None:
        envelope_id = str(uuid.uuid4())
        self._spawn(payload, envelope_id)
        fault = self._faults.strike("duplicate")
        if fault is not None and fault.options.get("envelope") == "same":
            self._by("events_api").send(self._envelope(envelope_id, "events_api", payload, 0))
        elif fault is not None:
            self._spawn(payload, str(uuid.uuid4()))

    def _spawn(self, payload: Json, envelope_id: str) -> None:
        pending = self._pending[envelope_id] = _pending(envelope_id)
        first = self._attempt(pending, payload, 0)
        task = asyncio.get_running_loop().create_task(self._persist(pending, payload, first))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _persist(self, pending: _Pending, payload: Json, sent: bool) -> None:
        try:
            for retry, delay in enumerate((*self._config.retry_delays, None)):
                if sent and await self._answered(pending):
                    return
                if delay is None or not pending.again:
                    break
                await asyncio.wait([pending.ack], timeout=delay * self.retry_scale)
                if pending.ack.done():
                    return
                sent = self._attempt(pending, payload, retry + 1)
            self.given_up += 1
        finally:
            self._pending.pop(pending.envelope_id, None)

    async def _answered(self, pending: _Pending) -> bool:
        """Whether the ack came in time; if not, `reason` says why and `again` whether to go on."""
        # A request URL always answers or fails within its own time.
        limit = None if pending.over_http else self.ack_seconds
        either: set[asyncio.Future[Any]] = {pending.ack, pending.refused}
        await asyncio.wait(either, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        if pending.ack.done():
            return True
        pending.reason = pending.refused.result() if pending.refused.done() else "timeout"
        if pending.attempts:
            pending.attempts[-1].failure = pending.reason
        return False

    def _by(self, kind: str) -> Carrier:
        return self._http if self._http.takes(kind) else self._carrier

    def _attempt(self, pending: _Pending, payload: Json, retry: int) -> bool:
        pending.over_http = self._http.takes("events_api")
        pending.refused = asyncio.get_running_loop().create_future()
        envelope = self._envelope(pending.envelope_id, "events_api", payload, retry, pending.reason or "timeout")
        sent = self._by("events_api").send(envelope)
        about = payload["event"].get("ts")
        attempt = Attempt(payload["event_id"], about, pending.envelope_id, retry, sent)
        pending.attempts.append(attempt)
        self.attempts.append(attempt)
        return sent

    # -- commands and interactions ------------------------------------------------------------

    async def ask(self, kind: str, payload: Json) -> Json | None:
        """Send a `slash_commands` or `interactive` envelope once and return the ack's payload.

        Raises:
            ConnectionError: No connection of the app is open, or its URL refuses.
            TimeoutError: No ack came within `ack_seconds`.
        """
        envelope_id = str(uuid.uuid4())
        pending = self._pending[envelope_id] = _pending(envelope_id)
        pending.over_http = self._http.takes(kind)
        try:
            if not self._by(kind).send(self._envelope(envelope_id, kind, payload, 0)):
                raise ConnectionError("no open connection")
            if await self._answered(pending):
                return pending.ack.result()
        finally:
            self._pending.pop(envelope_id, None)
        if pending.reason in ("timeout", "http_timeout"):
            raise TimeoutError(pending.reason)
        raise ConnectionError(pending.reason)

    # -- acks ---------------------------------------------------------------------------------

    def acknowledge(self, envelope_id: str, payload: Json | None) -> None:
        """Take an ack that came over any connection; unknown and repeated ones are ignored."""
        pending = self._pending.get(envelope_id)
        if pending is None or pending.ack.done():
            return
        if self._faults.strike("withhold_ack"):
            if pending.over_http:
                self.refuse(envelope_id, "http_timeout", True)
            return
        if self._faults.strike("late_ack"):
            if pending.over_http:
                # An answer after the limit finds its connection closed.
                self.refuse(envelope_id, "http_timeout", True)
                return
            loop = asyncio.get_running_loop()
            loop.call_later(self.ack_seconds * 1.5, self._settle, pending, payload)
            return
        self._settle(pending, payload)

    def refuse(self, envelope_id: str, reason: str, again: bool) -> None:
        """Take the failure of a request, named as `x-slack-retry-reason` names it."""
        pending = self._pending.get(envelope_id)
        if pending is None or pending.ack.done() or pending.refused.done():
            return
        if pending.attempts:
            self._subscription.note(ok=False)
        pending.again = again
        pending.refused.set_result(reason)
        self.noticed()

    def _settle(self, pending: _Pending, payload: Json | None) -> None:
        if pending.ack.done():
            return
        if pending.attempts:
            pending.attempts[-1].acked = True
            pending.attempts[-1].acked_at = time.time()
            if pending.over_http:
                self._subscription.note(ok=True)
        pending.ack.set_result(payload)
        self.noticed()

    # -- looking on ---------------------------------------------------------------------------

    async def flush(self, seconds: float) -> bool:
        """Wait until every event was acknowledged or given up; False after `seconds`."""
        self.release()
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._tasks and (left := end - loop.time()) > 0:
            await asyncio.wait(set(self._tasks), timeout=left)
        return not self._tasks

    def report(self) -> Json:
        """Counts, and every attempt in the order of sending."""
        return {
            "counts": {
                "events": self.events,
                "attempts": len(self.attempts),
                "acked": sum(a.acked for a in self.attempts),
                "pending": len(self._tasks) + len(self._held),
                "dropped": self.dropped,
                "given_up": self.given_up,
            },
            "subscription": "on" if self._subscription.enabled else "disabled",
            "deliveries": [vars(a) for a in self.attempts],
        }

    def close(self) -> None:
        """Stop all retries."""
        for task in self._tasks:
            task.cancel()

    @staticmethod
    def _envelope(envelope_id: str, kind: str, payload: Json, retry: int, reason: str = "") -> Json:
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            envelope["retry_attempt"] = retry
            envelope["retry_reason"] = reason if retry else ""
        return envelope
