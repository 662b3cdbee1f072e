"""Slack Connect: in a channel shared with another workspace, events may carry that one's id and are still ours."""

from pathlib import Path
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from handlers.signals import Ear
from storage import signals, teams
from storage.teams import TeamDraft
from storage.writer import Writer
from tests.fresh import fresh

NOW = 1_790_000_000.0
OURS, THEIRS = "T0OURS", "T0THEIRS"


async def heard(folder: Path, **outer: Any) -> int:
    """How many facts are kept of one message by a stranger, in an envelope with these fields."""
    db = fresh(folder / "headroom.db")
    team = teams.save(
        db, TeamDraft(workspace=OURS, name="Desk", queue="C0SHARED", responders=("U1", "U2", "U3"), lead="U1"), NOW
    )
    teams.set_announced(db, team, NOW - 60)
    record = teams.get(db, team)
    assert record is not None
    writer = Writer(db)
    writer.start()
    ear = Ear(db, writer, OURS, "U0BOT", "B0BOT", lambda: NOW)
    event = {"type": "message", "channel": "C0SHARED", "user": "U9", "text": "Hello?", "ts": f"{NOW:.6f}"}
    request = AsyncBoltRequest(body={"type": "event_callback", "event": event, **outer}, mode="socket_mode")

    async def passed_on() -> BoltResponse:
        return BoltResponse(status=404)

    answer = await ear.async_process(req=request, resp=BoltResponse(status=404), next=passed_on)
    assert answer is not None
    assert answer.status == 200
    writer.stop()
    count = signals.count(db, [record.queues[0].id])
    db.close()
    return count


@pytest.mark.parametrize(
    "outer",
    [
        {"team_id": OURS},
        {"team_id": THEIRS, "context_team_id": OURS},
        {"team_id": THEIRS, "authorizations": [{"team_id": OURS, "user_id": "U0BOT", "is_bot": True}]},
    ],
)
async def test_what_is_written_in_a_shared_channel_is_heard(tmp_path: Path, outer: dict[str, Any]) -> None:
    """An event that is for our workspace is kept, whichever of its fields says so."""
    assert await heard(tmp_path, **outer) == 1


async def test_what_is_for_another_workspace_alone_is_not_heard(tmp_path: Path) -> None:
    """An event in which nothing names our workspace is answered and not kept."""
    outer = {"team_id": THEIRS, "context_team_id": THEIRS, "authorizations": [{"team_id": THEIRS}]}
    assert await heard(tmp_path, **outer) == 0
