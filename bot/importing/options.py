"""The command line's options, as the format of a file and the team it is about."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.errors import BadInputError
from bot.health.seen.worktime import time_zone
from bot.importing import eventlog, teamfile, tickets
from bot.importing.eventlog import EventColumns
from bot.importing.export import ExportOptions
from bot.importing.teamfile import TeamFile
from bot.importing.tickets import TicketColumns


def form(
    *,
    maps: Sequence[str] = (),
    case: str | None = None,
    activity: str | None = None,
    time: str | None = None,
    actor: str | None = None,
    queue: str | None = None,
    kinds: Sequence[str] = (),
    tz: str | None = None,
    channel: str | None = None,
    responders: str | None = None,
) -> TicketColumns | EventColumns | ExportOptions | None:
    """How to read a file, from options of the same names; None: signals as JSON lines.

    Raises:
        BadInputError: An option that cannot be used, lacks another, or belongs to another format.
    """
    zone = None if tz is None else time_zone(tz)
    events = {"--case": case, "--activity": activity, "--time": time, "--kind": "; ".join(kinds) or None}
    given = [option for option, value in {**events, "--actor": actor, "--queue": queue}.items() if value]
    if channel or responders:
        if maps or given:
            other = "--map" if maps else given[0]
            raise BadInputError(other, "given", "--channel and --responders read a Slack export; leave this one out")
        named = tuple(name.strip() for name in (responders or "").split(",") if name.strip())
        return ExportOptions(channel, named)
    if maps:
        if given:
            raise BadInputError(given[0], events.get(given[0]) or "given", "--map reads tickets; leave this one out")
        return tickets.columns(maps, zone)
    if not given:
        return None
    for option, value in events.items():
        if not value:
            raise BadInputError(option, "", f"an event log needs it beside {given[0]}")
    columns = tuple(name.strip() for name in (activity or "").split(","))
    return EventColumns(case or "", columns, time or "", eventlog.kinds(kinds), actor, queue, zone)


def team_change(
    *, team_file: Path | None, people: int | None, hours: str | None, tz: str | None, country: str | None
) -> tuple[Callable[[TeamFile], TeamFile], tuple[str, ...]]:
    """What the options say of a team, as a change to the team stored, and warnings.

    A team file replaces everything; without one, each option changes its part and the rest stays.

    Raises:
        BadInputError: A field or an option that cannot be used, or `--people` beside a file.
    """
    if team_file is not None:
        for option, value in {"--people": people, "--hours": hours, "--country": country}.items():
            if value is not None:
                raise BadInputError(option, value, "the team file says so already; leave one of the two out")
        team, warnings = teamfile.read(team_file)
        return (lambda _: team), warnings
    roster = None if people is None else teamfile.nameless(people)
    teamfile.said(TeamFile(), tz, hours, country)  # refused before the file is opened

    def change(team: TeamFile) -> TeamFile:
        said = teamfile.said(team, tz, hours, country)
        return said if roster is None else replace(said, people=roster)

    return change, ()
