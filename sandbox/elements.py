"""Block Kit elements: what each may carry and how long it may be.

Source: https://docs.slack.dev/reference/block-kit/block-elements/ and .../composition-objects/
"""

import re
from collections.abc import Callable

from sandbox.checks import PLAIN, Report
from sandbox.config import Json
from sandbox.rich_text import rich_text

Check = Callable[[Report, Json, str], None]

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
_ACTION = ("action_id", "confirm")
_INPUT = ("action_id", "placeholder", "focus_on_load")

SELECTS = ("static_select", "users_select", "conversations_select", "channels_select")
MULTI_SELECTS = tuple(f"multi_{name}" for name in SELECTS)


def confirm(report: Report, value: Json, at: str) -> None:
    """A confirmation dialog."""
    report.fields(value, at, ("title", "text", "confirm", "deny"), ("style",))
    report.text(value, "title", at, 100, PLAIN)
    report.text(value, "text", at, 300)
    report.text(value, "confirm", at, 30, PLAIN)
    report.text(value, "deny", at, 30, PLAIN)
    report.choice(value, "style", at, ("primary", "danger"))


def option(report: Report, value: Json, at: str, kinds: tuple[str, ...], extra: tuple[str, ...] = ()) -> None:
    """An option: text 75, value 150, description 75."""
    report.fields(value, at, ("text", "value"), ("description", *extra))
    report.text(value, "text", at, 75, kinds)
    report.string(value, "value", at, 150)
    report.text(value, "description", at, 75, kinds)


def _options(
    report: Report, element: Json, at: str, most: int, kinds: tuple[str, ...], extra: tuple[str, ...] = ()
) -> None:
    seen: set[str] = set()
    for item, where in report.objects(element, "options", at, most):
        option(report, item, where, kinds, extra)
        value = item.get("value")
        if isinstance(value, str) and value in seen:
            report.add("duplicate option value", f"{where}/value")
        seen.add(str(value))


def _known(report: Report, element: Json, name: str, at: str) -> None:
    """Initial options must be among the options, exactly."""
    given = element.get(name)
    if given is None:
        return
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group.get("options") or []
    for item in given if isinstance(given, list) else [given]:
        if item not in options:
            report.add("initial option must be one of the options", f"{at}/{name}")


def _common(report: Report, element: Json, at: str) -> None:
    report.string(element, "action_id", at, 255)
    report.text(element, "placeholder", at, 150, PLAIN)
    report.boolean(element, "focus_on_load", at)
    found = report.nested(element, "confirm", at)
    if found is not None:
        confirm(report, *found)


def _button(report: Report, element: Json, at: str) -> None:
    report.fields(element, at, ("text",), (*_ACTION, "url", "value", "style", "accessibility_label"))
    report.text(element, "text", at, 75, PLAIN)
    report.string(element, "value", at, 2000, least=0)
    report.string(element, "url", at, 3000)
    report.choice(element, "style", at, ("primary", "danger"))
    report.string(element, "accessibility_label", at, 75)


def _static(report: Report, element: Json, at: str) -> None:
    multi = element["type"].startswith("multi_")
    initial = "initial_options" if multi else "initial_option"
    limit = ("max_selected_items",) if multi else ()
    report.fields(element, at, (), (*_INPUT, "confirm", "options", "option_groups", initial, *limit))
    if (element.get("options") is None) == (element.get("option_groups") is None):
        report.add("must define either `options` or `option_groups`", at)
    _options(report, element, at, 100, PLAIN)
    for group, where in report.objects(element, "option_groups", at, 100):
        report.fields(group, where, ("label", "options"), ())
        report.text(group, "label", where, 75, PLAIN)
        _options(report, group, where, 100, PLAIN)
    _known(report, element, initial, at)
    report.number(element, "max_selected_items", at, 1, 100)


def _lookup(report: Report, element: Json, at: str) -> None:
    """users, conversations and channels selects: the client fills the list."""
    multi = element["type"].startswith("multi_")
    what = element["type"].removeprefix("multi_").removesuffix("_select")
    initial = f"initial_{what}" if multi else f"initial_{what[:-1]}"
    extra = ["max_selected_items"] if multi else []
    if what == "conversations":
        extra += ["default_to_current_conversation", "filter"]
    if what != "users" and not multi:
        extra.append("response_url_enabled")
    report.fields(element, at, (), (*_INPUT, "confirm", initial, *extra))
    report.number(element, "max_selected_items", at, 1, 100)
    if multi:
        for item, where in report.items(element, initial, at, 100, least=0):
            if not isinstance(item, str):
                report.add("must be a string", where)
    else:
        report.string(element, initial, at, 255)


def _plain_text(report: Report, element: Json, at: str) -> None:
    names = ("initial_value", "multiline", "min_length", "max_length", "dispatch_action_config")
    report.fields(element, at, (), (*_INPUT, *names))
    report.boolean(element, "multiline", at)
    report.number(element, "min_length", at, 0, 3000)
    report.number(element, "max_length", at, 1, 3000)
    report.string(element, "initial_value", at, 3000, least=0)
    _dispatch(report, element, at)


def _number(report: Report, element: Json, at: str) -> None:
    names = ("initial_value", "min_value", "max_value", "dispatch_action_config")
    report.fields(element, at, ("is_decimal_allowed",), (*_INPUT, *names))
    report.boolean(element, "is_decimal_allowed", at)
    bounds = {}
    for name in ("initial_value", "min_value", "max_value"):
        value = element.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not _NUMBER.match(value):
            report.add("must be a string that holds a number", f"{at}/{name}")
        elif not element.get("is_decimal_allowed") and "." in value:
            report.add("must not be a decimal", f"{at}/{name}")
        else:
            bounds[name] = float(value)
    low, high = bounds.get("min_value", float("-inf")), bounds.get("max_value", float("inf"))
    if low > high:
        report.add("`min_value` must not exceed `max_value`", at)
    elif not low <= bounds.get("initial_value", low if low > float("-inf") else min(high, 0.0)) <= high:
        report.add("`initial_value` must lie between `min_value` and `max_value`", at)
    _dispatch(report, element, at)


def _dispatch(report: Report, element: Json, at: str) -> None:
    found = report.nested(element, "dispatch_action_config", at)
    if found is not None:
        for item, where in report.items(found[0], "trigger_actions_on", found[1], 2):
            if item not in ("on_enter_pressed", "on_character_entered"):
                report.add("must be a valid enum value", where)


def _checkboxes(report: Report, element: Json, at: str) -> None:
    names = ("initial_options", "focus_on_load")
    report.fields(element, at, ("options",), (*_ACTION, *names))
    _options(report, element, at, 10, ("plain_text", "mrkdwn"))
    _known(report, element, "initial_options", at)


def _radio(report: Report, element: Json, at: str) -> None:
    names = ("initial_option", "focus_on_load")
    report.fields(element, at, ("options",), (*_ACTION, *names))
    _options(report, element, at, 10, ("plain_text", "mrkdwn"))
    _known(report, element, "initial_option", at)


def _overflow(report: Report, element: Json, at: str) -> None:
    report.fields(element, at, ("options",), _ACTION)
    _options(report, element, at, 5, PLAIN, ("url",))


def _moment(report: Report, element: Json, at: str) -> None:
    date = element["type"] == "datepicker"
    initial, pattern = ("initial_date", _DATE) if date else ("initial_time", _TIME)
    extra = () if date else ("timezone",)
    report.fields(element, at, (), (*_INPUT, "confirm", initial, *extra))
    value = element.get(initial)
    if value is not None and not (isinstance(value, str) and pattern.match(value)):
        report.add("must match the format YYYY-MM-DD" if date else "must match the format HH:mm", f"{at}/{initial}")


def image(report: Report, element: Json, at: str) -> None:
    """An image element, with a public URL or a Slack file."""
    report.fields(element, at, ("alt_text",), ("image_url", "slack_file"))
    _image_source(report, element, at)


def _image_source(report: Report, element: Json, at: str) -> None:
    if (element.get("image_url") is None) == (element.get("slack_file") is None):
        report.add("must define either `image_url` or `slack_file`", at)
    report.string(element, "image_url", at, 3000)
    report.string(element, "alt_text", at, 2000)


def _line(report: Report, element: Json, at: str) -> None:
    """An email or URL input."""
    report.fields(element, at, (), (*_INPUT, "initial_value", "dispatch_action_config"))
    report.string(element, "initial_value", at, 3000, least=0)
    _dispatch(report, element, at)


def _date_time(report: Report, element: Json, at: str) -> None:
    """A moment, in Unix seconds of ten digits; it has no placeholder."""
    report.fields(element, at, (), ("action_id", "confirm", "focus_on_load", "initial_date_time"))
    report.whole_number(element, "initial_date_time", at, 10**9, 10**10 - 1)


def _file_input(report: Report, element: Json, at: str) -> None:
    report.fields(element, at, (), ("action_id", "filetypes", "max_files"))
    report.whole_number(element, "max_files", at, 1, 10)
    for item, where in report.items(element, "filetypes", at, 100):
        if not isinstance(item, str):
            report.add("must be a string", where)


def _rich_text_input(report: Report, element: Json, at: str) -> None:
    report.fields(element, at, (), (*_INPUT, "initial_value", "dispatch_action_config"))
    found = report.nested(element, "initial_value", at)
    if found is not None:
        rich_text(report, *found)
    _dispatch(report, element, at)


def _workflow_button(report: Report, element: Json, at: str) -> None:
    report.fields(element, at, ("text", "workflow"), ("action_id", "style", "accessibility_label"))
    report.text(element, "text", at, 75, PLAIN)
    report.choice(element, "style", at, ("primary", "danger"))
    report.string(element, "accessibility_label", at, 75)
    found = report.nested(element, "workflow", at)
    if found is not None and report.fields(*found, ("trigger",), ()):
        trigger = report.nested(found[0], "trigger", found[1])
        if trigger is not None:
            report.fields(*trigger, ("url",), ("customizable_input_parameters",))
            report.link(trigger[0], "url", trigger[1])


def _feedback(report: Report, element: Json, at: str) -> None:
    report.fields(element, at, ("positive_button", "negative_button"), ("action_id",))
    for name in ("positive_button", "negative_button"):
        found = report.nested(element, name, at)
        if found is not None:
            report.fields(*found, ("text", "value"), ("accessibility_label",))
            report.text(found[0], "text", found[1], 75, PLAIN)
            report.string(found[0], "value", found[1], 2000)
            report.string(found[0], "accessibility_label", found[1], 75)


def _icon_button(report: Report, element: Json, at: str) -> None:
    report.fields(element, at, ("icon", "text"), (*_ACTION, "value", "accessibility_label", "visible_to_user_ids"))
    report.choice(element, "icon", at, ("trash",))
    report.text(element, "text", at, 75, PLAIN)
    report.string(element, "value", at, 2000)
    report.string(element, "accessibility_label", at, 75)


CHECKS: dict[str, Check] = {
    "button": _button,
    "static_select": _static,
    "multi_static_select": _static,
    "plain_text_input": _plain_text,
    "number_input": _number,
    "checkboxes": _checkboxes,
    "radio_buttons": _radio,
    "overflow": _overflow,
    "datepicker": _moment,
    "timepicker": _moment,
    "image": image,
    "email_text_input": _line,
    "url_text_input": _line,
    "datetimepicker": _date_time,
    "file_input": _file_input,
    "rich_text_input": _rich_text_input,
    "workflow_button": _workflow_button,
    "feedback_buttons": _feedback,
    "icon_button": _icon_button,
    **dict.fromkeys((*SELECTS[1:], *MULTI_SELECTS[1:]), _lookup),
}

_PICKERS = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
_ANYWHERE = ("button", "workflow_button", "overflow", *_PICKERS, *SELECTS, *MULTI_SELECTS)
_TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input")
IN_ACTIONS = (*_ANYWHERE, "datetimepicker")
IN_SECTION = ("image", *_ANYWHERE)
IN_INPUT = (*_TYPED, "datetimepicker", *_PICKERS, *SELECTS, *MULTI_SELECTS)


def check_element(report: Report, element: Json, at: str, allowed: tuple[str, ...]) -> None:
    """Check one element where only `allowed` types may stand."""
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        report.add(f"unsupported type: {kind}", f"{at}/type")
        return
    CHECKS[kind](report, element, at)
    _common(report, element, at)
