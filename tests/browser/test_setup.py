"""A lead sets a team up in the browser, and a request is answered under its eyes."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.demo import cast
from tests.browser.conftest import AtPage
from tests.browser.office import furnished
from tests.browser.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

DESK = cast.ENABLEMENT
QUEUE, TEAM = DESK.queue[1], DESK.team[1]
LEAD, RESPONDER, SELLER = cast.PEOPLE[DESK.people[0]], cast.PEOPLE[DESK.people[1]], "Sam Carter"
ASK = "Could somebody check the pricing slide before noon?"


async def test_a_lead_sets_up_a_team_and_a_request_is_answered(at_page: AtPage, tmp_path: Path) -> None:
    """Invite, hint, form, a mistake shown at its field and mended, announcement; then ask, 👀, reply, ✅."""
    async with furnished(tmp_path) as slack, at_page(slack.url) as person:
        await person.invite(LEAD, TEAM)
        await person.invite(LEAD, QUEUE)
        await person.open_setup()
        await person.fill_setup(DESK)
        await person.press(person.dialog.get_by_label("No, start from now"))
        await _mistake_and_mend(person)
        await expect(person.message("From now on Headroom counts")).to_contain_text("To object")
        # The hint is answered once Headroom listens.
        await expect(person.message("Headroom is set up here for")).to_be_visible()
        assert await slack.flush()

        await _ask(person)
        await _answer(person)
        await _read_the_answer(person)
        assert await slack.flush()
        assert await person.fits()


async def _mistake_and_mend(person: Person) -> None:
    """Load is not told in the channel where those who ask can read it."""
    form = person.dialog
    where = form.get_by_label("Where may the team's load be told?")
    await where.select_option(label=f"#{QUEUE}")
    await person.press(form.get_by_role("button", name="Save"))
    error = form.get_by_role("alert").filter(has_text="This is the channel where requests arrive")
    await expect(error).to_be_visible()
    await expect(where).to_have_attribute("aria-invalid", "true")
    await expect(where).to_be_focused()
    await where.select_option(label=f"#{TEAM}")
    await person.save_setup(DESK)


async def _ask(person: Person) -> None:
    await person.go(SELLER, QUEUE)
    await person.write("/headroom")
    await expect(person.message("waiting now")).to_contain_text("No requests are waiting now.")
    await person.write(ASK)
    await expect(person.message(ASK)).to_be_visible()
    await person.write("/headroom")
    await expect(person.message("waiting now")).to_contain_text("1 request is waiting now.")


async def _answer(person: Person) -> None:
    await person.go(RESPONDER, QUEUE)
    await person.react(person.message(ASK), "eyes")
    await person.open_thread(person.message(ASK))
    await person.reply("On it, ten minutes.")
    await person.close_thread()
    await person.react(person.message(ASK), "white check mark")


async def _read_the_answer(person: Person) -> None:
    """The seller sees who took it and the reply, and nobody waits any more."""
    await person.go(SELLER, QUEUE)
    asked = person.message(ASK)
    await expect(asked.get_by_role("button", name=f"eyes, 1: {RESPONDER}")).to_be_visible()
    await expect(asked.get_by_role("button", name=f"white check mark, 1: {RESPONDER}")).to_be_visible()
    await person.press(asked.get_by_role("button", name="1 reply"))
    await expect(person.message("On it, ten minutes.", person.thread)).to_be_visible()
    await person.close_thread()
    await person.write("/headroom")
    await expect(person.message("waiting now")).to_contain_text("No requests are waiting now.")
