"""Two desks in series, simulated and stored: what is told of them together, and to whom."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.health.endtoend import EndToEnd
from bot.health.results import Unknown
from bot.messages.readable import readable
from bot.services.assessing import assess_team
from bot.services.links import GONE, NOT_AGREED, SMALL, TOO_FEW, digest, listed, of_team
from bot.signal import Kind, Signal
from bot.watch import Gone
from storage import links, signals, teams
from storage.database import Database
from storage.links import FIRST, NEXT, Link
from storage.teams import TeamDraft, TeamRecord
from tests.fresh import fresh
from tests.health.desk import HOURS, START, WEEK, clock

pytestmark = pytest.mark.slow


WEEKS, CHANGE = 20, 15
NOW = START + WEEKS * WEEK
DRAFT = TeamDraft(
    workspace="T1",
    name="Intake",
    queue="C1",
    responders=("U1", "U2", "U3", "U4", "U5"),
    lead="U1",
    hours=HOURS,
    tz="UTC",
)
NEXT_DESK = replace(DRAFT, name="Review", queue="C2", responders=("U6", "U7", "U8", "U9", "U10"), lead="U6")

Service = Callable[[float], float]
"""Week → mean hours for one request."""


def served(arrived: list[float], mean: Service, rng: np.random.Generator) -> list[tuple[float, float, int]]:
    """Begin, end and person of each request, first come first served by five, in working hours."""
    free = [(0.0, person) for person in range(1, 6)]
    told = []
    for at in arrived:
        ready, person = heapq.heappop(free)
        begin = max(ready, at)
        end = begin + float(rng.exponential(mean(begin / 40)))
        heapq.heappush(free, (end, person))
        told.append((begin, end, person))
    return told


def lived(one: int, other: int, first: Service, second: Service, *, hand: bool = True) -> list[Signal]:
    """Twenty weeks of 150 requests; whatever the first desk has done goes on in the second."""
    rng = np.random.default_rng(3)
    arrived = np.sort(rng.uniform(0, 40 * WEEKS, 150 * WEEKS)).tolist()
    began = served(arrived, first, rng)
    order = np.argsort([end for _, end, _ in began]).tolist()
    went = served([began[i][1] for i in order], second, rng)
    told = list(facts(one, arrived, began))
    told += facts(other, [began[i][1] for i in order], went, person=5)
    if hand:
        keys, ends = moments(arrived), moments([end for _, end, _ in began])
        told += [Signal(one, key, key, Kind.HANDOFF, b"P" * 8, end) for key, end in zip(keys, ends, strict=True) if end]
    return [fact for fact in told if fact.at <= NOW * 1e6]


def moments(hours: list[float]) -> list[int]:
    """Unix microseconds of working hours; 0 beyond the end."""
    inside = np.minimum(np.array(hours) + 1e-6, 40.0 * WEEKS + 1)
    return [round(at * 1e6) for at in clock(WEEKS).at(inside).tolist()]


def facts(queue: int, arrived: list[float], began: list[tuple[float, float, int]], person: int = 0) -> Iterator[Signal]:
    """What such a desk leaves: arrival, claim, ✅."""
    begins, ends = moments([begin for begin, _, _ in began]), moments([end for _, end, _ in began])
    for key, begin, end, (_, _, who) in zip(moments(arrived), begins, ends, began, strict=True):
        actor = (who + person).to_bytes(8, "big")
        yield Signal(queue, key, key, Kind.ARRIVAL, key.to_bytes(8, "big"))
        yield Signal(queue, key, key, Kind.CLAIM, actor, max(begin, key + 1))
        yield Signal(queue, key, key, Kind.DONE, actor, max(end, key + 2))


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return fresh(tmp_path / "headroom.db")


def team(db: Database, draft: TeamDraft) -> TeamRecord:
    """A team, there from the beginning."""
    record = teams.get(db, teams.save(db, draft, START - 4 * WEEK))
    assert record is not None
    return record


def linked(
    db: Database,
    first: Service,
    second: Service,
    agreed: int = FIRST | NEXT,
    drafts: tuple[TeamDraft, TeamDraft] = (DRAFT, NEXT_DESK),
    *,
    hand: bool = True,
) -> tuple[TeamRecord, TeamRecord]:
    """Two linked desks that lived so."""
    one, other = team(db, drafts[0]), team(db, drafts[1])
    signals.add(db, lived(one.queues[0].id, other.queues[0].id, first, second, hand=hand))
    links.add(db, Link(one.queues[0].id, other.queues[0].id, agreed))
    return one, other


def steady(mean: float) -> Service:
    """Always the same."""
    return lambda _: mean


def turned(before: float, after: float) -> Service:
    """Another mean from the week of the change on."""
    return lambda week: before if week < CHANGE else after


def test_the_constraint_moved(db: Database) -> None:
    """The first desk gets faster and the second slower: moved, with both effects and one thing to do, for both."""
    one, other = linked(db, turned(1.2, 0.7), turned(0.8, 1.22))
    for record in (one, other):
        (chain,) = of_team(db, record, NOW)
        assert chain.moved is not None
        assert (chain.moved.before, chain.moved.now, chain.moved.rose) == (one.id, other.id, True)
        assert chain.sure == other.id
        assert chain.eased is not None
        assert chain.eased.before_now < chain.eased.before_then
        assert chain.eased.now_now > chain.eased.now_then
        said = readable(listed(db, record, NOW).blocks)
        assert "It moved from #C1 to #C2" in said
        assert "rather than shrank" in said
        assert "Bottleneck: #C2 with over 99% probability, two weeks running." in said
        assert said.count("One thing to do") == 1
        told = digest(db, record, NOW)
        assert "*The bottleneck moved* from <#C1> to <#C2> rather than shrank" in told
        assert "agree how much <#C1> hands on a day" in told
    long_after = NOW + timedelta(weeks=9).total_seconds()
    assert digest(db, one, long_after) == ""


def test_the_constraint_shrank(db: Database) -> None:
    """The first desk gets faster and the second stays as it was: it eased, and no warning goes out."""
    one, other = linked(db, turned(1.2, 0.45), steady(0.9))
    (chain,) = of_team(db, one, NOW)
    assert chain.moved is not None
    assert (chain.moved.now, chain.moved.rose) == (other.id, False)
    assert digest(db, one, NOW) == ""


def test_end_to_end_by_its_own_requests(db: Database) -> None:
    """Followed by their hand-overs, requests take what the simulation took, and each counts once."""
    one, _ = linked(db, steady(0.8), steady(0.8))
    (chain,) = of_team(db, one, NOW)
    assert isinstance(chain.whole, EndToEnd)
    assert chain.whole.followed
    assert chain.whole.n > 500
    assert chain.whole.mean == pytest.approx(2 * 0.9, abs=0.4)
    assert chain.whole.came_per_week == pytest.approx(150, rel=0.1)
    assert chain.whole.done_per_week == pytest.approx(150, rel=0.1)


def test_end_to_end_without_hand_overs(db: Database) -> None:
    """Put together from both desks it is close to that, and says what it rests on."""
    one, _ = linked(db, steady(0.8), steady(0.8), hand=False)
    (chain,) = of_team(db, one, NOW)
    assert isinstance(chain.whole, EndToEnd)
    assert not chain.whole.followed
    assert chain.whole.mean == pytest.approx(2 * 0.9, abs=0.4)
    assert "added up from each stage's own times" in readable(listed(db, one, NOW).blocks)


@pytest.mark.parametrize("agreed", [0, FIRST, NEXT])
def test_load_of_another_team_needs_its_lead(db: Database, agreed: int) -> None:
    """Without both leads neither team reads where work is held up, nor that it moved; times are told."""
    for record in linked(db, turned(1.2, 0.7), turned(0.8, 1.22), agreed):
        (chain,) = of_team(db, record, NOW)
        assert (chain.sure, chain.moved, chain.eased) == (Unknown(NOT_AGREED), None, None)
        assert all(stage.p is None and stage.passes_on is None for stage in chain.stages)
        assert digest(db, record, NOW) == ""
        said = readable(listed(db, record, NOW).blocks)
        assert "%" not in said.split("ranges hold")[0]
        assert "From end to end: half are done" in said
        assert "a week" not in said


def test_of_a_pair_no_time_is_told(db: Database) -> None:
    """A desk of two hides its times, so the whole and every part of it is not known; nor is the bottleneck."""
    pair = replace(NEXT_DESK, responders=("U6", "U7"))
    one, _ = linked(db, steady(0.8), steady(0.8), drafts=(DRAFT, pair))
    (chain,) = of_team(db, one, NOW)
    assert chain.sure == Unknown(SMALL)
    assert chain.whole == Unknown("of a team of one or two no time is told (<#C2>)")
    assert isinstance(chain.stages[1].cycle, Unknown)


def test_weeks_of_a_small_team_stay_with_it(db: Database) -> None:
    """Five people today; while they were four, their load is nobody else's, so those weeks are left out."""
    one, other = linked(db, turned(1.2, 0.7), turned(0.8, 1.22))
    grown = replace(NEXT_DESK, team_id=other.id, responders=NEXT_DESK.responders[:4])
    teams.save(db, grown, START)
    teams.save(db, replace(grown, responders=NEXT_DESK.responders), NOW - 4 * WEEK)
    (chain,) = of_team(db, one, NOW)
    assert chain.sure == Unknown(TOO_FEW)
    assert chain.moved is None
    assert digest(db, one, NOW) == ""


def test_a_channel_that_is_gone_ends_the_chain(db: Database) -> None:
    """What can no longer be read tells nothing of today."""
    one, other = linked(db, steady(0.8), steady(0.8))
    teams.mark_gone(db, other.queues[0].id, Gone.CLOSED)
    (chain,) = of_team(db, one, NOW)
    assert chain.sure == chain.whole == Unknown(GONE)
    assert digest(db, one, NOW) == ""


def test_of_old_weeks_nothing_is_told(db: Database) -> None:
    """Two weeks running, but months ago: no bottleneck of today."""
    one, _ = linked(db, turned(1.2, 0.7), turned(0.8, 1.22))
    assert not isinstance(of_team(db, one, NOW)[0].sure, Unknown)
    (chain,) = of_team(db, one, NOW + 9 * WEEK)
    assert chain.sure == Unknown(TOO_FEW)


def test_five_desks_and_a_branch(db: Database) -> None:
    """A chain of six is one chain; where one queue feeds two, each way is told, and with many the rest is said."""
    desks = [team(db, replace(DRAFT, name=f"Desk {n}", queue=f"C{n}")).queues[0].id for n in range(14)]
    for n in range(5):
        links.add(db, Link(desks[n], desks[n + 1], FIRST | NEXT))
    first = teams.by_name(db, "Desk 0")
    assert first is not None
    (chain,) = of_team(db, first, NOW)
    assert len(chain.stages) == 6
    assert "nothing was asked" in str(chain.whole)
    for branch in desks[6:]:
        links.add(db, Link(desks[0], branch, FIRST | NEXT))
    assert len(of_team(db, first, NOW)) == 5
    assert "More chains go through this team" in readable(listed(db, first, NOW).blocks)


def test_back_and_forth_is_counted_as_such(db: Database) -> None:
    """A request that the second desk posts back in the first one's queue is a bounce for both, only while linked."""
    one, other = team(db, DRAFT), team(db, NEXT_DESK)
    a, b = one.queues[0].id, other.queues[0].id
    told = []
    for n in range(30):
        at = round((NOW - 10 * 86_400 + n * 3600) * 1e6)
        there, back = at + 60_000_000 * 20, at + 60_000_000 * 40
        told += [
            Signal(a, at, at, Kind.ARRIVAL, b"A" * 8),
            Signal(a, at, at, Kind.HANDOFF, b"P" * 8, there),
            Signal(b, there, there, Kind.ARRIVAL, b"P" * 8),
            Signal(b, there, there, Kind.HANDOFF, b"Q" * 8, back),
            Signal(a, at, back, Kind.FOLLOWUP, b"Q" * 8),
        ]
    signals.add(db, told)
    before = assess_team(db, one, NOW).coordination
    assert before
    assert before.bounces.value == 0
    links.add(db, Link(a, b, FIRST))
    for record, whole in ((one, 3), (other, 2)):
        found = assess_team(db, record, NOW)
        assert not isinstance(found.coordination, Unknown)
        assert found.coordination.bounces.value == pytest.approx(1 / whole)
        assert isinstance(found.coordination.clarifications, Unknown)
        assert "nobody claims" in found.coordination.clarifications.reason
