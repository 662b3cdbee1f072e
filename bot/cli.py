"""`headroom …`: each command calls one function.

Heavy parts are imported where they are used, so that help is quick.
"""

# ruff: noqa: PLC0415

import asyncio
import contextlib
import inspect
import json
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, TypeVar

import click

from bot import settings as variables
from bot.errors import BadInputError, HeadroomError
from bot.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


class Sentences(click.Group):
    """Commands whose errors are one sentence on stderr and exit code 1; wrong usage is 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except HeadroomError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """How much slack does the team have left? A Slack bot, and the same truths in a terminal."""


def _settings() -> Settings:
    settings = variables.load()
    for warning in settings.warnings:
        click.echo(f"Note: {warning}", err=True)
    return settings


def _clock(settings: Settings) -> Callable[[], float]:
    """The clock that is passed down to everything: Unix seconds."""
    return lambda: time.time() + settings.clock_offset


def _described(command: F) -> F:
    r"""Put the table of settings under a command's help; a \b keeps click from filling its lines."""
    command.__doc__ = f"{inspect.cleandoc(command.__doc__ or '')}\n\n\b\n{variables.table()}"
    return command


@contextlib.contextmanager
def _progress(shown: bool) -> Iterator[Callable[[float], None]]:
    """A bar on stderr while something long is done; told the share that is, 0–1."""
    if not shown:
        yield lambda share: None
        return
    with click.progressbar(length=100, label="Reading", file=sys.stderr) as bar:
        yield lambda share: bar.update(int(100 * share) - bar.pos)


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--team", required=True, metavar="NAME", help="The team it belongs to; made if there is none.")
@click.option("--team-file", type=click.Path(path_type=Path), help="JSON: who is on the team, when, and hours.")
@click.option("--people", type=int, metavar="N", help="Without a team file: how many people answer.")
@click.option("--hours", help="Their working hours, such as 'Mon-Fri 09:00-17:00'.")
@click.option("--tz", help="Their IANA time zone, and where naive times in the file were written.")
@click.option("--country", help="ISO code of the country whose public holidays they keep.")
@click.option("--map", "maps", multiple=True, help="Tickets: request=COLUMN,arrival=…,claim=…,done=…,reopen=…")
@click.option("--case", metavar="COLUMN", help="Event log: the request's id.")
@click.option("--activity", metavar="COLUMN[,COLUMN]", help="Event log: what happened; several are joined by /.")
@click.option("--time", "when", metavar="COLUMN", help="Event log: when.")
@click.option("--actor", metavar="COLUMN", help="Event log: who did it.")
@click.option("--queue", metavar="COLUMN", help="Event log: where it waits.")
@click.option("--kind", "kinds", multiple=True, metavar="ACTIVITY=KIND", help="Event log: what it means; repeat.")
@click.option("--channel", metavar="NAME", help="Slack export: the channel, by name or id.")
@click.option("--responders", metavar="U1,U2", help="Slack export: who answers there, by id or name.")
@click.option("--progress/--no-progress", default=None, help="Show how far it is; default: in a terminal.")
def import_(
    file: Path,
    team: str,
    team_file: Path | None,
    people: int | None,
    hours: str | None,
    tz: str | None,
    country: str | None,
    maps: tuple[str, ...],
    case: str | None,
    activity: str | None,
    when: str | None,
    actor: str | None,
    queue: str | None,
    kinds: tuple[str, ...],
    channel: str | None,
    responders: str | None,
    progress: bool | None,
) -> None:
    """Import a log, plain or gzip: signals (JSON lines), tickets (CSV, --map), events (CSV, --case …).

    Or a Slack export, zip: --channel and --responders.

    Importing a file twice changes nothing. Bad rows are told and left out.
    """
    from bot.importing import options
    from bot.importing import run as imports

    form = options.form(
        maps=maps,
        case=case,
        activity=activity,
        time=when,
        actor=actor,
        queue=queue,
        kinds=kinds,
        tz=tz,
        channel=channel,
        responders=responders,
    )
    change, warnings = options.team_change(team_file=team_file, people=people, hours=hours, tz=tz, country=country)
    for warning in warnings:
        click.echo(f"Note: {warning}", err=True)
    settings = _settings()
    shown = sys.stderr.isatty() if progress is None else progress
    with _database(settings) as db, _progress(shown) as told:
        summary = imports.run(db, file, team, form, change, told, _clock(settings)())
    click.echo(summary.text)
    if summary.bad and not summary.new + summary.known:
        raise BadInputError("FILE", file.name, "no row in it can be used; see above")


@main.command()
@click.option("--team", required=True, metavar="NAME", help="The team.")
@click.option("--at", metavar="ISO", help="As of when; default: now, for imported teams the last signal.")
@click.option("--window", default="28", show_default=True, metavar="DAYS|all", help="How far to look back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text; its keys: docs/report.md.")
def report(team: str, at: str | None, window: str, as_json: bool) -> None:
    """How a team stands: load, waits, slack, and what is not known."""
    from bot.report import report as job
    from bot.report.report_text import text

    settings = _settings()
    with _database(settings, create=False) as db:
        shown = job.run(db, team, at, window, _clock(settings))
    click.echo(
        json.dumps(shown, indent=2, ensure_ascii=False, allow_nan=False) if as_json else text(shown),
        nl=as_json,
    )


@main.command()
@click.option("--team", metavar="NAME", help="The team; default: every team.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text; its keys: docs/waits.md.")
def waits(team: str | None, as_json: bool) -> None:
    """What waits: open requests as links, oldest first, without names; of what is taken, how many."""
    from bot.report import waits as job

    settings = _settings()
    with _database(settings, create=False) as db:
        found = job.run(db, team, lambda: _address(settings), _clock(settings))
    if as_json:
        shown = [job.as_json(*each) for each in found]
        click.echo(json.dumps(shown if team is None else shown[0], indent=2, ensure_ascii=False))
    else:
        click.echo(job.text(found))


def _address(settings: Settings) -> str | None:
    """The workspace's web address, where there is a token and Slack answers."""
    from bot.slack import Slack, SlackError

    if settings.slack_bot_token is None:
        return None
    try:
        return Slack(settings.slack_bot_token, settings.slack_api_url).address()
    except SlackError:
        return None


# '-1 person' is no option, nor is the h in '-1 person, hours 8' one
@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("expression", metavar="EXPR")
@click.option("--team", required=True, metavar="NAME", help="The team.")
@click.option("--at", metavar="ISO", help="As of when; default: now, for imported teams the last signal.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table; its keys: docs/whatif.md.")
def whatif(expression: str, team: str, at: str | None, as_json: bool) -> None:
    """Today beside what if: '+20% demand', '-1 person', 'hands-on 30m', 'hours 8', 'rework 5%', or several."""
    from bot.messages.whatif import text
    from bot.report import whatif as job

    settings = _settings()
    with _database(settings, create=False) as db:
        answer, name = job.for_operator(db, team, at, expression, _clock(settings))
    if as_json:
        shown = job.as_json(answer, name)
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(text(answer, name, expression), nl=False)


@main.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--team-file", type=click.Path(path_type=Path), help="With FILE: who is on the team, when, and hours.")
@click.option("--team", metavar="NAME", help="Instead of FILE: a team that is stored.")
@click.option("--from", "since", metavar="DATE", help="First day; default: that of the first signal.")
@click.option("--until", metavar="DATE", help="Last day; default: that of the last signal.")
@click.option(
    "--alerts",
    type=click.Choice(["earlier", "usual", "quieter"]),
    help="How early to warn. Default: as the stored team chose; for a FILE, usual.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text; its keys: docs/backtest.md.")
def backtest(
    file: Path | None,
    team_file: Path | None,
    team: str | None,
    since: str | None,
    until: str | None,
    alerts: str | None,
    as_json: bool,
) -> None:
    """On which days Headroom would have warned, and why: history replayed, knowing only what was known then.

    FILE holds signals as JSON lines, plain or gzip; with it no database is touched.
    """
    from bot.health.results import Alerting
    from bot.importing import teamfile
    from bot.report import backtest as job

    if (file is None) == (team is None) or (file is not None and team_file is None):
        raise click.UsageError("say FILE and --team-file, or --team")
    chosen = None if alerts is None else Alerting(alerts)
    if file is not None and team_file is not None:
        said, warnings = teamfile.read(team_file)
        for warning in warnings:
            click.echo(f"Note: {warning}", err=True)
        found, name = job.of_file(file, said.team, since, until, chosen or Alerting.USUAL), said.name
    else:
        settings = _settings()
        with _database(settings, create=False) as db:
            found, name = job.of_team(db, team or "", since, until, _clock(settings), chosen), team or ""
    if as_json:
        click.echo(json.dumps(job.as_json(found), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(job.text(found, name))


@main.command()
@click.option("--team", metavar="NAME", help="Only what is about this team.")
@click.option("--days", type=click.FloatRange(0, 400), default=28, show_default=True, help="How far to look back.")
@click.option("--json", "as_json", is_flag=True, help="A list of objects instead of text.")
def log(team: str | None, days: float, as_json: bool) -> None:
    """Everything the bot sent, held or could not send: when, where, why, and its first words. Never to whom."""
    from bot.report import sent

    settings = _settings()
    with _database(settings, create=False) as db:
        found = sent.log(db, team, days, _clock(settings))
    shown = json.dumps(sent.as_json(found), indent=2, ensure_ascii=False) if as_json else sent.text(found, days)
    click.echo(shown)


@main.command("privacy-report")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there; else it is printed.")
def privacy_report(out: Path | None) -> None:
    """For a works council: all that is collected, why, how long, who sees it, and a template for an agreement."""
    from bot.privacy import works_council

    settings = _settings()
    now = _clock(settings)()
    if settings.database.exists():
        with _database(settings, create=False) as db:
            said = works_council.text(db, now, settings.pulse_floor)
    else:
        said = works_council.text(None, now, settings.pulse_floor)
    if out is None:
        click.echo(said, nl=False)
        return
    try:
        out.write_text(said, encoding="utf-8")
    except OSError as error:
        mend = f"it cannot be written ({error.strerror}); name a file in a writable folder"
        raise BadInputError("--out", str(out), mend) from error
    click.echo(f"Written to {out}.")


@main.command()
def rebuild() -> None:
    """Derive all requests anew from the signals; the result is the same."""
    from storage import requests

    with _database(_settings(), create=False) as db:
        click.echo(f"Requests derived anew from {requests.rebuild(db):,} facts.")


@main.command()
@_described
def run() -> None:
    """Listen to the Slack workspace over Socket Mode, until SIGINT or SIGTERM; needs no public address.

    Settings come from the environment, or from a .env file in the working folder:
    """
    settings = _settings()
    settings.need("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    from bot import app

    _until_told(settings, lambda: app.run(settings, _clock(settings)))


@main.command()
@click.option("--host", help="Address to listen on; default: HEADROOM_HOST.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; 0 takes a free one; default: HEADROOM_PORT.")
@_described
def serve(host: str | None, port: int | None) -> None:
    """Listen to the Slack workspace over HTTP, until SIGINT or SIGTERM: /slack/events for Slack, /health for you.

    Put a server with HTTPS in front of it. Settings come from the environment, or from a .env file in the working
    folder:
    """
    settings = _settings()
    settings.need("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
    from bot import app

    address = host or settings.host, settings.port if port is None else port
    _until_told(settings, lambda: app.serve(settings, _clock(settings), *address))


def _until_told(settings: Settings, listen: Callable[[], None]) -> None:
    """Run the bot, with what Slack refuses at the start in one sentence."""
    from bot import logs
    from bot.slack import SlackError, SlackUnknownError

    logs.configure(settings.log_level)
    try:
        listen()
    except SlackUnknownError as error:
        raise BadInputError("SLACK_API_URL", settings.slack_api_url, f"nobody answers there ({error})") from error
    except SlackError as error:
        mend = f"Slack refuses it ({error}); install the app again and copy its Bot User OAuth Token"
        raise BadInputError("SLACK_BOT_TOKEN", "xoxb-…", mend) from error


@main.command()
@click.option("--reactions-only", "trust", flag_value="reactions-only", help="No message scope: 🎫, 👀 and ✅ alone.")
@click.option("--public", "trust", flag_value="public", help="Messages in public channels.")
@click.option("--private", "trust", flag_value="private", default=True, help="In private ones too. The default.")
@click.option("--http", metavar="URL", help="For `headroom serve`: where Slack reaches it. Without it, Socket Mode.")
def manifest(trust: str, http: str | None) -> None:
    """Print the Slack app manifest for a level of trust, to paste at api.slack.com/apps."""
    from bot import manifest as made

    click.echo(made.text(made.Trust(trust), http), nl=False)


@main.command()
@click.option("--contract", is_flag=True, help="Also ask Slack's public blocks.validate about our messages.")
def doctor(contract: bool) -> None:
    """Check settings, tokens, scopes, channels, clock, database and disk; each problem with how to mend it."""
    from bot import doctor as checks

    try:
        settings = _settings()
    except BadInputError as error:
        findings = iter((checks.Finding("settings", checks.State.PROBLEM, str(error)),))
    else:
        findings = checks.examine(settings, _clock(settings), contract=contract)
    problems = 0
    for finding in findings:
        click.echo(finding.line)
        problems += finding.state is checks.State.PROBLEM
    if problems:
        click.echo(f"{problems} {'problem' if problems == 1 else 'problems'} to mend.")
        sys.exit(1)
    click.echo("All is well.")


@main.command()
@click.option("--team", required=True, metavar="NAME", help="The team to forget.")
@click.option("--workspace", metavar="ID", help="Its Slack workspace, where several have a team of that name.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(team: str, workspace: str | None, yes: bool) -> None:
    """Delete a team with everything that is known of it. It cannot be undone."""
    from bot.services import forgetting

    with _database(_settings(), create=False) as db:
        plan = forgetting.look(db, team, workspace)
        if not yes:
            click.confirm(f"{plan.text} Delete it all for good?", abort=True)
        click.echo(forgetting.forget(db, plan).done)


@main.command()
@click.option("--port", default=8420, show_default=True, help="0 takes a free one.")
@click.option("--clock-offset", default=0.0, help="Seconds added to its clock.")
@click.option("--rate-limits", type=click.Choice(["slack", "fast"]), default="slack", show_default=True)
@click.option("--workspace", default="T0SANDBOX", show_default=True, metavar="ID", help="Its workspace's id.")
def sandbox(port: int, clock_offset: float, rate_limits: str, workspace: str) -> None:
    """A strict local Slack for any Bolt app: Web API, Socket Mode and a page for people."""
    from sandbox.server import SandboxConfig, serve

    config = SandboxConfig(workspace_id=workspace, clock_offset=clock_offset, rate_limits=rate_limits)

    def ready(url: str) -> None:
        click.echo(f"The sandbox is open at {url}\nFor a bot: SLACK_API_URL={url}/api/", nl=True)
        sys.stdout.flush()

    try:
        asyncio.run(serve(config, port=port, ready=ready))
    except OSError as error:
        raise BadInputError("--port", port, f"it cannot be opened ({error.strerror}); try another, or 0") from error


@main.command()
@click.option("--headless", is_flag=True, help="Tell the story in the terminal and end; else stay for the browser.")
@click.option("--transcript", type=click.Path(dir_okay=False, path_type=Path), help="Where to write what was said.")
@click.option("--port", default=8731, show_default=True, help="Of the sandbox; 0 takes a free one.")
@click.option("--seconds", type=float, help="End after that long.")
def demo(headless: bool, transcript: Path | None, port: int, seconds: float | None) -> None:
    """Eight weeks of a desk's life and the bot's first warning, with no Slack account."""
    from bot.demo import run as player

    sys.exit(player.main(headless=headless, transcript=transcript, port=port, seconds=seconds))


@main.command()
def version() -> None:
    """Print the version."""
    click.echo(installed("headroom"))


def _database(settings: Settings, *, create: bool = True) -> Any:
    from storage.database import Database

    return contextlib.closing(Database.open(settings.database, create=create))


if __name__ == "__main__":
    main()
