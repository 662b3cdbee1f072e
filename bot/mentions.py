"""A message becomes interruptions: the teams whose people or user group it mentions, and nothing else of it.

Counted are mentions in channels that a team named. In one of the team's own queues a top-level post is a request and
a colleague's reply is work, so there only threads count, and of them what others write. An edit counts nothing, and
neither do we ourselves. Nothing here raises for what an event holds.
Mentions in text: docs.slack.dev/messaging/formatting-message-text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.errors import BadInputError
from bot.signal import SLOT_MICROSECONDS, Interruption, microseconds
from bot.watch import Listening

_HEARD = (None, "file_share", "me_message", "thread_broadcast", "bot_message")
_PERSON = re.compile(r"<@([UW][A-Z0-9]{1,30})(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]{1,30})(?:\|[^>]*)?>")
_AHEAD = 86_400_000_000  # µs; a day, for clocks that are not ours


def interruptions(
    event: Mapping[str, Any], named: Callable[[str], Sequence[Listening] | None], now: float
) -> tuple[Interruption, ...]:
    """The teams that a live message interrupts; its text is looked at here and goes no further.

    Args:
        event: Slack's inner event.
        named: Slack channel id → who counts there.
        now: Unix seconds; a time more than a day ahead of it is not believed.
    """
    channel, text, subtype = event.get("channel"), event.get("text"), event.get("subtype")
    if event.get("type") != "message" or not isinstance(channel, str) or not isinstance(text, str):
        return ()
    if subtype not in _HEARD or event.get("hidden") is True:
        return ()
    there = named(channel)
    at = _time(event.get("ts"), now) if there and ("<@" in text or "<!subteam^" in text) else None
    if not there or at is None:
        return ()
    people = {match[1] for match in _PERSON.finditer(text)}
    groups = {match[1] for match in _GROUP.finditer(text)}
    return tuple(Interruption(one.team, at) for one in there if _hits(event, one, people, groups, at))


def _hits(event: Mapping[str, Any], here: Listening, people: set[str], groups: set[str], at: int) -> bool:
    author = event.get("user")
    if (here.bot_user and author == here.bot_user) or (here.bot_id and event.get("bot_id") == here.bot_id):
        return False
    if here.queue:
        in_thread = event.get("thread_ts") not in (None, event.get("ts"))
        if not in_thread or event.get("bot_id") or (isinstance(author, str) and here.responders(author, at)):
            return False
    return here.group in groups or any(here.responders(person, at) for person in people if person != author)


class Merged:
    """Of mentions within five minutes the first counts. It remembers one moment a team, in memory alone."""

    def __init__(self) -> None:
        self._latest: dict[int, int] = {}

    def fresh(self, found: Sequence[Interruption]) -> tuple[Interruption, ...]:
        """Those that do not fall into the five minutes after one that counted; the very same one may come again."""
        kept = tuple(one for one in found if not 0 < one.at - self._latest.get(one.team, 0) < SLOT_MICROSECONDS)
        for one in kept:
            self._latest[one.team] = max(one.at, self._latest.get(one.team, 0))
        return kept


def _time(ts: object, now: float) -> int | None:
    try:
        at = microseconds(ts) if isinstance(ts, str) else 0
    except BadInputError:
        return None
    return at if 0 < at <= now * 1_000_000 + _AHEAD else None
