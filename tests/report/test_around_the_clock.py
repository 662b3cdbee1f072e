"""A desk that never closes: its days end at midnight, also when the clocks change."""

import json
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.report.backtest import _closings
from bot.team import Team

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, WEEKS = datetime(2024, 2, 26, tzinfo=BERLIN), 6  # a Monday; on 31 March the clocks go forward
SHIFTS = ("00:00-08:00", "08:00-16:00", "16:00-24:00")
LOG, TEAM = "log.jsonl", "team.json"


def files(folder: Path) -> None:
    """Six weeks of three requests in eight hours, an hour's work each, for three people in each of three shifts."""
    rng, start = np.random.default_rng(2), FIRST.timestamp()
    told = []
    for request, came in enumerate(np.sort(rng.uniform(0, WEEKS * 7 * 86_400, WEEKS * 63)) + start):
        begun = came + float(rng.exponential(600))
        done = begun + float(rng.exponential(3600))
        who = f"p{rng.integers(9)}"
        for kind, at in (("arrival", came), ("claim", begun), ("done", done)):
            told.append({"ts": float(at), "kind": kind, "request": f"R{request}", "actor": who})
    (folder / LOG).write_text("\n".join(map(json.dumps, told)))
    people = [{"id": f"p{i}", "hours": SHIFTS[i % 3]} for i in range(9)]
    team = {"name": "Night and day", "tz": "Europe/Berlin", "hours": "Mon-Sun 00:00-24:00", "people": people}
    (folder / TEAM).write_text(json.dumps(team))


def run(*words: str) -> str:
    """What a command prints; it must succeed."""
    said = CliRunner().invoke(main, list(words))
    assert said.exit_code == 0, said.output
    return said.stdout


@pytest.mark.slow
def test_it_imports_reports_and_backtests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every day from its fifth week on has a utilization of its own; the hours worked are those that were made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEADROOM_DATABASE", str(tmp_path / "store.db"))
    files(tmp_path)
    of_file: dict[str, Any] = json.loads(run("backtest", LOG, "--team-file", TEAM, "--json"))
    used = [day["utilization"] for day in of_file["days"]]
    assert len(used) == WEEKS * 7
    late = used[4 * 7 + 1 :]
    assert None not in late
    assert all(a != b for a, b in pairwise(late))  # a day that was skipped repeats the one before
    run("import", LOG, "--team", "Night and day", "--team-file", TEAM, "--tz", "Europe/Berlin", "--no-progress")
    shown = json.loads(run("report", "--team", "Night and day", "--json"))
    assert shown["capacity"]["hours_per_week"] == pytest.approx(9 * 56, rel=0.02)
    assert shown["capacity"]["utilization"]["from_work"] == pytest.approx(63 / (9 * 56), abs=0.03)
    assert shown["resilience"]["surge_requests_per_day"] is not None
    of_team = json.loads(run("backtest", "--team", "Night and day", "--json"))
    assert [day["date"] for day in of_team["days"]] == [day["date"] for day in of_file["days"]]


@pytest.mark.parametrize(
    ("hours", "first", "length"),
    [("Mon-Sun 00:00-24:00", date(2024, 3, 31), 23), ("00:00-24:00", date(2024, 10, 27), 25)],
)
def test_days_end_at_midnight_when_clocks_change(hours: str, first: date, length: int) -> None:
    """The day of the change is 23 or 25 hours long, every other 24, and none is without an end."""
    team = Team("Desk", tz="Europe/Berlin", hours=hours, people=())
    ends = [at for _, at in _closings(team, date.fromordinal(first.toordinal() - 1), date(2024, 11, 3))]
    assert None not in ends
    lasted = [(b - a) / 3600 for a, b in pairwise(at for at in ends if at is not None)]
    assert lasted[0] == length
    assert set(lasted[1:]) <= {24.0, 25.0}


def test_working_days_without_a_break_end_at_midnight_too() -> None:
    """Mon–Fri around the clock: five days end at their midnight, two are free; a night shift ends in the morning."""
    whole = [at for _, at in _closings(Team("Desk", hours="Mon-Fri 00:00-24:00", people=()), *week())]
    assert [None if at is None else at - monday() for at in whole] == [
        *(86_400.0 * day for day in (1, 2, 3, 4, 5)),
        None,
        None,
    ]
    night = [at for _, at in _closings(Team("Desk", hours="Mon-Fri 22:00-06:00", people=()), *week())]
    assert [None if at is None else (at - monday()) / 3600 for at in night] == [24, 30, 54, 78, 102, 126, None]


def week() -> tuple[date, date]:
    """A Monday and its Sunday."""
    return date(2024, 1, 8), date(2024, 1, 14)


def monday() -> float:
    """Where that week begins, in UTC."""
    return datetime(2024, 1, 8, tzinfo=ZoneInfo("UTC")).timestamp()
