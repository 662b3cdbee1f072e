"""`headroom waits`: what is open at a team, for a terminal: no names, and of what is taken numbers alone."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.health.seen.worktime import time_zone
from bot.health.waiting import Turn
from bot.messages.waits import Line, Listed
from bot.messages.waits import text as words
from bot.report.report import locate
from bot.services.waits import found, listed
from storage import accesses, teams
from storage.database import Database
from storage.teams import IMPORTED

Found = tuple[Listed, datetime]
"""What is open at a team, and as of when."""


def run(
    db: Database, name: str | None, ask_address: Callable[[], str | None], clock: Callable[[], float]
) -> list[Found]:
    """What is open at the team of that name, else at each team; noted in the access log.

    Args:
        db: The store.
        name: The team's name; None for all teams.
        ask_address: Asks for the workspace's web address, so that there are links; None where it is not known.
        clock: Unix seconds; an imported team is looked at as of its last signal.

    Raises:
        BadInputError: No such team.
    """
    names = [record.team.name for record in teams.all(db)] if name is None else [name]
    located = [locate(db, each, None, clock) for each in dict.fromkeys(names)]
    accesses.note(db, datetime.fromtimestamp(clock(), UTC).date(), "waits")
    web = ask_address() if any(record.workspace != IMPORTED for record, _ in located) else None
    return [
        (
            listed(record, found(db, record, now), None if record.workspace == IMPORTED else web, placed=True),
            datetime.fromtimestamp(now, time_zone(record.team.tz)),
        )
        for record, now in located
    ]


def text(shown: Sequence[Found]) -> str:
    """The lists as a person reads them."""
    return "\n\n".join(words(w) for w, _ in shown) or "There are no teams yet."


def as_json(w: Listed, at: datetime) -> dict[str, Any]:
    """The list as plain JSON; its keys stand in docs/waits.md."""
    return {
        "team": w.team,
        "as_of": at.isoformat(timespec="seconds"),
        "open": w.total,
        Turn.NOBODY.value: _requests(w.nobody),
        Turn.ASKER.value: _requests(w.asker),
        Turn.ELSEWHERE.value: _requests(w.elsewhere),
        Turn.QUIET.value: w.quiet,
        Turn.IN_HAND.value: w.in_hand,
    }


def _requests(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {"queue": line.channel, "posted": line.posted.isoformat(timespec="seconds"), "link": line.link or None}
        for line in lines
    ]
