"""Focus: the reference values, ranges that hold, and silence where a figure would be thin or a person's."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.focus import DAYS, NOBODY, PEOPLE, SLOT, focus, minutes_lost, share_in_gaps
from bot.health.results import Focus
from bot.team import Person, Team

REFERENCE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "reference.json").read_text())
SINCE = datetime(2026, 3, 2, 8, tzinfo=UTC).timestamp()  # a Monday, before work
UNTIL = SINCE + 28 * 86_400
TEAM = Team("Desk", "UTC", "Mon-Fri 09:00-17:00", people=tuple(Person(f"u{n}") for n in range(5)))


def at(day: int, clock: str) -> int:
    """The slot of a time of a day of March 2026."""
    hour, minute = map(int, clock.split(":"))
    return int(datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp() // SLOT)


def found(slots: list[int], team: Team = TEAM, since: float = SINCE, until: float = UNTIL) -> Focus:
    """What comes of it, where something does."""
    result = focus(np.array(slots, dtype=np.int64), team, since, until)
    assert isinstance(result, Focus)
    return result


@pytest.mark.parametrize("row", REFERENCE["focus_blocks_poisson"]["rows"], ids=lambda r: r["interruptions_per_8h"])
def test_reference_values(row: dict[str, float]) -> None:
    """Hours lost and gaps agree with the reference to nine digits."""
    rate = row["interruptions_per_8h"] / 480
    assert minutes_lost(480, rate, 5) == pytest.approx(row["lost_min_r5"], rel=1e-6)
    assert minutes_lost(480, rate, 23) == pytest.approx(row["lost_min_r23"], rel=1e-6)
    assert share_in_gaps(rate, 25) == pytest.approx(row["share_of_time_in_gaps_ge_25min"], rel=1e-9)
    assert share_in_gaps(rate, 60) == pytest.approx(row["share_in_gaps_ge_60min"], rel=1e-9)


def test_a_month_by_hand() -> None:
    """Twenty days of five people with one mention each day: a fifth of an interruption a person-day."""
    days = [d for d in range(2, 30) if datetime(2026, 3, d, tzinfo=UTC).weekday() < 5]
    result = found([at(d, "12:00") for d in days])
    assert (result.since, result.days) == (date(2026, 3, 2), 20)
    assert result.interruptions.value == pytest.approx(20 / 100)
    assert result.interruptions.low < 0.2 < result.interruptions.high
    assert result.quiet.low == pytest.approx(1 - 5 / 480)
    rate = 20 / (100 * 480)
    assert result.lost_hours.low == pytest.approx(minutes_lost(25 * 480, rate, 1) / 60)
    assert result.lost_hours.high == pytest.approx(minutes_lost(25 * 480, rate, 23) / 60)


def test_only_core_hours_count_and_each_slot_once() -> None:
    """Weekends, evenings and the same five minutes again change nothing."""
    noon = at(3, "12:00")
    off = [at(7, "12:00"), at(3, "17:00"), at(3, "08:55")]
    assert found([noon, noon, *off]) == found([noon])


def test_stretches_end_at_closing() -> None:
    """Short breaks between mentions are not quiet, and an evening does not make one long stretch of two halves."""
    half_hours = [at(d, f"{h:02}:{m:02}") for d in range(2, 30) for h in range(9, 17) for m in (0, 30)]
    assert found(half_hours).quiet.low == 0


def test_silence_where_it_would_be_thin_or_a_persons() -> None:
    """Under five people on any day, under five days, nobody on duty, a window that ends before it begins."""
    none = np.array([], dtype=np.int64)
    four = replace(TEAM, people=TEAM.people[:4])
    leaves = replace(TEAM, people=(*TEAM.people[:4], replace(TEAM.people[4], until=date(2026, 3, 20))))
    gone = replace(TEAM, people=tuple(replace(p, hours="Sat 09:00-17:00") for p in TEAM.people))
    assert focus(none, four, SINCE, UNTIL) == PEOPLE
    assert focus(none, leaves, SINCE, UNTIL) == PEOPLE
    assert focus(none, replace(TEAM, people=()), SINCE, UNTIL) == PEOPLE
    assert focus(none, TEAM, SINCE, SINCE + 4 * 86_400) == DAYS
    assert focus(none, TEAM, UNTIL, SINCE) == DAYS
    assert focus(none, gone, SINCE, UNTIL) == NOBODY


def test_round_the_clock() -> None:
    """A team that never closes has days too."""
    result = found([at(3, "03:00")], replace(TEAM, hours="00:00-24:00"))
    assert result.days == 28
    assert result.lost_hours.high < 1


SLOTS = st.lists(st.integers(int(SINCE // SLOT) - 500, int(UNTIL // SLOT) + 500), max_size=60)


@given(SLOTS, st.randoms())
def test_order_does_not_matter(slots: list[int], random: Any) -> None:
    """The same slots in any order."""
    other = list(slots)
    random.shuffle(other)
    assert found(slots) == found(other)


@given(SLOTS, st.integers(int(SINCE // SLOT), int(UNTIL // SLOT)))
def test_one_more_never_makes_it_quieter(slots: list[int], more: int) -> None:
    """An interruption more: no less often, no more quiet, no less lost; ranges stay in order and finite."""
    before, after = found(slots), found([*slots, more])
    assert after.interruptions.value >= before.interruptions.value
    assert after.quiet.low <= before.quiet.low + 1e-12
    assert after.lost_hours.low >= before.lost_hours.low
    for span in (after.quiet, after.lost_hours, after.interruptions):
        assert 0 <= span.low <= span.high < np.inf
    assert after.quiet.high <= 1
    assert after.lost_hours.high <= 200


@given(SLOTS)
def test_a_day_off_with_nothing_changes_little(slots: list[int]) -> None:
    """Looking a Saturday further, which is no core time, changes nothing."""
    saturday = SINCE + 26 * 86_400 - 8 * 3600
    assert found(slots, until=saturday - 3600) == found(slots, until=saturday + 20 * 3600)
