"""What may be shown of a team of that size: a figure of few people is a figure of each of them."""

from enum import IntEnum

from bot.health.results.figures import Unknown

OF_A_PERSON = Unknown("in a team of one or two, this would be a person's figure")


class Tier(IntEnum):
    """Ordered, so that what a team may see, every larger one may."""

    REQUESTS = 1
    """One or two people: requests and waits; what was worked would be a person's."""

    INSIDE = 2
    """Three or four: also utilization and slack, and those to the team itself alone."""

    ALL = 3
    """Five or more. And nobody: then there is nobody to tell of."""

    @classmethod
    def of(cls, people: int) -> "Tier":
        """Of a team of so many people."""
        return cls.ALL if people == 0 or people >= 5 else cls.REQUESTS if people <= 2 else cls.INSIDE
