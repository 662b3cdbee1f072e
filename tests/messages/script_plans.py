"""What a team reads of known peaks, of changes it marked, and of fewer hours, example by example."""

from collections.abc import Iterator
from datetime import date

from bot.health.ahead import Ahead, Short
from bot.health.peaks import Peak
from bot.health.results import Estimate, Unknown
from bot.health.theory.compare import Comparison
from bot.messages import dated, plans
from tests.messages.said import Said, said

TEAM = "Deal desk"
TODAY = date(2026, 11, 23)
PEAK = Peak(date(2026, 12, 15), date(2026, 12, 31), 0.4, TODAY)
AHEAD = Ahead(
    (
        Short(date(2026, 12, 14), Estimate(22.0, 12.0, 30.0), 184.0),
        Short(date(2026, 12, 21), Estimate(3.0, -9.0, 14.0), 150.0),
        Short(date(2026, 12, 28), Estimate(-12.0, -25.0, -2.0), 160.0),
    ),
    Estimate(4.4, 2.1, 7.9),
)
OVER = plans.Entry(Peak(date(2026, 9, 24), date(2026, 9, 30), 0.4), AHEAD, over=True, extra=0.31, wait=5.1)
THIN = plans.Entry(Peak(date(2026, 7, 6), date(2026, 7, 6), 0.2), None, over=True, extra=None, wait=0.6)

FASTER = Comparison("wait", "hours", 6.2, 4.1, -2.1, -3.4, -0.8, 0.99, 8, 4, 1.4, "better")
SAME = Comparison("utilization", "share", 0.81, 0.8, -0.01, -0.05, 0.03, 0.6, 8, 4, 0.08, "no_clear_change")
WORSE = Comparison("reopen", "share", 0.04, 0.09, 0.05, 0.02, 0.08, 0.01, 8, 4, 0.04, "worse")
NOTHING = (None,) * 6
RARE = Comparison(
    "escalation", "share", *NOTHING, 8, 4, None, "too_little", "fewer than 20 requests in the weeks after it"
)
CHASE = Comparison("chase", "share", 0.12, 0.1, -0.02, -0.06, 0.02, 0.7, 8, 4, 0.06, "no_clear_change")
LIVE = dated.Entry("assistant live", date(2026, 9, 21), date(2026, 10, 26), (FASTER, SAME, WORSE, RARE, CHASE))
EARLY = dated.Entry("new intake form", date(2026, 11, 16), date(2026, 12, 21))


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "Known peaks", list(_plans())
    yield "Dated changes", list(_changes())
    yield "Fewer hours than before", list(_shrinks())


def _plans() -> Iterator[Said]:
    yield said("/headroom plan 15-31 Dec +40%; the lead alone", plans.noted, PEAK, AHEAD, TEAM)
    pair = Unknown("in a team of one or two, hours would describe a person")
    yield said("the same in a team of two", plans.noted, PEAK, pair, TEAM)
    entries = [THIN, OVER, plans.Entry(PEAK, AHEAD)]
    yield said("/headroom plan list; whoever of the team asked", plans.plan_list, entries, TEAM, TODAY)
    yield said("/headroom plan list before the first", plans.plan_list, [], TEAM, TODAY)
    yield said("/headroom plan cancel 15 Dec; the lead alone", plans.cancelled, PEAK)
    yield said("in the digest of the week before", plans.ahead_line, PEAK, AHEAD)
    yield said("in the digest after its end", plans.after_line, OVER)


def _changes() -> Iterator[Said]:
    yield said('/headroom change "new intake form"; the lead alone', dated.marked, EARLY, TEAM)
    entries = [EARLY, LIVE]
    yield said("/headroom change list; whoever of the team asked", dated.change_list, entries, TEAM, older=1)
    yield said("/headroom change list before the first", dated.change_list, [], TEAM)
    gone = (["assistant live"], LIVE.day)
    yield said("/headroom change cancel 21 Sep; the lead alone", dated.change_cancelled, *gone)
    yield said("in the digest, four weeks after", dated.change_line, LIVE)


def _shrinks() -> Iterator[Said]:
    since, wait = date(2026, 9, 1), Estimate(6.1, 4.0, 9.0)
    yield said("in thirteen digests", dated.shrink_line, 32.0, since, wait, None, 6.2)
    yield said("the same, longer than was predicted", dated.shrink_line, 32.0, since, wait, None, 11.5)
    yield said("the same where the queue was to grow", dated.shrink_line, 32.0, since, None, 6.5, 14.0)
    yield said("the same in a team of one or two", dated.shrink_line, None, since, wait, None, None)
