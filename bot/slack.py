"""Our few calls to Slack's Web API, for threads: plain, without automatic retries, errors named by what comes next.

Retries are the callers' business: a job is due again, a post goes back to the outbox. slack_sdk would send a
post a second time whenever an answer is lost (slack_sdk.http_retry's ConnectionErrorRetryHandler), so every
client here has `retry_handlers=[]`.
"""

import http.client
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.final_words import LIMITED, MAYBE_DONE, OF, PASSING, Ends, ended_by

METADATA_TYPE = "headroom_post"

ATTEMPT, UNHEARD_OF, HOUR = 60.0, 900.0, 3_600.0
"""Seconds until a call is made again: where no answer came, where Slack's word is not known, at most."""

NO_ANSWER, TIMED_OUT, NO_WORD = "no_answer", "timed_out", "no_word"
"""Words of ours where none of Slack's came: nothing, nothing in time, or something that is no answer of Slack's."""

_WORD, _SECONDS = re.compile(r"[a-z_]{1,60}"), re.compile(r"[0-9]{1,6}")


class SlackError(Exception):
    """Slack said no, and will again.

    Attributes:
        error: Slack's word for why, or one of ours; never anything else that came, which may hold what people wrote.
        ends: What it is the end of, where Slack's pages say so.
        after: Seconds until it may be asked again, by whoever has to.
    """

    def __init__(self, error: str, ends: Ends | None = None, after: float = HOUR) -> None:
        self.error = error if _WORD.fullmatch(error) else NO_WORD
        self.ends, self.after = ends, after
        super().__init__(self.error)


class SlackBusyError(SlackError):
    """Try again after `after` seconds; nothing was done."""

    def __init__(self, after: float, error: str = "ratelimited") -> None:
        super().__init__(error, after=after)


class SlackUnknownError(SlackError):
    """No answer, or one that leaves open whether it was done, or that says nothing of what was asked."""

    def __init__(self, error: str, after: float = ATTEMPT) -> None:
        super().__init__(error, after=after)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot, as Slack knows it."""

    workspace: str
    workspace_name: str
    user: str
    bot: str


@dataclass(frozen=True, slots=True)
class Greeting:
    """What Slack says of a token.

    Attributes:
        me: The bot.
        scopes: What the token may do; empty where the server does not say.
        date: Unix seconds on Slack's clock, None where the server does not say.
    """

    me: Me
    scopes: frozenset[str]
    date: float | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What we read of a person: never more than set-up needs."""

    id: str
    name: str
    tz: str | None
    is_bot: bool
    deleted: bool
    guest: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel the bot can see."""

    id: str
    name: str
    is_private: bool
    is_member: bool
    is_archived: bool


class Slack:
    """The calls. Safe to use from several threads (slack_sdk's WebClient keeps no state between calls)."""

    def __init__(self, token: str, base_url: str, timeout: int = 15) -> None:
        self._client = WebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[])

    def _read(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """A reading call, as a GET: not all reading methods understand a JSON body."""
        params = {k: v for k, v in arguments.items() if v is not None}
        return self._call(method, lambda: self._client.api_call(method, http_verb="GET", params=params))

    def _write(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """A writing call, as JSON."""
        body = {k: v for k, v in arguments.items() if v is not None}
        return self._call(method, lambda: self._client.api_call(method, json=body))

    @classmethod
    def _call(cls, method: str, ask: Callable[[], SlackResponse]) -> Mapping[str, Any]:
        return cls._answer(method, ask).data  # type: ignore[return-value]  # bytes only for file downloads

    @staticmethod
    def _answer(method: str, ask: Callable[[], SlackResponse]) -> SlackResponse:
        try:
            return ask()
        except SlackApiError as refused:
            raise _named(method, refused.response) from None
        except (OSError, http.client.HTTPException) as lost:
            late = isinstance(lost, TimeoutError) or isinstance(getattr(lost, "reason", None), TimeoutError)
            raise SlackUnknownError(TIMED_OUT if late else NO_ANSWER) from None
        except (SlackClientError, ValueError, LookupError, AttributeError):
            # Not UTF-8, an unknown character set, a list where an object belongs: slack_sdk trips over it.
            raise SlackUnknownError(NO_WORD) from None

    def _pages(self, method: str, key: str, **arguments: Any) -> Iterator[Any]:
        cursor: str | None = None
        while True:
            answer = self._read(method, cursor=cursor, **arguments)
            if not isinstance(answer.get(key), list):  # an empty page is a list too
                raise SlackUnknownError(NO_WORD)
            yield from answer[key]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    def me(self) -> Me:
        """Who the token belongs to."""
        return self.greeting().me

    def greeting(self) -> Greeting:
        """Who the token belongs to, what it may do, and what time Slack has.

        The header is described at https://docs.slack.dev/authentication/installing-with-oauth/
        """
        response = self._answer("auth.test", lambda: self._client.api_call("auth.test", json={}))
        headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
        me = Me(response["team_id"], response.get("team", ""), response["user_id"], response.get("bot_id", ""))
        scopes = (name.strip() for name in headers.get("x-oauth-scopes", "").split(","))
        return Greeting(me, frozenset(name for name in scopes if name), _unix(headers.get("date")))

    def address(self) -> str:
        """The workspace's web address, such as `https://example.slack.com/`: auth.test's `url`."""
        return str(self._write("auth.test")["url"])

    def open_socket(self, app_token: str) -> str:
        """Ask for a Socket Mode address, good for one connection: apps.connections.open with the app token."""
        method = "apps.connections.open"
        return str(self._call(method, lambda: self._client.apps_connections_open(app_token=app_token))["url"])

    def post(self, channel: str, body: Mapping[str, Any], key: str, thread: str | None = None) -> str:
        """Post once, carrying `key` in the metadata; returns the message's `ts`."""
        answer = self._write(
            "chat.postMessage",
            channel=channel,
            text=body["text"],
            blocks=body.get("blocks"),
            thread_ts=thread,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": METADATA_TYPE, "event_payload": {"key": key}},
        )
        return str(answer["ts"])

    def update(self, channel: str, ts: str, body: Mapping[str, Any]) -> None:
        """Replace the text and blocks of a message of ours."""
        self._write("chat.update", channel=channel, ts=ts, text=body["text"], blocks=body["blocks"])

    def find_post(self, channel: str, key: str, oldest: float, thread: str | None = None) -> str | None:
        """`ts` of the message that carries `key`, posted since Unix second `oldest`; None when there is none."""
        method = "conversations.replies" if thread else "conversations.history"
        messages = self._pages(
            method,
            "messages",
            channel=channel,
            ts=thread,
            oldest=f"{oldest:.6f}",
            include_all_metadata=True,
            limit=200,
        )
        for message in messages:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == METADATA_TYPE and metadata["event_payload"].get("key") == key:
                return str(message["ts"])
        return None

    def history(self, channel: str, oldest: str, latest: str | None = None) -> Iterator[Mapping[str, Any]]:
        """Root messages after `oldest` (exclusive), newest first, page by page."""
        return self._pages(
            "conversations.history", "messages", channel=channel, oldest=oldest, latest=latest, limit=200
        )

    def replies(self, channel: str, root: str, oldest: str | None = None) -> Iterator[Mapping[str, Any]]:
        """Messages of one thread, oldest first; Slack puts the root itself first."""
        return self._pages("conversations.replies", "messages", channel=channel, ts=root, oldest=oldest, limit=200)

    def permalink(self, channel: str, ts: str) -> str:
        """The web address of a message; SlackError('message_not_found') when it is gone."""
        return str(_of(self._read("chat.getPermalink", channel=channel, message_ts=ts), "permalink"))

    def person(self, user: str) -> Profile:
        """One person's profile, as far as set-up needs it."""
        return _profile(_of(self._read("users.info", user=user), "user"))

    def members(self, channel: str) -> list[str]:
        """User ids in a channel."""
        return list(self._pages("conversations.members", "members", channel=channel, limit=200))

    def groups(self) -> tuple[tuple[str, str], ...]:
        """User groups of the workspace, as (id, name); SlackError('missing_scope') where they cannot be read."""
        return tuple((group["id"], group["name"]) for group in self._read("usergroups.list").get("usergroups") or ())

    def group_members(self, group: str) -> list[str]:
        """User ids in a user group."""
        return list(self._read("usergroups.users.list", usergroup=group).get("users", ()))

    def channel(self, channel: str) -> Channel:
        """What Slack says of a channel; SlackError('channel_not_found') when the bot cannot see it."""
        found = _of(self._read("conversations.info", channel=channel), "channel")
        return Channel(
            _of(found, "id"),
            found.get("name", ""),
            bool(found.get("is_private")),
            bool(found.get("is_member")),
            bool(found.get("is_archived")),
        )


def _named(method: str, response: SlackResponse) -> SlackError:
    """The error for an answer that is no yes, named by what comes next.

    Of what came only the status, a header's number and a word of Slack's shape are looked at: slack_sdk puts the
    beginning of any body that is not JSON where the word belongs, and that may be what somebody wrote.
    """
    word = word_in(response)
    if response.status_code == 429 or word in LIMITED:
        seconds = str(response.headers.get("Retry-After", ""))
        return SlackBusyError(min(float(seconds), HOUR) if _SECONDS.fullmatch(seconds) else ATTEMPT / 2)
    if word in PASSING:
        return SlackBusyError(ATTEMPT, word)
    if response.status_code != 200 or word == NO_WORD or word in MAYBE_DONE:
        return SlackUnknownError(word)
    ends = ended_by(method, word)
    if method in OF and ends is None:
        return SlackUnknownError(word, UNHEARD_OF)
    return SlackError(word, ends)


def word_in(response: object) -> str:
    """Slack's word for a refusal; `NO_WORD` where what came is no answer of Slack's.

    Args:
        response: Of a SlackApiError: slack_sdk's, a dict, or aiohttp's own where it could not read the body.
    """
    data = getattr(response, "data", response)
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, str) and _WORD.fullmatch(found) else NO_WORD


def _of(answer: object, key: str) -> Any:
    """What an answer must hold; without it, it is no answer.

    Raises:
        SlackUnknownError: It does not hold it.
    """
    if not isinstance(answer, Mapping) or key not in answer:
        raise SlackUnknownError(NO_WORD)
    return answer[key]


def _unix(date: str | None) -> float | None:
    """Unix seconds of an HTTP date (https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats)."""
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except ValueError:
        return None


def _profile(user: Mapping[str, Any]) -> Profile:
    return Profile(
        id=_of(user, "id"),
        name=user.get("real_name") or user.get("name") or "",
        tz=user.get("tz"),
        is_bot=bool(user.get("is_bot")),
        deleted=bool(user.get("deleted")),
        guest=bool(user.get("is_stranger") or user.get("is_restricted") or user.get("is_ultra_restricted")),
    )
