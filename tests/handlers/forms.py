"""What Slack hands back of a form that nobody touched."""

from typing import Any

HELD = {
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
}


def state_of(view: dict[str, Any]) -> dict[str, Any]:
    """A view's `state.values` as it opens."""
    inputs = (block for block in view["blocks"] if block["type"] == "input")
    return {block["block_id"]: {block["block_id"]: _initial(block["element"])} for block in inputs}


def _initial(element: dict[str, Any]) -> dict[str, Any]:
    held, initial = HELD.get(element["type"], ("value", "initial_value"))
    return {"type": element["type"], held: element.get(initial)}
