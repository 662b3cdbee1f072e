"""The people's side in the browser: a pulse is answered and read, a gain written down, half a day taken off at Home."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.messages.pulse_questions import QUESTIONS
from bot.signal import Kind, Signal
from handlers.home import Home
from handlers.parts import Parts
from storage import signals
from tests.browser.conftest import AtPage
from tests.browser.person import Person
from tests.stories.world import ASKER, QUEUE, World, world

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = dict.fromkeys(("Ada", "Ben", "Cem", "Dia", "Eli"), "Europe/Berlin")
LEAD, RESPONDER = "Ada", "Ben"
BOT_NAME = "Headroom"
DIRECT, HOME = f"{BOT_NAME}, direct message", f"{BOT_NAME} Home"
CIRCLE_NAME = "desk-team"
QUESTION = "Can somebody check the terms of this deal?"
LOAD_ASKED, FOCUS_ASKED = (QUESTIONS[key].sentence for key in ("load", "focus"))
LOOK = 0.3
"""Real seconds between two looks at the open Home tabs."""


@asynccontextmanager
async def desk(folder: Path, homes: Sequence[Home] = ()) -> AsyncIterator[World]:
    """A desk of five on the Monday on which its first pulse is sent, at 13:00; these tabs end with it."""
    async with world(folder, PEOPLE, start="2026-03-02 08:00") as told:
        await told.slack.seed(app={"name": BOT_NAME})
        try:
            yield told
        finally:
            for watching in (home.watching for home in homes):
                if watching is not None:
                    watching.cancel()


async def test_a_pulse_is_answered_in_two_clicks_and_read_by_all(at_page: AtPage, tmp_path: Path) -> None:
    """Two questions, a tap each; a line by the form; what is noted, and no choice; later the results."""
    async with desk(tmp_path) as told, at_page(told.slack.url) as person:
        await told.pass_until("2026-03-03 10:00")
        await person.go_to(RESPONDER, DIRECT, BOT_NAME)
        pulse = person.message("A short pulse for Desk: 2 questions, one tap each.")
        await expect(pulse).to_contain_text("Nobody can see who answered")
        await person.picture("pulse-1-asked", pulse)
        await person.press(pulse.get_by_role("button", name="Just right"))
        await expect(pulse).to_contain_text(f"{LOAD_ASKED} Noted.")
        await expect(pulse.get_by_role("button", name="Just right")).to_have_count(0)
        await person.press(pulse.get_by_role("button", name="Most days"))
        thanks = person.message("Thank you, that is all.")
        await expect(thanks).to_contain_text(f"{FOCUS_ASKED} Noted.")
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
        await expect(ledger).to_contain_text(
            "A template for the usual answers: 4 h a week for learning, since 2 Mar 2026."
        )
        await expect(ledger).to_contain_text("Next look: ")
        await expect(ledger.get_by_role("button", name="Write a pledge")).to_be_visible()
        await expect(ledger).not_to_contain_text(RESPONDER)
        assert await person.fits()
        await person.picture("gain-4-list", ledger)


@pytest.fixture
def homes(monkeypatch: pytest.MonkeyPatch) -> list[Home]:
    """The tab of the desk that is opened next; it looks every `LOOK` seconds at what is out of date."""
    made: list[Home] = []

    def home(parts: Parts, client: AsyncWebClient) -> Home:
        made.append(Home(parts, client, every=LOOK))
        return made[-1]

    monkeypatch.setattr(handlers, "Home", home)
    return made


async def test_home_shows_the_team_and_half_a_day_off(at_page: AtPage, tmp_path: Path, homes: list[Home]) -> None:
    """The lead's Home: the team, its bars, what comes next, what waits; half a day off stands there by itself."""
    async with desk(tmp_path, homes) as told, at_page(told.slack.url) as person:
        await told.pass_until("2026-03-03 10:00")
        request = await _ask(told)
        await told.pass_until("2026-03-03 12:00")
        await person.go_to(LEAD, HOME, HOME)
        home = person.main
        await expect(home).to_contain_text("Desk is healthy since 12 Jan")
        await expect(home).to_contain_text(re.compile("[▁▂▃▄▅▆▇█]{8} ?Utilization by week; a full bar is 100%."))
        await expect(home).to_contain_text("Next digest: Mon 9 Mar, 09:00 (Europe/Berlin). Next pulse: Mon 16 Mar.")
        for label in ("Settings", "Roster", "What is told and asked", "Report a flaw", "Write down a gain"):
            await expect(home.get_by_role("button", name=label)).to_be_visible()
        waiting = home.get_by_role("listitem").filter(has=person.page.locator(f"a[href*='{request}']"))
        await expect(waiting).to_have_text("#desk: waiting 2 h, open it")
        assert await person.fits()
        await person.picture("home-1")
        await _take_half_a_day(person)
        away = home.get_by_text("You are noted as away: Tue 3 Mar (half the day).")
        await expect(away).to_be_visible()
        assert await person.fits()
        await person.picture("home-4-away", away)
        await person.press(waiting.get_by_role("link", name="open it"))
        await expect(person.message(QUESTION, person.thread)).to_be_visible()
        await person.picture("home-5-request")


async def _ask(told: World) -> str:
    """Somebody asks, and nobody answers yet; returns the message's time."""
    request = str((await told.slack.act(ASKER, "message", channel=QUEUE, text=QUESTION))["ts"])
    key = round(float(request) * 1_000_000)
    signals.add(told.work.db, [Signal(told.record.queues[0].id, key, key, Kind.ARRIVAL, b"asker-99")])
    return request


async def _take_half_a_day(person: Person) -> None:
    """Today, which stands in the form already."""
    await person.press(person.main.get_by_role("button", name="I'm away"))
    form = person.dialog
    await expect(form).to_contain_text("No reason is asked or kept.")
    await expect(form.get_by_label("First day")).to_have_value("2026-03-03")
    await person.press(form.get_by_label("Half of each day"))
    assert await person.fits()
    await person.picture("home-2-form")
    await person.press(form.get_by_role("button", name="Save"))
    await expect(form).to_contain_text("Noted for Desk: you are away Tue 3 Mar (half the day).")
    await person.picture("home-3-noted")
    await person.press(form.get_by_role("button", name="Close").last)
    await expect(form).to_be_hidden()
