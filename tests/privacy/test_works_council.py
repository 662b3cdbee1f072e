"""The report for a works council cannot leave out a column, scope or switch, and claims nothing about the law."""

import json
import os
import re
import sqlite3
from dataclasses import make_dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import manifest
from bot.cli import main
from bot.privacy import works_council
from storage import accesses, rhythms, schema, teams
from storage.database import Database
from storage.rhythms import Rhythm
from tests.fresh import fresh

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()

SHOW_NO_TEAM = {
    "import": "takes in, shows counts of rows",
    "rebuild": "shows how many facts there are",
    "run": "listens",
    "serve": "listens",
    "manifest": "no database",
    "doctor": "the installation",
    "forget": "deletes",
    "sandbox": "no database of the bot",
    "demo": "a database of its own",
    "version": "a number",
}
"""Commands that print nothing of a team's load; every other one must note itself in the access log."""


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """An installation with one team of five that switched the question off."""
    db = fresh(tmp_path / "headroom.db")
    draft = teams.TeamDraft(
        workspace="T1", name="Deal | desk", queue="C1", responders=("U1", "U2", "U3", "U4", "U5"), lead="U1"
    )
    number = teams.save(db, draft, NOW)
    teams.set_announced(db, number, NOW)
    rhythms.save(db, number, Rhythm(solved=False, digest_minute=545))
    return db


def test_every_column_and_table_is_in_it(db: Database) -> None:
    """Whatever the schema of a fresh file has stands in the report, by name."""
    said = works_council.text(db, NOW, 5)
    with sqlite3.connect(db.path) as connection:
        for table, columns in schema.columns().items():
            part = said[said.index(f"### `{table}`\n") :].split("\n### ")[0]
            there = {row[1] for row in connection.execute(f"pragma table_info({table})")}
            assert there == set(columns)
            assert all(f"| `{column}` |" in part for column in columns), table


def test_every_scope_is_in_it(db: Database) -> None:
    """Each scope of the widest manifest stands there with what it is for."""
    said = works_council.text(db, NOW, 5)
    for scope in manifest.manifest()["oauth_config"]["scopes"]["bot"]:
        assert re.search(rf"^\| `{scope}` \|.*\| [^|]{{8,}} \|$", said, re.MULTILINE), scope


def test_a_new_column_stops_it(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that nobody described is an error that names it."""
    more = {**schema.columns(), "people": (*schema.columns()["people"], "mood")}
    monkeypatch.setattr(schema, "columns", lambda: more)
    with pytest.raises(LookupError, match=r"people\.mood$"):
        works_council.text(db, NOW, 5)


def test_a_new_switch_stops_it(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A switch that nobody described is an error that names it."""
    more = make_dataclass("Rhythm", [("ranking", bool, True)], bases=(Rhythm,), frozen=True)
    monkeypatch.setattr(works_council, "Rhythm", more)
    with pytest.raises(LookupError, match=r"ranking$"):
        works_council.text(db, NOW, 5)


def test_it_tells_how_this_installation_is_set(db: Database) -> None:
    """The team's own switches, floor and size; nobody's id."""
    accesses.note(db, date(2026, 11, 2), "report")
    accesses.note(db, date(2026, 11, 2), "report")
    said = works_council.text(db, NOW, 7)
    here = said[said.index("## This installation") : said.index("# Template for an agreement")]
    assert "### Deal \\| desk" in here
    assert "| `solved` | off |" in here
    assert "| `digest_minute` | 09:05 |" in here
    assert "people below whom none is asked: 7." in here
    assert "People who answer today: 5. Too few for a pulse." in here
    assert "People who answer today: 5. Pulses can be asked." in works_council.text(db, NOW, 5)
    assert "| 2026-11-02 | `headroom report` | a team's figures | 2 |" in here
    assert "| 2026-11-20 | `headroom privacy-report` | this report | 1 |" in here
    assert not re.search(r"\bU[1-5]\b", here)


def test_without_a_database_it_says_so() -> None:
    """Before anything is collected the report can be read, and says that nothing is."""
    assert "There is no database yet: nothing has been collected." in works_council.text(None, NOW, 5)


def test_it_claims_nothing_about_co_determination() -> None:
    """Team-level figures may be subject to it: that stands there, and nothing to the contrary."""
    said = " ".join(works_council.text(None, NOW, 5).split())
    assert "may be subject to co-determination too" in said
    for claim in ("not subject to", "outside co-determination", "needs no agreement", "exempt", "GDPR-compliant"):
        assert claim not in said


def test_the_template_has_every_part() -> None:
    """Purposes, limits, a row for each switch, periods, access, review date and contact can be filled in."""
    said = works_council.text(None, NOW, 5)
    template = said[said.index("# Template for an agreement") : said.index("# Annex")]
    for part in ("Purposes", "Limits", "switches", "How long", "Access", "Rights", "Review on ____", "Contact"):
        assert part in template
    assert all(f"| `{switch}` |" in template for switch in works_council.SWITCHES)


def run(folder: Path, *arguments: str) -> str:
    """Run `headroom …` on a database; returns what it printed."""
    environment = {**os.environ, "HEADROOM_DATABASE": str(folder / "headroom.db")}
    result = CliRunner().invoke(main, list(arguments), env=environment)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_writes_a_file(db: Database, tmp_path: Path) -> None:
    """`--out` writes the report; without it, it is printed."""
    assert "Written to" in run(tmp_path, "privacy-report", "--out", str(tmp_path / "report.md"))
    assert (tmp_path / "report.md").read_text().startswith("# Headroom")
    assert "# Template for an agreement" in run(tmp_path, "privacy-report")


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """A folder that is not there ends in a sentence that names the option and the file."""
    result = CliRunner().invoke(
        main, ["privacy-report", "--out", str(tmp_path / "no" / "x.md")], env={"HEADROOM_DATABASE": "none.db"}
    )
    assert result.exit_code == 1
    assert "--out is" in result.output
    assert "Traceback" not in result.output


def test_every_command_is_noted_or_shows_nothing_of_a_team() -> None:
    """A new command must be put in one of the two lists."""
    assert set(main.commands) == set(works_council.LOOKS) | set(SHOW_NO_TEAM)


@pytest.mark.parametrize("command", sorted(works_council.LOOKS))
def test_a_look_is_counted(db: Database, tmp_path: Path, command: str) -> None:
    """Each command that asks for something of a team notes itself, once, on today's day; never which person."""
    given = {"report": ["--team", "Deal | desk", "--json"], "whatif": ["1 away"], "backtest": []}
    if command in ("whatif", "backtest"):  # nothing was heard yet: they say so, and have been asked all the same
        environment = {**os.environ, "HEADROOM_DATABASE": str(tmp_path / "headroom.db")}
        CliRunner().invoke(main, [command, "--team", "Deal | desk", *given[command]], env=environment)
    else:
        said = run(tmp_path, command, *given.get(command, []))
    if command == "report":
        assert json.loads(said)["quality"]["satisfaction"] is None
    today = datetime.now(UTC).date()
    noted = [(what, n) for day, what, n in accesses.since(db, today) if day == today]
    assert noted == [(command, 1)]
