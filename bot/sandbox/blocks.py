"""Block Kit, refused as Slack refuses it: which block may stand where, and what each may hold.

`check_blocks` and `check_view` return Slack's error lines; an empty list means accepted. A block or element
type that this file does not know is refused, and so is an unknown field.
Source: https://docs.slack.dev/reference/block-kit/blocks/
"""

import json
from collections import Counter

from bot.sandbox.charts import MOST_CHARTS, chart_block
from bot.sandbox.checks import PLAIN, Report
from bot.sandbox.config import Json
from bot.sandbox.elements import IN_ACTIONS, IN_INPUT, IN_SECTION, Check, check_element

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
VIEW_BYTES = 250_000
MARKDOWN_TOTAL = 12_000

_RICH_BLOCKS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
_RICH_ELEMENTS = {
    "text": ("text",),
    "link": ("url",),
    "emoji": ("name",),
    "user": ("user_id",),
    "usergroup": ("usergroup_id",),
    "channel": ("channel_id",),
    "date": ("timestamp", "format"),
    "broadcast": ("range",),
    "color": ("value",),
}
_RICH_EXTRA = ("style", "text", "unsafe", "unicode", "url", "fallback", "skin_tone")


def _section(report: Report, block: Json, at: str) -> None:
    report.fields(block, at, (), ("block_id", "text", "fields", "accessory", "expand"))
    if block.get("text") is None and block.get("fields") is None:
        report.add("missing required field: text or fields", at)
    report.text(block, "text", at, 3000)
    for field, where in report.objects(block, "fields", at, 10):
        report.text_object(field, where, 2000)
    found = report.nested(block, "accessory", at)
    if found is not None:
        check_element(report, *found, IN_SECTION)


def _header(report: Report, block: Json, at: str) -> None:
    report.fields(block, at, ("text",), ("block_id", "level"))
    report.text(block, "text", at, 150, PLAIN)


def _divider(report: Report, block: Json, at: str) -> None:
    report.fields(block, at, (), ("block_id",))


def _context(report: Report, block: Json, at: str) -> None:
    report.fields(block, at, ("elements",), ("block_id",))
    for element, where in report.objects(block, "elements", at, 10):
        if element.get("type") == "image":
            check_element(report, element, where, ("image",))
        else:
            report.text_object(element, where, 3000)


def _actions(report: Report, block: Json, at: str) -> None:
    report.fields(block, at, ("elements",), ("block_id",))
    elements = report.objects(block, "elements", at, 25)
    for element, where in elements:
        check_element(report, element, where, IN_ACTIONS)
    counts = Counter(e["action_id"] for e, _ in elements if isinstance(e.get("action_id"), str))
    for element, where in elements:
        if counts[element.get("action_id")] > 1:
            report.add(f"`action_id` {element['action_id']!r} already exists", f"{where}/action_id")


def _input(report: Report, block: Json, at: str) -> None:
    report.fields(block, at, ("label", "element"), ("block_id", "hint", "optional", "dispatch_action"))
    report.text(block, "label", at, 2000, PLAIN)
    report.text(block, "hint", at, 2000, PLAIN)
    report.boolean(block, "optional", at)
    report.boolean(block, "dispatch_action", at)
    found = report.nested(block, "element", at)
    if found is not None:
        check_element(report, *found, IN_INPUT)


def _image(report: Report, block: Json, at: str) -> None:
    report.fields(block, at, ("alt_text",), ("block_id", "image_url", "slack_file", "title"))
    if (block.get("image_url") is None) == (block.get("slack_file") is None):
        report.add("must define either `image_url` or `slack_file`", at)
    report.string(block, "image_url", at, 3000)
    report.string(block, "alt_text", at, 2000)
    report.text(block, "title", at, 2000, PLAIN)


def _markdown(report: Report, block: Json, at: str) -> None:
    report.fields(block, at, ("text",), ("block_id",))
    report.string(block, "text", at, MARKDOWN_TOTAL)


def _rich_text(report: Report, block: Json, at: str) -> None:
    report.fields(block, at, ("elements",), ("block_id",))
    for element, where in report.objects(block, "elements", at, 1000):
        _rich_block(report, element, where)


def _rich_block(report: Report, element: Json, at: str) -> None:
    kind = element.get("type")
    if kind not in _RICH_BLOCKS:
        report.add(f"unsupported type: {kind}", f"{at}/type")
        return
    extra = ("style", "indent", "offset", "border") if kind == "rich_text_list" else ("border", "language")
    report.fields(element, at, ("elements", "style") if kind == "rich_text_list" else ("elements",), extra)
    if kind == "rich_text_list":
        report.choice(element, "style", at, ("bullet", "ordered"))
    for item, where in report.objects(element, "elements", at, 1000, least=0):
        if kind == "rich_text_list":
            _rich_block(report, item, where)
        else:
            _rich_leaf(report, item, where)


def _rich_leaf(report: Report, item: Json, at: str) -> None:
    kind = item.get("type")
    if kind not in _RICH_ELEMENTS:
        report.add(f"unsupported type: {kind}", f"{at}/type")
        return
    report.fields(item, at, _RICH_ELEMENTS[kind], _RICH_EXTRA)
    if kind == "text":
        report.string(item, "text", at, 40_000)


_BLOCKS: dict[str, Check] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "data_visualization": chart_block,
}
# Not documented for modals and App Home, so refused there.
_MESSAGE_ONLY = ("markdown", "data_visualization")


def check_blocks(blocks: list[Json], surface: str, root: str = "") -> list[str]:
    """Check the blocks of a `message`, `modal` or `home`.

    Args:
        blocks: The blocks as sent.
        surface: Where they are to be shown.
        root: JSON pointer of what holds `blocks`.

    Returns:
        Slack's error lines, none when all is well.
    """
    report = Report()
    holder: Json = {"blocks": blocks}
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    placed = report.objects(holder, "blocks", root, most, least=0)
    for block, at in placed:
        kind = block.get("type")
        wrong_place = kind in _MESSAGE_ONLY and surface != "message"
        if not isinstance(kind, str) or kind not in _BLOCKS or wrong_place:
            report.add(f"unsupported type: {kind}", f"{at}/type")
            continue
        report.string(block, "block_id", at, 255)
        _BLOCKS[kind](report, block, at)
    _whole(report, [block for block, _ in placed], root)
    return report.errors


def _whole(report: Report, blocks: list[Json], root: str) -> None:
    """What holds over all blocks together."""
    ids = Counter(b["block_id"] for b in blocks if isinstance(b.get("block_id"), str))
    for index, block in enumerate(blocks):
        if ids[block.get("block_id")] > 1:
            report.add(f"`block_id` {block['block_id']!r} already exists", f"{root}/blocks/{index}/block_id")
    charts = [i for i, b in enumerate(blocks) if b.get("type") == "data_visualization"]
    for index in charts[MOST_CHARTS:]:
        report.add(f"no more than {MOST_CHARTS} data_visualization blocks allowed", f"{root}/blocks/{index}")
    words = sum(len(str(b.get("text", ""))) for b in blocks if b.get("type") == "markdown")
    if words > MARKDOWN_TOTAL:
        report.add(f"markdown blocks must be less than {MARKDOWN_TOTAL + 1} characters in all", f"{root}/blocks")


def check_view(view: Json) -> list[str]:
    """Check a modal or home view, blocks included; its size is `view_is_too_large`'s business."""
    report = Report()
    kind = view.get("type")
    if kind not in ("modal", "home"):
        report.add("must be a valid enum value", "/view/type")
        return report.errors
    shared = ("private_metadata", "callback_id", "external_id")
    if kind == "modal":
        extra = ("close", "submit", "clear_on_close", "notify_on_close", "submit_disabled")
        report.fields(view, "/view", ("title", "blocks"), (*shared, *extra))
        for name in ("title", "close", "submit"):
            report.text(view, name, "/view", 24, PLAIN)
        for name in ("clear_on_close", "notify_on_close", "submit_disabled"):
            report.boolean(view, name, "/view")
    else:
        report.fields(view, "/view", ("blocks",), shared)
    report.string(view, "private_metadata", "/view", 3000, least=0)
    report.string(view, "callback_id", "/view", 255, least=0)
    report.string(view, "external_id", "/view", 255, least=0)
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        return report.errors
    has_input = any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if kind == "modal" and has_input and view.get("submit") is None:
        report.add("missing required field: submit", "/view")
    return report.errors + check_blocks(blocks, str(kind), "/view")


def view_is_too_large(view: Json) -> bool:
    """Whether a view exceeds 250 kB as JSON."""
    return len(json.dumps(view).encode()) > VIEW_BYTES
