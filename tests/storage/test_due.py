"""Due rows: what is due is done once, whoever asks."""

import tempfile
from pathlib import Path

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import integers, sampled_from

from storage import due, teams
from storage.database import Database
from tests.budget import examples
from tests.fresh import fresh

JOBS = ("check", "gaps")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return fresh(tmp_path / "headroom.db")


def test_a_job_is_taken_once(db: Database) -> None:
    """Two processes that ask at the same moment do not get the same job."""
    due.put(db, "check", 1, 100)
    first = due.claim(db, JOBS, now=100, lease=60)
    assert first == due.Due("check", 1, 100)
    assert due.claim(db, JOBS, now=100, lease=60) is None


def test_a_crashed_job_is_taken_again_after_its_lease(db: Database) -> None:
    """A job whose process died is due again when the lease has run out."""
    due.put(db, "check", 1, 100)
    due.claim(db, JOBS, now=100, lease=60)
    assert due.claim(db, JOBS, now=159, lease=60) is None
    assert due.claim(db, JOBS, now=160, lease=60) is not None


def test_nothing_is_due_early(db: Database) -> None:
    """A job waits for its time, and lanes see only their own jobs."""
    due.put(db, "check", 1, 100)
    assert due.claim(db, JOBS, now=99, lease=60) is None
    assert due.claim(db, ("gaps",), now=200, lease=60) is None
    assert due.next_at(db, JOBS) == 100


def test_a_missed_time_is_caught_up_once(db: Database) -> None:
    """However long nobody was there, the job is due once, and then at the time it names."""
    due.put(db, "check", 1, 100)
    taken = due.claim(db, JOBS, now=1_000_000, lease=60)
    assert taken is not None
    due.finish(db, taken, 1_003_600)
    assert due.claim(db, JOBS, now=1_000_000, lease=60) is None
    assert due.next_at(db, JOBS) == 1_003_600


def test_a_moment_is_not_at_once(db: Database) -> None:
    """A job that wants another look in a fifth of a second is not taken again within this second, in a tight loop."""
    due.put(db, "check", 1, 100)
    taken = due.claim(db, JOBS, now=100.5, lease=60)
    assert taken is not None
    due.finish(db, taken, 100.7)
    assert due.claim(db, JOBS, now=100.9, lease=60) is None
    assert due.claim(db, JOBS, now=101, lease=60) is not None


def test_asking_for_it_sooner_wins(db: Database) -> None:
    """Of two times the earlier one stands, in whichever order they were put."""
    due.put(db, "check", 1, 500)
    due.put(db, "check", 1, 100)
    due.put(db, "check", 1, 900)
    assert due.next_at(db, JOBS) == 100
    assert due.planned(db, "check", 1)
    assert not due.planned(db, "check", 2)


@pytest.mark.parametrize("again", [None, 5000.0])
def test_what_is_asked_for_while_it_runs_is_not_forgotten(db: Database, again: float | None) -> None:
    """A job that is put while it runs may have looked too early: it is due once more."""
    due.put(db, "check", 1, 100)
    taken = due.claim(db, JOBS, now=100, lease=60)
    assert taken is not None
    due.put(db, "check", 1, 110)
    due.finish(db, taken, again)
    assert due.next_at(db, JOBS) == 110


@pytest.mark.parametrize("again", [None, 810.0])
def test_who_lost_the_lease_ends_nothing(db: Database, again: float | None) -> None:
    """A late finish neither removes the job nor frees it while another works on it; the other's finish counts."""
    due.put(db, "check", 1, 0)
    late = due.claim(db, JOBS, now=100, lease=600)
    other = due.claim(db, JOBS, now=800, lease=600)
    assert late is not None
    assert other is not None
    due.finish(db, late, again)
    assert due.next_at(db, JOBS) == 1400
    assert due.claim(db, JOBS, now=811, lease=600) is None
    due.finish(db, other, 5000)
    assert due.next_at(db, JOBS) == 5000


def test_a_bot_leaves_other_workspaces_jobs_alone(db: Database) -> None:
    """Of two workspaces in one file each bot takes its own teams' and queues' jobs, and either those of nobody."""
    numbers: list[tuple[int, int]] = []
    for workspace in ("T1", "T2", "T2"):
        draft = teams.TeamDraft(
            workspace=workspace, name=f"Desk {len(numbers)}", queue=f"C{len(numbers)}", responders=("U1",)
        )
        record = teams.get(db, teams.save(db, draft, 100))
        assert record is not None
        numbers.append((record.id, record.queues[0].id))
    for team, queue in numbers:
        due.put(db, "check", team, 100)
        due.put(db, "gaps", queue, 100)
    due.put(db, "retention", 0, 200)
    jobs = (*JOBS, "retention")

    def taken(workspace: str) -> list[tuple[str, int]]:
        found = []
        while one := due.claim(db, jobs, 300, 60, workspace):
            found.append((one.job, one.subject))
        return found

    assert due.next_at(db, JOBS, "T3") is None
    assert taken("T1") == [("check", numbers[0][0]), ("gaps", numbers[0][1]), ("retention", 0)]
    assert due.next_at(db, JOBS, "T1") == 360
    assert due.next_at(db, JOBS, "T2") == 100
    assert len(taken("T2")) == 4


class OneRunAtATime(RuleBasedStateMachine):
    """Whatever the order of puts, claims, crashes and finishes, a leased job is never held twice."""

    def __init__(self) -> None:
        super().__init__()
        self.db = fresh(Path(self._folder()) / "headroom.db")
        self.now = 0
        self.held: dict[tuple[str, int], tuple[due.Due, int]] = {}

    @staticmethod
    def _folder() -> str:
        return tempfile.mkdtemp()

    @rule(job=sampled_from(JOBS), subject=integers(1, 2), delay=integers(0, 50))
    def put(self, job: str, subject: int, delay: int) -> None:
        due.put(self.db, job, subject, self.now + delay)

    @rule(step=integers(1, 40))
    def time_passes(self, step: int) -> None:
        self.now += step

    @rule()
    def claim(self) -> None:
        taken = due.claim(self.db, JOBS, self.now, lease=30)
        if taken is not None:
            key = (taken.job, taken.subject)
            assert key not in self.held or self.held[key][1] <= self.now
            assert taken.at <= self.now
            self.held[key] = (taken, self.now + 30)

    @rule(again=integers(1, 60))
    def finish_one(self, again: int) -> None:
        for key, (taken, until) in list(self.held.items()):
            if until > self.now:
                due.finish(self.db, taken, self.now + again)
                del self.held[key]
                return

    @invariant()
    def held_jobs_are_still_planned(self) -> None:
        assert all(due.planned(self.db, *key) for key in self.held)

    def teardown(self) -> None:
        self.db.close()


TestOneRunAtATime = OneRunAtATime.TestCase
TestOneRunAtATime.settings = examples(15, stateful_step_count=20)
