"""The level rule: two weeks in, two weeks out, and what stands in between stands."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.health.level import Odds, levels
from bot.health.results import Level

LOW = Odds(0.0, 0.1, 0.05, 0.2)
BETWEEN = Odds(0.2, 0.6, 0.4, 0.7)
WATCH = Odds(0.3, 0.995, 0.6, 0.999)
OVER = Odds(0.9, 0.99, 0.95, 0.99)
WORDS = {"u": Level.UNKNOWN, "h": Level.HEALTHY, "w": Level.WATCH, "d": Level.DANGER}


def run(*weeks: Odds | None) -> str:
    """Levels as their first letters."""
    return "".join(level.word[0] for level in levels(weeks))


def test_danger_takes_two_weeks() -> None:
    """One bad week is none; two running are danger, without stopping at watch."""
    assert run(LOW, OVER, LOW) == "hhh"
    assert run(LOW, OVER, OVER) == "hhd"


def test_one_busy_week_alone_is_neither_danger_nor_watch() -> None:
    """What is gone once the busiest of the four weeks is left out was a surge, however sure the four weeks are."""
    surge = replace(OVER, lasting=0.4, lasting_near=0.9)
    assert run(LOW, surge, surge) == "hhh"
    assert run(LOW, surge, OVER) == "hhd"
    assert run(OVER, OVER, surge) == "udd"


def test_watch_takes_two_weeks() -> None:
    """Two weeks near the line are watch; one near and one over it are as well."""
    assert run(LOW, WATCH, WATCH) == "hhw"
    assert run(LOW, WATCH, OVER) == "hhw"


def test_between_the_lines_what_stood_stands() -> None:
    """Nothing fires between the lines, so a level stays; without one it is unknown."""
    assert run(BETWEEN, BETWEEN) == "uu"
    assert run(LOW, BETWEEN, BETWEEN) == "hhh"
    assert run(WATCH, WATCH, BETWEEN, BETWEEN) == "uwww"


def test_danger_is_left_after_two_good_weeks() -> None:
    """One good week ends no danger; two do, for healthy where it is healthy and for watch where it is not."""
    assert run(OVER, OVER, LOW) == "udd"
    assert run(OVER, OVER, LOW, LOW) == "uddh"
    assert run(OVER, OVER, BETWEEN, BETWEEN) == "uddw"
    assert run(OVER, OVER, WATCH, WATCH) == "uddd"


def test_watch_is_left_below_its_own_line() -> None:
    """Watch needs two weeks clearly below, not merely not near."""
    hardly = Odds(0.0, 0.4, 0.2, 0.7)
    assert run(WATCH, WATCH, hardly, hardly) == "uwww"
    assert run(WATCH, WATCH, LOW, LOW) == "uwwh"


def test_an_unknown_week_breaks_the_run_and_keeps_the_level() -> None:
    """Nothing is said of an unknown week; two weeks around it are not two running; the level speaks again."""
    assert run(LOW, OVER, None, OVER) == "hhuh"
    assert run(OVER, OVER, None, BETWEEN) == "udud"


chance = st.floats(0, 1)
odds = st.builds(lambda v: Odds(v[0], v[2], v[1], v[3]), st.lists(chance, min_size=4, max_size=4).map(sorted))


@given(st.lists(st.none() | odds, max_size=20))
def test_never_two_changes_without_two_weeks(weeks: list[Odds | None]) -> None:
    """Danger never comes from one week, and is never entered from a week of which nothing is known."""
    found = levels(weeks)
    assert len(found) == len(weeks)
    for i, level in enumerate(found):
        if level is Level.DANGER and (i == 0 or Level.DANGER not in found[:i]):
            assert weeks[i - 1] is not None
            assert weeks[i].over >= 0.8  # type: ignore[union-attr]
