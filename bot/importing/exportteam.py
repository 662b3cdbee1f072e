"""Who answers in an exported channel, and under which pseudonyms it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.emoji import DEFAULT_EMOJI
from bot.errors import BadInputError
from bot.importing.export import Export
from bot.importing.teamfile import TeamFile
from bot.signal import Kind
from bot.team import Person
from bot.watch import Pseudonym, Watch
from storage import keys, roster
from storage.database import Database
from storage.teams import IMPORTED

PEOPLE = 50_000
"""Pseudonyms remembered while reading."""
SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Desk:
    """The team of an exported channel.

    Attributes:
        team: As it will be stored.
        responders: Slack user ids of those who answer; somebody on the roster only on the days given there.
    """

    team: TeamFile
    responders: frozenset[str]

    @classmethod
    def of(cls, export: Export, named: Sequence[str], team: TeamFile, *, people_said: bool) -> "Desk":
        """Whoever was named; nobody named: those on the roster whom the export knows.

        Args:
            export: Knows ids and names.
            named: Ids or names.
            team: As said so far.
            people_said: Whether a team file or `--people` told the roster; if not, it becomes those named.

        Raises:
            BadInputError: Somebody unknown was named, or nobody at all.
        """
        ids = export.people(named) or export.known([person.id for person in team.people])
        if not ids:
            mend = "say who answers in the channel, by id or name and divided by commas, or give a team file with ids"
            raise BadInputError("--responders", "", mend)
        if named and not people_said:
            kept = [person for person in team.people if person.id in ids]
            there = {person.id for person in kept}
            team = replace(team, people=(*kept, *(Person(each) for each in ids if each not in there)))
        return cls(team, frozenset(ids))

    def watch(self, queue: int, language: str, emoji: Mapping[str, Kind]) -> Watch:
        """What capture must know of the channel."""
        return Watch(queue, self._answers, emoji or DEFAULT_EMOJI, language=language)

    def pseudonym(self, db: Database) -> Pseudonym:
        """Pseudonyms under the key of imports.

        Those who answer have one for good, so that their work can be united. Those who ask have another each day
        (UTC): enough to know that posts within five minutes come from one author, and no more. Whoever objected
        in any workspace has none.
        """
        secret = keys.Pseudonymizer(db, IMPORTED)

        @lru_cache(maxsize=PEOPLE)
        def made(user: str, name: str) -> bytes:
            return b"" if not user.isascii() or keys.objected(db, user) else secret(name, 0)

        return lambda user, at: made(user, user if self._answers(user, at) else keys.for_a_day(user, at))

    def _answers(self, user: str, at: int) -> bool:
        if user not in self.responders:
            return False
        entries = [person for person in self.team.people if person.id == user]
        if not entries:
            return True
        day = datetime.fromtimestamp(at // SECOND, ZoneInfo(self.team.tz)).date()
        return user in roster.present(entries, day)
