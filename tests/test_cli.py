"""The command line: thin, quick, and plain when something is wrong."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import main

DATA = Path(__file__).parent / "data"
EVENTS = ["--case", "case", "--activity", "activity", "--time", "ts", "--actor", "resource"]
KINDS = ["--kind", "Take in charge ticket=claim", "--kind", "Resolve ticket=done"]
COMMANDS = (
    "demo",
    "doctor",
    "forget",
    "import",
    "log",
    "manifest",
    "rebuild",
    "report",
    "run",
    "sandbox",
    "serve",
    "version",
    "waits",
    "whatif",
)


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a folder and an environment of its own."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("HEADROOM_", "SLACK_"))]:
        monkeypatch.delenv(name)


def headroom(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def bring() -> Result:
    return headroom("import", str(DATA / "helpdesk_excerpt.csv"), "--team", "Desk", *EVENTS, *KINDS, "--people", "8")


def test_help_names_every_command() -> None:
    """`headroom --help` lists all commands, and each has a help of its own."""
    listed = headroom("--help").output
    for command in COMMANDS:
        assert f"  {command} " in listed
        assert headroom(command, "--help").exit_code == 0


def test_help_loads_nothing_heavy() -> None:
    """Help neither does sums nor talks to Slack, so it loads none of the libraries for it."""
    code = "import sys, bot.cli; print([m for m in ('numpy', 'slack_bolt', 'aiohttp', 'holidays') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_log_comes_in_and_a_report_out() -> None:
    """Import, report as JSON and as text, rebuild: each works on the database that the settings name."""
    summary = bring()
    assert summary.exit_code == 0, summary.output
    assert "60 requests, 2011-01-10 to 2011-02-28 (UTC)." in summary.output
    assert Path("headroom.db").stat().st_mode & 0o777 == 0o600
    shown = json.loads(headroom("report", "--team", "Desk", "--window", "all", "--json").stdout)
    assert shown["team"] == "Desk"
    assert shown["flow"]["arrivals_per_week"] > 0
    assert "Level: " in headroom("report", "--team", "Desk").stdout
    assert headroom("rebuild").stdout.strip() == "Requests derived anew from 207 facts."


def test_what_if_is_a_table_or_json_and_a_mistake_one_sentence() -> None:
    """A minus is read as part of the expression; what cannot be answered is one line and exit code 1."""
    bring()
    for expression, said in (("-1 person", "too little has been seen"), ("more tea", "'more tea': that part")):
        wrong = headroom("whatif", "--team", "Desk", expression)
        assert wrong.exit_code == 1
        assert said in wrong.stderr
        assert wrong.stderr.count("\n") == 1
    asked = ("whatif", "--team", "Desk", "--at", "2011-02-14", "-1 person")
    assert json.loads(headroom(*asked, "--json").stdout)["change"]["people"] == -1
    assert "Slack is not idle time" in headroom(*asked).stdout


def test_importing_twice_says_so() -> None:
    """The second summary counts nothing new."""
    bring()
    assert " 0 facts new" in bring().output


def test_an_error_is_one_sentence() -> None:
    """What a person can mend is one line on stderr and exit code 1, without a traceback."""
    bring()
    wrong = headroom("report", "--team", "Dsek")
    assert wrong.exit_code == 1
    assert wrong.stdout == ""
    assert wrong.stderr == "Error: --team is 'Dsek': there is no such team; there are Desk\n"


def test_wrong_usage_is_two() -> None:
    """A missing option or an unknown command is click's exit code 2."""
    assert headroom("report").exit_code == 2
    assert headroom("reprot").exit_code == 2
    assert headroom("import", "nowhere.csv", "--team", "Desk").exit_code == 2


def test_a_report_makes_no_database() -> None:
    """Asking does not leave an empty database behind."""
    wrong = headroom("report", "--team", "Desk")
    assert wrong.exit_code == 1
    assert "there is no such file" in wrong.stderr
    assert not Path("headroom.db").exists()


def test_a_wrong_column_leaves_nothing_behind() -> None:
    """A refused file is refused by the option, with the columns there are."""
    wrong = headroom("import", str(DATA / "helpdesk_excerpt.csv"), "--team", "D", "--map", "request=id,arrival=ts")
    assert wrong.exit_code == 1
    assert "--map request is 'id'" in wrong.stderr
    assert "the file has case, activity, ts, resource" in wrong.stderr
    assert "there are no teams" in headroom("report", "--team", "D").stderr


def test_bad_rows_are_told_and_a_file_of_them_fails() -> None:
    """Good rows beside bad ones are a success; a file with no good row is not."""
    good = '{"ts": 1700000000, "kind": "arrival", "request": "R1"}\n'
    Path("some.jsonl").write_text(good + "oops\n")
    told = headroom("import", "some.jsonl", "--team", "Desk")
    assert told.exit_code == 0
    assert "some.jsonl line 2: the line is 'oops': is no JSON" in told.stdout
    Path("none.jsonl").write_text('{"ts": 1}\n')
    assert headroom("import", "none.jsonl", "--team", "Desk").exit_code == 1


def test_warnings_go_to_stderr() -> None:
    """A key of the team file that nobody reads is told, beside the output and not in it."""
    Path("log.jsonl").write_text('{"ts": 1700000000, "kind": "arrival", "request": "R1"}\n')
    Path("team.json").write_text('{"peeple": []}')
    told = headroom("import", "log.jsonl", "--team", "Desk", "--team-file", "team.json")
    assert told.exit_code == 0
    assert "did you mean 'people'?" in told.stderr
    assert "peeple" not in told.stdout


def test_without_a_terminal_progress_is_silent() -> None:
    """Output that goes to a file or another program is not littered with progress."""
    assert bring().stderr == ""


def test_in_a_terminal_progress_is_shown_beside_the_answer() -> None:
    """The bar reaches its end on stderr; stdout holds the summary alone."""
    master, slave = os.openpty()
    log = str(DATA / "helpdesk_excerpt.csv")
    command = [sys.executable, "-m", "bot.cli", "import", log, "--team", "Desk", *EVENTS, *KINDS, "--people", "8"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=slave, text=True, check=True)
    os.close(slave)
    shown = os.read(master, 65_536).decode()
    os.close(master)
    assert "Reading" in shown
    assert "100%" in shown
    assert "Reading" not in done.stdout
    assert "60 requests" in done.stdout


def test_running_needs_tokens_by_name() -> None:
    """Without its tokens the bot does not start, and says which is missing and where it stands."""
    wrong = headroom("run")
    assert wrong.exit_code == 1
    assert wrong.stderr.startswith("Error: SLACK_BOT_TOKEN is '': set it; The Bot User OAuth Token (xoxb-…)")


def test_the_help_of_run_describes_the_settings() -> None:
    """Every setting stands there with its default."""
    shown = headroom("run", "--help").stdout
    assert "HEADROOM_DATABASE (default headroom.db)" in shown
    assert "SLACK_APP_TOKEN\n" in shown


def test_every_option_of_import_is_documented() -> None:
    """docs/imports.md names each option that decides how a file is read."""
    page = (DATA.parents[1] / "docs" / "imports.md").read_text()
    for option in main.commands["import"].params:
        if isinstance(option, click.Option) and option.name not in ("progress",):
            assert option.opts[0] in page, option.name


def test_the_sandbox_opens_and_ends() -> None:
    """`headroom sandbox --port 0` says its address once it serves, and ends cleanly when told to."""
    program = subprocess.Popen([sys.executable, "-m", "bot.cli", "sandbox", "--port", "0"], stdout=subprocess.PIPE)
    try:
        assert program.stdout is not None
        assert b"http://127.0.0.1:" in program.stdout.readline()
    finally:
        program.terminate()
        program.communicate(timeout=60)
    assert program.returncode == 0


def test_the_manifest_is_printed_for_each_level_of_trust() -> None:
    """The options choose the level; none means the widest; only one may be given an address."""
    widest = headroom("manifest").stdout
    assert widest == headroom("manifest", "--private").stdout
    assert "groups:history" in widest
    assert "groups:history" not in headroom("manifest", "--public").stdout
    least = headroom("manifest", "--reactions-only", "--http", "https://host.example").stdout
    assert ":history" not in least
    assert "socket_mode_enabled: false" in least
    assert headroom("manifest", "--http", "ftp://x").exit_code == 1


def test_the_doctor_ends_with_one_where_something_is_to_mend() -> None:
    """Without tokens: a line for each check, the mend, and exit code 1."""
    found = headroom("doctor")
    assert found.exit_code == 1
    assert "problem  bot token: set SLACK_BOT_TOKEN" in found.stdout
    assert found.stdout.endswith("1 problem to mend.\n")


def test_the_doctor_reads_settings_kindly() -> None:
    """A typing error in .env is a finding like any other; what stands there is not shown."""
    Path(".env").write_text("SLACK_BOT_TOKEN xoxb-1-hush\n")
    found = headroom("doctor")
    assert found.exit_code == 1
    assert "problem  settings: line 1 of .env is '…': write NAME=value there" in found.stdout
    assert "hush" not in found.output


@pytest.mark.parametrize("command", ["run", "serve", "doctor"])
def test_the_readme_pasted_as_it_stands_is_one_sentence(command: str) -> None:
    """Its step 3 leaves its own examples for tokens: the first is named, with what to put there, and nothing starts."""
    page = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (step,) = re.findall(r"^ *(printf .*) && chmod", page, re.MULTILINE)
    subprocess.run(["/bin/sh", "-c", step], check=True)
    wrong = headroom(command)
    said = wrong.stdout if command == "doctor" else wrong.stderr
    assert wrong.exit_code == 1
    assert "SLACK_BOT_TOKEN is 'xoxb-…': that is still the example from the README; copy a bot token from" in said
    assert said.count("\n") == (2 if command == "doctor" else 1)  # the doctor counts its findings as well


def test_serving_needs_the_signing_secret() -> None:
    """Without it anybody could speak as Slack, so the bot does not start."""
    Path(".env").write_text("SLACK_BOT_TOKEN=xoxb-1\n")
    wrong = headroom("serve")
    assert wrong.exit_code == 1
    assert "SLACK_SIGNING_SECRET is ''" in wrong.stderr


def test_a_team_is_forgotten_only_on_purpose() -> None:
    """Asked first, with what would go; "no" keeps all; `--yes` deletes it, counted; then it is gone."""
    assert bring().exit_code == 0
    kept = CliRunner().invoke(main, ["forget", "--team", "Desk"], input="n\n")
    assert kept.exit_code == 1
    assert "60 requests" in kept.output
    assert headroom("report", "--team", "Desk").exit_code == 0

    gone = headroom("forget", "--team", "Desk", "--yes")
    assert gone.exit_code == 0
    assert gone.stdout.startswith("Forgotten: team 'Desk', with ")
    assert " 60 requests, " in gone.stdout
    assert "there are no teams" in headroom("report", "--team", "Desk").stderr
    again = headroom("forget", "--team", "Desk", "--yes")
    assert again.exit_code == 1
    assert "there is no team of that name; there are none" in again.stderr
    with sqlite3.connect("headroom.db") as connection:
        for table in ("signals", "requests", "queues", "people", "weekly", "alerts"):
            assert connection.execute(f"select count(*) from {table}").fetchone() == (0,), table


def test_forgetting_names_the_other_teams() -> None:
    """A wrong name is answered with those there are."""
    bring()
    wrong = headroom("forget", "--team", "Dsek", "--yes")
    assert wrong.exit_code == 1
    assert "there are 'Desk'" in wrong.stderr


def test_what_waits_in_the_terminal() -> None:
    """Text and JSON hold the same open requests, as many as the report says; without a token there are no links."""
    facts = [("A", "arrival"), ("B", "arrival"), ("C", "arrival"), ("D", "arrival")]
    facts += [("B", "claim"), ("C", "claim"), ("C", "reply"), ("D", "claim"), ("D", "done")]
    rows = [{"ts": 1.77e9 + 60 * n, "kind": kind, "request": key, "actor": "u1"} for n, (key, kind) in enumerate(facts)]
    Path("log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert headroom("import", "log.jsonl", "--team", "Desk", "--people", "5").exit_code == 0
    wanted = json.loads(headroom("report", "--team", "Desk", "--json").stdout)["flow"]["open"]
    said = json.loads(headroom("waits", "--team", "Desk", "--json").stdout)
    lists = [said[key] for key in ("nobody_yet", "waiting_for_the_asker", "may_be_answered_elsewhere")]
    assert wanted == said["open"] == sum(map(len, lists)) + said["taken_and_quiet"] + said["in_hand"]
    assert all(one["link"] is None and one["queue"] and one["posted"] for group in lists for one in group)
    assert [len(group) for group in lists] == [1, 1, 0]
    text = headroom("waits").stdout
    assert text.startswith("Desk: 3 open requests\nNobody yet: 1\n")
    assert json.loads(headroom("waits", "--json").stdout) == [said]
    missing = headroom("waits", "--team", "Nobody")
    assert missing.exit_code == 1
    assert "there is no such team; there are Desk" in missing.output
