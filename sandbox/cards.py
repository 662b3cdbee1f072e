"""Card, carousel, alert, video, file and context_actions: the smaller layout blocks.

Sources: https://docs.slack.dev/reference/block-kit/blocks/card-block/, .../carousel-block/, .../alert-block/,
.../video-block/, .../file-block/, .../context-actions-block/
"""

from sandbox.checks import PLAIN, Report
from sandbox.config import Json
from sandbox.elements import check_element

CARD_BUTTONS = 3


def card(report: Report, block: Json, at: str) -> None:
    """A card: at least one of image, title, body and buttons."""
    parts = ("hero_image", "title", "actions", "body")
    report.fields(block, at, (), ("block_id", "icon", "slack_icon", "subtitle", *parts))
    if all(block.get(name) is None for name in parts):
        report.add(f"missing required field: one of {', '.join(parts)}", at)
    if block.get("icon") is not None and block.get("slack_icon") is not None:
        report.add("must define either `icon` or `slack_icon`", at)
    report.text(block, "title", at, 150)
    report.text(block, "subtitle", at, 150)
    report.text(block, "body", at, 200)
    for name in ("hero_image", "icon"):
        found = report.nested(block, name, at)
        if found is not None:
            check_element(report, *found, ("image",))
    icon = report.nested(block, "slack_icon", at)
    if icon is not None:
        report.choice(icon[0], "type", icon[1], ("icon",))
        report.fields(*icon, ("name",), ())
    for button, where in report.objects(block, "actions", at, CARD_BUTTONS):
        check_element(report, button, where, ("button",))


def carousel(report: Report, block: Json, at: str) -> None:
    """One to ten cards."""
    report.fields(block, at, ("elements",), ("block_id",))
    for item, where in report.objects(block, "elements", at, 10):
        if item.get("type") == "card":
            report.string(item, "block_id", where, 255)
            card(report, item, where)
        else:
            report.add(f"unsupported type: {item.get('type')}", f"{where}/type")


def alert(report: Report, block: Json, at: str) -> None:
    """A notice in a modal."""
    report.fields(block, at, ("text",), ("block_id", "level"))
    report.text(block, "text", at, 200)
    report.choice(block, "level", at, ("default", "info", "warning", "error", "success"))


def video(report: Report, block: Json, at: str) -> None:
    """A video that is embedded by its address."""
    needed = ("alt_text", "title", "thumbnail_url", "video_url")
    extra = ("author_name", "description", "provider_icon_url", "provider_name", "title_url")
    report.fields(block, at, needed, ("block_id", *extra))
    report.string(block, "alt_text", at, 2000)
    report.text(block, "title", at, 199, PLAIN)
    report.text(block, "description", at, 199, PLAIN)
    report.string(block, "author_name", at, 49)
    report.string(block, "provider_name", at, 255)
    for name in ("thumbnail_url", "video_url", "provider_icon_url", "title_url"):
        report.link(block, name, at)
    for name in ("video_url", "title_url"):
        if str(block.get(name, "")).startswith("http://"):
            report.add("must be an https URL", f"{at}/{name}")


def file(report: Report, block: Json, at: str) -> None:
    """A remote file, named by its external id."""
    report.fields(block, at, ("external_id", "source"), ("block_id",))
    report.string(block, "external_id", at, 255)
    report.choice(block, "source", at, ("remote",))


def context_actions(report: Report, block: Json, at: str) -> None:
    """Up to five feedback or icon buttons."""
    report.fields(block, at, ("elements",), ("block_id",))
    for element, where in report.objects(block, "elements", at, 5):
        check_element(report, element, where, ("feedback_buttons", "icon_button"))
