"""Assessments as checks really return them, for teams of several sizes and levels."""

from dataclasses import replace
from datetime import date, timedelta

from bot.health.results import (
    UNTOLD,
    Assessment,
    Basis,
    Began,
    Capacity,
    Cause,
    Causes,
    Effect,
    Estimate,
    Flow,
    Ground,
    Level,
    Likely,
    Outlook,
    Quality,
    Rate,
    Reason,
    Remedy,
    Resilience,
    Source,
    Spread,
    Tier,
    Unknown,
    Unseen,
    Utilization,
    Week,
)
from bot.health.tiers import within

MONDAY = date(2026, 3, 2)
HOSTILE = "<!channel> R&D \u202e*desk*\u2066\x07 <@U1|x>`\n`<https://x.example|y>"


def week(n: int, value: float | None, level: Level = Level.HEALTHY) -> Week:
    """The n-th week, at this utilization."""
    seen = UNTOLD if value is None else Estimate(value, value - 0.08, value + 0.07)
    return Week(MONDAY + timedelta(weeks=n), 40 + n, 38, 190.0, 1.5 + n / 4, seen, 0.84, 0.9, level)


def load(value: float, basis: Basis = Basis.CLAIMS) -> Utilization:
    """A utilization with an ordinary range."""
    return Utilization(value, value - 0.07, value + 0.07, basis, Estimate(value - 0.05, value - 0.1, value))


def advised(found: Assessment, *effects: Effect) -> Assessment:
    """The same with what its remedies would change."""
    return replace(found, remedies=tuple(Remedy(effect.action, effect) for effect in effects))


def _seen(found: Assessment) -> Assessment:
    """As a check gives it to a team of so many."""
    return within(replace(found, tier=Tier.of(found.capacity.people)))


def busy(level: Level = Level.DANGER, people: int = 6, weeks: int = 16) -> Assessment:
    """A team in trouble."""
    found = Assessment(
        as_of=1_780_000_000.0,
        window_days=28,
        level=level,
        since=date(2026, 5, 4),
        reasons=(
            Reason("utilization", 0.91, 0.84, "share", level),
            Reason("wait", 5.5, 4.0, "hours", level),
            Reason("open", 42, 20, "requests", level),
            Reason("arrivals", 52, 40.4, "requests/week", level),
            Reason("service", 1.25, 0.9, "hours", level),
            Reason("capacity", 140, 160, "hours/week", level),
            Reason("reopen", 0.12, 0.06, "share", level),
            Reason("chase", 0.22, 0.1, "share", level),
        ),
        flow=Flow(52, 47.5, 42, Spread(5.5, 14.2, 6.1, 208), Spread(8, 30, 11, 190), 1.3, 1.1, 1.25, 0.28),
        capacity=Capacity(people, 190, load(0.91), 0.84, 0.93, 6.0),
        resilience=Resilience(Estimate(17, -4, 38), -0.06, -1.2, 9.0),
        weeks=tuple(week(n, 0.6 + n / 50, level) for n in range(weeks)),
        quality=Quality(reopen=Rate(0.12, 0.08, 0.17, 180), chase=Rate(0.22, 0.17, 0.28, 208)),
        notes=("The roster lists 6 people, but 4 were seen answering in the last 4 weeks.",),
        remedies=(Remedy("add_cover"),),
        source=_source(level, people),
    )
    return _seen(found)


def _source(level: Level, people: int) -> Source:
    """What makes a level of a team in trouble: load and waits, of one or two people waits alone."""
    wait = Reason("wait", 5.5, 4.0, "hours", level)
    return Source((Ground.WAITS,) if people <= 2 else (Ground.LOAD, Ground.WAITS), wait)


def better(found: Assessment, days: int = 4) -> Assessment:
    """The same after so many working days without what keeps its level."""
    assert found.source
    return replace(found, source=replace(found.source, better=days))


def on(found: Assessment, *grounds: Ground) -> Assessment:
    """The same, its level made by these."""
    return replace(found, source=Source(grounds))


def buried(waits: float = 56) -> Assessment:
    """A desk with room by its utilization, on which so much waits that it is danger: a real one, on 4 March 2013."""
    pile = Reason("pile", waits, 50, "hours", Level.DANGER)
    used = Utilization(0.43, 0.29, 0.68, Basis.CLAIMS, Estimate(0.43, 0.29, 0.68))
    return Assessment(
        as_of=1_362_398_400.0,
        window_days=28,
        level=Level.DANGER,
        since=date(2013, 1, 28),
        reasons=(
            pile,
            Reason("open", 82, 30, "requests", Level.DANGER),
            Reason("arrivals", 23, 9.8, "requests/week", Level.DANGER),
            Reason("utilization", 0.43, 0.94, "share", Level.HEALTHY),
            Reason("wait", 57, 44, "hours", Level.HEALTHY),
        ),
        flow=Flow(22.8, 25.3, 78, Spread(54, 118, 61, 89), Spread(100, 150, 91, 91), 1.2, 0.7, 14.4, 0.07),
        capacity=Capacity(22, 1100, used, 0.94, 0.02, 0.001),
        resilience=Resilience(Estimate(624, 355, 783), 1.1, 5.6, 0.0),
        weeks=tuple(week(n, 0.4, Level.DANGER) for n in range(8)),
        quality=Quality(reopen=Rate(0.1, 0.05, 0.18, 90)),
        remedies=(Remedy("pause_intake"),),
        source=Source((Ground.BACKLOG,), pile),
    )


def drifting(signal: str = "arrivals") -> Assessment:
    """A team that is not full yet, and moves away from its first weeks."""
    told = {reason.signal: reason for reason in busy(Level.WATCH).reasons}
    shown = told.get(signal, Reason(signal, 0.75, 1.0, "share", Level.WATCH))
    found = replace(busy(Level.WATCH), capacity=replace(busy().capacity, utilization=load(0.66), p_over_line=0.1))
    used = Reason("utilization", 0.66, 0.84, "share", Level.HEALTHY)
    return replace(found, reasons=(shown, used), source=Source((Ground.DRIFT,), shown))


def standing(found: Assessment, value: float) -> Assessment:
    """The same at this utilization, while its level still stands."""
    return replace(found, capacity=replace(found.capacity, utilization=load(value)))


def elsewhere(people: int = 6) -> Assessment:
    """A team with room by what is seen, whose requests wait as if there were less of it."""
    told = calm(people)
    more = Unseen(Estimate(0.21, 0.13, 0.3), "fitted", 0.58, 8)
    return _seen(replace(told, capacity=replace(told.capacity, unseen=more)))


def explained(people: int = 6, level: Level = Level.DANGER) -> Assessment:
    """The same, and what explains it: more requests in one queue, longer ones, and a wait that will double."""
    found = replace(
        busy(level, people),
        began=Began(date(2026, 4, 13), date(2026, 4, 6), date(2026, 4, 27), 0.97),
        causes=Causes(
            (
                Cause("demand", Estimate(0.71, 0.55, 0.87), Estimate(0.29, 0.2, 0.38), 7),
                Cause("service", Estimate(0.24, 0.1, 0.38), Estimate(0.09, 0.03, 0.15)),
                Cause("hours", Estimate(0.05, 0.05, 0.05), Estimate(0.02, 0.02, 0.02)),
                Cause("mix", Estimate(0.0, 0.0, 0.0), Estimate(0.0, 0.0, 0.0)),
                Cause("rework", Estimate(0.0, -0.02, 0.02), Estimate(0.0, -0.01, 0.01)),
            ),
            Estimate(0.43, 0.31, 0.56),
            7,
            4,
        ),
        outlook=Outlook(date(2026, 6, 19), 0.64, date(2026, 7, 20), Estimate(0.02, 0.01, 0.03), 0.2),
        remedies=(Remedy("pause_intake"),),
    )
    return _seen(found)


def out_of_date(people: int = 6) -> Assessment:
    """Shares cannot be told yet, but fewer are at work than the roster says, and the wait has doubled."""
    found = explained(people, Level.WATCH)
    return replace(
        found,
        causes=UNTOLD,
        likely=Likely("hours", 0.86, Estimate(0.7, 0.6, 0.8)),
        outlook=Outlook(date(2026, 5, 28), 0.93, date(2026, 7, 20), Estimate(0.0, 0.0, 0.02), 0.88),
        remedies=(Remedy("add_cover"),),
    )


def calm(people: int = 6) -> Assessment:
    """A team with room."""
    found = Assessment(
        as_of=1_780_000_000.0,
        window_days=28,
        level=Level.HEALTHY,
        since=UNTOLD,
        reasons=(Reason("utilization", 0.6, 0.84, "share", Level.HEALTHY),),
        flow=Flow(31, 31, 4, Spread(0.6, 3.2, 1.1, 124), Spread(2, 9, 4, 120)),
        capacity=Capacity(people, 190, load(0.6, Basis.REPLIES), 0.84, 0.02, 0.4),
        resilience=Resilience(Estimate(76, 62, 90), 0.35, 2.2, 1.5),
        weeks=tuple(week(n, 0.6) for n in range(5)),
        remedies=(Remedy("keep_slack"),),
        source=Source(),
    )
    return _seen(found)


def unknown(people: int = 5) -> Assessment:
    """A team that was just set up."""
    found = Assessment(
        as_of=1_780_000_000.0,
        window_days=28,
        level=Level.UNKNOWN,
        since=Unknown("only 7 requests so far, and 20 are needed"),
        reasons=(),
        flow=Flow(open=3, wait=Spread(0.5, 2.0, 0.8, 7)),
        capacity=Capacity(people, utilization=Unknown("under 20 jobs")),
        resilience=Resilience(),
    )
    return _seen(found)


def broken() -> Assessment:
    """Every number that can go wrong, wrong."""
    nan, inf = float("nan"), float("inf")
    return Assessment(
        as_of=nan,
        window_days=28,
        level=Level.WATCH,
        since=Unknown(HOSTILE),
        reasons=(Reason("wait", nan, inf, "hours", Level.WATCH), Reason("new", 1, 2, "miles", Level.WATCH)),
        flow=Flow(nan, inf, 0, Spread(nan, inf, nan, 0)),
        capacity=Capacity(9, nan, Utilization(nan, nan, inf, Basis.STATED, Estimate(nan, nan, nan)), nan, nan),
        resilience=Resilience(Estimate(nan, nan, nan), nan, nan, inf),
        weeks=(week(0, nan), week(1, None), week(2, inf)),
        notes=(HOSTILE * 40,),
        remedies=(Remedy("something new"),),
    )


EVERY = (
    *(busy(level, people) for level in (Level.WATCH, Level.DANGER) for people in (1, 2, 3, 4, 5, 30)),
    *(calm(people) for people in (1, 3, 6)),
    unknown(),
    unknown(0),
    busy(weeks=0),
    busy(weeks=1),
    broken(),
)
