"""The backtest: what it finds on a day is what a live check finds with the facts up to that day."""

import gzip
import itertools
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.errors import BadInputError
from bot.health.assess import assess
from bot.health.hindsight import Backtest
from bot.health.results import Level
from bot.report import backtest
from bot.signal import Kind
from tests.health.desk import START, Desk, simulate

DAY = 86_400.0
LAST = date(2024, 4, 21)


@pytest.fixture(scope="module")
def growing() -> Desk:
    """Sixteen weeks in which arrivals double."""
    return simulate(3, rho=0.6, weeks=16, rate_growth=1.0)


@pytest.fixture(scope="module")
def found(growing: Desk) -> Backtest:
    """Its backtest."""
    return backtest.replay(growing.facts, growing.team, date(2024, 1, 1), LAST)


@pytest.mark.slow
@pytest.mark.parametrize("number", [10, 45, 60, 80, 100])
def test_each_day_equals_a_check_on_the_facts_until_then(growing: Desk, found: Backtest, number: int) -> None:
    """Level, utilization and probability of a day are those of `assess` with the facts before its closing."""
    day = found.days[number]
    closing = START + number * DAY + 17 * 3600
    if day.date.weekday() > 4:
        return
    facts = growing.facts.take(growing.facts.at < closing)
    live = assess(facts, growing.team, closing)
    assert day.level is live.level
    used = live.capacity.utilization
    assert day.utilization == (used.value if used else None)
    assert day.p_over_line == live.capacity.p_over_line


@pytest.mark.slow
def test_every_day_is_there_and_free_days_stand(found: Backtest) -> None:
    """Calendar days without a gap; on a weekend what Friday found stands."""
    dates = [day.date for day in found.days]
    assert dates[0] == date(2024, 1, 1)
    assert dates[-1] == LAST
    assert len(set(dates)) == len(dates) == 16 * 7
    for before, day in zip(found.days, found.days[1:], strict=False):
        if day.date.weekday() > 4:
            assert day.level is before.level


def test_alerts_follow_the_live_rule(found: Backtest) -> None:
    """At most one a day, never a repeat, each a change from the one before, the first one a rise with reasons."""
    assert found.alerts
    assert len({alert.date for alert in found.alerts}) == len(found.alerts)
    levels = [Level.HEALTHY, *(alert.level for alert in found.alerts)]
    assert all(a is not b for a, b in itertools.pairwise(levels))
    assert [alert.before for alert in found.alerts] == levels[:-1]
    assert found.alerts[0].level > Level.HEALTHY
    assert found.alerts[0].reasons


def test_later_facts_change_no_earlier_day(growing: Desk, found: Backtest) -> None:
    """Replaying only the first ten weeks gives the same ten weeks."""
    early = growing.facts.take(growing.facts.at < START + 70 * DAY)
    short = backtest.replay(early, growing.team, date(2024, 1, 1), date(2024, 3, 10))
    assert short.days == found.days[:70]


def lines(desk: Desk) -> bytes:
    """The desk's facts as a file of signals."""
    rows = zip(desk.facts.at, desk.facts.kind, desk.facts.request, desk.facts.actor, strict=True)
    told = [
        {"ts": float(at), "kind": Kind(int(kind)).name.lower(), "request": f"R{key}", "actor": f"u{who}"}
        for at, kind, key, who in rows
    ]
    return "\n".join(map(json.dumps, told)).encode()


@pytest.mark.slow
def test_the_order_of_the_lines_does_not_matter(tmp_path: Path) -> None:
    """A file told backwards gives the same days, to the last digits of a sum."""
    desk = simulate(4, rho=0.8, weeks=9)
    told = lines(desk)
    found = []
    for name, rows in (("log.jsonl", told), ("backwards.jsonl", b"\n".join(told.split(b"\n")[::-1]))):
        (tmp_path / name).write_bytes(rows)
        found.append(backtest.of_file(tmp_path / name, desk.team))
    assert [(day.date, day.level) for day in found[0].days] == [(day.date, day.level) for day in found[1].days]
    known = [[day.utilization for day in one.days if day.utilization is not None] for one in found]
    assert len(known[0]) > 7
    assert known[0] == pytest.approx(known[1], rel=1e-9)


def test_the_command_touches_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed file gives one JSON object with days and alerts, and nothing is written anywhere."""
    monkeypatch.chdir(tmp_path)
    desk = simulate(4, rho=0.6, weeks=5)
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress(lines(desk)))
    people = [{"id": p.id} for p in desk.team.people]
    (tmp_path / "team.json").write_text(json.dumps({"name": "Desk", "hours": desk.team.hours, "people": people}))
    files = sorted(tmp_path.iterdir())
    run = CliRunner().invoke(main, ["backtest", "log.jsonl.gz", "--team-file", "team.json", "--json"])
    assert run.exit_code == 0, run.output
    shown = json.loads(run.stdout)
    assert set(shown) == {"days", "alerts", "notes"}
    assert set(shown["days"][0]) == {"date", "level", "utilization", "p_over_line", "told"}
    assert sorted(tmp_path.iterdir()) == files
    text = CliRunner().invoke(main, ["backtest", "log.jsonl.gz", "--team-file", "team.json"])
    assert "it would never have warned" in text.stdout
    early = CliRunner().invoke(main, ["backtest", "log.jsonl.gz", "--team-file", "team.json", "--alerts", "earlier"])
    assert early.exit_code == 0, early.output
    wrong = CliRunner().invoke(main, ["backtest", "log.jsonl.gz", "--team-file", "team.json", "--alerts", "louder"])
    assert "'louder' is not one of" in wrong.output


def test_wrong_use_is_told() -> None:
    """Neither file nor team, a day that is none, days in the wrong order: a sentence each."""
    assert CliRunner().invoke(main, ["backtest"]).exit_code == 2
    desk = simulate(4, rho=0.6, weeks=2)
    for since, until, field in (("soon", None, "--from"), ("2024-02-01", "2024-01-01", "--until")):
        with pytest.raises(BadInputError, match=field):
            backtest._days(desk.facts, desk.team, since, until)
    assert np.isfinite(desk.mean_wait)
