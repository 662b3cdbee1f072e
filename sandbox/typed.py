"""What a person types, as Slack's client sends it: one rich_text block with mentions, links and emoji.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/
"""

import html
import re
from collections.abc import Iterator

from sandbox.config import Json

_SPECIAL = re.compile(r"<([^<>\s][^<>]*)>|:([+-]1|100|[a-z0-9_'+-]*[a-z][a-z0-9_'+-]*):")
_KINDS = {"@": ("user", "user_id"), "#": ("channel", "channel_id"), "!subteam^": ("usergroup", "usergroup_id")}
_ADDRESS = re.compile(r"(?<![<|])https?://[^\s<>|]+")
_RANGES = ("here", "channel", "everyone")


def with_links(text: str) -> str:
    """Wrap typed web addresses as Slack's text does: `<https://example.com>`."""
    return _ADDRESS.sub(lambda match: f"<{match[0]}>", text)


def rich_text(text: str) -> Json:
    """The block for a text in which mentions are already encoded (`<@U1>`, `<#C1|name>`, `<https://…>`)."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(_runs(text))}]}


def _runs(text: str) -> Iterator[Json]:
    at = 0
    for match in _SPECIAL.finditer(text):
        found = _element(*match.groups())
        if found is None:
            continue
        yield from _plain(text[at : match.start()])
        yield found
        at = match.end()
    yield from _plain(text[at:])


def _plain(text: str) -> Iterator[Json]:
    if text:
        yield {"type": "text", "text": html.unescape(text)}


def _element(bracket: str | None, emoji: str | None) -> Json | None:
    if emoji:
        return {"type": "emoji", "name": emoji}
    target, _, label = (bracket or "").partition("|")
    for prefix, (kind, name) in _KINDS.items():
        if target.startswith(prefix):
            return {"type": kind, name: target.removeprefix(prefix)}
    if target.removeprefix("!") in _RANGES:
        return {"type": "broadcast", "range": target.removeprefix("!")}
    if target.startswith(("http://", "https://", "mailto:")):
        link: Json = {"type": "link", "url": html.unescape(target)}
        return {**link, "text": html.unescape(label)} if label else link
    return None
