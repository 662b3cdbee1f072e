"""The arithmetic of the pulse: words that betray nobody, and no two figures that differ by a few people."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.asking import USUAL_HOUR, asking_time, quiet_hour, working_days_from
from bot.health.pulse import WINDOW, Group, Part, choose, coarse, free_on, isolates, part
from bot.messages.pulse_questions import QUESTIONS
from bot.team import Person, Team

ENDS = (Group.GOOD, Group.MIDDLE, Group.POOR)
TEAM = Team("Desk", tz="Europe/Berlin", hours="Mon-Fri 09:00-17:00", country="DE")


@pytest.mark.parametrize("total", range(3, 31))
def test_what_is_told_never_tells_none_from_one_or_all_from_all_but_one(total: int) -> None:
    """Whatever is told of so many answers fits none and one alike at each end, and all and all but one alike."""
    told: dict[tuple[Part, Part], list[tuple[int, int]]] = {}
    for good, poor in product(range(total + 1), repeat=2):
        if good + poor <= total:
            told.setdefault(coarse((good, total - good - poor, poor), ENDS), []).append((good, poor))
    for splits in told.values():
        for end in (0, 1):
            sizes = {split[end] for split in splits}
            assert (0 in sizes) == (1 in sizes)
            assert (total in sizes) == (total - 1 in sizes)


@given(st.integers(3, 200), st.data())
def test_words_grow_with_the_number(total: int, data: st.DataObject) -> None:
    """More answers never read as fewer, and half of them reads as about half from four on."""
    some = data.draw(st.integers(0, total - 1))
    assert part(some, total) <= part(some + 1, total)
    if total >= 4 and total % 2 == 0:
        assert part(total // 2, total) is Part.HALF


def people(*numbers: int) -> frozenset[str]:
    return frozenset(f"U{n}" for n in numbers)


SIX = people(1, 2, 3, 4, 5, 6)


def test_a_joiner_or_a_leaver_would_be_isolated() -> None:
    """A group that differs by one to four people from a known one is refused, the same group is not."""
    assert not isolates([SIX], SIX, 5)
    assert isolates([SIX], SIX | people(7), 5)
    assert isolates([SIX], SIX - people(6), 5)
    assert isolates([SIX], people(1, 2, 3, 4, 7, 8), 5)
    assert not isolates([SIX], SIX | people(7, 8, 9, 10, 11), 5)
    assert not isolates([SIX], people(11, 12, 13, 14, 15), 5)
    assert isolates([], people(1, 2, 3, 4), 5)


def test_three_figures_together_isolate_nobody() -> None:
    """Two desks and their whole department, one person more: no pair differs by few, all three do."""
    desks = [people(1, 2, 3, 4, 5), people(6, 7, 8, 9, 10)]
    whole = frozenset[str]().union(*desks) | people(11)
    assert all(not isolates([desk], whole, 5) for desk in desks)
    assert isolates(desks, whole, 5)
    assert not isolates([*desks], frozenset[str]().union(*desks), 5)


def test_one_person_in_two_teams_blocks_neither() -> None:
    """Two teams that share their lead can both be asked the same."""
    assert not isolates([people(1, 2, 3, 4, 5)], people(1, 6, 7, 8, 9), 5)


GROUPS = st.frozensets(st.sampled_from([f"U{n}" for n in range(12)]), min_size=3)


@given(st.lists(GROUPS, max_size=5), GROUPS, st.integers(3, 6))
def test_no_accepted_group_differs_from_a_known_one_by_a_few(
    known: list[frozenset[str]], asked: frozenset[str], floor: int
) -> None:
    """Whatever is accepted has the floor, and each difference to a known group is nobody or the floor."""
    if not isolates(known, asked, floor):
        assert len(asked) >= floor
        assert all(len(group ^ asked) == 0 or len(group ^ asked) >= floor for group in known)


def test_many_different_groups_rest() -> None:
    """With more different groups than can be looked through, the question is not asked."""
    groups = [people(*range(1, 20 + 5 * n)) for n in range(9)]
    assert isolates(groups, people(*range(1, 100)), 5)


def test_when_a_question_may_be_asked_again() -> None:
    """At once of the same people; of others by a few, 92 days after the last round that is in the way."""
    first = date(2026, 1, 5)
    assert free_on([(first, SIX)], SIX, 5) == date.min
    assert free_on([(first, SIX)], SIX | people(7), 5) == first + timedelta(days=WINDOW + 1)
    assert free_on([], people(1, 2), 5) is None


def test_questions_take_turns() -> None:
    """Never asked first, in the catalogue's order, then the one whose turn lies longest back."""
    last = {"load": date(2026, 3, 2), "focus": date(2026, 2, 2)}
    assert choose(["load", "focus", "safe"], last, 2) == ("safe", "focus")
    assert choose(["load"], last, 2) == ("load",)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_every_question_can_be_told(question: object) -> None:
    """Three to five answers with a good and a poor end."""
    groups = question.groups  # type: ignore[attr-defined]
    assert 3 <= len(groups) <= 5
    assert {Group.GOOD, Group.POOR} <= set(groups)


def unix(text: str, tz: str = "Europe/Berlin") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).timestamp()


def test_the_quiet_hour_is_where_least_arrives() -> None:
    """Fewest arrivals, the first and last hour left out; too few arrivals, and it is 14:00."""
    monday = unix("2026-03-02 00:00")
    counts = {9: 0, 10: 20, 11: 30, 12: 4, 13: 20, 14: 20, 15: 20, 16: 0}
    arrivals = [monday + hour * 3600 + 60 * n for hour, count in counts.items() for n in range(count)]
    assert quiet_hour(arrivals, TEAM) == 12
    assert quiet_hour(arrivals[:40], TEAM) == USUAL_HOUR
    assert quiet_hour(arrivals, Team("Short", hours="Mon-Fri 09:00-10:00")) == USUAL_HOUR


@pytest.mark.parametrize(
    ("person", "after", "at"),
    [
        (Person("a"), unix("2026-03-03 10:00"), unix("2026-03-03 14:00")),
        (Person("a"), unix("2026-03-03 14:00"), unix("2026-03-04 14:00")),
        (Person("a"), unix("2026-03-06 15:00"), unix("2026-03-09 14:00")),  # a weekend
        (Person("a"), unix("2026-04-02 15:00"), unix("2026-04-07 14:00")),  # Good Friday and Easter Monday
        (Person("a", off=frozenset({date(2026, 3, 4)})), unix("2026-03-03 15:00"), unix("2026-03-05 14:00")),
        (Person("a", tz="Asia/Tokyo"), unix("2026-03-03 10:00"), unix("2026-03-04 14:00", "Asia/Tokyo")),
        (Person("a", hours="Mon-Fri 06:00-12:00"), unix("2026-03-03 05:00"), unix("2026-03-03 09:00")),
        (Person("a", hours="Mon-Fri 22:00-06:00"), unix("2026-03-03 05:00"), unix("2026-03-04 02:00")),
        (Person("a", since=date(2026, 3, 9)), unix("2026-03-03 10:00"), unix("2026-03-09 14:00")),
        (Person("a"), unix("2026-03-27 15:00"), unix("2026-03-30 14:00")),  # clocks go forward on the 29th
        (Person("a", until=date(2026, 3, 2)), unix("2026-03-03 10:00"), None),
        (Person("a", hours="Sat 10:00-12:00"), unix("2026-03-03 10:00"), unix("2026-03-07 11:00")),
    ],
)
def test_somebody_is_asked_when_they_work(person: Person, after: float, at: float | None) -> None:
    """The quiet hour of their own clock, on a day that is no weekend, holiday or day off of theirs."""
    assert asking_time(person, TEAM, 14, after) == at


@given(st.floats(unix("2026-01-01 00:00"), unix("2026-12-01 00:00")), st.integers(0, 23))
def test_a_time_to_ask_is_ahead_and_soon(after: float, hour: int) -> None:
    """Always later than now, within a week and a half, inside the hours of a working day."""
    at = asking_time(Person("a"), TEAM, hour, after)
    assert at is not None
    assert after < at < after + 7 * 86_400
    local = datetime.fromtimestamp(at, ZoneInfo(TEAM.tz))
    assert 9 <= local.hour < 17
    assert local.weekday() < 5


def test_working_days_pass_over_holidays() -> None:
    """Four working days after the Tuesday before Easter is the Wednesday after; and back again."""
    assert working_days_from(TEAM, unix("2026-03-31 14:00"), 4) == unix("2026-04-08 14:00")
    assert working_days_from(TEAM, unix("2026-04-08 14:00"), -4) == unix("2026-03-31 14:00")
    assert np.isfinite(working_days_from(TEAM, datetime(2026, 12, 30, tzinfo=UTC).timestamp(), 4))
