"""One judgement of a team from all that is stored of it: live, in the views and in `headroom report` alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.health import coordination
from bot.health.assess import assess
from bot.health.days import midnight
from bot.health.facts import Facts, Ints
from bot.health.guard import Both, with_guard
from bot.health.peaks import Peak
from bot.health.results import OF_A_PERSON, Alerting, Assessment, Basis, Guarded, Unknown
from bot.health.satisfaction import FLOOR, Week, satisfaction
from bot.health.seen.corrections import tidy
from bot.health.seen.handover import bounces, handovers
from bot.health.verdict.told import DEAF_HOURS, Record, Told
from bot.services.interruptions import focus_of, focus_recorded
from bot.services.two_desks import beside, elsewhere, promised_twice
from storage import alertings, coverage, levels, links, permalinks, plans, requests, rhythms, signals, solved
from storage.database import Database
from storage.teams import IMPORTED, TeamRecord

DAY, WEEK = 86_400.0, 7 * 86_400.0

HISTORY_WEEKS = 26
"""Weeks whose levels are judged."""

LEAD_WEEKS = 4
"""Weeks that the first of them looks back on."""


def assess_team(
    db: Database,
    record: TeamRecord,
    now: float,
    *,
    window_days: int = 28,
    history_weeks: int = HISTORY_WEEKS,
    alerting: Alerting | None = None,
    resilient: bool = True,
) -> Assessment:
    """Judge one team by all that is stored of it up to Unix second `now`; arguments as in `health.assess`.

    How early it is warned is as the team chose, unless said here.
    """
    requests.drain(db)
    since = now - max((history_weeks + LEAD_WEEKS) * WEEK, window_days * DAY)
    facts = signals.load(db, [queue.id for queue in record.queues], since, now)
    others = beside(db, record)
    known_peaks = peaks(db, record.id)
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
        alerting=alerting or alertings.get(db, record.id),
        peaks=known_peaks,
        record=told(db, record, since, now),
        resilient=resilient,
        back=_back(db, record, facts, now),
    )
    caveats = (
        promised_twice(record, others, now),
        _peak_on(known_peaks, record, now),
        *_caveats(db, record, now - window_days * DAY, now),
    )
    found = replace(found, notes=(*filter(None, caveats), *found.notes))
    found = _with_focus(db, record, found, facts)
    return _with_satisfaction(db, record, found)


def told(db: Database, record: TeamRecord, since: float, now: float) -> Record:
    """What was told of a team on each day between two Unix seconds, and when nothing was heard of it."""
    rows = levels.since(db, record.id, since, now)
    return Record(
        {
            int(midnight(record.team.tz, row.at)): Told(row.level, row.grounds, row.calm, float(row.began))
            for row in rows
        },
        tuple(coverage.gaps(db, record.workspace, since, now)),
    )


def _with_focus(db: Database, record: TeamRecord, found: Assessment, facts: Facts) -> Assessment:
    """How much the team is interrupted, or why that is not known."""
    if record.workspace == IMPORTED:
        focus = focus_recorded(facts, record, found.as_of, found.window_days)
    else:
        focus = focus_of(db, record, found.as_of, found.window_days)
    return replace(found, focus=focus)


def _back(db: Database, record: TeamRecord, facts: Facts, now: float) -> Ints:
    """When (microseconds) a request came back over a link to a desk that had it; only counts come of it."""
    own = {queue.id for queue in record.queues}
    near = {
        queue
        for link in links.of_workspace(db, record.workspace)
        if (pair := {link.upstream, link.downstream}) & own
        for queue in pair - own
    }
    if not near or not facts.at.size:
        return coordination.NOTHING
    theirs = signals.load(db, sorted(near), float(facts.at.min()), now)
    return bounces(handovers(tidy(Facts.join((facts, theirs)), now)))


def _peak_on(known: Sequence[Peak], record: TeamRecord, now: float) -> str:
    """That a known peak is on; empty where none is."""
    today = datetime.fromtimestamp(now, ZoneInfo(record.team.tz)).date()
    on = next((peak for peak in known if peak.since <= today <= peak.until), None)
    if on is None:
        return ""
    return (
        f"A peak of +{on.demand:.0%} is planned until {on.until:%-d %b}: while no more comes than that, its days "
        "are not taken for drift."
    )


def peaks(db: Database, team: int) -> list[Peak]:
    """The known peaks that a team noted, earliest first."""
    return [Peak(plan.since, plan.until, plan.demand, plan.made) for plan in plans.of_team(db, team)]


def _with_satisfaction(db: Database, record: TeamRecord, found: Assessment) -> Assessment:
    """What those who asked said of it, or why that is not known."""
    zone = ZoneInfo(record.team.tz)
    first, last = (datetime.fromtimestamp(at, zone) for at in (found.as_of - found.window_days * DAY, found.as_of))
    answers = solved.weeks(db, record.id)
    share = satisfaction(answers, first.date(), last.date())
    if record.workspace == IMPORTED:
        why = Unknown("nobody is asked about imported requests")
    elif found.quality.satisfaction == OF_A_PERSON:
        why, share = OF_A_PERSON, None
    elif not answers and not rhythms.get(db, record.id).solved:
        why = Unknown("the team chose not to ask whether a request was solved")
    else:
        why = Unknown(f"fewer than {FLOOR} answers came together in this time")
    rates = replace(found.quality, satisfaction=share or why)
    return replace(found, quality=rates, guarded=satisfied(found.guarded, answers, why))


def satisfied(guarded: Guarded, answers: Sequence[Week], why: Unknown) -> Guarded:
    """The same with satisfaction as one guard more, or why there is none where nobody ever answered."""
    return with_guard(guarded, "satisfaction", _yes(guarded, answers) if answers else why)


def _yes(guarded: Guarded, answers: Sequence[Week]) -> Both | Unknown:
    """(Yes, answers) of the latest weeks and of those before; only whole groups of weeks, as everywhere."""
    of = guarded.compared
    if isinstance(of, Unknown):
        return of
    shares = (satisfaction(answers, since, until) for since, until in ((of.now, of.until), (of.before, of.now)))
    now, before = ((0, 0) if share is None else (round(share.value * share.n), share.n) for share in shares)
    return now, before


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
