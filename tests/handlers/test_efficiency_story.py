"""`/headroom efficiency` as people type it: who sees the equation, who changes it, and what a mistake is told."""

import json

import pytest

from bot.errors import BadInputError
from bot.messages import actions
from bot.messages.efficiency import COST, CURRENCY, OUTCOME, Filled, filled
from bot.messages.guards import beside
from bot.messages.readable import readable
from bot.services.efficiency import digest_line
from bot.signal import Kind, Signal
from storage import equations, signals, teams
from storage.equations import Equation
from tests.handlers.desk import ANNA, ASKER, LEAD, RESPONDERS, Desk
from tests.messages.script_efficiency import check

HOUR, DAY, WEEK = 3_600, 86_400, 604_800


def lived(desk: Desk, number: int) -> None:
    """Twenty weeks of requests; for the last nine half as many again, and a third instead of a twentieth comes back."""
    record = teams.get(desk.parts.db, number)
    assert record is not None
    queue, now, facts = record.queues[0].id, int(desk.parts.clock()), []
    for week in range(20):
        late = week >= 11
        for i in range(36 if late else 24):
            at = now - (20 - week) * WEEK + i * 4 * HOUR
            key, who = at * 1_000_000 + i, bytes([1 + i % len(RESPONDERS)] * 8)
            facts += [
                Signal(queue, key, key, Kind.ARRIVAL, b"asker-01"),
                Signal(queue, key, key, Kind.CLAIM, who, (at + HOUR) * 1_000_000),
                Signal(queue, key, key, Kind.DONE, who, (at + 2 * HOUR) * 1_000_000),
            ]
            if i % (3 if late else 20) == 0:
                facts.append(Signal(queue, key, key, Kind.REOPEN, b"asker-01", (at + 20 * HOUR) * 1_000_000))
                facts.append(Signal(queue, key, key, Kind.DONE, who, (at + 22 * HOUR) * 1_000_000))
    signals.add(desk.parts.db, facts)


@pytest.mark.slow
async def test_the_team_sees_all_three_beside_the_guards(desk: Desk) -> None:
    """Lead and responder read all three figures and the guards, and that quality paid for speed; askers read none."""
    number = desk.team()
    lived(desk, number)
    for person in (LEAD, ANNA):
        await desk.ask(person, "efficiency")
        shown = readable((await desk.whisper(person, "What efficiency means"))["blocks"])
        for part in ("Good outcomes:", "Cost of a good outcome:", "Cycle time,", "came back", "More was finished"):
            assert part in shown, part
        assert "Slack is not idle time" in shown
        assert ("[Change the equation]" in shown) == (person == LEAD)
    await desk.ask(ASKER, "efficiency")
    seen = await desk.whisper(ASKER, "Only the people who answer for Deal desk")
    assert "Good outcomes" not in json.dumps(seen)
    record = teams.get(desk.parts.db, number)
    assert record is not None
    line = digest_line(desk.parts.db, record, desk.parts.clock())
    assert line.startswith("*More was finished, and more came back*")
    assert "One thing to do" in line


async def test_the_lead_changes_the_equation(desk: Desk) -> None:
    """From the preset's default to a stricter outcome with a cost; nobody else may."""
    number = desk.team(preset="on-call")
    assert equations.get(desk.parts.db, number) == Equation("done_in_target")
    await desk.ask(LEAD, "efficiency edit")
    view = await desk.modal(LEAD, OUTCOME)
    bad = await desk.submit(LEAD, view, **{OUTCOME: "done_not_escalated", COST: "60", CURRENCY: "1 <b>"})
    assert "is no currency" in bad["errors"][CURRENCY]
    kept = await desk.submit(LEAD, view, **{OUTCOME: "done_not_escalated", COST: "60", CURRENCY: "EUR"})
    assert kept["shown"] == "updated"
    assert equations.get(desk.parts.db, number) == Equation("done_not_escalated", 60.0, "EUR")
    await desk.ask(ANNA, "efficiency edit")
    await desk.whisper(ANNA, "Only the lead of Deal desk can change what efficiency means")


async def test_words_that_are_none_and_small_teams(desk: Desk) -> None:
    """An unknown word is named with what works; a pair reads waits only, and has nothing to change."""
    desk.team(responders=RESPONDERS[:2], lead=RESPONDERS[0])
    await desk.ask(RESPONDERS[0], "efficiency per head")
    await desk.whisper(RESPONDERS[0], "per head")
    await desk.ask(RESPONDERS[0], "efficiency")
    shown = await desk.whisper(RESPONDERS[0], "Waiting time")
    assert "an hour on duty" not in json.dumps(shown)
    assert actions.EFFICIENCY_OPEN not in json.dumps(shown)
    await desk.ask(RESPONDERS[0], "efficiency edit")
    await desk.whisper(RESPONDERS[0], "would describe a person")


def _view(outcome: str, cost: str, currency: str) -> dict[str, object]:
    chosen = {OUTCOME: {"selected_option": {"value": outcome}}, COST: {"value": cost}, CURRENCY: {"value": currency}}
    return {"state": {"values": {name: {name: value} for name, value in chosen.items()}}}


@pytest.mark.parametrize("cost", ["0", "-5", "nan", "inf", "sixty", "1e9"])
def test_a_cost_that_is_none_is_named(cost: str) -> None:
    """Zero, below zero, no number, and more than anybody costs: a sentence at the field."""
    said = filled(_view("done_not_reopened", cost, "EUR"))
    assert isinstance(said, dict)
    assert cost in said[COST]


def test_an_empty_cost_takes_its_currency_along() -> None:
    """Without a cost there is no currency to keep; what is no form at all is an error with its mend."""
    assert filled(_view("done_not_reopened", "", "EUR")) == Filled("done_not_reopened", None, "")
    with pytest.raises(BadInputError, match="open it again"):
        filled({})


def test_done_is_never_said_alone() -> None:
    """Where nothing is known of what came back, that is said beside what was finished."""
    assert beside(check()) == "How many of those finished came back is not known yet."
