"""A pile is danger at once, and only a pile is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.pile import LEFT, TIMES, buried, standing
from bot.health.results import Level
from bot.messages.words import reason
from bot.signal import Kind, Signal
from tests.health.desk import DAY, START, WEEK, simulate

HOURS = st.lists(st.floats(0, 500), min_size=1, max_size=30)


def test_a_weeks_work_is_a_pile_until_half_of_it_is_left() -> None:
    """From forty hours in a week of forty; twenty keep it, less ends it."""
    assert standing([0.0] * 42 + [39, 40, 21, 20, 19, 39], 40.0).tolist()[42:] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_desk_that_always_has_one_needs_three_times_as_much() -> None:
    """With fifty hours at every day's end, a hundred are as usual and a hundred and fifty are not."""
    usual = [50.0] * 42
    assert not standing([*usual, 100.0, 149.0], 40.0).any()
    assert standing([*usual, TIMES * 50.0], 40.0)[-1]


def test_a_desk_that_is_never_open_has_no_pile() -> None:
    """Nothing waiting in weeks of no hours is not a line reached."""
    assert not standing([0.0] * 50, 0.0).any()


@given(HOURS, st.floats(1, 60), st.floats(1, 3))
def test_more_that_waits_now_never_ends_a_pile(hours: list[float], week: float, times: float) -> None:
    """Where one stands now, it stands with more waiting; it begins at its line and ends below half of it."""
    found, more = standing(hours, week), standing([*hours[:-1], hours[-1] * times], week)
    if len(hours) > 1:  # a single value is its own usual
        assert more[-1] >= found[-1]
    assert standing(np.zeros(len(hours)), week).sum() == 0
    for value, on in zip(hours, found.tolist(), strict=True):
        assert not on or value >= LEFT * week


@pytest.mark.parametrize("level", list(Level))
def test_only_a_known_level_is_raised(level: Level) -> None:
    """A pile makes every known level danger; without one nothing changes."""
    assert buried(level, False) is level
    assert buried(level, True) is (Level.UNKNOWN if level is Level.UNKNOWN else Level.DANGER)


def test_a_flood_is_danger_on_the_same_day() -> None:
    """A thousand requests within a minute, on a healthy desk of three: danger that day, healthy without them."""
    desk = simulate(3, rho=0.5, weeks=9)
    now = START + 8 * WEEK + DAY + 16 * 3_600
    at = now - 3_600
    flood = Facts.of(
        Signal(1, int((at + i / 100) * 1e6), int((at + i / 100) * 1e6), Kind.ARRIVAL, b"") for i in range(1000)
    )
    team = replace(desk.team)
    calm = assess(desk.facts, team, now, resilient=False)
    hit = assess(Facts.join((desk.facts, flood)), team, now, resilient=False)
    assert calm.level is Level.HEALTHY
    assert hit.level is Level.DANGER
    assert hit.weeks[-1].level is Level.HEALTHY
    assert hit.reasons[0].signal == "pile"
    assert hit.reasons[0].value > (hit.reasons[0].line or 0) >= 35
    assert hit.suggestion == "pause_intake"
    assert "What waits now takes everybody on duty" in reason(hit.reasons[0], hit)


def test_a_pile_stands_through_the_days_until_half_is_left() -> None:
    """The flood is danger on the next day too, though it was no week's end; once it is withdrawn it is not."""
    desk = simulate(3, rho=0.5, weeks=9)
    hit = START + 8 * WEEK + DAY + 15 * 3_600
    keys = [int((hit + i / 100) * 1e6) for i in range(200)]
    flood = [Signal(1, key, key, Kind.ARRIVAL, b"") for key in keys]
    gone = [Signal(1, key, key, Kind.DELETE, b"") for key in keys[40:]]
    levels = []
    for facts, day in ((flood, 0), (flood, 1), (flood + gone, 2)):
        seen = Facts.join((desk.facts, Facts.of(facts)))
        levels.append(assess(seen, desk.team, hit + 3_600 + day * DAY, resilient=False).level)
    assert levels == [Level.DANGER, Level.DANGER, Level.HEALTHY]
