"""The timetable: each bot does its own workspace's jobs, and a long read is not taken from it."""

import threading
from pathlib import Path

import pytest

from bot import timetable
from bot.outbox import Outbox
from bot.services.work import Work
from bot.slack import Me, Slack
from bot.timetable import LEASE, READING_LEASE, Timetable, run_due
from storage import due, teams
from storage.database import Database
from tests.fresh import fresh

NOW = 1_790_000_000.0


def work_of(db: Database, workspace: str) -> Work:
    return Work(db, Slack("xoxb-none", "http://127.0.0.1:1/api/"), lambda: NOW, Me(workspace, "", "U0", "B0"))


def test_another_workspaces_jobs_are_left_to_its_bot(tmp_path: Path) -> None:
    """A bot on the same file neither does nor waits for the jobs of a workspace that its token is not for."""
    db = fresh(tmp_path / "headroom.db")
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
    db = fresh(tmp_path / "headroom.db")
    due.put(db, "threads", 1, NOW)
    taken_meanwhile: list[due.Due | None] = []

    def long_read(work: Work, _: int) -> None:
        taken_meanwhile.append(due.claim(work.db, ("threads",), NOW + LEASE + 1, LEASE))

    run_due(work_of(db, "T1"), {"threads": long_read}, READING_LEASE)
    assert taken_meanwhile == [None]
    db.close()


def test_others_are_woken_only_where_something_was_done(tmp_path: Path) -> None:
    """Once for all that was due, and not by a look that found nothing: two lanes would wake each other forever."""
    db, woken = fresh(tmp_path / "headroom.db"), []
    work = work_of(db, "T1")
    run_due(work, {"retention": lambda _work, _subject: None}, then=lambda: woken.append("early"))
    for subject in (0, 1):
        due.put(db, "retention", subject, NOW)
    run_due(work, {"retention": lambda _work, _subject: None}, then=lambda: woken.append("done"))
    assert woken == ["done"]
    db.close()


def test_what_one_lane_puts_down_another_takes_up_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that asks for a read, and the read that asks for a job, wait for no wake-up from outside."""
    db = fresh(tmp_path / "headroom.db")
    record = teams.get(
        db, teams.save(db, teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1",)), NOW)
    )
    assert record is not None
    team, queue = record.id, record.queues[0].id
    read, judged = threading.Event(), threading.Event()

    def announce(work: Work, _: int) -> None:
        due.put(work.db, "history", queue, NOW)

    def history(work: Work, _: int) -> None:
        read.set()
        due.put(work.db, "check", team, NOW)

    def check(_work: Work, _: int) -> None:
        judged.set()

    monkeypatch.setattr(timetable, "EVERY", 3_600)
    monkeypatch.setattr(timetable, "JUDGING", {"announce": announce, "check": check})
    monkeypatch.setattr(timetable, "READING", {"history": history})
    due.put(db, "announce", team, NOW)
    work = work_of(db, "T1")
    running = Timetable(work, Outbox(db, work.slack, work.clock, "T1"), lambda: None)
    running.start()
    try:
        assert read.wait(60)
        assert judged.wait(60)
    finally:
        running.stop()
        db.close()
