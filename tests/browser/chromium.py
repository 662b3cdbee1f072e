"""Debian's chromium, driven by Playwright, at the two sizes people have: a desk and a phone."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

REQUIRED = "BROWSER_TESTS"
"""Environment variable: with the value `required`, a missing browser fails the tests instead of skipping them."""

SECONDS = 60.0
"""Real seconds that the page may take for anything before a test fails."""

ARGUMENTS = (
    "--no-sandbox",  # Chromium refuses to start as root with its own sandbox, and only our page is opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Size:
    """A screen.

    Attributes:
        name: What the test is called by.
        width: CSS pixels.
        height: CSS pixels.
        touch: Fingers instead of a mouse: nothing hovers.
    """

    name: str
    width: int
    height: int
    touch: bool = False


DESKTOP = Size("desktop", 1280, 900)
PHONE = Size("phone", 390, 844, touch=True)


def path() -> str:
    """Where Debian's chromium is; without one the test is skipped, or fails where a browser is required."""
    found = shutil.which("chromium")
    if found is None:
        missing = "there is no chromium here; on Debian: apt-get install chromium"
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(f"{REQUIRED}=required, but {missing}")
        pytest.skip(missing)
    return found


@asynccontextmanager
async def launched(executable: str) -> AsyncIterator[Browser]:
    """A headless chromium while the block lasts."""
    expect.set_options(timeout=SECONDS * 1000)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def opened(browser: Browser, size: Size, *, dark: bool = False) -> AsyncIterator[Page]:
    """An empty page of that size; whatever it complains about in its console fails the block at its end.

    Raises:
        AssertionError: The page logged an error, or threw one.
    """
    context: BrowserContext = await browser.new_context(
        viewport={"width": size.width, "height": size.height},
        has_touch=size.touch,
        is_mobile=size.touch,
        locale="en-GB",
        timezone_id="Europe/Berlin",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(SECONDS * 1000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
        assert not complaints
    finally:
        await context.close()
