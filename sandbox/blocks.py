"""Block Kit, refused as Slack refuses it: which block may stand where, and what each may hold.

`check_blocks` and `check_view` return Slack's error lines; an empty list means accepted. A block or element
type that this file does not know is refused, and so is an unknown field.
Source: https://docs.slack.dev/reference/block-kit/blocks/
"""

import json
from collections import Counter
from collections.abc import Iterator

from sandbox import cards, tables
from sandbox.charts import MOST_CHARTS, chart_block
from sandbox.checks import PLAIN, Report
from sandbox.config import Json
from sandbox.elements import IN_ACTIONS, IN_INPUT, IN_SECTION, Check, check_element
from sandbox.rich_text import rich_text

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
VIEW_BYTES = 250_000
MARKDOWN_TOTAL = 12_000


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
        # A file can only be picked in a modal.
        allowed = (*IN_INPUT, "file_input") if report.surface == "modal" else IN_INPUT
        check_element(report, *found, allowed)


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


def _container(report: Report, block: Json, at: str) -> None:
    flags = ("is_collapsible", "default_collapsed", "has_header_divider")
    report.fields(
        block, at, ("child_blocks",), ("block_id", "title", "rich_text_title", "subtitle", "width", "icon", *flags)
    )
    if block.get("title") is None and block.get("rich_text_title") is None:
        report.add("missing required field: title or rich_text_title", at)
    report.text(block, "title", at, 150, PLAIN)
    report.text(block, "subtitle", at, 150)
    report.choice(block, "width", at, ("narrow", "standard", "wide", "full"))
    for name in flags:
        report.boolean(block, name, at)
    found = report.nested(block, "rich_text_title", at)
    if found is not None:
        rich_text(report, *found)
    icon = report.nested(block, "icon", at)
    if icon is not None:
        check_element(report, *icon, ("image",))
    for child, where in report.objects(block, "child_blocks", at, 10):
        if child.get("type") in _IN_CONTAINER:
            report.string(child, "block_id", where, 255)
            _BLOCKS[child["type"]](report, child, where)
        else:
            report.add(f"unsupported type: {child.get('type')}", f"{where}/type")


_BLOCKS: dict[str, Check] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": rich_text,
    "data_visualization": chart_block,
    "table": tables.table,
    "data_table": tables.data_table,
    "card": cards.card,
    "carousel": cards.carousel,
    "alert": cards.alert,
    "video": cards.video,
    "file": cards.file,
    "context_actions": cards.context_actions,
    "container": _container,
}
# Not documented for modals and App Home, so refused there.
_MESSAGE_ONLY = ("markdown", "data_visualization", "table", "data_table", "context_actions", "card", "carousel", "file")
_MODAL_ONLY = ("alert",)
_IN_CONTAINER = (
    "actions",
    "context",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
)


def check_blocks(blocks: list[Json], surface: str, root: str = "") -> list[str]:
    """Check the blocks of a `message`, `modal` or `home`.

    Args:
        blocks: The blocks as sent.
        surface: Where they are to be shown.
        root: JSON pointer of what holds `blocks`.

    Returns:
        Slack's error lines, none when all is well.
    """
    report = Report(surface)
    holder: Json = {"blocks": blocks}
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    placed = report.objects(holder, "blocks", root, most, least=0)
    for block, at in placed:
        kind = block.get("type")
        wrong_place = (kind in _MESSAGE_ONLY and surface != "message") or (kind in _MODAL_ONLY and surface != "modal")
        if not isinstance(kind, str) or kind not in _BLOCKS or wrong_place:
            report.add(f"unsupported type: {kind}", f"{at}/type")
            continue
        report.string(block, "block_id", at, 255)
        _BLOCKS[kind](report, block, at)
    _whole(report, [block for block, _ in placed], root)
    return report.errors


def with_children(blocks: list[Json], root: str = "") -> Iterator[tuple[Json, str]]:
    """All blocks with their pointers: each, then those inside a container and the cards of a carousel."""
    for index, block in enumerate(blocks):
        at = f"{root}/blocks/{index}"
        yield block, at
        for name in ("child_blocks", "elements") if block.get("type") in ("container", "carousel") else ():
            inside = block.get(name)
            for place, child in enumerate(inside if isinstance(inside, list) else []):
                if isinstance(child, dict):
                    yield child, f"{at}/{name}/{place}"


def _whole(report: Report, blocks: list[Json], root: str) -> None:
    """What holds over all blocks together."""
    placed = list(with_children(blocks, root))
    ids = Counter(b["block_id"] for b, _ in placed if isinstance(b.get("block_id"), str))
    for block, at in placed:
        if ids[block.get("block_id")] > 1:
            report.add(f"`block_id` {block['block_id']!r} already exists", f"{at}/block_id")
    charts = [at for b, at in placed if b.get("type") == "data_visualization"]
    for at in charts[MOST_CHARTS:]:
        report.add(f"no more than {MOST_CHARTS} data_visualization blocks allowed", at)
    for at in [at for b, at in placed if b.get("type") == "table"][1:]:
        report.add("only_one_table_allowed", at)
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
    inside = with_children([b for b in blocks if isinstance(b, dict)])
    has_input = any(block.get("type") == "input" for block, _ in inside)
    if kind == "modal" and has_input and view.get("submit") is None:
        report.add("missing required field: submit", "/view")
    return report.errors + check_blocks(blocks, str(kind), "/view")


def view_is_too_large(view: Json) -> bool:
    """Whether a view exceeds 250 kB as JSON."""
    return len(json.dumps(view).encode()) > VIEW_BYTES
