"""What may be shown of a time: as much as on the day with the fewest people."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.health.results import Tier
from bot.health.seen.tier import had_fewer, tier
from bot.team import Person, Team

MONDAY = datetime(2024, 7, 1, tzinfo=UTC).timestamp()
HOUR, DAY = 3_600.0, 86_400.0
THURSDAY = date(2024, 7, 4)


def team(*people: Person) -> Team:
    """A team with ordinary hours in UTC."""
    return Team("Desk", hours="Mon-Fri 09:00-17:00", people=people)


@pytest.mark.parametrize(
    ("people", "shown"),
    [(1, Tier.REQUESTS), (2, Tier.REQUESTS), (3, Tier.INSIDE), (4, Tier.INSIDE), (5, Tier.ALL), (30, Tier.ALL)],
)
def test_the_size_decides_what_may_be_shown(people: int, shown: Tier) -> None:
    """Requests alone of one or two, inside the team of three or four, all of five and more; nobody hides nothing."""
    assert Tier.of(people) is shown
    assert tier(team(*(Person(f"u{n}") for n in range(people))), MONDAY) is shown
    assert tier(team(), MONDAY, MONDAY + 7 * DAY) is Tier.ALL


def test_the_day_with_the_fewest_decides() -> None:
    """One day with two on the roster makes the whole time a pair's; days away and days outside do not."""
    stays = Person("a"), Person("b")
    leaves = Person("c", until=THURSDAY - timedelta(days=1))
    back = Person("c", since=THURSDAY + timedelta(days=1))
    gap = team(*stays, leaves, back)
    assert tier(gap, MONDAY, MONDAY + 7 * DAY) is Tier.REQUESTS
    assert tier(gap, MONDAY + 3 * DAY + HOUR, MONDAY + 3 * DAY + 2 * HOUR) is Tier.REQUESTS
    assert tier(gap, MONDAY, MONDAY + 3 * DAY - 1) is Tier.INSIDE
    assert tier(gap, MONDAY + 4 * DAY, MONDAY + 7 * DAY) is Tier.INSIDE
    away = replace(back, since=None, off=frozenset({THURSDAY}))
    assert tier(team(*stays, away), MONDAY, MONDAY + 7 * DAY) is Tier.INSIDE
    assert tier(team(Person("a", since=THURSDAY, until=THURSDAY)), MONDAY, MONDAY + 7 * DAY) is Tier.REQUESTS


def test_a_floor_of_its_own_is_held_on_every_day() -> None:
    """Where another number of people is needed, one day with fewer is enough to say no."""
    four = tuple(Person(f"u{n}") for n in range(4))
    grown = team(*four, Person("new", since=THURSDAY))
    assert had_fewer(grown, MONDAY, MONDAY + 7 * DAY, 5)
    assert not had_fewer(grown, MONDAY + 3 * DAY, MONDAY + 7 * DAY, 5)
    assert not had_fewer(grown, MONDAY, MONDAY + 7 * DAY, 4)
