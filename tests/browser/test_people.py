"""The people's side in the browser: a pulse is answered and read, a gain written down, half a day taken off at Home."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect

import handlers
from handlers.home import Home
from tests.browser.conftest import AtPage
from tests.browser.person import Person
from tests.stories.world import ASKER, QUEUE, World, world

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = dict.fromkeys(("Ada", "Ben", "Cem", "Dia", "Eli"), "Europe/Berlin")
LEAD, RESPONDER = "Ada", "Ben"
BOT_NAME = "Headroom"
DIRECT, HOME = f"{BOT_NAME}, direct message", f"{BOT_NAME} Home"
CIRCLE_NAME = "desk-team"
LOOK = 0.3
"""Real seconds between two looks at the open Home tabs."""


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[World]:
    """A desk of five on the Monday on which its first pulse is sent, at 13:00."""
    async with world(folder, PEOPLE, start="2026-03-02 08:00") as told:
        await told.slack.seed(app={"name": BOT_NAME})
        yield told


async def test_a_pulse_is_answered_in_two_clicks_and_read_by_all(at_page: AtPage, tmp_path: Path) -> None:
    """Two questions, a tap each; a line by the form; what is noted and no choice; then the results, as for everybody."""
    async with desk(tmp_path) as told, at_page(told.slack.url) as person:
        await told.pass_until("2026-03-03 10:00")
        await person.go_to(RESPONDER, DIRECT, BOT_NAME)
        pulse = person.message("A short pulse for Desk: 2 questions, one tap each.")
        await expect(pulse).to_contain_text("Nobody can see who answered")
        await person.picture("pulse-1-asked", pulse)
        await person.press(pulse.get_by_role("button", name="Just right"))
        await expect(pulse).to_contain_text("How was your load this week? Noted.")
        await expect(pulse.get_by_role("button", name="Just right")).to_have_count(0)
        await person.press(pulse.get_by_role("button", name="Most days"))
        thanks = person.message("Thank you, that is all.")
        await expect(thanks).to_contain_text("Could you work undisturbed when you needed to? Noted.")
        await person.picture("pulse-2-noted", thanks)
        await _add_a_line(person, thanks)
        for label in ("Just right", "Most days", "Fewer meetings on Mondays"):
            await expect(person.main).not_to_contain_text(label)
        assert await person.fits()
        await _others_answer(told)
        await told.pass_until("2026-03-06 13:30")
        await _read_results(person)


async def _add_a_line(person: Person, pulse: Locator) -> None:
    """The form says who will read it and when; afterwards it cannot be opened again."""
    await person.press(pulse.get_by_role("button", name="Add a line"))
    form = person.dialog
    await expect(form).to_contain_text("once 5 people wrote one; else deleted unread")
    await form.get_by_label("What should be said?").fill("Fewer meetings on Mondays")
    await person.picture("pulse-3-line")
    await person.press(form.get_by_role("button", name="Send"))
    await expect(form).to_contain_text("your line is noted")
    await person.picture("pulse-4-line-noted")
    await person.press(form.get_by_role("button", name="Close").last)
    await expect(form).to_be_hidden()


async def _others_answer(told: World) -> None:
    for user, name in told.names.items():
        if name not in (RESPONDER, told.names[ASKER]):
            await told.answers(user, choice=1)


async def _read_results(person: Person) -> None:
    """In the team's channel, and again for whoever asks."""
    await person.go(RESPONDER, CIRCLE_NAME)
    results = person.message("Pulse of Desk, 2 Mar")
    await expect(results).to_contain_text("“Room to spare” or “Just right”")
    await expect(results).to_contain_text("To talk about:")
    await expect(results).to_contain_text("At least 5 of 5 asked answered each question.")
    await person.picture("pulse-5-results", results)
    await person.write("/headroom pulse results")
    own = person.message("Only visible to you")
    await expect(own).to_contain_text("Pulse of Desk, 2 Mar")
    assert await person.fits()
    await person.picture("pulse-6-asked-for", own)


async def test_a_gain_is_written_down_and_listed(at_page: AtPage, tmp_path: Path) -> None:
    """The form of `/headroom gain`, a name turned back at its field, thanks; then the ledger with the gain in it."""
    async with desk(tmp_path) as told, at_page(told.slack.url) as person:
        await person.go(RESPONDER, CIRCLE_NAME)
        await person.write("/headroom gain")
        form = person.dialog
        await expect(form.get_by_role("heading", name="Write down a gain")).to_be_visible()
        title = form.get_by_label("What got better?")
        await title.fill("@ada wrote a template")
        await form.get_by_label("Hours a week it frees").fill("4")
        await form.get_by_label("Where do the hours go?").select_option(label="Learning")
        await form.get_by_label("What does it depend on?").fill("The template")
        assert await person.fits()
        await person.picture("gain-1-form")
        await person.press(form.get_by_role("button", name="Save"))
        await expect(form.get_by_role("alert").filter(has_text="a gain is the whole team's")).to_be_visible()
        await person.picture("gain-2-turned-back")
        await title.fill("A template for the usual answers")
        await person.press(form.get_by_role("button", name="Save"))
        await expect(form).to_contain_text("It is in the ledger of Desk.")
        await person.picture("gain-3-thanks")
        await person.press(form.get_by_role("button", name="Close").last)
        await expect(form).to_be_hidden()
        await person.write("/headroom gain list")
        ledger = person.message("Gains of Desk")
        await expect(ledger).to_contain_text("A template for the usual answers: 4 h a week for learning, since 2 Mar 2026.")
        await expect(ledger).to_contain_text("Next look: ")
        await expect(ledger.get_by_role("button", name="Write a pledge")).to_be_visible()
        await expect(ledger).not_to_contain_text(RESPONDER)
        assert await person.fits()
        await person.picture("gain-4-list", ledger)


@asynccontextmanager
async def often(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Open Home tabs are looked at every `LOOK` real seconds, until the block ends."""
    homes: list[Home] = []

    def made(*parts: Any) -> Home:
        homes.append(Home(*parts, every=LOOK))
        return homes[-1]

    monkeypatch.setattr(handlers, "Home", made)
    try:
        yield
    finally:
        for watching in (home.watching for home in homes):
            if watching is not None:
                watching.cancel()


async def test_home_shows_the_team_and_half_a_day_off(
    at_page: AtPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lead's Home: team, bars, what comes next, the request that waits; half a day off stands there unasked."""
    async with desk(tmp_path) as told, often(monkeypatch), at_page(told.slack.url) as person:
        await told.pass_until("2026-03-03 10:00")
        await told.slack.act(ASKER, "message", channel=QUEUE, text="Can somebody check the terms of this deal?")
        await told.pass_until("2026-03-03 12:00")
        await person.go_to(LEAD, HOME, HOME)
        home = person.main
        await expect(home).to_contain_text("Desk is healthy")
        await person.picture("home-1")
