"""Simulated desks are what they say: queues as theory has them, logs that can be read, the same for the same seed."""

import ast
import gzip
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.desks.__main__ import desk, save
from benchmarks.desks.floor import Arrivals, Floor, arrivals, lognormal
from benchmarks.desks.log import roster
from benchmarks.desks.people import DAYS, WEEKS, Hours, Person, hours_by_week, to_hours, to_seconds
from benchmarks.desks.plan import DRIFTING, HARMLESS, Plan, draw, kinds, load_of
from benchmarks.desks.truth import doubled, waits
from benchmarks.scenarios import read_facts, read_team

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[1] / "benchmarks" / "desks"
ALWAYS = Person(0, None, frozenset())
END = DAYS * 8.0


def plain(**changes: Any) -> Plan:
    """A desk of one person who is always there, where nothing comes back, is parked or claimed in batches."""
    plan = draw("stable", np.random.default_rng(1))
    calm: dict[str, Any] = {"people": (ALWAYS,), "again": np.zeros(WEEKS), "p_blocked": 0.0, "batch_claim": 1}
    return replace(plan, **(calm | changes))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_nothing_of_what_it_judges_is_imported(path: Path) -> None:
    """The simulator imports numpy, the standard library and itself."""
    names = [
        name
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    ]
    assert not [n for n in names if n.split(".")[0] in {"bot", "storage", "handlers"}]
    assert not [n for n in names if n.startswith("benchmarks") and not n.startswith("benchmarks.desks")]


@pytest.mark.parametrize("cs2", [0.5, 2.0])
def test_one_person_waits_as_pollaczek_and_khinchine_say(cs2: float) -> None:
    """The mean wait of a queue with Poisson arrivals and one server is ρ·s·(1 + c²) ÷ 2(1 − ρ)."""
    rng, rho, service = np.random.default_rng(7), 0.7, 0.05
    at = np.cumsum(rng.exponential(service / rho, int(END * rho / service * 0.98)))
    came = Arrivals(np.array([to_seconds(x) for x in at]), service * lognormal(cs2, len(at), rng))
    seen = waits(Floor(plain(), came, rng).run()).mean()
    assert seen == pytest.approx(rho * service * (1 + cs2) / (2 * (1 - rho)), rel=0.15)


def test_as_many_people_as_needed_let_nobody_wait() -> None:
    """With a server for each request, work begins the moment it is ready."""
    came = Arrivals(np.array([to_seconds(x) for x in (1.0, 1.1, 1.2)]), np.array([3.0, 3.0, 3.0]))
    seen = Floor(plain(people=(ALWAYS,) * 3), came, np.random.default_rng(2)).run()
    assert waits(seen) == pytest.approx(0.0)
    assert sorted(v.done - v.start for v in seen) == pytest.approx([3.0] * 3)


def test_who_leaves_hands_back() -> None:
    """What is unfinished when somebody leaves is claimed by another and takes the work that was left."""
    leaver, comer = Person(0, 1, frozenset()), Person(1, None, frozenset())
    came = Arrivals(np.array([to_seconds(6.0)]), np.array([5.0]))
    (visit,) = Floor(plain(people=(leaver, comer)), came, np.random.default_rng(3)).run()
    assert visit.claims == [(6.0, 0), (8.0, 1)]
    assert visit.done == pytest.approx(8.0 + 5.0 - 2.0)


def test_parked_work_goes_on_with_its_owner() -> None:
    """Parked work takes longer by the time it waits, is claimed once, and its owner does other work meanwhile."""
    plan = plain(p_blocked=1.0)
    came = Arrivals(np.array([to_seconds(x) for x in (0.0, 0.1)]), np.array([1.0, 1.0]))
    first, second = Floor(plan, came, np.random.default_rng(5)).run()
    assert len(first.claims) == len(second.claims) == 1
    assert second.start < first.done
    assert first.done - first.start > 1.0


@pytest.mark.parametrize("kind", DRIFTING + HARMLESS)
def test_load_is_what_was_drawn(kind: str) -> None:
    """The work that comes in is the drawn share of the hours that are there, and only drifting kinds end high."""
    ratio = []
    for seed in range(30):
        plan = draw(kind, np.random.default_rng(seed))
        calm = [w for w in range(WEEKS) if w not in plan.quiet]
        there = np.asarray(hours_by_week(list(plan.people)))
        ratio.append(plan.work()[calm].sum() / (plan.rho * there)[calm].sum())
        assert (plan.rho[-1] > 0.9) == (kind in DRIFTING)
    assert np.mean(ratio) == pytest.approx(1.0, abs=0.03)


def test_requests_and_returns_come_as_often_as_drawn() -> None:
    """Over many runs, arrivals and their work with all returns are those of the plan."""
    plan = replace(draw("rework", np.random.default_rng(4)), day_cv=0.1)
    runs = [arrivals(plan, np.random.default_rng(seed)) for seed in range(20)]
    assert np.mean([len(r.at) for r in runs]) == pytest.approx(plan.lam.sum(), rel=0.03)
    one = Floor(plan, runs[0], np.random.default_rng(0)).run()
    back = sum(v.turn > 0 for v in one) / sum(v.turn == 0 for v in one)
    wanted = np.average((load_of(plan.again) - 1) / 0.8, weights=plan.lam)
    assert wanted * 0.7 < back < wanted * 1.1  # what comes back late in the last weeks is never seen


def test_nobody_works_on_a_day_off() -> None:
    """Claims are made on days on which the person is there."""
    plan = draw("holidays", np.random.default_rng(6))
    came = arrivals(plan, np.random.default_rng(6))
    seen = Floor(plan, came, np.random.default_rng(6)).run()
    assert all(plan.people[person].there(int(at // 8)) for v in seen for at, person in v.claims)


def test_a_roster_nobody_updated_still_names_those_who_left() -> None:
    """Only an updated roster gives the last day."""
    plan = draw("staff_loss", np.random.default_rng(8))
    for updated in (True, False):
        said = roster("S1", replace(plan, roster_updated=updated))["people"]
        assert any(p["until"] for p in said) == updated
        assert len(said) == plan.c


@pytest.mark.slow
def test_the_log_can_be_read_and_is_the_same_for_a_seed(tmp_path: Path) -> None:
    """Two desks of one seed are equal to the byte, another is not, and no signal comes before its arrival."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        truth, log = desk("S10000", "demand", (seed, 0), 2)
        (tmp_path / name).mkdir()
        save(tmp_path / name, "S10000", log)
        assert json.loads(json.dumps(truth))["week_2x"] >= truth["onset"]
        assert len(read_team(tmp_path / name / "S10000.team.json").people) == truth["c"]
    one, same, other = ((tmp_path / name / "S10000.signals.jsonl.gz").read_bytes() for name in "abc")
    assert one == same != other
    rows = [json.loads(line) for line in gzip.decompress(one).splitlines()]
    came = {row["request"]: row["ts"] for row in rows if row["kind"] == "arrival"}
    assert all(row["ts"] >= came[row["request"]] for row in rows)
    assert len(read_facts(tmp_path / "a" / "S10000.signals.jsonl.gz", frozenset())) == len(rows)


def test_kinds_take_turns() -> None:
    """Half of the teams drift, and every kind of a half is as frequent as the others."""
    found = kinds(120)
    assert {found.count(kind) for kind in DRIFTING} == {15}
    assert {found.count(kind) for kind in HARMLESS} == {10}


def test_a_wait_is_doubled_after_three_weeks_in_a_row() -> None:
    """One week over twice the first weeks' mean is not enough; the first of three is named."""
    waited = np.ones(WEEKS)
    waited[9] = 5.0
    assert doubled(waited) is None
    waited[12:15] = 2.1
    assert doubled(waited) == 12


@given(st.floats(0, END, allow_nan=False))
def test_working_hours_and_seconds_agree(at: float) -> None:
    """An hour turned into seconds and back is the same hour."""
    assert math.isclose(to_hours(to_seconds(at)), at, abs_tol=1e-6)


@given(st.sets(st.integers(0, 40)), st.integers(0, 40), st.floats(0, 7.99), st.floats(0.01, 60))
def test_work_ends_when_as_many_hours_were_there(off: set[int], day: int, hour: float, work: float) -> None:
    """Hours at the desk between the beginning and the end of work are the work."""
    hours = Hours(Person(0, None, frozenset(off - {day})))
    begin = day * 8 + hour
    end = hours.after(begin, work)
    there = sum(max(min(end, d * 8 + 8) - max(begin, d * 8), 0.0) for d in range(200) if d in hours.set)
    assert there == pytest.approx(work)
