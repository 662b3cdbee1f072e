"""Days away as people write them: read rightly, or refused with the part that cannot be read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInputError
from bot.messages.absences import typed
from handlers.away_words import AHEAD, LOOK_BACK, read_days, spread

SUNDAY = date(2026, 11, 22)


def days(first: str, last: str | None = None, part: float = 1.0) -> dict[date, float]:
    """Every day from one to another."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    return {begin + timedelta(days=n): part for n in range((end - begin).days + 1)}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3-5 Dec", days("2026-12-03", "2026-12-05")),
        ("3–5 DECEMBER", days("2026-12-03", "2026-12-05")),
        ("Dec 3-5", days("2026-12-03", "2026-12-05")),
        ("3rd Dec to 5th Dec", days("2026-12-03", "2026-12-05")),
        ("3.12.-5.12.", days("2026-12-03", "2026-12-05")),
        ("2026-12-03", days("2026-12-03")),
        ("2026-12-03 - 2026-12-05", days("2026-12-03", "2026-12-05")),
        ("24 Dec - 2 Jan", days("2026-12-24", "2027-01-02")),
        ("24 Dec - 2 Jan 2027", days("2026-12-24", "2027-01-02")),
        ("today", days("2026-11-22")),
        ("tomorrow", days("2026-11-23")),
        ("yesterday", days("2026-11-21")),
        ("Friday afternoon", days("2026-11-27", part=0.5)),
        ("on Fri", days("2026-11-27")),
        ("Sunday", days("2026-11-22")),
        ("Mon-Wed", days("2026-11-23", "2026-11-25")),
        ("next week", days("2026-11-23", "2026-11-29")),
        ("until Tuesday", days("2026-11-22", "2026-11-24")),
        ("half day Friday", days("2026-11-27", part=0.5)),
        ("morning of 3 Dec", days("2026-12-03", part=0.5)),
        ("half days 3-5 Dec", days("2026-12-03", "2026-12-05", 0.5)),
        ("Wed afternoon - Fri", days("2026-11-25", part=0.5) | days("2026-11-26", "2026-11-27")),
        ("Wed - Fri morning", days("2026-11-25", "2026-11-26") | days("2026-11-27", part=0.5)),
        ("3, 5 and 9 Dec", days("2026-12-03") | days("2026-12-05") | days("2026-12-09")),
        ("1 Nov", days("2026-11-01")),
        ("20 Nov", days("2026-11-20")),
        ("1 June", days("2027-06-01")),
        ("25 Oct", days("2026-10-25")),
        ("24 Oct", days("2027-10-24")),
        ("20 Oct - 2 Nov", days("2027-10-20", "2027-11-02")),
        ("3 Dec - Friday", days("2026-12-03", "2026-12-04")),
    ],
)
def test_days_are_read_as_they_are_meant(text: str, meant: dict[date, float]) -> None:
    """Dates, spans over the year's end, weekdays, lists and halves come out as the days they name."""
    assert read_days(text, SUNDAY) == meant


def test_a_day_lately_past_is_meant_as_past() -> None:
    """On 1 January, `24 Dec - 2 Jan` is the span that is under way."""
    assert read_days("24 Dec - 2 Jan", date(2027, 1, 1)) == days("2026-12-24", "2027-01-02")


def test_a_span_under_way_is_meant_even_where_it_began_too_long_ago() -> None:
    """On 22 November, `20 Oct - 30 Nov` is not next year's; what cannot be noted any more is said."""
    with pytest.raises(BadInputError, match=r"2026-10-20.*more than 28 days back"):
        read_days("20 Oct - 30 Nov", SUNDAY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sick", "'sick'"),
        ("3-5 Dec with the flu", "'with the flu'"),
        ("3/12", "'3/12'"),
        ("3", "'3'"),
        ("3 Dec -", "'-'"),
        ("", "3-5 Dec"),
        (",", "3-5 Dec"),
        ("31 Feb", "no such day"),
        ("2026-13-40", "no such day"),
        ("5-3 Dec", "before the first"),
        ("2026-12-05 - 2026-12-03", "before the first"),
        ("2026-01-05", f"more than {LOOK_BACK} days back"),
        ("2028-01-05", "more than a year ahead"),
        ("today - 9999-12-31", "more than a year ahead"),
        ("29 Feb", "more than a year ahead"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, said: str) -> None:
    """The answer holds the part that was not understood, or what is wrong with the day, and how to write it."""
    with pytest.raises(BadInputError) as refused:
        read_days(text, SUNDAY)
    assert said in str(refused.value)


@given(st.text(max_size=60))
def test_anything_typed_is_read_or_refused(text: str) -> None:
    """Whatever is typed, there are days within reach, or one of our errors."""
    try:
        found = read_days(text, SUNDAY)
    except BadInputError:
        return
    assert found
    assert min(found) >= SUNDAY - timedelta(days=LOOK_BACK)
    assert max(found) <= SUNDAY + timedelta(days=AHEAD)


near = st.integers(-LOOK_BACK, AHEAD).map(lambda n: SUNDAY + timedelta(days=n))


@given(st.dictionaries(near, st.sampled_from([0.5, 1.0]), min_size=1, max_size=12))
def test_days_as_they_are_told_can_be_typed_back(noted: dict[date, float]) -> None:
    """What the bot writes as an example of taking days back is read as exactly these days."""
    assert read_days(typed(noted), SUNDAY) == noted


def test_a_single_day_takes_the_smallest_part() -> None:
    """A span of one day whose end is half is half a day."""
    assert spread(SUNDAY, SUNDAY, (1.0, 1.0, 0.5), SUNDAY) == {SUNDAY: 0.5}
