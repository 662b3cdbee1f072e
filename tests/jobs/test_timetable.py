"""The timetable: each bot does its own workspace's jobs, and a long read is not taken from it."""

from pathlib import Path

from bot.services.work import Work
from bot.slack import Me, Slack
from bot.timetable import LEASE, READING_LEASE, run_due
from storage import due, teams
from storage.database import Database

NOW = 1_790_000_000.0


def work_of(db: Database, workspace: str) -> Work:
    return Work(db, Slack("xoxb-none", "http://127.0.0.1:1/api/"), lambda: NOW, Me(workspace, "", "U0", "B0"))


def test_another_workspaces_jobs_are_left_to_its_bot(tmp_path: Path) -> None:
    """A bot on the same file neither does nor waits for the jobs of a workspace that its token is not for."""
    db = Database.open(tmp_path / "headroom.db")
    record = teams.get(
        db, teams.save(db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1",)), NOW)
    )
    assert record is not None
    due.put(db, "gaps", record.queues[0].id, NOW - 1)
    done: list[int] = []

    def job(_: Work, subject: int) -> None:
        done.append(subject)

    assert run_due(work_of(db, "T2"), {"gaps": job}) is None
    assert done == []
    assert run_due(work_of(db, "T1"), {"gaps": job}) is None
    assert done == [record.queues[0].id]
    db.close()


def test_a_read_that_lasts_is_not_begun_by_another(tmp_path: Path) -> None:
    """Reading keeps its job for longer than ninety days' worth of threads usually take, not for ten minutes."""
    db = Database.open(tmp_path / "headroom.db")
    due.put(db, "threads", 1, NOW)
    taken_meanwhile: list[due.Due | None] = []

    def long_read(work: Work, _: int) -> None:
        taken_meanwhile.append(due.claim(work.db, ("threads",), NOW + LEASE + 1, LEASE))

    run_due(work_of(db, "T1"), {"threads": long_read}, READING_LEASE)
    assert taken_meanwhile == [None]
    db.close()
