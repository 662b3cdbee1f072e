"""The Slack workspace: tokens, scopes, channels, and who is in the team channels."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from bot import manifest
from bot.doctor.finding import Finding, note, ok, problem
from bot.settings import Settings
from bot.slack import Greeting, Slack, SlackError, SlackUnknownError
from storage.teams import Queue, TeamRecord

INSTALL = "install the app again and copy its Bot User OAuth Token"
AT_MOST_ONCE = "posts there are sent at most once, as a lost answer cannot be looked up"


def greet(slack: Slack, settings: Settings) -> tuple[Greeting | None, Finding]:
    """Whether the bot token is good."""
    try:
        greeting = slack.greeting()
    except SlackUnknownError as error:
        return None, problem("bot token", f"nobody answers at {settings.slack_api_url} ({error}): check the network")
    except SlackError as error:
        return None, problem("bot token", f"Slack refuses it ({error}): {INSTALL}")
    return greeting, ok("bot token", f"of workspace {greeting.me.workspace_name!r} ({greeting.me.workspace})")


def scopes(greeting: Greeting) -> Finding:
    """What the token may do, against the manifest of its level of trust."""
    if not greeting.scopes:
        return note("scopes", "the server did not tell them")
    trust = manifest.level(greeting.scopes)
    missing = [name for name in manifest.scopes(trust) if name not in greeting.scopes]
    needed = [name for name in missing if name not in manifest.OPTIONAL]
    if needed:
        mend = f"paste `headroom manifest --{trust.value}` over the app's manifest and install it again"
        return problem("scopes", f"{', '.join(needed)} missing for {trust.value}: {mend}")
    left_out = f", without the optional {', '.join(missing)}" if missing else ""
    return ok("scopes", f"those of `headroom manifest --{trust.value}`{left_out}")


def ways_in(slack: Slack, settings: Settings) -> Iterator[Finding]:
    """How Slack reaches us: Socket Mode by the app token, HTTP by the signing secret."""
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        yield problem("events", "set SLACK_APP_TOKEN for `headroom run`, or SLACK_SIGNING_SECRET for `headroom serve`")
    if settings.slack_app_token is not None:
        yield _app_token(slack, settings.slack_app_token)
    if settings.slack_signing_secret is not None:
        yield note("signing secret", "it is set; only a request from Slack can show that it is right")


def _app_token(slack: Slack, token: str) -> Finding:
    try:
        slack.open_socket(token)
    except SlackUnknownError as error:
        return problem("app token", f"no answer ({error}): try again")
    except SlackError as error:
        mend = "make one with connections:write under Basic Information, and turn Socket Mode on"
        return problem("app token", f"Slack refuses it ({error}): {mend}")
    return ok("app token", "Socket Mode can be opened")


def channels(slack: Slack, team: TeamRecord, bot_user: str, clock: Callable[[], float]) -> Iterator[Finding]:
    """A team's queues and its team channel."""
    for queue in team.queues:
        yield _queue(slack, team, queue)
    if team.team_channel is None:
        yield note(f"team {team.team.name!r}", "no team channel: load goes to its people directly")
    else:
        yield _circle(slack, team, team.team_channel, bot_user, clock)


def _queue(slack: Slack, team: TeamRecord, queue: Queue) -> Finding:
    about = f"queue {queue.channel} of {team.team.name!r}"
    try:
        found = slack.channel(queue.channel)
        if found.is_archived:
            return problem(about, "it is archived: bring it back, or `headroom forget` the team")
        if not found.is_member:
            return problem(about, "Headroom is not in it: /invite @headroom there")
    except SlackError as error:
        return problem(about, f"it cannot be seen ({error}): /invite @headroom there")
    if queue.gone is not None:
        return problem(
            about,
            f"it is not heard ({queue.gone}): it is asked about daily; to hurry, remove @headroom and invite it again",
        )
    try:
        list(islice(slack.history(queue.channel, oldest="0"), 1))
    except SlackError as error:
        return note(about, f"its history cannot be read ({error}): heard by reactions, and {AT_MOST_ONCE}")
    return ok(about, "heard, its history readable")


def _circle(slack: Slack, team: TeamRecord, channel: str, bot_user: str, clock: Callable[[], float]) -> Finding:
    about = f"team channel {channel} of {team.team.name!r}"
    today = datetime.fromtimestamp(clock(), ZoneInfo(team.team.tz)).date()
    insiders = {bot_user, team.lead} | team.responders_on(today)
    try:
        if slack.channel(channel).is_archived:
            return problem(about, "it is archived: load goes to people directly; bring it back, or choose another one")
        others = len(set(slack.members(channel)) - insiders)
    except SlackError as error:
        return problem(about, f"it cannot be seen ({error}): load goes to people directly; /invite @headroom there")
    if others:
        said = f"{others} besides responders, lead and Headroom are in it, so load goes to people directly"
        return problem(about, f"{said}: let them leave, or choose a closed channel with /headroom setup")
    return ok(about, "holds none but responders, lead and Headroom")
