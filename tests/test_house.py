"""The house stays as drawn in `bot/__init__.py`: imports run one way, and some doors have one key."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.migrations import FIRST

ROOT = Path(__file__).parents[1]

FLOORS: dict[str, set[str]] = {
    # room: the rooms it may import (itself always)
    "words": set(),
    "health": {"words"},
    "storage": {"words", "health"},
    "messages": {"words", "health"},
    "capture": {"words"},
    "mentions": {"words"},
    "slack": {"words"},
    "settings": {"words"},
    "outbox": {"words", "slack", "storage", "messages"},
    "services": {"words", "health", "storage", "messages", "slack", "outbox"},
    "report": {"words", "health", "storage", "messages", "services", "importing"},
    "jobs": {"words", "health", "storage", "messages", "capture", "slack", "outbox", "services"},
    "timetable": {"words", "storage", "outbox", "services", "jobs"},
    "handlers": {
        *("words", "health", "storage", "messages", "capture", "mentions", "slack", "outbox"),
        *("services", "report", "jobs"),
    },
    "manifest": {"words"},
    "logs": set(),
    "privacy": {"words", "health", "storage", "services", "jobs", "importing", "manifest"},
    "importing": {"words", "health", "storage", "capture"},
    "web": {"words", "manifest"},
    "app": {"words", "storage", "slack", "settings", "outbox", "services", "timetable", "handlers", "web"},
    "doctor": {"words", "health", "storage", "messages", "slack", "settings", "manifest", "sandbox"},
    "sandbox": set(),
    "demo": {"words", "health", "messages", "settings", "storage", "app", "sandbox", "jobs", "logs"},
    "cli": {
        "words",
        "health",
        "slack",
        "storage",
        "settings",
        "jobs",
        "app",
        "sandbox",
        "demo",
        "messages",
        "timetable",
        "manifest",
        "logs",
        "doctor",
        "privacy",
        "importing",
        "services",
        "report",
    },
}
HEALTH: dict[str, set[str]] = {
    # room inside health: what it may import of health, beside itself
    "bot.health.theory": {"bot.health.facts", "bot.health.results"},
    "bot.health.seen": {"bot.health.facts", "bot.health.results", "bot.health.theory"},
}
WORDS = {
    *("bot.errors", "bot.signal", "bot.team", "bot.presets", "bot.watch", "bot.wordlists", "bot.readers"),
    "bot.wishes",
}

MAY_IMPORT = {
    # package outside: rooms that may use it
    "slack_bolt": {"app", "handlers", "web"},
    "slack_sdk": {"app", "handlers", "slack", "sandbox"},
    "aiohttp": {"web", "sandbox", "demo"},
    "apscheduler": {"timetable"},
    "sqlite3": {"storage"},
    "sqlite_utils": {"storage"},
    "numpy": {"health", "storage", "services", "report", "jobs", "importing", "demo"},
    "scipy": {"health"},
    "holidays": {"health", "handlers"},
    "click": {"cli"},
    "dotenv": {"settings"},
}


def room_of(module: str) -> str:
    """The room a module of ours belongs to."""
    if module in WORDS or module == "bot":
        return "words"
    parts = module.split(".")
    return parts[1] if parts[0] == "bot" else parts[0]


def modules() -> Iterator[tuple[str, ast.Module]]:
    """All our modules with their syntax trees."""
    for folder in ("bot", "handlers", "storage", "sandbox"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield name, ast.parse(path.read_text())


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module that a tree imports, wherever in it; `from bot import x` counts as `bot.x`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "bot":
                yield from (f"bot.{alias.name}" for alias in node.names)
            else:
                yield node.module


ALL = list(modules())


def others(*rooms: str) -> list[Any]:
    """All modules outside these rooms."""
    return [pytest.param(name, tree, id=name) for name, tree in ALL if room_of(name) not in rooms]


@pytest.mark.parametrize(("name", "tree"), ALL, ids=[name for name, _ in ALL])
def test_imports_run_one_way(name: str, tree: ast.Module) -> None:
    """A room imports only the rooms below it."""
    room = room_of(name)
    ours = [i for i in imports(tree) if i.split(".")[0] in {"bot", "handlers", "storage", "sandbox"}]
    wrong = [i for i in ours if room_of(i) != room and room_of(i) not in FLOORS[room]]
    assert not wrong, f"{name} ({room}) imports {wrong}"


@pytest.mark.parametrize(("name", "tree"), ALL, ids=[name for name, _ in ALL])
def test_the_rooms_of_health_stand_on_each_other(name: str, tree: ast.Module) -> None:
    """Theory knows no team, and what was seen knows no verdict."""
    room = next((room for room in HEALTH if name.startswith(room)), None)
    if room is None:
        return
    ours = [i for i in imports(tree) if i.startswith("bot.health")]
    wrong = [i for i in ours if not any(f"{i}.".startswith(f"{may}.") for may in {room, *HEALTH[room]})]
    assert not wrong, f"{name} imports {wrong}"


@pytest.mark.parametrize(("name", "tree"), ALL, ids=[name for name, _ in ALL])
def test_packages_stay_behind_their_doors(name: str, tree: ast.Module) -> None:
    """Slack's SDK, SQL, numpy and the scheduler are used only in the rooms that own them."""
    room = room_of(name)
    wrong = [i for i in imports(tree) if room not in MAY_IMPORT.get(i.split(".")[0], {room})]
    assert not wrong, f"{name} ({room}) imports {wrong}"


@pytest.mark.parametrize(("name", "tree"), others("settings", "demo"))
def test_only_settings_reads_the_environment(name: str, tree: ast.Module) -> None:
    """`os.environ` and `os.getenv` stand in settings alone; the demo hands its own programs theirs."""
    found = [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert not found, f"{name} reads the environment in lines {found}"


@pytest.mark.parametrize(("name", "tree"), others("cli", "sandbox", "demo"))
def test_the_clock_is_passed_in(name: str, tree: ast.Module) -> None:
    """Nobody but the command line, the sandbox and the demo asks the machine what time it is."""
    found = [
        f"{node.func.value.id}.{node.func.attr} in line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in {("time", "time"), ("datetime", "now"), ("date", "today")}
    ]
    assert not found, f"{name}: {found}"


def test_no_table_can_hold_message_text() -> None:
    """`signals` and `requests` have no text column, so nothing that was written can be kept there."""
    for table in ("signals", "requests"):
        start = FIRST.index(f"create table {table} (")
        body = FIRST[start : FIRST.index(") strict", start)]
        columns = [line.split("--")[0] for line in body.splitlines()[1:]]
        assert not [c for c in columns if " text" in c], table
