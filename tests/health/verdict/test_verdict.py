"""The verdict: bad news never makes it greener, what stands stands, and calm is learned from calm days only."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.health.days import FIRST, Days
from bot.health.facts import Facts
from bot.health.picture import Picture, look
from bot.health.results import Ground, Level, Reference
from bot.health.verdict.references import OLD, height_of
from bot.health.verdict.rules import Rules
from bot.health.verdict.told import Told
from bot.health.verdict.verdict import Verdict, judge, verdict
from bot.signal import Kind, Signal
from bot.team import Person
from tests.health.desk import DAY, START, WEEK, Desk, simulate

WEEKS = 16
GROWING = {seed: simulate(seed, people=4, rho=0.6, weeks=WEEKS, rate_growth=1.3) for seed in (3, 8)}


def seen(desk: Desk, facts: Facts | None = None) -> Picture:
    """A desk's picture at its end."""
    facts = desk.facts if facts is None else facts
    return look(facts, desk.team, desk.now - 1, basis=None, held=None, history_weeks=26)


def held_against(found: Verdict) -> dict[int, Reference]:
    """What each day was held against."""
    return {number: day.calm for number, day in enumerate(found.days)}


def levels(found: Verdict) -> list[Level]:
    """Of each day."""
    return [day.level for day in found.days]


@lru_cache
def plain(seed: int) -> tuple[Picture, Days, dict[int, Reference], list[Level]]:
    """A growing desk, its days, what each day was held against, and its levels."""
    picture = seen(GROWING[seed])
    held = held_against(judge(picture.days, Rules(), height_of(picture)))
    return picture, picture.days, held, levels(judge(picture.days, Rules(), height_of(picture), held=held))


def changed(desk: Desk, what: str, day: int, pick: int) -> tuple[Facts, Desk]:
    """The same desk with one bad fact more, on or about a day of its last four weeks."""
    f = desk.facts
    begin = START + day * DAY
    asked = np.flatnonzero((f.kind == Kind.ARRIVAL) & (f.at >= begin) & (f.at < begin + DAY))
    if what == "away":  # and who is away does not act
        off = frozenset({datetime.fromtimestamp(begin, UTC).date()})
        people = (replace(desk.team.people[0], off=off), *desk.team.people[1:])
        acted = (f.actor == 1) & (f.at >= begin) & (f.at < begin + DAY)
        return f.take(~acted), replace(desk, team=replace(desk.team, people=people))
    if not len(asked):
        return f, desk
    request = int(f.request[asked[pick % len(asked)]])
    at, own = float(f.at[asked[pick % len(asked)]]), f.request == request
    done = own & (f.kind == Kind.DONE)
    if what in MORE:
        kind, later, other = MORE[what]
        when = (float(f.at[done].max()) if kind is Kind.REOPEN and done.any() else at) + later
        key = request + other
        return Facts.join((f, Facts.of([Signal(1, key, key, kind, b"", round(when * 1e6))]))), desk
    if what in ("withdrawn done", "never begun"):
        return f.take(~done if what == "withdrawn done" else ~own | (f.kind == Kind.ARRIVAL)), desk
    late = f.at.copy()  # all that happened to it an hour later, or only its end two hours
    late[own & (f.kind != Kind.ARRIVAL) if what == "longer wait" else done] += 3_600 if what == "longer wait" else 7_200
    return replace(f, at=late), desk


MORE = {
    "chase": (Kind.CHASE, 600.0, 0),
    "arrival": (Kind.ARRIVAL, 60.0, 10**9),
    "escalate": (Kind.ESCALATE, 900.0, 0),
    "reopen": (Kind.REOPEN, 300.0, 0),
    "given up": (Kind.CANCEL, 7_200.0, 0),
    "deleted": (Kind.DELETE, 7_200.0, 0),
}
BAD = (*MORE, "withdrawn done", "longer work", "never begun", "longer wait", "away")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(GROWING)), st.sampled_from(BAD), st.integers(1, 27), st.integers(0, 50))
def test_bad_news_never_makes_it_greener(seed: int, what: str, ago: int, pick: int) -> None:
    """With references held, one bad fact more lowers the level on no day from its own to four weeks later."""
    picture, table, held, before = plain(seed)
    day = len(table) - ago
    facts, desk = changed(GROWING[seed], what, day, pick)
    other = seen(desk, facts)
    after = levels(judge(other.days, Rules(), height_of(picture), held=held))
    assert all(b >= a for a, b in zip(before[day:], after[day:], strict=True))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(GROWING)), st.sampled_from(BAD), st.integers(1, 27), st.integers(0, 50))
def test_no_figure_that_decides_falls(seed: int, what: str, ago: int, pick: int) -> None:
    """Waits and chases never fall with one bad fact more, nor load, but where work itself was put off or left."""
    picture, table, held, _ = plain(seed)
    day = len(table) - ago
    facts, desk = changed(GROWING[seed], what, day, pick)
    other = seen(desk, facts)
    slack = 1e-3 if what == "withdrawn done" else 1e-9  # it then ends with the last reply, moments before its ✅
    gone = what in ("given up", "deleted")  # what is asked for no more is not worked on, and waits no longer
    put_off = gone or what in ("never begun", "longer wait", "away")
    one = judge(table, Rules(), height_of(picture), held=held).days
    two = judge(other.days, Rules(), height_of(picture), held=held).days
    for a, b in zip(one[day:], two[day:], strict=True):
        assert gone or b.evidence.waits >= a.evidence.waits - 1e-9
        assert put_off or b.evidence.load >= a.evidence.load - slack
        assert put_off or b.evidence.pressure >= a.evidence.pressure - slack
        assert gone or what == "away" or b.evidence.backlog >= a.evidence.backlog - slack


def test_a_calm_desk_is_healthy_from_its_third_week_on() -> None:
    """Sixteen weeks at sixty percent: unknown for two weeks, then never anything but healthy."""
    found = levels(verdict(seen(simulate(5, people=5, rho=0.6, weeks=WEEKS))))
    assert found[:14] == [Level.UNKNOWN] * 14
    assert set(found[14:]) == {Level.HEALTHY}


def test_a_desk_that_fills_is_told_and_says_of_what() -> None:
    """Demand that grows past what four people can do ends in danger, of load and waits, and never falls before."""
    for desk in GROWING.values():
        found = verdict(seen(desk))
        assert found.today is not None
        assert found.today.level is Level.DANGER
        assert found.today.grounds in {(Ground.LOAD, Ground.WAITS), (Ground.BACKLOG,)}
        rises = [day.level for day in found.days if day.level > Level.HEALTHY]
        assert rises == sorted(rises)


def test_a_flood_is_danger_at_once_and_stands_until_half_is_left() -> None:
    """Four hundred requests in a minute at a desk of three: danger that day, with the backlog named."""
    desk = simulate(3, people=3, rho=0.5, weeks=9)
    at = START + 8 * WEEK + DAY + 15 * 3_600
    flood = Facts.of(Signal(1, 10**9 + i, 10**9 + i, Kind.ARRIVAL, b"", int((at + i / 100) * 1e6)) for i in range(400))
    facts = Facts.join((desk.facts, flood))
    picture = look(facts, desk.team, at + 3_600, basis=None, held=None, history_weeks=26)
    now = verdict(picture).today
    assert now is not None
    assert (now.level, now.grounds) == (Level.DANGER, (Ground.BACKLOG,))
    assert now.evidence.backlog >= now.evidence.line >= 35


def test_what_was_told_stands() -> None:
    """A level told on a day is that day's level, whatever is known now, and goes on from there."""
    picture = seen(simulate(5, people=5, rho=0.6, weeks=WEEKS))
    told = {int(picture.days.edges[60]): Told(Level.WATCH, (Ground.DRIFT,))}
    found = levels(verdict(picture, told=told))
    assert found[59] is Level.HEALTHY
    assert found[60] is Level.WATCH
    assert found[62] is Level.WATCH
    assert found[80] is Level.HEALTHY


def test_a_day_not_heard_is_unknown_and_counts_toward_no_fall() -> None:
    """Three weeks of which nothing was heard leave a told level where it was."""
    picture = seen(simulate(5, people=5, rho=0.6, weeks=WEEKS))
    edges = picture.days.edges
    heard = np.ones(len(edges) - 1, np.bool_)
    heard[61:82] = False
    found = levels(verdict(picture, told={int(edges[60]): Told(Level.WATCH)}, heard=heard))
    assert set(found[61:82]) == {Level.UNKNOWN}
    assert found[82] is Level.WATCH


def test_references_are_frozen_above_healthy_and_learned_from_old_calm_days() -> None:
    """A flood changes nothing of what its day is held against, nor do days under it; calm ones do, a month later."""
    desk = simulate(5, people=5, rho=0.6, weeks=WEEKS)
    hit = 80
    at = START + hit * DAY + 12 * 3_600
    flood = Facts.of(Signal(1, 10**9 + i, 10**9 + i, Kind.ARRIVAL, b"", int((at + i) * 1e6)) for i in range(900))
    pictures = (seen(desk), seen(desk, Facts.join((desk.facts, flood))))
    calm, under = (held_against(judge(p.days, Rules(), height_of(p))) for p in pictures)
    assert under[hit].jobs == calm[hit].jobs
    assert under[hit + OLD].jobs == under[hit].jobs
    assert calm[hit + OLD].jobs > calm[hit].jobs > calm[FIRST].jobs


def test_a_history_gives_the_same_levels_as_its_days_one_by_one() -> None:
    """One pass over the history says of each day what a check on that day said, but for what was corrected later."""
    desk = GROWING[3]
    found = verdict(seen(desk))
    differ = 0
    for day in range(FIRST, len(found.days), 3):
        now = float(found.edges[day + 1]) - 1
        known = desk.facts.take(desk.facts.at < now)
        then = verdict(look(known, desk.team, now, basis=None, held=None, history_weeks=26)).today
        assert then is not None
        differ += then.level is not found.days[day].level
    assert differ <= 1


def test_requests_answered_elsewhere_raise_nothing() -> None:
    """One in ten is never closed nor answered: the desk is as healthy as without them."""
    desk = simulate(5, people=5, rho=0.6, weeks=WEEKS)
    lost = (desk.facts.request % 10 == 0) & (desk.facts.kind != Kind.ARRIVAL)
    picture = seen(desk, desk.facts.take(~lost))
    found = verdict(picture)
    assert len(picture.days.apart.opened) > 50
    assert set(levels(found)[14:]) == {Level.HEALTHY}


def test_one_or_two_people_are_judged_by_waits_against_their_target() -> None:
    """With a target of half an hour a pair at ninety percent is in danger, and nothing is said of its load."""
    desk = simulate(4, people=2, rho=0.9, weeks=8)
    desk = replace(desk, team=replace(desk.team, target_wait_hours=0.5))
    found = verdict(seen(desk), small=True).today
    assert found is not None
    assert (found.level, found.grounds) == (Level.DANGER, (Ground.WAITS,))
    assert np.isnan(found.evidence.load)
    assert found.calm.busy == found.calm.acted == 0


@pytest.mark.parametrize("people", [2, 4])
def test_few_who_wait_long_are_not_answered_in_good_time(people: int) -> None:
    """Where hardly anybody asks any more, each a working day late on a target of two hours, people wait."""
    desk = simulate(6, people=people, rho=0.4, weeks=16)
    f = desk.facts
    old = f.at < START + 12 * WEEK
    few = f.take(old | (f.request % 5 == 0))
    late = few.at + np.where((few.at >= START + 12 * WEEK) & (few.kind != Kind.ARRIVAL), DAY, 0.0)
    desk = replace(desk, team=replace(desk.team, target_wait_hours=2.0))
    assert levels(verdict(seen(desk), small=people == 2))[-1] is Level.HEALTHY
    found = verdict(seen(desk, replace(few, at=late)), small=people == 2).today
    assert found is not None
    assert found.evidence.waits >= 1.0
    assert found.grounds == (Ground.WAITS,)
    assert found.level is (Level.DANGER if people == 2 else Level.WATCH)


@pytest.mark.parametrize("seed", [3, 5, 7])
def test_less_to_do_and_somebody_new_are_good_news(seed: int) -> None:
    """Neither a demand that falls by two thirds, nor a fifth person who does not answer yet, is anything to watch."""
    desk = simulate(seed, people=4, rho=0.6, weeks=16)
    f = desk.facts
    less = f.take((f.at < START + 12 * WEEK) | (f.request % 3 == 0))
    assert set(levels(verdict(seen(desk, less)))[12 * 7 :]) == {Level.HEALTHY}
    begins = datetime.fromtimestamp(START + 12 * WEEK, UTC).date()
    hired = replace(desk, team=replace(desk.team, people=(*desk.team.people, Person("new", since=begins))))
    assert set(levels(verdict(seen(hired)))[12 * 7 :]) == {Level.HEALTHY}


def test_nobody_and_nothing_is_unknown_with_a_reason() -> None:
    """A team without people, and one without requests, have no level and say why."""
    desk = simulate(5, people=5, rho=0.6, weeks=5)
    gone = replace(desk, team=replace(desk.team, people=(Person("u1", until=None, share=0.0),)))
    none = verdict(seen(gone)).today
    assert none is not None
    assert (none.level, bool(none.lacks)) == (Level.UNKNOWN, True)
    assert verdict(seen(desk, Facts.of(()))).today is None


def test_a_danger_outlasts_the_weeks_that_are_looked_back_on() -> None:
    """All weeks at hand are bad ones: held against what was kept it is danger, not what bad weeks would teach."""
    desk = simulate(3, people=4, rho=1.05, weeks=14)
    picture = look(desk.facts, desk.team, desk.now - 1, basis=None, held=None, history_weeks=10)
    days = picture.days
    calm = verdict(seen(simulate(5, people=4, rho=0.6, weeks=WEEKS))).days[-1].calm
    told = {int(edge): Told(Level.DANGER, (Ground.LOAD, Ground.WAITS), calm) for edge in days.edges[:-2].tolist()}
    kept, taught = verdict(picture, told=told).days[-1], verdict(picture).days[-1]
    assert kept.level is Level.DANGER
    assert kept.calm == calm != taught.calm
    assert kept.evidence.waits > 5 * taught.evidence.waits


def test_in_danger_nothing_is_learned_anew_of_what_slid_on() -> None:
    """After told calm and danger, today is held against what yesterday was, not against the weeks still at hand."""
    desk = simulate(3, people=4, rho=0.6, weeks=34)
    whole = verdict(look(desk.facts, desk.team, desk.now - 1, basis=None, held=None, history_weeks=40))
    kept = whole.days[-60].calm
    picture = seen(desk)
    edges = picture.days.edges[:-1].tolist()
    told = {
        int(edge): Told(Level.DANGER if n >= len(edges) - 57 else Level.HEALTHY, (), kept)
        for n, edge in enumerate(edges[:-1])
    }
    today = verdict(picture, told=told).today
    assert today is not None
    assert today.calm == kept


def test_what_was_told_today_may_rise_and_not_fall() -> None:
    """Of a day that is not over, a level told this morning is the least it has."""
    picture = seen(simulate(5, people=5, rho=0.6, weeks=WEEKS))
    today = int(picture.days.edges[-2])
    for morning in (Level.HEALTHY, Level.WATCH, Level.DANGER):
        assert verdict(picture, told={today: Told(morning)}).days[-1].level is morning
    risen = seen(GROWING[3])
    assert verdict(risen, told={int(risen.days.edges[-2]): Told(Level.HEALTHY)}).days[-1].level is Level.DANGER


def test_a_guess_is_never_green() -> None:
    """On minutes of a preset and nothing but ✅, no level; with the same minutes by the team's word, healthy."""
    desk = simulate(5, people=5, rho=0.5, weeks=WEEKS)
    bare = desk.facts.take(np.isin(desk.facts.kind, (Kind.ARRIVAL, Kind.DONE)))
    for said, level in ((False, Level.UNKNOWN), (True, Level.HEALTHY)):
        team = replace(desk.team, hands_on_minutes=60.0, hands_on_given=said)
        found = verdict(look(bare, team, desk.now - 1, basis=None, held=None, history_weeks=26)).today
        assert found is not None
        assert found.level is level


def test_what_was_learned_of_a_pair_holds_nothing_of_its_work() -> None:
    """A third joined after twelve weeks: what is usual still holds days of two, so only waits are kept of it."""
    desk = simulate(4, people=3, rho=0.5, weeks=WEEKS)
    joined = datetime.fromtimestamp(START + 12 * WEEK, UTC).date()
    people = (*desk.team.people[:2], replace(desk.team.people[2], since=joined))
    found = verdict(look(desk.facts, replace(desk.team, people=people), desk.now - 1, basis=None, held=None,
                         history_weeks=26)).today  # fmt: skip
    assert found is not None
    assert found.calm.busy == found.calm.acted == found.calm.service == 0
    assert np.isnan(found.calm.load)
    assert np.isnan(found.evidence.load)


def test_a_monday_without_a_row_makes_no_team_young() -> None:
    """Told on all days but the first: what was told stands, and its bad days teach nothing."""
    picture = seen(GROWING[3])
    calm = verdict(picture).days[FIRST].calm
    edges = picture.days.edges[1:-2].tolist()
    told = {int(edge): Told(Level.DANGER, (Ground.LOAD, Ground.WAITS), calm) for edge in edges}
    found = verdict(picture, told=told).days
    assert {day.level for day in found[1:-1]} == {Level.DANGER}
    assert found[-1].calm == calm


def test_a_quiet_beginning_is_not_unknown_for_ever() -> None:
    """Ten requests in six weeks tell nothing; once twenty have come there is a level, whatever the first weeks were."""
    desk = simulate(5, people=5, rho=0.6, weeks=WEEKS)
    early = (desk.facts.at < START + 6 * WEEK) & (desk.facts.request > np.sort(np.unique(desk.facts.request))[10])
    quiet = desk.facts.take(~early)
    found = levels(verdict(seen(desk, quiet)))
    assert found[41] is Level.UNKNOWN
    assert Level.UNKNOWN not in found[49:]


def test_a_watch_ends_where_usual_waits_are_near_the_target() -> None:
    """A pair whose waits are always four fifths of its target: what was told once is over after ten calm days."""
    picture = seen(simulate(5, people=2, rho=0.8, weeks=WEEKS))
    calm = verdict(picture, small=True).days[-1].calm
    near = replace(picture, team=replace(picture.team, target_wait_hours=calm.wait / 0.8))
    told = {int(picture.days.edges[70]): Told(Level.WATCH, (Ground.WAITS,), calm)}
    found = verdict(near, small=True, told=told)
    assert found.days[70].level is Level.WATCH
    assert found.days[70].evidence.usual == pytest.approx(0.8)
    assert any(day.better > 0 for day in found.days[70:])


def test_what_is_missing_later_takes_back_nothing_that_was_told() -> None:
    """A gap found in a day that was told leaves its level; a day told as unknown is unknown for good."""
    picture = seen(simulate(5, people=5, rho=0.6, weeks=WEEKS))
    edges = picture.days.edges
    heard = np.ones(len(edges) - 1, np.bool_)
    heard[60] = False
    told = {int(edges[60]): Told(Level.WATCH, (Ground.DRIFT,)), int(edges[64]): Told(Level.UNKNOWN)}
    found = levels(verdict(picture, told=told, heard=heard))
    assert (found[60], found[63], found[64], found[65]) == (Level.WATCH, Level.WATCH, Level.UNKNOWN, Level.WATCH)


def test_nobody_seen_to_act_is_fewer_seen_to_act() -> None:
    """Days on which nobody of five acts weigh as much as they should: the part of people never falls by them."""
    desk = simulate(5, people=5, rho=0.6, weeks=WEEKS)
    days = START + DAY * np.array([95, 96, 99, 100])
    on = ((desk.facts.at[:, None] >= days) & (desk.facts.at[:, None] < days + DAY)).any(axis=1)
    held = held_against(verdict(seen(desk)))
    some, none = (
        seen(desk, desk.facts.take(~(on & mask))) for mask in (desk.facts.actor > 1, desk.facts.kind != Kind.ARRIVAL)
    )
    parts = [judge(p.days, Rules(), height_of(p), held=held).days[-1].evidence.parts[0] for p in (some, none)]
    assert parts[1] >= parts[0] > 0
