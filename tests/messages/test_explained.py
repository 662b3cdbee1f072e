"""What explains a level, in two lines: shares, ranges, one queue named, and nothing of a small team's hours."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.health.results import UNTOLD, Assessment, Began, Cause, Causes, Effect, Estimate, Likely, Outlook
from bot.health.tiers import within
from bot.messages.alerts import alert
from bot.messages.explained import explained as lines
from bot.messages.explained import told_better
from bot.messages.load import load_view
from bot.messages.readable import readable
from tests.messages.examples import advised, busy, calm
from tests.messages.examples import explained as example


def cause(name: str, share: float, queue: int | None = None) -> Cause:
    """A cause with an ordinary range."""
    return Cause(name, Estimate(share, share - 0.1, share + 0.1), Estimate(share / 2, 0, share), queue)


def consisting(*of: Cause) -> Assessment:
    """The example, consisting of these."""
    return replace(example(), causes=Causes(of, Estimate(0.43, 0.31, 0.56), 7, 4))


def test_shares_and_dates() -> None:
    """Since when, how much, of what with ranges, in which queue; and when the wait doubles, how surely."""
    assert lines(example(), {7: "C7"}) == [
        "• Load is up 43% (31–56%) since the week of 13 Apr (80% range 6 Apr to 27 Apr): 71% of it more requests, "
        "mostly in <#C7> (55–87%) and 24% of it requests that take longer (10–38%).",
        "• At this pace the wait doubles about 19 Jun (64% sure that it has by 20 Jul).",
    ]


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ((cause("demand", 0.97), cause("service", 0.03)), ": nearly all of it more requests."),
        (
            (cause("demand", 1.3), cause("hours", -0.3)),
            ": all of it more requests. More hours on duty took some of it back.",
        ),
        (
            (cause("service", 0.7), cause("demand", 0.5), cause("hours", -0.2)),
            ": above all requests that take longer. More hours on duty took some of it back.",
        ),
        ((cause("mix", 0.95, 9),), ": nearly all of it more of the requests that take long."),
    ],
)
def test_what_it_consists_of(of: tuple[Cause, ...], said: str) -> None:
    """One cause needs no list of shares; what took load away is said; an unknown queue is not named."""
    assert lines(consisting(*of), {7: "C7"})[0].endswith(said)


def test_without_a_date() -> None:
    """Where no beginning is dated, the first weeks are what it is held against."""
    assert "against the first weeks:" in lines(replace(example(), began=UNTOLD))[0]


def test_a_doubling_that_is_near_or_unlikely() -> None:
    """A day within the next three is 'within days'; what is less likely than not is left unsaid."""
    near = Outlook(date(2026, 5, 30), 0.999, date(2026, 7, 20), Estimate(0.02, 0.01, 0.03))
    assert lines(replace(example(), outlook=near))[1] == (
        "• At this pace the wait doubles within days (over 95% sure that it has by 20 Jul)."
    )
    assert len(lines(replace(example(), outlook=replace(near, doubles=None, p=0.4)))) == 1


@pytest.mark.parametrize(
    ("already", "said"),
    [
        (0.9, "• The wait is already at least twice what it was before (90% sure)."),
        (0.999, "• The wait is already at least twice what it was before (over 95% sure)."),
        (0.6, "• The wait may have doubled already (60% sure), or does at this pace (97% sure that it has by 20 Jul)."),
    ],
)
def test_a_wait_that_has_doubled(already: float, said: str) -> None:
    """What has happened is not foretold; where that is not sure, both chances are told."""
    today = datetime.fromtimestamp(example().as_of, UTC).date()
    now = Outlook(today, 0.97 if already < 0.97 else 1.0, date(2026, 7, 20), Estimate(0.02, 0.0, 0.03), already)
    assert lines(replace(example(), outlook=now))[1] == said.replace("97%", "over 95%")


ROSTER = Likely("hours", 0.86, Estimate(0.7, 0.6, 0.8))


def test_before_shares_can_be_told() -> None:
    """The likeliest change stands alone, with how sure it is and since when."""
    found = replace(example(), causes=UNTOLD, likely=Likely("rework", 0.86))
    assert lines(found)[0] == (
        "• What most likely changed since the week of 13 Apr (80% range 6 Apr to 27 Apr): more that comes back "
        "(86% sure)."
    )


def test_a_roster_that_is_out_of_date() -> None:
    """Fewer people at work than it says: how many fewer, with the range, and a question; nobody is named."""
    found = replace(example(), causes=UNTOLD, began=UNTOLD, likely=ROSTER)
    assert lines(found)[0] == (
        "• What most likely changed: fewer people at work than the roster says (86% sure). Seen at work: 30% fewer "
        "people (20–40%) than it lists. Is the roster up to date? The lead can mend it with `/headroom roster`."
    )
    of = (cause("hours", 0.7), cause("demand", 0.3))
    shared = replace(found, causes=Causes(of, Estimate(0.43, 0.31, 0.56), 7, 4, ROSTER.present))
    assert "70% of it fewer people at work than the roster says (60–80%)" in lines(shared)[0]
    assert "active" in told_better(found)
    assert "active" in told_better(shared)
    other = replace(found, causes=Causes((cause("demand", 1.0),), Estimate(0.4, 0.3, 0.5), 7, 4, ROSTER.present))
    assert "roster" not in lines(other)[0]
    assert "active" not in told_better(other)


@pytest.mark.parametrize("people", [1, 2])
def test_small_teams_read_of_requests_only(people: int) -> None:
    """Since when requests grew; whatever else is known stays unsaid."""
    found = within(replace(example(people), likely=ROSTER))
    assert lines(found) == ["• Requests have grown since the week of 13 Apr (80% range 6 Apr to 27 Apr)."]
    assert lines(example(people)) == lines(found)


def test_the_alert_says_it_once_and_briefly() -> None:
    """Five lines at most between verdict and chart; the causes stand for the single figures; the effect is told."""
    effect = Effect("pause_intake", 0.1, 6.2, Estimate(3.9, 2.1, 9.0))
    said = readable(alert(advised(example(), effect), "Desk", team_id=3, alert_id=4, queues={7: "C7"})).splitlines()
    bullets = [line for line in said if line.startswith("• ")]
    assert len(bullets) == 5
    assert bullets[0].startswith("• Utilization")
    assert bullets[1].startswith("• Load is up 43%")
    assert not [line for line in bullets if "arrive a week" in line or "Hands-on" in line]
    (todo,) = [line for line in said if line.startswith("One thing to do")]
    assert todo.endswith("from about 6.2 h to about 3.9 h (80% range 2.1–9 h), in the long run.")


def test_an_alert_without_an_explanation_is_as_before() -> None:
    """Where nothing explains it, the numbers stand alone."""
    assert lines(busy()) == lines(calm()) == []
    assert readable(alert(busy(), "Desk", team_id=3, alert_id=4)).count("\n• ") == 5


def test_the_load_view_explains() -> None:
    """The same lines stand under Why."""
    said = readable(load_view(example(), "Desk", team_id=3, queues={7: "C7"}))
    assert "Why:\n• Load is up 43%" in said
    assert "arrive a week, up from" not in said


def test_a_channel_s_name_cannot_inject() -> None:
    """An odd channel id is escaped."""
    assert "<!channel>" not in lines(example(), {7: "C7> <!channel>"})[0]


def test_the_date_of_one_week_has_no_range() -> None:
    """Where the range is one week, it is not repeated."""
    one = Began(date(2026, 4, 13), date(2026, 4, 13), date(2026, 4, 13), 0.99)
    assert "since the week of 13 Apr: " in lines(replace(example(), began=one))[0]
