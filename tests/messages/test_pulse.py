"""Every message of the pulse: Slack takes it, it names nobody, and its buttons come back as they went out."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product

import pytest

from bot.errors import BadInputError
from bot.health.pulse import Part
from bot.messages import pulse_notes as notes
from bot.messages.message import Message
from bot.messages.pulse import (
    OFTEN,
    TEXT,
    ask,
    chosen,
    closed,
    line_of,
    muted,
    packed,
    pressed,
    reminder,
    standing,
    text_result,
    text_view,
    unmuted,
)
from bot.messages.pulse_questions import QUESTIONS
from bot.messages.pulse_results import Found, lines, results, worst
from bot.messages.readable import readable
from sandbox.blocks import check_blocks, check_view
from tests.messages.examples import HOSTILE

KEYS = list(QUESTIONS)
DAY = date(2026, 3, 2)
NAMES = ["Deal desk", HOSTILE, "ש" * 80, ""]


def every(name: str) -> Iterator[Message]:
    """Every message there is."""
    for some in (KEYS[:1], KEYS[3:5], KEYS[6:9]):
        for noted in ((), some[:1], (*some, TEXT)):
            yield ask(name, 12, some, floor=5, noted=noted, said="That one was noted before.")
    for good, poor in product(Part, repeat=2):
        found = [Found(key, good, poor, (poor, good, DAY)) for key in KEYS[:3]]
        yield results(name, found, floor=5, asked=8, opened=DAY, hidden=1)
    yield results(name, [Found("load", Part.MOST, Part.FEW)], floor=3, asked=3, opened=DAY)
    yield results(name, [], floor=5, asked=8, opened=DAY, hidden=2)
    yield lines(name, [name or "x", "<!channel> look", "y" * 400] * 20)
    yield reminder(name)
    for often in OFTEN:
        yield standing(name, often=often, next_day=DAY, is_open=True)
        yield standing(name, often=often, next_day=None, is_open=False)
    yield from (closed(), muted(), unmuted(), notes.begun(name, 1), notes.begun(name, 2), notes.too_small(name, 5))
    yield from (notes.too_few(name, 5), notes.repeated(name, DAY), notes.repeated(name, None), notes.running(name))
    yield from (notes.too_soon(name, DAY), notes.undelivered(name), notes.unreached(name, 5))


@pytest.mark.parametrize("name", NAMES)
def test_slack_takes_every_message(name: str) -> None:
    """Within Block Kit's limits with any name, and no mention of anybody survives."""
    for message in every(name):
        assert check_blocks(list(message.blocks), "message") == []
        assert message.text
        marked = [block for block in message.blocks if block["type"] != "header"]  # a header is plain text
        assert "<!channel>" not in str(marked) + message.text
        assert "<@" not in message.text


def test_slack_takes_the_form() -> None:
    """The form for one line, and what it turns into."""
    for view in (text_view(12, "a" * 22, 5), text_result("Thank you.")):
        assert check_view(view) == []


def test_a_button_says_what_it_was_made_with() -> None:
    """Every answer's button leads to its question and place; its value to round and token."""
    message = ask("Desk", 12, KEYS[:3], floor=5)
    buttons = [e for block in message.blocks for e in block.get("elements", ()) if "_answer_" in e.get("action_id", "")]
    told = [chosen(button["action_id"]) for button in buttons]
    assert told == [(key, place) for key in KEYS[:3] for place in range(len(QUESTIONS[key].answers))]
    assert {button["value"] for button in buttons} == {"12 {{token}}"}
    assert len({button["action_id"] for button in buttons}) == len(buttons)
    mine = pressed(packed(12, "a" * 22))
    assert (mine.pulse, mine.token) == (12, "a" * 22)


@pytest.mark.parametrize("value", ["", "12", "12 {{token}}", "x " + "a" * 22, "12 " + "a" * 22 + " b", "12 short"])
def test_a_damaged_button_is_refused_without_repeating_it(value: str) -> None:
    """The sentence says what to do, and holds nothing of the value."""
    with pytest.raises(BadInputError) as caught:
        pressed(value)
    assert "aaaa" not in str(caught.value)
    for action in ("headroom_pulse_answer_load_9", "headroom_pulse_answer_never_0", "headroom_pulse_answer_load_-1"):
        with pytest.raises(BadInputError):
            chosen(action)


def test_what_was_chosen_is_not_shown() -> None:
    """A noted question shows neither its answers nor which was tapped; the others keep their buttons."""
    said = readable(ask("Desk", 12, KEYS[:2], floor=5, noted=[KEYS[0]]))
    assert "Noted" in said
    assert not [label for label, _ in QUESTIONS[KEYS[0]].answers if f"[{label}]" in said]
    assert all(f"[{label}]" in said for label, _ in QUESTIONS[KEYS[1]].answers)


def test_the_question_to_talk_about_is_the_one_that_hurts_most() -> None:
    """More at the poor end comes first, then fewer at the good one."""
    for a, b in combinations(product(Part, repeat=2), 2):
        picked = worst([Found("load", a[0], a[1]), Found("focus", b[0], b[1])])
        other = b if picked.question == "load" else a
        assert (picked.poor, -picked.good) >= (other[1], -other[0])


def test_a_line_is_one_line() -> None:
    """Breaks and direction marks are dropped, and it is cut to its length; nothing typed is nothing."""
    field = "headroom_pulse_text"
    view = {"state": {"values": {field: {field: {"value": "a\u202eb\nc" + "x" * 999}}}}}
    assert line_of(view).startswith("a b c")
    assert len(line_of(view)) == 200
    assert line_of({}) == ""
    assert line_of({"state": {"values": {field: {field: {"value": None}}}}}) == ""
