"""The house stays as drawn in `bot/__init__.py`: imports run one way, and some doors have one key."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

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
    *(
        "bot.emoji",
        "bot.errors",
        "bot.final_words",
        "bot.signal",
        "bot.team",
        "bot.presets",
        "bot.watch",
        "bot.wordlists",
        "bot.readers",
    ),
    "bot.wishes",
}

HEARS = {"", "front", "answers", "failures", "home", "membership", "signals"}
"""Modules of handlers that speak with Bolt."""

DECIDES = {"insider", "heir", "not_yours", "only_lead", "no_team", "which_team", "only_responders"}
DECIDERS = {"meant", "front", "rows", "roles", "home_page"}

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


@cache
def modules() -> list[tuple[str, ast.Module]]:
    """All our modules with their syntax trees; reading them takes a second."""
    found = []
    for folder in ("bot", "handlers", "storage", "sandbox"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append((name, ast.parse(path.read_text())))
    return found


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


def within(module: str, room: str) -> bool:
    """Whether a module is that one or stands in it."""
    return f"{module}.".startswith(f"{room}.")


def ours(tree: ast.Module) -> list[str]:
    """What a module imports of ours."""
    return [i for i in imports(tree) if i.split(".")[0] in {"bot", "handlers", "storage", "sandbox"}]


def named(found: Mapping[str, Sequence[object]]) -> str:
    """The modules that broke a rule, each with what it did; empty where none did."""
    return "; ".join(f"{name}: {wrong}" for name, wrong in found.items() if wrong)


def test_imports_run_one_way() -> None:
    """A room imports only the rooms below it."""
    assert not named(
        {
            name: [i for i in ours(tree) if room_of(i) != room_of(name) and room_of(i) not in FLOORS[room_of(name)]]
            for name, tree in modules()
        }
    )


def test_the_rooms_of_health_stand_on_each_other() -> None:
    """Theory knows no team, and what was seen knows no verdict."""
    for room, below in HEALTH.items():
        may = {room, *below}
        assert not named(
            {
                name: [i for i in ours(tree) if i.startswith("bot.health") and not any(within(i, one) for one in may)]
                for name, tree in modules()
                if within(name, room)
            }
        )


def test_packages_stay_behind_their_doors() -> None:
    """Slack's SDK, SQL, numpy and the scheduler are used only in the rooms that own them."""
    assert not named(
        {
            name: [i for i in imports(tree) if room_of(name) not in MAY_IMPORT.get(i.split(".")[0], {room_of(name)})]
            for name, tree in modules()
        }
    )


def test_features_are_tables() -> None:
    """Only the front and what hears events speak with Bolt; only `meant` decides whose team, and who may."""
    features = [(name.partition(".")[2], tree) for name, tree in modules() if within(name, "handlers")]
    looks = ("handlers.roles", "bot.messages.refusals")
    assert not named(
        {name: [i for i in imports(tree) if i.startswith("slack_")] for name, tree in features if name not in HEARS}
    )
    assert not named(
        {
            name: [one for one in (*_from(tree, *looks), *_used(tree)) if one in DECIDES]
            for name, tree in features
            if name not in DECIDERS
        }
    )


def _from(tree: ast.Module, *modules: str) -> Iterator[str]:
    """What a tree imports by name from these modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in modules:
            yield from (alias.name for alias in node.names)


def _used(tree: ast.Module) -> Iterator[str]:
    """What a tree uses of `refusals`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "refusals":
            yield node.attr


def test_only_settings_reads_the_environment() -> None:
    """`os.environ` and `os.getenv` stand in settings alone; the demo hands its own programs theirs."""
    assert not named(
        {
            name: [
                node.lineno
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
            ]
            for name, tree in modules()
            if room_of(name) not in {"settings", "demo"}
        }
    )


def test_the_clock_is_passed_in() -> None:
    """Nobody but the command line, the sandbox and the demo asks the machine what time it is."""
    assert not named(
        {
            name: [
                f"{ast.unparse(node)} in line {node.lineno}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.time", "datetime.now", "date.today"}
            ]
            for name, tree in modules()
            if room_of(name) not in {"cli", "sandbox", "demo"}
        }
    )


def test_no_table_can_hold_message_text() -> None:
    """`signals` and `requests` have no text column, so nothing that was written can be kept there."""
    for table in ("signals", "requests"):
        start = FIRST.index(f"create table {table} (")
        body = FIRST[start : FIRST.index(") strict", start)]
        columns = [line.split("--")[0] for line in body.splitlines()[1:]]
        assert not [c for c in columns if " text" in c], table
