"""A process flaw, from the form to what mending it moved; told as the team lives it, and as an attacker would look."""

import asyncio
import json
import logging
import shutil
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.friction_form import LINE, TEAM, TOPIC, friction_view, team_in
from bot.messages.readable import readable
from handlers import frictions as heard
from handlers.answers import Answer, Then, Wrong
from handlers.rows import RefusedError
from sandbox.client import Refused
from sandbox.config import Install
from storage import digests, frictions, outbox, rhythms, teams, touches
from storage.rhythms import Rhythm
from tests.clock import Clock
from tests.handlers.desk import ANNA, ASKER, BEN, CIRCLE, CLEO, LEAD, OPEN, RESPONDERS, STRANGER, Desk, opened
from tests.patient import patient

DAY = 86_400.0
NOON = datetime(2026, 3, 11, 11, 0, tzinfo=UTC).timestamp()
SHORTCUTS = {actions.FRICTION_SHORTCUT: "Report a process flaw"}


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
async def desk(tmp_path: Path, clock: Clock) -> AsyncIterator[Desk]:
    """The desk of the other stories, at noon of a Wednesday, with a clock that is moved by hand."""
    config = patient(clock=clock, app=Install(shortcuts=SHORTCUTS))
    async with opened(tmp_path, config) as open_desk:
        yield open_desk


async def report(desk: Desk, user: str, line: str, topic: str = "approvals", **more: Any) -> None:
    """Fill in the form that is open and send it."""
    form = await desk.modal(user, LINE)
    sent = await desk.submit(user, form, **{TOPIC: topic, LINE: line, **more})
    assert sent["shown"] == "updated"
    assert "without your name" in readable(sent["view"])


def notes(desk: Desk) -> list[tuple[Any, ...]]:
    """What the store holds."""
    return desk.parts.db.read("select team, topic, words, measure, state from frictions order by words").fetchall()


async def digest(desk: Desk, number: int) -> dict[str, Any]:
    """A digest in the team's channel, with the two buttons."""
    buttons = [button(action, str(number)) for action in (actions.FRICTION_OPEN, actions.FRICTION_LIST)]
    digests.record(desk.parts.db, number, date(2026, 3, 9), "digest-key")
    return await posted_with(desk, number, buttons, CIRCLE)


async def posted_with(desk: Desk, number: int, buttons: list[dict[str, Any]], channel: str) -> dict[str, Any]:
    """A digest of a team's with these buttons."""
    body = {"text": "digest", "blocks": [{"type": "actions", "elements": buttons}]}
    workspace = desk.parts.workspace
    outbox.put(desk.parts.db, workspace=workspace, channel=channel, body=body, team=number, kind="digest")
    await desk.deliver()
    return (await desk.posts(channel))[-1]


def button(action: str, value: str) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": action, "value": value}


def submitted(desk: Desk, number: int, user: str, view: dict[str, Any]) -> Answer:
    """What a form is answered that somebody of the team sent."""
    return heard.submitted(desk.call(user, {"view": view}, team=number))


async def test_by_command_shortcut_and_digest(desk: Desk, clock: Clock) -> None:
    """Three ways to one form; nothing shows on that day; later all see the lines by kind, and nobody a name."""
    number = desk.team()
    await desk.ask(ANNA, "friction")
    await report(desk, ANNA, "Sign-off takes <three> days")
    await desk.slack.act(BEN, "shortcut", callback_id=actions.FRICTION_SHORTCUT)
    await report(desk, BEN, "The CRM asks for the same twice", "twice")
    posted = await digest(desk, number)
    await desk.click(CLEO, posted, actions.FRICTION_OPEN, CIRCLE)
    await report(desk, CLEO, "Nobody knows who signs", "approvals")
    assert [row[:4] for row in notes(desk)] == [
        (number, "approvals", "Nobody knows who signs", "cycle"),
        (number, "approvals", "Sign-off takes <three> days", "cycle"),
        (number, "twice", "The CRM asks for the same twice", "hands_on"),
    ]
    await desk.ask(LEAD, "friction list")
    await desk.whisper(LEAD, "No process flaw is open")
    clock.now += 7 * DAY
    await desk.ask(LEAD, "friction list")
    said = readable((await desk.whisper(LEAD, "What gets in the way of Deal desk: 3 notes"))["blocks"])
    assert "Waiting for approvals (2 notes)" in said
    assert "• Sign-off takes <three> days" in said
    assert "Work done twice (1 note)" in said
    assert not [user for user in (*RESPONDERS, LEAD) if user in said]


async def test_the_digest_s_buttons_count_as_taps_of_nobody(desk: Desk) -> None:
    """Pressed under the digest they count for its burden and for its being read; in one's own list they do not."""
    number = desk.team()
    posted = await digest(desk, number)
    day = date(2026, 3, 11)
    await desk.click(ANNA, posted, actions.FRICTION_LIST, CIRCLE)
    own = await desk.whisper(ANNA, "No process flaw is open", CIRCLE)
    await desk.click(ANNA, own, actions.FRICTION_OPEN, CIRCLE)
    await desk.modal(ANNA, LINE)
    assert touches.taps(desk.parts.db, number, day, date(2026, 3, 12)) == {"digest": 1}
    assert digests.last(desk.parts.db, number)[0].touched


async def test_looking_at_it_then_fixed_then_before_and_after(desk: Desk, clock: Clock) -> None:
    """Any of the team moves a kind on; after the fix the list says when to look again, and later what it moved."""
    desk.team()
    await desk.ask(ANNA, "friction Sign-off takes days")
    form = await desk.modal(ANNA, LINE)
    assert "Sign-off takes days" in str(form["blocks"])
    await report(desk, ANNA, "Sign-off takes days")
    clock.now += 7 * DAY
    await desk.ask(BEN, "friction list")
    shown = await desk.whisper(BEN, "Waiting for approvals")
    await desk.click(BEN, shown, actions.FRICTION_LOOKING)
    shown = await desk.whisper(BEN, "being looked at")
    assert "[Looking at it]" not in readable(shown["blocks"])
    await desk.click(BEN, shown, actions.FRICTION_FIXED)
    await desk.whisper(BEN, "fixed on 18 Mar: too early to compare, look again on 20 Apr.")
    assert notes(desk)[0][4] == "fixed"
    clock.now += 33 * DAY
    await desk.ask(LEAD, "friction list")
    await desk.whisper(LEAD, "was fixed on 18 Mar. The time from request to done cannot be compared yet")


async def test_a_double_click_and_a_list_of_last_month(desk: Desk, clock: Clock) -> None:
    """A second press changes nothing, and an old list moves only the notes that stood in it."""
    number = desk.team()
    await desk.ask(ANNA, "friction")
    await report(desk, ANNA, "first")
    clock.now += 7 * DAY
    await desk.ask(BEN, "friction list")
    old = await desk.whisper(BEN, "Waiting for approvals")
    await desk.ask(ANNA, "friction")
    await report(desk, ANNA, "second")
    clock.now += 30 * DAY
    value = next(e["value"] for b in old["blocks"] for e in b.get("elements", ()) if e.get("value", "")[:1].isdigit())
    pressed = desk.call(BEN, {"actions": [{"action_id": actions.FRICTION_FIXED, "value": value}]}, team=number)
    for _ in range(2):
        said = readable((await asyncio.to_thread(heard.mark, pressed)).message)
        assert "Waiting for approvals (1 note)\n• second" in said
    assert [(row[2], row[4]) for row in notes(desk)] == [("first", "fixed"), ("second", "open")]


async def test_one_form_is_one_note(desk: Desk) -> None:
    """A form that arrives twice, as after a double click or a second delivery, leaves one note."""
    number = desk.team()
    await desk.ask(ANNA, "friction")
    form = await desk.modal(ANNA, LINE)
    await report(desk, ANNA, "once")
    again = filled_form(form["private_metadata"], "once")
    said = await asyncio.to_thread(submitted, desk, number, ANNA, again)
    assert isinstance(said, Then)
    assert "without your name" in str(said.first)
    assert len(notes(desk)) == 1


def filled_form(metadata: str, line: str, topic: str = "approvals") -> dict[str, Any]:
    """A sent form, as Slack hands it over."""
    chosen = {"selected_option": {"value": topic}}
    return {
        "private_metadata": metadata,
        "state": {"values": {TOPIC: {TOPIC: chosen}, LINE: {LINE: {"value": line}}}},
    }


async def test_who_answers_for_two_teams_is_asked_which(desk: Desk) -> None:
    """The shortcut has no channel: the form asks; only teams that take notes stand in it."""
    desk.team()
    other = desk.team(name="Legal", queue=OPEN, team_channel=None)
    desk.team(name="Tiny", queue="C9TINY", team_channel=None, responders=(ANNA, BEN))
    await desk.slack.act(ANNA, "shortcut", callback_id=actions.FRICTION_SHORTCUT)
    form = await desk.modal(ANNA, "Which team?")
    assert "Tiny" not in str(form["blocks"])
    await report(desk, ANNA, "slow", "tools", **{TEAM: str(other)})
    assert [row[0] for row in notes(desk)] == [other]
    await desk.ask(ANNA, "friction list", CIRCLE)
    await desk.whisper(ANNA, "No process flaw is open for Deal desk", CIRCLE)


async def test_outsiders_and_guests(desk: Desk) -> None:
    """Requesters and guests from another company read one kind sentence; nothing is kept, shown or changed."""
    number = desk.team()
    for word in ("friction", "friction list"):
        await desk.ask(ASKER, word)
        await desk.whisper(ASKER, "Only the people who answer for Deal desk")
    await desk.slack.act(ASKER, "shortcut", callback_id=actions.FRICTION_SHORTCUT)
    await desk.modal(ASKER, "it will be heard")
    with pytest.raises(Refused, match="restricted_action"):
        await desk.slack.act(STRANGER, "shortcut", callback_id=actions.FRICTION_SHORTCUT)
    frictions.add(desk.parts.db, "x", number, frictions.Note("tools", "w", "wait", date(2026, 3, 9)))
    marks = [button(action, f"{number} tools 2026-03-11") for action in heard.STATES]
    post = await posted_with(desk, number, marks, OPEN)
    for person, action in ((ASKER, actions.FRICTION_LOOKING), (STRANGER, actions.FRICTION_FIXED)):
        await desk.click(person, post, action, OPEN)
        await desk.whisper(person, "Only the people who answer for Deal desk", OPEN)
    assert [row[2:] for row in notes(desk)] == [("w", "wait", "open")]


async def test_who_left_the_team_meanwhile_reports_nothing(desk: Desk) -> None:
    """The roster is asked again when the form is sent, and nothing of it is kept."""
    number = desk.team()
    await desk.ask(ANNA, "friction")
    form = await desk.modal(ANNA, LINE)
    desk.team(team_id=number, responders=tuple(user for user in RESPONDERS if user != ANNA))
    await desk.submit(ANNA, form, **{TOPIC: "tools", LINE: "a line"})
    await desk.modal(ANNA, "Only the people who answer for Deal desk")
    assert notes(desk) == []


async def test_a_guest_presses_the_digest_s_buttons(desk: Desk) -> None:
    """Even if a digest stands where a guest can see it, its buttons open nothing for the guest."""
    number = desk.team(team_channel=OPEN)
    buttons = [button(action, str(number)) for action in (actions.FRICTION_OPEN, actions.FRICTION_LIST)]
    posted = await posted_with(desk, number, buttons, OPEN)
    for person, action in ((STRANGER, actions.FRICTION_OPEN), (ASKER, actions.FRICTION_LIST)):
        await desk.click(person, posted, action, OPEN)
        await desk.whisper(person, "Only the people who answer for Deal desk", OPEN)
    assert touches.taps(desk.parts.db, number, date(2026, 3, 1), date(2026, 4, 1)) == {}


async def test_in_a_channel_of_another_team_nothing_is_reported(desk: Desk) -> None:
    """Who answers for one team and types in another's channel is shown the way to their own; elsewhere it is meant."""
    desk.team()
    desk.team(name="Legal", queue=OPEN, team_channel=None, responders=RESPONDERS[1:], lead=BEN)
    await desk.ask(ANNA, "friction Sign-off takes days", OPEN)
    said = await desk.whisper(ANNA, "Only the people who answer for Legal", OPEN)
    assert "You answer for Deal desk" in said["text"]
    hall = "C5HALL"
    await desk.slack.seed(channels=[{"id": hall, "name": "hall", "members": [ANNA, BEN]}])
    await desk.ask(ANNA, "friction Sign-off takes days", hall)
    await report(desk, ANNA, "Sign-off takes days")
    await desk.ask(BEN, "friction It is slow", hall)
    which = await desk.whisper(BEN, "Which team do you mean", hall)
    await desk.click(BEN, which, f"{actions.CHOOSE_TEAM}_0", hall)
    assert "It is slow" in str((await desk.modal(BEN, LINE))["blocks"])


async def test_a_team_of_four_or_one_that_said_no(desk: Desk) -> None:
    """One kind sentence and what to do instead, at opening and at sending, for command, shortcut and button alike."""
    number = desk.team(responders=RESPONDERS[:4])
    form = friction_view([(number, "Deal desk")], "nonce")
    sent = desk.call(ANNA, {"view": filled_form(form["private_metadata"], "a line")}, team=number)
    for why in ("with fewer than 5 everybody would know", "switched off"):
        await desk.ask(ANNA, "friction")
        await desk.whisper(ANNA, why)
        await desk.slack.act(ANNA, "shortcut", callback_id=actions.FRICTION_SHORTCUT)
        shut = await desk.modal(ANNA, why)
        await desk.slack.act(ANNA, "view_close", view_id=shut["id"])
        with pytest.raises(RefusedError, match=why):
            await asyncio.to_thread(heard.submitted, sent)
        rhythms.save(desk.parts.db, number, Rhythm(friction=False))
    assert notes(desk) == []


@pytest.mark.parametrize(
    ("line", "topic", "why"),
    [
        ("@ben never answers", "approvals", "describe the process, not a person"),
        ("\u202e \u2066", "approvals", "The line is empty"),
        ("x", "", "No kind is chosen"),
        ("x" * 151, "tools", "150 is the most"),
    ],
)
async def test_what_the_form_refuses(desk: Desk, line: str, topic: str, why: str) -> None:
    """A name, nothing, no kind, too long: one sentence at the field, and nothing is kept."""
    number = desk.team()
    view = filled_form(friction_view([(number, "Deal desk")], "n")["private_metadata"], line, topic)
    said = await asyncio.to_thread(submitted, desk, number, ANNA, view)
    assert isinstance(said, Wrong)
    assert set(said.fields) <= {LINE, TOPIC}
    assert why in " ".join(said.fields.values())
    assert notes(desk) == []


async def test_strange_buttons_and_forms(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A button or form with a value we never wrote, a team of another workspace, a team that is gone: one sentence."""
    far = teams.TeamDraft(workspace="T9", name="Far", queue="C9", responders=RESPONDERS, lead=ANNA)
    elsewhere = teams.save(desk.parts.db, far, NOON)
    number = desk.team()
    for n, (value, said) in enumerate(
        (
            ("x", "for a fresh one"),
            ("1 tools tomorrow", "for a fresh one"),
            ("99999 tools 2026-03-11", "does not exist any more"),
            (f"{elsewhere} tools 2026-03-11", "does not exist any more"),
        )
    ):
        user = RESPONDERS[n]
        post = await posted_with(desk, number, [button(actions.FRICTION_FIXED, value)], CIRCLE)
        await desk.click(user, post, actions.FRICTION_FIXED, CIRCLE)
        await desk.whisper(user, said, CIRCLE)
    assert "BadInputError" not in caplog.text  # somebody's mistake is no failure of ours
    for strange in (filled_form("nonsense", "line"), {"private_metadata": "{}", "state": {"values": {}}}, {}):
        with pytest.raises(BadInputError, match="open it again"):
            team_in(strange)
    await desk.ask(ANNA, "friction")
    form = await desk.modal(ANNA, LINE)
    with desk.parts.db.write() as connection:
        connection.execute("update teams set workspace = 'T9'")
    await desk.submit(ANNA, form, **{TOPIC: "tools", LINE: "a line"})
    await desk.modal(ANNA, "does not exist any more")
    assert notes(desk) == []


def copy(desk: Desk, to: Path) -> Path:
    """A backup, with everything in the file."""
    desk.parts.db.checkpoint()
    shutil.copy(desk.parts.db.path, to)
    return to


async def test_backups_and_logs_around_a_report_name_nobody(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever of the team reports, what changes between two backups is the same byte for byte, and no log says who.

    Each of five people sends the same form in a world that is otherwise the same: the five files afterwards are equal.
    """
    caplog.set_level(logging.DEBUG)
    number = desk.team()
    before = copy(desk, tmp_path / "before.db")
    monkeypatch.setattr("handlers.frictions.secrets.randbelow", lambda _: 2)
    view = filled_form(json.dumps({"team": number, "form": "the same word"}), "Sign-off takes days")
    after: set[str] = set()
    for person in RESPONDERS:
        with desk.parts.db.write() as connection:
            connection.execute("delete from frictions")
        caplog.clear()
        assert isinstance(await asyncio.to_thread(submitted, desk, number, person, view), Then)
        copied = copy(desk, tmp_path / "after.db")
        assert person not in caplog.text
        assert "Sign-off" not in caplog.text
        after.add("\n".join(sqlite3.connect(copied).iterdump()))
    assert len(after) == 1
    (rows,) = after
    gone = set("\n".join(sqlite3.connect(before).iterdump()).splitlines())
    added = [line for line in rows.splitlines() if line not in gone]
    assert len(added) == 1
    assert added[0].startswith('INSERT INTO "frictions"')
    assert "'2026-03-16'" in added[0]
    assert not [user for user in (*RESPONDERS, LEAD) if user in added[0]]


async def test_the_write_ahead_log_keeps_no_trace(desk: Desk) -> None:
    """After a report the log that has all writes in order, some with times, is empty."""
    desk.team()
    await desk.ask(ANNA, "friction")
    await report(desk, ANNA, "Sign-off takes days")
    wal = desk.parts.db.path.with_name("headroom.db-wal")

    async def empty(_: object) -> bool:
        return wal.stat().st_size == 0

    await desk.slack.wait_for(empty, "an empty write-ahead log")
