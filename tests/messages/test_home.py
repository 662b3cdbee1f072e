"""The Home tab in every state: Slack takes it, and it tells each reader no more than they may know."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.health.results import UNTOLD, Assessment, Estimate
from bot.messages import actions
from bot.messages.home import (
    BARS,
    MOST_QUEUES,
    MOST_REQUESTS,
    MOST_TEAMS,
    NO_BAR,
    OpenRequest,
    OwnTeam,
    QueueWait,
    home_view,
)
from bot.messages.numbers import known
from bot.messages.readable import readable
from sandbox.blocks import check_view
from tests.messages.examples import EVERY, HOSTILE, busy, calm, unknown, week

EVERYTHING: Any = {"team_id": 3, "flaws": True, "gains": True}
LOAD = re.compile(r"utilization|capacity|danger|\bslack\b|surge", re.IGNORECASE)


def own(a: Assessment, name: str = "Deal desk", lead: bool = True) -> OwnTeam:
    """A team of the viewer's."""
    return OwnTeam(name, a, 7, "C1DESK", lead)


def said(view: dict[str, object]) -> str:
    """The page in words."""
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return readable(blocks)


@pytest.mark.parametrize("a", EVERY)
@pytest.mark.parametrize("name", ["Deal desk", HOSTILE, "x" * 500, "מוקד " * 16, ""])
def test_slack_takes_every_page(a: Assessment, name: str) -> None:
    """Whatever a check found and people called things, the page is valid and has no mark or broken number in it."""
    team = replace(own(a, name), unheard=("C4AWAY",) * 50, digest="Mon 30 Nov, 09:00", pulse="Thu 3 Dec", **EVERYTHING)
    waiting = [
        OpenRequest("C1DESK", "https://a-rather-long-name.slack.com/archives/C1DESK/p1780000000000000", 7.5)
    ] * 30
    view = home_view([team] * 12, [QueueWait("C2", name, a, 3)] * 50, waiting=waiting, away=True, note=name)
    assert check_view(view) == []
    assert len(view["blocks"]) <= 100
    assert "<!channel>" not in json.dumps(view)
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b", said(view).replace(name, ""))


def test_the_page_is_never_empty() -> None:
    """Somebody without a team or a queue reads how to begin."""
    view = home_view([], [])
    assert check_view(view) == []
    assert "/headroom setup" in said(view)
    assert actions.OPEN_TRUST in json.dumps(view)


def test_an_own_team_shows_its_load() -> None:
    """Level, utilization with range and basis, waits, thirteen weeks with the danger line in words, settings."""
    text = said(view := home_view([own(busy())], []))
    assert "is in the danger zone" in text
    assert "Utilization 91% (84–98%), from claims; danger line 84%." in text
    assert "7 requests are waiting for an answer now." in text
    assert len(re.findall(rf"[{BARS}]", text)) == 13
    assert re.search(r"\d+ of 13 weeks were above the danger line \(now 84%\)\.", text)
    assert re.search(r"In words, from 23 Mar to 15 Jun: \d+%(, \d+%){12}\.", text)
    assert actions.HOME_SETTINGS in json.dumps(view)


def test_settings_are_for_the_lead() -> None:
    """A responder sees the load, and no settings button."""
    assert actions.HOME_SETTINGS not in json.dumps(home_view([own(busy(), lead=False)], []))


@pytest.mark.parametrize("people", [1, 2])
def test_the_smallest_teams_show_no_load(people: int) -> None:
    """Of a team of one or two, only requests are shown: its utilization would be a person's."""
    for a in (busy(people=people), calm(people)):
        text = said(home_view([own(a)], [])).replace("Left out: utilization and slack.", "")
        assert "Mean wait by week" in text
        assert not re.search(r"Utilization|\d+%|capacity|danger line", text)


@pytest.mark.parametrize("people", [3, 4])
def test_a_closed_team_sees_its_own_load(people: int) -> None:
    """Of a team of three or four, utilization is shown to the team itself, and to nobody else."""
    assert "Utilization 91%" in said(home_view([own(busy(people=people))], []))
    assert "Utilization" not in said(home_view([], [QueueWait("C1", "Deal desk", busy(people=people), 7)]))


@pytest.mark.parametrize("a", EVERY)
def test_requesters_see_waits_alone(a: Assessment) -> None:
    """Whatever the team's state, others read how long it takes and how many wait, and no word on load."""
    text = said(home_view([], [QueueWait("C1DESK", "Deal desk", a, 7)]))
    assert "#C1DESK (Deal desk):" in text
    assert "7 waiting." in text
    assert not LOAD.search(text)


def test_a_usual_wait_rests_on_enough() -> None:
    """Below twenty requests no usual time is named."""
    assert "usually answered in 35 min–3.2 h" in said(home_view([], [QueueWait("C1", "Desk", calm(), 1)]))
    assert "too few requests so far" in said(home_view([], [QueueWait("C1", "Desk", unknown(), 1)]))


def test_ones_own_days_away_stand_on_the_page() -> None:
    """Whoever noted days away reads them there; nobody else has such a line."""
    assert "You are noted as away: Tue 3 Mar." in said(home_view([own(calm())], [], away=True, days_away="Tue 3 Mar"))
    assert "noted as away" not in said(home_view([own(calm())], [], away=True))


def test_the_bars_of_a_calm_team_do_not_look_full() -> None:
    """A full bar is all of the hours, however even the weeks are, and the page says so."""
    text = said(home_view([own(replace(busy(), weeks=tuple(week(n, 0.5) for n in range(4))))], []))
    drawn = re.search(rf"^([{BARS}]+) Utilization by week; a full bar is 100%", text, re.MULTILINE)
    assert drawn is not None
    assert set(drawn[1]) == {"▅"}


def test_more_than_fits_is_counted() -> None:
    """What does not fit is named in number, never dropped in silence."""
    view = home_view([own(calm())] * (MOST_TEAMS + 3), [QueueWait("C1", "Desk", calm(), 1)] * (MOST_QUEUES + 1))
    assert "And 3 more teams" in said(view)
    assert "And 1 more channel" in said(view)


def test_a_queue_that_is_not_heard_is_named() -> None:
    """The team reads which channel is lost, and how to bring it back."""
    text = said(home_view([replace(own(calm()), unheard=("C4AWAY",))], []))
    assert "Not heard at the moment: #C4AWAY." in text


@given(st.lists(st.one_of(st.none(), st.floats(0, 5), st.just(float("nan"))), min_size=2, max_size=30))
def test_bars_stand_for_their_weeks(values: list[float | None]) -> None:
    """One mark a week, no bar where nothing is known, and a higher bar is never a lower value."""
    weeks = tuple(
        replace(
            week(0, 0.5),
            start=week(0, 0.5).start + timedelta(weeks=n),
            utilization=UNTOLD if v is None else Estimate(v, v, v),
        )
        for n, v in enumerate(values)
    )
    text = said(home_view([own(replace(busy(), weeks=weeks))], []))
    shown = values[-13:]
    numbers = [v for v in shown if known(v)]
    drawn = re.search(rf"^([{BARS}{NO_BAR}]+) Utilization by week", text, re.MULTILINE)
    assert (drawn is not None) == (len(numbers) >= 2)
    if drawn:
        marks = drawn[1]
        assert len(marks) == len(shown)
        assert [m == NO_BAR for m in marks] == [not known(v) for v in shown]
        tall = [(v, BARS.index(m)) for v, m in zip(shown, marks, strict=True) if v is not None and m != NO_BAR]
        assert all(a[1] <= b[1] for a in tall for b in tall if a[0] <= b[0])


@pytest.mark.parametrize("number", [0, 1, 24, 25])
def test_requests_that_wait(number: int) -> None:
    """Each is a channel, how long, and a link; at most 24, the rest counted; none leaves no heading behind."""
    waiting = [OpenRequest("C1DESK", "https://x.slack.com/archives/C1DESK/p1", 7.5)] * number
    view = home_view([replace(own(calm()), waiting=number)], [], waiting=waiting)
    text = said(view)
    assert check_view(view) == []
    assert text.count("#C1DESK: waiting 7.5 h") == min(number, MOST_REQUESTS)
    assert ("Nobody has taken these yet, longest first" in text) == bool(number)
    assert ("And 1 more request" in text) == (number > MOST_REQUESTS)


def test_a_request_without_a_link_is_still_listed() -> None:
    """Where the address is not known, the channel and the time stand alone."""
    text = json.dumps(home_view([own(calm())], [], waiting=[OpenRequest("C1DESK", "", 0.1)]))
    assert "waiting 6 min" in text
    assert "open it" not in text


@pytest.mark.parametrize("people", [1, 2, 3, 4, 5])
def test_a_small_team_reads_what_is_left_out(people: int) -> None:
    """One or two: no utilization; three or four: it stays inside; five and more: nothing is left out."""
    text = said(home_view([own(busy(people=people))], []))
    assert ("Left out: utilization and slack." in text) == (people <= 2)
    assert ("Kept inside:" in text) == (people in (3, 4))
    assert "Waiting time: half within" in text
