"""Bad input, through the real command line: a clear sentence or `unknown` with its reason, never a number from nothing.

Each log goes the whole way: import, report, backtest, what-if, as text and as JSON that any strict reader takes.
"""

import json
import math
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.results import Level, Unknown
from bot.report import backtest
from bot.report.report import report
from bot.signal import Kind, Signal
from bot.team import Person, Team
from tests.budget import examples
from tests.health.desk import simulate

MONDAY = 1_704_096_000.0
"""2024-01-01 08:00 UTC, an hour before this desk opens in winter."""
HOUR, DAY, WEEK = 3600.0, 86_400.0, 604_800.0
FIRST = date(2024, 1, 1)

Rows = list[dict[str, Any]]
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a folder and an environment of its own."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("HEADROOM_", "SLACK_"))]:
        monkeypatch.delenv(name)


def headroom(*arguments: str) -> Result:
    """One command; whatever goes wrong ends it with a sentence, never with an exception."""
    run = CliRunner().invoke(main, arguments)
    assert run.exception is None or isinstance(run.exception, SystemExit), arguments
    return run


def refuse(word: str) -> None:
    raise AssertionError(f"{word} in JSON")


def strict(text: str) -> Json:
    found: Json = json.loads(text, parse_constant=refuse)
    return found


def day(n: int) -> str:
    return (FIRST + timedelta(days=n)).isoformat()


def ordinary(weeks: int = 10, each_day: int = 8, spare: tuple[int, int] = (0, 0), exact: bool = False) -> Rows:
    """A desk of four at a third of its capacity; nothing comes on days `spare`; `exact`: every time is the same."""
    dice, rows = random.Random(7), []
    for n in range(weeks * 7):
        if n % 7 > 4 or spare[0] <= n < spare[1]:
            continue
        for k in range(each_day):
            came = MONDAY + n * DAY + HOUR * (2 + k / 2 if exact else 1 + dice.random() * 6)
            begun = came + (0.25 * HOUR if exact else dice.expovariate(3) * HOUR)
            over = begun + (HOUR if exact else dice.expovariate(1) * HOUR)
            rows += told(f"R{n}-{k}", came, begun, over, f"u{k % 4}")
    return rows


def told(request: str, came: float, begun: float, over: float, who: str) -> Rows:
    return [
        {"ts": came, "kind": "arrival", "request": request},
        {"ts": begun, "kind": "claim", "request": request, "actor": who},
        {"ts": over, "kind": "done", "request": request, "actor": who},
    ]


def moved(rows: Rows, kind: str, by: float) -> Rows:
    return [{**row, "ts": row["ts"] + by * (row["kind"] == kind)} for row in rows]


def people(*roster: Json) -> Json:
    return {"name": "Desk", "tz": "Europe/Berlin", "hours": "Mon-Fri 09:00-17:00", "people": list(roster)}


def four(**said: Any) -> Json:
    return people(*({"id": f"u{i}", **said} for i in range(4)))


def daily(low: int, high: int) -> Json:
    """Another number of people every day, each new, `low` to `high` of them."""
    dice = random.Random(3)
    return people(
        *(
            {"id": f"v{n}-{i}", "from": day(n), "until": day(n)}
            for n in range(-7, 90)
            for i in range(dice.randint(low, high))
        )
    )


def leaping() -> Rows:
    """A clock that is three hours behind now and then, a week ahead at times, and an hour off in summer."""
    return [
        {**row, "ts": row["ts"] - 3 * HOUR * (i // 30 % 3 == 1) + WEEK * (i // 30 % 7 == 2) + HOUR * (i > 300)}
        for i, row in enumerate(ordinary())
    ]


def surge(number: int) -> Rows:
    """Five ordinary weeks, then so many requests within a minute, half of which are closed within the week."""
    dice, rows = random.Random(5), ordinary(5)
    for k in range(number):
        came = MONDAY + 5 * WEEK + 2 * HOUR + 60 * dice.random()
        facts = told(f"B{k}", came, came + 60 + dice.random() * DAY, came + (1 + 3 * dice.random()) * DAY, f"u{k % 4}")
        rows += facts if k % 2 else facts[:1]
    return rows


def once_a_week() -> Rows:
    days = [MONDAY + n * WEEK for n in range(10)]
    return [
        row
        for n, at in enumerate(days)
        for row in told(f"R{n}", at + 2 * HOUR, at + 2.5 * HOUR, at + 4 * HOUR, f"u{n % 4}")
    ]


@dataclass(frozen=True)
class Case:
    """A log, its team, and what must be read in the report.

    Attributes:
        rows: Signals.
        team: The team file.
        says: Words of the text report.
        known: Whether utilization may be told.
        level: Levels that may be told.
        asked: Words with which the what-if is refused; None: it is answered.
        at: As of when, the last signal otherwise.
    """

    rows: Rows
    team: Json = field(default_factory=four)
    says: str = ""
    known: bool = True
    level: tuple[str, ...] = ("healthy", "watch", "danger")
    asked: str | None = None
    at: str | None = None


UNKNOWN = ("unknown",)
THIN = "too little has been seen"

CASES = {
    "nobody there for weeks, work goes on": lambda: Case(ordinary(), four(off=[day(n) for n in range(28, 42)])),
    "nobody there for weeks, none comes": lambda: Case(
        ordinary(spare=(28, 42)), four(off=[day(n) for n in range(28, 42)])
    ),
    "nobody there in the last weeks": lambda: Case(
        ordinary(), four(off=[day(n) for n in range(40, 71)]), "nobody was on duty", False, UNKNOWN, "nobody was on"
    ),
    "hardly anybody there in the last weeks": lambda: Case(
        ordinary(), four(off=[day(n) for n in range(43, 71)]), "far more hours were worked", False,
        ("healthy", "unknown"), THIN,
    ),
    "everybody left": lambda: Case(
        ordinary(), four(until=day(30)), "nobody is on the roster", False, UNKNOWN, "nobody is on the roster"
    ),
    "nobody ever": lambda: Case(ordinary(), people(), "nobody is on the roster", False, UNKNOWN, "nobody is on"),
    "nobody has any time": lambda: Case(
        ordinary(), four(share=0), "nobody is on the roster", False, UNKNOWN, "nobody is on the roster"
    ),
    "size changes daily": lambda: Case(ordinary(), daily(3, 8)),
    "size changes daily, down to one": lambda: Case(
        ordinary(), daily(1, 8), "", False, ("healthy", "unknown"), "describe a person"
    ),
    "clock leaps": lambda: Case(leaping()),
    "done before they came": lambda: Case(
        moved(ordinary(), "done", -2 * DAY), says="closed at an unknown or impossible time", known=False,
        level=("healthy", "unknown"), asked=THIN,  # waits are seen, work is not
    ),
    "begun before they came": lambda: Case(
        moved(ordinary(), "claim", -2 * DAY), says="nobody was ever seen to begin", known=False, level=UNKNOWN,
        asked=THIN,
    ),
    "a clock some seconds off": lambda: Case(moved(ordinary(), "claim", -30)),
    "all at the same moment": lambda: Case(
        [{**row, "ts": MONDAY + 2 * HOUR} for row in ordinary()], known=False, level=UNKNOWN, asked=THIN
    ),
    "one a week": lambda: Case(
        once_a_week(), says="fewer than 20 requests came", known=False, level=UNKNOWN, asked=THIN
    ),
    "one": lambda: Case(once_a_week()[:3], says="(1 request)", known=False, level=UNKNOWN, asked=THIN),
    "constant times": lambda: Case(ordinary(exact=True)),
    "no time at all": lambda: Case(
        moved(moved(ordinary(exact=True), "claim", -900), "done", -4500), known=False, level=("healthy", "unknown"),
        asked=THIN,
    ),
    "only arrivals": lambda: Case(
        [row for row in ordinary() if row["kind"] == "arrival"],
        says="nobody was ever seen to begin a request", known=False, level=UNKNOWN, asked=THIN,
    ),
    "many in a minute": lambda: Case(surge(4_000), level=("healthy", "watch", "danger", "unknown")),
    "asked long before": lambda: Case(
        ordinary(), known=False, level=UNKNOWN, asked=THIN, says="no complete week", at="1990-01-01"
    ),
    "asked long after": lambda: Case(ordinary(), known=False, level=UNKNOWN, asked=THIN, at="2099-12-30"),
}  # fmt: skip


def bring(rows: Rows, team: Json) -> Result:
    Path("log.jsonl").write_text("\n".join(map(json.dumps, rows)))
    Path("team.json").write_text(json.dumps(team))
    return headroom("import", "log.jsonl", "--team", "Desk", "--team-file", "team.json")


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """All numbers of some JSON with their keys."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, value


SHARES = ("p_over_line", ".p", "quiet_share.low", "reopen_rate.value", "escalation_rate.value", "chase_share.value")
SIGNED = ("trend", "slack", "surge", "buffer_people", "change", "share", "utilization_per_week", "people", "slope")


def sane(shown: Json) -> None:
    """Numbers lie where such numbers can lie: shares in 0–1, times and counts not below 0, ranges around values."""
    for path, value in numbers(shown):
        assert math.isfinite(value), path
        assert abs(value) < 1e7, (path, value)
        if path.endswith(SHARES):
            assert 0 <= value <= 1, (path, value)
        if not any(word in path for word in SIGNED):
            assert value >= 0 or path.endswith(("robust", "low", "high")), (path, value)
    used = shown["capacity"]["utilization"]
    if used is not None:
        assert 0 <= used["low"] <= used["value"] <= used["high"]


def reasoned(shown: Json) -> None:
    """What is null in the parts that a lead reads first has its reason."""
    missing = shown["data_quality"]["missing"]
    for part in ("flow", "capacity", "resilience"):
        for key, value in shown[part].items():
            if value is None:
                assert len(missing[f"{part}.{key}"]) > 10
    if shown["level"] == "unknown":
        assert missing["level"]
        assert shown["suggestion"] == "none"


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_bad_log_ends_in_figures_with_a_basis_or_in_a_reason(name: str) -> None:
    """Whatever the log holds, each command ends well, its JSON is strict, and thin data give no figure."""
    case = CASES[name]()
    at = ("--at", case.at) if case.at else ()
    assert bring(case.rows, case.team).exit_code == 0
    text = headroom("report", "--team", "Desk", *at)
    assert text.exit_code == 0, text.output
    assert case.says in text.stdout
    assert not {"nan", "inf", "None"} & set(text.stdout.replace("(", " ").replace("%", " ").split())
    shown = strict(headroom("report", "--team", "Desk", *at, "--json").stdout)
    sane(shown)
    reasoned(shown)
    assert shown["level"] in case.level
    assert (shown["capacity"]["utilization"] is not None) == case.known
    replayed = headroom("backtest", "--team", "Desk", "--until", day(75), "--from", day(-3))
    assert replayed.exit_code == 0, replayed.output
    again = strict(
        headroom(
            "backtest", "log.jsonl", "--team-file", "team.json", "--from", day(-3), "--until", day(75), "--json"
        ).stdout
    )
    assert len(again["days"]) == 79
    asked = headroom("whatif", "--team", "Desk", *at, "+20% demand, -1 person", "--json")
    if case.asked is None:
        answer = strict(asked.stdout)
        assert answer["then"]["utilization"] > answer["today"]["utilization"] > 0
    else:
        assert asked.exit_code == 1
        assert case.asked in asked.stderr
        assert asked.stderr.count("\n") == 1


def test_a_log_that_says_nothing_of_the_end_gives_no_cycle_either() -> None:
    """Five requests in as many weeks, or none that was ever closed, give no cycle time with a range."""
    for rows in (once_a_week(), [row for row in ordinary() if row["kind"] == "arrival"]):
        bring(rows, four())
        shown = strict(headroom("report", "--team", "Desk", "--json").stdout)
        assert shown["quality"]["efficiency"]["cycle_hours"] is None
        assert "20 are needed" in shown["data_quality"]["missing"]["quality.efficiency.cycle_hours"]
        if len(rows) > 100:  # ages of requests that nobody ever answers are no waits
            assert shown["flow"]["wait_hours"] is shown["flow"]["cycle_hours"] is None
            assert shown["flow"]["next_week_wait_hours"] is None
        assert headroom("forget", "--team", "Desk", "--yes").exit_code == 0


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        ([{"id": "u0"}, {"id": "u0"}], "people is 'u0': is there twice at once"),
        ([{"id": "u0", "until": "2024-02-01"}, {"id": "u0", "from": "2024-02-01"}], "is there twice at once"),
        ([{"id": "u0", "from": "2024-02-02", "until": "2024-02-01"}], "the last day comes before the first"),
        ([{"id": "u0", "from": "2024-02-30"}], "people[0].from is '2024-02-30': write a day"),
        ([{"id": "u0", "share": 1.5}], "people[0].share is 1.5: write a number from 0 to 1"),
        ([{"id": "u0", "share": -0.5}], "people[0].share is -0.5: write a number from 0 to 1"),
        ([{"id": "u0", "off": "2024-02-03"}], "people[0].off is '2024-02-03': write a list"),
        ([{"id": ""}], "people[0].id is '': write the id"),
    ],
)
def test_rosters_that_contradict_themselves_are_refused(roster: list[Json], said: str) -> None:
    """Twice at once, gone before they came, days that are none: the field, its value and what to write."""
    run = bring(ordinary(1), people(*roster))
    assert run.exit_code == 1
    assert f"team.json: {said}" in run.stderr or said in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_person_may_come_back() -> None:
    """Two entries of one person that touch and do not overlap are one person after another."""
    again = [{"id": "u0", "until": "2024-02-01"}, {"id": "u0", "from": "2024-02-02"}, {"id": "u1"}, {"id": "u2"}]
    assert bring(ordinary(), people(*again)).exit_code == 0
    assert strict(headroom("report", "--team", "Desk", "--json").stdout)["capacity"]["people"] == 3


@pytest.mark.parametrize(
    ("ts", "said"),
    [
        (1_704_096_000_000, "that looks like milliseconds; divide by 1,000"),
        (1_704_096_000_000_000, "that looks like microseconds; divide by 1,000,000"),
        (1_704_096_000_000_000_000, "that looks like nanoseconds; divide by 1,000,000,000"),
        (0, "a time from 1980 to 2099 is wanted"),
        (4_102_444_800, "a time from 1980 to 2099 is wanted"),
        (-1, "a time from 1980 to 2099 is wanted"),
        ("1970-01-01T00:00:00Z", "a time from 1980 to 2099 is wanted"),
        ("2024-01-01T09:00:00", "the time has no offset from UTC"),
        ("2024-02-30T09:00:00Z", "write Unix seconds or ISO 8601"),
        (True, "write Unix seconds or ISO 8601"),
        (None, "write Unix seconds or ISO 8601"),
    ],
)
def test_clocks_in_the_wrong_unit_or_century_are_named(ts: Any, said: str) -> None:
    """The row is left out with its line, field, value and what to do; a file of nothing else is refused."""
    run = bring([{"ts": ts, "kind": "arrival", "request": "R1"}], four())
    assert run.exit_code == 1
    assert "log.jsonl line 1: ts is " in run.stdout
    assert said in run.stdout


def test_facts_of_the_future_are_told() -> None:
    """A time that is still to come is kept, and the summary says how many there are and what to check."""
    late = {"ts": "2098-12-02T09:00:00Z", "kind": "arrival", "request": "late"}
    run = bring([*ordinary(2), late], four())
    assert run.exit_code == 0
    assert "1 fact lies in the future: check the clock, the zone or the unit of the times." in run.stdout
    assert "in the future" not in bring(ordinary(2), four()).stdout
    refused = headroom("backtest", "--team", "Desk")
    assert refused.exit_code == 1
    assert "--from is '2024-01-01': that is more than 3,660 days before 2098-12-02" in refused.stderr
    assert headroom("backtest", "--team", "Desk", "--until", "2024-01-14").exit_code == 0


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--from", "0001-01-01", "write a day from 1980 to 2099"),
        ("--until", "9999-12-31", "write a day from 1980 to 2099"),
        ("--from", "2024-13-01", "write a day such as 2026-01-31"),
        ("--from", "soon", "write a day such as 2026-01-31"),
        ("--until", "2023-01-01", "it comes before the first day, 2024-01-01"),
    ],
)
def test_days_that_are_none_are_refused(option: str, value: str, said: str) -> None:
    """A backtest names the option, the day as it was typed, and which days there are."""
    bring(ordinary(1), four())
    run = headroom("backtest", "--team", "Desk", option, value)
    assert run.exit_code == 1
    assert run.stderr == f"Error: {option} is '{value}': {said}\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expression", "field_named", "said"),
    [
        ("-200% demand", "demand is '-200% demand'", "write -99% or more"),
        ("+1e9% demand", "demand is '+1e9% demand'", "+20% demand"),
        ("+100000% demand", "demand is", "write +2000% or less"),
        ("1.234,5% demand", "what-if is '1.234'", "write"),
        ("-9 person", "people is '-9'", "nobody would be left"),
        ("-4 person", "people is '-4'", "nobody would be left"),
        ("half person", "people is 'half person'", "-half person"),
        ("hours 0", "hours is 'hours 0'", "from 0.5 to 24"),
        ("hours -3", "hours is 'hours -3'", "such as hours 8"),
        ("hours 200", "hours is 'hours 200'", "from 0.5 to 24"),
        ("-0.5 hours", "hours is '-0.5 hours'", "such as hours 8"),
        ("hands-on -5m", "hands-on is 'hands-on -5m'", "such as hands-on 30m"),
        ("hands-on 30", "hands-on is 'hands-on 30'", "such as hands-on 30m"),
        ("hands-on 0m", "hands-on is", "from 1m to 400h"),
        ("rework -5%", "rework is 'rework -5%'", "such as rework 5%"),
        ("rework 100%", "rework is", "below 100%"),
        ("", "what-if is ''", "write what should change"),
        ("   ", "what-if is", "write what should change"),
        ("+20% demand, banana", "what-if is 'banana'", "+20% demand, -1 person"),
    ],
)
def test_a_what_if_below_zero_or_beyond_sense_is_refused(expression: str, field_named: str, said: str) -> None:
    """Field, value and what to write, in one line; nothing is worked out."""
    bring(ordinary(6), four())
    for more in ((), ("--json",)):
        run = headroom("whatif", "--team", "Desk", expression, *more)
        assert run.exit_code == 1, run.output
        assert run.stdout == ""
        assert field_named in run.stderr
        assert said in run.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expression", "like"),
    [
        ("\u22121 person", "-1 person"),
        ("\u20131 person", "-1 person"),
        ("\u22125% demand", "-5% demand"),
        ("+12,5% demand", "+12.5% demand"),
        ("hands-on 1,5h", "hands-on 1.5h"),
        ("-1 person, hands-on 30m", "hands-on 30m, -1 person"),
        ("-1 person, hours 7", "hours 7, -1 person"),
    ],
)
def test_a_minus_and_a_comma_are_read_as_people_write_them(expression: str, like: str) -> None:
    """Typographic minuses, decimal commas, and an h behind a minus are part of the expression."""
    bring(ordinary(6), four())
    one, other = (headroom("whatif", "--team", "Desk", said, "--json").stdout for said in (expression, like))
    assert strict(one)["then"] == strict(other)["then"]


def test_two_teams_without_names_share_nobody() -> None:
    """Of people known by number alone none is on two teams, so nothing is promised twice."""
    Path("log.jsonl").write_text("\n".join(map(json.dumps, ordinary(6))))
    for team in ("One", "Two"):
        assert headroom("import", "log.jsonl", "--team", team, "--people", "4").exit_code == 0
    assert "promised twice" not in headroom("report", "--team", "One").stdout


def test_a_roster_of_many_who_never_act_is_noticed() -> None:
    """Four people claim and twenty are on the roster: the report says that it may be out of date."""
    bring(ordinary(), people(*({"id": f"u{i}"} for i in range(20))))
    assert "Far fewer people claimed requests than the roster has" in headroom("report", "--team", "Desk").stdout
    bring(ordinary(), four())
    assert "Far fewer" not in headroom("report", "--team", "Desk").stdout


HORIZON = 6 * WEEK
moments = st.one_of(
    st.sampled_from([0.0, 3600.0, DAY, WEEK]), st.floats(-WEEK, HORIZON), st.integers(0, 42).map(lambda n: n * DAY)
)
signals = st.builds(
    lambda request, kind, actor, at, undoes, timed: Signal(
        1 + request % 2,
        request,
        request,
        kind,
        actor,
        round((MONDAY + at) * 1e6) if timed else 0,
        int(undoes) if kind is Kind.WITHDRAW else 0,
    ),
    st.integers(1, 12),
    st.sampled_from(list(Kind)),
    st.sampled_from([b"", b"\0" * 7 + b"\1", b"\0" * 7 + b"\2"]),
    moments,
    st.sampled_from(list(Kind)),
    st.sampled_from([True, True, True, False]),
)
rosters = st.lists(
    st.builds(
        lambda i, since, length, share: Person(
            f"u{i}", FIRST + timedelta(days=since), FIRST + timedelta(days=since + length), share=share
        ),
        st.integers(0, 99),
        st.integers(-5, 40),
        st.integers(0, 60),
        st.sampled_from([0.0, 0.1, 1.0]),
    ),
    max_size=6,
).map(tuple)


@examples(60)
@given(st.lists(signals, max_size=40), rosters, st.sampled_from(["UTC", "Europe/Berlin"]), st.floats(0, HORIZON))
def test_any_small_log_is_judged_or_unknown(rows: list[Signal], roster: tuple[Person, ...], tz: str, at: float) -> None:
    """Any kinds in any order at any times, and any roster: a report that is strict JSON, and no level from nothing."""
    facts, team = Facts.of(rows), Team("Desk", tz=tz, people=roster)
    found = assess(facts, team, MONDAY + at)
    shown = strict(json.dumps(report(found, team), allow_nan=False))
    sane(shown)
    if len({row.request for row in rows}) < 20:
        assert found.level is Level.UNKNOWN
        assert isinstance(found.capacity.utilization, Unknown)
    replayed = backtest.replay(facts, team, FIRST + timedelta(days=20), FIRST + timedelta(days=23))
    strict(json.dumps(backtest.as_json(replayed), allow_nan=False))


@pytest.mark.slow
@examples(8)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    """A log told in any order gives the same report to the last digit."""
    desk = simulate(5, rho=0.7, weeks=7, missed=0.1)
    order = np.random.default_rng(seed).permutation(len(desk.facts))
    one, other = (assess(facts, desk.team, desk.now) for facts in (desk.facts, desk.facts.take(order)))
    assert report(one, desk.team) == report(other, desk.team)


@pytest.mark.slow
@examples(10)
@given(st.integers(0, 1000))
def test_a_day_on_which_nothing_happens_changes_no_level(seed: int) -> None:
    """Asked again on a free day without a fact in between, weeks and level are what they were."""
    desk = simulate(seed, rho=0.7, weeks=7)
    saturday = desk.now - 2 * DAY
    facts = desk.facts.take(desk.facts.at < saturday)
    one, other = (assess(facts, desk.team, now) for now in (saturday, saturday + DAY))
    assert one.weeks == other.weeks
    assert (one.level, one.since) == (other.level, other.since)
    assert one.flow.open == other.flow.open
