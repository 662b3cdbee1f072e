"""Linked queues put together: each desk judged as always, then the chain as a whole.

Load stays with its team: which stage holds work up, and how much comes and is finished, is told only where the leads of
all stages agreed, and load only of weeks in which each of the desks had five people or more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import numpy as np

from bot.health.chain import Moved, Week, bottleneck, chains, departure_scv, moved, named, typical_wait
from bot.health.endtoend import FEWEST, EndToEnd, Stop, end_to_end
from bot.health.results import OF_A_PERSON, UNTOLD, Assessment, Unknown, or_none
from bot.health.seen.capacity import headcount
from bot.health.seen.corrections import tidy
from bot.health.seen.handover import handovers
from bot.health.seen.tier import had_fewer
from bot.messages.links import Chain, Eased, Stage, chain_list, moved_line
from bot.messages.message import Message
from bot.services.assessing import DAY, assess_team
from bot.services.audience import team_day
from bot.services.pictures import picture
from storage import links, rhythms, signals, teams
from storage.database import Database
from storage.teams import Queue, TeamRecord

FEWEST_PEOPLE = 5
MOST = 5
"""Chains shown of one team."""

WINDOW, BEFORE = 28, 90
"""Days that times look back on, and days before them in which hand-overs of older requests are looked for."""

FRESH = 14
"""Days since the Monday of the latest week at most: on a Sunday it is thirteen, and zones differ by a day."""

SEED = 20_210

NOT_AGREED = "one of its leads has not agreed yet, which the same `/headroom links …` typed there does"
SMALL = f"load of a team of fewer than {FEWEST_PEOPLE} stays with that team"
TOO_FEW = f"no two weeks running have a utilization for every stage, with {FEWEST_PEOPLE} people or more in each"
GONE = "one of its channels can no longer be read"


@dataclass(frozen=True, slots=True)
class Desk:
    """One stage as it was judged."""

    queue: Queue
    record: TeamRecord
    found: Assessment


Judged = dict[int, Assessment]
"""Assessments by team, each made once."""


def of_team(db: Database, record: TeamRecord, now: float) -> list[Chain]:
    """The chains that a team is part of, as they stand at Unix second `now`; the first few where there are many."""
    judged = Judged()
    return [_chain(db, path, shared, now, judged) for path, shared in _paths(db, record)[:MOST]]


def _paths(db: Database, record: TeamRecord) -> list[tuple[tuple[int, ...], bool]]:
    """Queues of each chain, and whether the leads of all of it agreed; one more than are shown, where there is."""
    shared = {(link.upstream, link.downstream): link.shared for link in links.of_workspace(db, record.workspace)}
    own = {queue.id for queue in record.queues}
    ways = islice(chains(list(shared), own), MOST + 1)
    return [(path, all(shared[pair] for pair in pairwise(path))) for path in ways]


def _desk(db: Database, number: int, now: float, judged: Judged) -> Desk:
    """A queue, its team and how that stands."""
    queue = teams.queue(db, number)
    record = None if queue is None else teams.get(db, queue.team_id)
    if queue is None or record is None:
        raise LookupError(f"queue {number} has no team")  # links go with their queues
    if record.id not in judged:
        judged[record.id] = assess_team(db, record, now, resilient=False)
    return Desk(queue, record, judged[record.id])


def _chain(db: Database, path: Sequence[int], agreed: bool, now: float, judged: Judged) -> Chain:
    desks = [_desk(db, queue, now, judged) for queue in path]
    whole = _whole(db, desks, now)
    plain = tuple(Stage(desk.record.id, desk.queue.channel, desk.found.flow.cycle) for desk in desks)
    weeks = _lately(desks, now)
    told = named(weeks)
    hidden = _hidden(desks, agreed, now)
    reopen = Unknown(hidden) if hidden else desks[-1].found.quality.reopen
    if hidden or not told:
        return Chain(plain, Unknown(hidden or TOO_FEW), whole=whole, shared=not hidden, reopen=reopen)
    latest = weeks[-1][1]
    odds = dict(zip(latest, bottleneck(list(latest.values())).tolist(), strict=True))
    stages = tuple(
        Stage(stage.team, stage.channel, stage.cycle, odds[stage.team], _passes_on(desk.found))
        for stage, desk in zip(plain, desks, strict=True)
    )
    shift = moved(weeks)
    eased = None if shift is None else _eased(desks, shift, weeks[-1][0])
    return Chain(stages, told[-1][1], shift, whole, reopen=reopen, eased=eased)


def _hidden(desks: Sequence[Desk], agreed: bool, now: float) -> str:
    """Why nothing of load is told; empty where it may be."""
    if any(desk.queue.gone for desk in desks):
        return GONE
    if not agreed:
        return NOT_AGREED
    return SMALL if any(headcount(desk.record.team, now) < FEWEST_PEOPLE for desk in desks) else ""


def _whole(db: Database, desks: Sequence[Desk], now: float) -> EndToEnd | Unknown:
    """The time from end to end, or why it is not known."""
    if any(desk.queue.gone for desk in desks):
        return Unknown(GONE)
    for desk in desks:
        cycle = desk.found.flow.cycle
        if isinstance(cycle, Unknown):
            small = cycle == OF_A_PERSON
            why = "of a team of one or two no time is told" if small else "nothing was asked in the last 28 days"
            return Unknown(f"{why} (<#{desk.queue.channel}>)")
    start = now - WINDOW * DAY
    facts = signals.load(db, [desk.queue.id for desk in desks], start - BEFORE * DAY, now)
    stops = [Stop(desk.queue.id, picture(db, desk.record, now).desk) for desk in desks]
    found = end_to_end(stops, handovers(tidy(facts, now)), start, np.random.default_rng(SEED))
    if isinstance(found, EndToEnd):
        return found
    return Unknown(f"fewer than {FEWEST} requests came to <#{desks[found].queue.channel}> in the last 28 days")


def _eased(desks: Sequence[Desk], shift: Moved, latest: date) -> Eased | None:
    """The waits of both stages then and now; None where one is not known."""
    weeks = {desk.record.id: desk.found.weeks for desk in desks}
    waits = [
        typical_wait(weeks[stage], monday) for stage in (shift.before, shift.now) for monday in (shift.last, latest)
    ]
    known = [wait for wait in waits if wait is not None]
    return Eased(*known) if len(known) == len(waits) else None


def _lately(desks: Sequence[Desk], now: float) -> list[tuple[date, Week]]:
    """The weeks in which every stage is known; none where the latest of them is not the last complete one."""
    weeks = weeks_of([(desk.record, desk.found) for desk in desks])
    return weeks if weeks and (team_day(desks[0].record, now) - weeks[-1][0]).days <= FRESH else []


def weeks_of(desks: Sequence[tuple[TeamRecord, Assessment]]) -> list[tuple[date, Week]]:
    """The weeks in which every stage has a utilization, a line and people enough, oldest first."""
    weeks: dict[date, Week] = {}
    for record, assessment in desks:
        for week in assessment.weeks:
            line = or_none(week.danger_line)
            if week.utilization and line and _enough(record, week.start):
                weeks[week.start] = {**weeks.get(week.start, {}), record.id: (week.utilization, line)}
    return [(monday, weeks[monday]) for monday in sorted(weeks) if len(weeks[monday]) == len(desks)]


def _enough(record: TeamRecord, monday: date) -> bool:
    """Whether five or more, or nobody yet, were on the roster on each day of the four weeks that a week rests on."""
    start = datetime.combine(monday - timedelta(weeks=3), time(), ZoneInfo(record.team.tz)).timestamp()
    return not had_fewer(record.team, start, start + WINDOW * DAY - 1, FEWEST_PEOPLE)


def _passes_on(found: Assessment) -> float | None:
    """cd² of a desk, None where a part of it is not known."""
    use, people = found.capacity.utilization, found.capacity.people
    arrivals, service = or_none(found.flow.arrival_scv), or_none(found.flow.service_scv)
    if arrivals is None or service is None or not use or people <= 0:
        return None
    return departure_scv(arrivals, service, use.value, people)


def listed(db: Database, record: TeamRecord, now: float) -> Message:
    """The chains of a team, for its people."""
    return chain_list(of_team(db, record, now), more=len(_paths(db, record)) > MOST)


def digest(db: Database, record: TeamRecord, now: float) -> str:
    """The digest's warning about a bottleneck that moved since the one before; empty where none did."""
    fresh = timedelta(weeks=6 if rhythms.get(db, record.id).digest == "monthly" else 3)
    today, judged = team_day(record, now), Judged()
    for path, agreed in _paths(db, record)[:MOST]:
        desks = [_desk(db, queue, now, judged) for queue in path]
        if _hidden(desks, agreed, now):
            continue
        weeks = _lately(desks, now)
        shift = moved(weeks)
        if shift is not None and shift.rose and today - shift.since <= fresh:
            plain = tuple(Stage(desk.record.id, desk.queue.channel, UNTOLD) for desk in desks)
            return moved_line(Chain(plain, shift.now, shift, eased=_eased(desks, shift, weeks[-1][0])))
    return ""
