"""What is said about interruptions and focus, example by example."""

from collections.abc import Iterator
from datetime import date

from bot.health.results import Estimate, Focus, Span, Unknown
from bot.messages.interruptions import (
    Counted,
    Place,
    announcement,
    focus_short,
    interrupted,
    listed,
    named,
    removed,
)
from tests.messages.said import Said, said

TEAM = "Deal desk"
FOUND = Focus(date(2026, 3, 2), 20, Estimate(2.4, 2.1, 2.7), Span(0.31, 0.97), Span(1.0, 21.6))
PLACES = (Place("C1GENERAL", Counted.YES), Place("C2SALES", Counted.SOON), Place("C3OLD", Counted.NO))


def features() -> Iterator[tuple[str, list[Said]]]:
    """(Feature, what it says)."""
    yield "Focus", list(_focus())


def _focus() -> Iterator[Said]:
    yield said("a channel that the team named, before anything is counted there", announcement, TEAM)
    yield said("/headroom interruptions #general; the lead alone", named, "C1GENERAL", new=True)
    yield said("the same channel again; the lead alone", named, "C1GENERAL", new=False)
    yield said("/headroom interruptions remove #general; the lead alone", removed, "C1GENERAL", was=True)
    yield said("a channel that was not counted; the lead alone", removed, "C9OTHER", was=False)
    why = Unknown("fewer than 5 working days have been counted")
    yield said("/headroom interruptions list; the lead alone", listed, TEAM, PLACES, FOUND, lead=True)
    yield said("the same in the first week; a responder alone", listed, TEAM, PLACES[:1], why, lead=False)
    yield said("no channel named; a responder alone", listed, TEAM, (), why, lead=False)
    yield said("one line of the digest, where it is known", focus_short, FOUND)
    yield said("/headroom interrupted; whoever typed it alone", interrupted, counts=True)
    yield said("the same where no channel is named", interrupted, counts=False)
