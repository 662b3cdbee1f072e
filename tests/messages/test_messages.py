"""Every message in every state: Slack takes it, it says what it may to whom, and ends in something to do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handlers
from bot.errors import BadInputError
from bot.health.results import Assessment, Level, Reason, Tier
from bot.health.tiers import within
from bot.messages import actions
from bot.messages.alerts import acknowledged, alert, all_clear, snoozed
from bot.messages.announcement import announcement, hint
from bot.messages.help import Role, help_message, nearest, unknown_command
from bot.messages.load import load_view, share_audience, share_dropped, shared
from bot.messages.message import Message
from bot.messages.problem import problem, problem_view
from bot.messages.readable import readable
from bot.messages.report import first_report
from bot.messages.setup import saved
from bot.messages.trust import removal_result, trust_view
from bot.messages.waiting import waiting_view
from bot.messages.words import reasons
from handlers.rows import Word
from sandbox.blocks import check_blocks, check_view
from tests.budget import examples
from tests.messages.examples import EVERY, HOSTILE, broken, busy, calm, unknown

COMMANDS = tuple(row.command for row in handlers.ROWS if isinstance(row, Word))
FORBIDDEN = re.compile(
    r"(?i:fewer people|lay ?off|redundan|headcount|ranking|slow(?:er)? work|unproductive|lazy|idle people)|"
    r"(?i:best performer|too many people)|\bnan\b|\binf\b|\bNone\b"
)
LOAD_WORDS = re.compile(r"utilization|capacity|danger|\bslack\b|surge", re.IGNORECASE)


def about(a: Assessment, team: str) -> Iterator[Message]:
    """Every message that tells of an assessment."""
    posted = alert(a, team, team_id=3, alert_id=41)
    yield posted
    yield alert(a, team, team_id=3, alert_id=41)
    yield acknowledged(posted.blocks, posted.text)
    yield snoozed(posted.blocks, posted.text, until=1_780_000_000.0, tz="Europe/Berlin")
    yield all_clear(a, team, team_id=3, before=Level.DANGER)
    yield all_clear(a, team, team_id=3, before=Level.WATCH)
    yield first_report(a, team, team_id=3, history_days=90)
    yield first_report(a, team, team_id=3, history_days=0)
    yield load_view(a, team, team_id=3)
    yield load_view(a, team, team_id=3, share=False)
    yield share_audience(a, team, team_id=3, channel=team, members=14)
    yield share_audience(a, team, team_id=3, channel=team, members=None)
    yield shared(a, team)
    yield waiting_view(a, waiting=7)
    yield waiting_view(a, waiting=0, yours=True)
    yield waiting_view(a, waiting=1, yours=False)


def others(name: str) -> Iterator[Message]:
    """Every message that needs no assessment."""
    yield announcement(name, history_days=90, other_apps=True)
    yield announcement(name, history_days=0)
    yield hint("C1")
    yield hint("")
    yield share_dropped()
    yield waiting_view(None, waiting=3)
    yield saved(name, queue="C1", history_days=90)
    yield saved(name, queue="C1", history_days=0, changed=True)
    yield problem(name)
    yield problem("")
    yield problem(BadInputError(name, name * 9, "write it shorter"))
    for role in Role:
        yield help_message(role, COMMANDS)
        yield unknown_command(name, role, COMMANDS)


def mended(message: Message) -> str:
    return " ".join((message.text, readable(message), readable(message.fallback or ())))


@pytest.mark.parametrize("a", EVERY)
@pytest.mark.parametrize("name", ["Deal desk", HOSTILE, "x" * 500, ""])
def test_slack_takes_every_message(a: Assessment, name: str) -> None:
    """No block breaks a limit, no text is empty or too long, no forbidden word or broken number is said."""
    for message in (*about(a, name), *others(name)):
        assert check_blocks(list(message.blocks), "message") == []
        assert check_blocks(list(message.fallback or ()), "message") == []
        assert 0 < len(message.text) <= 4000
        assert not FORBIDDEN.search(mended(message)), mended(message)


@pytest.mark.parametrize("a", EVERY)
def test_a_hostile_name_is_only_a_name(a: Assessment) -> None:
    """A name can mention nobody, link nowhere, turn no text around and open no code."""
    for message in (*about(a, HOSTILE), *others(HOSTILE)):
        texts = [message.text, *strings(message.blocks), *strings(message.fallback or ())]
        for text in texts:
            assert not re.search(r"<[!@]|<http", text)
            assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", text)


def strings(of: Any, kind: str = "") -> Iterator[str]:
    """Every mrkdwn text in blocks."""
    if isinstance(of, dict):
        if of.get("type") == "mrkdwn":
            yield of["text"]
        else:
            for value in of.values():
                yield from strings(value)
    elif isinstance(of, list | tuple):
        for value in of:
            yield from strings(value)


@pytest.mark.parametrize("a", EVERY)
def test_every_message_ends_in_something_to_do(a: Assessment) -> None:
    """Each message has a button or names a command or a place to go on."""
    for message in (*about(a, "Desk"), *others("Desk")):
        said = readable(message)
        assert re.search(r"\[[A-Z]|/headroom|welcome in this thread", said), said


@pytest.mark.parametrize("a", EVERY)
def test_no_emoji_carries_a_meaning_alone(a: Assessment) -> None:
    """Wherever an emoji stands, the words around it say what it is for."""
    for message in (*about(a, "Desk"), *others("Desk")):
        for line in re.findall(r".*:[a-z_]+:.*|.*[\U0001f300-\U0001faff].*", message.text):
            assert re.search(r"[a-z]{3}", re.sub(r":[a-z_]+:", "", line)), line


@pytest.mark.parametrize("people", [1, 2])
def test_a_team_of_two_is_told_of_requests_only(people: int) -> None:
    """No utilization, slack or surge of one or two people is ever said; what is left out and why is."""
    for a in (busy(people=people), calm(people)):
        for message in about(a, "Desk"):
            said = mended(message).replace("Left out: utilization and slack", "").replace("danger zone", "")
            said = re.sub(r"Utilization and slack of a team of four or fewer[^.]*\.", "", said)
            assert not LOAD_WORDS.search(said), said
        assert "would describe a person" in readable(load_view(a, "Desk", team_id=3))
        assert "would describe a person" in readable(alert(a, "Desk", team_id=3, alert_id=1))


@pytest.mark.parametrize(("people", "told"), [(3, False), (4, False), (5, True)])
def test_a_team_of_four_shares_waits_alone(people: int, told: bool) -> None:
    """Utilization of three or four people stays within the team; the question before sharing says so."""
    a = calm(people)
    assert "60%" in readable(load_view(a, "Desk", team_id=3))
    assert bool(LOAD_WORDS.search(mended(shared(a, "Desk")))) is told
    asked = readable(share_audience(a, "Desk", team_id=3, channel="general", members=14))
    assert "to everybody in #general, 14 people. Share?" in asked
    assert ("stay within the team" in asked) is not told


@pytest.mark.parametrize("a", [*EVERY, None])
def test_requesters_see_nothing_on_load(a: Assessment | None) -> None:
    """What a requester sees has waits and counts, and no word on load."""
    for yours in (True, False, None):
        assert not LOAD_WORDS.search(mended(waiting_view(a, waiting=7, yours=yours)))


def test_what_a_requester_sees() -> None:
    """The usual wait as a range, how many wait, that theirs is heard; honest where too little is known."""
    said = readable(waiting_view(busy(), waiting=7, yours=True))
    assert "Usually answered in 5.5–14 h.\n7 requests are waiting now. Yours is heard" in said
    assert "too few requests so far" in readable(waiting_view(unknown(), waiting=1))
    assert "No requests are waiting now." in readable(waiting_view(None, waiting=0))


def test_the_alert_s_words() -> None:
    """One line of verdict, the numbers behind it, one thing to do, who sees it, its buttons."""
    said = readable(alert(busy(), "Deal desk", team_id=3, alert_id=41))
    assert said.startswith(
        "Deal desk is in the danger zone since 4 May: more is asked than it can keep up with, "
        "and people wait longer than they should.\n"
    )
    for line in (
        "• Utilization 91% (84–98%), from claims; danger line 84%.",
        "• Waiting time 5.5 h, up from 4 h in the first weeks.",
        "• 42 requests open at a week's end, on average, up from 20 in the first weeks.",
        "• 52 requests arrive a week, up from 40 in the first weeks.",
        "One thing to do: find cover for the busiest hours of this week, even half a day of it.",
        "  Only responders and lead get this.",
        "[Acknowledge]  [Snooze a day]  [Snooze a week]  [We'll do …]  [See the numbers]  [What waits]",
    ):
        assert line in said.splitlines(), said


def test_the_alert_s_chart_and_its_words() -> None:
    """The chart shows 13 weeks at most; without it, and for screen readers, words give the same figures."""
    message = alert(busy(weeks=16), "Desk", team_id=3, alert_id=41)
    (chart,) = [b for b in message.blocks if b["type"] == "data_visualization"]
    used, line = chart["chart"]["series"]
    assert [len(used["data"]), len(line["data"])] == [13, 13]
    assert used["data"][-1] == {"label": "15 Jun", "value": 90.0}
    assert message.fallback is not None
    assert not [b for b in message.fallback if b["type"] == "data_visualization"]
    assert "Utilization by week, from 23 Mar to 15 Jun: 66%, 68%" in message.text
    assert message.payload(plain=True)["blocks"] == list(message.fallback)
    assert message.payload()["blocks"] == list(message.blocks)


def test_no_chart_of_a_single_week() -> None:
    """Less than two known weeks draw no line."""
    for a in (busy(weeks=1), broken()):
        assert alert(a, "Desk", team_id=3, alert_id=1).fallback is None


def test_an_answered_alert_keeps_its_words_and_names_nobody() -> None:
    """Acknowledging or snoozing takes the answering buttons away and leaves the words and the numbers."""
    posted = alert(busy(), "Desk", team_id=3, alert_id=41)
    for after in (
        acknowledged(posted.blocks, posted.text),
        snoozed(posted.blocks, posted.text, until=1_780_000_000.0, tz="Europe/Berlin"),
    ):
        said = readable(after)
        assert "[Acknowledge]" not in said
        assert said.endswith("[See the numbers]  [What waits]")
        assert readable(posted).split("[Acknowledge]")[0].strip() in said
    assert "Quiet until Thu 28 May, 22:26 team time." in said


def test_low_utilization_comes_with_what_slack_pays_for() -> None:
    """A low figure never stands alone where others read it."""
    a = calm()
    for message in (
        load_view(a, "Desk", team_id=3),
        shared(a, "Desk"),
        first_report(a, "Desk", team_id=3, history_days=90),
        all_clear(a, "Desk", team_id=3, before=Level.WATCH),
    ):
        assert "it pays for the busy weeks" in readable(message)


def test_the_first_report_explains_an_unknown_level() -> None:
    """Where the level is not known yet, it says why and what comes next."""
    said = readable(first_report(unknown(), "Desk", team_id=3, history_days=0))
    assert "is not known yet: only 7 requests so far, and 20 are needed." in said
    assert "What comes next:" in said
    assert "what was seen since set-up" in said


@given(st.text(max_size=400), st.sampled_from(list(Role)))
@examples(60)
def test_any_word_gets_an_answer(word: str, role: Role) -> None:
    """Whatever is typed, the answer can be posted, and a guess is a command this person may use."""
    message = unknown_command(word, role, COMMANDS)
    assert check_blocks(list(message.blocks), "message") == []
    guess = nearest(word, COMMANDS)
    assert guess is None or guess in COMMANDS


@pytest.mark.parametrize(
    ("word", "meant"),
    [("trsut", "trust"), ("settup", "setup"), ("HELP", "help"), ("privacy", "trust"), ("xyzzy", None)],
)
def test_the_nearest_command(word: str, meant: str | None) -> None:
    """Slips of the fingers and other words for the same thing are understood; nonsense is not."""
    guess = nearest(word, COMMANDS)
    assert (guess.word if guess else None) == meant


def test_a_guess_fits_the_role() -> None:
    """A requester is not sent to set-up."""
    assert "Did you mean" not in readable(unknown_command("settup", Role.REQUESTER, COMMANDS))
    assert "Did you mean /headroom setup" in readable(unknown_command("settup", Role.LEAD, COMMANDS))


@given(st.text(max_size=4000), st.integers(0, 10**9))
@examples(60)
def test_long_and_odd_names_stay_within_limits(name: str, n: int) -> None:
    """Names and numbers of any size make messages that Slack takes."""
    for message in (
        alert(busy(), name, team_id=n, alert_id=n),
        share_audience(busy(), name, team_id=n, channel=name, members=n),
        announcement(name, history_days=90),
        problem(name),
        waiting_view(busy(), waiting=n),
    ):
        assert check_blocks(list(message.blocks), "message") == []
        assert 0 < len(message.text) <= 4000


def test_the_announcement_says_what_when_and_how_to_object() -> None:
    """What is kept, how long, what never, and a button to object; no past unless chosen."""
    said = readable(announcement("Deal desk", history_days=90))
    for word in ("Kept:", "How long:", "Never:", "To object:", "13 months", "last 90 days", "[What is kept"):
        assert word in said
    assert "The past is not read." in readable(announcement("Deal desk", history_days=0))


@pytest.mark.parametrize(
    "view",
    [
        trust_view(on_roster=True, history_days=90),
        trust_view(on_roster=False),
        trust_view(on_roster=False, history_days=0),
        removal_result(on_roster=False),
        removal_result(on_roster=True),
        problem_view(HOSTILE * 50),
    ],
)
def test_slack_takes_every_view(view: dict[str, Any]) -> None:
    """No view breaks a limit, and none says a forbidden word."""
    assert check_view(view) == []
    assert not FORBIDDEN.search(readable(view))


def test_the_trust_page_tells_the_whole_truth() -> None:
    """Pseudonyms can be recomputed until their key is gone, and removal leaves the roster: both are said."""
    view = trust_view(on_roster=True)
    said = readable(view)
    assert "could recompute a pseudonym from the list of people and the key" in said
    assert "until the lead takes you off" in said
    assert "until the lead takes you off" not in readable(trust_view(on_roster=False))
    show, remove = [e for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert show["action_id"] == actions.TRACES_SHOW
    assert (remove["action_id"], "confirm" in remove) == (actions.REMOVE_TRACES, True)


def test_removal_is_not_counted() -> None:
    """The result says that everything was erased, without a figure about the person who asked."""
    said = readable(removal_result(on_roster=True))
    assert "erased from everything kept" in said
    assert not any(letter.isdigit() for letter in said)


def test_action_ids_are_distinct() -> None:
    """No two actions, views or fields share an id."""
    ids = [v for k, v in vars(actions).items() if k.isupper() and isinstance(v, str)]
    assert len(ids) == len(set(ids)) > 30


def test_who_is_seen_at_work_is_said_of_the_team_alone() -> None:
    """Drift by people asks about the roster, names nobody, and is not said in a team of one or two."""
    drifted = replace(busy(), reasons=(Reason("active", 0.75, 1.0, "share", Level.WATCH),))
    assert reasons(drifted) == [
        "• Seen at work here: 25% below the first weeks, by the hours on the roster. Is it up to date?"
    ]
    pair = within(replace(drifted, tier=Tier.REQUESTS))
    assert reasons(pair) == []
