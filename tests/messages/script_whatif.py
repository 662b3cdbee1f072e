"""What the team reads when it asks what if, example by example."""

from collections.abc import Iterator

from bot.health.resilience import Recovery
from bot.health.results import Spread
from bot.health.whatif import Answer, Change, Outlook, SlackPays
from bot.messages.whatif import whatif_message
from tests.messages.said import Said, said

TEAM = "Deal desk"
TODAY = Outlook(0.7, 0.4, 2.5, 58.0, 0.2, Recovery(1.0, 3.0), None)
AWAY = Outlook(0.84, 1.2, 6.0, 30.0, -0.05, Recovery(4.0, None), None)
OVER = Outlook(1.1, None, None, -20.0, -0.3, Recovery(None, None), 6.5)
PAYS = SlackPays((0.8, 0.95), 3, 13, 1.12, -0.05)
SEEN = Spread(0.5, 2.4, 0.9, 80)


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "What if", list(_answers())


def _answers() -> Iterator[Said]:
    fewer = Answer(Change(people=-1), TODAY, AWAY, PAYS, SEEN)
    more = Answer(Change(demand=1.6), TODAY, OVER, None, SEEN)
    yield said("/headroom whatif 1 away; the asker alone, if of the team", whatif_message, fewer, TEAM, "1 away")
    yield said("more demand than there are hours; the asker alone", whatif_message, more, TEAM, "+60% demand")
