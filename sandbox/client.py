"""A typed client of the control API, for tests, the demo and scripts."""

import asyncio
import inspect
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from sandbox.config import Json


class Refused(Exception):
    """The sandbox refused; `body` is its whole answer and `error` its name for the reason."""

    def __init__(self, body: Json) -> None:
        super().__init__(f"{body.get('error')}: {body.get('detail') or body.get('text') or body}")
        self.body = body
        self.error = str(body.get("error"))


class Client:
    """Talks to one running sandbox; an async context manager.

    Args:
        url: Its address, such as `http://127.0.0.1:8420`.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    @property
    def api_url(self) -> str:
        """Slack's API address for an app under test, with the slash that slack_sdk wants."""
        return f"{self.url}/api/"

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(trust_env=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End all connections of this client."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, verb: str, path: str, **options: Any) -> Json:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False)
        timeout = aiohttp.ClientTimeout(total=120)
        async with self._session.request(verb, self.url + path, timeout=timeout, **options) as response:
            body: Json = await response.json(content_type=None)
        return body

    async def _must(self, verb: str, path: str, **options: Any) -> Json:
        body = await self._ask(verb, path, **options)
        if not body.get("ok"):
            raise Refused(body)
        return body

    # -- acting -------------------------------------------------------------------------------

    async def act(self, user: str, do: str, /, **arguments: Any) -> Json:
        """Do something as a person; see `control` for the acts.

        Raises:
            Refused: What the person wanted did not work.
        """
        return await self._must("POST", "/sandbox/act", json={"as": user, "do": do, **arguments})

    async def try_act(self, user: str, do: str, /, **arguments: Any) -> Json:
        """Like `act`, but a refusal is returned as `{"ok": false, "error"}`."""
        return await self._ask("POST", "/sandbox/act", json={"as": user, "do": do, **arguments})

    async def seed(self, **parts: Any) -> Json:
        """Add users, usergroups, channels, messages, or set the app; nothing is announced."""
        return await self._must("POST", "/sandbox/seed", json=parts)

    async def settings(self, **values: Any) -> None:
        """Change `rate_limits`, `ack_seconds`, `retry_scale`, `trigger_seconds`, `history_limit` or the URLs.

        Raises:
            Refused: `url_verification_failed` by an events URL that gives no challenge back.
        """
        await self._must("POST", "/sandbox/settings", json=values)

    async def fault(self, kind: str, /, **options: Any) -> None:
        """Order one fault, such as `fault("lost_answer", method="chat.postMessage", next=1)`."""
        await self._must("POST", "/sandbox/faults", json={"kind": kind, **options})

    async def clear_faults(self, seed: int | None = None) -> None:
        """Forget all standing faults, and start the random choices anew when a seed is given."""
        body: Json = {"clear": True} if seed is None else {"clear": True, "seed": seed}
        await self._must("POST", "/sandbox/faults", json=body)

    async def flush(self, seconds: float = 60.0) -> bool:
        """Wait until every event was acknowledged or given up; False when `seconds` were not enough."""
        body = await self._must("POST", "/sandbox/flush", json={"timeout": seconds})
        return bool(body["flushed"])

    # -- looking ------------------------------------------------------------------------------

    async def state(self, user: str) -> Json:
        """The workspace as a person sees it."""
        return await self._must("GET", "/sandbox/state", params={"as": user})

    async def channel(self, user: str, channel: str, thread: str | None = None, limit: int = 100) -> Json:
        """A channel or thread as a person sees it."""
        params: dict[str, str] = {"as": user, "limit": str(limit)}
        if thread is not None:
            params["thread"] = thread
        return await self._must("GET", f"/sandbox/channel/{channel}", params=params)

    async def messages(self, user: str, channel: str, thread: str | None = None) -> list[Json]:
        """The messages of a channel or thread as a person sees them, oldest first."""
        found: list[Json] = (await self.channel(user, channel, thread, 1000))["messages"]
        return found

    async def calls(self, since: int = 0, method: str | None = None) -> list[Json]:
        """Recorded calls numbered above `since`, of one method or all."""
        body = await self._must("GET", "/sandbox/calls", params={"since": str(since)})
        return [c for c in body["calls"] if method in (None, c["method"])]

    async def deliveries(self) -> Json:
        """Counts and attempts of event deliveries."""
        return await self._must("GET", "/sandbox/deliveries")

    async def changes(self, user: str, since: int = 0) -> list[Json]:
        """What changed on a person's screen after change number `since`, without waiting."""
        params = {"as": user, "since": str(since), "poll": "0"}
        found: list[Json] = (await self._must("GET", "/sandbox/changes", params=params))["changes"]
        return found

    async def wait_for(
        self,
        predicate: Callable[["Client"], Any],
        what: str,
        seconds: float = 60.0,
    ) -> Any:
        """Wait until `await predicate(client)` is true, asked again after each change.

        Args:
            predicate: Looks at the sandbox; may return any value, awaitable or not.
            what: What is waited for, for the error.
            seconds: Real seconds to wait at most.

        Returns:
            The predicate's first true value.

        Raises:
            TimeoutError: Naming what did not happen.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        seq = -1
        while True:
            found = predicate(self)
            value = await found if inspect.isawaitable(found) else found
            if value:
                return value
            left = end - loop.time()
            if left <= 0:
                raise TimeoutError(f"after {seconds:g} s still no {what}")
            # What only time changes (a limit, an expiry) makes no change, so look again now and then.
            params = {"since": str(seq), "poll": f"{min(left, 1.0):.3f}"}
            if seq < 0:
                params = {"since": "999999999999", "poll": "0"}
            seq = int((await self._must("GET", "/sandbox/changes", params=params))["seq"])

    async def connected(self, seconds: float = 60.0) -> None:
        """Wait until the app has opened a Socket Mode connection."""

        async def open_now(client: "Client") -> bool:
            return bool((await client.state(""))["connections"])

        await self.wait_for(open_now, "Socket Mode connection", seconds)
