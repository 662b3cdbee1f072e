"""A fresh database with one team and one queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import teams
from storage.database import Database
from tests.fresh import fresh


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = fresh(tmp_path / "headroom.db")
    yield database
    database.close()


@pytest.fixture
def queue(db: Database) -> int:
    draft = teams.TeamDraft(workspace="T1", name="Desk", queue="C1", responders=("U1", "U2"), lead="U1")
    record = teams.get(db, teams.save(db, draft, 1_700_000_000))
    assert record is not None
    return record.queues[0].id
