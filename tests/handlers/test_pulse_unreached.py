"""A workspace in which apps may not write directly: what is said of a pulse afterwards is the truth."""

import asyncio
from pathlib import Path

from bot.jobs.lately import lately
from bot.jobs.pulse_closing import pulse_close
from bot.jobs.pulses import pulse
from storage import pulses
from tests.handlers.test_pulses_story import BERLIN, MONDAY, SIX, people, seldom
from tests.stories.world import CIRCLE, world


async def test_a_pulse_that_reached_nobody_is_not_told_as_one_that_nobody_answered(tmp_path: Path) -> None:
    """Whoever asks for its results hears that it reached too few, and what to do; the digest is silent on it."""
    async with world(tmp_path, dict.fromkeys(SIX, BERLIN), start=MONDAY, load=seldom) as told:
        told.clock.now = told.at("2026-03-02 10:00")
        await asyncio.to_thread(pulse, told.work, told.team)
        told.clock.now = told.at("2026-03-02 14:00")
        await told.slack.fault("error", method="chat.postMessage", error="messages_tab_disabled", next=60)
        await asyncio.to_thread(told.outbox.run)
        await asyncio.to_thread(pulse_close, told.work, told.team)
        assert pulses.running(told.work.db, told.team) is None
        await told.types(people(told)[1], "pulse results", CIRCLE)
        assert "reached fewer than 5 people" in told.play()
        assert "Fewer than 5 answered" not in told.play()
        later = told.at("2026-03-09 09:00")
        assert lately(told.work.db, told.record, later, first=False).lines == ()
