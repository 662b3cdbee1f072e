"""A Slack event, or a message read back from history, becomes facts; its text goes no further than here.

Live events and history meet under the same keys (queue, message, kind, actor, reaction time). History tells
reactions without their times, so those facts are untimed, and a live one later takes their place.

What counts, and for whom:

- A top-level message by somebody who is no responder is an arrival; by a responder it is nothing (🎫 can
  still make it a request). In a thread, a responder's message is a reply, anybody else's a chase, a thank-you,
  a nod ("ok great") or a plain follow-up.
- Emoji are the team's own, several a meaning (`bot.emoji`). 👀 ✅ 🎫 🔕 count only by responders, 🔁 🚨 by anybody.
  ✅ by the asker on the own request is a thank-you: the asker knows that it is settled, but not when the work
  ended. A thank-you needs its time, so history, which has none, leaves it out.
- A fact does not keep which emoji said it. Live, each ✅ or ✔️ that comes is a `done` and each that goes a
  `withdraw`; they are counted per message, person and meaning (`bot.health.seen.corrections`), so a meaning stands
  while at least one of its emoji does. What this cannot see: history tells several emoji of one meaning by one person
  as one untimed fact, in whose place a live one comes; and one whose coming was not heard (we were down, or it had no
  meaning yet) may go live. Then the first that goes takes the meaning back, though another emoji of it may still stand.
- A change of a team's emoji rewrites nothing: what was heard stays, what was not heard then is not sought. But
  messages that are read back later, as new or in a thread that goes on, are read by the emoji of that time, with the
  reactions that stand on them by then.
- A reaction names no thread: its `request` is the message itself unless the thread is known.
- Workflow forms and e-mail are requests by the person they mention. Other apps' posts are nothing, or
  requests where the team says so, of one app or of all; an app's message in a thread is never an answer. We
  ourselves are nothing.
- The permalink of a request of another watched queue, posted by one of that queue's responders, is a handoff.
- An edit changes nothing; a message that becomes a tombstone, or goes, is a deletion.

Nothing here raises for what an event holds: whatever cannot be read is no fact.
Event shapes: docs.slack.dev/reference/events/message, /reaction_added, /reaction_removed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from bot.emoji import MEANINGS, plain
from bot.errors import BadInputError
from bot.signal import Kind, Signal, microseconds
from bot.watch import Lookup, OtherApp, Pseudonym, Watch
from bot.wordlists import is_chase, is_nod, is_thanks

__all__ = [
    "Lookup",
    "Pseudonym",
    "Watch",
    "apps_in",
    "capture",
    "capture_history",
    "capture_message",
    "emoji_in",
]

_HEARD = frozenset({None, "file_share", "me_message", "thread_broadcast", "bot_message"})
_BY_RESPONDERS = frozenset(meaning.kind for meaning in MEANINGS if not meaning.anybody)
_BY_REACTION = frozenset(meaning.kind for meaning in MEANINGS)
_SLACKBOT = "USLACKBOT"
_AHEAD = 86_400_000_000  # µs; a day, for clocks that are not ours
_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,30})(?:\|[^>]*)?>")
_PERMALINK = re.compile(
    r"https://[\w.-]{1,100}/archives/([CG][A-Z0-9]{1,30})/p(\d{7,18})"
    r"(?:\?(?:[\w=%&;-]{0,50}&(?:amp;)?)?thread_ts=(\d{1,12}\.\d{6}))?",
    re.ASCII,
)
_MOST_LINKS = 10


def capture(event: Mapping[str, Any], lookup: Lookup, pseudonym: Pseudonym, now: float) -> tuple[Signal, ...]:
    """The facts of one live event; none for whatever is not watched, not understood or not wanted.

    Args:
        event: Slack's inner event (`payload["event"]`).
        lookup: The watched channels of the event's workspace.
        pseudonym: Of the event's workspace.
        now: Unix seconds; a time more than a day ahead of it is not believed.
    """
    match event.get("type"):
        case "message":
            watch = _watch(event.get("channel"), lookup)
            return capture_message(event, watch, pseudonym, now, lookup) if watch else ()
        case "reaction_added" | "reaction_removed":
            return _reaction(event, lookup, pseudonym, now)
        case _:
            return ()


def capture_history(
    messages: Iterable[Mapping[str, Any]],
    watch: Watch,
    pseudonym: Pseudonym,
    now: float,
    lookup: Lookup | None = None,
) -> tuple[Signal, ...]:
    """The facts of messages as `conversations.history` and `conversations.replies` give them.

    The same keys as `capture`; reactions untimed.

    Args:
        messages: Of one channel, in any order.
        watch: That channel's.
        pseudonym: Of its workspace.
        now: Unix seconds.
        lookup: The workspace's watched channels, to know a hand-over by its permalink.
    """
    facts: list[Signal] = []
    for message in messages:
        if isinstance(message, Mapping):
            facts += capture_message(message, watch, pseudonym, now, lookup)
            facts += _reactions(message, watch, pseudonym, now)
    return tuple(facts)


def capture_message(
    message: Mapping[str, Any],
    watch: Watch,
    pseudonym: Pseudonym,
    now: float,
    lookup: Lookup | None = None,
) -> tuple[Signal, ...]:
    """The facts of one message, without its reactions.

    Args:
        message: A live message event, or a message as history gives it.
        watch: Its channel's.
        pseudonym: Of its workspace.
        now: Unix seconds.
        lookup: The workspace's watched channels, to know a hand-over by its permalink.
    """
    subtype = message.get("subtype")
    if subtype in ("message_deleted", "message_changed", "tombstone"):
        return _gone(message, watch, now)
    at = _time(message.get("ts"), now)
    if at is None or (subtype is not None and not isinstance(subtype, str)) or subtype not in _HEARD:
        return ()
    if message.get("hidden") is True or _is_us(message, watch):
        return ()
    root = _root(message, at, now)
    fact = _app_post(message, watch, pseudonym, at, root) if _is_app(message) else None
    if not _is_app(message):
        fact = _person_post(message, watch, pseudonym, at, root)
    handed = _handed_over(message, at, lookup, watch, pseudonym, now) if lookup else ()
    return (*((fact,) if fact else ()), *handed)


def apps_in(messages: Iterable[Mapping[str, Any]], bot_user: str | None, most: int = 10) -> tuple[OtherApp, ...]:
    """Other apps among the authors of top-level messages, the busiest first; nothing else is looked at.

    Workflows, e-mail and we ourselves are left out: for these it is settled what their posts are.

    Args:
        messages: As history gives them.
        bot_user: Our own user id.
        most: How many apps at most.
    """
    posts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for message in messages:
        bot = _id(message.get("bot_id"))
        settled = message.get("user") in (bot_user, _SLACKBOT) or _is_workflow(message) or _is_email(message)
        if bot is None or settled or message.get("thread_ts", message.get("ts")) != message.get("ts"):
            continue
        posts[bot] += 1
        profile = message.get("bot_profile")
        said = message.get("username") or (profile.get("name") if isinstance(profile, Mapping) else None)
        names[bot] = said if isinstance(said, str) and said.strip() else names.get(bot, bot)
    return tuple(OtherApp(bot, names[bot], False) for bot, _ in posts.most_common(most))


def emoji_in(messages: Iterable[Mapping[str, Any]], bot_user: str | None, most: int = 50) -> dict[str, int]:
    """How often each reaction stands on messages that are not ours, the most frequent first; never whose it is.

    Args:
        messages: As history gives them.
        bot_user: Our own user id.
        most: How many names at most.
    """
    times: Counter[str] = Counter()
    for message in messages:
        listed = message.get("reactions")
        for reaction in listed if isinstance(listed, list) and message.get("user") != bot_user else ():
            name, count = (reaction.get(key) for key in ("name", "count")) if isinstance(reaction, Mapping) else ("", 0)
            if isinstance(name, str) and isinstance(count, int) and 0 < count < _AHEAD:
                times[plain(name)] += count
    return dict(times.most_common(most))


def _person_post(message: Mapping[str, Any], watch: Watch, pseudonym: Pseudonym, at: int, root: int) -> Signal | None:
    user = _id(message.get("user"))
    if user is None:
        return None
    responder = watch.responders(user, at)
    if root == at and responder:
        return None
    kind = Kind.ARRIVAL if root == at else Kind.REPLY if responder else _said(message, watch)
    return Signal(watch.queue, root, at, kind, pseudonym(user, at))


def _said(message: Mapping[str, Any], watch: Watch) -> Kind:
    """What somebody who is no responder says in a thread. Asking for news weighs more than a thank-you."""
    text = _text(message)
    if is_chase(text, watch.language):
        return Kind.CHASE
    if is_thanks(text, watch.language):
        return Kind.THANKS
    return Kind.NOD if is_nod(text, watch.language) else Kind.FOLLOWUP


def _app_post(message: Mapping[str, Any], watch: Watch, pseudonym: Pseudonym, at: int, root: int) -> Signal | None:
    if root != at or not (_is_workflow(message) or _is_email(message) or _is_wanted(message, watch)):
        return None
    mentioned = (m[1] for m in _MENTION.finditer(_text(message)))
    asker = next((user for user in mentioned if not watch.responders(user, at)), None)
    return Signal(watch.queue, at, at, Kind.ARRIVAL, pseudonym(asker, at) if asker else b"")


def _is_app(message: Mapping[str, Any]) -> bool:
    """Whether an app wrote it; Slackbot, who delivers e-mail, is one too. Most have no subtype."""
    return (
        bool(message.get("bot_id"))
        or message.get("subtype") == "bot_message"
        or message.get("user") == _SLACKBOT
        or bool(message.get("bot_profile"))
    )


def _is_wanted(message: Mapping[str, Any], watch: Watch) -> bool:
    """Whether the team counts this app's posts as requests."""
    bot = _id(message.get("bot_id"))
    return watch.other_apps if bot is None else watch.apps.get(bot, watch.other_apps)


def _is_us(message: Mapping[str, Any], watch: Watch) -> bool:
    user, bot = message.get("user"), message.get("bot_id")
    return (watch.bot_user is not None and user == watch.bot_user) or (watch.bot_id is not None and bot == watch.bot_id)


def _is_workflow(message: Mapping[str, Any]) -> bool:
    profile = message.get("bot_profile")
    return isinstance(profile, Mapping) and profile.get("is_workflow_bot") is True


def _is_email(message: Mapping[str, Any]) -> bool:
    files = message.get("files")
    return isinstance(files, list) and any(
        isinstance(f, Mapping) and "email" in (f.get("mode"), f.get("filetype")) for f in files
    )


def _gone(message: Mapping[str, Any], watch: Watch, now: float) -> tuple[Signal, ...]:
    """A deletion: `message_deleted`, or a root left as a tombstone, of which history does not say when.

    An edit, or a link that unfolds, comes as `message_changed` too and is nothing.
    """
    subtype = message.get("subtype")
    inner = message.get("message") if subtype == "message_changed" else message
    if not isinstance(inner, Mapping):
        return ()
    if subtype == "message_changed" and inner.get("subtype") != "tombstone" and inner.get("hidden") is not True:
        return ()
    at = _time(inner.get("deleted_ts" if subtype == "message_deleted" else "ts"), now)
    if at is None:
        return ()
    before = message.get("previous_message")
    root = _root(before if isinstance(before, Mapping) else inner, at, now)
    when = 0 if subtype == "tombstone" else _time(message.get("event_ts") or message.get("ts"), now) or 0
    return (Signal(watch.queue, root, at, Kind.DELETE, b"", when if when >= at else 0),)


def _handed_over(
    message: Mapping[str, Any], at: int, lookup: Lookup, here: Watch, pseudonym: Pseudonym, now: float
) -> tuple[Signal, ...]:
    """Requests of other watched queues whose permalink a responder of theirs posts here."""
    user = _id(message.get("user"))
    text = _text(message)
    if user is None or "/archives/" not in text or _is_app(message):
        return ()
    facts: dict[tuple[int, int], Signal] = {}
    for link in list(_PERMALINK.finditer(text))[:_MOST_LINKS]:
        watch = _watch(link[1], lookup)
        linked = _time(f"{link[2][:-6]}.{link[2][-6:]}", now)
        if watch is None or watch.queue == here.queue or linked is None or linked > at:
            continue
        root = _time(link[3], now) or linked
        if watch.responders(user, at):
            facts.setdefault(
                (watch.queue, root),
                Signal(watch.queue, root, root, Kind.HANDOFF, pseudonym(user, root), at),
            )
    return tuple(facts.values())


def _reaction(event: Mapping[str, Any], lookup: Lookup, pseudonym: Pseudonym, now: float) -> tuple[Signal, ...]:
    item = event.get("item")
    if not isinstance(item, Mapping) or item.get("type") != "message":
        return ()
    watch = _watch(item.get("channel"), lookup)
    at, user = _time(item.get("ts"), now), _id(event.get("user"))
    if watch is None or at is None or user is None:
        return ()
    kind = _meaning(event.get("reaction"), user, event.get("item_user"), watch, at)
    if kind is None:
        return ()
    when = _time(event.get("event_ts"), now) or 0
    when = when if when >= at else 0
    if when == 0 and (kind is Kind.THANKS or event.get("type") == "reaction_removed"):
        return ()
    actor = pseudonym(user, at)
    if event.get("type") == "reaction_removed":
        return (Signal(watch.queue, at, at, Kind.WITHDRAW, actor, when, kind),)
    return (Signal(watch.queue, at, at, kind, actor, when),)


def _reactions(message: Mapping[str, Any], watch: Watch, pseudonym: Pseudonym, now: float) -> Iterable[Signal]:
    """The reactions that history shows on a message; who and what, but not when."""
    at, listed = _time(message.get("ts"), now), message.get("reactions")
    if at is None or not isinstance(listed, list):
        return
    root = _root(message, at, now)
    for reaction in listed:
        users = reaction.get("users") if isinstance(reaction, Mapping) else None
        for user in map(_id, users if isinstance(users, list) else ()):
            kind = user and _meaning(reaction.get("name"), user, message.get("user"), watch, at)
            if user and kind and kind is not Kind.THANKS:
                yield Signal(watch.queue, root, at, kind, pseudonym(user, at))


def _meaning(name: object, user: str, author: object, watch: Watch, at: int) -> Kind | None:
    """What this reaction by this person says about a message by that author."""
    if not isinstance(name, str) or user == watch.bot_user:
        return None
    kind = watch.emoji.get(plain(name))
    if kind not in _BY_REACTION:
        return None
    if kind in _BY_RESPONDERS and not watch.responders(user, at):
        return Kind.THANKS if kind is Kind.DONE and user == author else None
    return kind


def _watch(channel: object, lookup: Lookup) -> Watch | None:
    return lookup(channel) if isinstance(channel, str) and channel else None


def _root(message: Mapping[str, Any], at: int, now: float) -> int:
    """The thread's root; the message itself where it stands alone or is the root."""
    return _time(message.get("thread_ts"), now) or at


def _time(ts: object, now: float) -> int | None:
    """A `ts` in microseconds; None for what is none, or lies in the future."""
    try:
        at = microseconds(ts) if isinstance(ts, str) else 0
    except BadInputError:
        return None
    return at if 0 < at <= now * 1_000_000 + _AHEAD else None


def _id(user: object) -> str | None:
    return user if isinstance(user, str) and 0 < len(user) <= 64 else None


def _text(message: Mapping[str, Any]) -> str:
    text = message.get("text")
    return text if isinstance(text, str) else ""
