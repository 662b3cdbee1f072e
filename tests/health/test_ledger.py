"""Where freed hours went: kept, eaten, fewer, or not to be told; and whether a gain lasts."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.ledger import Found, Hours, Lasting, Went, changed, lasting, ordinary_hours, where
from bot.health.measured import PERSONS
from bot.health.theory.compare import Comparison, Weekly, too_little
from bot.team import Person, Team

FIVE = 200.0


def weeks(rng: np.random.Generator, work: float, jobs: float, n: int = 8, spread: float = 0.02) -> Weekly:
    """Weeks of so many hours of work asked for by so many requests, of 200 hours there were."""
    each = np.exp(rng.normal(0, spread, n))
    return Weekly.of(work * each, np.full(n, FIVE), jobs * each)


def found(work: tuple[float, float], jobs: tuple[float, float], *, goes: str = "buffer", **said: object) -> Hours:
    """What became of 30 freed hours."""
    rng = np.random.default_rng(5)
    sides = (weeks(rng, w, j) for w, j in zip(work, jobs, strict=True))
    return where(30.0, goes, *sides, **{"people": (FIVE, FIVE), **said})  # type: ignore[arg-type]


def test_less_work_is_kept() -> None:
    """Work fell by what was freed, and nothing else came."""
    told = found((150, 120), (100, 100))
    assert told.went is Went.KEPT
    assert told.seen == pytest.approx(30, abs=4)
    assert told.back == pytest.approx(0, abs=4)


def test_new_requests_eat() -> None:
    """Each request takes less, but so many more come that the work is what it was."""
    told = found((150, 145), (100, 121))
    assert told.went is Went.EATEN
    assert told.back == pytest.approx(25, abs=5)
    assert told.more == pytest.approx(25, abs=6)


def test_new_requests_are_as_agreed_where_more_volume_was_meant() -> None:
    """Hours that were to go into more requests went there."""
    assert found((150, 145), (100, 121), goes="more_volume").went is Went.KEPT
    assert found((150, 120), (100, 100), goes="more_volume").went is Went.KEPT


def test_a_smaller_roster_is_said_first() -> None:
    """The roster shrank by more than was freed, whatever the work did."""
    told = found((150, 120), (100, 100), people=(FIVE, 160.0))
    assert (told.went, told.fewer) == (Went.FEWER, 40.0)
    assert found((150, 120), (100, 100), people=(FIVE, 180.0)).went is Went.KEPT


def test_holidays_are_no_gain() -> None:
    """A week with half the hours and half the work is an ordinary one."""
    rng = np.random.default_rng(6)
    full = weeks(rng, 150, 100)
    half = Weekly.of(*(np.array(column) / 2 for column in (full.total, full.by, full.jobs)))
    told = where(30.0, "buffer", full, half, people=(FIVE, FIVE))
    assert told.seen == pytest.approx(0, abs=1e-6)
    assert told.went is Went.UNKNOWN


def test_what_the_volume_cannot_show_is_not_said() -> None:
    """An hour is far less than weeks differ by: hardly ever is anything read into it, and what would show is told."""
    rng = np.random.default_rng(7)
    looks = [where(1.0, "buffer", weeks(rng, 150, 100), weeks(rng, 150, 100), people=(FIVE, FIVE)) for _ in range(400)]
    unknown = [told for told in looks if told.went is Went.UNKNOWN]
    assert len(unknown) >= 360
    assert all(told.visible is not None and told.visible > 1 and told.reason for told in unknown)


def test_nothing_is_claimed_where_nothing_happened() -> None:
    """With good volume and no change, at most one look in ten says kept or eaten."""
    rng = np.random.default_rng(8)
    claims = 0
    for _ in range(300):
        sides = (weeks(rng, 150, 100, spread=0.05) for _ in range(2))
        claims += where(20.0, "buffer", *sides, people=(FIVE, FIVE)).went is not Went.UNKNOWN
    assert claims <= 30


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"people": (None, FIVE)}, PERSONS),
        ({"people": (FIVE, None)}, PERSONS),
        ({"hidden": "threads"}, "threads"),
    ],
)
def test_what_may_not_be_told_has_its_reason(said: dict[str, object], reason: str) -> None:
    """A pair's hours, and utilization that is not known, end in a reason."""
    told = found((150, 120), (100, 100), **said)  # type: ignore[arg-type]
    assert (told.went, told.reason) == (Went.UNKNOWN, reason)


def test_too_few_weeks_or_requests() -> None:
    """Three weeks, or a handful of requests, show nothing."""
    rng = np.random.default_rng(9)
    full = weeks(rng, 150, 100)
    assert "weeks" in where(9.0, "buffer", full, weeks(rng, 150, 100, 3), people=(FIVE, FIVE)).reason
    assert "requests" in where(9.0, "buffer", full, weeks(rng, 10, 1), people=(FIVE, FIVE)).reason
    assert "no hours" in where(0.0, "buffer", full, full, people=(FIVE, FIVE)).reason


@given(st.floats(0.2, 5), st.integers(0, 1000))
def test_minutes_say_the_same_as_hours(by: float, seed: int) -> None:
    """All hours in another unit: the same verdict, every figure scaled."""
    rng = np.random.default_rng(seed)
    sides = [weeks(rng, 150, 100), weeks(rng, float(rng.uniform(100, 160)), 100)]
    scaled = [replace(s, total=tuple(by * x for x in s.total), by=tuple(by * x for x in s.by)) for s in sides]
    plain = where(30.0, "buffer", *sides, people=(FIVE, FIVE))
    other = where(by * 30.0, "buffer", *scaled, people=(by * FIVE, by * FIVE))
    assert plain.went is other.went
    for name in ("seen", "back", "more", "visible"):
        assert getattr(other, name) == pytest.approx(by * getattr(plain, name), rel=1e-6, abs=1e-6), name


def moved(verdict: str) -> Comparison:
    """A comparison with that verdict."""
    return replace(too_little("wait", ""), verdict=verdict)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdicts", "stands"),
    [
        (["better"], Lasting.BETTER),
        (["no_clear_change"], Lasting.UNCLEAR),
        (["better", "no_clear_change"], Lasting.LOST),
        (["better", "worse"], Lasting.WORSE),
        (["no_clear_change", "better"], Lasting.BETTER),
        (["better", "too_little"], Lasting.TOO_LITTLE),
    ],
)
def test_lasting(verdicts: list[str], stands: Lasting) -> None:
    """What was better and no longer shows is lost; what never showed is unclear."""
    assert lasting([moved(v) for v in verdicts]) is stands


def test_only_news_is_news() -> None:
    """The first look is told, then only what changed: the measure's standing, or where the hours went."""
    kept, eaten = Hours(Went.KEPT), Hours(Went.EATEN)
    better = Found(moved("better"), kept)
    assert changed([], better)
    assert not changed([better], better)
    assert changed([better], Found(moved("better"), eaten))
    assert changed([better], Found(moved("no_clear_change"), kept))
    lost = [better, Found(moved("no_clear_change"), kept)]
    assert not changed(lost, Found(moved("no_clear_change"), kept))


def test_what_was_found_comes_back_from_the_store() -> None:
    """Packed and unpacked, a look is the same."""
    told = Found(moved("better"), found((150, 120), (100, 100)))
    assert Found.unpacked(told.packed()) == told


def test_an_ordinary_week_knows_no_holidays() -> None:
    """Days away and public holidays change no roster; joiners, leavers and shares do."""
    new_year = date(2026, 1, 1)
    people = (
        Person("a", off=frozenset({new_year})),
        Person("b", share=0.5),
        Person("c", until=date(2025, 12, 31)),
        Person("d", since=date(2026, 1, 2)),
    )
    team = Team("Desk", "Europe/Berlin", country="DE", people=people)
    assert ordinary_hours(team, new_year) == pytest.approx(60)
    assert ordinary_hours(team, date(2025, 12, 31)) == pytest.approx(100)
    assert ordinary_hours(team, date(2026, 3, 29)) == pytest.approx(100)  # the clocks change
