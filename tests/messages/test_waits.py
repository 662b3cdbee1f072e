"""The list of what waits, as Slack takes it and people read it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.messages import waits
from bot.messages.home import MOST_TEAMS, OwnTeam, QueueWait, home_view
from bot.messages.readable import readable
from sandbox.blocks import check_view
from tests.messages.examples import HOSTILE, busy
from tests.messages.script_waits import LISTED, line, lines


@pytest.mark.parametrize("number", [0, 1, 10, 11, 20, 21, 500])
def test_slack_takes_a_list_of_any_length(number: int) -> None:
    """Each group ends in how many more there are; all stays within the blocks of a view."""
    many = lines(number, 900)
    doubtful: Any = {"unheard": ["C4AWAY"] * 5, "unthreaded": True, "reading": True}
    view = waits.waits_view(replace(LISTED, nobody=many, asker=many, elsewhere=many, **doubtful), "Noted as done.")
    assert check_view(view) == []
    assert len(view["blocks"]) <= 100
    text = readable(view)
    assert f"{3 * number + 6} open now" in text
    assert (f"And {number - 20} more, oldest first." in text) == (number > 20)
    assert text.count(f"And {number - 10} more, oldest first.") == (2 if number > 10 else 0)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.5, "posted Tuesday 11:30"),
        (26.8, "posted Monday 9:12"),
        (5 * 24, "posted Thursday 12:00"),
        (6 * 24, "posted Wednesday 4 March 12:00"),
    ],
)
def test_when_it_was_posted(hours: float, said: str) -> None:
    """By its weekday while that says which day is meant, then by its day; hours as a clock shows them."""
    assert waits.posted(line(hours)).endswith(f"|{said}>")


def test_oldest_come_first_and_links_lead_there() -> None:
    """Of those that fit the oldest are kept, each a link, with its three answers."""
    view = waits.waits_view(replace(LISTED, nobody=lines(30, 40)))
    shown = [b["text"]["text"] for b in view["blocks"] if b["type"] == "section" and "posted" in b["text"]["text"]]
    assert shown[:20] == [waits.posted(one) for one in lines(30, 40)[:20]]
    labels = [e["text"]["text"] for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert labels[:3] == ["Answered elsewhere", "Not a request", "Done"]
    assert len(labels) == 3 * len(shown)


def test_a_pair_is_told_nothing_quiet() -> None:
    """In a team of one or two, how many are quiet would be about a person."""
    text = readable(waits.waits_view(replace(LISTED, quiet=None)))
    assert "quiet" not in text
    assert "quiet" not in waits.text(replace(LISTED, quiet=None))


def test_a_hostile_name_stays_words() -> None:
    """A team's name mentions nobody and marks nothing; a line without a link is words alone."""
    view = waits.waits_view(replace(LISTED, team=HOSTILE, nobody=[replace(line(2), link="")]))
    assert check_view(view) == []
    assert "<!channel>" not in json.dumps(view)
    assert "posted Tuesday 10:00" in readable(view)


def test_home_holds_all_of_it() -> None:
    """The busiest page, with requests of one's own on both sides, stays within the blocks of a view."""
    own = [OwnTeam("Deal desk", busy(), 7, "C1DESK", lead=True, team_id=3, flaws=True, gains=True)] * 12
    mine = [replace(one, channel="C1DESK") for one in lines(40, 80)]
    queues = [QueueWait("C2", "Legal", busy(), 3)] * 50
    view = home_view(own, queues, quiet=mine, asked=mine, away=True, note="x" * 300, days_away="Tue 3 Mar")
    assert check_view(view) == []
    text = readable(view["blocks"])
    assert text.count("And 35 more, oldest first.") == 2
    assert text.count("[Never mind]") == waits.MOST_OWN
    assert text.count("[What waits]") == MOST_TEAMS


def test_the_terminal_reads_the_same() -> None:
    """Groups with their numbers, when each was posted, and no button."""
    text = waits.text(replace(LISTED, nobody=[replace(line(2), channel="C1DESK")]))
    assert text.startswith("Deal desk: 9 open requests\nNobody yet: 1\n  2026-03-10 10:00  C1DESK  https://")
    assert "[" not in text
