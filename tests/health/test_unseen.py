"""Work that cannot be seen: found where waits tell of it, left unsaid where anything else explains them."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.unseen import DAYS, HOURS, WEEKS, Life, judged, live, watched
from bot.health.assess import assess
from bot.health.facts import Facts
from bot.health.results import Assessment, Basis, Unknown, Unseen
from bot.health.theory.queueing import wait_ggc
from bot.health.unseen import BEYOND, EXPLAINED, SEED, TOO_LARGE, Fitted, Watched, fit, replay
from bot.health.whatif import ask, parse
from bot.signal import Kind, Signal
from bot.team import Person, Team
from tests.budget import examples
from tests.health.desk import START, WEEK, clock, fact, team_of

pytestmark = pytest.mark.slow

USUAL = Life(people=5, seen=0.6, unseen=0.0)
BUSY_ELSEWHERE = replace(USUAL, unseen=0.25)


@cache
def looked_at(life: Life, seed: int) -> Watched:
    """What is seen of such a desk."""
    return watched(life, live(life, seed))


def fitted(life: Life, seed: int = 1) -> Fitted:
    """What is said of a desk that lives so."""
    return fit(looked_at(life, seed), np.random.default_rng(SEED))


def seen(life: Life = BUSY_ELSEWHERE, seed: int = 1, **other: object) -> Watched:
    """The same, with something changed."""
    return replace(looked_at(life, seed), **other)  # type: ignore[arg-type]


@pytest.mark.slow
def test_nothing_is_said_where_there_is_nothing() -> None:
    """Of 40 desks of all sizes without other work, at most 2 are told that there is some."""
    told = [found for _, found in judged(0.0, range(40)) if not isinstance(found.share, Unknown)]
    assert len(told) <= 2


@pytest.mark.slow
def test_the_range_holds_the_truth_about_as_often_as_it_says() -> None:
    """A fifth and three tenths of all hours are found in most desks, and the 80% ranges hold them about as often.

    Of a hundred desks it is 82% and 84% (`benchmarks/unseen.py`); of so few, chance moves it by .07 either way.
    """
    inside, told, desks = 0, 0, 0
    for share in (0.2, 0.3):
        for _, found in judged(share, range(16)):
            desks += 1
            told += not isinstance(found.share, Unknown)
            inside += not isinstance(found.share, Unknown) and found.share.low <= share <= found.share.high
    assert told > 0.75 * desks
    assert 0.66 <= inside / told <= 0.94


@pytest.mark.slow
@pytest.mark.parametrize(
    "life",
    [
        pytest.param(replace(USUAL, look=1.5), id="people look into the channel every other hour"),
        pytest.param(replace(USUAL, overnight=0.6), id="most requests wait at the opening"),
        pytest.param(replace(USUAL, people=3, seen=0.8), id="three people, nearly full"),
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_habits_nights_and_a_full_desk_are_no_other_work(life: Life, seed: int) -> None:
    """Waits that habit, off-hours arrivals or the work seen explain make nobody suspicious."""
    assert isinstance(fitted(life, seed).share, Unknown)


def test_more_other_work_is_told_as_more() -> None:
    """The middles of the range follow the truth upwards."""
    shares = [fitted(replace(USUAL, unseen=u), 3).share for u in (0.15, 0.3)]
    assert shares[0]
    assert shares[1]
    assert shares[0].value < shares[1].value


def test_the_same_weeks_give_the_same_answer() -> None:
    """Nothing but the weeks and the draws decides."""
    assert fitted(BUSY_ELSEWHERE) == fitted(BUSY_ELSEWHERE)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (seen(week=np.minimum(seen().week, 4)), "6 complete weeks"),
        (seen(wait=np.where(np.arange(len(seen().at)) % 20, np.nan, seen().wait)), "100 requests"),
        (seen(capacity=seen().capacity * 0.5), "three people"),
        (seen(service=0.3), "less than 30%"),
        (seen(service=2.0), "explains any wait"),
        (seen(free=np.zeros(len(seen().at), np.bool_)), "habit"),
        (seen(wait=np.zeros(len(seen().at))), EXPLAINED),
        (seen(wait=seen().wait + 40 * ~seen().free), BEYOND),
        (seen(service=float("nan")), "no work was seen"),
        (seen(capacity=seen().capacity * 10), TOO_LARGE),
    ],
)
def test_thin_or_strange_data_say_nothing(changed: Watched, words: str) -> None:
    """Each has its reason, and none a share."""
    found = fit(changed, np.random.default_rng(SEED))
    assert isinstance(found.share, Unknown)
    assert words in found.share.reason


@pytest.mark.slow
def test_one_bad_week_is_not_other_work() -> None:
    """A week in which everybody was ill and nobody said so is a week, not a share of all."""
    for seed in range(3):
        weeks = seen(USUAL, seed)
        bad = replace(weeks, wait=weeks.wait + 20.0 * (weeks.week == 3) * ~weeks.free)
        assert isinstance(fit(bad, np.random.default_rng(SEED)).share, Unknown)


def test_two_bad_weeks_are_not_other_work_either() -> None:
    """Most weeks must wait longer than they would."""
    weeks = seen(USUAL)
    bad = replace(weeks, wait=weeks.wait + 6.0 * np.isin(weeks.week, (3, 4)) * ~weeks.free)
    found = fit(bad, np.random.default_rng(SEED))
    assert isinstance(found.share, Unknown)
    assert "only some weeks" in found.share.reason


def test_one_bad_week_hardly_moves_the_range() -> None:
    """It is left out, so the range stays where the other weeks put it."""
    weeks = seen()
    bad = replace(weeks, wait=weeks.wait + 20.0 * (weeks.week == 3) * ~weeks.free)
    plain, shaken = (fit(one, np.random.default_rng(SEED)).share for one in (weeks, bad))
    assert plain
    assert shaken
    assert shaken.value == pytest.approx(plain.value, abs=0.05)


@pytest.mark.slow
def test_without_other_work_the_replay_is_the_queue() -> None:
    """Poisson arrivals, exponential-like service: the mean wait is that of M/M/c within the formula's reach."""
    life = Life(5, 0.7, 0.0, overnight=0.0)
    weeks = 400
    told = watched(life, live(life, 5, weeks), weeks)
    found = replay(replace(told, service_scv=1.0), np.zeros(20), np.random.default_rng(1))
    assert found.mean() == pytest.approx(float(wait_ggc(told.seen, 5, told.service)), rel=0.08)


@examples(15)
@given(share=st.floats(0, 0.3), more=st.floats(0.05, 0.3), seed=st.integers(0, 50))
def test_other_work_never_shortens_waits(share: float, more: float, seed: int) -> None:
    """Over many copies, more of it means longer waits."""
    weeks = seen(USUAL, seed)
    waits = [replay(weeks, np.full(40, u), np.random.default_rng(seed)).mean() for u in (share, share + more)]
    assert waits[1] > waits[0]


@cache
def lived(life: Life, seed: int = 1, *, claims: bool = True) -> Facts:
    """The facts of a desk that lives so: arrival, reply and, where told, claim and ✅ of each request."""
    happened = live(life, seed)
    told: list[tuple[int, Kind, float, int]] = []
    rows = zip(
        happened.came.tolist(), happened.begun.tolist(), happened.work.tolist(), happened.who.tolist(), strict=True
    )
    for key, (came, begun, work, who) in enumerate(rows, 1):
        told.append((key, Kind.ARRIVAL, came, 0))
        told += [(key, Kind.REPLY, begun + part * work, who + 1) for part in (0.05, 0.95)]
        if claims:
            told += [(key, Kind.CLAIM, begun, who + 1), (key, Kind.DONE, begun + work, who + 1)]
    unix = clock(WEEKS).at(np.maximum([hours for _, _, hours, _ in told], 1e-6))
    signals: list[Signal] = [
        fact(key, kind, at, who) for (key, kind, _, who), at in zip(told, unix.tolist(), strict=True)
    ]
    return Facts.of(signals)


NOW = START + WEEKS * WEEK


def check(facts: Facts, team: Team, **how: object) -> Assessment:
    """A check at the end of the weeks."""
    return assess(facts, team, NOW, **how)  # type: ignore[arg-type]


def test_a_check_tells_it_beside_the_work_seen_and_moves_no_level() -> None:
    """The whole is the seen 60% and a range around the quarter that is spent elsewhere; nothing else changes."""
    facts = lived(BUSY_ELSEWHERE)
    found = check(facts, team_of(5))
    unseen = found.capacity.unseen
    assert isinstance(unseen, Unseen)
    assert (unseen.basis, unseen.weeks) == ("fitted", 7)
    assert unseen.seen == pytest.approx(0.6, abs=0.05)
    assert unseen.whole.low < 0.85 < unseen.whole.high
    bare = check(facts, team_of(5), resilient=False)
    assert isinstance(bare.capacity.unseen, Unknown)
    assert (bare.level, bare.weeks, bare.capacity.utilization) == (found.level, found.weeks, found.capacity.utilization)


def test_a_stated_share_stands() -> None:
    """What the lead says is not fitted again: half to one and a half times of it."""
    found = check(lived(BUSY_ELSEWHERE), team_of(5, unseen_share=0.2)).capacity.unseen
    assert found
    assert (found.basis, found.share.value, found.share.low) == ("stated", 0.2, 0.1)
    assert found.share.high == pytest.approx(0.3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("facts", "team", "how", "words"),
    [
        (lived(USUAL), team_of(5), {}, "no longer than the work seen explains"),
        (lived(BUSY_ELSEWHERE), team_of(7), {}, "roster"),
        (lived(BUSY_ELSEWHERE, claims=False), team_of(5), {}, "only claims"),
        (lived(BUSY_ELSEWHERE), team_of(5), {"basis": Basis.REPLIES}, "only claims"),
        (lived(BUSY_ELSEWHERE), team_of(5), {"history_weeks": 4}, "6 complete weeks"),
        (lived(BUSY_ELSEWHERE), team_of(5), {"elsewhere": [lived(USUAL, 2)]}, "another desk"),
    ],
)
def test_a_check_says_why_not(facts: Facts, team: Team, how: dict[str, object], words: str) -> None:
    """Each gap has its reason under the report's key."""
    found = check(facts, team, **how)
    assert isinstance(found.capacity.unseen, Unknown)
    assert words in found.capacity.unseen.reason


def test_a_team_that_was_two_is_not_asked() -> None:
    """Weeks with two people tell of persons, so they are not replayed."""
    grown = tuple(Person(f"u{i}", since=date(2024, 1, 1 if i < 2 else 9)) for i in range(5))
    found = check(lived(BUSY_ELSEWHERE), replace(team_of(5), people=grown))
    assert isinstance(found.capacity.unseen, Unknown)
    assert "one or two" in found.capacity.unseen.reason


@pytest.mark.slow
def test_what_slack_pays_for_names_the_range() -> None:
    """With one person less, the hours spent elsewhere stay and are shared by four."""
    found = ask(lived(BUSY_ELSEWHERE), team_of(5), NOW, parse("-1 person"), np.random.default_rng(1))
    assert found.pays is not None
    low, high = found.pays.unseen
    assert low < (0.6 + 0.25) * 5 / 4 < high
    assert high - low > 0.05


def test_the_desk_of_the_tests_is_open_as_long_as_that_of_the_facts() -> None:
    """Weeks of the simulation are weeks of the working clock."""
    assert float(clock(WEEKS).elapsed(NOW)) == pytest.approx(WEEKS * DAYS * HOURS)
