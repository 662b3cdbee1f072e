"""This machine: the settings file, the clock, the database and its disk."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.doctor.finding import Finding, note, ok, problem
from bot.errors import StorageError
from storage.checkup import examine

CLOCK_SECONDS = 60.0
"""Seconds off Slack's clock that are a problem; over 300 Slack's signed requests are refused as replays
(https://docs.slack.dev/authentication/verifying-requests-from-slack/)."""

FREE_BYTES = 200 * 2**20
"""Free room below which the disk is a problem: a million signals take some 70 MB, and the log of writes as much."""


def settings_file(path: Path) -> Finding:
    """Whether others on this machine could read the tokens in a `.env` file."""
    if not path.is_file():
        return ok("settings", "from the environment; there is no .env file here")
    if _others(path):
        return problem("settings", f"others on this machine can read {path}, which holds tokens: chmod 600 {path}")
    return ok("settings", f"{path} is readable for its owner alone")


def clock(ours: float, slacks: float | None) -> Finding:
    """This machine's clock against Slack's (Unix seconds; None where Slack told none)."""
    if slacks is None:
        return note("clock", "the server did not tell its time")
    off = ours - slacks
    if abs(off) <= CLOCK_SECONDS:
        return ok("clock", f"within {CLOCK_SECONDS:.0f} s of Slack's")
    way = "ahead of" if off > 0 else "behind"
    return problem(
        "clock", f"{abs(off):,.0f} s {way} Slack's: set this machine's clock (NTP); over 300 s, serve refuses all"
    )


def database(path: Path) -> Iterator[Finding]:
    """The file, who may read it, and the room beside it."""
    if not path.exists():
        yield (
            note("database", f"{path} will be made at the first start")
            if path.parent.is_dir()
            else problem("database", f"there is no folder {str(path.parent)!r}: make it, or set HEADROOM_DATABASE")
        )
    else:
        try:
            yield ok("database", f"{path} is {examine(path)}")
        except StorageError as error:
            yield problem("database", str(error))
        if path.is_file() and _others(path):
            yield problem("database", f"others on this machine can read it: chmod 600 {path}*")
    if path.parent.is_dir():
        yield disk(path.parent)


def disk(folder: Path, needed: int = FREE_BYTES) -> Finding:
    """The free room beside the database, in bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        return problem("disk", f"{free / 2**20:,.0f} MB are free: make room, {needed / 2**20:,.0f} MB at least")
    return ok("disk", f"{free / 2**30:,.1f} GB are free")


def _others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
