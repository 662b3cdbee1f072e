"""What people fill in: Slack's `state.values`, and what its client checks before a form is sent.

Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload/
"""

import copy
import re
import secrets
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.blocks import with_children
from sandbox.config import Json, SlackError
from sandbox.elements import MULTI_SELECTS
from sandbox.typed import rich_text

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_URL = re.compile(r"^https?://[^\s/]+\S*$")

State = dict[str, dict[str, Json]]

# Element type -> the field of its state and of its initial value.
_FIELDS = {
    "static_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "checkboxes": ("selected_options", "initial_options"),
    "radio_buttons": ("selected_option", "initial_option"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
}
_MANY = ("checkboxes", "file_input", *MULTI_SELECTS)
_FROM_OPTIONS = ("static_select", "multi_static_select", "checkboxes", "radio_buttons", "overflow")


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block."""
    for block, _ in with_children(blocks):
        for element in _within(block):
            if "action_id" in element:
                yield block, element


def _within(block: Json) -> Iterator[Json]:
    """The elements that stand right in a block."""
    found = [block.get("accessory"), block.get("element")]
    found += block.get("elements") or [] if block.get("type") in ("actions", "context_actions") else []
    found += block.get("actions") or [] if block.get("type") == "card" else []
    return (element for element in found if isinstance(element, dict))


def with_block_ids(blocks: list[Json] | None) -> list[Json] | None:
    """Copy blocks, giving each block and element the id that Slack would make up."""
    if not blocks:
        return None
    made = copy.deepcopy(blocks)
    for block, _ in with_children(made):
        block.setdefault("block_id", secrets.token_hex(3))
        for element in _within(block):
            if element.get("type") != "image":
                element.setdefault("action_id", secrets.token_hex(3))
    return made


def find(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """The element with this action id; `no_such_element` otherwise."""
    for block, element in elements(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise SlackError("no_such_element", detail=f"no element has action_id {action_id!r}")


def initial_state(blocks: list[Json], before: State | None = None) -> State:
    """The state a form opens with; what `before` holds under the same ids is kept."""
    state: State = {}
    for block, element in elements(blocks):
        kind = element["type"]
        if kind not in _FIELDS:
            continue
        name, initial = _FIELDS[kind]
        value = element.get(initial, [] if kind in _MANY else None)
        kept = (before or {}).get(block["block_id"], {}).get(element["action_id"])
        same = kept is not None and kept["type"] == kind
        entry = kept if same and kept is not None else {"type": kind, name: value}
        state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return state


def entry(element: Json, value: object) -> Json:
    """The state of an element after a person chose or typed a plain value.

    Args:
        element: The element as shown.
        value: Text, number, option value or id; a list of them for elements that take several.
    """
    kind = element["type"]
    name = "selected_option" if kind == "overflow" else _FIELDS[kind][0]
    if kind in _MANY:
        listed = value if isinstance(value, list) else [] if value is None else [value]
        chosen: object = [_one(element, v) for v in listed]
    elif value is None or value == "":
        chosen = None
    else:
        chosen = _one(element, value)
    return {"type": kind, name: chosen}


def _one(element: Json, value: object) -> object:
    """One value in the form that Slack's state has for it."""
    kind = element["type"]
    if kind in _FROM_OPTIONS:
        return _option(element, value)
    if kind == "datetimepicker":
        return int(str(value))
    if kind == "rich_text_input":
        return value if isinstance(value, dict) else rich_text(str(value))
    if kind == "file_input":
        name = str(value)
        return {"id": f"F{zlib.crc32(name.encode()):08X}", "name": name, "filetype": name.rpartition(".")[2]}
    return str(value)


def _option(element: Json, value: object) -> Json:
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    for option in options:
        if option.get("value") == str(value):
            return dict(option)
    raise SlackError("no_such_option", detail=f"{element['action_id']!r} has no option {value!r}")


def problems(blocks: list[Json], state: State) -> dict[str, str]:
    """What Slack's client refuses to submit, by block id."""
    found: dict[str, str] = {}
    for block, _ in with_children(blocks):
        if block.get("type") != "input":
            continue
        element = block["element"]
        held = state.get(block["block_id"], {}).get(element["action_id"], {})
        value = held.get(_FIELDS[element["type"]][0])
        error = _problem(block, element, value)
        if error is not None:
            found[block["block_id"]] = error
    return found


def _problem(block: Json, element: Json, value: object) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    check = _FIELD_CHECKS.get(element["type"])
    return None if check is None else check(element, value)


def _email_problem(element: Json, value: Any) -> str | None:
    return None if _EMAIL.match(str(value)) else "Please enter a valid email address."


def _url_problem(element: Json, value: Any) -> str | None:
    return None if _URL.match(str(value)) else "Please enter a valid URL."


def _file_problem(element: Json, files: Any) -> str | None:
    most, kinds = element.get("max_files", 10), element.get("filetypes")
    if len(files) > most:
        return f"Please choose at most {most} files."
    if kinds and any(f["filetype"] not in kinds for f in files):
        return f"Please choose files of these types: {', '.join(kinds)}."
    return None


def _length_problem(element: Json, value: Any) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please shorten this to {most} characters or fewer."
    return None


def _number_problem(element: Json, value: Any) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != int(number):
        return "Please enter a whole number."
    if number < float(element.get("min_value", "-inf")):
        return f"Please enter a number of at least {element['min_value']}."
    if number > float(element.get("max_value", "inf")):
        return f"Please enter a number of at most {element['max_value']}."
    return None


_FIELD_CHECKS: dict[str, Callable[[Json, Any], str | None]] = {
    "plain_text_input": _length_problem,
    "number_input": _number_problem,
    "email_text_input": _email_problem,
    "url_text_input": _url_problem,
    "file_input": _file_problem,
}
