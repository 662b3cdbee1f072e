"""Below five every view says what it leaves out and why, and is still worth having."""

import re
from collections.abc import Mapping

import pytest

from bot.health.results import Assessment, Level
from bot.messages.alerts import alert, all_clear
from bot.messages.digest import SMALL_WHY
from bot.messages.home import OwnTeam, home_view
from bot.messages.load import load_view, share_audience, shared
from bot.messages.readable import readable
from bot.messages.report import first_report
from bot.messages.waiting import waiting_view
from bot.messages.words import CLOSED_TEAM_WHY, SMALL_TEAM_WHY
from tests.messages.examples import busy, calm, unknown

A_PERSONS = re.compile(r"utilization|capacity|\bslack\b|hands-on|surge|recover|one person away|danger line", re.I)


def inside(a: Assessment) -> Mapping[str, str]:
    """What the team itself is told, by view."""
    home = home_view([OwnTeam("Legal", a, 7, "C1", True, team_id=3)], [])
    return {
        "load": readable(load_view(a, "Legal", team_id=3)),
        "first report": readable(first_report(a, "Legal", team_id=3, history_days=90)),
        "alert": readable(alert(a, "Legal", team_id=3, alert_id=4)),
        "all clear": readable(all_clear(a, "Legal", team_id=3, before=Level.DANGER)),
        "home": readable(home["blocks"]),
    }


@pytest.mark.parametrize("people", [1, 2])
def test_one_or_two_read_of_requests_alone(people: int) -> None:
    """No figure about a person's work is in any view; each says so, and why."""
    for a in (busy(people=people), calm(people)):
        for view, text in inside(a).items():
            assert SMALL_TEAM_WHY in text, view
            rest = text.replace(SMALL_TEAM_WHY, "")
            assert not A_PERSONS.search(rest), view


@pytest.mark.parametrize("people", [1, 2, 3, 4])
def test_what_remains_is_worth_having(people: int) -> None:
    """How the queue stands, how long requests wait, how it moved, and something to do are in the views of the team."""
    texts = inside(busy(people=people))
    for view in ("load", "first report", "home", "all clear"):
        assert "half within 5.5 h, nine in ten within 14 h (208 requests, last 28 days)" in texts[view]
    for view in ("load", "first report"):
        assert "52 requests arrive a week" in texts[view]
        assert "42 open now" in texts[view]
    for view in ("load", "first report", "alert"):
        assert "One thing to do: find cover" in texts[view]
    assert "up from 4 h in the first weeks" in texts["alert"]
    assert re.search(r"by week", texts["home"])
    assert all("is in the danger zone" in text for text in texts.values())


@pytest.mark.parametrize("people", [3, 4])
def test_three_or_four_keep_it_inside(people: int) -> None:
    """The team sees its utilization, and reads that nobody else does; what it shares leaves it out and says so."""
    texts = inside(busy(people=people))
    for view in ("load", "first report", "home"):
        assert "Utilization 91%" in texts[view]
        assert CLOSED_TEAM_WHY in texts[view]
    said = readable(shared(busy(people=people), "Legal"))
    assert "Left out: how full the team is" in said
    assert "91%" not in said
    asked = readable(share_audience(busy(people=people), "Legal", team_id=3, channel="all", members=9))
    assert "left out" in asked


@pytest.mark.parametrize("people", [1, 2, 3, 4, 5, 30])
def test_nobody_is_asked_below_five(people: int) -> None:
    """The first report and the Home tab say that pulse and flaw reports take five people, to those who have fewer."""
    texts = inside(calm(people))
    assert (SMALL_WHY in texts["first report"]) == (people < 5)
    assert (SMALL_WHY in texts["home"]) == (people < 5)


@pytest.mark.parametrize("people", [5, 6, 30])
def test_five_and_more_leave_nothing_out(people: int) -> None:
    """No view of a larger team excuses itself."""
    for view, text in inside(busy(people=people)).items():
        assert "Left out:" not in text, view
        assert "Kept inside:" not in text, view
    assert "Left out:" not in readable(shared(busy(people=people), "Legal"))


@pytest.mark.parametrize("people", [1, 2, 3, 4, 5])
def test_requesters_read_the_same_of_every_size(people: int) -> None:
    """How long it takes and how many wait does not depend on how many answer, and tells nothing of them."""
    assert readable(waiting_view(busy(people=people), waiting=7)) == readable(waiting_view(busy(), waiting=7))


def test_a_new_small_team_is_not_left_without_words() -> None:
    """Before there is enough to judge by, a team of one reads why there is no level yet, and what is open."""
    text = readable(load_view(unknown(people=1), "Legal", team_id=3))
    assert "only 7 requests so far, and 20 are needed" in text
    assert "3 open now" in text
    assert SMALL_TEAM_WHY in text
