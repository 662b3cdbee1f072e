"""When a digest is due: the wall clock of the team, moved off holidays, made up for within its week, never twice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.services.slots import due_week, first_of_month, monday, next_slot, open_until, slot
from bot.team import Team
from storage.rhythms import Rhythm

BERLIN = Team("Desk", tz="Europe/Berlin", country="DE")
NEW_YORK = Team("Desk", tz="America/New_York", country="US")


def at(text: str, tz: str) -> float:
    """Unix seconds of a wall-clock time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).timestamp()


@pytest.mark.parametrize(
    ("team", "week", "said"),
    [
        (BERLIN, date(2026, 3, 9), "2026-03-09 09:00"),
        (BERLIN, date(2026, 3, 30), "2026-03-30 09:00"),  # the day after the clocks went forward
        (BERLIN, date(2026, 10, 26), "2026-10-26 09:00"),  # … and back
        (BERLIN, date(2026, 4, 6), "2026-04-07 09:00"),  # Easter Monday
        (NEW_YORK, date(2026, 3, 9), "2026-03-09 09:00"),  # the day after the clocks went forward
        (NEW_YORK, date(2026, 11, 2), "2026-11-02 09:00"),  # … and back
        (NEW_YORK, date(2026, 5, 25), "2026-05-26 09:00"),  # Memorial Day
    ],
)
def test_it_is_due_by_the_teams_wall_clock(team: Team, week: date, said: str) -> None:
    """Nine o'clock is nine o'clock, also around a clock change; a holiday moves it to the next working day."""
    assert slot(team, Rhythm(), week) == at(said, team.tz)


def test_days_off_in_a_row_are_passed_over() -> None:
    """A digest of Friday goes past Good Friday, the weekend and Easter Monday; it still belongs to its own week."""
    friday = Rhythm(digest_day=4, digest_minute=870)
    assert slot(BERLIN, friday, date(2026, 3, 30)) == at("2026-04-07 14:30", BERLIN.tz)
    assert open_until(BERLIN, friday, date(2026, 3, 30)) == at("2026-04-08 00:00", BERLIN.tz)
    now = at("2026-04-07 14:30", BERLIN.tz)
    assert due_week(BERLIN, friday, now, 0, ()) == date(2026, 3, 30)


def test_a_team_that_works_on_other_days_is_told_on_them() -> None:
    """Where nobody works on Mondays, the first working day of the team's is taken."""
    late = Team("Desk", tz="UTC", hours="Wed-Sun 12:00-20:00")
    assert slot(late, Rhythm(digest_minute=720), date(2026, 3, 9)) == at("2026-03-11 12:00", "UTC")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-09 08:59", None),
        ("2026-03-09 09:00", date(2026, 3, 9)),
        ("2026-03-12 16:00", date(2026, 3, 9)),
        ("2026-03-15 23:59", date(2026, 3, 9)),
        ("2026-03-16 00:00", None),  # the week is over: what it would tell is old
        ("2026-03-16 09:00", date(2026, 3, 16)),
    ],
)
def test_a_missed_one_is_made_up_for_within_its_week(now: str, due: date | None) -> None:
    """Late is late but told; older is passed over."""
    told = (date(2026, 3, 2),)
    assert due_week(BERLIN, Rhythm(), at(now, BERLIN.tz), 0, told) == due


def test_what_was_told_is_not_due_and_what_lay_before_a_change_is_not_either() -> None:
    """A week that stands as told, and one whose time came before the team (or its wish) was there."""
    now = at("2026-03-11 10:00", BERLIN.tz)
    assert due_week(BERLIN, Rhythm(), now, 0, (date(2026, 3, 9),)) is None
    assert due_week(BERLIN, Rhythm(), now, at("2026-03-10 10:00", BERLIN.tz), ()) is None
    assert due_week(BERLIN, Rhythm("off"), now, 0, ()) is None


def test_monthly_is_the_first_of_a_month() -> None:
    """The first Monday of a month, once; when it was missed, the next Monday makes up for it."""
    monthly, told = Rhythm("monthly"), (date(2026, 3, 2),)
    assert next_slot(BERLIN, monthly, at("2026-03-02 09:00", BERLIN.tz), told) == at("2026-04-07 09:00", BERLIN.tz)
    assert due_week(BERLIN, monthly, at("2026-03-09 09:00", BERLIN.tz), 0, told) is None
    assert due_week(BERLIN, monthly, at("2026-04-13 09:00", BERLIN.tz), 0, told) == date(2026, 4, 13)
    assert first_of_month(BERLIN, monthly, date(2026, 3, 30), told) is False  # told earlier in March
    assert first_of_month(BERLIN, monthly, date(2026, 4, 6), told) is True


def test_a_team_that_wants_none_has_no_next() -> None:
    """Off is off."""
    assert next_slot(BERLIN, Rhythm("off"), 0, ()) is None


RHYTHMS = st.builds(Rhythm, st.sampled_from(["weekly", "monthly"]), st.integers(0, 6), st.integers(0, 1439))
TEAMS = st.builds(
    Team,
    st.just("Desk"),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Chatham", "America/Santiago"]),
    st.sampled_from(["Mon-Fri 09:00-17:00", "Sun-Thu 08:00-16:00", "Mon-Sun 00:00-24:00", "Wed 09:00-12:00"]),
    st.sampled_from([None, "DE", "US", "IL"]),
)


@example(  # a holiday moves the digest of Wednesday 12 May to the 19th, the day of the next one
    Team("Desk", "Europe/Berlin", "Wed 09:00-12:00", "IL"), Rhythm(), 473, [60, 442_740, 900_000, 900_000, 60]
)
@given(TEAMS, RHYTHMS, st.integers(0, 700), st.lists(st.integers(60, 900_000), min_size=5, max_size=60))
def test_whenever_it_looks_no_week_comes_twice(team: Team, rhythm: Rhythm, day: int, steps: list[int]) -> None:
    """Looked at at random times over weeks: each week at most once, in order, never before its time, one a month."""
    now = at("2026-01-05 00:00", team.tz) + day * 86_400
    told: list[date] = []
    for step in steps:
        now += step
        week = due_week(team, rhythm, now, 0, tuple(reversed(told)))
        if week is not None:
            assert week not in told
            assert slot(team, rhythm, week) <= now < open_until(team, rhythm, week)
            assert not told or week > told[-1]
            told.append(week)
        later = next_slot(team, rhythm, now, tuple(reversed(told)))
        assert later is not None
        assert later > now
    if rhythm.digest == "monthly":
        months = [datetime.fromtimestamp(slot(team, rhythm, week), ZoneInfo(team.tz)).date() for week in told]
        assert len({(d.year, d.month) for d in months}) == len(months)


@given(TEAMS, RHYTHMS, st.integers(0, 700))
def test_following_the_next_slot_misses_no_week(team: Team, rhythm: Rhythm, day: int) -> None:
    """A bot that is always there tells every week (or month) as soon as it is due."""
    now = at("2026-01-05 00:00", team.tz) + day * 86_400
    told: list[date] = [monday(team.tz, now) - timedelta(weeks=1), monday(team.tz, now)]
    for _ in range(8):
        coming = next_slot(team, rhythm, now, tuple(reversed(told)))
        assert coming is not None
        assert coming - now <= 45 * 86_400
        now = coming
        week = due_week(team, rhythm, now, 0, tuple(reversed(told)))
        assert week is not None
        assert slot(team, rhythm, week) == now
        told.append(week)
