"""The list of what waits in the browser, at desk and phone width: opened from `/headroom`, answered, and at Home."""

import contextlib
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.demo import cast, history
from bot.signal import Kind, Signal
from storage import keys, signals, teams
from tests.browser.conftest import AtPage
from tests.browser.office import furnished
from tests.fresh import fresh

pytestmark = pytest.mark.asyncio(loop_scope="module")

DESK = next(desk for desk in cast.DESKS if len(desk.people) >= 5)
LEAD, RESPONDER = (cast.PEOPLE[user] for user in DESK.people[:2])
HOUR = 3_600_000_000


def set_up(database: Path) -> None:
    """The desk's team, with three requests of today that nobody took and one that a responder took a week ago."""
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
        teams.set_announced(db, number, int(now - 3600))
        record = teams.get(db, number)
        assert record is not None
        queue, keyed, at = record.queues[0].id, keys.Pseudonymizer(db, "T0SANDBOX"), int(now * 1e6)
        facts = [Signal(queue, at - n * HOUR, at - n * HOUR, Kind.ARRIVAL, b"") for n in (1, 2, 3, 170)]
        taken = at - 170 * HOUR
        facts.append(Signal(queue, taken, taken, Kind.CLAIM, keyed(DESK.people[1], taken), taken + HOUR))
        signals.add(db, facts)


async def test_the_list_is_opened_and_answered(at_page: AtPage, tmp_path: Path) -> None:
    """Three links with three buttons each; Done takes one out of the open list; what one took stands at Home."""
    async with furnished(tmp_path) as slack, at_page(slack.url) as person:
        set_up(tmp_path / "headroom.db")
        await person.go(LEAD, DESK.team[1])
        await person.write("/headroom")
        await person.press(person.message("Load is for").get_by_role("button", name="What waits"))
        shown = person.dialog
        await expect(shown).to_contain_text(f"{DESK.name}: 4 open now.")
        await expect(shown).to_contain_text("Nobody yet: 3.")
        await expect(shown).to_contain_text("Taken and quiet: 1.")
        await expect(shown.get_by_role("link", name="posted")).to_have_count(3)
        assert await person.fits()
        await person.picture("waits")
        await person.press(shown.get_by_role("button", name="Done").first)
        await expect(shown).to_contain_text("Noted as done.")
        await expect(shown).to_contain_text(f"{DESK.name}: 3 open now.")
        await expect(shown.get_by_role("link", name="posted")).to_have_count(2)
        await person.press(shown.get_by_role("button", name="Close").last)
        await person.go_to(RESPONDER, "Headroom", "Headroom")
        own = person.main
        await expect(own).to_contain_text("Taken by you and quiet.")
        assert await person.fits()
        await person.picture("waits-home")
        await person.press(own.get_by_role("button", name="Answered elsewhere"))
        await expect(own).not_to_contain_text("Taken by you and quiet.")
