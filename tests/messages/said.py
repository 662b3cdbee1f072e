"""One thing that Headroom says: which builder made it, when it is said, and how it reads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages.message import Block, Message
from bot.messages.readable import readable

Builder = Callable[..., Message | Block | str]


@dataclass(frozen=True, slots=True)
class Said:
    """One example.

    Attributes:
        builder: What made it.
        when: To whom and when.
        text: As a person reads it.
    """

    builder: Builder
    when: str
    text: str


def said(when: str, builder: Builder, *args: Any, **more: Any) -> Said:
    """Call a builder and keep what it says."""
    made = builder(*args, **more)
    if isinstance(made, str):
        return Said(builder, when, made)
    return Said(builder, when, "\n".join((readable(made), *_behind(made))))


def _behind(made: Message | Block) -> Iterator[str]:
    """What stands behind buttons and menus: dialogs that ask first, and choices."""
    blocks = made.blocks if isinstance(made, Message) else made["blocks"]
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("element") or {}, block.get("accessory") or {}):
            yield from _dialog(element)
            if choices := [option["text"]["text"] for option in element.get("options", ())]:
                yield f"(choices of “{block.get('label', {}).get('text', '')}”: {' · '.join(choices)})"


def _dialog(element: Mapping[str, Any]) -> Iterator[str]:
    if asks := element.get("confirm"):
        first, second = asks["confirm"]["text"], asks["deny"]["text"]
        title, text = asks["title"]["text"], asks["text"]["text"]
        yield f"([{element['text']['text']}] asks first: {title} {text} [{first}]  [{second}])"
