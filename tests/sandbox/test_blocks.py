"""Block Kit rules: for each, what just passes and what just does not."""

from typing import Any

import pytest

from bot.sandbox.blocks import check_blocks, check_view
from bot.sandbox.config import Json


def plain(n: int = 1) -> Json:
    """A plain text object of n characters."""
    return {"type": "plain_text", "text": "x" * n}


def words(n: int = 1) -> Json:
    """A mrkdwn text object of n characters."""
    return {"type": "mrkdwn", "text": "x" * n}


def option(value: str = "v", text: int = 1, **more: Any) -> Json:
    """An option of a select."""
    return {"text": plain(text), "value": value, **more}


def options(n: int) -> list[Json]:
    """So many different options."""
    return [option(str(i)) for i in range(n)]


def button(**more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(), **more}


def actions(*elements: Json) -> Json:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def field(element: Json, **more: Any) -> Json:
    """An input block."""
    return {"type": "input", "label": plain(), "element": element, **more}


def section(**more: Any) -> Json:
    """A section with text unless told otherwise."""
    return {"type": "section", **({"text": words()} if "fields" not in more else {}), **more}


def rich(*leaves: Json) -> Json:
    """A rich text block of one section."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


def line_chart(series: int = 1, points: int = 2, name: int = 1, title: int = 5, label: str = "l") -> Json:
    """A line chart of so many series and categories."""
    names = [f"{label}{i}" for i in range(points)]
    data = [{"label": n, "value": i} for i, n in enumerate(names)]
    rows = [{"name": f"{i:0{name}d}", "data": data} for i in range(series)]
    chart = {"type": "line", "series": rows, "axis_config": {"categories": names}}
    return {"type": "data_visualization", "title": "t" * title, "chart": chart}


def pie(*values: float) -> Json:
    """A pie chart."""
    segments = [{"label": str(i), "value": v} for i, v in enumerate(values)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": segments}}


CONFIRM = {"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)}
SELECT = {"type": "static_select", "options": options(2)}
NUMBER = {"type": "number_input", "is_decimal_allowed": False}

# name: (just good, just bad, the error the bad one gets)
RULES: dict[str, tuple[list[Json], list[Json], str]] = {
    "section text": (
        [section(text=words(3000))],
        [section(text=words(3001))],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    "section empty text": (
        [section()],
        [section(text=words(0))],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    "section nothing": ([section()], [{"type": "section"}], "missing required field: text or fields"),
    "section fields": (
        [section(fields=[words(2000)] * 10)],
        [section(fields=[words()] * 11)],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    "field text": (
        [section(fields=[words(2000)])],
        [section(fields=[words(2001)])],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    "section accessory": (
        [section(accessory=button())],
        [section(accessory={"type": "plain_text_input"})],
        "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]",
    ),
    "header text": (
        [{"type": "header", "text": plain(150)}],
        [{"type": "header", "text": plain(151)}],
        "must be less than 151 characters",
    ),
    "header kind": (
        [{"type": "header", "text": plain()}],
        [{"type": "header", "text": words()}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    "divider extra": (
        [{"type": "divider", "block_id": "d"}],
        [{"type": "divider", "text": words()}],
        "invalid additional property: text [json-pointer:/blocks/0]",
    ),
    "context elements": (
        [{"type": "context", "elements": [words()] * 10}],
        [{"type": "context", "elements": [words()] * 11}],
        "no more than 10 items allowed",
    ),
    "context kinds": (
        [{"type": "context", "elements": [{"type": "image", "image_url": "https://a", "alt_text": "a"}]}],
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button",
    ),
    "actions elements": ([actions(*[button()] * 25)], [actions(*[button()] * 26)], "no more than 25 items"),
    "actions none": ([actions(button())], [actions()], "no less than 1 items allowed"),
    "actions same id": (
        [actions(button(action_id="a"), button(action_id="b"))],
        [actions(button(action_id="a"), button(action_id="a"))],
        "`action_id` 'a' already exists [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    "same block_id": (
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a"), section(block_id="a")],
        "`block_id` 'a' already exists [json-pointer:/blocks/0/block_id]",
    ),
    "block_id length": (
        [section(block_id="b" * 255)],
        [section(block_id="b" * 256)],
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ),
    "action_id length": (
        [actions(button(action_id="a" * 255))],
        [actions(button(action_id="a" * 256))],
        "must be less than 256 characters",
    ),
    "button text": (
        [actions(button(text=plain(75)))],
        [actions(button(text=plain(76)))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    "button value": (
        [actions(button(value="v" * 2000))],
        [actions(button(value="v" * 2001))],
        "must be less than 2001 characters",
    ),
    "button url": (
        [actions(button(url="u" * 3000))],
        [actions(button(url="u" * 3001))],
        "must be less than 3001 characters",
    ),
    "button style": (
        [actions(button(style="danger"))],
        [actions(button(style="default"))],
        "must be a valid enum value",
    ),
    "confirm": (
        [actions(button(confirm=CONFIRM))],
        [actions(button(confirm={**CONFIRM, "confirm": plain(31)}))],
        "must be less than 31 characters",
    ),
    "confirm lacks": (
        [actions(button(confirm=CONFIRM))],
        [actions(button(confirm={"title": plain()}))],
        "missing required field: deny",
    ),
    "select options": (
        [actions({**SELECT, "options": options(100)})],
        [actions({**SELECT, "options": options(101)})],
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    "select neither": (
        [actions(SELECT)],
        [actions({"type": "static_select"})],
        "must define either `options` or `option_groups`",
    ),
    "select initial": (
        [actions({**SELECT, "initial_option": option("0")})],
        [actions({**SELECT, "initial_option": option("7")})],
        "initial option must be one of the options",
    ),
    "select groups": (
        [actions({"type": "static_select", "option_groups": [{"label": plain(75), "options": options(1)}]})],
        [actions({"type": "static_select", "option_groups": [{"label": plain(76), "options": options(1)}]})],
        "must be less than 76 characters",
    ),
    "multi initial": (
        [field({"type": "multi_static_select", "options": options(2), "initial_options": options(1)})],
        [field({"type": "multi_static_select", "options": options(1), "initial_options": options(2)})],
        "initial option must be one of the options",
    ),
    "option text": (
        [actions({**SELECT, "options": [option("v", 75)]})],
        [actions({**SELECT, "options": [option("v", 76)]})],
        "must be less than 76 characters",
    ),
    "option value": (
        [actions({**SELECT, "options": [option("v" * 150)]})],
        [actions({**SELECT, "options": [option("v" * 151)]})],
        "must be less than 151 characters",
    ),
    "option description": (
        [actions({**SELECT, "options": [option(description=plain(75))]})],
        [actions({**SELECT, "options": [option(description=plain(76))]})],
        "must be less than 76 characters",
    ),
    "option twice": (
        [actions({**SELECT, "options": options(2)})],
        [actions({**SELECT, "options": [option(), option()]})],
        "duplicate option value",
    ),
    "option kind": (
        [actions({"type": "checkboxes", "options": [{"text": words(), "value": "v"}]})],
        [actions({**SELECT, "options": [{"text": words(), "value": "v"}]})],
        "unsupported type: mrkdwn",
    ),
    "placeholder": (
        [actions({**SELECT, "placeholder": plain(150)})],
        [actions({**SELECT, "placeholder": plain(151)})],
        "must be less than 151 characters",
    ),
    "checkboxes": (
        [actions({"type": "checkboxes", "options": options(10)})],
        [actions({"type": "checkboxes", "options": options(11)})],
        "no more than 10 items",
    ),
    "radio buttons": (
        [actions({"type": "radio_buttons", "options": options(10)})],
        [actions({"type": "radio_buttons", "options": options(11)})],
        "no more than 10 items",
    ),
    "radio initial": (
        [actions({"type": "radio_buttons", "options": options(2), "initial_option": option("1")})],
        [actions({"type": "radio_buttons", "options": options(2), "initial_option": option("2")})],
        "initial option must be one of the options",
    ),
    "overflow": (
        [actions({"type": "overflow", "options": options(5)})],
        [actions({"type": "overflow", "options": options(6)})],
        "no more than 5 items",
    ),
    "users select": (
        [field({"type": "users_select", "initial_user": "U1"})],
        [field({"type": "users_select", "initial_users": ["U1"]})],
        "invalid additional property: initial_users",
    ),
    "multi users": (
        [field({"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 3})],
        [field({"type": "multi_users_select", "initial_users": "U1"})],
        "must provide an array",
    ),
    "multi users ids": (
        [field({"type": "multi_users_select", "initial_users": []})],
        [field({"type": "multi_users_select", "initial_users": [None]})],
        "must be a string",
    ),
    "conversations select": (
        [field({"type": "conversations_select", "default_to_current_conversation": True})],
        [field({"type": "channels_select", "default_to_current_conversation": True})],
        "invalid additional property: default_to_current_conversation",
    ),
    "input label": (
        [field(SELECT, label=plain(2000))],
        [field(SELECT, label=plain(2001))],
        "must be less than 2001 characters",
    ),
    "input hint": (
        [field(SELECT, hint=plain(2000))],
        [field(SELECT, hint=plain(2001))],
        "must be less than 2001 characters",
    ),
    "input element": ([field(SELECT)], [field(button())], "unsupported type: button"),
    "input optional": ([field(SELECT, optional=True)], [field(SELECT, optional="yes")], "must be a boolean"),
    "text lengths": (
        [field({"type": "plain_text_input", "min_length": 0, "max_length": 3000})],
        [field({"type": "plain_text_input", "max_length": 3001})],
        "must be between 1 and 3000",
    ),
    "number bounds": (
        [field({**NUMBER, "min_value": "1", "max_value": "2"})],
        [field({**NUMBER, "min_value": "3", "max_value": "2"})],
        "`min_value` must not exceed `max_value`",
    ),
    "number decimals": (
        [field({**NUMBER, "is_decimal_allowed": True, "initial_value": "1.5"})],
        [field({**NUMBER, "initial_value": "1.5"})],
        "must not be a decimal",
    ),
    "number as string": (
        [field({**NUMBER, "initial_value": "1"})],
        [field({**NUMBER, "initial_value": 1})],
        "must be a string that holds a number",
    ),
    "number initial": (
        [field({**NUMBER, "min_value": "5", "initial_value": "5"})],
        [field({**NUMBER, "min_value": "5", "initial_value": "4"})],
        "`initial_value` must lie between",
    ),
    "number kind": (
        [field(NUMBER)],
        [field({"type": "number_input"})],
        "missing required field: is_decimal_allowed",
    ),
    "date": (
        [actions({"type": "datepicker", "initial_date": "2026-01-05"})],
        [actions({"type": "datepicker", "initial_date": "5.1.2026"})],
        "must match the format YYYY-MM-DD",
    ),
    "time": (
        [actions({"type": "timepicker", "initial_time": "09:00"})],
        [actions({"type": "timepicker", "initial_time": "9am"})],
        "must match the format HH:mm",
    ),
    "image source": (
        [{"type": "image", "image_url": "https://a", "alt_text": "a"}],
        [{"type": "image", "alt_text": "a"}],
        "must define either `image_url` or `slack_file`",
    ),
    "image alt": (
        [{"type": "image", "image_url": "https://a", "alt_text": "a" * 2000}],
        [{"type": "image", "image_url": "https://a", "alt_text": "a" * 2001}],
        "must be less than 2001 characters",
    ),
    "markdown": (
        [{"type": "markdown", "text": "x" * 12_000}],
        [{"type": "markdown", "text": "x" * 12_001}],
        "must be less than 12001 characters",
    ),
    "markdown in all": (
        [{"type": "markdown", "text": "x" * 6_000}] * 2,
        [{"type": "markdown", "text": "x" * 6_001}] * 2,
        "markdown blocks must be less than 12001 characters in all",
    ),
    "rich text": (
        [rich({"type": "text", "text": "a"}, {"type": "user", "user_id": "U1"})],
        [rich({"type": "mrkdwn", "text": "a"})],
        "unsupported type: mrkdwn",
    ),
    "rich text lacks": (
        [rich({"type": "emoji", "name": "eyes"})],
        [rich({"type": "emoji"})],
        "missing required field: name",
    ),
    "chart series": ([line_chart(12)], [line_chart(13)], "no more than 12 items allowed"),
    "chart points": ([line_chart(1, 20)], [line_chart(1, 21)], "no more than 20 items allowed"),
    "chart title": ([line_chart(title=50)], [line_chart(title=51)], "must be less than 51 characters"),
    "chart name": ([line_chart(name=20)], [line_chart(name=21)], "must be less than 21 characters"),
    "chart label": (
        [line_chart(label="l" * 19)],
        [line_chart(label="l" * 20)],
        "must be less than 21 characters",
    ),
    "charts in all": ([line_chart()] * 2, [line_chart()] * 3, "no more than 2 data_visualization blocks"),
    "pie values": ([pie(1, 2)], [pie(1, 0)], "must be more than 0"),
    "pie segments": ([pie(*[1] * 12)], [pie(*[1] * 13)], "no more than 12 items allowed"),
    "blocks": ([section()] * 50, [section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "unknown block": (
        [section()],
        [{"type": "sparkline"}],
        "unsupported type: sparkline [json-pointer:/blocks/0/type]",
    ),
    "not an object": ([section()], ["text"], "must provide an object"),  # type: ignore[list-item]
    "alien field": (
        [section(expand=True)],
        [section(colour="red")],
        "invalid additional property: colour",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str) -> None:
    """What a rule allows has no error; what it forbids gets Slack's line."""
    good, bad, line = RULES[rule]
    assert check_blocks(good, "message") == []
    errors = check_blocks(bad, "message")
    assert any(line in e for e in errors), errors


def _series(**changes: Any) -> list[Json]:
    block = line_chart(2, 2)
    block["chart"]["series"][1].update(changes)
    return [block]


@pytest.mark.parametrize(
    ("blocks", "line"),
    [
        (_series(name="0"), "series names must be unique"),
        (_series(data=[{"label": "l0", "value": 1}]), "one point for every category"),
        (_series(data=[{"label": "l0", "value": 1}, {"label": "no", "value": 1}]), "for every category"),
        (
            _series(data=[{"label": "l0", "value": float("nan")}, {"label": "l1", "value": 1}]),
            "must be a number",
        ),
    ],
)
def test_chart_series(blocks: list[Json], line: str) -> None:
    """Every series has its own name and one finite value for every category."""
    assert any(line in e for e in check_blocks(blocks, "message"))


def view(*blocks: Json, **more: Any) -> Json:
    """A modal."""
    return {"type": "modal", "title": plain(24), "blocks": list(blocks), **more}


@pytest.mark.parametrize(
    ("good", "bad", "line"),
    [
        (view(section()), view(section(), title=plain(25)), "must be less than 25 characters"),
        (view(section(), close=plain(24)), view(section(), close=plain(25)), "/view/close/text"),
        (view(field(SELECT), submit=plain(24)), view(field(SELECT)), "missing required field: submit"),
        (view(submit=plain(24)), view(submit=plain(25)), "must be less than 25 characters"),
        (view(*[section()] * 100), view(*[section()] * 101), "no more than 100 items allowed"),
        (view(private_metadata="m" * 3000), view(private_metadata="m" * 3001), "/view/private_metadata"),
        (view(callback_id="m" * 255), view(callback_id="m" * 256), "/view/callback_id"),
        (view(section()), view(line_chart()), "unsupported type: data_visualization [json-pointer:/view"),
        (view(section()), {"type": "modal", "blocks": []}, "missing required field: title"),
        ({"type": "home", "blocks": [section()]}, {"type": "home", "title": plain(), "blocks": []}, "title"),
        ({"type": "home", "blocks": [field(SELECT)]}, {"type": "page", "blocks": []}, "valid enum value"),
    ],
)
def test_view_rules(good: Json, bad: Json, line: str) -> None:
    """What a view rule allows has no error; what it forbids gets Slack's line under /view."""
    assert check_view(good) == []
    errors = check_view(bad)
    assert any(line in e for e in errors), errors
