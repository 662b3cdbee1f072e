"""What the outbox still has before it, as tests wait for it and count it."""

from storage.database import Database


def unsent(db: Database) -> int:
    """How many posts have not reached an end."""
    return int(db.read("select count(*) from outbox where state in ('waiting', 'sending')").fetchone()[0])
