"""Input fields of a form. Each carries one id as block and action alike, so an error finds its field.

Limits (docs.slack.dev/reference/block-kit): label and hint 2,000 characters, option text 75, 100 options.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.messages.blocks import escape, plain_text, sections
from bot.messages.message import Block

SELECT_LIMIT = 100
BOXES_LIMIT = 10
_OPTION = 75
_LABEL = 2000


def field(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """An input block around an element.

    Args:
        name: From `actions`; becomes block id and action id.
        label: What is asked.
        element: From the functions below.
        hint: Small print under it.
        optional: May be left empty.
    """
    made: Block = {
        "type": "input",
        "block_id": name,
        "label": plain_text(label, _LABEL),
        "element": {**element, "action_id": name},
    }
    if hint:
        made["hint"] = plain_text(hint, _LABEL)
    if optional:
        made["optional"] = True
    return made


def _option(value: str, label: str) -> Block:
    return {"text": plain_text(label, _OPTION), "value": value}


def select(options: Sequence[tuple[str, str]], chosen: str | None, *, none: str = "Choose") -> Block:
    """A menu of (value, label); a choice that is not among them is left open."""
    made: Block = {
        "type": "static_select",
        "placeholder": plain_text(none, 150),
        "options": [_option(value, label) for value, label in options],
    }
    return _with_choice(made, options, chosen)


def radio(options: Sequence[tuple[str, str]], chosen: str) -> Block:
    """Buttons of which one is chosen, ten at most."""
    made: Block = {"type": "radio_buttons", "options": [_option(value, label) for value, label in options]}
    return _with_choice(made, options, chosen)


def boxes(options: Sequence[tuple[str, str]], chosen: Sequence[str]) -> Block:
    """Boxes to tick, of (value, label), ten at most."""
    offered = [_option(value, label) for value, label in options[:BOXES_LIMIT]]
    ticked = [option for option in offered if option["value"] in chosen]
    return {"type": "checkboxes", "options": offered, **({"initial_options": ticked} if ticked else {})}


def _with_choice(made: Block, options: Sequence[tuple[str, str]], chosen: str | None) -> Block:
    standing = next((_option(value, label) for value, label in options if value == chosen), None)
    return {**made, **({"initial_option": standing} if standing else {})}


def channel(chosen: str | None) -> Block:
    """A menu of public and private channels of this workspace."""
    made: Block = {
        "type": "conversations_select",
        "placeholder": plain_text("Choose a channel", 150),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return {**made, **({"initial_conversation": chosen} if chosen else {})}


def users(chosen: Sequence[str]) -> Block:
    """A menu of several people."""
    made: Block = {"type": "multi_users_select", "placeholder": plain_text("Choose people", 150)}
    return {**made, **({"initial_users": list(chosen)} if chosen else {})}


def user(chosen: str | None) -> Block:
    """A menu of one person."""
    made: Block = {"type": "users_select", "placeholder": plain_text("Choose a person", 150)}
    return {**made, **({"initial_user": chosen} if chosen else {})}


def day(chosen: date | None) -> Block:
    """A calendar to pick a day from."""
    made: Block = {"type": "datepicker", "placeholder": plain_text("Choose a day", 150)}
    return {**made, **({"initial_date": chosen.isoformat()} if chosen else {})}


def text(value: str, longest: int) -> Block:
    """A line to type."""
    made: Block = {"type": "plain_text_input", "max_length": longest}
    return {**made, **({"initial_value": value[:longest]} if value else {})}


def number(value: float | None, low: float, high: float) -> Block:
    """A number to type, between `low` and `high`; a value outside is left out."""
    made: Block = {
        "type": "number_input",
        "is_decimal_allowed": True,
        "min_value": f"{low:g}",
        "max_value": f"{high:g}",
    }
    return {**made, **({"initial_value": f"{value:g}"} if value is not None and low <= value <= high else {})}


def marked(view: Block, wrong: Mapping[str, str]) -> Block:
    """A form that stands there again, each mistake under its field; where Slack takes no errors any more.

    Args:
        view: The form.
        wrong: Field → one sentence; those of fields that it does not show stand on top.
    """
    blocks: list[Block] = []
    for block in view["blocks"]:
        blocks.append(block)
        if said := wrong.get(block.get("block_id", "")):
            blocks += sections(f":warning: *{escape(said, 500)}*")
    shown = {block.get("block_id") for block in view["blocks"]}
    rest = [f":warning: *{escape(said, 500)}*" for field, said in wrong.items() if field not in shown]
    return {**view, "blocks": [*sections(*rest), *blocks]}
