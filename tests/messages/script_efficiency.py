"""What the team reads of speed beside quality, and of its efficiency equation, example by example."""

from collections.abc import Iterator
from datetime import date

from bot.health.efficiency import Efficiency, Figure
from bot.health.guard import guards, rate_ratio
from bot.health.results import (
    UNTOLD,
    Assessment,
    Capacity,
    Compared,
    Flow,
    Guarded,
    Level,
    Loop,
    Ratio,
    Resilience,
    Spread,
    Throughput,
    Tier,
    Unknown,
)
from bot.health.theory.posterior import wilson
from bot.messages.efficiency import efficiency_message, efficiency_view, kept_view
from bot.messages.guards import false_efficiency, loop, news
from tests.messages.said import Said, said

TEAM = "Deal desk"
START, MIDDLE, END = date(2026, 1, 12), date(2026, 3, 9), date(2026, 5, 4)
MORE = Throughput(27.0, 20.0, rate_ratio((216, 8), (160, 8)), Ratio(0.97, 0.86, 1.1, 0.3))
CALM = guards(
    {"reopen": ((9, 216), (7, 160)), "escalation": ((4, 230), (3, 170)), "satisfaction": Unknown("nobody was asked")}
)
PAID = guards(
    {"reopen": ((30, 216), (7, 160)), "escalation": ((4, 230), (3, 170)), "satisfaction": ((19, 30), (27, 31))}
)
FED = Loop(2.0, 5.5, wilson(14, 170), wilson(41, 230), 1.04, 1.13, (0.99, 0.998, 0.97), True)


def compared(**more: object) -> Guarded:
    """Eight weeks beside eight."""
    return Guarded(Compared(8, START, MIDDLE, END), **{"throughput": MORE, "guards": CALM, **more})  # type: ignore[arg-type]


def check(people: int = 5, **more: object) -> Assessment:
    """A check of a team of so many."""
    return Assessment(
        as_of=0.0,
        window_days=28,
        level=Level.HEALTHY,
        since=UNTOLD,
        reasons=(),
        flow=Flow(arrivals_per_week=28.0, done_per_week=27.0, wait=Spread(1.5, 5.0, 2.2, 108)),
        capacity=Capacity(people),
        resilience=Resilience(),
        guarded=compared(**more),
        tier=Tier.of(people),
    )


KNOWN = Efficiency(
    "done_not_reopened",
    8,
    MIDDLE,
    END,
    207,
    1480.0,
    Figure(0.14, 0.12, 0.16, rate_ratio((207, 1480), (153, 1500))),
    Figure(429.0, 375.0, 500.0, Ratio(0.73, 0.59, 0.9, 0.0)),
    Figure(6.2, 5.1, 7.5, Ratio(0.9, 0.7, 1.15, 0.2)),
)
FEW = "not enough data: 2 complete weeks can be compared, 8 are needed"
NEW = Efficiency("done_not_reopened", per_hour=Unknown(FEW), cost=Unknown(FEW), cycle=Unknown(FEW))


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "Speed beside quality", list(_answers())


def _lines(found: Guarded) -> str:
    return "\n".join(news(found))


def _answers() -> Iterator[Said]:
    yield said("the digest, only when quality paid for speed", false_efficiency, compared(guards=PAID))
    yield said("the digest, only when the load feeds itself", loop, compared(loop=FED))
    split = Throughput(40.0, 20.0, rate_ratio((320, 8), (160, 8)), Ratio(0.5, 0.43, 0.58, 0.0), True)
    yield said("/headroom, when requests became smaller", _lines, compared(throughput=split))
    shown = {"team_id": 1, "currency": "EUR", "lead": True}
    yield said("/headroom efficiency; the lead", efficiency_message, check(), KNOWN, TEAM, **shown)
    yield said(
        "a responder, speed paid for", efficiency_message, check(guards=PAID), KNOWN, TEAM, **shown | {"lead": False}
    )
    yield said("a new team", efficiency_message, check(guards={}), NEW, TEAM, **shown | {"lead": False})
    yield said("a team of two", efficiency_message, check(2), KNOWN, TEAM, **shown)
    form = {"team_id": 1, "outcome": "done_not_reopened", "cost": 60.0, "currency": "EUR"}
    yield said("the form; the lead", efficiency_view, TEAM, **form)
    yield said("once it is saved", kept_view, TEAM, "done_not_escalated")
