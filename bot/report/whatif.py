"""`whatif` for one team: its stored facts and an expression in, today beside what if out."""

import math
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bot.errors import BadInputError
from bot.health.results import Basis
from bot.health.whatif import Answer, ask, parse
from bot.report.report import locate
from bot.services.assessing import HISTORY_WEEKS, LEAD_WEEKS, WEEK, threads_read
from bot.services.two_desks import beside, elsewhere
from storage import accesses, permalinks, requests, signals
from storage.database import Database
from storage.teams import TeamRecord

SEED = 20_210
"""The same question gets the same answer."""


def for_operator(
    db: Database, name: str, at: str | None, expression: str, clock: Callable[[], float]
) -> tuple[Answer, str]:
    """The answer for the team of that name, and its name as stored; noted in the access log. Errors as in `what_if`."""
    record, now = locate(db, name, at, clock)
    accesses.note(db, datetime.fromtimestamp(clock(), UTC).date(), "whatif")
    return what_if(db, record, now, expression), record.team.name


def what_if(db: Database, record: TeamRecord, now: float, expression: str) -> Answer:
    """Answer for a team as of Unix second `now`.

    Raises:
        BadInputError: An expression that cannot be read or makes no sense, or a team too small or too little known.
    """
    change = parse(expression)
    if not threads_read(record):
        raise BadInputError("team", record.team.name, "its threads are still being read; ask again in a while")
    requests.drain(db)
    since = now - (HISTORY_WEEKS + LEAD_WEEKS) * WEEK
    facts = signals.load(db, [queue.id for queue in record.queues], since, now)
    return ask(
        facts,
        record.team,
        now,
        change,
        np.random.default_rng(SEED),
        held=Basis(record.basis) if record.basis else None,
        wrong=permalinks.tally(db, record.id, since),
        elsewhere=elsewhere(db, beside(db, record), facts, since, now),
    )


def as_json(answer: Answer, team: str) -> dict[str, Any]:
    """An answer as plain JSON; what is not known is null, never NaN or infinite."""
    shown: dict[str, Any] = _plain({"team": team, **asdict(answer)})
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
