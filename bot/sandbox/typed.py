"""What a person types, as Slack's client sends it: one rich_text block with mentions, links and emoji.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/
"""

import html
import re
from collections.abc import Iterator

from bot.sandbox.config import Json

_SPECIAL = re.compile(r"<([^<>\s][^<>]*)>|:([a-z0-9_+'-]+):|(https?://[^\s<>]+)")
_KINDS = {"@": ("user", "user_id"), "#": ("channel", "channel_id"), "!subteam^": ("usergroup", "usergroup_id")}
_RANGES = ("here", "channel", "everyone")


def rich_text(text: str) -> Json:
    """The block for a text in which mentions are already encoded (`<@U1>`, `<#C1|name>`)."""
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


def _element(bracket: str | None, emoji: str | None, address: str | None) -> Json | None:
    if emoji:
        return {"type": "emoji", "name": emoji}
    if address:
        return {"type": "link", "url": html.unescape(address)}
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
