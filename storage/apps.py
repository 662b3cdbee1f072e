"""Other apps that post in a team's queues: whether what they post is a request."""

import sqlite3
from collections.abc import Iterable

from bot.watch import OtherApp
from storage.database import Database


def of_team(db: Database, team: int) -> tuple[OtherApp, ...]:
    """The apps a team has decided about, by name."""
    rows = db.read("select bot, name, treat from apps where team = ? order by name, bot", (int(team),))
    return tuple(OtherApp(bot, name, treat == "request") for bot, name, treat in rows)


def replace(connection: sqlite3.Connection, team: int, apps: Iterable[OtherApp]) -> None:
    """Put a team's decisions in the place of those before.

    Args:
        connection: Of a surrounding `Database.write`.
        team: The team's number.
        apps: All it decided about.
    """
    connection.execute("delete from apps where team = ?", (int(team),))
    connection.executemany(
        "insert into apps (team, bot, name, treat) values (?, ?, ?, ?) on conflict do nothing",
        [(int(team), app.bot, app.name, "request" if app.request else "ignore") for app in apps],
    )
