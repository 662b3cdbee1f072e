"""Block Kit pieces as plain dicts, within Slack's limits (docs.slack.dev/reference/block-kit)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.messages.message import Block, Message

SECTION_LIMIT = 3000
CONTEXT_ELEMENTS = 10
ACTION_ELEMENTS = 25
HEADER_LIMIT = 150
BUTTON_LIMIT = 75
VALUE_LIMIT = 2000
MESSAGE_BLOCKS = 50
TEXT_LIMIT = 4000  # what chat.postMessage advises for `text`
NAME_LIMIT = 80

_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200d\ufe0f"  # hold emoji sequences together; harmless


def clean(text: str, limit: int | None = None) -> str:
    """One line of visible characters: control, direction and invisible marks dropped, blanks joined.

    Args:
        text: Anything a person or Slack wrote.
        limit: Longest result in characters; what is longer ends in `…`.
    """
    visible = (c if c in _JOINERS or unicodedata.category(c) not in _CONTROL else " " for c in text)
    line = re.sub(r"\s+", " ", "".join(visible)).strip()
    return shorten(line, limit) if limit else line


def shorten(text: str, limit: int) -> str:
    """The text, cut to `limit` characters with `…` at the end where it was longer."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escape(text: str, limit: int = NAME_LIMIT) -> str:
    """Somebody's words made safe inside mrkdwn: no mention, link, mark or line break survives.

    The limit counts characters before escaping (`&` becomes five), so an entity is never cut in half.
    Source: docs.slack.dev/messaging/formatting-message-text#escaping.
    """
    plain = clean(text, limit)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str, limit: int = NAME_LIMIT) -> str:
    """Somebody's words in code marks, which they cannot close."""
    return f"`{escape(text.replace('`', ' '), limit) or ' '}`"


def chunks(text: str, limit: int = SECTION_LIMIT) -> list[str]:
    """The text in pieces of at most `limit` characters, cut at line ends, else at blanks, else anywhere."""
    pieces = []
    while len(text) > limit:
        cut = text.rfind("\n", 1, limit + 1)
        cut = cut if cut > 0 else text.rfind(" ", 1, limit + 1)
        cut = cut if cut > 0 else limit
        pieces.append(text[:cut])
        text = text[cut:].lstrip("\n ")
    return [piece for piece in (*pieces, text) if piece.strip()]


def sections(*lines: str) -> list[Block]:
    """Mrkdwn sections that hold these lines; more than one only where the limit asks for it."""
    text = "\n".join(line for line in lines if line)
    return [{"type": "section", "text": mrkdwn(piece)} for piece in chunks(text)]


def mrkdwn(text: str) -> Block:
    """A mrkdwn text object; whatever people wrote in it must have gone through `escape`."""
    return {"type": "mrkdwn", "text": text}


def plain_text(text: str, limit: int) -> Block:
    """A plain_text object of at most `limit` characters."""
    return {"type": "plain_text", "text": clean(text, limit) or "–"}


def header(text: str) -> Block:
    """A heading; plain text, so nothing needs escaping."""
    return {"type": "header", "text": plain_text(text, HEADER_LIMIT)}


def context(*lines: str) -> list[Block]:
    """Small print: each line one element, ten to a block; none for no lines."""
    said = [shorten(line, SECTION_LIMIT) for line in lines if line]
    return [
        {"type": "context", "elements": [mrkdwn(line) for line in said[i : i + CONTEXT_ELEMENTS]]}
        for i in range(0, len(said), CONTEXT_ELEMENTS)
    ]


def button(label: str, action_id: str, value: str = "", *, style: str | None = None) -> Block:
    """A button.

    Args:
        label: Plain text, at most 75 characters.
        action_id: From `actions`.
        value: What comes back with the click; left out when empty.
        style: `primary`, `danger` or None.
    """
    made: Block = {"type": "button", "text": plain_text(label, BUTTON_LIMIT), "action_id": action_id}
    if value:
        made["value"] = value[:VALUE_LIMIT]
    if style:
        made["style"] = style
    return made


def actions(buttons: Sequence[Block], block_id: str | None = None) -> Block:
    """A row of buttons, 25 at most."""
    made: Block = {"type": "actions", "elements": list(buttons)[:ACTION_ELEMENTS]}
    if block_id:
        made["block_id"] = block_id
    return made


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def plain(blocks: Iterable[Block]) -> str:
    """What the blocks say, without formatting marks, buttons left out; still escaped for Slack."""
    said = []
    for block in blocks:
        if block["type"] == "section":
            said.append(block["text"]["text"])
        elif block["type"] == "header":
            said.append(escape(block["text"]["text"], HEADER_LIMIT))
        elif block["type"] == "context":
            said += [element["text"] for element in block["elements"]]
    return re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"\1", "\n".join(said))


def message(blocks: Sequence[Block], fallback: Sequence[Block] | None = None) -> Message:
    """The blocks as a message whose `text` says the same in words (from `fallback` where there is one)."""
    spoken = plain(fallback if fallback is not None else blocks)
    cut = chunks(spoken, TEXT_LIMIT - 1)[:1]
    text = cut[0] + ("…" if len(spoken) > len(cut[0]) else "") if cut else "Headroom"
    short = tuple(fallback[:MESSAGE_BLOCKS]) if fallback is not None else None
    return Message(text, tuple(blocks[:MESSAGE_BLOCKS]), short)
