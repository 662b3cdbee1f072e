"""Tickets as CSV, one row a ticket, with columns for when each thing happened."""

import csv
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.errors import BadInputError
from bot.importing.source import Source
from bot.importing.table import Row, Table
from bot.importing.tally import Fact, Tally
from bot.importing.times import moment
from bot.signal import Kind

WHEN = {k.name.lower(): k for k in (Kind.ARRIVAL, Kind.REPLY, Kind.CLAIM, Kind.DONE, Kind.REOPEN, Kind.ESCALATE)}
WHO = ("request", "actor", "queue")


@dataclass(frozen=True, slots=True)
class TicketColumns:
    """Which column holds what.

    Attributes:
        names: Our word (`request`, `arrival`, `claim`, `done`, `reopen`, `actor`, `queue`, …) → column.
        zone: Where naive times were written; None refuses them.
    """

    names: dict[str, str]
    zone: tzinfo | None = None


def columns(maps: Sequence[str], zone: tzinfo | None) -> TicketColumns:
    """Read `--map request=id,arrival=opened,done=closed`; a column with a comma in its name stands in quotes.

    Raises:
        BadInputError: A pair that cannot be read, an unknown word, or request or arrival missing.
    """
    names: dict[str, str] = {}
    for pair in (pair for text in maps for pair in next(csv.reader([text]), [])):
        word, equals, column = (part.strip() for part in pair.partition("="))
        if not equals or not column:
            raise BadInputError("--map", pair, "write pairs such as request=id,arrival=opened,done=closed")
        known = [*WHO, *WHEN]
        if word not in known:
            near = difflib.get_close_matches(word, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise BadInputError("--map", word, f"that is nothing we read; {hint}")
        if word in names:
            raise BadInputError("--map", pair, f"{word} is mapped already, to {names[word]}")
        names[word] = column
    for word in ("request", "arrival"):
        if word not in names:
            raise BadInputError("--map", ",".join(maps), f"say which column holds the {word}, as {word}=COLUMN")
    return TicketColumns(names, zone)


def facts(source: Source, tally: Tally, wanted: TicketColumns) -> Iterator[Fact]:
    """Facts of a file of tickets; a ticket with anything wrong in it is told and left out whole.

    Raises:
        BadInputError: At the first row, when a column is missing.
    """
    table = Table(source, tally)
    places = {word: table.find(name, f"--map {word}") for word, name in wanted.names.items()}
    for line, row in table.rows():
        try:
            found = _ticket(row, places, wanted)
        except BadInputError as error:
            tally.refuse(line, error)
        else:
            yield from found


def _ticket(row: Row, places: dict[str, int], wanted: TicketColumns) -> list[Fact]:
    def cell(word: str) -> str | None:
        return row[places[word]].strip() or None if word in places else None

    request = cell("request")
    if request is None:
        raise BadInputError(wanted.names["request"], "", "a ticket needs its id")
    if cell("arrival") is None:
        raise BadInputError(wanted.names["arrival"], "", "a ticket needs the time it arrived")
    found: list[Fact] = []
    for word, kind in WHEN.items():
        text = cell(word)
        if text is None:
            continue
        at = moment(text, wanted.names[word], wanted.zone)
        if found and at < found[0].at:
            raise BadInputError(wanted.names[word], text, f"that is before the ticket arrived ({cell('arrival')})")
        found.append(Fact(request, kind, at, cell("actor"), cell("queue")))
    return found
