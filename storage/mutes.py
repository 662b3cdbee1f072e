"""Who wishes not to be asked. Whoever had their traces removed is asked nothing either, without any row here."""

from storage.database import Database
from storage.keys import objected

QUESTIONS = ("pulse", "solved")
"""What one can be asked: the survey of a team, and whether one's own request was solved."""


def muted(db: Database, workspace: str, person: str, what: str) -> bool:
    """Whether a person must not be asked: by their own wish, or because they had their traces removed."""
    row = db.read(
        "select 1 from mutes where workspace = ? and person = ? and what = ?", (workspace, person, what)
    ).fetchone()
    return row is not None or objected(db, person)


def mute(db: Database, workspace: str, person: str, what: str) -> None:
    """Ask this person no more; harmless when repeated."""
    with db.write() as connection:
        connection.execute("insert into mutes values (?, ?, ?) on conflict do nothing", (workspace, person, what))


def unmute(db: Database, workspace: str, person: str, what: str) -> None:
    """Ask this person again; harmless when repeated. A removal of traces stays."""
    with db.write() as connection:
        connection.execute(
            "delete from mutes where workspace = ? and person = ? and what = ?", (workspace, person, what)
        )


def of(db: Database, workspace: str, person: str) -> tuple[str, ...]:
    """What this person wished not to be asked, in the order of `QUESTIONS`."""
    rows = db.read("select what from mutes where workspace = ? and person = ?", (workspace, person))
    known = {what for (what,) in rows}
    return tuple(what for what in QUESTIONS if what in known)
