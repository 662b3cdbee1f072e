"""Known peaks that a lead noted beforehand, with what was predicted of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Plan:
    """One known peak.

    Attributes:
        id: Storage's number; 0 before it is kept.
        team: The team's number.
        since: First day, team time.
        until: Last day.
        demand: Share of requests that come on top; .4 is 40% more.
        made: The day it was noted.
        predicted: What was predicted, as it was given; empty for nothing.
    """

    id: int
    team: int
    since: date
    until: date
    demand: float
    made: date
    predicted: Mapping[str, Any] = field(default_factory=dict)


def add(db: Database, plan: Plan) -> int | None:
    """Keep a plan; its number is not used.

    Returns:
        Its number, None where a plan of the team has one of its days already.
    """
    with db.write() as connection:
        row = connection.execute(
            "insert into plans (team, since, until, demand, made, predicted)"
            " select ?1, ?2, ?3, ?4, ?5, ?6"
            " where not exists (select 1 from plans where team = ?1 and since <= ?3 and until >= ?2)"
            " returning id",
            (
                int(plan.team),
                plan.since.isoformat(),
                plan.until.isoformat(),
                float(plan.demand),
                plan.made.isoformat(),
                json.dumps(dict(plan.predicted)),
            ),
        ).fetchone()
        return None if row is None else int(row[0])


def of_team(db: Database, team: int) -> list[Plan]:
    """A team's plans, earliest first."""
    rows = db.read(
        "select id, team, since, until, demand, made, predicted from plans where team = ? order by since", (int(team),)
    )
    return [
        Plan(number, of, _day(since), _day(until), demand, _day(made), json.loads(said))
        for number, of, since, until, demand, made, said in rows
    ]


def cancel(db: Database, plan: int) -> bool:
    """Take a plan back; False where there is none of that number."""
    with db.write() as connection:
        return connection.execute("delete from plans where id = ?", (int(plan),)).rowcount == 1


def _day(text: str) -> date:
    return date.fromisoformat(text)
