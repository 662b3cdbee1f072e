"""One judgement of a team from all that is stored of it: live, in the views and in `headroom report` alike."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.health.assess import PERSONS, assess
from bot.health.capacity import was_small
from bot.health.results import Assessment, Basis
from bot.health.satisfaction import FLOOR, satisfaction
from bot.jobs.two_desks import beside, elsewhere, promised_twice
from storage import coverage, permalinks, requests, rhythms, signals, solved
from storage.database import Database
from storage.teams import IMPORTED, TeamRecord

DAY, WEEK = 86_400.0, 7 * 86_400.0

HISTORY_WEEKS = 26
"""Weeks whose levels are judged."""

LEAD_WEEKS = 4
"""Weeks that the first of them looks back on."""

DEAF_HOURS = 1.0
"""Shorter breaks of the connection are not worth a sentence."""


def assess_team(
    db: Database, record: TeamRecord, now: float, *, window_days: int = 28, history_weeks: int = HISTORY_WEEKS
) -> Assessment:
    """Judge one team by all that is stored of it up to Unix second `now`; arguments as in `health.assess`."""
    requests.drain(db)
    since = now - max((history_weeks + LEAD_WEEKS) * WEEK, window_days * DAY)
    facts = signals.load(db, [queue.id for queue in record.queues], since, now)
    others = beside(db, record)
    found = assess(
        facts,
        record.team,
        now,
        window_days=window_days,
        history_weeks=history_weeks,
        threads_read=threads_read(record),
        held=Basis(record.basis) if record.basis else None,
        wrong=permalinks.tally(db, record.id, since),
        elsewhere=elsewhere(db, others, facts, since, now),
    )
    caveats = (promised_twice(record, others, now), *_caveats(db, record, now - window_days * DAY, now))
    found = replace(found, notes=(*filter(None, caveats), *found.notes))
    return _with_satisfaction(db, record, found)


def _with_satisfaction(db: Database, record: TeamRecord, found: Assessment) -> Assessment:
    """What those who asked said of it, or why that is not known."""
    zone = ZoneInfo(record.team.tz)
    first, last = (datetime.fromtimestamp(at, zone) for at in (found.as_of - found.window_days * DAY, found.as_of))
    answers = solved.weeks(db, record.id)
    share = satisfaction(answers, first.date(), last.date())
    if record.workspace == IMPORTED:
        why = "nobody is asked about imported requests"
    elif was_small(record.team, first.timestamp(), last.timestamp()):
        why, share = PERSONS, None
    elif not answers and not rhythms.get(db, record.id).solved:
        why = "the team chose not to ask whether a request was solved"
    else:
        why = f"fewer than {FLOOR} answers came together in this time"
    if share is None:
        found.missing["quality.satisfaction"] = why
    return replace(found, satisfaction=share)


def threads_read(record: TeamRecord) -> bool:
    """Whether everything that was asked for at set-up has been read, or refused, or cannot be read any more."""
    return all(queue.threads != "reading" for queue in record.queues if queue.gone is None)


def _caveats(db: Database, record: TeamRecord, since: float, now: float) -> list[str]:
    """What the figures may miss, by what the store knows of how it heard."""
    said = []
    deaf = coverage.deaf_hours(db, record.workspace, since, now)
    if deaf >= DEAF_HOURS:
        said.append(
            f"Headroom was not connected for about {deaf:.0f} h of this time: what was written is read back, "
            "reactions without their times."
        )
    if any(queue.threads == "refused" for queue in record.queues):
        said.append("Slack does not let Headroom read old threads: replies count from set-up on.")
    return said
