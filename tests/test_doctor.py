"""The doctor: each way an installation can be ill is found, told in a line with its mend, and never with a token."""

import asyncio
import contextlib
import json
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import manifest
from bot.doctor import Finding, State, contract, examine, machine, samples
from bot.doctor.finding import problem
from bot.manifest import Trust
from bot.settings import Settings
from bot.watch import Gone
from sandbox.blocks import check_blocks, check_view
from sandbox.server import Client, SandboxConfig, running
from storage import teams
from storage.database import Database
from tests.patient import patient
from tests.running import ANNA, ASKER, BOT, CIRCLE, PLACES, QUEUE, set_up, settings


@pytest.fixture
async def slack() -> AsyncIterator[Client]:
    """A workspace whose app has what the widest manifest asks for."""
    async with running(patient()) as client:
        await client.seed(**PLACES, app={"scopes": list(manifest.scopes(Trust.PRIVATE))})
        yield client


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "headroom.db"
    set_up(path)
    return path


async def look(given: Settings, clock: Callable[[], float] = time.time, env: Path | None = None) -> list[Finding]:
    """All findings; none of their lines holds a token."""
    env = env or given.database.parent / "none.env"
    found = await asyncio.to_thread(lambda: list(examine(given, clock, env_file=env)))
    for secret in (given.slack_bot_token, given.slack_app_token, given.slack_signing_secret):
        assert not [f for f in found if secret and secret in f.line]
    return found


def problems(found: list[Finding]) -> list[str]:
    return [f.line for f in found if f.state is State.PROBLEM]


async def test_a_well_installation_has_no_problems(slack: Client, database: Path) -> None:
    """With everything as the README says, each check is ok, and all that matter are there."""
    found = await look(settings(slack.api_url, database))
    assert problems(found) == []
    about = {f.about for f in found if f.state is State.OK}
    assert {"settings", "database", "disk", "bot token", "clock", "scopes", "app token"} <= about
    assert {f"queue {QUEUE} of 'Desk'", f"team channel {CIRCLE} of 'Desk'"} <= about


async def test_bad_tokens_are_told_apart(slack: Client, database: Path) -> None:
    """A refused bot token and a refused app token each have their own line and mend."""
    await slack.seed(app={"bot_token": "xoxb-new", "app_token": "xapp-new"})
    bot, app = problems(await look(settings(slack.api_url, database)))
    assert bot.startswith("problem  bot token: Slack refuses it (invalid_auth): install the app again")
    assert app.startswith("problem  app token: Slack refuses it (invalid_auth): make one with connections:write")


async def test_nothing_set_is_told(tmp_path: Path) -> None:
    """Without settings the doctor says which token is missing and where it stands; no file is made."""
    (missing,) = problems(await look(Settings(database=tmp_path / "new.db")))
    assert "set SLACK_BOT_TOKEN; it stands under OAuth & Permissions" in missing
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


async def test_no_way_in_is_told(slack: Client, database: Path) -> None:
    """With a bot token alone Slack could not reach us."""
    given = Settings(slack_bot_token=SandboxConfig().app.bot_token, slack_api_url=slack.api_url, database=database)
    (line,) = problems(await look(given))
    assert "set SLACK_APP_TOKEN for `headroom run`, or SLACK_SIGNING_SECRET" in line


async def test_without_a_network_it_says_so(database: Path) -> None:
    """Nobody answers: one line about the network, none about the token itself."""
    bot, app = problems(await look(settings("http://127.0.0.1:9/api/", database)))
    assert "nobody answers at http://127.0.0.1:9/api/" in bot
    assert "no answer" in app


async def test_missing_scopes_are_named_with_the_manifest_that_has_them(slack: Client, database: Path) -> None:
    """A needed scope is a problem; an optional one left out is none."""
    needed = [s for s in manifest.scopes(Trust.PUBLIC) if s not in ("reactions:read", "usergroups:read")]
    await slack.seed(app={"scopes": needed})
    (line,) = [p for p in problems(await look(settings(slack.api_url, database))) if "scopes" in p]
    assert "reactions:read missing for public: paste `headroom manifest --public`" in line
    await slack.seed(app={"scopes": [*needed, "reactions:read"]})
    found = await look(settings(slack.api_url, database))
    assert "ok       scopes: those of `headroom manifest --public`, without the optional usergroups:read" in [
        f.line for f in found
    ]


async def test_reactions_only_is_no_problem(slack: Client, database: Path) -> None:
    """Without message scopes the doctor says what follows from it, and finds nothing to mend."""
    await slack.seed(app={"scopes": list(manifest.scopes(Trust.REACTIONS))})
    found = await look(settings(slack.api_url, database))
    assert problems(found) == []
    (queue,) = [f for f in found if f.about.startswith("queue")]
    assert queue.state is State.NOTE
    assert "missing_scope" in queue.said
    assert "at most once" in queue.said


async def test_channels_that_went_away_are_found(slack: Client, database: Path) -> None:
    """A bot that was taken out, an archived queue, a stranger in the team channel: each with its mend."""
    given = settings(slack.api_url, database)
    await slack.act(ANNA, "invite", channel=CIRCLE, user=ASKER)
    (line,) = problems(await look(given))
    assert "1 besides responders, lead and Headroom are in it" in line
    assert ASKER not in line
    await slack.act(ASKER, "leave", channel=CIRCLE)

    await slack.act(ANNA, "kick", channel=QUEUE, user=BOT)
    (line,) = problems(await look(given))
    assert "Headroom is not in it: /invite @headroom there" in line
    await slack.act(ANNA, "invite", channel=QUEUE, user=BOT)

    await slack.act(ANNA, "archive", channel=QUEUE)
    (line,) = problems(await look(given))
    assert "it is archived" in line


async def test_a_queue_that_is_no_longer_heard_is_found(slack: Client, database: Path) -> None:
    """When the bot is in the channel and yet does not listen, that is told."""
    with contextlib.closing(Database.open(database)) as db:
        teams.mark_gone(db, 1, Gone.UNREADABLE)
    (line,) = problems(await look(settings(slack.api_url, database)))
    assert "it is not heard (Slack does not let the bot read the channel)" in line


@pytest.mark.parametrize(("hours", "way"), [(1, "ahead of"), (-1, "behind")])
async def test_a_clock_an_hour_off_is_found(slack: Client, database: Path, hours: int, way: str) -> None:
    """By how much, which way, and what to do."""
    (line,) = problems(await look(settings(slack.api_url, database), lambda: time.time() + hours * 3600))
    assert f"s {way} Slack's: set this machine's clock" in line


def test_a_minute_is_well_and_more_is_not() -> None:
    """The line is drawn at sixty seconds; a server without a time is no problem."""
    assert machine.clock(1060.0, 1000.0).state is State.OK
    assert machine.clock(1061.0, 1000.0).state is State.PROBLEM
    assert machine.clock(939.0, 1000.0).state is State.PROBLEM
    assert machine.clock(1000.0, None).state is State.NOTE


def test_a_settings_file_that_others_can_read_is_found(tmp_path: Path) -> None:
    """Tokens stand in it."""
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=xoxb-hush\n")
    file.chmod(0o644)
    assert "chmod 600" in machine.settings_file(file).line
    file.chmod(0o600)
    assert machine.settings_file(file).state is State.OK


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('headroom', 'from_2030', '')"
        )


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("create table theirs (x)")


def no_database(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 100)


def damaged(path: Path) -> None:
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


def readable(path: Path) -> None:
    path.chmod(0o644)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (newer, "a newer Headroom made it"),
        (foreign, "belongs to another program"),
        (no_database, "no SQLite database"),
        (damaged, "the file is damaged; put the last backup in its place"),
        (readable, "chmod 600"),
    ],
)
def test_an_ill_database_is_found_and_left_as_it_is(database: Path, harm: Callable[[Path], None], said: str) -> None:
    """Newer, another program's, none, damaged, readable for others: told with its mend; the file is not touched."""
    harm(database)
    before, mode = database.read_bytes(), database.stat().st_mode
    lines = problems(list(machine.database(database)))
    assert [line for line in lines if said in line], lines
    assert (database.read_bytes(), database.stat().st_mode) == (before, mode)


def test_a_locked_database_is_found(database: Path) -> None:
    """Another process that holds on to the lock is told of."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("begin immediate")
        (line,) = problems(list(machine.database(database)))
    assert "another process has kept it locked" in line


def test_a_missing_folder_is_found(tmp_path: Path) -> None:
    """A database in a folder that is not there could not be made; a missing file alone could."""
    (line,) = problems(list(machine.database(tmp_path / "no" / "headroom.db")))
    assert "there is no folder" in line
    assert problems(list(machine.database(tmp_path / "headroom.db"))) == []


def test_a_full_disk_is_found(tmp_path: Path) -> None:
    """With less free room than we ask for, the line says how much there is and how much it takes."""
    assert "MB are free: make room, 4,398,046,511,104 MB at least" in machine.disk(tmp_path, 2**62).line
    assert machine.disk(tmp_path, 1).state is State.OK


def test_the_samples_pass_the_sandbox_and_the_broken_ones_do_not() -> None:
    """What the contract check sends is right by our own rules, and each broken example is wrong by them."""
    for name, message in samples.messages().items():
        assert check_blocks(list(message.blocks), "message") == [], name
    assert any(block["type"] == "data_visualization" for m in samples.messages().values() for block in m.blocks)
    for name, view in samples.views().items():
        assert check_view(dict(view)) == [], name
    for name, broken in samples.broken().items():
        assert check_blocks(broken, "message") != [], name


@contextlib.asynccontextmanager
async def validating(answer: Callable[[str, Any], list[str]]) -> AsyncIterator[str]:
    """A server with Slack's `blocks.validate`, as documented; gives its API address."""

    async def validate(request: web.Request) -> web.Response:
        assert "Authorization" not in request.headers
        form = await request.post()
        ((what, text),) = form.items()
        errors = answer(what, json.loads(str(text)))
        if not errors:
            return web.json_response({"ok": True})
        listed = [{"code": "failed_constraint", "message": e, "pointer": "/0", "constraint": {}} for e in errors]
        return web.json_response({"ok": False, "error": f"invalid_{what}", "errors": listed})

    app = web.Application(client_max_size=2**22)
    app.add_routes([web.post("/api/blocks.validate", validate)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


def strict(what: str, payload: Any) -> list[str]:
    """Says what the sandbox says."""
    return check_view(payload) if what == "view" else check_blocks(payload["blocks"], "message")


def no_charts(what: str, payload: Any) -> list[str]:
    """Does not know charts yet."""
    charts = what == "message" and any(b.get("type") == "data_visualization" for b in payload["blocks"])
    return ["unsupported type: data_visualization"] if charts else strict(what, payload)


def lenient(what: str, payload: Any) -> list[str]:
    """Takes everything."""
    return []


async def asked(answer: Callable[[str, Any], list[str]]) -> list[Finding]:
    async with validating(answer) as url:
        ask = contract.validator(url)
        return await asyncio.to_thread(lambda: list(contract.examine(ask)))


async def test_the_contract_holds_or_each_difference_is_named() -> None:
    """Agreement is one line; what only one side refuses is a problem that names the message."""
    (agreed,) = await asked(strict)
    assert agreed.state is State.OK
    refused = problems(await asked(no_charts))
    assert refused
    assert all("Slack refuses our message" in line and "plain" not in line for line in refused)
    taken = problems(await asked(lenient))
    assert len(taken) == len(samples.broken())
    assert all("the sandbox refuses broken example" in line for line in taken)


def test_offline_the_contract_check_is_kind() -> None:
    """Where Slack cannot be asked, that is a note, not a problem."""
    (found,) = contract.examine(contract.validator("http://127.0.0.1:9/api/"))
    assert found.state is State.NOTE
    assert "could not be asked" in found.said


def test_only_problems_are_problems() -> None:
    """A line begins with how bad it is, in a column of its own."""
    lines: Iterator[str] = iter([problem("disk", "full").line])
    assert next(lines) == "problem  disk: full"
