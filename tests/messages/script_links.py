"""What is said about linked queues, example by example."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.health.chain import Moved
from bot.health.results import Growth, Rate, Spread
from bot.messages.links import Chain, Stage, chain_list, grows_faster, linked, moved_line, unlinked
from tests.messages.examples import busy
from tests.messages.said import Said, said

INTAKE, REVIEW = "C1INTAKE", "C2REVIEW"
CYCLES = Spread(2.0, 7.0, 3.1, 120), Spread(5.0, 22.0, 8.4, 96)
MONDAY = date(2026, 3, 16)


def chain(moved: Moved | None = None, sure: int | None = 2, p: float = 0.96) -> Chain:
    """Two desks, the second one fuller."""
    stages = Stage(1, INTAKE, CYCLES[0], 1 - p, 2.1), Stage(2, REVIEW, CYCLES[1], p, 1.2)
    return Chain(stages, "", sure, moved)


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
    yield said("the bottleneck moved", chain_list, [chain(Moved(1, 2, MONDAY, rose=True))])
    yield said("the bottleneck eased", chain_list, [chain(Moved(1, 2, MONDAY, rose=False))])
    yield said("not sure which stage it is", chain_list, [chain(sure=None, p=0.7)])
    bare = Chain((Stage(1, INTAKE, CYCLES[0]), Stage(2, REVIEW, None)), "the leads have not agreed to share it")
    yield said("linked by one lead, and one time is not told", chain_list, [bare])
    yield said("nothing linked", chain_list, [])
    yield said("one line of the digest, once", moved_line, chain(Moved(1, 2, MONDAY, rose=True)))
    more = replace(busy(), coordination=Rate(0.24, 0.21, 0.27, 800), growth=Growth(1.6, 1.2, 2.0, 1.5, 12))
    yield said("one line of /headroom where organising outgrows the work", grows_faster, more)
