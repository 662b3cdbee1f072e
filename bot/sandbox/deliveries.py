"""Envelopes on their way to the app: sent, acknowledged, sent again, given up.

An event is retried at once, after one minute and after five (times `retry_scale`); an attempt made while no
socket is open counts as failed, so an outage under five minutes heals, as on Slack. Commands and
interactions are sent once. Source: https://docs.slack.dev/apis/events-api/#retries
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.sandbox.config import Json, SandboxConfig
from bot.sandbox.faults import Faults


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


@dataclass
class _Pending:
    envelope_id: str
    ack: asyncio.Future[Json | None]
    attempts: list[Attempt] = field(default_factory=list)


class Deliveries:
    """Sends envelopes over a carrier and matches acks to them."""

    def __init__(self, config: SandboxConfig, faults: Faults, carrier: Carrier) -> None:
        self.ack_seconds = config.ack_seconds
        self.retry_scale = config.retry_scale
        self._config = config
        self._faults = faults
        self._carrier = carrier
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
        if self._faults.strike("drop"):
            self.dropped += 1
            return
        if self._faults.strike("reorder"):
            self._held.append(lambda: self._start(payload))
            asyncio.get_running_loop().call_later(self.ack_seconds, self.release)
            return
        self._start(payload)
        self.release()

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
            self._carrier.send(self._envelope(envelope_id, "events_api", payload, 0))
        elif fault is not None:
            self._spawn(payload, str(uuid.uuid4()))

    def _spawn(self, payload: Json, envelope_id: str) -> None:
        ack: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        pending = self._pending[envelope_id] = _Pending(envelope_id, ack)
        first = self._attempt(pending, payload, 0)
        task = asyncio.get_running_loop().create_task(self._persist(pending, payload, first))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _persist(self, pending: _Pending, payload: Json, sent: bool) -> None:
        try:
            for retry, delay in enumerate((*self._config.retry_delays, None)):
                if sent and await self._acked_in_time(pending):
                    return
                if delay is None:
                    break
                if await self._acked_in_time(pending, delay * self.retry_scale):
                    return
                sent = self._attempt(pending, payload, retry + 1)
            self.given_up += 1
        finally:
            self._pending.pop(pending.envelope_id, None)

    async def _acked_in_time(self, pending: _Pending, seconds: float | None = None) -> bool:
        limit = self.ack_seconds if seconds is None else seconds
        await asyncio.wait([pending.ack], timeout=limit)
        return pending.ack.done()

    def _attempt(self, pending: _Pending, payload: Json, retry: int) -> bool:
        envelope = self._envelope(pending.envelope_id, "events_api", payload, retry)
        sent = self._carrier.send(envelope)
        about = payload["event"].get("ts")
        attempt = Attempt(payload["event_id"], about, pending.envelope_id, retry, sent)
        pending.attempts.append(attempt)
        self.attempts.append(attempt)
        return sent

    # -- commands and interactions ------------------------------------------------------------

    async def ask(self, kind: str, payload: Json) -> Json | None:
        """Send a `slash_commands` or `interactive` envelope once and return the ack's payload.

        Raises:
            ConnectionError: No connection of the app is open.
            TimeoutError: No ack came within `ack_seconds`.
        """
        envelope_id = str(uuid.uuid4())
        ack: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._pending[envelope_id] = _Pending(envelope_id, ack)
        try:
            if not self._carrier.send(self._envelope(envelope_id, kind, payload, 0)):
                raise ConnectionError("no open connection")
            return await asyncio.wait_for(ack, self.ack_seconds)
        finally:
            self._pending.pop(envelope_id, None)

    # -- acks ---------------------------------------------------------------------------------

    def acknowledge(self, envelope_id: str, payload: Json | None) -> None:
        """Take an ack that came over any connection; unknown and repeated ones are ignored."""
        pending = self._pending.get(envelope_id)
        if pending is None or pending.ack.done() or self._faults.strike("withhold_ack"):
            return
        if self._faults.strike("late_ack"):
            loop = asyncio.get_running_loop()
            loop.call_later(self.ack_seconds * 1.5, self._settle, pending, payload)
            return
        self._settle(pending, payload)

    def _settle(self, pending: _Pending, payload: Json | None) -> None:
        if pending.ack.done():
            return
        if pending.attempts:
            pending.attempts[-1].acked = True
            pending.attempts[-1].acked_at = time.time()
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
            "deliveries": [vars(a) for a in self.attempts],
        }

    def close(self) -> None:
        """Stop all retries."""
        for task in self._tasks:
            task.cancel()

    @staticmethod
    def _envelope(envelope_id: str, kind: str, payload: Json, retry: int) -> Json:
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            envelope["retry_attempt"] = retry
            envelope["retry_reason"] = "timeout" if retry else ""
        return envelope
