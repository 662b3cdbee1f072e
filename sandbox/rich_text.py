"""The rich_text block, as a block, a table cell or a field's initial value.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/
"""

from sandbox.checks import Report
from sandbox.config import Json

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


def rich_text(report: Report, block: Json, at: str) -> None:
    """A rich text block."""
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
