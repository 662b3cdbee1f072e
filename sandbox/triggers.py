"""Trigger ids (three seconds, used once) and response URLs (thirty minutes, five uses).

Source: https://docs.slack.dev/interactivity/handling-user-interaction/
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.config import SlackError


@dataclass
class _Trigger:
    user: str
    view_id: str | None
    issued: float
    used: bool = False


class Triggers:
    """Issues trigger ids and takes each of them back once.

    Args:
        lifetime: Real seconds a trigger id lives.
        timer: Seconds that only go forward.
    """

    def __init__(self, lifetime: float, timer: Callable[[], float] = time.monotonic) -> None:
        self.lifetime = lifetime
        self._timer = timer
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """A new trigger id for what a person just did, inside a view or not."""
        trigger_id = f"{int(time.time())}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = _Trigger(user, view_id, self._timer())
        return trigger_id

    def redeem(self, trigger_id: str) -> tuple[str, str | None]:
        """The person and view behind a trigger id.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._timer() - trigger.issued > self.lifetime:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user, trigger.view_id


@dataclass
class ResponseUrl:
    """Where an answer to one interaction goes; `message_ts` is what `replace_original` replaces."""

    user: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    issued: float
    uses: int = 0


class ResponseUrls:
    """Issues response URLs and counts their uses.

    Args:
        lifetime: Clock seconds a URL lives.
        most: How often it may be used.
        clock: Unix seconds that people see.
    """

    def __init__(self, lifetime: float, most: int, clock: Callable[[], float]) -> None:
        self.lifetime = lifetime
        self.most = most
        self._clock = clock
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, user: str, channel: str, message_ts: str | None = None, thread_ts: str | None = None) -> str:
        """The path of a new response URL."""
        key = secrets.token_urlsafe(16)
        self._issued[key] = ResponseUrl(user, channel, message_ts, thread_ts, self._clock())
        return f"/response/{key}"

    def use(self, key: str) -> ResponseUrl:
        """Count one use.

        Raises:
            SlackError: `expired_url` (also for unknown ones) or `used_url`.
        """
        found = self._issued.get(key)
        if found is None or self._clock() - found.issued > self.lifetime:
            raise SlackError("expired_url")
        if found.uses >= self.most:
            raise SlackError("used_url")
        found.uses += 1
        return found
