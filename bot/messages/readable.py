"""Any message or view as plain text, for a terminal."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.messages.message import Message

_RULE = "-" * 40


def readable(said: Message | Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    """What a person would read, buttons as `[Label]`, a chart as rows of numbers.

    Args:
        said: A message, a view, or blocks as they came back from Slack.
    """
    if isinstance(said, Message):
        return _blocks(said.blocks)
    if isinstance(said, Mapping):
        title = _text(said.get("title"))
        ends = [f"[{t}]" for t in (_text(said.get("submit")), _text(said.get("close"))) if t]
        return "\n".join(x for x in (title.upper(), _blocks(said.get("blocks", ())), "  ".join(ends)) if x)
    return _blocks(said)


def _blocks(blocks: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(text for block in blocks if (text := _block(block)))


def _block(block: Mapping[str, Any]) -> str:
    say = _SAID.get(block.get("type", ""))
    return say(block) if say else ""


def _section(block: Mapping[str, Any]) -> str:
    parts = [block.get("text"), *block.get("fields", ())]
    beside = _text((block.get("accessory") or {}).get("text"))
    return "\n".join(t for t in map(_text, parts) if t) + (f"  [{beside}]" if beside else "")


def _context(block: Mapping[str, Any]) -> str:
    return "\n".join(f"  {_text(e) or e.get('alt_text', '')}" for e in block.get("elements", ()))


def _actions(block: Mapping[str, Any]) -> str:
    return "  ".join(f"[{_text(e.get('text')) or e.get('type')}]" for e in block.get("elements", ()))


def _input(block: Mapping[str, Any]) -> str:
    element = block.get("element") or {}
    standing = (
        element.get("initial_value")
        or element.get("initial_date")
        or element.get("initial_conversation")
        or element.get("initial_user")
        or ", ".join(element.get("initial_users", ()))
        or _text((element.get("initial_option") or {}).get("text"))
    )
    hint = _text(block.get("hint"))
    return f"{_text(block.get('label'))} [{standing or ''}]" + (f"\n  {hint}" if hint else "")


def _rich_text(block: Mapping[str, Any]) -> str:
    """Its words, without its marks: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block ."""
    return "".join(
        str(element.get("text", "")) for part in block.get("elements", ()) for element in part.get("elements", ())
    )


def _chart(block: Mapping[str, Any]) -> str:
    drawn = block.get("chart") or {}
    labels = drawn.get("axis_config", {}).get("categories", [])
    series = drawn.get("series", [])
    names = [s["name"] for s in series]
    rows = [
        "  ".join([f"{label:>8}", *(f"{s['data'][i]['value']:>{len(s['name'])}g}" for s in series)])
        for i, label in enumerate(labels)
    ]
    unit = drawn.get("axis_config", {}).get("y_label", "")
    return "\n".join([f"{block.get('title', '')} ({unit})", "  ".join([" " * 8, *names]), *rows])


def _text(of: object) -> str:
    text = of.get("text", "") if isinstance(of, Mapping) else of if isinstance(of, str) else ""
    return _plain(text) if isinstance(text, str) else ""


def _plain(mrkdwn: str) -> str:
    """Slack's marks as plain words: mentions, links, dates, bold, code, escapes."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", mrkdwn)
    text = re.sub(r"<[#@!][^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<([#@])([^>]*)>", r"\1\2", text)
    text = re.sub(r"<((?:https?|mailto):[^|>]*)\|([^>]*)>", r"\2 (\1)", text)
    text = re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"\1", text).replace("`", "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_SAID: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "header": lambda block: _text(block.get("text")).upper(),
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": lambda _: _RULE,
    "input": _input,
    "data_visualization": _chart,
    "rich_text": _rich_text,
}
