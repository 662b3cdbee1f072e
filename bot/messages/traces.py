"""What is kept of the person who asks, as text that can be copied; nobody else can have it shown."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.messages import actions
from bot.messages.blocks import actions as row
from bot.messages.blocks import button, context, plain_text, sections
from bot.messages.message import Block

PAGE = 9_000
"""Characters of a page: far within what Slack takes in a modal (250 kB)."""


def pages(traces: Mapping[str, Any]) -> list[str]:
    """A person's traces as JSON, cut at line ends; put together again the pages are the whole.

    Args:
        traces: Key → value; a list is written one item a line.
    """
    found: list[list[str]] = [[]]
    size = 0
    for line in _lines(traces):
        if size + len(line) > PAGE and found[-1]:
            found.append([])
            size = 0
        found[-1].append(line)
        size += len(line) + 1
    return ["\n".join(lines) for lines in found]


def traces_view(traces: Mapping[str, Any], page: int = 0) -> Block:
    """A page of a person's own traces, as a modal.

    Args:
        traces: Key → value.
        page: From 0; one that is not there is the last or the first.
    """
    all_of_them = pages(traces)
    page = min(max(page, 0), len(all_of_them) - 1)
    place = f"Page {page + 1} of {len(all_of_them)}. " if len(all_of_them) > 1 else ""
    turn = [
        button(label, actions.TRACES_SHOW + end, str(to))
        for label, end, to in (("Next part", "_on", page + 1), ("Back", "_back", page - 1))
        if 0 <= to < len(all_of_them)
    ]
    return {
        "type": "modal",
        "callback_id": actions.TRACES_VIEW,
        "title": plain_text("What is kept of you", 24),
        "close": plain_text("Close", 24),
        "blocks": [
            *sections(
                "*Everything that leads to you*, by your Slack id or by a hash of it that can still be made. Only you "
                "can see this: neither your lead nor an admin has such a button, and the operator no such command.",
                f"{place}Select the text to copy it.",
            ),
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": all_of_them[page]}]}
                ],
            },
            *([row(turn)] if turn else []),
            *context(
                "Facts stand with their exact times, here by day (UTC) and without their number: Headroom makes no "
                "figure about one person. Answers to a pulse or to “did this solve it?”, and flaws that you reported, "
                "lead to nobody, so they cannot be listed."
            ),
        ],
    }


def _lines(traces: Mapping[str, Any]) -> Iterable[str]:
    yield "{"
    last = len(traces) - 1
    for place, (key, value) in enumerate(traces.items()):
        comma = "" if place == last else ","
        if isinstance(value, list) and value:
            yield f"  {json.dumps(key)}: ["
            for at, item in enumerate(value, 1):
                yield f"    {json.dumps(item, ensure_ascii=False)}{'' if at == len(value) else ','}"
            yield f"  ]{comma}"
        else:
            yield f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}{comma}"
    yield "}"
