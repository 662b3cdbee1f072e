"""Hand-overs between desks: the moment that two queues share, and the way back."""

import math

import numpy as np

from bot.capture import Watch, capture
from bot.health.facts import Facts
from bot.health.seen.corrections import tidy
from bot.health.seen.handover import Handover, bounces, handovers, moments
from bot.signal import Kind, Signal

START = 1_700_000_000_123_456
MINUTE = 60_000_000


def asked(queue: int, at: int, root: int = 0, kind: Kind = Kind.ARRIVAL) -> Signal:
    """A message in a queue."""
    return Signal(queue, root or at, at, kind, bytes([queue]) * 8)


def handed(queue: int, root: int, at: int) -> Signal:
    """A request of a queue handed on at some moment."""
    return Signal(queue, root, root, Kind.HANDOFF, b"R" * 8, at)


def passed(*told: Signal) -> list[Handover]:
    """Hand-overs among these facts."""
    return handovers(tidy(Facts.of(told), math.inf))


def test_a_request_is_followed_by_the_moment() -> None:
    """The message in the next queue and the hand-off carry one time; other moments and other queues are nothing."""
    there = START + 10 * MINUTE
    told = asked(1, START), handed(1, START, there), asked(2, there), asked(2, there + 1)
    assert passed(*told) == [Handover((1, START), (2, there), there)]
    assert passed(*told)[0].seconds == there / 1e6
    assert passed(asked(1, START), handed(1, START, there + 5), asked(2, there)) == []
    assert passed(asked(1, START), handed(1, START, there), asked(1, there, START, Kind.REPLY)) == []
    assert passed() == []


def test_what_capture_hears_can_be_followed() -> None:
    """The link that a responder posts in the next queue becomes an arrival there and a hand-off here, at one time."""
    desks = {"C1": Watch(1, lambda user, at: user == "U1"), "C2": Watch(2, lambda user, at: user == "U9")}
    link = "<https://acme.slack.com/archives/C1/p1700000000000100>"
    said = [
        {"type": "message", "channel": "C1", "user": "U5", "ts": "1700000000.000100", "text": "please"},
        {"type": "message", "channel": "C2", "user": "U1", "ts": "1700000600.000200", "text": f"yours: {link}"},
    ]
    heard = [fact for event in said for fact in capture(event, desks.get, lambda user, at: b"12345678", 1.8e9)]
    source, target = 1_700_000_000_000_100, 1_700_000_600_000_200
    assert passed(*heard) == [Handover((1, source), (2, target), target)]


def test_into_a_thread_and_by_hand() -> None:
    """Posted in a thread it goes on with that request; a message made a request by 🎫 is one of its own."""
    there, root = START + 10 * MINUTE, START + MINUTE
    into = passed(asked(1, START), handed(1, START, there), asked(2, root), asked(2, there, root, Kind.FOLLOWUP))
    assert [one.target for one in into] == [(2, root)]
    ticket = Signal(2, there, there, Kind.PROMOTE, b"R" * 8, there + MINUTE)
    assert [one.target for one in passed(asked(1, START), handed(1, START, there), ticket)] == [(2, there)]


def test_there_and_back() -> None:
    """Back to the first queue is a bounce, in its old thread or as a new request; on to a third one is none."""
    there, back, on = (START + n * 10 * MINUTE for n in (1, 2, 3))
    forth = asked(1, START), handed(1, START, there), asked(2, there)
    for returned in (asked(1, back), asked(1, back, START, Kind.REPLY)):
        assert bounces(passed(*forth, handed(2, there, back), returned)).tolist() == [back]
    assert bounces(passed(*forth, handed(2, there, on), asked(3, on))).tolist() == []
    assert bounces([]).tolist() == []


def test_moments_are_exact() -> None:
    """Microseconds survive being seconds."""
    keys = START + np.arange(1000)
    assert (moments(keys / 1e6) == keys).all()
