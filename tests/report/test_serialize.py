"""One serializer: each gap becomes null with its reason under its own key."""

import math
from dataclasses import dataclass
from datetime import date

from bot.health.results import Estimate, Level, Unknown
from bot.report.serialize import Row, write


@dataclass(frozen=True)
class Desk:
    """Something to write."""

    wait: float | Unknown
    slack: Estimate | Unknown
    line: float | None = None
    levels: tuple[Estimate, ...] = ()
    since: date = date(2026, 3, 2)
    level: Level = Level.WATCH


ROWS = (
    Row("wait"),
    Row("slack"),
    Row("slack_low", "slack.low"),
    Row("line", absent="there is none"),
    Row("levels", rows=(Row("middle", "value"), Row("whose", lambda _, whole: whole))),
    Row("since"),
    Row("level"),
)


def test_what_is_known_stands_by_its_key() -> None:
    """Numbers, records by their fields, lists, days and levels come out as JSON has them, and nothing is missing."""
    missing: dict[str, str] = {}
    half = Estimate(0.5, 0.4, 0.6)
    assert write(ROWS, Desk(0.0, half, 1.0, (half,)), "desk", missing) == {
        "wait": 0.0,
        "slack": {"value": 0.5, "low": 0.4, "high": 0.6},
        "slack_low": 0.4,
        "line": 1.0,
        "levels": [{"middle": 0.5, "whose": "desk"}],
        "since": "2026-03-02",
        "level": "watch",
    }
    assert missing == {}


def test_each_gap_has_its_reason_by_its_path() -> None:
    """A figure gives its reason, also for what would lie in it; what there is not, its row's."""
    missing: dict[str, str] = {}
    few = Unknown("too few")
    found = write(ROWS, Desk(math.nan, few, None, (Estimate(math.inf, 0, 0),)), "desk", missing, "part.")
    assert found["wait"] is found["slack"] is found["slack_low"] is found["line"] is None
    assert missing == {
        "part.wait": "these signals do not tell",
        "part.slack": "too few",
        "part.slack_low": "too few",
        "part.line": "there is none",
        "part.levels.middle": "these signals do not tell",
    }
