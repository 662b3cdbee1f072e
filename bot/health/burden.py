"""What the bot itself costs a team: minutes of reading and pressing, against a budget.

Reading takes words ÷ 238 a minute, the mean of silent reading of English non-fiction in 190 studies (Brysbaert
2019, "How many words do we read per minute?", Journal of Memory and Language 109, 104047). A press of a button takes
5 s: pointing and pressing 1.3 s, deciding 1.35 s (Card, Moran & Newell 1980, "The keystroke-level model",
Communications of the ACM 23(7)), rounded up generously for finding one's way back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

WORDS_A_MINUTE = 238.0
SECONDS_A_TAP = 5.0
BUDGET = 10.0
"""Minutes a person a month that the bot allows itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, as far as it costs time.

    Attributes:
        words: How many it has; None: no longer known.
        readers: People of the team who may read it.
    """

    words: int | None
    readers: int


@dataclass(frozen=True, slots=True)
class Burden:
    """What one month cost a team.

    Attributes:
        month: Its first day.
        posts: Messages sent to the team, copies to each of its people counted singly.
        taps: Presses of buttons under them; None in a team of one or two, where they would be a person's.
        minutes: Person-minutes of reading and pressing.
        people: People of the team.
        a_person: Minutes a person; None without people.
        alerts: Rises of level that were told.
        acted_on: How many of these were acknowledged or followed by a promise.
        whole: Whether the words of all posts are still known; else `minutes` leaves some out.
    """

    month: date
    posts: int
    taps: int | None
    minutes: float
    people: int
    a_person: float | None
    alerts: int
    acted_on: int
    whole: bool = True

    @property
    def over(self) -> bool:
        """Whether it cost more than the budget allows."""
        return self.a_person is not None and self.a_person > BUDGET


def cost(
    month: date, readings: Iterable[Reading], taps: int | None, people: int, *, alerts: int = 0, acted_on: int = 0
) -> Burden:
    """What these messages and presses cost.

    Args:
        month: Its first day.
        readings: The messages.
        taps: How often buttons were pressed; None: not to be told, nor to be read from the minutes.
        people: People of the team.
        alerts: Rises of level that were told.
        acted_on: How many of these were acted on.
    """
    told = list(readings)
    read = sum((one.words or 0) * one.readers for one in told) / WORDS_A_MINUTE
    minutes = read + (taps or 0) * SECONDS_A_TAP / 60
    return Burden(
        month,
        len(told),
        taps,
        minutes,
        people,
        minutes / people if people else None,
        alerts,
        acted_on,
        all(one.words is not None for one in told),
    )
