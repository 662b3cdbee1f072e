"""Importing a log: its facts into storage, under a team; importing twice changes nothing."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from bot.errors import BadInputError
from bot.importing import eventlog, signals, tickets
from bot.importing.archive import Archive, is_zip
from bot.importing.eventlog import EventColumns
from bot.importing.export import Export, ExportOptions
from bot.importing.exportteam import Desk
from bot.importing.source import Progress, Source
from bot.importing.tally import SHOWN, Fact, Tally, signal
from bot.importing.teamfile import TeamFile
from bot.importing.tickets import TicketColumns
from bot.signal import Kind, Signal
from bot.team import Person
from bot.wishes import wished
from storage import keys, requests, teams
from storage import signals as store
from storage.database import Database
from storage.teams import IMPORTED

BATCH = 20_000
SECOND = 1_000_000
SHOWN_ACTIVITIES = 30
PEOPLE = 50_000
"""Pseudonyms remembered while reading."""

Format = TicketColumns | EventColumns | ExportOptions | None
"""How a file is to be read; None: signals as JSON lines."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did.

    Attributes:
        team: Its name.
        rows: Rows read.
        new: Facts that are new.
        known: Facts that were there already, or stand in the file twice.
        bad: Rows that cannot be used.
        shown: Sentences about the first of these.
        ignored: Activities that nobody mapped, most frequent first, with their counts.
        requests: Requests that arrived, in this file; one that stands in it twice counts twice.
        first: Unix seconds of the first fact in it, None without facts.
        last: Of the last.
        notes: Sentences about the file as a whole.
    """

    team: str
    rows: int
    new: int
    known: int
    bad: int
    shown: tuple[str, ...]
    ignored: tuple[tuple[str, int], ...]
    requests: int
    first: float | None
    last: float | None
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """For people to read."""
        lines = [*self.shown]
        if self.bad > len(self.shown):
            lines.append(f"… and {self.bad - len(self.shown):,} more bad rows (the first {SHOWN} are shown).")
        lines += self.notes
        lines.append(
            f"{self.team}: {self.rows:,} rows read, {self.new:,} facts new, {self.known:,} already there, "
            f"{self.bad:,} bad rows left out."
        )
        if self.first is not None and self.last is not None:
            first, last = (datetime.fromtimestamp(at, UTC).date() for at in (self.first, self.last))
            lines.append(f"{self.requests:,} request{'s' * (self.requests != 1)}, {first} to {last} (UTC).")
        if self.ignored:
            them = ", ".join(f"{name} ({count:,})" for name, count in self.ignored[:SHOWN_ACTIVITIES])
            them += ", …" if len(self.ignored) > SHOWN_ACTIVITIES else ""
            total = sum(count for _, count in self.ignored)
            lines.append(f"{total:,} events of activities that nobody mapped: {them}.")
        return "\n".join(lines)


def facts(source: Source, tally: Tally, form: Format) -> Iterator[Fact]:
    """The facts of an opened file; nothing is stored.

    Raises:
        BadInputError: At the first fact, when the file lacks a column or is something else.
    """
    if isinstance(form, TicketColumns):
        return tickets.facts(source, tally, form)
    if isinstance(form, EventColumns):
        return eventlog.facts(source, tally, form)
    if not source.is_json():
        mend = "it holds no JSON lines; for CSV say --map (tickets) or --case, --activity, --time and --kind"
        raise BadInputError("FILE", source.path.name, mend)
    return signals.facts(source, tally)


def run(
    db: Database,
    path: Path,
    name: str,
    form: Format,
    change: Callable[[TeamFile], TeamFile],
    progress: Progress = lambda share: None,
    now: float | None = None,
) -> Summary:
    """Import one file into the team of that name, making or changing the team.

    A file that cannot be read at all, or holds no good row, changes nothing.

    Args:
        db: The store.
        path: The file, plain or gzip, or the zip of a Slack export.
        name: The team's name.
        form: How to read it.
        change: Given the team as stored (or a bare one), returns it as now said.
        progress: Told now and then the share of the file read.
        now: Unix seconds; facts later than this are kept, and a note says how many.

    Raises:
        BadInputError: The file or the team cannot be used; nothing was written.
        StorageError: The database cannot be used; importing again goes on where it broke off.
    """
    tally = Tally(path.name)
    if isinstance(form, ExportOptions) or (form is None and is_zip(path)):
        summary = _run_export(db, path, name, form or ExportOptions(None), change, progress, tally, now)
    else:
        summary = _run_log(db, path, name, form, change, progress, tally, now)
    requests.drain(db)
    return summary


def _run_log(
    db: Database,
    path: Path,
    name: str,
    form: TicketColumns | EventColumns | None,
    change: Callable[[TeamFile], TeamFile],
    progress: Progress,
    tally: Tally,
    now: float | None,
) -> Summary:
    with Source(path, progress) as source:
        found = facts(source, tally, form)
        first = next(found, None)
        if first is None:
            return _summary(name, tally, _Seen(), 0)
        seen = _Seen(now)
        said, queues = _team(db, name, change)
        team = teams.save_roster(db, IMPORTED, said, said.people, queues)
        new = _keep(db, seen.watch(_signals(db, team, chain([first], found), name)))
    return _summary(name, tally, seen, new)


def _run_export(
    db: Database,
    path: Path,
    name: str,
    wanted: ExportOptions,
    change: Callable[[TeamFile], TeamFile],
    progress: Progress,
    tally: Tally,
    now: float | None,
) -> Summary:
    with Archive(path) as archive:
        export = Export(archive)
        channel = export.channel(wanted.channel)
        stored = teams.by_name(db, name, IMPORTED)
        team, queues = _team(db, name, change)
        desk = Desk.of(export, wanted.responders, team, people_said=_says_people(change))
        watch = desk.watch(0, stored.language if stored else "en", stored.emoji if stored else {})
        if not any(True for _ in export.signals(channel, tally, watch, lambda user, at: b"", lambda share: None)):
            return _summary(name, tally, _Seen(), 0)
        seen, tally = _Seen(now), Tally(path.name)
        number = teams.save_roster(db, IMPORTED, desk.team, desk.team.people, queues)
        watch = replace(watch, queue=teams.queue_id(db, number, IMPORTED, f"{number}/{channel.name}"))
        found = export.signals(channel, tally, watch, desk.pseudonym(db), progress)
        new = _keep(db, seen.watch(found))
    return _summary(name, tally, seen, new)


def _team(db: Database, name: str, change: Callable[[TeamFile], TeamFile]) -> tuple[TeamFile, list[str]]:
    """The team as now said, and the queues it has."""
    record = teams.by_name(db, name, IMPORTED)
    known = TeamFile(**wished(record), people=record.team.people) if record else TeamFile()
    team = replace(change(known), name=name)
    return team, [queue.channel for queue in record.queues] if record else []


def _says_people(change: Callable[[TeamFile], TeamFile]) -> bool:
    nobody = (Person("\0"),)
    return change(TeamFile(people=nobody)).people != nobody


def _signals(db: Database, team: int, found: Iterator[Fact], name: str) -> Iterator[Signal]:
    pseudonym = keys.Pseudonymizer(db, IMPORTED)
    queues: dict[str, int] = {}

    @lru_cache(maxsize=PEOPLE)
    def person(actor: str) -> bytes:
        # a log may name people by their Slack ids; who objected in any workspace is nobody here, too
        return b"" if keys.objected(db, actor) else pseudonym(actor, 0)

    for fact in found:
        queue = fact.queue or name
        if queue not in queues:
            # names of queues are the log's own, so two teams may use the same
            queues[queue] = teams.queue_id(db, team, IMPORTED, f"{team}/{queue}")
        yield signal(fact, queues[queue], person)


def _keep(db: Database, found: Iterator[Signal]) -> int:
    new = 0
    while batch := list(islice(found, BATCH)):
        new += store.add(db, batch)
    return new


class _Seen:
    """Counts facts as they pass."""

    def __init__(self, now: float | None = None) -> None:
        self.now = math.inf if now is None else now * SECOND
        self.later = 0
        self.count = 0
        self.requests = 0
        self.first: int | None = None
        self.last: int | None = None

    def watch(self, found: Iterator[Signal]) -> Iterator[Signal]:
        for fact in found:
            self.count += 1
            self.requests += fact.kind is Kind.ARRIVAL
            at = fact.at
            self.later += at > self.now
            self.first = at if self.first is None else min(self.first, at)
            self.last = at if self.last is None else max(self.last, at)
            yield fact


def _summary(name: str, tally: Tally, seen: _Seen, new: int) -> Summary:
    if seen.later:
        facts = f"{seen.later:,} facts lie" if seen.later > 1 else "1 fact lies"
        tally.notes.append(f"{facts} in the future: check the clock, the zone or the unit of the times.")
    return Summary(
        team=name,
        rows=tally.rows,
        new=new,
        known=seen.count - new,
        bad=tally.bad,
        shown=tuple(tally.shown),
        ignored=tuple(tally.ignored.most_common()),
        requests=seen.requests,
        first=None if seen.first is None else seen.first / SECOND,
        last=None if seen.last is None else seen.last / SECOND,
        notes=tuple(tally.notes),
    )
