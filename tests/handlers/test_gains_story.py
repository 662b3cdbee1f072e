"""A gain and a pledge, from the command to the button a quarter later, as the team lives it in a workspace."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.blocks import button
from bot.messages.gain_form import DEPENDS, HOURS, MEASURE, SINCE, TITLE, WHERE, WORDS, gain_view, team_in
from bot.messages.gains import Entry, gain_list
from bot.messages.readable import readable
from handlers import gains as heard
from handlers.answers import Answer, Wrong
from storage import due, gains, outbox, rhythms, touches
from storage.gains import Pledge
from storage.rhythms import Rhythm
from tests.handlers.desk import ANNA, ASKER, BEN, CIRCLE, LEAD, OPEN, QUEUE, RESPONDERS, Desk, opened
from tests.patient import patient

NOON = datetime(2026, 3, 11, 11, 0, tzinfo=UTC).timestamp()
TODAY = date(2026, 3, 11)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The desk of the other stories, at noon of a Wednesday."""
    async with opened(tmp_path, patient(clock=lambda: NOON)) as open_desk:
        yield open_desk


ANSWERS: dict[str, Any] = {
    TITLE: "Template for NDAs",
    HOURS: "6",
    WHERE: "learning",
    DEPENDS: "the template",
    MEASURE: "cycle",
    SINCE: "2026-03-02",
}


async def written(desk: Desk, user: str = ANNA, channel: str = CIRCLE, **changes: str) -> dict[str, Any]:
    """Open the form with the command, fill it in and send it."""
    await desk.ask(user, "gain", channel)
    return await desk.submit(user, await desk.modal(user, TITLE), **{**ANSWERS, **changes})


async def test_a_gain_is_written_and_listed(desk: Desk) -> None:
    """Anybody of the team writes one; who did is not kept, and the list shows it to the team."""
    number = desk.team()
    sent = await written(desk)
    assert sent["shown"] == "updated"
    assert "The first look is on Monday, 6 April 2026" in readable(sent["view"])
    (gain,) = gains.of_team(desk.parts.db, number)
    assert (gain.title, gain.hours, gain.goes, gain.measure) == ("Template for NDAs", 6.0, "learning", "cycle")
    assert (gain.began, gain.people) == (date(2026, 3, 2), 200.0)
    assert due.planned(desk.parts.db, "gains", number)
    assert ANNA not in str(desk.parts.db.read("select * from gains").fetchall())
    await desk.ask(BEN, "gain list", CIRCLE)
    shown = readable((await desk.whisper(BEN, "Gains of Deal desk", CIRCLE))["blocks"])
    assert "Template for NDAs: 6 h a week for learning, since 2 Mar 2026." in shown
    assert "Next look: 6 Apr 2026." in shown


async def test_a_form_sent_twice_is_one_gain(desk: Desk) -> None:
    """The same opened form, sent again because nothing seemed to happen."""
    number = desk.team()
    await desk.ask(ANNA, "gain", CIRCLE)
    view = await desk.modal(ANNA, TITLE)
    assert _sent(desk, number, view) == _sent(desk, number, view)
    assert len(gains.of_team(desk.parts.db, number)) == 1


def _sent(desk: Desk, number: int, view: dict[str, Any], **changes: str) -> Answer:
    """What Anna's form is answered."""
    return heard.submitted(desk.call(ANNA, {"view": _filled(view, **changes)}, team=number))


def _filled(view: dict[str, Any], **changes: str) -> dict[str, Any]:
    said = {**ANSWERS, **changes}
    values = {
        TITLE: {"value": said[TITLE]},
        HOURS: {"value": said[HOURS]},
        WHERE: {"selected_option": {"value": said[WHERE]}},
        DEPENDS: {"value": said[DEPENDS] or None},
        MEASURE: {"selected_option": {"value": said[MEASURE]}},
        SINCE: {"selected_date": said[SINCE]},
    }
    state = {"values": {name: {name: value} for name, value in values.items()}}
    return {"private_metadata": view["private_metadata"], "state": state}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (HOURS, "-2", "Hours cannot be below 0"),
        (HOURS, "", "Hours cannot be below 0"),
        (HOURS, "many", "Hours cannot be below 0"),
        (HOURS, "nan", "Hours cannot be below 0"),
        (HOURS, "201", "201 h is more than the 200 h the team works in a week"),
        (SINCE, "2026-03-12", "2026-03-12 is still to come"),
        (SINCE, "2024-03-12", "more than a year ago"),
        (SINCE, "", "No day is chosen"),
        (TITLE, "  ", "Nothing is written here"),
        (WHERE, "holiday", "No choice was made"),
        (MEASURE, "speed", "No number was chosen"),
        (DEPENDS, "x" * 300, "300 characters"),
        (TITLE, "what @anna did", "the whole team's"),
    ],
)
async def test_what_cannot_be_is_answered_at_its_field(desk: Desk, field: str, value: str, sentence: str) -> None:
    """Each mistake says field, value and mend, and nothing is kept."""
    number = desk.team()
    view = gain_view("Deal desk", team_id=number, form="a", today=TODAY, measures=("cycle",), goes=None)
    answer = _sent(desk, number, view, **{field: value})
    assert isinstance(answer, Wrong)
    assert sentence in answer.fields[field]
    assert list(answer.fields) == [field]
    assert gains.of_team(desk.parts.db, number) == []


async def test_the_sandbox_shows_the_mistake_in_the_form(desk: Desk) -> None:
    """The form stays open with the sentence at the field, and a mended one goes through."""
    desk.team()
    await desk.ask(ANNA, "gain", CIRCLE)
    view = await desk.modal(ANNA, TITLE)
    assert "still to come" in (await desk.submit(ANNA, view, **{**ANSWERS, SINCE: "2026-03-20"}))["errors"][SINCE]
    assert "200 h the team works" in (await desk.submit(ANNA, view, **{**ANSWERS, HOURS: "500"}))["errors"][HOURS]
    assert (await desk.submit(ANNA, view, **ANSWERS))["shown"] == "updated"


async def test_outsiders_get_one_kind_sentence(desk: Desk) -> None:
    """Whoever asks reads whose it is, in the team's channel and in one of no team: no form, no ledger."""
    desk.team()
    for text in ("gain", "gain list", "pledge"):
        await desk.ask(ASKER, text)
        await desk.whisper(ASKER, "Only the people who answer for Deal desk")
        await desk.ask(ASKER, text, OPEN)
        await desk.whisper(ASKER, "belongs to no team", OPEN)
    assert not (await desk.slack.state(ASKER))["modals"]


async def test_who_left_the_team_meanwhile_keeps_nothing(desk: Desk) -> None:
    """The roster is asked again when either form is sent."""
    number = desk.team()
    for text, field, values in (("gain", TITLE, ANSWERS), ("pledge", WORDS, {WHERE: "learning", WORDS: "ours"})):
        await desk.ask(ANNA, text, CIRCLE)
        view = await desk.modal(ANNA, field)
        desk.team(team_id=number, responders=tuple(user for user in RESPONDERS if user != ANNA))
        await desk.submit(ANNA, view, **values)
        shut = await desk.modal(ANNA, "Only the people who answer for Deal desk")
        await desk.slack.act(ANNA, "view_close", view_id=shut["id"])
        desk.team(team_id=number)
    assert gains.of_team(desk.parts.db, number) == []
    assert gains.pledge(desk.parts.db, number) is None


async def test_a_form_that_is_none_of_ours_says_so() -> None:
    """What no form of ours can hold ends in one sentence."""
    for strange in ({}, {"private_metadata": "x"}, {"private_metadata": "{}", "state": {}}):
        with pytest.raises(BadInputError, match="open it again"):
            team_in(strange)


async def test_switched_off_is_one_sentence(desk: Desk) -> None:
    """A team that keeps no ledger is told so on every path."""
    number = desk.team()
    rhythms.save(desk.parts.db, number, Rhythm(gains=False))
    for text in ("gain", "gain list", "pledge"):
        await desk.ask(ANNA, text, CIRCLE)
        await desk.whisper(ANNA, "switched off for this team", CIRCLE)
    rhythms.save(desk.parts.db, number, Rhythm())
    await desk.ask(ANNA, "gain", CIRCLE)
    view = await desk.modal(ANNA, TITLE)
    rhythms.save(desk.parts.db, number, Rhythm(gains=False))
    await desk.submit(ANNA, view, **ANSWERS)
    assert await desk.modal(ANNA, "switched off for this team")
    assert gains.of_team(desk.parts.db, number) == []


async def test_the_pledge_is_written_and_stands_above_the_gains(desk: Desk) -> None:
    """It is shown in the list, offered in the next gain's form, and changed by the same form."""
    number = desk.team()
    await desk.ask(BEN, "pledge", CIRCLE)
    view = await desk.modal(BEN, WORDS)
    sent = await desk.submit(BEN, view, **{WHERE: "learning", WORDS: "half of each hour <is> ours"})
    assert "freed hours go to learning" in readable(sent["view"])
    assert gains.pledge(desk.parts.db, number) == Pledge("learning", "half of each hour <is> ours", TODAY)
    await desk.ask(ANNA, "gain list", CIRCLE)
    shown = await desk.whisper(ANNA, "half of each hour &lt;is&gt; ours", CIRCLE)
    await desk.click(ANNA, shown, actions.GAIN_OPEN, CIRCLE)
    form = await desk.modal(ANNA, TITLE)
    chosen = next(b["element"]["initial_option"]["value"] for b in form["blocks"] if b.get("block_id") == WHERE)
    assert chosen == "learning"
    assert touches.taps(desk.parts.db, number, TODAY, date(2026, 3, 12)) == {}  # its own answer, not a post
    for field, wrong in ((WORDS, _pledge(view, "x" * 300)), (WHERE, _pledge(view, "", "holiday"))):
        answer = heard.pledge_submitted(desk.call(BEN, {"view": wrong}, team=number))
        assert isinstance(answer, Wrong)
        assert list(answer.fields) == [field]


def _pledge(view: dict[str, Any], words: str, goes: str = "buffer") -> dict[str, Any]:
    values = {WHERE: {WHERE: {"selected_option": {"value": goes}}}, WORDS: {WORDS: {"value": words}}}
    return {"private_metadata": view["private_metadata"], "state": {"values": values}}


async def asked(desk: Desk, number: int, gain: object, channel: str = CIRCLE) -> dict[str, Any]:
    """A post with the question whether a gain still stands."""
    row = {"type": "actions", "elements": [
        button("It still stands", actions.GAIN_STANDS, str(gain)),
        button("It no longer does", actions.GAIN_ENDED, str(gain)),
        button("Our gains", actions.GAIN_LIST, str(number)),
    ]}  # fmt: skip
    body = {"text": "Does it stand?", "blocks": [row], "fallback": None}
    workspace = desk.parts.workspace
    outbox.put(desk.parts.db, workspace=workspace, channel=channel, body=body, team=number, kind="gain")
    await desk.deliver()
    return (await desk.posts(channel))[-1]


async def test_whether_it_still_stands_is_answered_by_button(desk: Desk) -> None:
    """It stands, then it ends; a second click and an old button change nothing; taps are counted, never whose."""
    number = desk.team()
    await written(desk)
    (gain,) = gains.of_team(desk.parts.db, number)
    post = await asked(desk, number, gain.id)
    await desk.click(ANNA, post, actions.GAIN_STANDS, CIRCLE)
    await desk.whisper(ANNA, "still stands. The next look is on 6 Apr 2026.", CIRCLE)
    await desk.click(BEN, post, actions.GAIN_ENDED, CIRCLE)
    await desk.whisper(BEN, "no longer stands", CIRCLE)
    await desk.click(BEN, post, actions.GAIN_ENDED, CIRCLE)
    await desk.click(LEAD, post, actions.GAIN_STANDS, CIRCLE)
    await desk.whisper(LEAD, "was said to have ended on 2026-03-11", CIRCLE)
    found = gains.get(desk.parts.db, gain.id)
    assert found is not None
    assert (found.stood, found.ended) == (TODAY, TODAY)
    await desk.click(LEAD, post, actions.GAIN_LIST, CIRCLE)
    await desk.whisper(LEAD, "It no longer stands since 11 Mar 2026", CIRCLE)
    assert touches.taps(desk.parts.db, number, TODAY, date(2026, 3, 12)) == {"gain": 5}


async def test_buttons_of_others_and_of_what_is_gone(desk: Desk) -> None:
    """A person outside, a gain that was forgotten, another workspace's team: one kind sentence, nothing changes."""
    number = desk.team()
    await written(desk)
    (gain,) = gains.of_team(desk.parts.db, number)
    post = await asked(desk, number, gain.id, QUEUE)
    await desk.click(ASKER, post, actions.GAIN_ENDED)
    await desk.whisper(ASKER, "Only the people who answer for Deal desk")
    for value, place in ((99, QUEUE), ("x", CIRCLE)):
        await desk.click(ANNA, await asked(desk, number, value, place), actions.GAIN_ENDED, place)
        await desk.whisper(ANNA, "does not exist any more", place)
    with desk.parts.db.write() as connection:
        connection.execute("update teams set workspace = 'T0OTHER'")
    await desk.click(BEN, post, actions.GAIN_ENDED)
    await desk.whisper(BEN, "does not exist any more")
    assert gains.get(desk.parts.db, gain.id) == gain
    assert touches.taps(desk.parts.db, number, TODAY, date(2026, 3, 12)) == {}


async def test_a_pair_may_name_waits_only(desk: Desk) -> None:
    """In a team of two the form offers the wait alone, and does not say how many hours there are."""
    number = desk.team(responders=(ANNA, BEN))
    await desk.ask(ANNA, "gain", CIRCLE)
    view = await desk.modal(ANNA, TITLE)
    offered = next(b["element"]["options"] for b in view["blocks"] if b.get("block_id") == MEASURE)
    assert [option["value"] for option in offered] == ["wait"]
    answer = _sent(desk, number, view, **{HOURS: "100"})
    assert answer == Wrong({HOURS: "100 h is more than the team works in a week: write fewer."})
    assert isinstance(_sent(desk, number, view), dict)
    (gain,) = gains.of_team(desk.parts.db, number)
    assert (gain.measure, gain.people) == ("wait", None)


def test_a_list_of_fifty_stays_within_a_message() -> None:
    """The newest are written out, the rest are counted."""
    many = [Entry(n, f"Gain {n}", 1.0, "buffer", "", date(2026, 1, 1)) for n in range(50)]
    message = gain_list(many, "", "Deal desk", team_id=1)
    assert len(message.blocks) <= 50
    assert "42 older gains not shown" in readable(message)
    assert "Gain 49" in message.text
