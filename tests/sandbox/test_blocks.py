"""Block Kit rules: for each, what just passes and what just does not."""

from typing import Any

import pytest

from sandbox.blocks import check_blocks, check_view
from sandbox.config import Json


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


def labelled_axis(n: int) -> Json:
    """A line chart whose axes have names of so many characters."""
    block = line_chart()
    block["chart"]["axis_config"].update(x_label="x" * n, y_label="y")
    return block


def pie(*values: float) -> Json:
    """A pie chart."""
    segments = [{"label": str(i), "value": v} for i, v in enumerate(values)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": segments}}


def text_cell(n: int = 1) -> Json:
    """A plain cell of n characters."""
    return {"type": "raw_text", "text": "x" * n}


def rich_cell() -> Json:
    """A rich cell."""
    return rich({"type": "text", "text": "a"})


def grid(rows: int = 2, columns: int = 2, **more: Any) -> Json:
    """A table of so many rows and columns."""
    return {"type": "table", "rows": [[text_cell()] * columns] * rows, **more}


def data(rows: int = 2, columns: int = 2, **more: Any) -> Json:
    """A data table, header included."""
    number = {"type": "raw_number", "value": 1.5}
    table = [[text_cell()] * columns, *[[number] * columns] * (rows - 1)]
    return {"type": "data_table", "caption": "c", "rows": table, **more}


def card(**more: Any) -> Json:
    """A card with a title unless told otherwise."""
    return {"type": "card", "title": words(), **more}


def carousel(n: int) -> Json:
    """A carousel of so many cards."""
    return {"type": "carousel", "elements": [card()] * n}


def container(*children: Json, **more: Any) -> Json:
    """A container."""
    return {"type": "container", "title": plain(), "child_blocks": list(children or [section()]), **more}


def thumbs(**more: Any) -> Json:
    """Feedback buttons."""
    up, down = ({"text": plain(), "value": v} for v in ("up", "down"))
    return {"type": "feedback_buttons", "positive_button": up, "negative_button": down, **more}


def corner(*elements: Json) -> Json:
    """A context_actions block."""
    return {"type": "context_actions", "elements": list(elements)}


def workflow(url: str) -> Json:
    """A workflow button."""
    return actions({"type": "workflow_button", "text": plain(), "workflow": {"trigger": {"url": url}}})


IMAGE = {"type": "image", "image_url": "https://a", "alt_text": "a"}
TRASH = {"type": "icon_button", "icon": "trash", "text": plain()}
VIDEO = {
    "type": "video",
    "alt_text": "a",
    "title": plain(),
    "thumbnail_url": "https://a/t.png",
    "video_url": "https://a/v",
}
REMOTE = {"type": "file", "external_id": "f", "source": "remote"}
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
    "confirm title": (
        [actions(button(confirm=CONFIRM))],
        [actions(button(confirm={**CONFIRM, "title": plain(101)}))],
        "must be less than 101 characters",
    ),
    "confirm text": (
        [actions(button(confirm=CONFIRM))],
        [actions(button(confirm={**CONFIRM, "text": words(301)}))],
        "must be less than 301 characters",
    ),
    "confirm deny": (
        [actions(button(confirm=CONFIRM))],
        [actions(button(confirm={**CONFIRM, "deny": plain(31)}))],
        "must be less than 31 characters",
    ),
    "image url": (
        [{**IMAGE, "image_url": "u" * 3000}],
        [{**IMAGE, "image_url": "u" * 3001}],
        "must be less than 3001 characters",
    ),
    "select group count": (
        [actions({"type": "static_select", "option_groups": [{"label": plain(), "options": options(1)}] * 100})],
        [actions({"type": "static_select", "option_groups": [{"label": plain(), "options": options(1)}] * 101})],
        "no more than 100 items allowed",
    ),
    "email input": (
        [field({"type": "email_text_input", "initial_value": "a@b.example"})],
        [field({"type": "email_text_input", "multiline": True})],
        "invalid additional property: multiline",
    ),
    "url input": (
        [field({"type": "url_text_input", "placeholder": plain(150)})],
        [field({"type": "url_text_input", "placeholder": plain(151)})],
        "must be less than 151 characters",
    ),
    "rich text input": (
        [field({"type": "rich_text_input", "initial_value": rich_cell()})],
        [field({"type": "rich_text_input", "initial_value": rich({"type": "mrkdwn"})})],
        "unsupported type: mrkdwn",
    ),
    "date and time": (
        [actions({"type": "datetimepicker", "initial_date_time": 1_700_000_000})],
        [actions({"type": "datetimepicker", "initial_date_time": 1_700_000_000_000})],
        "must be between 1e+09 and 1e+10",
    ),
    "date and time kind": (
        [field({"type": "datetimepicker"})],
        [field({"type": "datetimepicker", "initial_date_time": "1700000000"})],
        "must be an integer",
    ),
    "date and time place": (
        [actions({"type": "datetimepicker"})],
        [section(accessory={"type": "datetimepicker"})],
        "unsupported type: datetimepicker",
    ),
    "file input place": (
        [field(SELECT)],
        [field({"type": "file_input"})],
        "unsupported type: file_input",
    ),
    "workflow button": (
        [workflow("https://slack.com/shortcuts/Ft1/1")],
        [workflow("Ft1")],
        "must be a valid URL",
    ),
    "rich input is for forms": (
        [field({"type": "rich_text_input"})],
        [actions({"type": "rich_text_input"})],
        "unsupported type: rich_text_input",
    ),
    "feedback buttons": (
        [corner(thumbs(), TRASH)],
        [corner({"type": "feedback_buttons", "positive_button": thumbs()["positive_button"]})],
        "missing required field: negative_button",
    ),
    "feedback text": (
        [corner(thumbs(positive_button={"text": plain(75), "value": "v"}))],
        [corner(thumbs(positive_button={"text": plain(76), "value": "v"}))],
        "must be less than 76 characters",
    ),
    "icon button": ([corner(TRASH)], [corner({**TRASH, "icon": "rocket"})], "must be a valid enum value"),
    "context_actions count": ([corner(*[TRASH] * 5)], [corner(*[TRASH] * 6)], "no more than 5 items allowed"),
    "context_actions kinds": ([corner(TRASH)], [corner(button())], "unsupported type: button"),
    "table rows": ([grid(100)], [grid(101)], "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
    "table columns": (
        [grid(2, 20)],
        [grid(2, 21)],
        "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ),
    "table cells": (
        [{"type": "table", "rows": [[text_cell(), rich_cell()]]}],
        [{"type": "table", "rows": [[{"type": "raw_number", "value": 1}]]}],
        "unsupported type: raw_number [json-pointer:/blocks/0/rows/0/0/type]",
    ),
    "table characters": (
        [{"type": "table", "rows": [[text_cell(5000)] * 2]}],
        [{"type": "table", "rows": [[text_cell(5000), text_cell(5001)]]}],
        "cells must be less than 10001 characters in all",
    ),
    "table columns' settings": (
        [grid(column_settings=[None, {"align": "right", "is_wrapped": True}])],
        [grid(column_settings=[{"align": "middle"}])],
        "must be a valid enum value",
    ),
    "table settings count": (
        [grid(column_settings=[None] * 20)],
        [grid(column_settings=[None] * 21)],
        "no more than 20 items allowed",
    ),
    "one table": ([grid()], [grid(), grid()], "only_one_table_allowed [json-pointer:/blocks/1]"),
    "data table rows": ([data(101)], [data(102)], "no more than 101 items allowed"),
    "data table is more than its header": ([data(2)], [data(1)], "no less than 2 items allowed"),
    "data table header": (
        [{**data(), "rows": [[text_cell()], [rich_cell()]]}],
        [{**data(), "rows": [[rich_cell()], [text_cell()]]}],
        "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]",
    ),
    "data table width": (
        [data()],
        [{**data(), "rows": [[text_cell()], [text_cell()] * 2]}],
        "all rows must have the same number of cells",
    ),
    "data table columns": ([data(2, 20)], [data(2, 21)], "no more than 20 items allowed"),
    "data table caption": (
        [data()],
        [{"type": "data_table", "rows": data()["rows"]}],
        "missing required field: caption",
    ),
    "data table page": ([data(page_size=100)], [data(page_size=101)], "must be between 1 and 100"),
    "data table row header": (
        [data(row_header_column_index=1)],
        [data(row_header_column_index=2)],
        "must be between 0 and 1",
    ),
    "card title": ([card(title=words(150))], [card(title=words(151))], "must be less than 151 characters"),
    "card subtitle": ([card(subtitle=words(150))], [card(subtitle=words(151))], "must be less than 151"),
    "card body": ([card(body=words(200))], [card(body=words(201))], "must be less than 201 characters"),
    "card content": (
        [{"type": "card", "hero_image": IMAGE}],
        [{"type": "card", "icon": IMAGE}],
        "missing required field: one of hero_image, title, actions, body",
    ),
    "card buttons": ([card(actions=[button()] * 3)], [card(actions=[SELECT])], "unsupported type: static_select"),
    "card button count": ([card(actions=[button()] * 3)], [card(actions=[button()] * 4)], "no more than 3 items"),
    "card icons": (
        [card(slack_icon={"type": "icon", "name": "rocket"})],
        [card(icon=IMAGE, slack_icon={"type": "icon", "name": "rocket"})],
        "must define either `icon` or `slack_icon`",
    ),
    "carousel": ([carousel(10)], [carousel(11)], "no more than 10 items allowed"),
    "carousel none": ([carousel(1)], [carousel(0)], "no less than 1 items allowed"),
    "carousel kinds": (
        [carousel(2)],
        [{"type": "carousel", "elements": [section()]}],
        "unsupported type: section [json-pointer:/blocks/0/elements/0/type]",
    ),
    "container children": (
        [container(*[section()] * 10)],
        [container(*[section()] * 11)],
        "no more than 10 items allowed [json-pointer:/blocks/0/child_blocks]",
    ),
    "container kinds": (
        [container(grid(), {"type": "divider"})],
        [container(container())],
        "unsupported type: container",
    ),
    "container title": (
        [container(title=plain(150))],
        [container(title=plain(151))],
        "must be less than 151 characters",
    ),
    "container titles": (
        [{"type": "container", "rich_text_title": rich_cell(), "child_blocks": [section()]}],
        [{"type": "container", "child_blocks": [section()]}],
        "missing required field: title or rich_text_title",
    ),
    "container width": ([container(width="full")], [container(width="huge")], "must be a valid enum value"),
    "what a container holds is checked": (
        [container(section(text=words(3000)))],
        [container(section(text=words(3001)))],
        "must be less than 3001 characters [json-pointer:/blocks/0/child_blocks/0/text/text]",
    ),
    "same block_id inside": (
        [section(block_id="a"), container(section(block_id="b"))],
        [section(block_id="a"), container(section(block_id="a"))],
        "`block_id` 'a' already exists [json-pointer:/blocks/1/child_blocks/0/block_id]",
    ),
    "one table inside": ([container(grid())], [grid(), container(grid())], "only_one_table_allowed"),
    "alert place": ([section()], [{"type": "alert", "text": words()}], "unsupported type: alert"),
    "video": ([VIDEO], [{**VIDEO, "thumbnail_url": None}], "missing required field: thumbnail_url"),
    "video title": (
        [{**VIDEO, "title": plain(199)}],
        [{**VIDEO, "title": plain(200)}],
        "must be less than 200 characters",
    ),
    "video author": (
        [{**VIDEO, "author_name": "a" * 49}],
        [{**VIDEO, "author_name": "a" * 50}],
        "must be less than 50 characters",
    ),
    "video address": ([VIDEO], [{**VIDEO, "video_url": "http://a/v"}], "must be an https URL"),
    "file": ([REMOTE], [{**REMOTE, "source": "local"}], "must be a valid enum value"),
    "file id": ([REMOTE], [{"type": "file", "source": "remote"}], "missing required field: external_id"),
    "chart axis labels": (
        [labelled_axis(50)],
        [labelled_axis(51)],
        "must be less than 51 characters",
    ),
    "chart kind": (
        [pie(1)],
        [{"type": "data_visualization", "title": "t", "chart": {"type": "radar"}}],
        "unsupported type: radar",
    ),
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
        (view(external_id="m" * 255), view(external_id="m" * 256), "/view/external_id"),
        (
            view({"type": "alert", "level": "warning", "text": words(200)}),
            view({"type": "alert", "text": words(201)}),
            "must be less than 201 characters",
        ),
        (
            view({"type": "alert", "level": "success", "text": words()}),
            view({"type": "alert", "level": "loud", "text": words()}),
            "must be a valid enum value",
        ),
        (
            view(field({"type": "file_input", "max_files": 10}), submit=plain()),
            view(field({"type": "file_input", "max_files": 11}), submit=plain()),
            "must be between 1 and 10",
        ),
        (
            view(container(field(SELECT)), submit=plain()),
            view(container(field(SELECT))),
            "missing required field: submit",
        ),
        ({"type": "home", "blocks": [section()]}, {"type": "home", "blocks": [grid()]}, "unsupported type: table"),
        (
            {"type": "home", "blocks": [VIDEO, container()]},
            {"type": "home", "blocks": [{"type": "alert", "text": words()}]},
            "unsupported type: alert",
        ),
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
