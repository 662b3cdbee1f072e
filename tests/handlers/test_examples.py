"""Every example of days that our pages and messages give can be typed, on every day of three years."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import handlers
from handlers.away_words import AHEAD, LOOK_BACK, MEND, read_days
from handlers.plans import read_change, read_plan, read_planned
from handlers.rows import Word

ROOT = Path(__file__).parents[2]
WORDS = "plan|change|away"
VERBS = ("cancel", "cancel all")
YEARS = [date(2026, 1, 1) + timedelta(days=n) for n in range(3 * 365 + 1)]  # 2028 has a leap day

SPANS = re.compile(rf"`/headroom\s+({WORDS})\s+([^`{{}}]+)`")
"""As code, on a page or in a message that has no gap to fill."""

HEADINGS = re.compile(rf"^#+ `?/headroom ({WORDS}) ([^`;\n]+)", re.MULTILINE)
CONSTANTS = re.compile(rf"""^_?EXAMPLE = (["'])/headroom ({WORDS}) (.+)\1$""", re.MULTILINE)
SENTENCES = re.compile(rf"""(?:like|for example) /headroom ({WORDS}) ([^"'{{,]+)""")
CODE = re.compile(r"`([^`]+)`")

NAMED = re.compile(r"(\d+)(?:-(\d+))? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")
MONTHS = {f"{date(2026, month, 1):%b}": month for month in range(1, 13)}


def given() -> Iterator[tuple[str, str]]:
    """(Word, what stands after it), wherever an example is given."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    for path in [*pages, *(ROOT / "bot" / "messages").glob("*.py"), *(ROOT / "handlers").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        yield from (found for pattern in (SPANS, HEADINGS, SENTENCES) for found in pattern.findall(text))
        yield from ((word, rest) for _, word, rest in CONSTANTS.findall(text))
    for command in (row.command for row in handlers.ROWS if isinstance(row, Word)):
        if command.word in WORDS.split("|"):
            yield from ((command.word, rest) for line in command.lines.values() for rest in CODE.findall(line))
    listed = MEND.partition("such as ")[2].partition(";")[0]
    yield from (("away", rest) for rest in re.split(r", | or ", listed))


SAID = {(word, " ".join(said.split()).rstrip(".")) for word, said in given()}
EXAMPLES = sorted((word, rest) for word, rest in SAID if rest.split()[0] != "list" and rest not in VERBS)


def named(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """(Month, day) of the first and the last day that are named by day and month; None where none is."""
    days = [(MONTHS[m], int(d)) for first, last, m in NAMED.findall(text) for d in (first, last or first)]
    return (days[0], days[-1]) if days else None


def month_and_day(day: date) -> tuple[int, int]:
    return day.month, day.day


def test_the_examples_are_found() -> None:
    """Those of the README, of each page, of help, of the messages and of refusals are among them."""
    assert {
        ("plan", "15-31 Dec +40%"),
        ("plan", "cancel 15 Dec"),
        ("change", '"assistant live"'),
        ("change", '"assistant live" 15 Dec'),
        ("change", "cancel 15 Dec"),
        ("change", "cancel 21 Sep"),
        ("away", "Thu-Fri"),
        ("away", "3-5 Dec"),
        ("away", "Friday afternoon"),
        ("away", "24 Dec - 2 Jan"),
        ("away", "tomorrow"),
        ("away", "19-20 Mar, 3 Apr half"),
        ("away", "cancel 3-5 Dec"),
    } <= set(EXAMPLES)


@pytest.mark.parametrize(("word", "text"), EXAMPLES)
def test_an_example_works_on_every_day(word: str, text: str) -> None:
    """It is not refused, and means the days it names: the next ones, the ones under way, or for changes the nearest."""
    whole = named(text)
    for today in YEARS:
        if word == "plan" and not text.startswith("cancel"):
            since, until, share = read_plan(text, today)
            assert share > 0
            assert today <= since <= until <= today + timedelta(days=AHEAD)
            if whole is not None:
                assert month_and_day(until) == whole[1]
                assert month_and_day(since) == whole[0] or (since == today and month_and_day(since) > whole[0])
        elif word == "plan":
            days = read_planned(text.removeprefix("cancel "), today)
            assert whole is not None
            assert {month_and_day(day) for day in days} == {whole[0]}
            assert any(day >= today for day in days)
        elif word == "change":
            _, day = read_change(text if text.startswith('"') else text.replace("cancel", '"it"'), today)
            assert day == today if whole is None else month_and_day(day) == whole[0]
            assert abs((day - today).days) <= 183
        else:
            found = list(read_days(text.removeprefix("cancel "), today))
            assert today - timedelta(days=LOOK_BACK) <= found[0] <= found[-1] <= today + timedelta(days=AHEAD)
            if whole is not None and "," not in text:
                assert (month_and_day(found[0]), month_and_day(found[-1])) == whole


@pytest.mark.parametrize(
    ("today", "since", "until"),
    [
        (date(2027, 12, 14), date(2027, 12, 15), date(2027, 12, 31)),
        (date(2027, 12, 15), date(2027, 12, 15), date(2027, 12, 31)),
        (date(2027, 12, 20), date(2027, 12, 20), date(2027, 12, 31)),
        (date(2027, 12, 31), date(2027, 12, 31), date(2027, 12, 31)),
        (date(2028, 1, 1), date(2028, 12, 15), date(2028, 12, 31)),
    ],
)
def test_a_peak_under_way_is_what_is_left_of_it(today: date, since: date, until: date) -> None:
    """Until its last day the stretch is this year's, from today on; the day after, it is the next one."""
    assert read_plan("15-31 Dec +40%", today) == (since, until, 0.4)


@pytest.mark.parametrize(
    ("today", "meant"),
    [
        (date(2027, 1, 2), date(2026, 12, 15)),
        (date(2027, 6, 15), date(2026, 12, 15)),
        (date(2027, 6, 16), date(2027, 12, 15)),
        (date(2027, 12, 14), date(2027, 12, 15)),
        (date(2028, 6, 15), date(2027, 12, 15)),
    ],
)
def test_a_change_without_a_year_is_the_nearest(today: date, meant: date) -> None:
    """It was made, or is about to be, within half a year; of two that are as near, the one that was."""
    assert read_change('"assistant live" 15 Dec', today)[1] == meant
