"""Takes the pictures of docs/pictures anew: `python -m tests.browser.pictures`."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Locator, expect

from bot.demo import cast
from sandbox.server import Client
from tests.browser.chromium import DESKTOP, PHONE, Size, launched, opened
from tests.browser.office import ROOT, furnished, warned
from tests.browser.person import Person

FOLDER = ROOT / "docs" / "pictures"
DESK = cast.ENABLEMENT
QUEUE, TEAM = DESK.queue[1], DESK.team[1]
LEAD, RESPONDER = cast.PEOPLE[DESK.people[0]], cast.PEOPLE[DESK.people[1]]

JUST_THE_WARNING = Size("warning", 1120, 784)


async def main() -> int:
    """Play the story in a workspace of its own and keep what the page showed; returns the exit code."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("There is no chromium here; on Debian: apt-get install chromium")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with furnished(Path(folder)) as slack, launched(chromium) as browser:
            await _setup(browser, slack)
            await warned(slack, DESK)
            await _warning(browser, slack)
            await _phone(browser, slack)
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size / 1024:.0f} KiB")
    return 0


async def _setup(browser: Browser, slack: Client) -> None:
    """The set-up form, filled in; it is saved, so that the story goes on."""
    async with opened(browser, DESKTOP) as page:
        person = Person(page, DESKTOP, slack.url)
        await person.arrive()
        await person.invite(LEAD, TEAM)
        await person.invite(LEAD, QUEUE)
        await person.open_setup()
        await person.fill_setup(DESK)
        await person.dialog.get_by_label("Where may the team's load be told?").select_option(label=f"#{TEAM}")
        await person.dialog.get_by_role("heading", level=2).evaluate("n => document.activeElement.blur()")
        await person.page.mouse.move(0, 0)
        await page.screenshot(path=FOLDER / "setup.png")
        await person.save_setup(DESK)


async def _warning(browser: Browser, slack: Client) -> None:
    """The warning as the lead reads it, and nothing above it."""
    async with opened(browser, JUST_THE_WARNING) as page:
        person = Person(page, JUST_THE_WARNING, slack.url)
        await person.arrive()
        await person.go(LEAD, TEAM)
        await _show(person.message("Acknowledge"))
        await page.screenshot(path=FOLDER / "warning.png")


async def _phone(browser: Browser, slack: Client) -> None:
    """What a responder sees who asks on the way."""
    async with opened(browser, PHONE) as page:
        person = Person(page, PHONE, slack.url)
        await person.arrive()
        await person.go(RESPONDER, QUEUE)
        await person.write("/headroom")
        await _show(person.message("Load is for responders and lead"))
        await page.screenshot(path=FOLDER / "phone.png")


async def _show(message: Locator) -> None:
    """Bring a message's end into view."""
    await expect(message).to_be_visible()
    await message.evaluate("node => node.scrollIntoView({block: 'end'})")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
