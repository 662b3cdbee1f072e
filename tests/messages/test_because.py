"""The verdict gives the reason that made the level, and no other that its own figures deny."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.results import UNTOLD, Assessment, Evidence, Level, Reason, Source
from bot.messages.because import because
from bot.messages.words import verdict
from tests.messages.examples import broken, buried, busy, calm, drifting, load, unknown

KNOWN = [Level.HEALTHY, Level.WATCH, Level.DANGER]


def at(level: Level, value: float, line: float, source: Source) -> Assessment:
    """A team at such a level and load, made by that."""
    found = busy(level)
    return replace(found, capacity=replace(found.capacity, utilization=load(value), danger_line=line), source=source)


@given(st.sampled_from(KNOWN), st.floats(0.05, 1.5), st.floats(0.3, 1.0), st.sampled_from(Evidence))
def test_no_reason_is_denied_by_the_figures_beside_it(
    level: Level, value: float, line: float, evidence: Evidence
) -> None:
    """Full is only said above the line, reached only there, room only well below it, and each only of load."""
    shown = Reason("pile", 60, 50, "hours", level) if evidence is Evidence.BACKLOG else None
    said = because(at(level, value, line, Source(evidence, shown)))
    assert said
    by_load = evidence is Evidence.LOAD
    if "so full" in said or "line is reached" in said:
        assert by_load or evidence is Evidence.DRIFT
        assert value > line
    if "room for a busy week" in said and "little" not in said:
        assert by_load
        assert value <= line - 0.1
    if "little room" in said:
        assert by_load
        assert line - 0.1 < value <= line
    over = value > line and level is Level.WATCH and evidence in (Evidence.LOAD, Evidence.DRIFT)
    assert not over or "two sure weeks over it are danger" in said, "else it reads as a contradiction"
    assert ("waits that it takes" in said) is (evidence is Evidence.BACKLOG)
    assert ("first weeks" in said) is (evidence is Evidence.DRIFT)


def test_a_backlog_is_named_beside_a_low_utilization() -> None:
    """A desk at 43% of a line of 94% is in danger by what waits; once half is worked off, by what is left of it."""
    assert "so much waits that it takes everybody on duty a working week or more" in verdict(buried(), "Desk")
    assert "what piled up is not worked off yet" in verdict(buried(31), "Desk")


def test_drift_is_named_by_its_number_and_never_by_who_is_there() -> None:
    """What drifts is said; that fewer are seen at work is not, as others may read the verdict."""
    assert because(drifting("chase")) == "more have to ask again than in its first weeks"
    assert "at work" not in because(drifting("active"))
    assert because(replace(drifting(), source=Source(Evidence.DRIFT))) == because(drifting("active"))


@pytest.mark.parametrize("found", [unknown(), replace(calm(), source=UNTOLD), broken()])
def test_where_nothing_made_a_level_no_reason_is_made_up(found: Assessment) -> None:
    """No clause, and a sentence that is whole without it."""
    assert because(found) == ""
    assert ": .*" not in verdict(found, "Desk")
    assert verdict(found, "Desk").endswith(".*")
