"""What if: every expression is read or refused by name, and what is answered moves the right way."""

import math
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInputError
from bot.health.facts import Facts
from bot.health.whatif import SMALL_WHY, Answer, Change, ask, parse
from tests.health.desk import DAY, START, Desk, simulate, team_of

DESK = simulate(21, people=5, rho=0.7)


def answer(expression: str, desk: Desk = DESK) -> Answer:
    """What a desk is told."""
    return ask(desk.facts, desk.team, desk.now, parse(expression), np.random.default_rng(1))


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("+20% demand", Change(demand=1.2)),
        ("-10 % requests", Change(demand=0.9)),
        ("20% more demand", Change(demand=1.2)),
        ("-1 person", Change(people=-1)),
        ("+half person", Change(people=0.5)),
        ("+half a person", Change(people=0.5)),
        ("+2 people", Change(people=2)),
        ("1 away", Change(people=-1)),
        ("hands-on 30m", Change(hands_on=0.5)),
        ("hands-on 1.5 hours", Change(hands_on=1.5)),
        ("hours 8", Change(hours=8)),
        ("rework 5%", Change(rework=0.05)),
        ("+20% demand, -1 person and rework 5%", Change(demand=1.2, people=-1, rework=0.05)),
        ("  HOURS 6   +1 Person ", Change(hours=6, people=1)),
    ],
)
def test_every_form_is_read(text: str, change: Change) -> None:
    """The grammar of the help page, alone and combined, whatever case and blanks."""
    assert asdict(parse(text)) == pytest.approx(asdict(change))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", ""),
        ("banana", "banana"),
        ("+20% demand banana", "banana"),
        ("+20% demand, more tea, -1 person", "more tea"),
        ("+20%", "+20%"),
        ("-100% demand", "-100% demand"),
        ("-300% demand", "-300% demand"),
        ("+9999% demand", "+9999% demand"),
        ("rework 100%", "rework 100%"),
        ("hours 0", "hours 0"),
        ("hours 25", "hours 25"),
        ("hands-on 0m", "hands-on 0m"),
        ("+nan person", "+nan person"),
        ("hours 1e9", "hours 1e9"),
    ],
)
def test_what_cannot_be_read_is_named_with_an_example(text: str, part: str) -> None:
    """The error holds the part that was not understood or makes no sense, and what to write."""
    with pytest.raises(BadInputError) as found:
        parse(text)
    assert found.value.value == part
    assert "write" in str(found.value)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing that can be typed breaks the reader or gives a number that is none."""
    try:
        change = parse(text)
    except BadInputError:
        return
    assert all(math.isfinite(x) for x in asdict(change).values() if x is not None)


@pytest.mark.slow
def test_more_demand_costs_slack_and_time() -> None:
    """A tenth more demand: a tenth more utilization, longer waits, less slack and surge."""
    found = answer("+10% demand")
    today, then = found.today, found.then
    assert then.utilization == pytest.approx(1.1 * today.utilization)
    assert today.wait_p90 is not None
    assert then.wait_p90 is not None
    assert then.wait_p90 > today.wait_p90 > 0
    assert then.slack_hours < today.slack_hours
    assert (then.surge or 0) < (today.surge or 0)
    assert found.pays is None


@pytest.mark.slow
@pytest.mark.parametrize("fewer", ["-1 person", "1 away", "hours 6", "-half person, -10% demand"])
def test_fewer_people_come_with_what_the_slack_pays_for(fewer: str) -> None:
    """Whatever takes people or hours away is answered with bad weeks, one more away and the surge left."""
    found = answer(fewer)
    assert found.pays is not None
    assert found.pays.weeks == 8
    assert 0 <= found.pays.bad_weeks <= found.pays.weeks
    assert found.pays.one_away is not None
    assert found.pays.one_away > found.then.utilization


@pytest.mark.slow
def test_a_person_more_never_hurts() -> None:
    """One more, or half a one: more slack, no longer waits, and nothing to warn of."""
    for more in ("+1 person", "+half person"):
        found = answer(more)
        assert found.then.slack_hours > found.today.slack_hours
        assert (found.then.wait_p90 or 0) <= (found.today.wait_p90 or 0)
        assert found.pays is None


def test_a_load_beyond_capacity_is_growth_and_no_wait() -> None:
    """Twice the demand grows by so many requests a week; no stationary number is shown."""
    then = answer("+100% demand").then
    assert then.utilization > 1
    assert then.growth is not None
    assert then.growth > 0
    assert (then.wait_p50, then.wait_p90, then.recovery.median) == (None, None, None)


@pytest.mark.slow
def test_hands_on_and_rework_change_the_work() -> None:
    """Hands-on time sets the hours of a request; rework adds its share of jobs."""
    today = answer("+0 people").today.utilization
    assert answer("hands-on 30m").then.utilization == pytest.approx(today / 2, rel=0.15)
    assert answer("rework 20%").then.utilization == pytest.approx(1.2 * today)


@pytest.mark.slow
def test_unseen_work_does_not_grow_with_demand() -> None:
    """With a fifth of capacity spent unseen, doubled demand doubles only the rest; the range is told for fewer."""
    desk = replace(DESK, team=team_of(5, unseen_share=0.2))
    today = answer("+0 people", desk).today.utilization
    assert answer("+20% demand", desk).then.utilization == pytest.approx(1.2 * (today - 0.2) + 0.2)
    pays = answer("-half person", desk).pays
    assert pays is not None
    assert pays.unseen[0] < pays.unseen[1]


@pytest.mark.parametrize("people", [1, 2])
def test_small_teams_are_refused_with_the_reason(people: int) -> None:
    """One or two people would read figures about a person."""
    desk = replace(DESK, team=team_of(people))
    with pytest.raises(BadInputError, match="would describe a person") as found:
        answer("+20% demand", desk)
    assert found.value.mend == SMALL_WHY


@pytest.mark.parametrize(
    ("expression", "desk", "said"),
    [
        ("-5 people", DESK, "nobody would be left"),
        ("-50 people", DESK, "nobody would be left"),
        ("+20% demand", replace(DESK, facts=Facts.of(())), "too little has been seen"),
        ("+20% demand", replace(DESK, team=team_of(0)), "nobody is on the roster"),
    ],
)
def test_below_zero_and_thin_data_are_refused(expression: str, desk: Desk, said: str) -> None:
    """Nobody left, nothing seen, nobody on the roster: a sentence, never a number."""
    with pytest.raises(BadInputError, match=said):
        answer(expression, desk)


def numbers(value: Any) -> list[float]:
    """All numbers in an answer."""
    if isinstance(value, dict):
        return [x for v in value.values() for x in numbers(v)]
    if isinstance(value, tuple | list):
        return [x for v in value for x in numbers(v)]
    return [value] if isinstance(value, float) else []


@pytest.mark.slow
@pytest.mark.parametrize("expression", ["-99% demand", "+2000% demand", "hours 24", "hands-on 1m", "-4.8 people"])
def test_extremes_stay_numbers(expression: str) -> None:
    """Nothing is NaN or infinite at the edges of what may be asked, and asking twice gives the same answer."""
    found = answer(expression)
    assert all(math.isfinite(x) for x in numbers(asdict(found)))
    assert found == answer(expression)


def test_a_team_that_was_two_lately_is_refused() -> None:
    """Weeks in which only two were there would describe them, also when others have joined since."""
    day = date(2024, 1, 1) + timedelta(days=round((DESK.now - START) / DAY) - 30)
    people = tuple(replace(p, since=day) if i > 1 else p for i, p in enumerate(DESK.team.people))
    with pytest.raises(BadInputError, match="would describe a person"):
        answer("+20% demand", replace(DESK, team=replace(DESK.team, people=people)))
