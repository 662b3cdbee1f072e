"""`headroom log`: everything that was sent, held or failed. Who got a direct message is left out."""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.errors import BadInputError
from storage import accesses, teams
from storage.database import Database
from storage.retention import WORDS_DAYS
from storage.told import Told, told

DAY = 86_400.0
LONGEST = 200
"""Characters of a message that are shown."""

EMPTIED = f"words emptied after {WORDS_DAYS} days"
NOTHING = "Nothing was sent, held or refused in the last {days:g} days."

_LINK = re.compile(r"<(?:https?:|mailto:)[^|>]*(?:\|([^>]*))?>")
_PERSON = re.compile(r"<@[^>]*>|\b[UW](?=[A-Z]*\d)[A-Z0-9]{7,}\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log.

    Attributes:
        when: ISO 8601 in the team's time zone (UTC where there is no team); of several direct messages, the first.
        team: The team's name, None for none.
        kind: What it was: alert, digest, …
        where: Slack id of the channel, or `direct, 5 people`.
        state: sent, held, waiting, sending, failed or unknown (it may have arrived).
        why: Why it is held, or was not sent; empty for what was sent.
        words: How it begins; links and people left out.
    """

    when: str
    team: str | None
    kind: str
    where: str
    state: str
    why: str
    words: str


def log(db: Database, team: str | None, days: float, clock: Callable[[], float]) -> list[Entry]:
    """What was sent, held or failed in the last days, oldest first; the look itself goes into the access log.

    Args:
        db: The store.
        team: Only the team of that name; None: everything.
        days: How far to look back.
        clock: Unix seconds.

    Raises:
        BadInputError: A team that is not there.
    """
    now = clock()
    found = entries(told(db, now - days * DAY, None, None if team is None else _number(db, team)))
    accesses.note(db, datetime.fromtimestamp(now, UTC).date(), "log")
    return found


def entries(rows: Iterable[Told]) -> list[Entry]:
    """The lines of the log: copies of one direct message on one day are one line that says how many got it."""
    lines: list[tuple[int, Entry]] = []
    apart = {False: list[Told](), True: list[Told]()}
    for row in rows:
        apart[row.direct].append(row)
    lines += [(row.at, _entry(row, row.channel)) for row in apart[False]]
    for _, group in groupby(sorted(apart[True], key=_alike), key=_alike):
        copies = sorted(group, key=lambda row: row.at)
        people = len({row.channel for row in copies})
        lines.append((copies[0].at, _entry(copies[0], f"direct, {people} {'person' if people == 1 else 'people'}")))
    return [entry for _, entry in sorted(lines, key=lambda line: line[0])]


def as_json(found: Iterable[Entry]) -> list[dict[str, str | None]]:
    """The log for programs."""
    return [asdict(entry) for entry in found]


def text(found: list[Entry], days: float) -> str:
    """The log for people: two lines each."""
    if not found:
        return NOTHING.format(days=days)
    return "\n".join(_lines(entry) for entry in found)


def _lines(entry: Entry) -> str:
    state = f"{entry.state} ({entry.why})" if entry.why else entry.state
    head = " · ".join(part for part in (entry.when, entry.team, entry.kind, entry.where, state) if part)
    return f"{head}\n  {entry.words}"


def _alike(row: Told) -> tuple[str, ...]:
    """Copies of one message share this; a question to several people is one a day."""
    shown = _entry(row, "")
    return tuple(str(part) for part in asdict(replace(shown, when=shown.when[:10])).values())


def _entry(row: Told, where: str) -> Entry:
    zone = ZoneInfo(row.tz or "UTC")
    error = row.error or ""
    held = row.state == "waiting" and error.startswith("held")
    return Entry(
        when=datetime.fromtimestamp(row.at, zone).isoformat(timespec="minutes"),
        team=row.name,
        kind=row.kind,
        where=where,
        state="held" if held else row.state,
        why=error,
        words=EMPTIED if row.text is None else _words(row.text),
    )


def _words(text: str) -> str:
    """One line of a message, without links or anybody's id."""
    plain = _PERSON.sub("(somebody)", _LINK.sub(lambda link: link.group(1) or "(a link)", text))
    line = " ".join(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _number(db: Database, name: str) -> int:
    record = teams.by_name(db, name)
    if record is None:
        names = ", ".join(sorted({record.team.name for record in teams.all(db)})) or "none yet"
        raise BadInputError("--team", name, f"there is no such team; there are {names}")
    return record.id
