"""The verdict gives the reason that made the level, and no other."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.results import UNTOLD, Assessment, Ground, Level, Source
from bot.messages.because import because
from bot.messages.words import verdict
from tests.messages.examples import better, broken, buried, busy, calm, drifting, on, standing, unknown

BOTH = (Ground.LOAD, Ground.WAITS)
MADE = [
    *((Level.DANGER, grounds) for grounds in (BOTH, (Ground.WAITS,), (Ground.BACKLOG,))),
    *((Level.WATCH, grounds) for grounds in (BOTH, BOTH[:1], BOTH[1:], (Ground.DRIFT,), (*BOTH, Ground.DRIFT))),
]


@pytest.mark.parametrize(("level", "grounds"), MADE)
def test_each_ground_has_its_clause_and_no_other(level: Level, grounds: tuple[Ground, ...]) -> None:
    """Waits are named where people wait, room where load is it, a backlog or a change where those made it."""
    said = because(on(busy(level), *grounds))
    assert said
    assert ("people wait" in said) is (Ground.WAITS in grounds)
    assert ("keep up" in said or "room" in said) is (Ground.LOAD in grounds)
    assert ("piled up" in said) is (Ground.BACKLOG in grounds)
    assert ("calm weeks" in said) is (grounds == (Ground.DRIFT,)), "where nothing shows it, load and waits say more"


def test_what_drifts_is_said_with_the_waits() -> None:
    """More requests, and people wait: both, the change first; a change that may not be named leaves the others."""
    for signal, said in (
        ("arrivals", "more requests arrive than in calm weeks, and"),
        ("active", "little room is left,"),
    ):
        found = drifting(signal)
        assert found.source
        both = replace(found, source=replace(found.source, grounds=(*BOTH, Ground.DRIFT)))
        assert because(both) == f"{said} {'and ' if signal == 'active' else ''}people wait longer than they should"


@given(st.sampled_from(MADE), st.integers(1, 9))
def test_a_level_that_is_easing_says_for_how_long(made: tuple[Level, tuple[Ground, ...]], days: int) -> None:
    """Whatever made it, the days it has been better are told with how many end it, and nothing that holds no more."""
    level, grounds = made
    end = 5 if level is Level.DANGER else 10
    said = because(better(on(busy(level), *grounds), days))
    over = "the danger zone is left" if level is Level.DANGER else "this is over"
    assert said == f"it has been better for {days} working day{'' if days == 1 else 's'}; after {end} {over}"


def test_healthy_at_a_high_load_says_so() -> None:
    """Over its line, and nobody waits longer: full, not roomy; below it, it keeps up."""
    assert because(standing(calm(), 0.86)) == "it is full, and people wait no longer than usual"
    assert because(calm()) == "it keeps up, and people wait no longer than usual"
    assert because(replace(calm(people=2))) == "people are answered in good time"


def test_a_backlog_is_named_beside_a_low_utilization() -> None:
    """A desk at 43% of a line of 94% is in danger by what waits; once half is worked off, by what is left of it."""
    assert "so much waits that it takes everybody on duty a working week or more" in verdict(buried(), "Desk")
    assert "what piled up is not worked off yet" in verdict(buried(31), "Desk")


def test_drift_is_named_by_its_number_and_never_by_who_is_there() -> None:
    """What drifts is said; that fewer are seen at work is not, as others may read the verdict."""
    assert because(drifting("chase")) == "more have to ask again than in calm weeks"
    assert "at work" not in because(drifting("active"))
    assert because(replace(drifting(), source=Source((Ground.DRIFT,)))) == because(drifting("active"))


@pytest.mark.parametrize("found", [unknown(), replace(calm(), source=UNTOLD), broken()])
def test_where_nothing_made_a_level_no_reason_is_made_up(found: Assessment) -> None:
    """No clause, and a sentence that is whole without it."""
    assert because(found) == ""
    assert ": .*" not in verdict(found, "Desk")
    assert verdict(found, "Desk").endswith(".*")
