"""Times at which a team became smaller for good, with what was predicted of the weeks after."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Shrink:
    """One time a team became smaller.

    Attributes:
        team: The team's number.
        day: The first day with fewer hours, team time.
        before: The roster's person-hours in an ordinary week before.
        after: The same since.
        predicted: What was predicted, as it was given.
    """

    team: int
    day: date
    before: float
    after: float
    predicted: Mapping[str, Any]


def add(db: Database, shrink: Shrink) -> bool:
    """Keep one; False where that day of the team was kept before: a prediction is never made anew."""
    with db.write() as connection:
        return (
            connection.execute(
                "insert into shrinks (team, day, hours_before, hours_after, predicted) values (?, ?, ?, ?, ?)"
                " on conflict do nothing",
                (
                    int(shrink.team),
                    shrink.day.isoformat(),
                    float(shrink.before),
                    float(shrink.after),
                    json.dumps(dict(shrink.predicted)),
                ),
            ).rowcount
            == 1
        )


def of_team(db: Database, team: int) -> list[Shrink]:
    """A team's, earliest first."""
    rows = db.read(
        "select team, day, hours_before, hours_after, predicted from shrinks where team = ? order by day", (int(team),)
    )
    return [Shrink(of, date.fromisoformat(day), was, now, json.loads(said)) for of, day, was, now, said in rows]
