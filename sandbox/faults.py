"""Faults on order: a count of next ones or a seeded rate, per kind and, where it applies, per method.

| kind | what happens |
|---|---|
| `duplicate` | an event comes twice under one `event_id`; `envelope`: `same` or `new` envelope id |
| `reorder` | an event waits until the one after it was sent |
| `drop` | an event is never delivered |
| `withhold_ack` | the ack of an attempt is not counted, so the event is sent again |
| `late_ack` | the ack counts only after the limit, so one retry follows |
| `lost_answer` | a Web API call is carried out, then its connection drops |
| `lost_request` | the connection drops before the call is carried out |
| `internal_error_after_post` | a call is carried out and answered with `internal_error` |
| `error` | a call is refused with `error`, not carried out |
| `html` | a call is answered with a page of HTML that holds `text`, under `status` (default 200), not carried out |
| `cut` | a call is carried out, and its JSON ends after `bytes` (default 100; -3: lacks the last three) |
| `hold` | a call waits, and goes on when the faults are cleared |
| `rate_limited` | a call gets 429 with `retry_after` seconds (default 1) |
| `invalid_blocks` | every block of type `block_type` is refused until cleared (or `next` times) |
"""

import asyncio
import random
from dataclasses import dataclass, field

from sandbox.config import Json, SlackError

KINDS = frozenset(
    {
        "duplicate",
        "reorder",
        "drop",
        "withhold_ack",
        "late_ack",
        "lost_answer",
        "lost_request",
        "internal_error_after_post",
        "error",
        "html",
        "cut",
        "hold",
        "rate_limited",
        "invalid_blocks",
    }
)


@dataclass
class Fault:
    """One standing order: `left` more times, or each time with probability `rate`."""

    kind: str
    left: int | None
    rate: float
    method: str | None
    options: Json = field(default_factory=dict)


class Faults:
    """The standing orders, asked at each point where something may go wrong."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - reproducible faults, no secret
        self._orders: list[Fault] = []
        self._cleared = asyncio.Event()

    def seed(self, seed: int) -> None:
        """Start the random choices anew."""
        self._random.seed(seed)

    def clear(self) -> None:
        """Forget all standing orders, and let go on what is held."""
        self._orders.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()

    async def held(self) -> None:
        """Wait until the orders are cleared."""
        await self._cleared.wait()

    def add(self, order: Json) -> None:
        """Take one order: `{"kind", "next"? | "rate"?, "method"?, ...options}`; default is next 1.

        Raises:
            SlackError: `invalid_fault` with the kind that is not known, or a rate outside 0-1.
        """
        kind, rate = str(order.get("kind")), float(order.get("rate", 0.0))
        if kind not in KINDS:
            raise SlackError("invalid_fault", detail=f"kind {kind!r} is not one of {sorted(KINDS)}")
        if not 0.0 <= rate <= 1.0:
            raise SlackError("invalid_fault", detail=f"rate {rate} must lie between 0 and 1")
        standing = kind == "invalid_blocks" and "next" not in order
        left = None if rate > 0.0 or standing else int(order.get("next", 1))
        options = {k: v for k, v in order.items() if k not in ("kind", "next", "rate", "method")}
        chance = 1.0 if standing and rate == 0.0 else rate
        self._orders.append(Fault(kind, left, chance, order.get("method"), options))

    def strike(self, kind: str, method: str | None = None) -> Fault | None:
        """The fault that hits here, used up by one; None when nothing goes wrong."""
        for fault in self._orders:
            if fault.kind != kind or (fault.method is not None and fault.method != method):
                continue
            if fault.left is None:
                if self._random.random() < fault.rate:
                    return fault
            elif fault.left > 0:
                fault.left -= 1
                return fault
        return None

    def refused_block(self, blocks: list[Json]) -> str | None:
        """Slack's error line for the first block whose type is under an `invalid_blocks` order."""
        for index, block in enumerate(blocks):
            for fault in self._orders:
                wanted = fault.kind == "invalid_blocks" and fault.options.get("block_type") == block.get("type")
                if wanted and (fault.left is None or fault.left > 0):
                    fault.left = None if fault.left is None else fault.left - 1
                    return f"unsupported type: {block.get('type')} [json-pointer:/blocks/{index}/type]"
        return None
