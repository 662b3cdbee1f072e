"""How well requests are answered: shares with their Wilson 95% intervals."""

from dataclasses import dataclass

from bot.health.results.figures import UNTOLD, Rate, Unknown


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares that tell of quality.

    Attributes:
        reopen: Of done requests, those that came back.
        escalation: Of requests, those escalated.
        chase: Of requests, those whose asker had to ask again.
        satisfaction: Of those who were asked whether their request was solved, those who said yes.
    """

    reopen: Rate | Unknown = UNTOLD
    escalation: Rate | Unknown = UNTOLD
    chase: Rate | Unknown = UNTOLD
    satisfaction: Rate | Unknown = UNTOLD


UNTOLD_QUALITY = Quality()
