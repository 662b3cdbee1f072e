"""How early a team wants to be warned, as its lead chose."""

from bot.health.results import Alerting
from storage.database import Database


def get(db: Database, team: int) -> Alerting:
    """What was chosen; `usual` where nothing was."""
    row = db.read("select choice from alertings where team = ?", (int(team),)).fetchone()
    return Alerting.USUAL if row is None else Alerting(row[0])


def put(db: Database, team: int, choice: Alerting) -> None:
    """Keep a choice, in place of the one before."""
    with db.write() as connection:
        connection.execute(
            "insert into alertings (team, choice) values (?, ?)"
            " on conflict (team) do update set choice = excluded.choice",
            (int(team), choice.value),
        )
