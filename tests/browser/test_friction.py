"""Somebody reports a process flaw by the shortcut in the browser, and the team mends one, at desk and phone width."""

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.demo import cast, history
from storage import frictions, teams
from tests.browser.conftest import AtPage
from tests.browser.office import furnished
from tests.browser.person import Person
from tests.fresh import fresh

pytestmark = pytest.mark.asyncio(loop_scope="module")

DESK = next(desk for desk in cast.DESKS if len(desk.people) >= 5)
RESPONDER = cast.PEOPLE[DESK.people[1]]


def set_up(database: Path) -> None:
    """The desk's team, with one flaw that it sees already."""
    now = history.now()
    with contextlib.closing(fresh(database)) as db:
        draft = teams.TeamDraft(
            workspace="T0SANDBOX",
            name=DESK.name,
            queue=DESK.queue[0],
            responders=tuple(DESK.people),
            lead=DESK.people[0],
            team_channel=DESK.team[0],
        )
        number = teams.save(db, draft, now)
        before = datetime.fromtimestamp(now, UTC).date() - timedelta(days=2)
        frictions.add(db, "x", number, frictions.Note("tools", "The CRM logs out every hour", "hands_on", before))


async def test_a_flaw_is_reported_and_one_is_mended(at_page: AtPage, tmp_path: Path) -> None:
    """The shortcut by its name, the form, a name turned back, thanks; then the list, Fixed, and when to look again."""
    async with furnished(tmp_path) as slack, at_page(slack.url) as person:
        set_up(tmp_path / "headroom.db")
        await person.go(RESPONDER, DESK.team[1])
        await _report(person)
        await person.write("/headroom friction list")
        shown = person.message("What gets in the way of")
        await expect(shown).to_contain_text("The CRM logs out every hour")
        await expect(shown).not_to_contain_text("Sign-off takes three days")
        assert await person.fits()
        await person.press(shown.get_by_role("button", name="Looking at it"))
        await expect(person.message("being looked at")).to_be_visible()
        await person.press(person.message("being looked at").get_by_role("button", name="Fixed"))
        await person.press(person.dialog.get_by_role("button", name="Fixed"))
        await expect(person.message("too early to compare, look again on")).to_be_visible()
        assert await person.fits()


async def _report(person: Person) -> None:
    """Through the menu of shortcuts, which shows names; a line about a person is turned back at its field."""
    await person.press(person.main.get_by_role("button", name="Shortcuts of the app"))
    await person.press(person.page.get_by_role("menuitem", name="Report a process flaw"))
    form = person.dialog
    await expect(form.get_by_role("heading", name="Report a process flaw")).to_be_visible()
    await form.get_by_label("What kind of flaw is it?").select_option(label="Waiting for approvals")
    line = form.get_by_label("What gets in the way?")
    await line.fill("@maya is slow to sign")
    await person.press(form.get_by_role("button", name="Report"))
    await expect(form.get_by_role("alert").filter(has_text="describe the process, not a person")).to_be_visible()
    await line.fill("Sign-off takes three days")
    assert await person.fits()
    await person.press(form.get_by_role("button", name="Report"))
    await expect(form).to_contain_text("without your name")
    await person.press(form.get_by_role("button", name="Close").last)
    await expect(form).to_be_hidden()
