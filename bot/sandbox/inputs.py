"""What people fill in: Slack's `state.values`, and what its client checks before a form is sent.

Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload/
"""

from collections.abc import Iterator

from bot.sandbox.config import Json, SlackError
from bot.sandbox.elements import MULTI_SELECTS

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
}
_MANY = ("checkboxes", *MULTI_SELECTS)
_FROM_OPTIONS = ("static_select", "multi_static_select", "checkboxes", "radio_buttons", "overflow")


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block."""
    for block in blocks:
        found = [block.get("accessory"), block.get("element")]
        found += block.get("elements", []) if block.get("type") == "actions" else []
        for element in found:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


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
        chosen: object = [_option(element, v) if kind in _FROM_OPTIONS else str(v) for v in listed]
    elif value is None or value == "":
        chosen = None
    elif kind in _FROM_OPTIONS:
        chosen = _option(element, value)
    else:
        chosen = str(value)
    return {"type": kind, name: chosen}


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
    for block in blocks:
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
    if element["type"] == "plain_text_input":
        return _length_problem(element, str(value))
    if element["type"] == "number_input":
        return _number_problem(element, str(value))
    return None


def _length_problem(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please shorten this to {most} characters or fewer."
    return None


def _number_problem(element: Json, value: str) -> str | None:
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
