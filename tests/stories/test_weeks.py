"""Weeks in the lives of desks of 3, 4, 5, 6 and 12 people: every message that leaves the bot, and who sees it.

Each script is compared with the golden file beside this one. After a wanted change, write them anew with
`STORIES=write python -m pytest tests/stories`, and read the difference as a reviewer would.
"""

import os
from pathlib import Path

import pytest

from bot.messages import friction_form, gain_form
from tests.stories.world import CIRCLE, World, world

pytestmark = pytest.mark.slow


GOLDEN = Path(__file__).parent


def held(name: str, told: World) -> None:
    """The script is the one that was read and found good."""
    file, play = GOLDEN / f"{name}.txt", told.play()
    if os.environ.get("STORIES") == "write":
        file.write_text(play)
    assert play == file.read_text(), f"{file.name} differs; see this module's first lines"


GAIN = {
    gain_form.TITLE: "Template for usual discounts",
    gain_form.HOURS: "4",
    gain_form.WHERE: "learning",
    gain_form.DEPENDS: "the template",
    gain_form.MEASURE: "cycle",
    gain_form.SINCE: "2026-03-09",
}

BERLIN, YORK, TOKYO, KOLKATA, PARIS = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/Paris",
)


async def test_three_on_call(tmp_path: Path) -> None:
    """A rotation of three: a digest that says what it leaves out, and no survey; half a day away counts."""
    people = {"Ada": BERLIN, "Ben": BERLIN, "Cem": YORK}
    async with world(tmp_path, people, start="2026-03-02 08:00") as told:
        await told.pass_until("2026-03-03 10:00")
        await told.types("U2BEN", "away Thursday afternoon", CIRCLE)
        await told.types("U1ADA", "pulse now", CIRCLE)
        await told.types("U3CEM", "friction", CIRCLE)
        await told.pass_until("2026-03-17 12:00")
        held("three", told)


async def test_four(tmp_path: Path) -> None:
    """Four people: utilization and slack to the team itself, nothing asked of persons, and a gain is followed up."""
    people = dict.fromkeys(("Ada", "Ben", "Cem", "Dia"), PARIS)
    async with world(tmp_path, people, tz=PARIS, start="2026-03-02 08:00", load=lambda _week: 0.45) as told:
        await told.pass_until("2026-03-03 10:00")
        await told.types("U1ADA", "pulse schedule weekly", CIRCLE)
        await told.pass_until("2026-03-17 12:00")
        held("four", told)


async def test_five(tmp_path: Path) -> None:
    """Five people in three zones: a pulse is asked, answered by all and told to all; a flaw and a gain are written."""
    people = {"Ada": BERLIN, "Ben": BERLIN, "Cem": YORK, "Dia": KOLKATA, "Eli": BERLIN}
    async with world(tmp_path, people, start="2026-03-02 08:00") as told:
        await told.pass_until("2026-03-03 10:00")
        await told.types("U1ADA", "pulse now", CIRCLE)
        await told.pass_until("2026-03-05 12:00")
        for number, user in enumerate(told.names):
            if user.startswith("U9"):
                continue
            await told.answers(user, choice=(number * 2) % 5)
        await told.types("U1ADA", "pulse results", CIRCLE)
        await told.pass_until("2026-03-09 10:00")
        line = "Two signatures for the same discount"
        await told.fills("U3CEM", "friction", {friction_form.TOPIC: "approvals", friction_form.LINE: line})
        await told.fills("U2BEN", "gain", GAIN)
        await told.pass_until("2026-03-17 10:00")
        await told.types("U5ELI", "friction list", CIRCLE)
        await told.types("U5ELI", "gain list", CIRCLE)
        await told.pass_until("2026-03-19 12:00")
        await told.types("U3CEM", "pulse results", CIRCLE)
        await told.types("U2BEN", "pulse mute", CIRCLE)
        held("five", told)


async def test_six_drift(tmp_path: Path) -> None:
    """Six people drift into the danger zone, are warned with reasons, promise something, and one of them leaves."""
    people = dict.fromkeys(("Ada", "Ben", "Cem", "Dia", "Eli", "Fay"), BERLIN)

    def load(week: int) -> float:
        return 0.6 if week < -2 else min(1.1, 0.95 + 0.05 * (week + 2))

    async with world(tmp_path, people, start="2026-03-02 08:00", load=load) as told:
        await told.pass_until("2026-03-17 10:00")
        await told.types("U4DIA", "", CIRCLE)
        await told.types("U9ASKER", "")
        await told.pass_until("2026-04-07 12:00")
        held("six", told)


async def test_twelve(tmp_path: Path) -> None:
    """Twelve people in five zones over both changes of the clock and Easter Monday: each at their own quiet hour."""
    zones = (BERLIN, YORK, TOKYO, KOLKATA, PARIS)
    names = ("Ada", "Ben", "Cem", "Dia", "Eli", "Fay", "Gil", "Hal", "Ida", "Jon", "Kim", "Lou")
    people = {name: zones[number % len(zones)] for number, name in enumerate(names)}
    async with world(tmp_path, people, start="2026-03-05 08:00") as told:
        await told.pass_until("2026-03-06 15:00")
        await told.types("U1ADA", "pulse now", CIRCLE)
        await told.pass_until("2026-04-07 12:00")
        held("twelve", told)
