"""Mentions: what interrupts a team, what does not, and that nothing else of a message is kept."""

from dataclasses import fields
from typing import Any

import pytest

from bot.mentions import Merged, interruptions
from bot.signal import Interruption
from bot.watch import Listening

NOW = 1_780_000_000.0
TEAM = frozenset({"U1ANNA", "U2BEN"})


def heard(text: str, queue: bool = False, **more: Any) -> bool:
    """Whether a message interrupts the team."""
    event = {"type": "message", "channel": "C1", "user": "U9ASK", "ts": "1779999000.000100", "text": text, **more}
    here = Listening(7, lambda user, _at: user in TEAM, "S1DESK", queue, "U0BOT", "B0BOT")
    found = interruptions(event, {"C1": (here,)}.get, NOW)
    assert found in ((), (Interruption(7, 1_779_999_000_000_100),))
    return bool(found)


@pytest.mark.parametrize(
    "text", ["<@U1ANNA> please", "hi <@U9X> and <@U2BEN|ben>!", "<!subteam^S1DESK|@desk> help", "<!subteam^S1DESK>"]
)
def test_mentions_of_the_team_count(text: str) -> None:
    """A person on the roster, or the team's group, with or without its name."""
    assert heard(text)
    assert heard(text, thread_ts="1779990000.000100")


@pytest.mark.parametrize("text", ["U1ANNA", "<@U9ASK> hello", "@anna", "<!subteam^S9OTHER>", "<!here>", "", "<@>"])
def test_other_words_do_not(text: str) -> None:
    """Others, names in plain words, another group."""
    assert not heard(text)


def test_own_words_and_ours_do_not() -> None:
    """Somebody who mentions themselves, this bot, an edit, another channel, a strange time, a strange shape."""
    assert not heard("<@U1ANNA>", user="U1ANNA")
    assert heard("<@U1ANNA>", user="U2BEN")
    assert not heard("<@U1ANNA>", user="U0BOT")
    assert not heard("<@U1ANNA>", user=None, bot_id="B0BOT")
    assert heard("<@U1ANNA>", user=None, bot_id="B9PAGER", subtype="bot_message")
    assert not heard("<@U1ANNA>", subtype="message_changed")
    assert not heard("<@U1ANNA>", channel="C2")
    assert not heard("<@U1ANNA>", ts="9999999999.000000")
    assert not heard("<@U1ANNA>", ts=None)
    assert not heard("<@U1ANNA>", hidden=True)
    odd = {"type": "message", "channel": 5, "text": ["<@U1ANNA>"], "subtype": {}}
    assert not interruptions(odd, lambda _: None, NOW)


def test_in_a_queue_only_what_others_write_in_threads() -> None:
    """A top-level post there is a request, and a colleague's reply is work."""
    root = "1779990000.000100"
    assert heard("<@U1ANNA>", queue=True, thread_ts=root)
    assert not heard("<@U1ANNA>", queue=True)
    assert not heard("<@U1ANNA>", queue=True, thread_ts="1779999000.000100")
    assert not heard("<@U1ANNA>", queue=True, thread_ts=root, user="U2BEN")
    assert not heard("<@U1ANNA>", queue=True, thread_ts=root, bot_id="B9PAGER")


def test_nobody_is_in_it() -> None:
    """An interruption can hold a team and a time; the store takes the slot alone."""
    assert [field.name for field in fields(Interruption)] == ["team", "at"]
    assert Interruption(7, 1_779_999_000_000_100).slot == 1_779_999_000 // 300


def test_within_five_minutes_the_first_counts() -> None:
    """Also across the edge of a slot; the same mention sent again is let through, as its first try may have failed."""
    merged = Merged()
    first = Interruption(7, 1_000_000_000)

    def later(seconds: float, team: int = 7) -> Interruption:
        return Interruption(team, first.at + int(seconds * 1e6))

    assert merged.fresh([first]) == (first,)
    assert merged.fresh([first]) == (first,)
    assert merged.fresh([later(1)]) == ()
    assert merged.fresh([later(299.9)]) == ()
    assert merged.fresh([later(1, team=8)]) == (later(1, team=8),)
    assert merged.fresh([later(300)]) == (later(300),)
    assert merged.fresh([later(599)]) == ()
