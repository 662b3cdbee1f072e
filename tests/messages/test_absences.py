"""What is said about days away and the roster: valid for Slack at every size, kind, and without a reason."""

import json
from datetime import date, timedelta

import pytest

from bot.messages import actions
from bot.messages.absences import away_view, cancelled, done_view, listed, noted, spans, typed
from bot.messages.away import GroupLoss, group_lost
from bot.messages.readable import readable
from bot.messages.roster import ADD, AWAY, CHANGE, END, packed, roster_view, unpacked
from bot.team import Person
from sandbox.blocks import check_blocks, check_view
from tests.messages.examples import HOSTILE

TODAY = date(2026, 11, 22)
RIGHT_TO_LEFT = "מוקד " * 16


def every(step: int, number: int, part: float = 1.0) -> dict[date, float]:
    return {TODAY + timedelta(days=step * n): part for n in range(number)}


FEW = {date(2026, 12, 3): 1.0, date(2026, 12, 4): 1.0, date(2026, 12, 9): 0.5, date(2027, 1, 2): 1.0}


def test_days_are_joined_where_they_follow_each_other() -> None:
    """Spans have their weekdays, halves say so, and another year is named."""
    assert spans(FEW, TODAY) == ["Thu 3 Dec – Fri 4 Dec", "Wed 9 Dec (half the day)", "Sat 2 Jan 2027"]
    assert typed(FEW) == "2026-12-03 - 2026-12-04, 2026-12-09 half, 2027-01-02"
    assert spans(every(1, 3, 0.5), TODAY) == ["Sun 22 Nov – Tue 24 Nov (half of each day)"]


@pytest.mark.parametrize("names", [["Deal desk"], ["Deal desk", HOSTILE], [RIGHT_TO_LEFT] * 9, ["x" * 500]])
@pytest.mark.parametrize("days", [{}, FEW, every(1, 366), every(2, 180), every(2, 180, 0.5)])
def test_slack_takes_every_answer(names: list[str], days: dict[date, float]) -> None:
    """However many days and teams, each answer and form is valid and mentions nobody."""
    said = [cancelled(days, names, TODAY), listed(days, names, TODAY), *([noted(days, names, TODAY)] if days else [])]
    for message in said:
        assert check_blocks(list(message.blocks), "message") == []
        assert check_view(done_view(message)) == []
        assert "<!channel>" not in json.dumps(message.body())
        assert "/headroom" in message.text
    assert check_view(away_view(days, names, TODAY)) == []


def roster(size: int) -> list[Person]:
    return [
        Person(f"U{n:010d}", since=TODAY - timedelta(days=n), until=TODAY + timedelta(days=n), hours="Mon-Fri 9-17" * 9)
        for n in range(size)
    ]


@pytest.mark.parametrize("size", [0, 1, 3, 50, 200])
@pytest.mark.parametrize("what", [None, ADD, END, CHANGE, AWAY, "strange"])
@pytest.mark.parametrize("name", ["Deal desk", HOSTILE, RIGHT_TO_LEFT])
def test_slack_takes_every_roster(size: int, what: str | None, name: str) -> None:
    """Of nobody, of a rotation, of two hundred: the form is valid, and says that the past stays."""
    view = roster_view(3, name, roster(size), TODAY, what=what, follows=True)
    assert check_view(view) == []
    assert "the days before stay as they were" in readable(view["blocks"])
    assert unpacked(view["private_metadata"]) == (3, what if what in (ADD, END, CHANGE, AWAY) else None)
    done = roster_view(3, name, roster(size), TODAY, said="Saved: the last day of <@U1> is 2026-12-01.")
    assert check_view(done) == []
    assert actions.ROSTER_OPEN in json.dumps(done)


def test_the_roster_shows_who_and_how_much() -> None:
    """Each entry has its days, share and hours; who left long ago is not shown; who is away today is."""
    people = [
        Person("U1", share=0.8, tz="Europe/Berlin", off=frozenset({TODAY})),
        Person("U2", since=date(2026, 12, 1), until=date(2026, 12, 7), hours="Mon-Sun 00:00-24:00"),
        Person("U3", until=TODAY - timedelta(days=40)),
    ]
    text = readable(roster_view(3, "On-call", people, TODAY)["blocks"])
    assert "• @U1: always there, 80%, Europe/Berlin, away today" in text
    assert "• @U2: from 1 Dec 2026, until 7 Dec 2026, 100%, Mon-Sun 00:00-24:00" in text
    assert "U3" not in text


@pytest.mark.parametrize("strange", ["", "x", "x add", "-3 add", "³"])
def test_a_view_of_somebody_elses(strange: str) -> None:
    """What we did not write is nobody's roster."""
    assert unpacked(strange)[0] == 0
    assert unpacked(packed(3, END)) == (3, END)


@pytest.mark.parametrize("why", GroupLoss)
def test_a_lost_group_names_what_to_do(why: GroupLoss) -> None:
    """Each reason is said with one thing to do, and that the roster stays."""
    message = group_lost(HOSTILE, why, "C1DESK")
    assert check_blocks(list(message.blocks), "message") == []
    assert "The roster stays as it was." in message.text
    assert "One thing to do: " in message.text
    assert "<!channel>" not in message.text
