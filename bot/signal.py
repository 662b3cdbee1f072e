"""One fact with a time, without text or name: what travels from hearing to remembering to thinking."""

import re
from dataclasses import dataclass
from enum import IntEnum

from bot.errors import BadInputError


class Kind(IntEnum):
    """What happened. The numbers are stored, so they never change."""

    ARRIVAL = 1
    REPLY = 2  # by a responder
    CHASE = 3  # the asker writes again in an unanswered thread, or asks for news
    CLAIM = 4
    DONE = 5
    REOPEN = 6
    ESCALATE = 7
    HANDOFF = 8
    INTERRUPTION = 9
    WITHDRAW = 10  # a reaction taken back; `undoes` names the kind
    PROMOTE = 11  # "this is a request", whoever wrote it
    DISMISS = 12  # "this is not a request"
    DELETE = 13  # the message is gone; a request that waited for minutes before was given up
    FOLLOWUP = 14  # somebody who is no responder writes in the thread; after ✅ that reopens it, as a chase does
    THANKS = 15  # … and it reads as a thank-you
    JOIN = 16  # the post belongs to the request of an earlier one: written down before nobody knows by whom they are
    CANCEL = 17  # whoever asked does not want it any more
    NOD = 18  # as a follow-up, and it says no more than "ok": it closes nothing and reopens nothing


MESSAGE_KINDS = frozenset(
    {Kind.ARRIVAL, Kind.REPLY, Kind.CHASE, Kind.FOLLOWUP, Kind.THANKS, Kind.NOD, Kind.INTERRUPTION, Kind.JOIN}
)
"""Kinds borne by a message: their time is the message's own."""


SLOT_MICROSECONDS = 300_000_000
"""Five minutes: mentions so close together are one interruption."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One fact, as stored. Times are Unix microseconds (Slack's `ts` without its dot).

    Attributes:
        queue: Storage's number for the channel.
        request: Key of the request it belongs to: the thread's root message; for an imported request a stable
            63-bit hash of its id. A reaction on a message seen from nowhere carries the message itself.
        message: Key of the message the fact is about (for imports the same as `request`).
        kind: What happened.
        actor: Pseudonym (8 bytes), or `b""` where nobody is known or wanted.
        reacted: When, for reactions, deletions and imported events; 0 for facts borne by a message (their time is
            the message's) and for reactions and deletions whose time nobody can tell.
        undoes: The kind that a `WITHDRAW` takes back, else 0.
    """

    queue: int
    request: int
    message: int
    kind: Kind
    actor: bytes = b""
    reacted: int = 0
    undoes: int = 0

    @property
    def at(self) -> int:
        """When it happened; for an untimed fact the message's time, which only orders it."""
        return self.reacted or self.message

    @property
    def timed(self) -> bool:
        """Whether `at` is when it really happened."""
        return self.reacted != 0 or self.kind in MESSAGE_KINDS or self.kind is Kind.DELETE


@dataclass(frozen=True, slots=True)
class Interruption:
    """Somebody of a team was mentioned: which team and when, never who by whom, nor in which message.

    Attributes:
        team: Storage's number of the team.
        at: Unix microseconds; only the slot is ever stored.
    """

    team: int
    at: int

    @property
    def slot(self) -> int:
        """The five minutes it falls into: Unix seconds // 300."""
        return self.at // SLOT_MICROSECONDS


_TS = re.compile(r"([0-9]{1,12})\.([0-9]{6})", re.ASCII)


def microseconds(ts: str) -> int:
    """Slack's `ts` ("1700000000.123456") as Unix microseconds, exactly: a float would lose the last digits.

    Raises:
        BadInputError: Not digits, a dot and six digits.
    """
    match = _TS.fullmatch(ts) if isinstance(ts, str) else None
    if match is None:
        raise BadInputError("ts", ts, "write seconds, a dot and six digits, as in 1700000000.123456")
    return int(match[1]) * 1_000_000 + int(match[2])


def slack_ts(us: int) -> str:
    """Unix microseconds as Slack's `ts`, the inverse of `microseconds`.

    Raises:
        BadInputError: Before 1970.
    """
    if us < 0:
        raise BadInputError("time", us, "give microseconds since 1970")
    seconds, rest = divmod(int(us), 1_000_000)
    return f"{seconds}.{rest:06d}"
