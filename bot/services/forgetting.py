"""Forgetting a team on request: looked up first, so that whoever asks sees what would go."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import BadInputError
from storage import census, teams
from storage.database import Database
from storage.retention import forget_team


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be deleted.

    Attributes:
        team_id: The team's number.
        name: The team's name.
        workspace: Slack's team_id, or `import`.
        counts: Rows by noun.
    """

    team_id: int
    name: str
    workspace: str
    counts: Mapping[str, int]

    @property
    def text(self) -> str:
        """One sentence for whoever decides."""
        return f"Team {self.name!r} of workspace {self.workspace} has {_counted(self.counts)}."


@dataclass(frozen=True, slots=True)
class Gone:
    """What was deleted."""

    name: str
    counts: Mapping[str, int]

    @property
    def done(self) -> str:
        """One sentence for whoever asked."""
        return f"Forgotten: team {self.name!r}, with {_counted(self.counts)}."


def look(db: Database, name: str, workspace: str | None = None) -> Plan:
    """What is known of a team.

    Raises:
        BadInputError: There is no such team, or several, and no workspace was named.
    """
    record = teams.by_name(db, name, workspace)
    if record is None:
        known = ", ".join(sorted(repr(team.team.name) for team in teams.all(db))) or "none"
        raise BadInputError("--team", name, f"there is no team of that name; there are {known}")
    return Plan(record.id, record.team.name, record.workspace, census.of_team(db, record.id))


def forget(db: Database, plan: Plan) -> Gone:
    """Delete the team and all that is known of it; counted again, as a running bot may have added to it."""
    before = census.of_team(db, plan.team_id)
    forget_team(db, plan.team_id)
    return Gone(plan.name, before)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {noun}" for noun, number in counts.items())
