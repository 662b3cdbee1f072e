"""A browser for a module, and a person at its page for a test, once at each size."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import DESKTOP, PHONE, Size, launched, opened, path
from tests.browser.person import Person

AtPage = Callable[[str], AbstractAsyncContextManager[Person]]
"""Opens a sandbox's page by its address."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One chromium for all tests of a module."""
    async with launched(path()) as found:
        yield found


@pytest.fixture(params=[DESKTOP, PHONE], ids=lambda size: size.name)
def size(request: pytest.FixtureRequest) -> Size:
    """Each test is told at both sizes."""
    found: Size = request.param
    return found


@pytest_asyncio.fixture(loop_scope="module")
async def at_page(browser: Browser, size: Size, tmp_path: Path) -> AtPage:
    """Opens the page; a picture of how it looked at the end stays in the test's folder."""

    @asynccontextmanager
    async def person(url: str) -> AsyncIterator[Person]:
        async with opened(browser, size) as page:
            someone = Person(page, size, url)
            try:
                await someone.arrive()
                yield someone
            finally:
                await page.screenshot(path=tmp_path / "end.png")

    return person
