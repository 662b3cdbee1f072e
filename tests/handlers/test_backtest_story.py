"""`/headroom backtest` and `/headroom alerts`: who gets an answer, what is said at once, and what a choice changes."""

import asyncio
import json
from datetime import datetime, timedelta

import numpy as np
import pytest

from bot.health.results import Alerting
from bot.health.seen.worktime import time_zone
from bot.messages import actions
from bot.messages.report import first_report
from bot.services.assessing import assess_team
from bot.signal import Kind, Signal
from storage import alertings, keys, outbox, signals, teams, touches
from tests.handlers.desk import ANNA, ASKER, BEN, CIRCLE, LEAD, RESPONDERS, Desk

pytestmark = pytest.mark.slow


HOUR, DAY = 3_600, 86_400
KNOWN = 10


def years(desk: Desk, number: int, people: tuple[str, ...] = RESPONDERS, weeks: int = KNOWN) -> None:
    """So many weeks of requests, five an hour in the last three and one or two before; each is claimed and done."""
    record = teams.get(desk.parts.db, number)
    assert record is not None
    keyed = keys.Pseudonymizer(desk.parts.db, desk.parts.workspace)
    keys.make_first(desk.parts.db, desk.parts.workspace, desk.parts.clock())
    zone = time_zone("Europe/Berlin")
    today = datetime.fromtimestamp(desk.parts.clock(), zone).date()
    monday = today - timedelta(days=today.weekday() + 7 * weeks)
    facts, rng, queue, i = [], np.random.default_rng(1), record.queues[0].id, 0
    for n in range((today - monday).days):
        opens = datetime.combine(monday + timedelta(days=n), datetime.min.time(), zone).timestamp() + 9 * HOUR
        if (monday + timedelta(days=n)).weekday() > 4:
            continue
        many = 36 if n >= 7 * (weeks - 3) else 10
        for at in np.sort(rng.uniform(opens, opens + 7 * HOUR, many)).astype(int).tolist():
            i += 1
            key, who = at * 1_000_000 + i, people[i % len(people)]
            claimed = key + int(rng.exponential(HOUR / 4)) * 1_000_000
            done = claimed + int(HOUR + rng.exponential(HOUR / 4)) * 1_000_000
            facts += [
                Signal(queue, key, key, Kind.ARRIVAL, keyed(ASKER, key)),
                Signal(queue, key, key, Kind.CLAIM, keyed(who, key), claimed),
                Signal(queue, key, key, Kind.DONE, keyed(who, key), done),
            ]
    now = int(desk.parts.clock()) * 1_000_000
    signals.add(desk.parts.db, [fact for fact in facts if fact.at <= now])


async def test_responders_and_lead_look_back_others_get_a_kind_word(desk: Desk) -> None:
    """At once the weeks that are looked at; then how often, which weeks, a chart, one thing to do; not for others."""
    years(desk, desk.team())
    for person in (LEAD, ANNA):
        await desk.ask(person, "backtest")
        await desk.whisper(person, f"Looking at {KNOWN} weeks")
        seen = await desk.whisper(person, "it would have warned")
        assert "Warned in the week" in seen["text"]
        assert "One thing to do" in seen["text"]
        assert "data_visualization" in json.dumps(seen["blocks"])
    await desk.ask(LEAD, "backtest 6 weeks")
    await desk.whisper(LEAD, "for the last 6 weeks")
    await desk.ask(ASKER, "backtest")
    seen = await desk.whisper(ASKER, "Only the people who answer for Deal desk")
    assert "danger" not in json.dumps(seen)


async def test_asked_twice_it_looks_once(desk: Desk) -> None:
    """Who is impatient reads that it is on its way, and gets one answer."""
    years(desk, desk.team())
    await asyncio.gather(desk.ask(LEAD, "backtest"), desk.ask(LEAD, "backtest"))
    await desk.whisper(LEAD, "still at your last question")
    await desk.whisper(LEAD, "it would have warned")
    said = [m for m in await desk.slack.messages(LEAD, "C1DESK") if m.get("ephemeral")]
    assert len([m for m in said if "it would have warned" in m["text"]]) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("backtest since Easter", "`since Easter` is not a number of weeks"),
        ("backtest 2", "from 6 to 52"),
        ("backtest <!channel>", "is not a number of weeks"),
        ("alerts louder", "`louder` is not a choice"),
        ("alert", "/headroom alerts"),
        ("back-test", "/headroom backtest"),
    ],
)
async def test_every_mistake_gets_the_part_and_an_example(desk: Desk, typed: str, said: str) -> None:
    """Unknown words, too few weeks and hostile words are answered with what was not understood."""
    years(desk, desk.team(), weeks=7)
    await desk.ask(LEAD, typed)
    seen = await desk.whisper(LEAD, said)
    assert "<!channel>" not in json.dumps(seen)


async def test_a_new_team_is_told_that_too_little_is_known(desk: Desk) -> None:
    """Without history, and with three weeks of it, the reason stands in one sentence."""
    number = desk.team()
    await desk.ask(LEAD, "backtest")
    await desk.whisper(LEAD, "no complete week is known, and 6 are needed")
    years(desk, number, weeks=3)
    await desk.ask(LEAD, "backtest")
    await desk.whisper(LEAD, "3 complete weeks are known")


async def test_half_read_threads_are_waited_for(desk: Desk) -> None:
    """While threads are read back nothing is said of the past."""
    number = desk.team()
    years(desk, number)
    record = teams.get(desk.parts.db, number)
    assert record is not None
    teams.set_threads(desk.parts.db, record.queues[0].id, "reading", 1)
    await desk.ask(LEAD, "backtest")
    await desk.whisper(LEAD, "threads are still being read")


async def test_the_first_report_offers_it_to_the_team_alone(desk: Desk) -> None:
    """Its button looks back for a responder, counts a tap, and shows a stranger nothing."""
    number = desk.team()
    years(desk, number)
    record = teams.get(desk.parts.db, number)
    assert record is not None
    found = assess_team(desk.parts.db, record, desk.parts.clock())
    body = first_report(found, record.team.name, team_id=number, history_days=90).body()
    for channel in (CIRCLE, "C1DESK"):
        outbox.put(
            desk.parts.db, team=number, workspace=desk.parts.workspace, channel=channel, body=body, kind="report"
        )
    await desk.deliver()
    await desk.click(ANNA, (await desk.posts(CIRCLE))[-1], actions.BACKTEST, CIRCLE)
    await desk.whisper(ANNA, "it would have warned", CIRCLE)
    await desk.click(ASKER, (await desk.posts())[-1], actions.BACKTEST)
    seen = await desk.whisper(ASKER, "Only the people who answer for Deal desk")
    assert "warned" not in seen["text"]
    today = datetime.fromtimestamp(desk.parts.clock(), time_zone("Europe/Berlin")).date()
    assert touches.taps(desk.parts.db, number, today, today + timedelta(days=1)) == {"report": 1}


async def test_the_lead_chooses_and_sees_what_each_choice_would_have_said(desk: Desk) -> None:
    """A choice is kept at once and shown beside the others; responders see it, and cannot change it."""
    number = desk.team()
    years(desk, number)
    await desk.ask(LEAD, "alerts earlier")
    await desk.whisper(LEAD, "From now on Deal desk is warned earlier")
    seen = await desk.whisper(LEAD, "it would have been warned")
    assert "earlier (set):" in seen["text"]
    assert alertings.get(desk.parts.db, number) is Alerting.EARLIER
    await desk.ask(BEN, "alerts quieter")
    await desk.whisper(BEN, "Only the lead of Deal desk can choose how early the team is warned.")
    await desk.ask(BEN, "alerts")
    await desk.whisper(BEN, "is warned earlier than usual")
    await desk.ask(ASKER, "alerts")
    await desk.whisper(ASKER, "Only the people who answer for Deal desk")
    assert alertings.get(desk.parts.db, number) is Alerting.EARLIER


async def test_a_choice_without_history_is_kept(desk: Desk) -> None:
    """Nothing can be shown of the past yet, and that is said."""
    number = desk.team()
    await desk.ask(LEAD, "alerts quieter")
    await desk.whisper(LEAD, "once six complete weeks are")
    assert alertings.get(desk.parts.db, number) is Alerting.QUIETER


async def test_a_pair_has_nothing_to_choose_and_no_hours_shown(desk: Desk) -> None:
    """A team of two looks back on waits alone, and is told why there is no choice."""
    number = desk.team(responders=RESPONDERS[:2], lead=ANNA)
    years(desk, number, RESPONDERS[:2])
    await desk.ask(ANNA, "alerts quieter")
    await desk.whisper(ANNA, "A team of one or two is warned by its requests")
    assert alertings.get(desk.parts.db, number) is Alerting.USUAL
    await desk.ask(ANNA, "backtest")
    seen = await desk.whisper(ANNA, "had Headroom been here")
    assert "tilization" not in json.dumps(seen)
    assert "Hands-on" not in json.dumps(seen)
