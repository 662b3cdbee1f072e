"""What the desk, an asker and the operator read of open requests, example by example."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.messages import home, waits
from tests.messages.examples import calm
from tests.messages.said import Said, said

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def line(hours: float, channel: str = "") -> waits.Line:
    """A request that was posted so many hours ago."""
    posted = NOW - timedelta(hours=hours)
    link = f"https://example.slack.com/archives/C1DESK/p{int(posted.timestamp())}000000"
    return waits.Line(link, channel, posted, NOW.date(), "3.1.1")


def lines(number: int, first: float) -> list[waits.Line]:
    """So many, an hour apart, oldest first."""
    return [line(first - n) for n in range(number)]


LISTED = waits.Listed(
    team="Deal desk", team_id=3, nobody=lines(2, 3), asker=lines(1, 27), elsewhere=lines(1, 195), in_hand=4, quiet=2
)


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "What waits", list(_waits())


def _waits() -> Iterator[Said]:
    yield said("What waits is pressed; responders and lead alone", waits.waits_view, LISTED)
    some = replace(LISTED, nobody=(), asker=lines(13, 40), elsewhere=(), quiet=0)
    yield said("the same, more than fit; Done was pressed", waits.waits_view, some, "Noted as done.")
    pair = replace(LISTED, nobody=(), asker=(), elsewhere=(), in_hand=6, quiet=None)
    yield said("the same of a team of two", waits.waits_view, pair)
    doubtful = replace(LISTED, unheard=("C4AWAY",), unthreaded=True, reading=True, nobody=(), elsewhere=())
    yield said("the same where not all is heard", waits.waits_view, doubtful)
    empty = replace(LISTED, nobody=(), asker=(), elsewhere=(), in_hand=0, quiet=0)
    yield said("the same, nothing waits", waits.waits_view, empty)
    own = home.OwnTeam("Deal desk", calm(), 2, "C1DESK", lead=False, team_id=3)
    quiet = [line(27, "C1DESK")]
    yield said("the Home tab of whoever took one that is quiet", home.home_view, [own], [], quiet=quiet)
    legal = [home.QueueWait("C2LEGAL", "Legal", calm(), 3)]
    yield said("the Home tab of an asker", home.home_view, [], legal, asked=[line(27, "C2LEGAL"), line(195, "C2LEGAL")])
    yield said("`headroom waits` in a terminal", waits.text, LISTED)
