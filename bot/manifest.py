"""The Slack app manifest, for each level of trust: what a workspace must let the bot hear and do.

Slack takes it at <https://api.slack.com/apps?new_app=1>, *From a manifest*. Shape and limits:
https://docs.slack.dev/reference/app-manifest/
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from bot.errors import BadInputError

EVENTS_PATH = "/slack/events"
"""Where `headroom serve` takes what Slack sends."""

FRICTION_SHORTCUT = "headroom_friction_shortcut"
"""The id that comes back with the shortcut; `bot.messages.actions` has the same."""


class Trust(Enum):
    """How much a workspace lets the bot hear; each level holds all of the one before."""

    REACTIONS = "reactions-only"
    PUBLIC = "public"
    PRIVATE = "private"


_ORDER = (Trust.REACTIONS, Trust.PUBLIC, Trust.PRIVATE)

SCOPES: tuple[tuple[str, Trust, str], ...] = (
    ("chat:write", Trust.REACTIONS, "post reports and warnings"),
    ("commands", Trust.REACTIONS, "/headroom"),
    ("channels:read", Trust.REACTIONS, "who is in a channel, what it is called"),
    ("channels:history", Trust.PUBLIC, "hear requests and replies; their text is read and dropped"),
    ("groups:read", Trust.REACTIONS, "who is in a private channel, for a closed team channel"),
    ("groups:history", Trust.PRIVATE, "hear requests and replies in private channels; the text is dropped too"),
    ("reactions:read", Trust.REACTIONS, "👀 claimed, ✅ done, 🎫 a request"),
    ("users:read", Trust.REACTIONS, "time zones for set-up; bots and guests are no responders"),
    ("usergroups:read", Trust.REACTIONS, "a user group as the roster"),
)
"""Scope, the first level that asks for it, and what it is for."""

OPTIONAL = frozenset({"groups:read", "groups:history", "usergroups:read"})
"""Scopes that whoever installs the app may take out: https://docs.slack.dev/authentication/installing-with-oauth/"""

EVENTS: tuple[tuple[str, Trust], ...] = (
    ("message.channels", Trust.PUBLIC),
    ("message.groups", Trust.PRIVATE),
    ("reaction_added", Trust.REACTIONS),
    ("reaction_removed", Trust.REACTIONS),
    ("member_joined_channel", Trust.REACTIONS),
    ("member_left_channel", Trust.REACTIONS),
    ("channel_archive", Trust.REACTIONS),
    ("channel_unarchive", Trust.REACTIONS),
    ("channel_deleted", Trust.REACTIONS),
    ("channel_id_changed", Trust.REACTIONS),
    ("channel_left", Trust.REACTIONS),
    ("group_archive", Trust.REACTIONS),
    ("group_unarchive", Trust.REACTIONS),
    ("group_deleted", Trust.REACTIONS),
    ("group_left", Trust.REACTIONS),
    ("user_change", Trust.REACTIONS),
    ("app_home_opened", Trust.REACTIONS),
    ("app_uninstalled", Trust.REACTIONS),
    ("tokens_revoked", Trust.REACTIONS),
)
"""Event and the first level that hears it."""


def scopes(trust: Trust) -> tuple[str, ...]:
    """The scopes of a level."""
    return tuple(name for name, first, _ in SCOPES if _ORDER.index(first) <= _ORDER.index(trust))


def events(trust: Trust) -> tuple[str, ...]:
    """The events of a level."""
    return tuple(name for name, first in EVENTS if _ORDER.index(first) <= _ORDER.index(trust))


def level(granted: Iterable[str]) -> Trust:
    """The highest level whose message scope was granted."""
    held = set(granted)
    if "groups:history" in held:
        return Trust.PRIVATE
    return Trust.PUBLIC if "channels:history" in held else Trust.REACTIONS


def manifest(trust: Trust = Trust.PRIVATE, url: str | None = None) -> dict[str, Any]:
    """The manifest as data.

    Args:
        trust: How much the bot may hear.
        url: Where Slack reaches `headroom serve` (`https://…`, with or without a path); None is Socket Mode.

    Raises:
        BadInputError: The URL is not one Slack would call.
    """
    request = {} if url is None else {"request_url": _request_url(url)}
    command = {
        "command": "/headroom",
        **({"url": request["request_url"]} if request else {}),
        "description": "How much room the team has, and how long requests wait",
        "usage_hint": "[setup | trust | help]",
        "should_escape": True,
    }
    shortcut = {
        "name": "Report a process flaw",
        "type": "global",
        "callback_id": FRICTION_SHORTCUT,
        "description": "Tell your team what gets in the way, without your name",
    }
    wanted = scopes(trust)
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Headroom",
            "description": "How much slack your team has left, before the wait explodes.",
            "background_color": "#1f4d3a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "headroom", "always_online": True},
            "slash_commands": [command],
            "shortcuts": [shortcut],
        },
        "oauth_config": {
            "scopes": {"bot": list(wanted), "bot_optional": [name for name in wanted if name in OPTIONAL]},
        },
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(events(trust))},
            "interactivity": {"is_enabled": True, **request},
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
            "org_deploy_enabled": False,
        },
    }


def text(trust: Trust = Trust.PRIVATE, url: str | None = None) -> str:
    """The manifest as YAML, each scope with what it is for.

    Raises:
        BadInputError: The URL is not one Slack would call.
    """
    option = "" if trust is Trust.PRIVATE else f" --{trust.value}"
    option += "" if url is None else f" --http {url}"
    head = [
        f"# Made by: headroom manifest{option}",
        "# Paste it at https://api.slack.com/apps?new_app=1 → From a manifest.",
    ]
    return "\n".join([*head, *_yaml(manifest(trust, url), 0)]) + "\n"


_REASONS = {name: reason for name, _, reason in SCOPES}
_PLAIN = re.compile(r"[A-Za-z_/][\w./-]*(?::[A-Za-z][\w.-]*)*")  # needs no quotes in YAML 1.1 or 1.2
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def _yaml(node: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Lines of block-style YAML."""
    pad = "  " * depth
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield f"{pad}{key}:"
            yield from _yaml(value, depth + 1)
        elif isinstance(value, list):
            yield f"{pad}{key}:"
            yield from _items(value, depth + 1, _REASONS if key == "bot" else {})
        else:
            yield f"{pad}{key}: {_scalar(value)}"


def _items(items: Sequence[Any], depth: int, reasons: Mapping[str, str]) -> Iterator[str]:
    pad = "  " * depth
    for item in items:
        if isinstance(item, Mapping):
            first, *rest = _yaml(item, depth + 1)
            yield f"{pad}- {first.strip()}"
            yield from rest
        else:
            yield f"{pad}- {_scalar(item):17} # {reasons[item]}" if item in reasons else f"{pad}- {_scalar(item)}"


def _scalar(value: str | bool | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (_PLAIN.fullmatch(value) and value.lower() not in _WORDS):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _request_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise BadInputError("--http", url, "write the address at which Slack reaches you, such as https://host.example")
    return url if parts.path.strip("/") else f"https://{parts.netloc}{EVENTS_PATH}"
