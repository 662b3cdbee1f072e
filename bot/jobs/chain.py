"""Linked queues put together: each desk judged as always, then the chain as a whole.

Load stays with its team: which stage holds work up is told only where the leads of all stages agreed, and of desks of
five people or more.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from bot.health.capacity import headcount
from bot.health.chain import Week, bottleneck, chains, departure_scv, moved, named
from bot.health.results import Assessment
from bot.jobs.audience import team_day
from bot.jobs.judging import assess_team
from bot.messages.links import Chain, Stage, chain_list, moved_line
from bot.messages.message import Message
from storage import links, rhythms, teams
from storage.database import Database
from storage.teams import TeamRecord

FEWEST_PEOPLE = 5
MOST = 5
"""Chains shown of one team."""

NOT_AGREED = "the leads of all its teams have not agreed to share it"
SMALL = f"load of a team of fewer than {FEWEST_PEOPLE} stays with that team"
TOO_FEW = "no two weeks running have a utilization for every stage"


def of_team(db: Database, record: TeamRecord, now: float) -> list[Chain]:
    """The chains that a team is part of, as they stand at Unix second `now`."""
    known = links.of_workspace(db, record.workspace)
    shared = {(link.upstream, link.downstream): link.shared for link in known}
    own = {queue.id for queue in record.queues}
    judged: dict[int, tuple[TeamRecord, Assessment]] = {}
    found = []
    for path in [path for path in chains(list(shared)) if own & set(path)][:MOST]:
        desks = [_desk(db, queue, now, judged) for queue in path]
        agreed = all(shared[pair] for pair in pairwise(path))
        found.append(_chain(path, desks, agreed, now))
    return found


def _desk(
    db: Database, queue: int, now: float, judged: dict[int, tuple[TeamRecord, Assessment]]
) -> tuple[TeamRecord, Assessment]:
    """The team of a queue and its assessment, each judged once."""
    there = teams.queue(db, queue)
    record = None if there is None else teams.get(db, there.team_id)
    if record is None:
        raise LookupError(f"queue {queue} has no team")  # links go with their queues
    if record.id not in judged:
        judged[record.id] = record, assess_team(db, record, now)
    return judged[record.id]


def _chain(path: Sequence[int], desks: Sequence[tuple[TeamRecord, Assessment]], agreed: bool, now: float) -> Chain:
    channels = [
        next(queue.channel for queue in record.queues if queue.id == number)
        for number, (record, _) in zip(path, desks, strict=True)
    ]
    plain = [
        Stage(record.id, channel, found.flow.cycle) for channel, (record, found) in zip(channels, desks, strict=True)
    ]
    if not agreed:
        return Chain(tuple(plain), NOT_AGREED)
    if any(headcount(record.team, now) < FEWEST_PEOPLE for record, _ in desks):
        return Chain(tuple(plain), SMALL)
    weeks = weeks_of(desks)
    told = named(weeks)
    if not told:
        return Chain(tuple(plain), TOO_FEW)
    latest = weeks[-1][1]
    odds = dict(zip(latest, bottleneck(list(latest.values())).tolist(), strict=True))
    stages = tuple(
        Stage(stage.team, stage.channel, stage.cycle, odds[stage.team], _passes_on(found))
        for stage, (_, found) in zip(plain, desks, strict=True)
    )
    return Chain(stages, "", told[-1][1], moved(weeks))


def weeks_of(desks: Sequence[tuple[TeamRecord, Assessment]]) -> list[tuple[date, Week]]:
    """The weeks in which every stage has a utilization and a line, oldest first."""
    weeks: dict[date, Week] = {}
    for record, assessment in desks:
        for week in assessment.weeks:
            if week.utilization is not None and week.danger_line:
                weeks[week.start] = {**weeks.get(week.start, {}), record.id: (week.utilization, week.danger_line)}
    return [(monday, weeks[monday]) for monday in sorted(weeks) if len(weeks[monday]) == len(desks)]


def _passes_on(found: Assessment) -> float | None:
    """cd² of a desk, None where a part of it is not known."""
    flow, use, people = found.flow, found.capacity.utilization, found.capacity.people
    if flow.arrival_scv is None or flow.service_scv is None or use is None or people <= 0:
        return None
    return departure_scv(flow.arrival_scv, flow.service_scv, use.value, people)


def listed(db: Database, record: TeamRecord, now: float) -> Message:
    """The chains of a team, for its people."""
    return chain_list(of_team(db, record, now))


def digest(db: Database, record: TeamRecord, now: float) -> str:
    """The digest's warning about a bottleneck that moved since the one before; empty where none did."""
    own = {queue.id for queue in record.queues}
    if not any({link.upstream, link.downstream} & own for link in links.of_workspace(db, record.workspace)):
        return ""
    fresh = timedelta(weeks=6 if rhythms.get(db, record.id).digest == "monthly" else 3)
    today = team_day(record, now)
    for chain in of_team(db, record, now):
        if chain.moved is not None and today - chain.moved.since <= fresh:
            return moved_line(chain)
    return ""
