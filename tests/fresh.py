"""A new store: a file with all migrations behind it, which take longer than most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import Database


def fresh(path: Path) -> Database:
    """The store at `path`; where there is none, an empty one as `Database.open` makes it."""
    if not path.exists():
        path.touch(0o600)
        path.write_bytes(_empty())
    return Database.open(path)


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "headroom.db"
        Database.open(path).close()
        return path.read_bytes()
