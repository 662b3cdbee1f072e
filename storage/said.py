"""What people were told once about something that is amiss, for as long as it stays so.

`about` is opaque (`storage.outbox.key_of`), so that this table names nobody and no channel.
"""

from storage.database import Database


def first(db: Database, team: int, about: str, now: float) -> bool:
    """Note that something is said; False when it was said before and is not over yet.

    Args:
        db: The database; call this in the transaction that fills the outbox.
        team: The team's number.
        about: What is amiss, opaque.
        now: Unix seconds.
    """
    with db.write() as connection:
        noted = connection.execute(
            "insert into said (team, about, at) values (?, ?, ?) on conflict do nothing", (int(team), about, int(now))
        )
        return noted.rowcount > 0


def over(db: Database, team: int, about: str) -> None:
    """It is mended, so that it may be said again should it come back; harmless when nothing was said."""
    with db.write() as connection:
        connection.execute("delete from said where team = ? and about = ?", (int(team), about))
