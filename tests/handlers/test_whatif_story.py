"""`/headroom whatif …` as people type it: who gets an answer, and what each mistake is answered with."""

import json

import numpy as np
import pytest

from bot.signal import Kind, Signal
from storage import keys, signals, teams
from tests.handlers.desk import ANNA, ASKER, LEAD, OPEN, RESPONDERS, Desk

HOUR, DAY = 3_600, 86_400


def busy_weeks(desk: Desk, number: int, people: tuple[str, ...] = RESPONDERS) -> None:
    """Six weeks of requests, ten a day, claimed and done within two hours by one after the other."""
    record = teams.get(desk.parts.db, number)
    assert record is not None
    keyed = keys.Pseudonymizer(desk.parts.db, desk.parts.workspace)
    keys.make_first(desk.parts.db, desk.parts.workspace, desk.parts.clock())
    queue, now, rng = record.queues[0].id, int(desk.parts.clock()), np.random.default_rng(1)
    facts = []
    for i, at in enumerate(np.sort(rng.uniform(now - 42 * DAY, now - HOUR, 420)).astype(int).tolist()):
        key, who = at * 1_000_000 + i, people[i % len(people)]
        claimed = key + int(rng.exponential(HOUR)) * 1_000_000
        done = claimed + int(rng.exponential(HOUR)) * 1_000_000
        facts += [
            Signal(queue, key, key, Kind.ARRIVAL, keyed(ASKER, key)),
            Signal(queue, key, key, Kind.CLAIM, keyed(who, key), claimed),
            Signal(queue, key, key, Kind.DONE, keyed(who, key), done),
        ]
    signals.add(desk.parts.db, facts)


@pytest.mark.slow
async def test_responders_and_lead_get_the_table_others_a_kind_word(desk: Desk) -> None:
    """The table is for the team, wherever it asks; a requester reads whom it is for, and no figure."""
    busy_weeks(desk, desk.team())
    for person, channel in ((LEAD, None), (ANNA, None), (ANNA, OPEN)):
        where = {} if channel is None else {"channel": channel}
        await desk.ask(person, "whatif +20% demand, -1 person", **where)
        seen = await desk.whisper(person, "Utilization", **where)
        assert "Slack is not idle time" in seen["text"]
        assert "data_visualization" in json.dumps(seen["blocks"])
    await desk.ask(ASKER, "whatif +20% demand")
    seen = await desk.whisper(ASKER, "Only the people who answer for Deal desk")
    assert "Utilization" not in json.dumps(seen)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("whatif", "What if what?"),
        ("whatif +20% demand and more tea", "more tea"),
        ("whatif -50 people", "nobody would be left"),
        ("whatif -200% demand", "-99% or more"),
        ("whatif <!channel>", "not understood"),
        ("what-if +20% demand", "/headroom whatif"),
    ],
)
async def test_every_mistake_gets_the_part_and_an_example(desk: Desk, typed: str, said: str) -> None:
    """Nothing, unknown words, below zero and hostile words are answered with one sentence."""
    busy_weeks(desk, desk.team())
    await desk.ask(LEAD, typed)
    seen = await desk.whisper(LEAD, said)
    assert "<!channel>" not in json.dumps(seen)


async def test_a_pair_is_refused_with_the_reason(desk: Desk) -> None:
    """A team of two reads why these figures are not worked out."""
    busy_weeks(desk, desk.team(responders=RESPONDERS[:2]), RESPONDERS[:2])
    await desk.ask(LEAD, "whatif +20% demand")
    await desk.whisper(LEAD, "would describe a person")


async def test_a_new_team_is_told_that_too_little_was_seen(desk: Desk) -> None:
    """Without history there is no number."""
    desk.team()
    await desk.ask(LEAD, "whatif +20% demand")
    await desk.whisper(LEAD, "too little has been seen")
