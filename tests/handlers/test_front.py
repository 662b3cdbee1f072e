"""The front's rule, held against the tables themselves: a new word is tested by being there."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import handlers
from bot.messages.blocks import sections
from bot.messages.message import Message
from bot.messages.refusals import typed
from handlers.rows import Button, Call, Form, May, Row, Shortcut, Word, after_first_word, first_word
from tests.handlers.desk import ANNA, ASKER, BOT, LEAD, OPEN, QUEUE, STRANGER, Desk, opened
from tests.patient import patient

LAWYER, BOTH, LEGAL = "U5LAWYER", "U6BOTH", "C5LEGAL"
WORDS = [row for row in handlers.ROWS if isinstance(row, Word)]


def probed(row: Row) -> Row:
    """The same row, whose answer is the team that it would act on."""

    def do(call: Call) -> Message:
        said = f"acts on {call.team.team.name if call.team else 'no team'}"
        return Message(said, tuple(sections(said)))

    return replace(row, do=do)


@dataclass
class Office:
    """Two teams, a person of both, one of none, and a front whose words say what they would act on."""

    desk: Desk

    async def type(self, user: str, word: str, channel: str) -> str:
        """Type a word; returns all that the person reads of the answer, buttons included."""
        before = await self._seen(user, channel)
        await self.desk.ask(user, word, channel)

        async def answered(_slack: object) -> str | None:
            now = await self._seen(user, channel)
            fresh = [said for said in now if said not in before and "One moment" not in said]
            return fresh[-1] if fresh else None

        said: str = await self.desk.slack.wait_for(answered, f"answer to {word!r}")
        return said

    async def _seen(self, user: str, channel: str) -> list[str]:
        messages = await self.desk.slack.messages(user, channel)
        whispers = [f"{m['ts']} {json.dumps([m['text'], m.get('blocks')])}" for m in messages if m.get("ephemeral")]
        views = (await self.desk.slack.state(user))["modals"]
        return [*whispers, *(f"{view['id']} {json.dumps(view['blocks'])}" for view in views)]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Deal desk and Legal, each with a queue; a channel of no team."""
    async with opened(tmp_path, patient(), tuple(map(probed, handlers.ROWS))) as desk:
        await desk.slack.seed(
            users=[{"id": LAWYER, "name": "lawyer"}, {"id": BOTH, "name": "both"}],
            channels=[
                {"id": LEGAL, "name": "legal", "members": [LEAD, ANNA, ASKER, LAWYER, BOTH, BOT]},
                {"id": QUEUE, "name": "deal-desk", "members": [LEAD, ANNA, ASKER, LAWYER, BOTH, STRANGER, BOT]},
                {"id": OPEN, "name": "general", "members": [LEAD, ANNA, ASKER, LAWYER, BOTH, STRANGER, BOT]},
            ],
        )
        desk.team(responders=(ANNA, BOTH), team_channel=None)
        desk.team(name="Legal", queue=LEGAL, lead=LAWYER, responders=(BOTH,), team_channel=None)
        yield Office(desk)


def expected(row: Word, team: str, *, lead: bool, responder: bool) -> str:
    """What somebody of a team reads who means that team."""
    if row.may in (May.LEAD, May.STEWARD) and not lead:
        return f"Only the lead of {team} can {row.what}"
    if row.may is May.RESPONDER and not responder:
        return f"Only the people who answer for {team} are counted"
    return f"acts on {team}"


@pytest.mark.parametrize("row", WORDS, ids=[row.command.word or "-" for row in WORDS])
async def test_a_word_means_the_team_of_its_channel(office: Office, row: Word) -> None:
    """Every word, in the own, another team's and no team's channel, for lead, responder, requester and outsider."""
    word = row.command.word
    if row.may is May.PERSON:
        for user in (LEAD, ANNA, ASKER, LAWYER):
            for channel in (QUEUE, LEGAL, OPEN):
                assert "acts on no team" in await office.type(user, word, channel)
        return

    for user, lead in ((LEAD, True), (ANNA, False)):
        own = expected(row, "Deal desk", lead=lead, responder=not lead)
        assert own in await office.type(user, word, QUEUE)
        said = await office.type(user, word, LEGAL)
        if row.may is May.ANYONE:
            assert "acts on Legal" in said
        else:
            assert "Only the people who answer for Legal" in said
            assert f"Deal desk, in <#{QUEUE}>: type `{typed(word)}` there" in said
        elsewhere = "acts on no team" if row.anew else own
        assert elsewhere in await office.type(user, word, OPEN)

    for channel, team in ((QUEUE, "Deal desk"), (LEGAL, "Legal")):
        said = await office.type(ASKER, word, channel)
        assert (f"acts on {team}" if row.may is May.ANYONE else f"Only the people who answer for {team}") in said
        assert "You answer for" not in said
    nowhere = "acts on no team" if row.anew else "This channel belongs to no team"
    assert nowhere in await office.type(ASKER, word, OPEN)

    said = await office.type(LAWYER, word, QUEUE)
    assert ("acts on Deal desk" if row.may is May.ANYONE else f"Legal, in <#{LEGAL}>") in said


@pytest.mark.parametrize("row", WORDS, ids=[row.command.word or "-" for row in WORDS])
async def test_in_a_channel_of_no_team_one_press_says_which(office: Office, row: Word) -> None:
    """Somebody of two teams gets a button for each; what was typed is answered for the one that was pressed."""
    if row.may is May.PERSON or row.anew:
        return
    said = await office.type(BOTH, f"{row.command.word} some words".strip(), OPEN)
    if not row.command.word:  # `some` is no word, and says so
        said = await office.type(BOTH, "", OPEN)
    assert f"Which team do you mean with `{typed(row.command.word)}`" in said
    question = await office.desk.whisper(BOTH, "Which team", OPEN)
    buttons = [b for block in question["blocks"] for b in block.get("elements", ()) if "action_id" in b]
    press = next(b for b in buttons if b["text"]["text"] == "Legal")
    await office.desk.click(BOTH, question, press["action_id"], OPEN)
    await office.desk.whisper(BOTH, expected(row, "Legal", lead=False, responder=True)[:40], OPEN)


@pytest.mark.parametrize(
    ("typed", "word", "rest"),
    [
        ("", "", ""),
        ("  plan  15-31 Dec +40%", "plan", "15-31 Dec +40%"),
        ("Friction\nwaiting for legal", "friction", "waiting for legal"),
        ("plan\u00a015-31 Dec +40%", "plan", "15-31 Dec +40%"),
        ("pulse\tmute", "pulse", "mute"),
        ("gain &lt;b&gt; &amp; co", "gain", "<b> & co"),
    ],
)
def test_a_word_ends_where_it_ends(typed: str, word: str, rest: str) -> None:
    """A line break, a tab or a hard space after a word costs nothing of what follows."""
    assert (first_word(typed), after_first_word(typed)) == (word, rest)


def test_help_and_the_nearest_word_come_from_the_table() -> None:
    """Every word has a line for somebody, no spelling stands twice, and each leads to its own row."""
    spelt = [spelling for row in WORDS for spelling in row.command.spellings]
    assert len(spelt) == len(set(spelt))
    near = [word for row in WORDS for word in row.command.near]
    assert not set(near) & set(spelt)
    assert len(near) == len(set(near))
    assert all(row.command.lines for row in WORDS)


def test_what_the_lead_alone_does_is_said() -> None:
    """A row for the lead names what the lead does, so that its refusal is a sentence."""
    for row in handlers.ROWS:
        if not isinstance(row, Shortcut) and row.may in (May.LEAD, May.STEWARD):
            assert row.what
            assert row.what[0].islower()


def test_each_id_is_heard_once() -> None:
    """No two rows listen to the same button, form or shortcut."""
    ids = [
        row.action if isinstance(row, Button) else row.view for row in handlers.ROWS if isinstance(row, (Button, Form))
    ]
    plain = [one if isinstance(one, str) else one.pattern for one in ids]
    assert len(plain) == len(set(plain))


async def test_one_moment_ends_in_an_answer_whatever_happens(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What fails behind "one moment" says so there, and the log learns kind and place."""

    def do(_call: Call) -> Message:
        raise LookupError("what somebody wrote")

    rows = tuple(replace(row, do=do) for row in handlers.ROWS if isinstance(row, Word) and row.moment)
    async with opened(tmp_path, patient(), rows) as desk:
        desk.team()
        await desk.ask(LEAD, rows[0].command.word)
        assert await desk.modal(LEAD, "Something went wrong")
    assert "LookupError at test_front.py" in caplog.text
    assert "somebody wrote" not in caplog.text


async def test_an_answer_whose_chart_is_refused_comes_without(tmp_path: Path) -> None:
    """Where Slack refuses a native chart, the same is said in words: beside the command, and in a view."""
    points = [{"label": day, "value": value} for day, value in (("Mon", 1.0), ("Tue", 2.0))]
    chart = {
        "type": "data_visualization",
        "title": "Waits",
        "chart": {
            "type": "line",
            "series": [{"name": "hours", "data": points}],
            "axis_config": {"categories": ["Mon", "Tue"], "x_label": "Day", "y_label": "hours"},
        },
    }
    said = Message("Waits rose", (chart,), tuple(sections("Waits rose")))
    rows = tuple(replace(row, do=lambda _call: said) for row in handlers.ROWS if isinstance(row, Word))
    async with opened(tmp_path, patient(), rows) as desk:
        desk.team()
        await desk.slack.fault("invalid_blocks", block_type=chart["type"])
        await desk.ask(LEAD, "whatif")
        assert "Waits rose" in json.dumps((await desk.whisper(LEAD, "Waits rose"))["blocks"])
        await desk.ask(LEAD, "setup")
        assert await desk.modal(LEAD, "Waits rose")
