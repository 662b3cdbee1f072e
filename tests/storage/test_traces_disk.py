"""What somebody had removed is gone from the disk too, at once: the file and its write-ahead log."""

from datetime import date
from pathlib import Path

from storage import absences, mutes, outbox, teams, traces
from tests.fresh import fresh

NOW = 1_772_460_000.0
PERSON = "U9LEAVES"


def on_disk(path: Path) -> list[str]:
    """Files of the database in which the person's id stands."""
    return [file.name for file in path.parent.iterdir() if PERSON.encode() in file.read_bytes()]


def test_removed_traces_linger_in_no_file(tmp_path: Path) -> None:
    """Days away, wishes and addresses are overwritten in the file, and the log that still held them is emptied."""
    db = fresh(tmp_path / "headroom.db")
    team = teams.save(db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1", "U2")), NOW)
    absences.put(db, [team], PERSON, {date(2026, 3, 3): 1.0})
    mutes.mute(db, "T1", PERSON, "pulse")
    outbox.put(db, workspace="T1", channel=PERSON, body={"text": ""}, team=team, direct=True, kind="pulse")
    assert on_disk(db.path)
    traces.remove(db, "T1", PERSON)
    assert on_disk(db.path) == []
    db.close()
