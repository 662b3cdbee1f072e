"""How much is stored of a team."""

from storage.database import Database

NOUNS = (
    ("signals", "select count(*) from signals where queue in (select id from queues where team = ?)"),
    ("requests", "select count(*) from requests where queue in (select id from queues where team = ?)"),
    ("queues", "select count(*) from queues where team = ?"),
    ("roster entries", "select count(*) from people where team = ?"),
    ("weekly totals", "select count(*) from weekly where team = ?"),
    ("changes of level", "select count(*) from alerts where team = ?"),
    ("posts", "select count(*) from outbox where team = ?"),
)


def of_team(db: Database, team_id: int) -> dict[str, int]:
    """Rows by noun; all zero for a team that is not there."""
    return {noun: int(db.read(query, (int(team_id),)).fetchone()[0]) for noun, query in NOUNS}
