"""All checks, in order: each is made when the one before has been told."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.doctor import contract as agreed
from bot.doctor import machine, workspace
from bot.doctor.finding import Finding, State, problem
from bot.errors import HeadroomError
from bot.settings import Settings
from bot.slack import Slack
from storage import teams
from storage.database import Database

ENV_FILE = Path(".env")


def examine(
    settings: Settings, clock: Callable[[], float], *, contract: bool = False, env_file: Path = ENV_FILE
) -> Iterator[Finding]:
    """Check everything.

    Args:
        settings: As the bot would use them.
        clock: Unix seconds.
        contract: Also ask Slack's public `blocks.validate` about our messages.
        env_file: Where the settings file would lie.
    """
    yield machine.settings_file(env_file)
    stored = list(machine.database(settings.database))
    yield from stored
    if settings.slack_bot_token is None:
        yield problem("bot token", "set SLACK_BOT_TOKEN; it stands under OAuth & Permissions in your app's settings")
    else:
        usable = settings.database.exists() and not any(found.state is State.PROBLEM for found in stored)
        yield from _slack(settings, settings.slack_bot_token, clock, usable)
    if contract:
        yield from agreed.examine(agreed.validator())


def _slack(settings: Settings, token: str, clock: Callable[[], float], stored: bool) -> Iterator[Finding]:
    slack = Slack(token, settings.slack_api_url)
    greeting, said = workspace.greet(slack, settings)
    yield said
    if greeting is not None:
        yield machine.clock(clock() - settings.clock_offset, greeting.date)
        yield workspace.scopes(greeting)
    yield from workspace.ways_in(slack, settings)
    if greeting is None or not stored:
        return
    try:
        with contextlib.closing(Database.open(settings.database, create=False)) as db:
            ours = [team for team in teams.all(db) if team.workspace == greeting.me.workspace]
    except HeadroomError as error:
        yield problem("database", str(error))
        return
    for team in ours:
        yield from workspace.channels(slack, team, greeting.me.user, clock)
