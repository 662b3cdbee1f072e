"""Pages that cannot lie: what they say of numbers, tables and settings is what the code says."""

import re
from pathlib import Path

import pytest

from bot.emoji import MEANINGS
from bot.health import weeks
from bot.health.days import FIRST
from bot.health.results import Alerting, Level
from bot.health.results.standing import CALM, LEAST_JOBS, SHORTER
from bot.health.seen import utilization
from bot.health.verdict import evidence, references, standing
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
    """Both answers are bad in week 8: danger from then on, watch from week 10, healthy from week 13."""
    rows = [row.split(" | ") for row in levels_example.weeks().splitlines()[2:]]
    told = ["unknown"] * 2 + ["healthy"] * 5 + ["danger"] * 2 + ["watch"] * 3 + ["healthy"] * 4
    assert [row[-1].strip(" |") for row in rows] == told
    waits = [number for number, row in enumerate(rows, 1) if row[5] != "–" and float(row[5]) >= 1]
    full = [number for number, row in enumerate(rows, 1) if row[4] != "–" and float(row[4]) >= standing.FULL]
    assert (waits, full) == ([7, 8], [8, 9, 10])


def test_the_rule_names_the_numbers_of_the_code() -> None:
    """Bars, weights, days and least counts on the page are the constants of the code."""
    page = (DOCS / "levels.md").read_text().replace("\n", " ")
    weights = (evidence.PEOPLE, evidence.LEFT, evidence.LOAD, evidence.AGAIN, evidence.CHASED)
    assert [
        float(row) for row in re.findall(r"\| (\d+\.?\d*) \| ?(?=\|| Weights)", page.partition("| weight |")[2])
    ] == [*weights]
    assert f"beyond {evidence.USUAL_ABSENCE:g}" in page
    assert f"{evidence.ALWAYS:g}²" in page
    assert f"at most {evidence.MOST:g}" in page
    assert f"({evidence.IDLE:g} added to both" in page
    assert f"{evidence.LONGER:g} times as long as in calm is 1" in page
    assert (evidence.SHORT, evidence.LONG, FIRST, references.OLD, references.MANY) == (14, 28, 42, 28, 0.75)
    assert f"{standing.HEIGHT:g} times what utilization is over" in page
    assert f"No from a strain of {standing.FULL:g} on, or where {standing.ROOM:g} of" in page
    assert f"strain of {standing.STRAINED:g} times its bar, waits of {standing.ALONE:g}" in page
    bars, grown = standing.BARS, standing.GROWN
    assert f"{bars[Alerting.USUAL]} ({bars[Alerting.EARLIER]} *earlier*, {bars[Alerting.QUIETER]} *quieter*)" in page
    assert f"{grown[Alerting.USUAL]} times that of calm ({grown[Alerting.EARLIER]}, {grown[Alerting.QUIETER]})" in page
    assert f"less than {standing.NEAR:g} below the line" in page
    assert f"after {standing.DOWN[Level.DANGER]} working days without" in page
    assert f"after {standing.DOWN[Level.WATCH]} working days without" in page
    assert f"({1 - SHORTER / 2:g}; over 14 days as good as calm, {1 - CALM / 2:g})" in page
    assert (standing.UP, standing.TWICE, standing.EASED, standing.LEFT, standing.WAITED) == (2, 2.0, 0.5, 0.5, 0.5)
    assert f"fewer than {LEAST_JOBS} requests in its calm weeks" in page
    assert f"at most {utilization.PARKED} when work exceeds wait, {utilization.SLOW}" in re.sub(r" +", " ", page)
    assert (weeks.ROLLING, weeks.LEAST) == (4, 2)


def test_every_meaning_of_a_reaction_stands_on_the_page() -> None:
    """The table of docs/emoji.md is the one of the code: what it says, the usual names, whose counts."""
    rows = [row for row in (DOCS / "emoji.md").read_text().splitlines() if row.startswith("| ")][1:]
    told = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [(says, tuple(re.findall(r"`:(\w+):`", usual)), by) for says, usual, by in told] == [
        (m.says, m.usual, "anybody" if m.anybody else "those who answer") for m in MEANINGS
    ]


def test_the_privacy_page_is_made_from_schema_and_manifest() -> None:
    """docs/privacy.md is what bot/privacy/page.py says today."""
    mend = "write it anew: python -c 'from bot.privacy import page; print(page.text(), end=str())' > docs/privacy.md"
    assert (DOCS / "privacy.md").read_text() == privacy.text(), mend


def test_no_column_is_kept_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that nobody described stops the page from being made, by name."""
    more = {**schema.columns(), "signals": (*schema.columns()["signals"], "text")}
    monkeypatch.setattr(schema, "columns", lambda: more)
    with pytest.raises(LookupError, match=r"signals\.text$"):
        privacy.text()
