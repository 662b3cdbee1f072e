"""The record of what the app said: Web API calls, response URLs and ack payloads, without tokens."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.config import Clock, Json


@dataclass(frozen=True)
class Recorded:
    """One call: number, method (or `response_url`, `ack`), arguments, answer, clock time."""

    n: int
    method: str
    args: Json
    response: Json
    at: float


class Calls:
    """All recorded calls, in order.

    Args:
        clock: Unix seconds for the record.
        noticed: Called after each record.
    """

    def __init__(self, clock: Clock, noticed: Callable[[], None]) -> None:
        self._clock = clock
        self._noticed = noticed
        self._log: list[Recorded] = []

    def add(self, method: str, args: Json, response: Json) -> None:
        """Record one call; a `token` argument is left out."""
        kept = {name: value for name, value in args.items() if name != "token"}
        self._log.append(Recorded(len(self._log) + 1, method, kept, response, self._clock()))
        self._noticed()

    def since(self, n: int) -> list[Json]:
        """The calls numbered above `n`."""
        return [vars(call) for call in self._log[max(0, n) :]]
