"""The main story, told by the real programs: from a request channel to a warning for the one desk that needs it."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.demo import cast
from bot.messages import actions
from sandbox.blocks import check_blocks
from storage import alerts, teams
from storage.database import Database

pytestmark = pytest.mark.slow


ROOT = Path(__file__).parents[1]
Call = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What a run of the demo left behind."""

    code: int
    said: str
    calls: list[Call]
    database: Path

    def posts(self, channel: str) -> list[Call]:
        """What the bot posted in a channel, in order."""
        return [c["args"] for c in self.calls if c["method"] == "chat.postMessage" and c["args"]["channel"] == channel]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One run of `headroom demo --headless`, as anybody would start it."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK", "HEADROOM"))}
    environment["HEADROOM_DATABASE"] = str(folder / "headroom.db")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "demo", "--headless", "--port", "0", "--transcript", str(folder / "calls")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1_000,  # it gives up by itself before
        check=False,
    )
    calls = [json.loads(line) for line in (folder / "calls").read_text(encoding="utf-8").splitlines()]
    return Told(done.returncode, done.stdout + done.stderr, calls, folder / "headroom.db")


def is_alert(post: Call) -> bool:
    """Whether a post is an alert: it can be acknowledged."""
    return actions.ACKNOWLEDGE in json.dumps(post.get("blocks") or ())


def test_the_drifting_desk_is_warned_and_the_calm_one_is_not(told: Told) -> None:
    """The demo ends well: one alert, in the enablement desk's own channel, with its reasons and its chart."""
    assert told.code == 0, told.said
    assert [is_alert(post) for post in told.posts(cast.ENABLEMENT.team[0])].count(True) == 1
    for channel in (cast.ENABLEMENT.queue[0], *cast.DEAL_DESK.queue[:1], *cast.DEAL_DESK.team[:1]):
        assert not any(map(is_alert, told.posts(channel)))
    (alert,) = filter(is_alert, told.posts(cast.ENABLEMENT.team[0]))
    assert "Utilization" in alert["text"]
    assert any(block["type"] == "data_visualization" for block in alert["blocks"])


def test_each_team_gets_its_first_report_where_only_it_reads(told: Told) -> None:
    """The first report goes to the team channel, once; the queue hears nothing of load."""
    for desk in cast.DESKS:
        reports = [p for p in told.posts(desk.team[0]) if "First report" in p["text"]]
        assert len(reports) == 1
        assert not any("Utilization" in p["text"] for p in told.posts(desk.queue[0]))


def test_the_queue_is_told_before_anything_is_read(told: Told) -> None:
    """In each queue the announcement comes before the first look at its history."""
    for desk in cast.DESKS:
        channel = desk.queue[0]
        methods = [c["method"] for c in told.calls if c["args"].get("channel") == channel]
        announced = next(
            n
            for n, c in enumerate(c for c in told.calls if c["args"].get("channel") == channel)
            if c["method"] == "chat.postMessage" and "object" in c["args"]["text"]
        )
        assert announced < methods.index("conversations.history")


def test_slack_takes_everything_the_bot_says(told: Told) -> None:
    """No call of the bot was refused, and every message keeps Block Kit's limits and has a text.

    A view that a form's ack shows may be looked for before Slack has the ack.
    """
    refused = [(c["method"], c["response"].get("error")) for c in told.calls if not c["response"].get("ok", True)]
    assert set(refused) <= {("views.update", "not_found")}
    posts = [c["args"] for c in told.calls if c["method"] in {"chat.postMessage", "chat.postEphemeral"}]
    assert len(posts) >= 8
    for post in posts:
        assert check_blocks(post["blocks"], "message") == []
        assert post["text"]


def test_the_transcript_can_be_read_by_other_tools(told: Told) -> None:
    """Each line is a method, its arguments and Slack's answer; no token is in it."""
    assert all(set(call) == {"method", "args", "response"} for call in told.calls)
    assert "xoxb-" not in json.dumps(told.calls)
    assert "xapp-" not in json.dumps(told.calls)
    assert [c["method"] for c in told.calls if "ticket=" in json.dumps(c)]  # the address is there …
    assert not re.search(r"ticket=[\w.%/+=-]", json.dumps(told.calls, ensure_ascii=False))  # … without its secret


def test_nothing_that_people_wrote_is_in_the_database(told: Told) -> None:
    """No word of a request or reply, and no name of anybody, is anywhere in the database's files."""
    files = [told.database, *told.database.parent.glob("headroom.db-*")]
    stored = b"".join(path.read_bytes() for path in files)
    written = [text for desk in cast.DESKS for text in desk.asks]
    written += [*cast.BEGINNINGS, *cast.MIDDLES, *cast.ENDS, *cast.THANKS, *cast.CHASES]
    assert [text for text in written if text.encode() in stored] == []
    assert [name for name in (*cast.PEOPLE.values(), *cast.SELLERS.values()) if name.encode() in stored] == []
    assert [user for user in cast.SELLERS if user.encode() in stored] == []


def test_the_database_knows_what_was_told(told: Told) -> None:
    """The level that was told is the last one written down; the calm desk's was written down in silence."""
    db = Database.open(told.database)
    found = {team.team.name: alerts.last(db, team.id) for team in teams.all(db)}
    db.close()
    told_of, silent = found[cast.ENABLEMENT.name], found[cast.DEAL_DESK.name]
    assert told_of is not None
    assert told_of.outbox is not None
    assert silent is not None
    assert silent.outbox is None
    assert told.database.stat().st_mode & 0o077 == 0
