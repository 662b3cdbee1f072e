"""Slack status, presence and huddles of people are read nowhere and kept nowhere."""

import re
from dataclasses import fields
from pathlib import Path

from bot.manifest import Trust, scopes
from bot.slack import Profile
from storage import schema

ROOT = Path(__file__).parents[1]
WATCHING = re.compile(
    r"users\.profile|users_profile|getPresence|presence_change|users\.(?:get|set)Presence|dnd\.|dnd_|"
    r"status_text|status_emoji|status_expiration|huddle"
)


def test_no_call_asks_for_status_or_presence() -> None:
    """No line of the bot names a method or field by which Slack tells what somebody is doing."""
    ours = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]
    read = [path for path in ours if "sandbox" not in path.parts]
    assert len(read) > 100
    for path in read:
        assert not WATCHING.search(path.read_text()), path


def test_a_profile_holds_no_status() -> None:
    """Of a person's profile nothing is taken but what set-up and the roster need."""
    assert {field.name for field in fields(Profile)} == {"id", "name", "tz", "is_bot", "deleted", "guest"}


def test_no_column_holds_a_status() -> None:
    """Nothing that is kept of a person tells what they are doing."""
    columns = {column for table in schema.columns().values() for column in table}
    assert not {column for column in columns if re.search(r"status|presence|huddle|online|activity", column)}


def test_no_scope_would_allow_it() -> None:
    """Even at the highest level of trust the app may not ask for presence, status changes or do-not-disturb."""
    for scope in scopes(Trust.PRIVATE):
        assert not re.search(r"profile|presence|dnd|email", scope)
