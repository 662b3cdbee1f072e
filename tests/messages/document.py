"""docs/messages.md: everything Headroom says, as people read it. `python -m tests.messages.document` writes it anew."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import bot.messages
from bot.messages.message import Block, Message
from tests.messages import (
    script_asked,
    script_backtest,
    script_desk,
    script_efficiency,
    script_focus,
    script_links,
    script_people,
    script_plans,
    script_verdict,
    script_waits,
    script_whatif,
)
from tests.messages.said import Builder, Said

PAGE = Path(__file__).parents[2] / "docs" / "messages.md"
PIECES = {"bot.messages.blocks", "bot.messages.inputs", "bot.messages.message"}
"""Modules whose functions make parts of messages."""

PARTS = {"bot.messages.alerts.answered", "bot.messages.waits.open_button"}
"""Functions that other builders of the script call."""

HEAD = """# Everything Headroom says

Made by `python -m tests.messages.document` from the examples in `tests/messages`; a test keeps it up to date, and
another that no message is missing. Names and numbers are invented. `[Label]` is a button or a field; a chart is shown
as its numbers; ranges hold in 8 of 10 cases unless a line says otherwise.
"""


def scripts() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says), in the order in which people meet it."""
    yield from script_desk.features()
    yield from script_verdict.features()
    yield from script_waits.features()
    yield from script_people.features()
    yield from script_asked.features()
    yield from script_whatif.features()
    yield from script_plans.features()
    yield from script_efficiency.features()
    yield from script_focus.features()
    yield from script_links.features()
    yield from script_backtest.features()


def builders() -> set[Builder]:
    """Every public function that makes a whole message or view."""
    found: set[Builder] = set()
    for module in pkgutil.iter_modules(bot.messages.__path__, "bot.messages."):
        if module.name in PIECES:
            continue
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            ours = function.__module__ == module.name and not name.startswith("_")
            ours = ours and f"{module.name}.{name}" not in PARTS
            # a `Block` alone is a view; several, or parts, come as lists
            if ours and get_type_hints(function).get("return") in (Message, Block):
                found.add(function)
    return found


def text() -> str:
    """The page."""
    features = list(scripts())
    contents = [f"- [{name}](#{_anchor(name)})" for name, _ in features]
    return "\n".join([HEAD, *contents, *(line for name, said in features for line in _feature(name, said))]) + "\n"


def _feature(name: str, said: list[Said]) -> Iterator[str]:
    yield f"\n## {name}"
    for one in said:
        yield f"\n### {one.when[0].upper()}{one.when[1:]}\n\n```text\n{one.text}\n```"


def _anchor(name: str) -> str:
    return "".join(c for c in name.lower().replace(" ", "-") if c.isalnum() or c == "-")


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
