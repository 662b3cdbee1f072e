"""The form and the list of process flaws: Slack takes them at their largest, and they read well."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from bot.errors import BadInputError
from bot.health.theory.compare import UNITS
from bot.messages import actions
from bot.messages import friction as words
from bot.messages import friction_form as form
from bot.messages.gain_form import MEASURES
from bot.messages.message import Message
from bot.messages.problem import problem
from bot.messages.readable import readable
from sandbox.blocks import check_blocks, check_view
from tests.messages.examples import HOSTILE

TODAY = date(2026, 3, 18)
ARABIC = "فريق مراجعة العقود والموافقات القانونية " * 4
NAMES = ("Deal desk", HOSTILE, ARABIC, "x" * 500, "")
WORST = "&" * words.WORDS


def full(line: str) -> list[words.Group]:
    """Every kind, with as many lines as are ever written out, and more behind them."""
    return [words.Group(topic, (line,) * words.SHOWN, 50, 7, TODAY) for topic in words.TOPICS]


def mended(n: int) -> list[words.Mended]:
    """So many fixed kinds, half of them told."""
    return [
        words.Mended("tools", 3, TODAY, "The wait went from 6.2 h to 4.1 h." * (i % 2), TODAY + timedelta(weeks=4))
        for i in range(n)
    ]


def lists(team: str) -> list[Message]:
    """The list, empty to full."""
    return [
        words.friction_list(team, 3, groups, done, TODAY, may_report=may)
        for groups in ([], full("a"), full(WORST), full(HOSTILE))
        for done in ([], mended(1), mended(20))
        for may in (True, False)
    ]


@pytest.mark.parametrize("team", NAMES)
def test_slack_takes_every_list(team: str) -> None:
    """From nothing to nine kinds of fifty notes of ampersands: within Slack's limits, its text too."""
    for said in (*lists(team), problem(form.too_small(team, 3)), problem(form.switched_off(team))):
        assert check_blocks(list(said.blocks), "message") == []
        assert 0 < len(said.text) <= 4000


@pytest.mark.parametrize("team", NAMES)
def test_slack_takes_every_form(team: str) -> None:
    """With one team and with a hundred and more, with and without words typed before."""
    for teams in ([(1, team)], [(n, team) for n in range(120)]):
        for line in ("", WORST * 3, HOSTILE):
            assert check_view(form.friction_view(teams, "nonce", line)) == []
    assert check_view(form.thanks_view(team)) == []


@pytest.mark.parametrize("team", NAMES)
def test_what_people_wrote_is_only_words(team: str) -> None:
    """Neither a note nor a name can mention anybody, link anywhere or turn text around."""
    for said in lists(team):
        for text in (said.text, json.dumps(said.blocks)):
            assert "<!" not in text
            assert "<@" not in text
            assert "<http" not in text
            assert "\\u202e" not in text


def test_every_kind_has_a_measure_that_can_be_compared() -> None:
    """What a kind moves is a measure that the form names and that can be compared; every kind fits a menu."""
    assert {measure for _, measure in words.TOPICS.values()} <= set(MEASURES) == set(UNITS)
    assert all(len(label) <= 75 for label in (*(name for name, _ in words.TOPICS.values()), *MEASURES.values()))
    assert list(words.TOPICS)[-1] == "other"


def test_the_form_s_words() -> None:
    """It says what is kept and when it shows, and asks for the process rather than a person."""
    said = readable(form.friction_view([(1, "Deal desk")], "nonce"))
    for line in (
        "What gets in the way of Deal desk? Your name is not kept, and neither is the time.",
        "Describe the process, not a person.",
        "within the next five working days",
        "[Report]",
    ):
        assert line in said, said


def test_the_list_s_words() -> None:
    """Kinds with their notes and state, what was fixed, and why nobody can be told from it."""
    groups = [words.Group("approvals", ("Sign-off takes days", "Nobody knows who signs"), 2, 1, TODAY)]
    said = readable(words.friction_list("Deal desk", 3, groups, mended(2), TODAY, may_report=True))
    assert said.splitlines() == [
        "What gets in the way of Deal desk: 2 notes, by kind",
        "Waiting for approvals (2 notes): being looked at, 1 not yet",
        "• Sign-off takes days",
        "• Nobody knows who signs",
        "[Looking at it]  [Fixed]",
        "-" * 40,
        "Fixed",
        "• Tools and access (3 notes) was fixed on 18 Mar: too early to compare, look again on 15 Apr.",
        "• Tools and access (3 notes) was fixed on 18 Mar. The wait went from 6.2 h to 4.1 h.",
        "[Report a flaw]",
        "  Only the team sees this. A note shows from a day drawn at random, "
        "so neither order nor time tells who wrote it.",
    ]


def test_a_button_carries_whose_what_and_until_when() -> None:
    """What a button carries comes back; anything else is refused with a way on."""
    assert words.unpacked(words.packed(3, "tools", TODAY)) == (3, "tools", TODAY)
    for strange in ("", "3 tools", "x tools 2026-03-18", "3 tools today", "3 a b 2026-03-18"):
        with pytest.raises(BadInputError, match="friction list"):
            words.unpacked(strange)


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("@anna is late", True),
        ("(@ben)", True),
        ("write to @Cleo, then wait", True),
        ("@channel is used for everything", False),
        ("sign-off @ noon", False),
        ("mail a@example.org bounces", False),
    ],
)
def test_a_line_about_a_person_is_turned_back(line: str, refused: bool) -> None:
    """An @name is refused at the field; `@channel`, an at sign alone and an address are not."""
    chosen: dict[str, Any] = {"selected_option": {"value": "tools"}}
    values = {form.TOPIC: {form.TOPIC: chosen}, form.LINE: {form.LINE: {"value": line}}}
    view = {"private_metadata": json.dumps({"team": 1, "form": "n"}), "state": {"values": values}}
    assert isinstance(form.filled(view), dict) is refused


def test_the_digest_s_sentence() -> None:
    """Nothing for nothing; one kind and several read as English."""
    assert words.digest_sentence([]) == ""
    assert words.digest_sentence([("tools", 1)]) == (
        "One kind of process flaw was reported: tools and access (1 note). `/headroom friction list` shows them."
    )
    every = words.digest_sentence([(topic, 2) for topic in words.TOPICS])
    assert every.startswith("Nine kinds of process flaw were reported: waiting for approvals (2 notes), unclear")
    assert len(every) < 400


def test_the_buttons_are_ours() -> None:
    """The list's buttons are those that handlers listen to, and Fixed asks first."""
    said = words.friction_list("Desk", 3, full("a")[:1], [], TODAY, may_report=True)
    elements = [e for b in said.blocks if b["type"] == "actions" for e in b["elements"]]
    assert [e["action_id"] for e in elements] == [
        actions.FRICTION_LOOKING,
        actions.FRICTION_FIXED,
        actions.FRICTION_OPEN,
    ]
    assert ["confirm" in e for e in elements] == [False, True, False]
