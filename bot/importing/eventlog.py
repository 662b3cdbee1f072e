"""Event logs as CSV, one row an event, the way process miners keep them.

A case's first event is its arrival, whatever its activity. A claim or done strictly later than a done is a
reopen, once for each time the case comes back. A change of queue within a case is a hand-off; the case stays
with the queue it arrived in. Rows may stand in any order, so all are read before the first fact is told
(see `held`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.errors import BadInputError
from bot.importing.held import Held, Parted
from bot.importing.kinds import kind
from bot.importing.source import Source
from bot.importing.table import Table
from bot.importing.tally import Fact, Tally
from bot.importing.times import moment
from bot.signal import Kind

MAPPABLE = frozenset({Kind.REPLY, Kind.CHASE, Kind.CLAIM, Kind.DONE, Kind.REOPEN, Kind.ESCALATE, Kind.HANDOFF})


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Which column holds what, and what activities mean.

    Attributes:
        case: Column of the case's id.
        activity: Columns of the activity, joined with "/".
        time: Column of the time.
        kinds: Activity → kind.
        actor: Column of who did it, if any.
        queue: Column of the queue, if any.
        zone: Where naive times were written; None refuses them.
    """

    case: str
    activity: tuple[str, ...]
    time: str
    kinds: dict[str, Kind]
    actor: str | None = None
    queue: str | None = None
    zone: tzinfo | None = None


def kinds(pairs: Sequence[str]) -> dict[str, Kind]:
    """Read `--kind "Take in charge ticket=claim"`, repeatable, into activity → kind.

    Raises:
        BadInputError: A pair that cannot be read, an unknown kind, an activity named twice, or no pair.
    """
    found: dict[str, Kind] = {}
    for pair in pairs:
        activity, equals, word = (part.strip() for part in pair.rpartition("="))
        if not equals or not activity:
            raise BadInputError("--kind", pair, 'write it like "Take in charge ticket=claim"')
        if word.lower() == "arrival":
            raise BadInputError("--kind", pair, "leave it out: a case's first event is its arrival")
        if activity in found:
            raise BadInputError("--kind", pair, f"that activity is mapped already, to {found[activity].name.lower()}")
        found[activity] = kind(word, "--kind", MAPPABLE)
    if not found:
        raise BadInputError("--kind", "", 'say what activities mean, such as --kind "Take in charge ticket=claim"')
    return found


def facts(source: Source, tally: Tally, wanted: EventColumns) -> Iterator[Fact]:
    """Facts of an event log, case by case; bad rows and unmapped activities go to the tally.

    Raises:
        BadInputError: At the first fact, when a column is missing.
    """
    with Parted() as events:
        _read(source, tally, wanted, events)
        for held in events.parts():
            for rows in held.by_case():
                yield from _case(held, rows)


def _read(source: Source, tally: Tally, wanted: EventColumns, events: Parted) -> None:
    table = Table(source, tally)
    case, time = table.find(wanted.case, "--case"), table.find(wanted.time, "--time")
    activity = [table.find(name, "--activity") for name in wanted.activity]
    actor = table.find(wanted.actor, "--actor") if wanted.actor else None
    queue = table.find(wanted.queue, "--queue") if wanted.queue else None
    met: set[str] = set()
    for line, row in table.rows():
        try:
            at = moment(row[time], wanted.time, wanted.zone)
            if not row[case].strip():
                raise BadInputError(wanted.case, row[case], "an event needs the id of its case")
        except BadInputError as error:
            tally.refuse(line, error)
            continue
        name = "/".join(row[i].strip() for i in activity)
        what = wanted.kinds.get(name)
        if what is None:
            tally.ignore(name)
        else:
            met.add(name)
        who, where = (row[i].strip() if i is not None else "" for i in (actor, queue))
        events.add(row[case].strip(), at, what or 0, who, where)
    for name in wanted.kinds:
        if name not in met:
            there = ", ".join(sorted(met | set(tally.ignored))[:30])
            tally.notes.append(f"--kind: the activity {name!r} never occurs; there are {there}.")


def _case(held: Held, rows: list[int]) -> Iterator[Fact]:
    first = rows[0]
    request = held.cases.texts[held.case[first]]
    home = held.queues.texts[held.queue[first]] or None
    yield Fact(request, Kind.ARRIVAL, held.at[first], None, home)
    closed: int | None = None
    where = held.queue[first]
    for row in rows:
        at, actor = held.at[row], held.actors.texts[held.actor[row]] or None
        if held.queue[row] not in (0, where):
            if where:
                yield Fact(request, Kind.HANDOFF, at, actor, home)
            where = held.queue[row]
        if not held.kind[row]:
            continue
        what = Kind(held.kind[row])
        if closed is not None and at > closed and what in (Kind.CLAIM, Kind.DONE):
            yield Fact(request, Kind.REOPEN, at, actor, home)
            closed = None
        if what is Kind.REOPEN:
            closed = None
        elif what is Kind.DONE:
            closed = at
        yield Fact(request, what, at, actor, home)
