"""Drift in the report: the keys of the docs, a reason for each null, and the same in words."""

from dataclasses import replace
from datetime import date

import pytest

from bot.health.results import Estimate, Level, Likely, Outlook, Unknown
from bot.report.report import report
from bot.report.report_text import text
from bot.team import Person, Team
from tests.messages.examples import calm, explained

TEAM = Team("Deal desk", people=tuple(Person(f"u{i}") for i in range(6)))


def test_the_keys_and_their_values() -> None:
    """Dates as ISO, shares with ranges that add up, the queue by its name."""
    drift = report(explained(), TEAM, {7: "deals"})["drift"]
    assert drift["began"] == {"week": "2026-04-13", "low": "2026-04-06", "high": "2026-04-27", "p": 0.97}
    assert sum(cause["share"]["value"] for cause in drift["causes"]["of"]) == pytest.approx(1)
    assert drift["causes"]["of"][0]["queue"] == "deals"
    assert (drift["outlook"]["doubles"], drift["outlook"]["already"]) == ("2026-06-19", 0.2)


def test_each_null_has_its_reason() -> None:
    """A calm team, a cause in no queue, a doubling that is unlikely: each says why."""
    shown = report(calm(), TEAM)
    assert shown["drift"] == {"began": None, "causes": None, "likely": None, "outlook": None}
    assert shown["data_quality"]["missing"]["drift.causes"] == "only a level of watch or danger is explained"
    unlikely = Outlook(None, 0.3, date(2026, 7, 20), Estimate(0.01, 0.0, 0.02))
    missing = report(replace(explained(), outlook=unlikely), TEAM)["data_quality"]["missing"]
    assert missing["drift.causes.of.queue"] == "that cause lies in no single queue"
    assert missing["drift.outlook.doubles"] == "that is less likely than not within eight weeks"


def test_the_words() -> None:
    """The terminal tells the same; of a calm team it tells nothing, not even that it is unknown."""
    said = text(report(explained(), TEAM, {7: "deals"}))
    for line in (
        "Began             week of 2026-04-13 (80% range 2026-04-06 to 2026-04-27)",
        "Load              +43% (80% range +31% to +56%; 7 weeks before, 4 now), of which",
        "71%  requests per open hour (80% range 55% to 87%), mostly in deals",
        "The wait doubles  about 2026-06-19; 64% sure by 2026-07-20, if the load goes on so",
    ):
        assert line in said
    ahead = explained().outlook
    assert ahead
    over = replace(explained(), outlook=replace(ahead, already=0.99))
    assert "The wait doubles  it has already (over 95% sure)" in text(report(over, TEAM))
    roster = replace(explained(), likely=Likely("hours", 0.86, Estimate(0.7, 0.6, 0.8)))
    said = text(report(roster, TEAM))
    assert "Likeliest change  hours on duty (86% sure)" in said
    assert "Seen at work      70% of the people on the roster (80% range 60% to 80%)" in said
    assert "rift" not in text(report(calm(), TEAM))


def test_an_unexplained_watch_says_why() -> None:
    """A watch whose causes are unknown names the reason."""
    found = replace(explained(level=Level.WATCH), causes=Unknown("too little was seen"))
    assert "Not known, too little was seen: drift.causes" in text(report(found, TEAM))
