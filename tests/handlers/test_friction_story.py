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

from bot.messages import actions
from bot.messages.friction_form import LINE, TEAM, TOPIC, friction_view
from bot.messages.readable import readable
from handlers import frictions as heard
from sandbox.client import Refused
from sandbox.config import Install, SandboxConfig
from storage import digests, frictions, outbox, rhythms, teams, touches
from storage.rhythms import Rhythm
from tests.clock import Clock
from tests.handlers.desk import ANNA, ASKER, BEN, CIRCLE, CLEO, LEAD, OPEN, RESPONDERS, STRANGER, Desk, opened

DAY = 86_400.0
NOON = datetime(2026, 3, 11, 11, 0, tzinfo=UTC).timestamp()
SHORTCUTS = {actions.FRICTION_SHORTCUT: "Report a process flaw"}


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
async def desk(tmp_path: Path, clock: Clock) -> AsyncIterator[Desk]:
    """The desk of the other stories, at noon of a Wednesday, with a clock that is moved by hand."""
    config = SandboxConfig(rate_limits="fast", clock=clock, app=Install(shortcuts=SHORTCUTS))
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
    buttons = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": label},
            "action_id": action,
            "value": str(number),
        }
        for label, action in (("Report a flaw", actions.FRICTION_OPEN), ("Process flaws", actions.FRICTION_LIST))
    ]
    body = {"text": "digest", "blocks": [{"type": "actions", "elements": buttons}]}
    digests.record(desk.parts.db, number, date(2026, 3, 9), "digest-key")
    outbox.put(desk.parts.db, workspace=desk.parts.workspace, channel=CIRCLE, body=body, key="digest-key")
    await desk.deliver()
    return (await desk.posts(CIRCLE))[-1]


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
    desk.team()
    await desk.ask(ANNA, "friction")
    await report(desk, ANNA, "first")
    clock.now += 7 * DAY
    await desk.ask(BEN, "friction list")
    old = await desk.whisper(BEN, "Waiting for approvals")
    await desk.ask(ANNA, "friction")
    await report(desk, ANNA, "second")
    clock.now += 30 * DAY
    value = next(e["value"] for b in old["blocks"] for e in b.get("elements", ()) if e.get("value", "")[:1].isdigit())
    body = {"user": {"id": BEN}, "actions": [{"action_id": actions.FRICTION_FIXED, "value": value}]}
    for _ in range(2):
        said = readable(await asyncio.to_thread(heard.mark, desk.parts, body))
        assert "Waiting for approvals (1 note)\n• second" in said
    assert [(row[2], row[4]) for row in notes(desk)] == [("first", "fixed"), ("second", "open")]


async def test_one_form_is_one_note(desk: Desk) -> None:
    """A form that arrives twice, as after a double click or a second delivery, leaves one note."""
    desk.team()
    await desk.ask(ANNA, "friction")
    form = await desk.modal(ANNA, LINE)
    await report(desk, ANNA, "once")
    again = filled_form(form["private_metadata"], "once")
    assert "without your name" in readable(await asyncio.to_thread(heard.submitted, desk.parts, ANNA, again))
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
        await desk.whisper(ASKER, "it will be heard")
    await desk.slack.act(ASKER, "shortcut", callback_id=actions.FRICTION_SHORTCUT)
    await desk.modal(ASKER, "it will be heard")
    with pytest.raises(Refused, match="restricted_action"):
        await desk.slack.act(STRANGER, "shortcut", callback_id=actions.FRICTION_SHORTCUT)
    frictions.add(desk.parts.db, "x", number, frictions.Note("tools", "w", "wait", date(2026, 3, 9)))
    for person in (ASKER, STRANGER):
        for action, value in (
            (actions.FRICTION_LOOKING, f"{number} tools 2026-03-11"),
            (actions.FRICTION_FIXED, f"{number} tools 2026-03-11"),
        ):
            body = {"user": {"id": person}, "actions": [{"action_id": action, "value": value}]}
            assert "it will be heard" in (await asyncio.to_thread(heard.mark, desk.parts, body)).text
        form = friction_view([(number, "Deal desk")], "nonce")
        view = filled_form(form["private_metadata"], "a line")
        said = await asyncio.to_thread(heard.submitted, desk.parts, person, view)
        assert "it will be heard" in readable(said)
    assert [row[2:] for row in notes(desk)] == [("w", "wait", "open")]


async def test_a_guest_presses_the_digest_s_buttons(desk: Desk) -> None:
    """Even if a digest stands where a guest can see it, its buttons open nothing for the guest."""
    number = desk.team(team_channel=OPEN)
    buttons = [
        {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": action, "value": str(number)}
        for action in (actions.FRICTION_OPEN, actions.FRICTION_LIST)
    ]
    body = {"text": "digest", "blocks": [{"type": "actions", "elements": buttons}]}
    outbox.put(desk.parts.db, workspace=desk.parts.workspace, channel=OPEN, body=body, key="k")
    await desk.deliver()
    posted = (await desk.posts(OPEN))[-1]
    for person, action in ((STRANGER, actions.FRICTION_OPEN), (ASKER, actions.FRICTION_LIST)):
        await desk.click(person, posted, action, OPEN)
        await desk.whisper(person, "it will be heard", OPEN)
    assert touches.taps(desk.parts.db, number, date(2026, 3, 1), date(2026, 4, 1)) == {}


async def test_a_team_of_four_or_one_that_said_no(desk: Desk) -> None:
    """One kind sentence and what to do instead, at opening and at sending, for command, shortcut and button alike."""
    number = desk.team(responders=RESPONDERS[:4])
    form = friction_view([(number, "Deal desk")], "nonce")
    view = filled_form(form["private_metadata"], "a line")
    for why in ("with fewer than 5 everybody would know", "switched off"):
        await desk.ask(ANNA, "friction")
        await desk.whisper(ANNA, why)
        await desk.slack.act(ANNA, "shortcut", callback_id=actions.FRICTION_SHORTCUT)
        shut = await desk.modal(ANNA, why)
        await desk.slack.act(ANNA, "view_close", view_id=shut["id"])
        assert why in readable(await asyncio.to_thread(heard.submitted, desk.parts, ANNA, view))
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
    said = await asyncio.to_thread(heard.submitted, desk.parts, ANNA, view)
    assert set(said) <= {LINE, TOPIC}
    assert why in " ".join(said.values())
    assert notes(desk) == []


async def test_strange_buttons_and_forms(desk: Desk) -> None:
    """A button or form with a value we never wrote, a team of another workspace, a team that is gone: one sentence."""
    elsewhere = teams.save(
        desk.parts.db, teams.TeamDraft(workspace="T9", name="Far", queue="C9", responders=RESPONDERS, lead=ANNA), NOON
    )
    desk.team()
    for value in ("", "x", "1", "99999 tools 2026-03-11", f"{elsewhere} tools 2026-03-11", "1 tools tomorrow"):
        body = {"user": {"id": ANNA}, "actions": [{"action_id": actions.FRICTION_FIXED, "value": value}]}
        assert (await asyncio.to_thread(heard.mark, desk.parts, body)).text
        assert await asyncio.to_thread(heard.opened_for, desk.parts, {**body, "container": {}}) is not None
    for team in (elsewhere, 99_999):
        view = filled_form(json.dumps({"team": team, "form": "n"}), "line")
        said = readable(await asyncio.to_thread(heard.submitted, desk.parts, ANNA, view))
        assert "does not exist any more" in said
    said = readable(await asyncio.to_thread(heard.submitted, desk.parts, ANNA, filled_form("nonsense", "line")))
    assert "open it again" in said
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
        await asyncio.to_thread(heard.submitted, desk.parts, person, view)
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
