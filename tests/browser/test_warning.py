"""The demo's story in the browser: the warning with its chart, who may see load, what is kept."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.demo import cast, story
from sandbox.server import Client
from tests.browser.conftest import AtPage
from tests.browser.office import furnished, warned

pytestmark = pytest.mark.asyncio(loop_scope="module")

DESK = cast.ENABLEMENT
QUEUE, TEAM = DESK.queue[1], DESK.team[1]
LEAD, RESPONDER, SELLER = cast.PEOPLE[DESK.people[0]], cast.PEOPLE[DESK.people[1]], "Nina Petrova"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """The demo's workspace after the bot has read the overloaded desk's past and warned it.

    The browser is asked for first: without one there is nothing to wait for.
    """
    async with furnished(tmp_path_factory.mktemp("told")) as slack:
        await story.set_up(slack, DESK, lambda _sentence: None)
        await warned(slack, DESK)
        yield slack


async def test_the_warning_is_read_with_its_chart(told: Client, at_page: AtPage) -> None:
    """The team's channel shows the warning: words, a drawn chart, and the chart's numbers for who can't see it."""
    async with at_page(told.url) as person:
        await person.go(LEAD, TEAM)
        warning = person.message("Acknowledge")
        await expect(warning).to_contain_text(DESK.name)
        await expect(warning).to_contain_text("One thing to do")
        chart = warning.get_by_role("img", name="Utilization by week")
        await expect(chart).to_be_visible()
        await expect(chart.locator("desc")).to_contain_text("line chart of Utilization, Danger line")
        rows = warning.get_by_role("table").get_by_role("row")
        assert await rows.count() > cast.WEEKS - 2
        await expect(warning.get_by_role("columnheader", name="Danger line")).to_have_count(1)
        assert await person.fits()


async def test_load_is_for_those_who_answer(told: Client, at_page: AtPage) -> None:
    """The same word shows load to a responder and, to somebody who asks, waits only."""
    async with at_page(told.url) as person:
        await person.go(RESPONDER, QUEUE)
        await person.write("/headroom")
        load = person.message("Load is for responders and lead")
        await expect(load).to_contain_text("Only visible to you")
        await expect(load).to_contain_text("Utilization")
        await person.go(SELLER, QUEUE)
        await person.write("/headroom")
        waits = person.message("waiting now")
        await expect(waits).to_contain_text("Usually answered in")
        for word in ("Utilization", "capacity", "danger", "%"):
            await expect(waits).not_to_contain_text(word, ignore_case=True)
        await expect(person.message("Load is for responders and lead")).to_have_count(0)


async def test_anybody_can_open_what_is_kept(told: Client, at_page: AtPage) -> None:
    """`/headroom trust` opens the page on what is kept, which closes again."""
    async with at_page(told.url) as person:
        await person.go(SELLER, QUEUE)
        await person.write("/headroom trust")
        await expect(person.dialog.get_by_role("heading", name="What Headroom keeps")).to_be_visible()
        for words in ("The text of a message", "A figure about one person"):
            await expect(person.dialog).to_contain_text(words)
        await expect(person.dialog.get_by_role("button", name="Remove my traces")).to_be_visible()
        await person.press(person.dialog.get_by_role("button", name="Close").last)
        await expect(person.dialog).to_be_hidden()


async def test_a_menu_acts_on_the_message_it_was_opened_for(told: Client, at_page: AtPage) -> None:
    """The pointer may cross other messages on its way to a menu's entry."""
    async with at_page(told.url) as person:
        await person.go(SELLER, QUEUE)
        rows = person.main.get_by_role("article")
        mine, other = rows.nth(-3), rows.nth(-6)
        await person.open_menu(mine)
        await person.press(person.page.get_by_role("menuitem", name="Add reaction"))
        await other.hover(force=True, position={"x": 5, "y": 5})
        await person.press(person.page.get_by_role("menuitem", name="rocket"))
        await expect(mine.get_by_role("button", name="rocket, 1: You")).to_be_visible()
        await person.press(mine.get_by_role("button", name="rocket, 1: You"))
        await expect(mine.get_by_role("button", name="rocket, 1: You")).to_be_hidden()
