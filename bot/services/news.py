"""What is new since the last digest: worked out from days alone, so that what is told once is told in one digest."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.services.slots import monday
from storage import digests, rhythms
from storage.database import Database
from storage.teams import TeamRecord

LONGEST = timedelta(weeks=5)
"""What is older is no news, however long no digest came."""


@dataclass(frozen=True, slots=True)
class News:
    """Which days belong to a digest.

    Attributes:
        before: Monday of the week of the digest before.
        week: Monday of this one's.
        every: How often it comes.
    """

    before: date
    week: date
    every: timedelta

    def fresh(self, day: date) -> bool:
        """Whether something that is known from that day on is told now, and in no other digest."""
        return self.before < day <= self.week

    def coming(self, day: date) -> bool:
        """Whether a day lies after this digest's week, and before the next digest could tell of it in time."""
        first = self.week + timedelta(weeks=1)
        return first <= day < first + self.every


def news(db: Database, record: TeamRecord, now: float) -> News:
    """For the digest of the week that is on at Unix second `now`."""
    week = monday(record.team.tz, now)
    every = timedelta(weeks=5 if rhythms.get(db, record.id).digest == "monthly" else 1)
    before = next((one.week for one in digests.last(db, record.id) if one.week < week), week - every)
    return News(max(before, week - LONGEST), week, every)
