"""What is said about linked queues, example by example."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.health.chain import Moved
from bot.health.endtoend import EndToEnd
from bot.health.results import Coordination, Estimate, Growth, Rate, Spread, Unknown
from bot.messages.links import Chain, Eased, Stage, chain_list, grows_faster, linked, moved_line, unlinked
from tests.messages.examples import busy
from tests.messages.said import Said, said

INTAKE, REVIEW = "C1INTAKE", "C2REVIEW"
CYCLES = Spread(2.0, 7.0, 3.1, 120), Spread(5.0, 22.0, 8.4, 96)
MONDAY = date(2026, 3, 16)


WHOLE = EndToEnd(Estimate(8.2, 7.6, 9.4), Estimate(27.5, 23.1, 31.0), 11.5, (3.1, 8.4), 118, True, 38.2, 36.5)
EASED = Eased(7.2, 3.4, 2.1, 9.3)


def chain(moved: Moved | None = None, sure: int | None = 2, p: float = 0.96, *, followed: bool = True) -> Chain:
    """Two desks, the second one fuller."""
    stages = Stage(1, INTAKE, CYCLES[0], 1 - p, 2.1), Stage(2, REVIEW, CYCLES[1], p, 1.2)
    whole = replace(WHOLE, followed=followed)
    eased = None if moved is None else EASED
    return Chain(stages, sure, moved, whole, reopen=Rate(0.06, 0.04, 0.09, 146), eased=eased)


NOT_AGREED = "one of its leads has not agreed yet, which the same `/headroom links …` typed there does"
ORGANISED = Coordination(
    Rate(0.24, 0.21, 0.27, 800),
    Rate(0.09, 0.07, 0.11, 800),
    Rate(0.05, 0.04, 0.07, 800),
    Rate(0.02, 0.01, 0.03, 800),
    Rate(0.08, 0.06, 0.1, 800),
)
MOVED = Moved(1, 2, MONDAY - timedelta(weeks=2), MONDAY, rose=True)
BACK = Moved(2, 1, MONDAY - timedelta(weeks=2), MONDAY, rose=True)
LEFT = Moved(1, 2, MONDAY - timedelta(weeks=2), MONDAY, rose=False)


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "Linked queues", list(_links())


def _links() -> Iterator[Said]:
    yield said(
        "/headroom links #intake -> #review by a lead of both; that lead alone",
        linked,
        INTAKE,
        REVIEW,
        new=True,
        shared=True,
    )
    yield said("the same by a lead of one", linked, INTAKE, REVIEW, new=True, shared=False)
    yield said("the same again", linked, INTAKE, REVIEW, new=False, shared=False)
    yield said("/headroom links remove #intake -> #review", unlinked, INTAKE, REVIEW, was=True)
    yield said("… of what was not linked", unlinked, INTAKE, REVIEW, was=False)
    yield said("/headroom links; responders and lead alone", chain_list, [chain()])
    yield said("the same of requests that nobody hands on by a link", chain_list, [chain(followed=False)])
    yield said("the bottleneck moved", chain_list, [chain(MOVED)])
    yield said("the bottleneck eased", chain_list, [replace(chain(LEFT), eased=Eased(7.2, 2.2, 2.1, 2.3))])
    yield said("not sure which stage it is", chain_list, [chain(sure=None, p=0.7)])
    bare = Chain(
        (Stage(1, INTAKE, CYCLES[0]), Stage(2, REVIEW, CYCLES[1])), Unknown(NOT_AGREED), whole=WHOLE, shared=False
    )
    yield said("linked by one lead", chain_list, [bare])
    few = Unknown(f"fewer than 20 requests came to <#{REVIEW}> in the last 28 days")
    short = replace(bare, whole=few, stages=(bare.stages[0], replace(bare.stages[1], cycle=few)))
    yield said("a new queue, and more chains than are shown", chain_list, [short], more=True)
    yield said("nothing linked", chain_list, [])
    yield said("one line of the digest, once", moved_line, chain(MOVED))
    yield said("… moved to the stage before", moved_line, chain(BACK))
    yield said("… where a wait is not known", moved_line, replace(chain(MOVED), eased=None))
    more = replace(busy(), coordination=ORGANISED, growth=Growth(1.6, 1.2, 2.0, 1.5, 12))
    yield said("one line of /headroom where organising outgrows the work", grows_faster, more)
    asking = replace(ORGANISED, clarifications=Rate(0.11, 0.09, 0.13, 800))
    yield said("… most of it asking back", grows_faster, replace(more, coordination=asking))
    passing = replace(ORGANISED, handoffs=Rate(0.11, 0.09, 0.13, 800))
    yield said("… most of it handing on", grows_faster, replace(more, coordination=passing))
