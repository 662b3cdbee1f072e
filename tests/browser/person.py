"""Somebody at the sandbox's page: looks and acts by what the page calls things, at either size."""

import os
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from bot.demo import cast
from bot.demo.cast import Desk
from tests.browser.chromium import Size

HINT = "Headroom is here, and reads nothing yet"


class Person:
    """Drives one page.

    Args:
        page: An empty page.
        size: Its size: on a phone, channels stand in a drawer and a message's actions behind one button.
        url: The sandbox's address.
    """

    def __init__(self, page: Page, size: Size, url: str) -> None:
        self.page, self.size, self._url = page, size, url
        self.main = page.get_by_role("main")
        self.thread = page.get_by_role("complementary", name="Thread")
        self.dialog = page.get_by_role("dialog")

    async def arrive(self) -> None:
        """Open the page, as whoever it chooses."""
        await self.page.goto(self._url)
        await expect(self.main.get_by_role("heading", level=1)).to_be_visible()

    async def go(self, name: str, channel: str) -> None:
        """Act as a person, by their name, and look at a channel."""
        await self.go_to(name, channel, channel)

    async def go_to(self, name: str, entry: str, heading: str) -> None:
        """Act as a person, by their name, and follow an entry of the rail to the place with that heading."""
        await self._open_rail()
        chooser = self.page.get_by_label("Acting as")
        user = await chooser.locator("option", has_text=name).get_attribute("value")
        if await chooser.input_value() != user:
            async with self.page.expect_response(lambda r: "/sandbox/channel/" in r.url and f"as={user}" in r.url):
                await chooser.select_option(label=name)
            # The page draws the rail and the messages together, so that person's initials say that both are theirs.
            initials = "".join(word[0] for word in name.split()[:2])
            await expect(self.page.locator(".switcher .avatar")).to_have_text(initials)
        await self._open_rail()
        await self.press(self.page.get_by_role("navigation").get_by_role("link", name=entry))
        await expect(self.main.get_by_role("heading", name=heading)).to_be_visible()

    async def _open_rail(self) -> None:
        opener = self.page.get_by_role("button", name="Open channel list")
        if await opener.is_visible() and not await self.page.get_by_label("Acting as").is_visible():
            await self.press(opener)

    async def press(self, thing: Locator) -> None:
        """Click it; on a phone tap it, since a mouse left behind would go on hovering."""
        if self.size.touch:
            await thing.tap()
        else:
            await thing.click()

    async def write(self, text: str) -> None:
        """Type into the channel's message box and send."""
        await self._send(self.main, text)

    async def reply(self, text: str) -> None:
        """Type into the open thread's box, send, and see the reply there."""
        await self._send(self.thread, text)
        await expect(self.message(text, self.thread)).to_be_visible()

    async def _send(self, place: Locator, text: str) -> None:
        box = place.get_by_role("textbox")
        await box.fill(text)
        if self.size.touch:
            await place.get_by_role("button", name="Send").tap()
        else:
            if await place.get_by_role("listbox").is_visible():
                await box.press("Escape")  # no completion is wanted: Enter would take it instead of sending
            await box.press("Enter")
        await expect(box).to_have_value("")

    def message(self, text: str, place: Locator | None = None) -> Locator:
        """The newest message that holds these words."""
        return (place or self.main).get_by_role("article").filter(has_text=text).last

    async def invite(self, name: str, channel: str) -> None:
        """Invite the bot into a channel, and see that it says hello."""
        await self.go(name, channel)
        await self.write("/invite @headroom")
        await expect(self.message(HINT)).to_be_visible()

    async def open_setup(self) -> None:
        """Press the button of the hint in this channel, and see the form."""
        await self.press(self.message(HINT).get_by_role("button", name="Set up"))
        await expect(self.dialog.get_by_role("heading", name="Set up Headroom")).to_be_visible()

    async def fill_setup(self, desk: Desk) -> None:
        """Fill in who the team is and who answers."""
        form = self.dialog
        await form.get_by_label("What is the team called?").fill(desk.name)
        await form.get_by_label("What kind of work is it?").select_option(desk.preset)
        who = form.get_by_role("group", name="Who answers?")
        for user in desk.people:
            await who.get_by_label("Filter the list").fill(cast.PEOPLE[user])
            await self.press(who.get_by_role("checkbox", name=cast.PEOPLE[user]))
        await who.get_by_label("Filter the list").fill("")
        await expect(who).to_contain_text(f"{len(desk.people)} chosen")

    async def save_setup(self, desk: Desk) -> None:
        """Save the form, read in its place that the team is set up, and close that."""
        await self.press(self.dialog.get_by_role("button", name="Save"))
        await expect(self.dialog).to_contain_text(f"{desk.name} is set up")
        await self.press(self.dialog.get_by_role("button", name="Close").last)
        await expect(self.dialog).to_be_hidden()

    async def react(self, message: Locator, emoji: str) -> None:
        """React to a message, and see the reaction on it."""
        await self._act(message, f"React: {emoji}", "Add reaction…")
        if self.size.touch:
            await self.page.get_by_role("menuitem", name=emoji, exact=True).tap()
        await expect(message.get_by_role("button", name=f"{emoji}, 1: You")).to_be_visible()

    async def open_thread(self, message: Locator) -> None:
        """Open a message's thread."""
        await self._act(message, "Reply in thread", "Reply in thread")
        await expect(self.thread).to_be_visible()

    async def close_thread(self) -> None:
        """Close the open thread."""
        await self.press(self.thread.get_by_role("button", name="Close thread"))
        await expect(self.thread).to_be_hidden()

    async def _act(self, message: Locator, button: str, entry: str) -> None:
        """Press a button of a message's toolbar; on a phone, its entry in the menu."""
        if not self.size.touch:
            await message.hover()
            await message.get_by_role("button", name=button).click()
            return
        await self.open_menu(message)
        await self.page.get_by_role("menuitem", name=entry).tap()

    async def open_menu(self, message: Locator) -> None:
        """Open the menu of a message's actions."""
        if self.size.touch:
            await message.tap(position={"x": 60, "y": 10})
        else:
            await message.hover()
        await self.press(message.get_by_role("button", name="More actions"))

    async def picture(self, name: str, thing: Locator | None = None) -> None:
        """Keep what is seen in the folder of `BROWSER_PICTURES`, if that is set; a thing is brought into view first."""
        folder = os.environ.get("BROWSER_PICTURES")
        if folder is None:
            return
        if thing is not None:
            await thing.evaluate("node => node.scrollIntoView({block: 'end'})")
        await self.page.screenshot(path=Path(folder) / f"{name}-{self.size.name}.png")

    async def fits(self) -> bool:
        """Whether nothing is wider than the screen."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
