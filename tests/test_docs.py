"""Pages that cannot lie: what they say of numbers, tables and settings is what the code says."""

import re
from pathlib import Path

import pytest

from bot.emoji import MEANINGS
from bot.health import drift, level, weeks
from bot.health.seen import utilization
from bot.privacy import page as privacy
from storage import schema
from tests import levels_example

DOCS = Path(__file__).parents[1] / "docs"


def test_the_worked_example_is_what_the_code_computes() -> None:
    """Both tables of docs/levels.md come out of the code that judges live, digit by digit."""
    page = (DOCS / "levels.md").read_text()
    assert page.count("<!-- example:") == page.count("<!-- end -->") == 2
    assert levels_example.filled(page) == page, (
        "run PYTHONPATH=. python tests/levels_example.py and read the page again"
    )


def test_the_story_told_around_the_example_is_true() -> None:
    """Demand rises in week 5, watch is told in week 7, danger stands from week 8 to 11 and is over in week 12."""
    rows = [row.split(" | ") for row in levels_example.weeks().splitlines()[2:]]
    told = ["unknown", *["healthy"] * 5, "watch", *["danger"] * 4, *["healthy"] * 5]
    assert [row[-1].strip(" |") for row in rows] == told
    over = [float(row[4]) if row[4] != "–" else 0.0 for row in rows]
    assert [number for number, chance in enumerate(over, 1) if chance >= level.LIKELY] == [7, 8, 9, 10]


def test_the_rule_names_the_numbers_of_the_code() -> None:
    """The distances, odds and least counts on the page are the constants of the code."""
    page = (DOCS / "levels.md").read_text()
    assert f"P(ρ > ρ\\*) ≥ {level.LIKELY} " in page
    for distance in (level.NEAR, level.LEAVE_DANGER, level.LEAVE_WATCH):
        assert re.search(rf"ρ\\\* − {distance}\) [≥≤]", page), distance
    assert f"≤ {level.DOUBTFUL} two weeks running" in page
    assert f"fewer than {utilization.ENOUGH_JOBS} jobs" in page
    assert f"at most {utilization.PARKED} when work exceeds wait, {utilization.SLOW}" in page.replace("\n   ", " ")
    assert (weeks.ROLLING, weeks.LEAST) == (4, 2)
    assert f"P(ρ > ρ\\* − {level.NEAR}) ≥ {level.SURE} " in page
    numbers = (*drift.WEIGHTS, drift.USUAL_ABSENCE, drift.LOAD_ALONE, drift.ENTER, drift.LEAVE, drift.NEAR_ENOUGH)
    for number in numbers:
        assert f"{number:g}" in page, number
    assert (drift.LEARNED, drift.WINDOW, drift.DAYS, drift.MANY) == (42, 14, 2, 0.75)


def test_every_meaning_of_a_reaction_stands_on_the_page() -> None:
    """The table of docs/emoji.md is the one of the code: what it says, the usual names, whose counts."""
    rows = [row for row in (DOCS / "emoji.md").read_text().splitlines() if row.startswith("| ")][1:]
    told = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [(says, tuple(re.findall(r"`:(\w+):`", usual)), by) for says, usual, by in told] == [
        (m.says, m.usual, "anybody" if m.anybody else "those who answer") for m in MEANINGS
    ]


def test_the_privacy_page_is_made_from_schema_and_manifest() -> None:
    """docs/privacy.md is what bot/privacy/page.py says today."""
    mend = "write it anew: python -c 'from bot import privacy; print(privacy.text(), end=str())' > docs/privacy.md"
    assert (DOCS / "privacy.md").read_text() == privacy.text(), mend


def test_no_column_is_kept_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that nobody described stops the page from being made, by name."""
    more = {**schema.columns(), "signals": (*schema.columns()["signals"], "text")}
    monkeypatch.setattr(schema, "columns", lambda: more)
    with pytest.raises(LookupError, match=r"signals\.text$"):
        privacy.text()
