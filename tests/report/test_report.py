"""Reports: every key of the contract is there, every gap has its reason, and the text says the same."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInputError
from bot.health.results import (
    UNTOLD,
    Assessment,
    Basis,
    Capacity,
    Coordination,
    Estimate,
    Flow,
    Growth,
    Level,
    Quality,
    Rate,
    Reason,
    Remedy,
    Resilience,
    Spread,
    Unknown,
    Utilization,
    Week,
)
from bot.importing import options
from bot.importing import run as imports
from bot.report import report
from bot.report.report_text import text
from bot.team import Person, Team
from storage.database import Database
from tests.fresh import fresh

DATA = Path(__file__).parents[1] / "data"
NOW = 1_767_225_600.0
TEAM = Team("Deal desk", tz="Europe/Berlin", people=(Person("u1"), Person("u2"), Person("u3")))
EMPTY = Assessment(
    NOW, 28, Level.UNKNOWN, Unknown("no complete week has been seen yet"), (), Flow(), Capacity(3), Resilience()
)
FULL = Assessment(
    as_of=NOW,
    window_days=28,
    level=Level.WATCH,
    since=date(2025, 12, 8),
    reasons=(
        Reason("utilization", 0.91, 0.84, "share", Level.WATCH),
        Reason("open", 12, None, "requests", Level.HEALTHY),
    ),
    flow=Flow(41.3, 40.1, 12, Spread(2.1, 8, 3.2, 160), Spread(5, 20, 8, 150), 1.2, 0.9, 1.5, 0.05),
    capacity=Capacity(
        3, 108, Utilization(0.91, 0.84, 0.98, Basis.CLAIMS, Estimate(0.8, 0.75, 0.85), 0.9, 0.7, True), 0.84, 0.7, 6.5
    ),
    resilience=Resilience(Estimate(10, 5, 15), -0.02, -0.2, 3.5),
    weeks=(
        Week(date(2025, 12, 22), 40, 41, 108, 3.1, Estimate(0.9, 0.8, 1.0), 0.84, 0.7, Level.WATCH),
        Week(date(2025, 12, 15), 40, 41, 108, UNTOLD, UNTOLD, UNTOLD, UNTOLD, Level.UNKNOWN),
    ),
    quality=Quality(Rate(0.05, 0.03, 0.09, 150), Rate(0.01, 0.0, 0.04, 160), Rate(0.2, 0.14, 0.27, 160)),
    little_ratio=0.98,
    notes=("The roster may be out of date.",),
    remedies=(Remedy("add_cover"),),
)
CONTRACT = {
    "": "team as_of window_days level since reasons flow capacity resilience quality focus coordination data_quality",
    "flow": "arrivals_per_week done_per_week open wait_hours cycle_hours arrival_scv service_scv trend",
    "flow.wait_hours": "p50 p90 mean",
    "flow.cycle_hours": "p50 p90 mean",
    "capacity": "people hours_per_week utilization danger_line p_over_line predicted_wait_hours",
    "capacity.utilization": "value low high basis",
    "resilience": "slack_hours_per_week surge_tolerance surge_requests_per_day recovery_days_one_away",
    "quality": "reopen_rate escalation_rate",
    "quality.reopen_rate": "value low high n",
    "quality.escalation_rate": "value low high n",
    "coordination": "chase_share",
    "coordination.chase_share": "value low high n",
}


def leaf(found: dict[str, Any], path: str) -> Any:
    for part in filter(None, path.split(".")):
        found = found[part]
    return found


def nulls(value: Any, path: str = "") -> Iterator[str]:
    """Paths of all nulls; those of list items are the list's."""
    if value is None:
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from nulls(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from nulls(inner, path)


def test_every_key_of_the_contract_is_there() -> None:
    """A full assessment gives all keys, each with its value."""
    shown = report.report(FULL, TEAM)
    for path, keys in CONTRACT.items():
        assert set(keys.split()) <= set(leaf(shown, path)), path
    assert {"signal", "level", "value", "unit", "line", "text"} <= set(shown["reasons"][0])
    assert shown["team"] == "Deal desk"
    assert shown["as_of"] == "2026-01-01T01:00:00+01:00"
    assert shown["level"] == "watch"
    assert shown["since"] == "2025-12-08"
    assert shown["capacity"]["utilization"]["basis"] == "claims"
    assert shown["resilience"]["slack_hours_per_week"] == 10
    assert shown["reasons"][0]["text"] == "Utilization: 91%, held against 84%"


def test_keys_stay_when_nothing_is_known() -> None:
    """A team of which nothing is known has every key of the first two floors, null, with the reason beside."""
    shown = report.report(EMPTY, TEAM)
    for path in ("", "flow", "capacity", "resilience", "quality", "coordination"):
        assert set(CONTRACT[path].split()) <= set(leaf(shown, path)), path
    missing = shown["data_quality"]["missing"]
    assert shown["capacity"]["utilization"] is None
    assert missing["level"] == "no complete week has been seen yet"
    assert missing["focus"]


def test_the_reason_is_the_one_that_was_found() -> None:
    """A gap carries the reason that thinking gave, also for keys that belong to the same figure."""
    found = replace(EMPTY, resilience=Resilience(Unknown("nobody was on duty")))
    missing = report.report(found, TEAM)["data_quality"]["missing"]
    assert missing["resilience.slack_hours_per_week"] == "nobody was on duty"
    assert missing["resilience.slack_hours_per_week_low"] == "nobody was on duty"


FLOATS = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf])
GAPS = st.just(Unknown("why"))
NUMBERS = GAPS | FLOATS
SPREADS = GAPS | st.builds(Spread, FLOATS, FLOATS, FLOATS, st.integers(0, 99))
RATES = GAPS | st.builds(Rate, FLOATS, FLOATS, FLOATS, st.integers(0, 99))
ESTIMATES = st.builds(Estimate, FLOATS, FLOATS, FLOATS)
ASSESSMENTS = st.builds(
    Assessment,
    as_of=st.just(NOW),
    window_days=st.integers(1, 999),
    level=st.sampled_from(Level),
    since=GAPS | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    reasons=st.lists(
        st.builds(Reason, st.just("wait"), FLOATS, st.none() | FLOATS, st.just("hours"), st.sampled_from(Level)),
        max_size=2,
    ).map(tuple),
    flow=st.builds(Flow, NUMBERS, NUMBERS, st.integers(0, 9), SPREADS, SPREADS, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    capacity=st.builds(
        Capacity,
        st.integers(0, 9),
        NUMBERS,
        GAPS | st.builds(Utilization, FLOATS, FLOATS, FLOATS, st.sampled_from(Basis), ESTIMATES, NUMBERS, NUMBERS),
        NUMBERS,
        NUMBERS,
        NUMBERS,
    ),
    resilience=st.builds(Resilience, GAPS | ESTIMATES, NUMBERS, NUMBERS, NUMBERS),
    weeks=st.lists(
        st.builds(
            Week,
            st.dates(date(1970, 1, 1), date(2100, 1, 1)),  # moments that --at takes, and history before them
            st.integers(0, 9),
            st.integers(0, 9),
            FLOATS,
            NUMBERS,
            GAPS | ESTIMATES,
            NUMBERS,
            NUMBERS,
            st.sampled_from(Level),
        ),
        max_size=2,
    ).map(tuple),
    quality=st.builds(Quality, RATES, RATES, RATES, RATES),
    little_ratio=NUMBERS,
    remedies=st.sampled_from([(Remedy("add_cover"),), ()]),
)


@given(ASSESSMENTS)
def test_no_gap_is_without_a_reason(found: Assessment) -> None:
    """Whatever is missing or not a number comes out as null with a reason, and the whole is strict JSON."""
    shown = json.loads(json.dumps(report.report(found, TEAM), allow_nan=False))
    missing = shown["data_quality"]["missing"]
    for path in nulls({key: value for key, value in shown.items() if key != "data_quality"}):
        assert missing[path]
    if isinstance(found.little_ratio, Unknown) or not math.isfinite(found.little_ratio):
        assert shown["data_quality"]["little_ratio"] is None
        assert missing["data_quality.little_ratio"]


@given(ASSESSMENTS)
def test_the_text_can_always_be_written(found: Assessment) -> None:
    """Every report can be read in a terminal, and never says nan, inf or None."""
    lines = text(report.report(found, TEAM))
    assert lines.startswith("Deal desk")
    for word in ("nan", "inf", "None", "null"):
        assert f" {word}" not in lines


def test_the_text_has_units_ranges_and_basis() -> None:
    """Utilization stands with its range and basis, waits with their unit and number, slack with what it pays for."""
    lines = text(report.report(FULL, TEAM))
    assert "Utilization       91% (80% range 84%–98%, from claims and dones)" in lines
    assert "half within 2.1 working hours, nine of ten within 8.0, mean 3.2 (160 requests)" in lines
    assert "Slack             10 h a week (80% range 5 to 15)" in lines
    assert "It pays for the bad weeks" in lines
    assert "Came back         5.0% of 150 (95% range 3.0%–9.0%)" in lines
    assert "Parked work" in lines
    assert "One thing to do: find cover for a while." in lines
    assert "The roster may be out of date." in lines


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_every_key_is_documented() -> None:
    """docs/report.md names each key that a report can have."""
    page = (Path(__file__).parents[2] / "docs" / "report.md").read_text()
    shown = report.report(FULL, TEAM)
    del shown["data_quality"]["missing"]  # its keys are those of the report
    for key in set(keys(shown)) - {"slack_hours_per_week_low", "slack_hours_per_week_high"}:
        assert re.search(rf"[`*]{key}[`*]", page) or f"`{key}" in page, key


# From the store


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    base = fresh(tmp_path / "headroom.db")
    form = options.form(
        case="case",
        activity="activity",
        time="ts",
        actor="resource",
        kinds=["Take in charge ticket=claim", "Resolve ticket=done"],
    )
    change, _ = options.team_change(
        team_file=None, people=8, hours="Mon-Fri 08:00-18:00", tz="Europe/Rome", country=None
    )
    imports.run(base, DATA / "helpdesk_excerpt.csv", "Desk", form, change)
    yield base
    base.close()


def clock() -> float:
    return NOW


def test_an_imported_team_is_seen_at_its_last_signal(db: Database) -> None:
    """Without --at the report stands at the log's end, long ago, and --window all covers the whole log."""
    shown = report.run(db, "Desk", None, "all", clock)
    assert shown["as_of"] == "2011-02-28T08:40:39+01:00"  # its last Resolve ticket, 07:40:39 UTC
    assert shown["window_days"] == 49  # 2011-01-10 08:50 UTC to then, begun days counted
    assert shown["flow"]["arrivals_per_week"] == pytest.approx(60 / 7, rel=0.001)
    assert shown["flow"]["open"] == 0
    assert shown["capacity"]["people"] == 8


def test_a_moment_may_be_chosen(db: Database) -> None:
    """--at is team time where it has no offset, and nothing after it is known."""
    early = report.run(db, "Desk", "2011-01-12T12:00", "28", clock)
    assert early["as_of"] == "2011-01-12T12:00:00+01:00"
    assert early == report.run(db, "Desk", "2011-01-12T11:00+00:00", "28", clock)
    assert early["flow"]["open"] > 0


def test_what_a_log_never_records_is_not_known(db: Database) -> None:
    """A log without escalations says nothing of them; that is no rate of zero."""
    shown = report.run(db, "Desk", None, "all", clock)
    assert shown["quality"]["escalation_rate"] is None
    assert shown["data_quality"]["missing"]["quality.escalation_rate"] == "the log records no escalations"
    assert shown["coordination"]["chase_share"] is None


def test_a_team_of_two_shows_no_utilization(db: Database, tmp_path: Path) -> None:
    """Where utilization would be a person's, it is null and the reason says so; waits stay."""
    change, _ = options.team_change(team_file=None, people=2, hours=None, tz=None, country=None)
    log = tmp_path / "s.jsonl"
    log.write_text(
        "".join(
            json.dumps({"ts": NOW + 3600 * i + 600 * j, "kind": kind, "request": str(i), "actor": "u1"}) + "\n"
            for i in range(600)
            for j, kind in enumerate(("arrival", "claim", "done"))
        )
    )
    imports.run(db, log, "Pair", None, change)
    shown = report.run(db, "Pair", None, "28", clock)
    assert shown["capacity"]["utilization"] is None
    assert "a person's" in shown["data_quality"]["missing"]["capacity.utilization"]
    assert shown["resilience"]["slack_hours_per_week"] is None
    assert shown["flow"]["wait_hours"] is not None
    hidden = ["flow.done_per_week", "flow.cycle_hours", "flow.service_hours", "flow.service_scv"]
    hidden += ["quality.reopen_rate", "quality.escalation_rate", "coordination.chase_share", "capacity.hours_per_week"]
    missing = shown["data_quality"]["missing"]
    for path in hidden:
        assert leaf(shown, path) is None
        assert missing[path]
    assert missing["flow.done_per_week"] == "in a team of one or two, this would be a person's figure"
    assert missing["weeks.capacity_hours"] == missing["weeks.done"] == missing["flow.cycle_hours"]
    assert shown["weeks"]
    assert {(week["done"], week["capacity_hours"]) for week in shown["weeks"]} == {(None, None)}
    assert shown["flow"]["arrivals_per_week"] > 0
    assert text(shown)


@pytest.mark.parametrize(
    ("team", "at", "window", "said"),
    [
        ("Dsek", None, "28", "--team is 'Dsek': there is no such team; there are Desk"),
        ("Desk", "yesterday", "28", "--at is 'yesterday': write a moment"),
        ("Desk", "9999-12-31T23:59", "28", "--at is"),
        ("Desk", None, "0", "--window is '0': write a number of days"),
        ("Desk", None, "four weeks", "--window is 'four weeks'"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    db: Database, team: str, at: str | None, window: str, said: str
) -> None:
    """Each option is named with its value and mend."""
    with pytest.raises(BadInputError, match=said):
        report.run(db, team, at, window, clock)


def test_the_parts_of_coordination_are_told() -> None:
    """Each part with its share of the same messages, in the JSON and for people; whether they outgrow the work too."""
    whole, asked, handed, back, clear = (Rate(p, p / 2, p * 2, 400) for p in (0.2, 0.1, 0.04, 0.01, 0.05))
    grown = replace(
        FULL, coordination=Coordination(whole, asked, handed, back, clear), growth=Growth(1.6, 1.2, 2.0, 1.5, 12)
    )
    shown = report.report(grown, TEAM)
    parts = shown["coordination"]["parts"]
    assert [part["value"] for part in parts.values()] == [0.1, 0.04, 0.01, 0.05]
    assert shown["coordination"]["message_share"]["value"] == 0.2
    said = text(shown)
    assert "Of all messages   20.0% of 400" in said
    assert "Bounces back      1.0% of 400" in said
    assert "power of 1.6 (1.2–2.0, 95% range); by Theil–Sen 1.5, 12 weeks: faster than the work" in said
    unsure = replace(grown, growth=Growth(1.6, 0.9, 2.3, 1.5, 12))
    assert "not clearly faster" in text(report.report(unsure, TEAM))
    none = Unknown("nobody claims requests, so nobody sees when work starts")
    unclaimed = replace(grown, coordination=Coordination(whole, asked, handed, back, none), growth=UNTOLD)
    bare = report.report(unclaimed, TEAM)
    assert bare["data_quality"]["missing"]["coordination.parts.clarifications"].startswith("nobody claims")
    assert "Asking back       not known" in text(bare)
